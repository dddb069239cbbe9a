"""A home with two lists, who works here and who has an account, that later looks collect again with other lines."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.collectors.files import load_headings, propose, read_sheet
from assay.home import Home, Surroundings, open_home
from assay.home.collect_source import collect_from
from assay.home.sources import Source, connect_source, sources
from assay.tables import load_tables
from tests.web.homes import serve_instead, served

if TYPE_CHECKING:
    from assay_web.queries.review_plan import Plan
    from assay_web.records.accounts import Account
    from assay_web.records.reviews import Review

PEOPLE = """email,kind,title,manager_email,started,ended
ada@northwind.example,employee,Lead,olga@northwind.example,2024-01-05,
ben@northwind.example,contractor,Engineer,ada@northwind.example,2024-03-05,
will@northwind.example,employee,Support,ada@northwind.example,2022-10-03,
"""
HEAD = "system,user,email,kind,role,admin,mfa,state,created,last_login\n"
ADA = "crm,ada,ada@northwind.example,person,sales,no,yes,active,2024-01-05T09:00:00Z,2026-11-20T09:00:00Z\n"
BEN = "crm,ben,ben@northwind.example,person,owner,yes,yes,active,2024-03-05T09:00:00Z,2026-11-20T09:00:00Z\n"
BEN_SALES = BEN.replace("owner,yes", "sales,no")
BEN_DISABLED = BEN.replace("active", "disabled")
ROBOT = "crm,calendar-sync,,service,api,no,no,active,2024-01-05T09:00:00Z,2026-11-20T09:00:00Z\n"
WILL = (
    "crm,will,will@northwind.example,person,sales,no,yes,active,2023-01-05T09:00:00Z,2024-01-02T09:00:00Z\n"
)
GONE = (
    "crm,lyle,lyle@northwind.example,person,sales,no,yes,disabled,2023-01-05T09:00:00Z,2024-01-02T09:00:00Z\n"
)
ACCOUNTS = (ADA, BEN, GONE, ROBOT, WILL)
"""Lines 1 to 4 of a review are ada, ben (privileged), calendar-sync (nobody's) and will (unused); lyle's account is disabled."""


@dataclass(frozen=True)
class At:
    """Where the lists lie that the sources read."""

    folder: Path

    def write(self, table: str, text: str) -> Path:
        file = self.folder / f"{table}.csv"
        file.write_text(text)
        return file


def collected(home: Home, folder: Path, table: str, text: str, hours: int = 0) -> int:
    """Collect a list that was exported so many hours ago; gives the collection's entry."""
    file = At(folder).write(table, text)
    spec = load_tables(home.content)[table]
    mapping = propose(spec, read_sheet(file.read_bytes()), load_headings(home.content)).mapping.to_json()
    at = (datetime.now(UTC) - timedelta(hours=hours, seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    exported = {"at": at, "by": "ada", "query": None, "rows": None, "system": "CRM"}
    settings = {"exported": exported, "mapping": mapping, "path": str(file)}
    source = Source(table.replace("_", "-"), "file", settings)
    connect_source(home, source, {}, "ada")
    collect_from(home, source, asked_by="ada")
    return home.ledger.size() - 1


def look(path: Path, *lines: str, hours: int = 0) -> int:
    """Let a later look see these accounts; gives its entry in the ledger. Nothing is settled yet."""
    home = open_home(path, Surroundings.real())
    try:
        return collected(home, path.parent, "account", HEAD + "".join(lines), hours)
    finally:
        home.close()


def look_without_seeing(path: Path) -> int:
    """Let a later look fail: the file is not there any more, so that the whole table is a gap."""
    home = open_home(path, Surroundings.real())
    try:
        found = next(one for one in sources(home) if one.id == "account")
        settings = {**found.settings, "path": str(path.parent / "not-there.csv")}
        source = Source("account", "file", settings)
        connect_source(home, source, {}, "ada")
        collect_from(home, source, asked_by="ada")
        return home.ledger.size() - 1
    finally:
        home.close()


@cache
def _kept() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="assay-reviews-"))
    with served(folder) as path:
        home = open_home(path, Surroundings.real())
        collected(home, folder, "hr_person", PEOPLE)
        collected(home, folder, "account", HEAD + "".join(ACCOUNTS))
        home.close()
    return path


def served_copy(folder: Path) -> Path:
    """Serve a copy of the home with the lists, in `folder`."""
    path = folder / "home"
    shutil.copytree(_kept(), path)
    serve_instead(path)
    return path


def plan(reviewer: Account, **given: Any) -> Plan:
    """Plan a review of the accounts by one reviewer."""
    from django.utils import timezone

    from assay_web.queries.review_plan import Choice, Plan

    name = given.pop("name", "Fourth quarter")
    second, instead = given.pop("second", None), given.pop("instead", "")
    choice = Choice("account", "account", reviewer, **given)
    return Plan(name, timezone.localdate() + timedelta(days=14), (choice,), second, instead)


def lines_of(review: Review, *numbers: int) -> dict[int, int]:
    """Give lines with the versions that stand now."""
    found = review.lines.filter(number__in=numbers) if numbers else review.lines.all()
    return dict(found.values_list("number", "version"))


def decide_all(review: Review, by: Account, remove: Iterable[int] = ()) -> None:
    """Decide every open line of one reviewer: these are removed, the rest kept."""
    from assay_web.services.review_lines import Verdict, decide

    gone = set(remove)
    mine = {one.number: one.version for one in review.lines.filter(reviewer=by.pk, decision="")}
    for decision, chosen in (
        ("remove", {number: version for number, version in mine.items() if number in gone}),
        ("keep", {number: version for number, version in mine.items() if number not in gone}),
    ):
        if chosen:
            decide(review, chosen, Verdict(decision, "Looked at with the team."), by=by)
    an_hour_ago(review)


def an_hour_ago(review: Review) -> None:
    """Let the decisions be an hour old, since the exports of these tests are whole seconds."""
    from django.db.models import F

    review.lines.exclude(decided=None).update(decided=F("decided") - timedelta(hours=1))
