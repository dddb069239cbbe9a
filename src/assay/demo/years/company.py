"""Northwind Metrics as it stands on a day of the story: what its lists say and what its sources answer. Events change it; time moves what is in use.

`lists` holds by table the rows of each exported list by their key, all values text as in the file.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from assay.collectors import SeenRecord
from assay.demo.by_hand import LISTS
from assay.demo.company_files import file_of
from assay.demo.northwind import DAY_ONE, DOMAIN
from assay.demo.years.recording import Answers, moved, recorded
from assay.demo.years.storyline import HOUR
from assay.evidence.canonical import instant_text, parse_instant

Row = dict[str, str]
KEYS = {
    "account": ("system", "user"),
    "background_check": ("email",),
    "change": ("change",),
    "device": ("device",),
    "hr_person": ("email",),
    "incident": ("incident",),
    "ticket": ("ticket",),
    "training_record": ("email", "course"),
    "vulnerability": ("vulnerability",),
}
MONDAY = 0
TO_COME = "?"
"""A cell that begins so holds an instant that is still to come; the file has it blank."""
IN_USE = timedelta(days=21)
"""What was used within this time before the story goes on being used."""
DAILY = {
    "aws_backup_protected_resource": (("list_protected_resources", "LastBackupTime"),),
    "aws_cloudtrail": (("get_trail_status", "LatestCloudWatchLogsDeliveryTime"),),
}
WEEKLY = {
    "aws_iam_access_key": (("get_access_key_last_used", "AccessKeyLastUsed", "LastUsedDate"),),
    "aws_iam_credential_report": (
        ("get_credential_report", "access_key_1_last_used_date"),
        ("get_credential_report", "password_last_used"),
    ),
    "aws_rds_cluster_snapshot": (("describe_db_cluster_snapshots", "SnapshotCreateTime"),),
    "aws_rds_snapshot": (("describe_db_snapshots", "SnapshotCreateTime"),),
    "aws_secret": (("list_secrets", "LastAccessedDate"),),
}
"""Instants of what is in use, by table and place in the record: they move on with every day, or every Monday."""


@dataclass
class Company:
    """The company on one day.

    `refused`: what the role on AWS may not do now; `unasked`: sources that are not collected now; `staging`: whether the second account is
    there; `courses`: the name under which a course was given last; `set_aside`: what was there before, to be put back.
    """

    first: date
    answers: Answers
    lists: dict[str, dict[str, Row]]
    refused: set[str] = field(default_factory=set)
    unasked: set[str] = field(default_factory=set)
    staging: bool = False
    courses: dict[str, str] = field(default_factory=dict)
    set_aside: dict[str, dict[str, Any]] = field(default_factory=dict)

    def at(self, day: int, hour: int = HOUR - 3, minute: int = 0) -> datetime:
        """Give the instant of an hour, UTC, of a day of the story."""
        return datetime.combine(self.first + timedelta(days=day), time(hour, minute), UTC)

    def text(self, day: int, hour: int = HOUR - 3, minute: int = 0) -> str:
        """Give the same instant as text."""
        return instant_text(self.at(day, hour, minute))

    def row(self, table: str, **values: str) -> None:
        """Add a row to a list, or change one; what is not named is left, or blank."""
        key = "/".join(values[name] for name in KEYS[table])
        self.lists[table].setdefault(key, dict.fromkeys(self._heads[table], "")).update(values)

    @property
    def _heads(self) -> dict[str, list[str]]:
        return {table: list(next(iter(rows.values()))) for table, rows in self.lists.items()}

    def csv(self, table: str) -> bytes:
        """Give a list as the file that its system exports."""
        text = io.StringIO()
        writer = csv.DictWriter(text, self._heads[table], lineterminator="\n")
        writer.writeheader()
        for row in self.lists[table].values():
            writer.writerow({name: "" if value.startswith(TO_COME) else value for name, value in row.items()})
        return text.getvalue().encode()

    def aws(self, table: str) -> dict[str, SeenRecord]:
        return self.answers.at("aws", table)

    def code_host(self, table: str) -> dict[str, SeenRecord]:
        return self.answers.at("github", table)


def company_on_first_day(first: date) -> Company:
    """Give the company at the beginning of a story whose day 0 is `first`."""
    lists = {}
    for table, _ in LISTS.values():
        rows = csv.DictReader(_moved_list(file_of(table).decode(), first - DAY_ONE.date()).splitlines())
        lists[table] = {"/".join(row[name] for name in KEYS[table]): row for row in rows}
    return Company(first, recorded(first), lists)


def _moved_list(text: str, by: timedelta) -> str:
    """Move every date of a list, days without a time among them."""
    cells = [[_moved_cell(cell, by) for cell in row] for row in csv.reader(text.splitlines())]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(cells)
    return out.getvalue()


def _moved_cell(cell: str, by: timedelta) -> str:
    if len(cell) != len("2026-11-16"):
        return moved(cell, by)
    try:
        return str(date.fromisoformat(cell) + by)
    except ValueError:
        return cell


def let_a_day_pass(company: Company, day: int) -> None:
    """Move on what is in use: backups and log delivery daily; sign-ins, keys, devices and snapshots on Mondays. Nobody uses a leaver's account."""
    _move(company, DAILY, timedelta(days=1), company.at(day))
    if company.at(day).weekday() == MONDAY:
        _move(company, WEEKLY, timedelta(days=7), company.at(day))
        _move_list(company, "account", "last_login", "active", company.at(day))
        _move_list(company, "device", "last_report", "in_use", company.at(day))


def _move(company: Company, what: dict[str, Any], by: timedelta, now: datetime) -> None:
    for table, paths in what.items():
        for record in company.aws(table).values():
            for *outer, last in paths:
                part: Any = record.record
                for name in outer:
                    part = part.get(name) or {}
                value = part.get(last)
                if value and now - parse_instant(_utc(value)) < IN_USE:
                    part[last] = instant_text(parse_instant(_utc(value)) + by)


def _utc(value: str) -> str:
    return value.replace("+00:00", "Z")


def _move_list(company: Company, table: str, column: str, state: str, now: datetime) -> None:
    left = {row["email"] for row in company.lists["hr_person"].values() if row["state"] == "left"}
    for row in company.lists[table].values():
        value = row[column]
        if (
            value
            and row["state"] == state
            and row.get("email") not in left
            and now - parse_instant(value) < IN_USE
        ):
            row[column] = instant_text(parse_instant(value) + timedelta(days=7))


def email(login: str) -> str:
    return f"{login}@{DOMAIN}"
