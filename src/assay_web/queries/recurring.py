"""Every recurring duty of the company's controls: its windows, what was done in them, what is due next and what is late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from assay.audit.days import Days, months_after
from assay.audit.windows import Standing, State, Window, every_words, standing_of, windows_of
from assay.catalogue import Cadence, Catalogue, ControlTemplate, Kind, Scope, load_catalogue, tailor
from assay.evidence.canonical import parse_instant
from assay.evidence.manual import Method
from assay.home.judging import PARAMETER, SCOPE
from assay.home.settings import history
from assay_web.home import current_home
from assay_web.queries.evidence import pieces
from assay_web.queries.planning import scope_now
from assay_web.records.tasks import LIVE_TASKS, Task

AHEAD = timedelta(days=366)
"""How far ahead windows are shown."""
SOON = timedelta(days=30)
HEADINGS = ("control", "what", "every", "owner", "window from", "window to", "state", "done on", "by")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that was done for a control on a day: in words, and where it is shown."""

    control: str
    day: date
    what: str
    address: str


Seen = Callable[[], Iterable[Occurrence]]


@dataclass(frozen=True, slots=True)
class Recurring:
    """A duty: the control, how often, its standing today, what was done for it, and the open task for its next day."""

    control: ControlTemplate
    every: str
    standing: Standing
    done: tuple[Occurrence, ...]
    task: Task | None
    today: date

    @property
    def is_soon(self) -> bool:
        return self.standing.due is not None and self.standing.due <= self.today + SOON

    @property
    def shown(self) -> list[tuple[Window, list[Occurrence]]]:
        """Each window that began, and the next, with what was done in it."""
        begun = [one for one in self.standing.windows if one.state is not State.AHEAD]
        rest = [one for one in self.standing.windows if one.state is State.AHEAD][:1]
        return [(one, [deed for deed in self.done if deed.day in one.days]) for one in (*begun, *rest)]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Every duty, what is late first, then by the day on which it is due. `since` is the day from which windows are counted."""

    duties: tuple[Recurring, ...]
    since: date
    today: date
    zone: str

    @property
    def late(self) -> list[Recurring]:
        return [one for one in self.duties if one.standing.late]

    @property
    def soon(self) -> list[Recurring]:
        return [one for one in self.duties if one.is_soon and not one.standing.late]

    @property
    def owners(self) -> list[str]:
        return sorted({one.control.owner for one in self.duties})


def evidence_seen() -> Iterator[Occurrence]:
    """Manual evidence: it speaks for the day on which it was observed, or the end of the period that it covers where that is earlier. Answers alone show no deed."""
    for piece in pieces():
        evidence = piece.evidence
        if evidence.how.method is Method.INQUIRY:
            continue
        day = timezone.localdate(evidence.observed)
        if evidence.covers is not None:
            day = min(day, evidence.covers.end)
        address = reverse("evidence_piece", args=[piece.entry])
        yield Occurrence(evidence.control, day, evidence.shows, address)


SEEN: tuple[Seen, ...] = (evidence_seen,)
"""What shows that a duty was done: each gives days by control."""


def calendar(since: date | None = None) -> Calendar | None:
    """Give every duty, with windows from `since` on, by default from the day on which the first scope held. None before there is a scope."""
    scope = scope_now()
    if scope is None:
        return None
    zone = ZoneInfo(scope.zone)
    today = timezone.localdate(timezone=zone)
    start = since or _first_day(zone)
    catalogue = load_catalogue(current_home().content)
    with timezone.override(zone):
        done = _done()
    tasks = {
        one.what: one
        for one in Task.objects.filter(state__in=LIVE_TASKS, source="hand").select_related("owner")
    }
    lengths = _lengths(catalogue, zone)
    duties = [
        _duty(control, start, today, lengths.get(control.id), done.get(control.id, []), tasks)
        for control in recurring_controls(catalogue, scope)
    ]
    duties.sort(key=lambda one: (not one.standing.late, one.standing.due or date.max, one.control.id))
    return Calendar(tuple(duties), start, today, scope.zone)


def recurring_controls(catalogue: Catalogue, scope: Scope) -> list[ControlTemplate]:
    """Give the company's controls that somebody has to do something for at intervals. Settings are watched by collecting, not by a calendar."""
    return [
        catalogue.controls[one]
        for one in tailor(catalogue, scope).recommended
        if catalogue.controls[one].cadence not in (None, Cadence.CONTINUOUS)
        and catalogue.controls[one].kind is not Kind.CONFIGURATION
    ]


