"""An incident's clocks and what its record still lacks. Pure: instants and the company's parameters in, sentences out.

Time limits run on instants, so a change of clocks neither lengthens nor shortens them. Each limit is a parameter; what starts it is that parameter's
own sentence: triage and the first hour from detection, work from triage, notices from the first record that somebody is affected, review from resolution.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class ClockState(StrEnum):
    """How a time limit stands."""

    KEPT = "kept"
    LATE = "late"
    RUNNING = "running"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit that has begun: what is due, the parameter that says how long, the instants of its start and end, and when it was done (None: not yet)."""

    what: str
    parameter: str
    start: datetime
    due: datetime
    done: datetime | None

    def state(self, now: datetime) -> ClockState:
        """Say how it stands at `now`: done in time, done late, running, or past without being done."""
        if self.done is not None:
            return ClockState.KEPT if self.done <= self.due else ClockState.LATE
        return ClockState.RUNNING if now <= self.due else ClockState.MISSED

    def left(self, now: datetime) -> timedelta:
        """Give how long is left; less than nothing after the limit."""
        return self.due - now


@dataclass(frozen=True, slots=True)
class Course:
    """The course of an incident: severity 1 to 4 (None: not judged), instants in UTC, and what is to be told to whom."""

    severity: int | None
    detected: datetime
    occurred: datetime | None = None
    triaged: datetime | None = None
    begun: datetime | None = None
    contained: datetime | None = None
    resolved: datetime | None = None
    customer_notice: str = ""
    customer_affected: datetime | None = None
    customers_told: datetime | None = None
    authority_notice: str = ""
    authority_aware: datetime | None = None
    authority_told: datetime | None = None
    reviewed: datetime | None = None
    near_miss: bool = False


_UNITS = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1), "days": timedelta(days=1)}
_RESPONSE = {
    1: "sev1_response_minutes",
    2: "sev2_response_minutes",
    3: "sev3_response_hours",
    4: "sev4_response_days",
}
REVIEWED = frozenset({1, 2})
"""The severities that are reviewed, as `incident_review_days` says."""
PARAMETERS = (
    "authority_notice_hours",
    "customer_notice_hours",
    "incident_review_days",
    "incident_triage_minutes",
    "sev1_containment_minutes",
    *_RESPONSE.values(),
)


def clocks(course: Course, limits: Mapping[str, int]) -> tuple[Clock, ...]:
    """Give the time limits that have begun, in the order in which they began. `limits` are the parameters in PARAMETERS, each in the unit of its name."""
    found = [
        Clock(what, name, start, start + limits[name] * _UNITS[name.rpartition("_")[2]], done)
        for what, name, start, done in _begun(course)
        if start is not None
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.due)))


def _begun(course: Course) -> Iterable[tuple[str, str, datetime | None, datetime | None]]:
    yield "Recorded and judged", "incident_triage_minutes", course.detected, course.triaged
    if course.severity is not None:
        yield "Work on it begins", _RESPONSE[course.severity], course.triaged, course.begun
    if course.severity == 1:
        yield "How to contain it is decided", "sev1_containment_minutes", course.detected, course.contained
    if course.customer_notice != "not_needed":
        yield "Customers are told", "customer_notice_hours", course.customer_affected, course.customers_told
    if course.authority_notice != "not_needed":
        yield "The authority is told", "authority_notice_hours", course.authority_aware, course.authority_told
    if course.severity in REVIEWED:
        yield "Reviewed", "incident_review_days", course.resolved, course.reviewed


@dataclass(frozen=True, slots=True)
class Told:
    """Which texts of a record are there."""

    happened: bool
    systems: bool
    data: bool
    customers: bool
    notice_why: bool
    cause: bool
    lessons: bool


def lacks(course: Course, told: Told) -> tuple[str, ...]:
    """Say what a record lacks before it can be closed; nothing where it is whole."""
    return tuple(_lacks(course, told))


def _lacks(course: Course, told: Told) -> Iterable[str]:
    needed = {
        "a severity": course.severity,
        "when it was triaged": course.triaged,
        "when it was contained": course.contained or course.near_miss,
        "when it was resolved": course.resolved,
        "what happened": told.happened,
        "which systems it touched": told.systems,
        "which data it touched": told.data,
        "which customers it touched": told.customers,
        "the decision on telling customers": course.customer_notice,
        "the decision on telling an authority": course.authority_notice,
    }
    yield from (words for words, there in needed.items() if not there)
    yield from _about_notices(course, told)
    if course.severity in REVIEWED:
        review = {
            "when it was reviewed": course.reviewed,
            "its cause": told.cause,
            "its lessons": told.lessons,
        }
        yield from (words for words, there in review.items() if not there)
    yield from disorder(course)


def _about_notices(course: Course, told: Told) -> Iterable[str]:
    if course.customer_notice == "needed":
        if course.customer_affected is None:
            yield "when it was known that customers are affected"
        if course.customers_told is None:
            yield "when customers were told"
    if course.authority_notice == "needed":
        if course.authority_aware is None:
            yield "when the duty to tell an authority was known"
        if course.authority_told is None:
            yield "when the authority was told"
    if "not_needed" in {course.customer_notice, course.authority_notice} and not told.notice_why:
        yield "why a notice is not needed"


def disorder(course: Course) -> tuple[str, ...]:
    """Say which times contradict each other: what cannot have come before what."""
    order = [("occurred", course.occurred), ("detected", course.detected), ("triaged", course.triaged)]
    order += [("resolved", course.resolved), ("reviewed", course.reviewed)]
    given = [(name, at) for name, at in order if at is not None]
    return tuple(
        f"times in order: it was {later} before it was {earlier}"
        for (earlier, first), (later, second) in itertools.pairwise(given)
        if second < first
    )


def action_due_problem(due: date | None, today: date, most_days: int) -> str:
    """Say why the due day of an action out of an incident cannot stand; nothing where it can."""
    last = today + timedelta(days=most_days)
    if due is None:
        return "An action out of this needs a day by which it is done."
    if not today <= due <= last:
        return f"An action out of this is due within {most_days} days: give a day up to {last}."
    return ""


@dataclass(frozen=True, slots=True)
class Compared:
    """A measured result beside the objective, both in hours, and whether it was met."""

    what: str
    took: float
    objective: float

    @property
    def met(self) -> bool:
        return self.took <= self.objective

    @property
    def words(self) -> str:
        """Say it: “Back in 3 h of 4 h”, “Back in 5 h of 4 h: 1 h over”."""
        over = "" if self.met else f": {hours(self.took - self.objective)} over"
        return f"{self.what} {hours(self.took)} of {hours(self.objective)}{over}"


def compared(
    recovered: float | None, lost: float | None, objective: float, may_lose: float
) -> tuple[Compared, ...]:
    """Compare what an exercise measured with a system's objectives, in hours; what was not measured is left out."""
    found = []
    if recovered is not None:
        found.append(Compared("Back in", recovered, objective))
    if lost is not None:
        found.append(Compared("Lost data of", lost, may_lose))
    return tuple(found)


def hours(number: float) -> str:
    """Write hours: “3 h”, “0.5 h”."""
    return f"{round(number, 2):g} h"


def span(length: timedelta) -> str:
    """Write a length of time in its two largest units: “2 d 3 h”, “45 min”; less than nothing by its size alone."""
    minutes = int(abs(length).total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    parts: Sequence[tuple[int, str]] = ((days, "d"), (rest // 60, "h"), (rest % 60, "min"))
    said = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join(said[:2]) or "0 min"
