"""The story of a demo year, read from two tables beside this module: what happens on which day, and what is added by hand.

A story has 365 days, 0 to 364; a shorter year is its end. `hour` is UTC: what happens before the day's collecting (HOUR) is seen by it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

DAYS = 365
HOUR = 6
"""The hour, UTC, at which every source is collected."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event: `what` names the verb, `about` the record, `more` what the verb needs beside, in parts divided by |."""

    day: int
    hour: int
    what: str
    about: str
    more: str

    @property
    def parts(self) -> list[str]:
        return self.more.split("|")


@dataclass(frozen=True, slots=True)
class ByHand:
    """A piece of manual evidence: added on `day`, observed `before` days earlier, for the `covers` days up to then (0: that moment alone)."""

    day: int
    control: str
    by: str
    captured_by: str
    method: str
    system: str
    before: int
    covers: int
    every: int
    query: str
    count: str
    shows: str
    file: str


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("assay.demo.years") / name).read_text()
    return list(csv.DictReader(text.splitlines()))


@cache
def events() -> tuple[Event, ...]:
    """Give every event in the order of time."""
    found = [
        Event(int(row["day"]), int(row["hour"] or HOUR - 3), row["what"], row["about"], row["more"])
        for row in _rows("storyline.csv")
    ]
    return tuple(sorted(found, key=lambda one: (one.day, one.hour)))


@cache
def by_hand() -> tuple[ByHand, ...]:
    """Give all manual evidence in the order of the days on which it is added."""
    numbers = ("day", "before", "covers", "every")
    found = [
        ByHand(**{name: int(value) if name in numbers else value for name, value in row.items()})  # type: ignore[arg-type]
        for row in _rows("by_hand.csv")
    ]
    return tuple(sorted(found, key=lambda one: one.day))
