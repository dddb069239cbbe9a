"""What an access review would be made of: systems to choose from, and the lines with their reviewers as they would be frozen."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from assay.audit.grants import is_dormant
from assay.catalogue import load_catalogue
from assay.evidence.canonical import decode, encode
from assay.evidence.gaps import Gap
from assay.evidence.ledger import Kind
from assay.home import Home
from assay.home.derived import derived
from assay.home.judging import parameters_at
from assay.home.personal import personal
from assay.home.sources import sources
from assay.wording import counted
from assay_web.access import PERMISSIONS, May
from assay_web.home import current_home
from assay_web.memory import remembered
from assay_web.queries.review_population import Access, Reading, TableSeen, last_collection, people_of
from assay_web.records.accounts import Account, Role, State
from assay_web.records.people import AccountMatch, MatchKind

_NEXT = (Role.OWNER, Role.LEAD, Role.ADVISER, Role.ENGINEER, Role.READER, Role.WORKER)
"""Who is asked first where the chosen reviewer cannot review a line."""
PARAMETERS = ("access_review_days", "access_review_removal_days", "dormant_days")
_REASONS = {
    "denied": "the source refused the call",
    "throttled": "the source asked to slow down",
    "timeout": "there was no answer in time",
    "malformed": "the answer could not be read",
    "interrupted": "the collection was cut off",
    "unavailable": "the source does not offer it",
    "not_enabled": "the opt-in was not given",
    "not_covered": "it is not asked for any more",
    "not_connected": "it is not connected",
    "erased": "it was erased",
    "failed": "the call failed",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A system in a review: who reviews it, whether the manager of the person does instead, and who makes the changes."""

    source: str
    table: str
    reviewer: Account
    by_manager: bool = False
    remover: Account | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What the lead chose. `second` reviews what would be a reviewer's own; `instead` is the compensating control where nobody else can."""

    name: str
    due: date
    systems: tuple[Choice, ...]
    second: Account | None = None
    instead: str = ""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line as it would be frozen. `email` is the worker whom the account was matched with, or the account's own address."""

    system: int
    access: Access
    email: str
    kind: str
    unmatched: bool
    dormant: bool
    holder: Account | None
    reviewer: Account
    alone: bool


@dataclass(frozen=True, slots=True)
class Drafted:
    """A review as it would be frozen at one size of the ledger. `unseen` says what is not reviewed, because it was not seen."""

    at: datetime
    systems: tuple[tuple[Choice, TableSeen, str], ...]
    lines: tuple[DraftLine, ...]
    unseen: tuple[str, ...]
    parameters: Mapping[str, Any]

    @property
    def alone(self) -> int:
        return sum(one.alone for one in self.lines)

    def by_reviewer(self) -> list[tuple[Account, int]]:
        """Give how many lines each would get, the most first."""
        counts = Counter(one.reviewer.pk for one in self.lines)
        who = {one.reviewer.pk: one.reviewer for one in self.lines}
        return [(who[pk], number) for pk, number in counts.most_common()]


@dataclass(frozen=True, slots=True)
class Offered:
    """A system that can be chosen: how much of it would be reviewed, when it was last seen completely, and what was not seen. It names nobody."""

    source: str
    table: str
    title: str
    says: str
    lines: int
    privileged: int
    unmatched: int
    ended: int
    complete: str
    unseen: tuple[str, ...]

    @property
    def name(self) -> str:
        """Give what forms say for it."""
        return f"{self.source}:{self.table}"


def reviewers() -> QuerySet[Account]:
    """Give everyone who can be given lines to review now."""
    return _allowed(May.REVIEW_LINES)


def removers() -> QuerySet[Account]:
    """Give everyone who can be asked to make the changes."""
    return _allowed(May.DO_TASKS)


def _allowed(permission: May) -> QuerySet[Account]:
    roles = [role for role in Role if permission in PERMISSIONS[role]]
    current = Q(ends__isnull=True) | Q(ends__gt=timezone.now())
    return Account.objects.filter(current, role__in=roles, state=State.ACTIVE).order_by("name", "pk")