def task_words(control: ControlTemplate, due: date) -> str:
    """Give the words of the task that a duty makes: the same for the same day, so that it is made once."""
    return f"{control.id} by {due.isoformat()}: {control.statement}"[:300]


def _duty(
    control: ControlTemplate,
    since: date,
    today: date,
    days_on: Callable[[date], int] | None,
    done: list[Occurrence],
    tasks: dict[str, Task],
) -> Recurring:
    cadence = control.cadence or Cadence.ANNUAL  # recurring_controls gives those with one
    windows = windows_of(cadence, since=since, until=max(today, since) + AHEAD, days_on=days_on)
    standing = standing_of(windows, [one.day for one in done], today)
    task = tasks.get(task_words(control, standing.due)) if standing.due else None
    every = every_words(cadence, days_on(today) if days_on else None)
    return Recurring(control, every, standing, tuple(sorted(done, key=lambda one: one.day)), task, today)


def _done() -> dict[str, list[Occurrence]]:
    found: dict[str, list[Occurrence]] = defaultdict(list)
    for seen in SEEN:
        for one in seen():
            found[one.control].append(one)
    return found


def _first_day(zone: ZoneInfo) -> date:
    return parse_instant(history(current_home(), SCOPE)[0].effective).astimezone(zone).date()


def _lengths(catalogue: Catalogue, zone: ZoneInfo) -> dict[str, Callable[[date], int]]:
    """Give for each control that a parameter governs the days in force on a day."""
    home = current_home()
    found: dict[str, Callable[[date], int]] = {}
    for parameter in catalogue.parameters.values():
        if parameter.governs_cadence:
            set_on = [
                (parse_instant(one.effective).astimezone(zone).date(), int(one.value))
                for one in history(home, PARAMETER + parameter.name)
            ]
            days = _in_force(int(str(parameter.default)), set_on)
            found |= dict.fromkeys(parameter.controls, days)
    return found


def _in_force(default: int, set_on: list[tuple[date, int]]) -> Callable[[date], int]:
    def days_on(day: date) -> int:
        return next((value for since, value in reversed(set_on) if since <= day), default)

    return days_on


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month's page: its number, whether it is of that month, what is due and what was done."""

    day: date
    inside: bool
    due: tuple[Recurring, ...]
    done: tuple[Occurrence, ...]


def month_of(found: Calendar, duties: Iterable[Recurring], first: date) -> list[list[Day]]:
    """Give the weeks of a month, from Monday to Sunday, with the last days of windows and what was done."""
    due: dict[date, list[Recurring]] = defaultdict(list)
    done: dict[date, list[Occurrence]] = defaultdict(list)
    for duty in duties:
        for window in duty.standing.windows:
            if window.state is not State.SEEN:
                due[window.days.last].append(duty)
        for one in duty.done:
            done[one.day].append(one)
    last = months_after(first, 1) - timedelta(days=1)
    monday = first - timedelta(days=first.weekday())
    weeks = (last - monday).days // 7 + 1
    days = [monday + timedelta(days=number) for number in range(weeks * 7)]
    shown = [Day(one, one in Days(first, last), tuple(due[one]), tuple(done[one])) for one in days]
    return [shown[at : at + 7] for at in range(0, len(shown), 7)]


def rows_of(duties: Iterable[Recurring]) -> Iterator[tuple[object, ...]]:
    """Give every window that began, and the next, for other programs."""
    for one in duties:
        for window, deeds in one.shown:
            yield (
                one.control.id,
                one.control.statement,
                one.every,
                one.control.owner,
                window.days.first.isoformat(),
                window.days.last.isoformat(),
                window.state.value,
                [deed.day.isoformat() for deed in deeds],
                [deed.what for deed in deeds],
            )
