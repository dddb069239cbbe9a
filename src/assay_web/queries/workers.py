"""Workers as the evidence shows them, with the accounts that are theirs in every system, and the accounts that nobody could be matched to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone

from assay.home.judging import HomeBook
from assay.home.personal import personal
from assay.tables import load_tables
from assay.verification.items import rows_of
from assay_web.home import current_home
from assay_web.queries.standing import Standing

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """An account: its system, its name there, whose e-mail address it has, and whether it can be used; None where that was not seen."""

    system: str
    name: str
    email: str
    active: bool | None


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker, with the days of the work, and what is theirs."""

    email: str
    kind: str
    title: str
    manager: str
    started: datetime | None
    ended: datetime | None
    accounts: tuple[Held, ...]
    devices: int
    training_open: int

    @property
    def has_left(self) -> bool:
        """Whether the work is over by now."""
        return self.ended is not None and self.ended <= timezone.now()

    @property
    def left_over(self) -> tuple[Held, ...]:
        """Accounts that can still be used although the work is over."""
        return tuple(one for one in self.accounts if one.active) if self.has_left else ()


@dataclass(frozen=True, slots=True)
class Register:
    """All workers, and the accounts that are no worker's."""

    workers: tuple[Worker, ...]
    unmatched: tuple[Held, ...]


def register(found: Standing) -> Register:
    """Give who works here, as of the newest conclusions."""
    return _register(str(current_home().path), found.entry)


@lru_cache(maxsize=4)
def _register(path: str, entry: int) -> Register:
    """1. The rows of each list. 2. Accounts by whom they name. 3. What no worker has is left over."""
    tables = _rows(
        entry, "hr_person", "account", "github_org_member", "aws_iam_principal", "device", "training_record"
    )  # 1
    people = tables["hr_person"]
    emails = {one["email"] for one in people}
    logins = {one["github_login"]: one["email"] for one in people if one["github_login"]}
    users = {one["aws_user_name"]: one["email"] for one in people if one["aws_user_name"]}
    held = [
        *_listed(tables["account"]),
        *_github(tables["github_org_member"], logins),
        *_aws(tables["aws_iam_principal"], users),
    ]  # 2
    workers = [_worker(one, held, tables["device"], tables["training_record"]) for one in people]
    unmatched = [one for one in held if one.email not in emails]  # 3
    return Register(
        tuple(sorted(workers, key=lambda one: (one.has_left, one.email))),
        tuple(sorted(unmatched, key=lambda one: (one.system, one.name))),
    )


def _rows(entry: int, *names: str) -> dict[str, list[Row]]:
    home = current_home()
    specs = load_tables(home.content)
    with personal(home) as people:
        book = HomeBook(home, people.sealer)
        body = book.body(book.entry(entry))
        return {name: rows_of(book, body, specs[name]) if name in specs else [] for name in names}


def _listed(rows: Iterable[Row]) -> list[Held]:
    return [
        Held(
            str(one["system"]),
            str(one["user"] or one["email"]),
            one["email"] or "",
            one["state"] and one["state"] != "disabled",
        )
        for one in rows
        if one["user"] or one["email"]
    ]


def _github(rows: Iterable[Row], logins: dict[str, str]) -> list[Held]:
    return [
        Held("GitHub", one["login"], logins.get(str(one["login"]).lower(), ""), True)
        for one in rows
        if one["login"]
    ]


def _aws(rows: Iterable[Row], users: dict[str, str]) -> list[Held]:
    return [
        Held("AWS", str(one["name"]), users.get(one["name"], ""), True)
        for one in rows
        if one["kind"] == "user"
    ]


def _worker(one: Row, held: Iterable[Held], devices: Iterable[Row], training: Iterable[Row]) -> Worker:
    email = one["email"] or ""
    return Worker(
        email=email,
        kind=one["kind"] or "",
        title=one["title"] or "",
        manager=one["manager_email"] or "",
        started=_instant(one["started"]),
        ended=_instant(one["ended"]),
        accounts=tuple(
            sorted(
                (account for account in held if email and account.email == email),
                key=lambda account: (account.system, account.name),
            )
        ),
        devices=sum(device["owner_email"] == email and device["state"] == "in_use" for device in devices),
        training_open=sum(record["email"] == email and record["completed"] is None for record in training),
    )


def _instant(value: datetime | None) -> datetime | None:
    """Rows hold instants in UTC, without saying so."""
    return None if value is None else timezone.make_aware(value, timezone.get_fixed_timezone(0))


def forget_workers() -> None:
    """Forget what was read: when someone was erased."""
    _register.cache_clear()
