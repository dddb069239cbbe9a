"""Workers as the evidence shows them, with the accounts that are theirs in every system, and the accounts that nobody could be matched to.

What an account is comes from the address and the log-ins in the list of workers, unless a person said otherwise (`AccountMatch`): that goes first.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from assay.conclusions import Basis, CollectionEntry, ObservedTable, observed
from assay.evidence.canonical import parse_instant
from assay.evidence.ledger import Kind
from assay.home.judging import HomeBook
from assay.home.personal import lookup_key, personal
from assay.tables import load_tables
from assay.verification.items import rows_of
from assay_web.home import current_home
from assay_web.memory import remembered
from assay_web.queries.standing import Standing, standing
from assay_web.records.people import AccountMatch, MatchKind

Row = dict[str, Any]
TABLES = ("hr_person", "account", "github_org_member", "aws_iam_principal", "device", "training_record")
ACCOUNTS = ("account", "github_org_member", "aws_iam_principal")
"""The tables that list accounts."""


@dataclass(frozen=True, slots=True)
class Held:
    """An account: its system, its name there, whose e-mail address it has, whether it can be used and whether it has a second factor; None where that was not seen.

    `kind` is what a person said that it is, nothing where nobody did; `reason` and `said` (the match's number) go with it.
    """

    system: str
    name: str
    email: str
    active: bool | None
    second_factor: bool | None = None
    kind: str = ""
    reason: str = ""
    said: int | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """How a table was looked at: since when its oldest list holds (None where it was never seen), and whether something of it was not seen."""

    at: datetime | None = None
    gaps: bool = False


@dataclass(frozen=True, slots=True)
class Trained:
    """A course that a source says somebody was given; `finished` is None while it is not."""

    email: str
    course: str
    topic: str
    finished: datetime | None


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
    department: str = ""
    state: str = ""
    ref: str = ""
    machines: tuple[Row, ...] = ()
    trained: tuple[Trained, ...] = ()

    @property
    def has_left(self) -> bool:
        """Whether the work is over by now."""
        return self.state == "left" or (self.ended is not None and self.ended <= timezone.now())

    @property
    def left_over(self) -> tuple[Held, ...]:
        """Accounts that can still be used although the work is over."""
        return tuple(one for one in self.accounts if one.active) if self.has_left else ()


@dataclass(frozen=True, slots=True)
class Register:
    """All workers, the accounts that are no worker's, those that a person said are a service's or shared, and how the lists were looked at."""

    workers: tuple[Worker, ...] = ()
    unmatched: tuple[Held, ...] = ()
    nobodys: tuple[Held, ...] = ()
    looked: Mapping[str, Looked] = field(default_factory=dict)

    def by_ref(self, ref: str) -> Worker | None:
        """Give the worker of an address's part."""
        return next((one for one in self.workers if one.ref == ref), None)

    def by_email(self, email: str) -> Worker | None:
        """Give the worker of an e-mail address."""
        return next((one for one in self.workers if one.email == email.lower()), None)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the lists hold, before anybody said whose an account is."""

    people: tuple[Row, ...]
    held: tuple[Held, ...]
    devices: Mapping[str, tuple[Row, ...]]
    training: Mapping[str, tuple[Trained, ...]]
    looked: Mapping[str, Looked]


def register(found: Standing) -> Register:
    """Give who works here, as of the newest conclusions: 1. what the lists hold, 2. what people said of accounts, 3. what is left over."""
    seen = _seen(str(current_home().path), found.entry)  # 1
    said = {(one.system, one.name): one for one in AccountMatch.objects.all()}
    held = [_as_said(one, said.get((one.system, one.name))) for one in seen.held]  # 2
    key = lookup_key(current_home())
    theirs: dict[str, list[Held]] = defaultdict(list)
    for one in held:
        if one.kind in {"", MatchKind.PERSON}:
            theirs[one.email].append(one)
    workers = [_worker(one, theirs, seen, key) for one in seen.people]
    emails = {one.email for one in workers}
    free = [one for one in held if one.kind in {"", MatchKind.PERSON} and one.email not in emails]  # 3
    nobodys = [one for one in held if one.kind in {MatchKind.SERVICE, MatchKind.SHARED}]
    return Register(
        tuple(sorted(workers, key=lambda one: (one.has_left, one.email))),
        tuple(sorted(free, key=_by_name)),
        tuple(sorted(nobodys, key=_by_name)),
        seen.looked,
    )


def register_now() -> Register:
    """Give the register of the newest conclusions; an empty one before the first."""
    found = standing()
    return Register((), (), (), {}) if found is None else register(found)


def rows_at(entry: int) -> tuple[Row, ...]:
    """Give the list of workers as the conclusions of a ledger entry saw it."""
    return _people_at(str(current_home().path), entry)


def ref_of(email: str) -> str:
    """Give what addresses name a worker by, so that none holds an e-mail address. It stays as long as the home."""
    return _ref(email, lookup_key(current_home()))


def _ref(email: str, key: bytes) -> str:
    return hmac.digest(key, b"worker " + email.lower().encode(), hashlib.sha256).hex()[:16]


def _by_name(one: Held) -> tuple[str, str]:
    return one.system, one.name


def _as_said(one: Held, match: AccountMatch | None) -> Held:
    if match is None:
        return one
    return Held(
        one.system, one.name, match.email, one.active, one.second_factor, match.kind, match.reason, match.pk
    )


@remembered(4)
def _seen(path: str, entry: int) -> _Seen:
    """1. The rows of each list; of two that name one person, the first. 2. Accounts by whom they name. 3. How each list was looked at."""
    tables = _rows(entry, *TABLES)  # 1
    people: dict[str, Row] = {}
    for one in tables["hr_person"]:
        people.setdefault(one["email"], one)
    logins = {one["github_login"]: one["email"] for one in people.values() if one["github_login"]}
    users = {one["aws_user_name"]: one["email"] for one in people.values() if one["aws_user_name"]}
    held = (
        *_listed(tables["account"]),
        *_github(tables["github_org_member"], logins),
        *_aws(tables["aws_iam_principal"], users),
    )  # 2
    return _Seen(
        tuple(people.values()),
        held,
        _by_email(tables["device"], "owner_email"),
        {
            email: tuple(
                Trained(email, one["course"] or "", one["topic"] or "", _instant(one["completed"]))
                for one in rows
            )
            for email, rows in _by_email(tables["training_record"], "email").items()
        },
        _looked(entry),  # 3
    )


@remembered(64)
def _people_at(path: str, entry: int) -> tuple[Row, ...]:
    return tuple(_rows(entry, "hr_person")["hr_person"])


def _by_email(rows: Iterable[Row], column: str) -> dict[str, tuple[Row, ...]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for one in rows:
        if one[column]:
            found[one[column]].append(one)
    return {email: tuple(rows) for email, rows in found.items()}


def _rows(entry: int, *names: str) -> dict[str, list[Row]]:
    home = current_home()
    specs = load_tables(home.content)
    with personal(home) as people:
        book = HomeBook(home, people.sealer)
        body = book.body(book.entry(entry))
        return {name: rows_of(book, body, specs[name]) if name in specs else [] for name in names}


def _looked(entry: int) -> dict[str, Looked]:
    home = current_home()
    basis = Basis.from_json(home.ledger.body(home.ledger.entry(entry)))
    entries = (
        CollectionEntry(one.ordinal, home.ledger.body(one))
        for one in home.ledger.entries(kind=Kind.COLLECTION)
    )
    seen = observed(entries, basis.collections)
    return {name: _look(seen.get(name)) for name in TABLES}


def _look(table: ObservedTable | None) -> Looked:
    if table is None or not table.populations:
        return Looked(gaps=table is not None)
    whole = [gap for gap in table.gaps if gap.columns is None]
    return Looked(min(_held_at(one.statement["made"]) for one in table.populations), bool(whole))


def _held_at(made: Mapping[str, Any]) -> datetime:
    """Give since when a list holds: a file from its export, an answer from when it was asked for."""
    exported = (made.get("file") or {}).get("exported") or {}
    return parse_instant(exported.get("at") or made["started"])


def _listed(rows: Iterable[Row]) -> list[Held]:
    return [
        Held(
            str(one["system"]),
            str(one["user"] or one["email"]),
            one["email"] or "",
            one["state"] and one["state"] != "disabled",
            one["mfa"],
        )
        for one in rows
        if one["user"] or one["email"]
    ]


def _github(rows: Iterable[Row], logins: dict[str, str]) -> list[Held]:
    return [
        Held(
            "GitHub",
            one["login"],
            logins.get(str(one["login"]).lower(), ""),
            True,
            None if one["two_factor_disabled"] is None else not one["two_factor_disabled"],
        )
        for one in rows
        if one["login"]
    ]


def _aws(rows: Iterable[Row], users: dict[str, str]) -> list[Held]:
    return [
        Held("AWS", str(one["name"]), users.get(one["name"], ""), True)
        for one in rows
        if one["kind"] == "user"
    ]


def _worker(one: Row, theirs: Mapping[str, list[Held]], seen: _Seen, key: bytes) -> Worker:
    email = one["email"] or ""
    machines = tuple(row for row in seen.devices.get(email, ()) if row["state"] == "in_use")
    trained = seen.training.get(email, ())
    return Worker(
        email=email,
        kind=one["kind"] or "",
        title=one["title"] or "",
        manager=one["manager_email"] or "",
        started=_instant(one["started"]),
        ended=_instant(one["ended"] or one["contract_end"]),
        accounts=tuple(sorted(theirs.get(email, ()), key=_by_name)) if email else (),
        devices=len(machines),
        training_open=sum(record.finished is None for record in trained),
        department=one["department"] or "",
        state=one["state"] or "",
        ref=_ref(email, key),
        machines=machines,
        trained=trained,
    )


def _instant(value: datetime | None) -> datetime | None:
    """Rows hold instants in UTC, without saying so."""
    return None if value is None else timezone.make_aware(value, timezone.get_fixed_timezone(0))
