"""Incidents as pages show them: their clocks, their course with who recorded what, what they lack, and that a period had none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from assay.audit.incidents import PARAMETERS, Clock, ClockState, Course, Told, clocks, lacks, span
from assay_web.queries.parameters import in_force
from assay_web.queries.registers import Deed
from assay_web.records.incidents import TIMES, Incident, IncidentSort, NilStatement

MOMENTS = {
    "occurred": "It began",
    "detected": "It was detected",
    "triaged": "It was recorded and judged",
    "begun": "Work on it began",
    "contained": "It was contained",
    "resolved": "It was resolved",
    "customer_affected": "It was known that customers are affected",
    "customers_told": "Customers were told",
    "authority_aware": "The duty to tell an authority was known",
    "authority_told": "The authority was told",
    "reviewed": "It was reviewed",
}
"""The instants that an incident records, in words."""
_CLOCK_WORDS = {
    ClockState.KEPT: "in time",
    ClockState.LATE: "late by",
    ClockState.RUNNING: "left:",
    ClockState.MISSED: "past by",
}


@dataclass(frozen=True, slots=True)
class ClockShown:
    """A time limit with how it stands now, in words."""

    clock: Clock
    state: ClockState
    words: str

    @property
    def bad(self) -> bool:
        return self.state in {ClockState.LATE, ClockState.MISSED}


@dataclass(frozen=True, slots=True)
class Moment:
    """Something of an incident's course: when it was, in words, who recorded it when, and the ledger entry."""

    at: datetime
    words: str
    who: str
    recorded: datetime | None
    entry: int | None


def limits() -> dict[str, int]:
    """Give the company's time limits."""
    values = in_force()
    return {name: int(values[name]) for name in PARAMETERS}


def course_of(one: Incident) -> Course:
    """Give an incident's course as the domain takes it."""
    return Course(
        one.severity,
        one.detected,
        **{name: getattr(one, name) for name in TIMES if name != "detected"},
        customer_notice=one.customer_notice,
        customer_affected=one.customer_affected,
        customers_told=one.customers_told,
        authority_notice=one.authority_notice,
        authority_aware=one.authority_aware,
        authority_told=one.authority_told,
        reviewed=one.reviewed,
        near_miss=one.sort == IncidentSort.NEAR_MISS,
    )


def told_of(one: Incident) -> Told:
    """Tell which texts of a record are there."""
    texts = (
        one.happened,
        one.systems,
        one.data_touched,
        one.customers,
        one.notice_why,
        one.cause,
        one.lessons,
    )
    return Told(*(bool(text.strip()) for text in texts))


def lacking(one: Incident) -> tuple[str, ...]:
    """Say what the record lacks before it can be closed."""
    return lacks(course_of(one), told_of(one))


def clocks_of(one: Incident, limited: dict[str, int]) -> list[ClockShown]:
    """Give an incident's time limits as they stand now; those of a closed one as they stood when it was closed."""
    return [_clock_shown(clock, one.ended or timezone.now()) for clock in clocks(course_of(one), limited)]


def _clock_shown(clock: Clock, now: datetime) -> ClockShown:
    state = clock.state(now)
    length = clock.due - clock.done if clock.done else clock.left(now)
    words = _CLOCK_WORDS[state]
    return ClockShown(clock, state, words if state is ClockState.KEPT else f"{words} {span(length)}")


def timeline(one: Incident, deeds: list[Deed]) -> list[Moment]:
    """Give an incident's course in the order of time, each instant with who recorded it. `deeds` are its history, the newest first."""
    found = []
    for name, words in MOMENTS.items():
        at = getattr(one, name)
        if at is None:
            continue
        deed = next((deed for deed in deeds if _records(deed, name)), None)
        recorded = (deed.who, deed.event.at, deed.event.entry) if deed else ("", None, None)
        found.append(Moment(at, words, *recorded))
    return sorted(found, key=lambda moment: moment.at)


def _records(deed: Deed, name: str) -> bool:
    return name in deed.event.changes or deed.event.deed in {"added", "imported"}


def count_of(first: date, last: date) -> int:
    """Count the incidents, near misses left out, that touch the days from `first` to `last`: detected in them, or begun in them."""
    zone = timezone.get_current_timezone()
    start = datetime.combine(first, time(), zone)
    stop = datetime.combine(last + timedelta(days=1), time(), zone)
    touched = Q(detected__gte=start, detected__lt=stop) | Q(occurred__gte=start, occurred__lt=stop)
    return Incident.objects.filter(touched, sort=IncidentSort.INCIDENT).count()


def nil_query(first: date, last: date) -> str:
    """Say what was asked of the log, so that anyone can ask it again."""
    zone = timezone.get_current_timezone_name()
    return f"Lines of the incident log, open and closed, of the sort incident, that began or were detected from {first} to {last}, both included, in {zone}."


@dataclass(frozen=True, slots=True)
class NilShown:
    """A statement that a period had no incident, with how many the log holds of it now."""

    statement: NilStatement
    now: int


def nil_statements() -> list[NilShown]:
    """Give the statements, the newest first, each asked again."""
    every = NilStatement.objects.select_related("changed_by").order_by("-last", "-pk")[:24]
    starts = list(Incident.objects.filter(sort=IncidentSort.INCIDENT).values_list("detected", "occurred"))
    return [NilShown(one, sum(_touches(one, *instants) for instants in starts)) for one in every]


def _touches(one: NilStatement, *instants: datetime | None) -> bool:
    days = [timezone.localdate(at) for at in instants if at is not None]
    return any(one.first <= day <= one.last for day in days)