def offered() -> tuple[Offered, ...]:
    """Give every system that can be chosen, from the newest collections: made once for as long as nothing is collected, matched or erased."""
    home = current_home()
    erased = home.ledger.last(Kind.ERASURE)
    said = AccountMatch.objects.aggregate(number=Count("pk"), newest=Max("made"))
    connected = ",".join(one.id for one in sources(home))
    stamp = f"{last_collection()} {erased and erased.ordinal} {said['number']} {said['newest']} {connected}"
    return _offered_at(str(home.path), stamp)


@remembered(2)
def _offered_at(path: str, stamp: str) -> tuple[Offered, ...]:
    """Give the systems out of the cache, where they were made for the same stamp: only numbers are kept, and nobody's name."""
    home = current_home()
    name = f"{hashlib.sha256(f'{stamp} {home.content.archive_digest}'.encode()).hexdigest()[:32]}.json"
    kept = decode(derived(home, "reviews", name, lambda: encode([asdict(one) for one in _made(home)])))
    return tuple(Offered(**{**one, "unseen": tuple(one["unseen"])}) for one in kept)


def _made(home: Home) -> list[Offered]:
    with personal(home) as people:
        reading = Reading.of(home, people)
        matching = _Matching(reading)
        return [_offered(reading, matching, source.id, table) for source, table in reading.offered()]


def drafted(plan: Plan) -> Drafted:
    """Give the review that a plan would freeze now."""
    home = current_home()
    with personal(home) as people:
        return draft_with(Reading.of(home, people), plan)


def draft_with(reading: Reading, plan: Plan) -> Drafted:
    """1. The systems as last seen. 2. Their lines, whose they are, and who reviews each. 3. What is not reviewed."""
    now = reading.home.now()
    parameters = parameters_at(reading.home, load_catalogue(reading.home.content), now)
    there = [(choice, reading.table(choice.source, choice.table)) for choice in plan.systems]  # 1
    matching = _Matching(reading)
    giving = _Giving.of(plan, matching)
    lines = [
        _line(number, choice, access, matching, giving, int(parameters["dormant_days"]), now)
        for number, (choice, seen) in enumerate(there, start=1)
        for access in sorted(seen.access, key=_order)
    ]  # 2
    systems = tuple((choice, seen, title_of(reading, seen.source, seen.table)) for choice, seen in there)
    unseen = [f"{title}: {one}" for _, seen, title in systems for one in unseen_of(seen)]  # 3
    return Drafted(now, systems, tuple(lines), tuple(unseen), {name: parameters[name] for name in PARAMETERS})


def title_of(reading: Reading, source: str, table: str) -> str:
    """Say a system in words: what its table holds, and the source."""
    return f"{reading.grants[table].title}, {source}"


def unseen_of(seen: TableSeen) -> tuple[str, ...]:
    """Say what of a table is not reviewed because it was not seen."""
    said = [_gap_words(one) for one in seen.gaps]
    if not seen.cites and not said:
        said.append("it was never collected.")
    if seen.erased:
        said.append(f"{counted(seen.erased, 'record')} erased, of which only the number is known.")
    if seen.unsure:
        said.append(
            f"of {counted(seen.unsure, 'record')} it was not seen whether the account can be used; they are reviewed as if it could."
        )
    return tuple(said)


def _gap_words(gap: Gap) -> str:
    where = " ".join(one for one in (gap.account, gap.region) if one)
    what = f"what belongs to {gap.parent}" if gap.parent and not gap.key else "everything of this kind"
    if gap.key:
        what = "one record"
    if gap.columns:
        what = f"{', '.join(sorted(gap.columns)).replace('_', ' ')} of {what}"
    return f"{what}{f' in {where}' if where else ''} was not seen: {_REASONS[str(gap.reason)]}."


