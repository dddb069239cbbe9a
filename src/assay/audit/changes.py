"""A population of events by month: how many were seen in each, and whether the month was seen at all. Nothing here judges an event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum


class Seen(StrEnum):
    """How much of a month the evidence speaks for."""

    WHOLE = "whole"
    PARTLY = "partly"
    NOT = "not seen"


@dataclass(frozen=True, slots=True)
class Month:
    """A month by its first day, how many events were seen in it, and how much of it was seen. Of one that was not seen the count says nothing."""

    first: date
    count: int
    seen: Seen

    @property
    def name(self) -> str:
        """The month in an address: “2026-10”."""
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Reach:
    """From when to when events were surely seen, as instants; `holes` where something in between was not."""

    start: datetime
    end: datetime
    holes: bool = False


def months(
    instants: Iterable[datetime], reach: Reach | None, *, first: date, last: date, zone: tzinfo
) -> tuple[Month, ...]:
    """Give the months that the days from `first` to `last` touch, in order. `instants` are aware; a month is local to `zone`; no reach means nothing was seen."""
    counted = Counter(at.astimezone(zone).strftime("%Y-%m") for at in instants)
    found, month = [], first.replace(day=1)
    while month <= last:
        after = next_month(month)
        found.append(Month(month, counted[f"{month:%Y-%m}"], _seen(month, after, reach, zone)))
        month = after
    return tuple(found)


def next_month(month: date) -> date:
    """Give the first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def _seen(month: date, after: date, reach: Reach | None, zone: tzinfo) -> Seen:
    if reach is None:
        return Seen.NOT
    start, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (month, after))
    if end <= reach.start or start >= reach.end:
        return Seen.NOT
    whole = reach.start <= start and end <= reach.end and not reach.holes
    return Seen.WHOLE if whole else Seen.PARTLY
