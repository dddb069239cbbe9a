"""What a recurring duty asks for: windows one after another, each of which wants one occurrence, and which of them have one.

Windows are counted from one day on (the day on which the duty began, or the first of an observation period), so that a period of six months holds two
whole quarters whenever it begins. A calendar cadence gives windows of whole months or weeks, a parameter in days windows of so many days; where the
parameter changed, each window has the length in force on its first day. Days are local and inclusive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from assay.audit.days import DAY, Days, months_after
from assay.catalogue import Cadence

_MONTHS = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3, Cadence.SEMIANNUAL: 6, Cadence.ANNUAL: 12}
_DAYS = {Cadence.DAILY: 1, Cadence.WEEKLY: 7}
MOST_WINDOWS = 2_000


class State(StrEnum):
    """How a window stands on a day."""

    SEEN = "seen"
    MISSED = "missed"  # over, and nothing was seen in it
    OPEN = "open"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Window:
    """One window with the days of its occurrences, in order, and how it stands."""

    days: Days
    seen: tuple[date, ...]
    state: State


@dataclass(frozen=True, slots=True)
class Standing:
    """A duty on a day. `expected` counts the windows that are over, `kept` those of them with an occurrence.

    `due` is the last day of the window that wants something next; `late` says that the newest window that is over has nothing and nothing was done since.
    """

    windows: tuple[Window, ...]
    expected: int
    kept: int
    due: date | None
    late: bool
    last: date | None

    @property
    def missed(self) -> int:
        """How many windows are over without an occurrence."""
        return self.expected - self.kept


def windows_of(
    cadence: Cadence, *, since: date, until: date, days_on: Callable[[date], int] | None = None
) -> tuple[Days, ...]:
    """Give the windows from `since` to the one that holds `until`, or to the last that 2,000 allow.

    `days_on` gives the length in days in force on a day, where a parameter governs the cadence. A continuous control has no windows.
    """
    if until < since or (cadence is Cadence.CONTINUOUS and days_on is None):
        return ()
    made = _by_days(since, days_on) if days_on else _by_cadence(cadence, since)
    found = []
    for number, window in enumerate(made):
        if window.first > until or number == MOST_WINDOWS:
            break
        found.append(window)
    return tuple(found)


def _by_days(since: date, days_on: Callable[[date], int]) -> Iterator[Days]:
    first = since
    while True:
        last = first + timedelta(days=max(1, days_on(first))) - DAY
        yield Days(first, last)
        first = last + DAY


def _by_cadence(cadence: Cadence, since: date) -> Iterator[Days]:
    """Count months from the first day itself, so that a short month does not shorten those after it."""
    if cadence in _DAYS:
        yield from _by_days(since, lambda _: _DAYS[cadence])
    step, number = _MONTHS[cadence], 0
    while True:
        first = months_after(since, number * step)
        yield Days(first, months_after(since, (number + 1) * step) - DAY)
        number += 1


def standing_of(windows: Sequence[Days], seen: Iterable[date], today: date) -> Standing:
    """Say of each window whether it has its occurrence, and what is due next. What was done before the first window fills none."""
    days = sorted(seen)
    told = tuple(_told(one, days, today) for one in windows)
    over = [one for one in told if one.days.last < today]
    kept = sum(bool(one.seen) for one in over)
    ahead = [one for one in told if one.days.last >= today]
    wanting = next((one for one in ahead if not one.seen), None)
    late = bool(over) and not over[-1].seen and not any(one.seen for one in ahead)
    return Standing(
        windows=told,
        expected=len(over),
        kept=kept,
        due=wanting.days.last if wanting else None,
        late=late,
        last=max((one for one in days if one <= today), default=None),
    )


def _told(window: Days, seen: Sequence[date], today: date) -> Window:
    inside = tuple(one for one in seen if one in window and one <= today)
    if inside:
        return Window(window, inside, State.SEEN)
    if window.last < today:
        return Window(window, (), State.MISSED)
    return Window(window, (), State.OPEN if window.first <= today else State.AHEAD)


def every_words(cadence: Cadence, days: int | None) -> str:
    """Say how often: “every 90 days”, “every quarter”."""
    if days is not None:
        return "every day" if days == 1 else f"every {days} days"
    return _WORDS[cadence]


_WORDS = {
    Cadence.CONTINUOUS: "all the time",
    Cadence.DAILY: "every day",
    Cadence.WEEKLY: "every week",
    Cadence.MONTHLY: "every month",
    Cadence.QUARTERLY: "every quarter",
    Cadence.SEMIANNUAL: "every half year",
    Cadence.ANNUAL: "every year",
}