def _order(one: Access) -> tuple[str, str, str, str, str]:
    return (one.grant.system, one.grant.account.casefold(), one.grant.right, one.record.key, one.grant.value)


def _offered(reading: Reading, matching: _Matching, source: str, table: str) -> Offered:
    seen = reading.table(source, table)
    whose = [matching.whose(one) for one in seen.access]
    return Offered(
        source=source,
        table=table,
        title=title_of(reading, source, table),
        says=reading.grants[table].says,
        lines=len(seen.access),
        privileged=sum(one.grant.privileged is not False for one in seen.access),
        unmatched=sum(unmatched for _, _, unmatched in whose),
        ended=seen.ended,
        complete=str(seen.complete["held"]) if seen.complete else "",
        unseen=unseen_of(seen),
    )


class _Matching:
    """Whose an account is: what a person said of it goes first, then the address and log-ins in the lists of workers."""

    def __init__(self, reading: Reading) -> None:
        people = people_of(reading)
        self._grants = reading.grants
        self._said = {(one.system, one.name): one for one in AccountMatch.objects.all()}
        self._workers = {str(one["email"]).lower(): one for one in people if one.get("email")}
        self._logins = {
            name: {str(one[name]).lower(): str(one["email"]).lower() for one in people if one.get(name)}
            for name in ("github_login", "aws_user_name")
        }

    def whose(self, one: Access) -> tuple[str, str, bool]:
        """Give the worker's address, or the account's own; what a person said that the account is; and whether it is nobody's."""
        said = self._said.get((one.grant.system, one.grant.account))
        if said is not None:
            kind = "" if said.kind == MatchKind.PERSON else said.get_kind_display()
            return said.email.lower(), kind, False
        if one.email in self._workers:
            return one.email, "", False
        login = one.grant.account.lower()
        for column, _ in self._grants[one.record.place.table].person:
            if found := self._logins.get(column, {}).get(login):
                return found, "", False
        return one.email, "", not one.grant.of_nobody

    def manager(self, email: str) -> str:
        """Give the address of a worker's manager; nothing where there is none."""
        return str(self._workers.get(email, {}).get("manager_email") or "").lower()


@dataclass(frozen=True, slots=True)
class _Giving:
    """Who gets which line. Nobody reviews their own where anyone else can."""

    accounts: Mapping[str, Account]
    holders: Mapping[str, Account]
    second: Account | None
    others: tuple[Account, ...]
    matching: _Matching

    @classmethod
    def of(cls, plan: Plan, matching: _Matching) -> _Giving:
        everyone = tuple(sorted(reviewers(), key=lambda one: _NEXT.index(one.role)))
        holders = {one.email.lower(): one for one in Account.objects.all()}
        return cls({one.email.lower(): one for one in everyone}, holders, plan.second, everyone, matching)

    def reviewer(self, choice: Choice, email: str, holder: Account | None) -> tuple[Account, bool]:
        """Give who reviews a line, and whether that is the one whose access it is, for want of anyone else.

        1. The manager, where that was asked for and can. 2. The system's reviewer. 3. The second, or whoever else can.
        """
        manager = self.accounts.get(self.matching.manager(email)) if choice.by_manager else None
        wanted: Iterable[Account | None] = (manager, choice.reviewer, self.second, *self.others)
        for one in wanted:
            if one is not None and (holder is None or one.pk != holder.pk):
                return one, False
        return choice.reviewer, True


def _line(
    number: int,
    choice: Choice,
    access: Access,
    matching: _Matching,
    giving: _Giving,
    days: int,
    now: datetime,
) -> DraftLine:
    email, kind, unmatched = matching.whose(access)
    holder = giving.holders.get(email)
    reviewer, alone = giving.reviewer(choice, email, holder)
    return DraftLine(
        number,
        access,
        email,
        kind or access.grant.kind,
        unmatched,
        is_dormant(access.grant, days, now),
        holder,
        reviewer,
        alone,
    )
