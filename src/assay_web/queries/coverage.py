"""Which days were seen, source by source: what was not collected can never read as “not there”."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from assay.catalogue import load_catalogue
from assay.conclusions.over_time import HOLDS, OTHERWISE_HOLDS
from assay.evidence.canonical import parse_instant
from assay.home.judging import parameters_at
from assay.home.sources import sources
from assay_web.home import current_home
from assay_web.queries.past import collections

DAYS = 84
SEEN, GAPS, HELD, NOT_SEEN, BEFORE = "seen", "gaps", "held", "not covered", "before"
"""Held: not looked at, but the last look still stands for it, as long as a parameter says."""
_STEP = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a source: where it is drawn, and what it was."""

    x: int
    day: date
    state: str


@dataclass(frozen=True, slots=True)
class Row:
    """The days of one source, oldest first, and how many were what."""

    source: str
    cells: tuple[Cell, ...]
    counts: dict[str, int]

    @property
    def says(self) -> str:
        """The row in words, for whoever does not see it."""
        return (
            f"{self.source}: {self.counts[SEEN]} days seen whole, {self.counts[GAPS]} with gaps, "
            f"{self.counts[HELD]} held from the look before, {self.counts[NOT_SEEN]} not covered"
        )


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every connected source over the last days, and where the months begin."""

    rows: tuple[Row, ...]
    months: tuple[tuple[int, str], ...]
    first: date
    last: date
    width: int


def coverage(days: int = DAYS) -> Coverage:
    """Give which of the last days each source was collected on, in the company's zone. A day with any whole collection counts as seen."""
    last = timezone.localdate()
    first = last - timedelta(days=days - 1)
    found = _collected()
    home = current_home()
    holds = parameters_at(home, load_catalogue(home.content), home.now())
    shown = tuple(
        _row(one.id, found.get(one.id, {}), first, days, _holds(one.kind, holds)) for one in sources(home)
    )
    starts = [first + timedelta(days=at) for at in range(days)]
    months = tuple((at * _STEP, f"{day:%b}") for at, day in enumerate(starts) if day.day == 1 or at == 0)
    return Coverage(shown, months, first, last, days * _STEP)


def _holds(kind: str, parameters: Mapping[str, Any]) -> int:
    """Give for how many days, its own included, a look at a source of a kind stands."""
    name, otherwise = HOLDS.get(kind, OTHERWISE_HOLDS)
    return int(parameters.get(name, otherwise))


def _collected() -> dict[str, dict[date, str]]:
    """Give what each day of each source came to. The first day ever collected is kept too: before it, nothing could be seen."""
    found: dict[str, dict[date, str]] = {}
    for one in collections():
        day = timezone.localtime(parse_instant(one.ended)).date()
        days = found.setdefault(one.source, {})
        state = GAPS if one.gaps else SEEN
        days[day] = SEEN if SEEN in (days.get(day), state) else state
    return found


def _row(source: str, found: dict[date, str], first: date, days: int, holds: int) -> Row:
    begun = min(found, default=date.max)
    cells, looked = [], max((day for day in found if day < first), default=None)
    for at in range(days):
        day = first + timedelta(days=at)
        looked = day if day in found else looked
        held = looked is not None and (day - looked).days < holds
        state = found.get(day) or (BEFORE if day < begun else HELD if held else NOT_SEEN)
        cells.append(Cell(at * _STEP, day, state))
    return Row(source, tuple(cells), Counter(one.state for one in cells))
