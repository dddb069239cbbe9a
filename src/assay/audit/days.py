"""Days of the company's own calendar: lengths in months and weeks counted inclusively, forward and back.

A stretch has a first and a last day, both a part of it. A day is local to the company's zone and has no hour, so no change of clocks moves it.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last, both included."""

    first: date
    last: date

    @property
    def count(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time: whole months, or whole weeks."""

    months: int = 0
    weeks: int = 0

    def last_from(self, first: date) -> date:
        """Give the last day of a stretch that begins on `first`: three months from 1 January end on 31 March."""
        return (
            _last_of_months(first, self.months) if self.months else first + timedelta(weeks=self.weeks) - DAY
        )

    def first_to(self, last: date) -> date:
        """Give the latest first day from which a stretch of this length ends by `last`."""
        if not self.months:
            return last - timedelta(weeks=self.weeks) + DAY
        first = months_after(last + DAY, -self.months)
        while _last_of_months(first, self.months) > last:
            first -= DAY
        return first


def months_after(day: date, months: int) -> date:
    """Give the day some months later (or earlier, for less than 0); the last of that month where it has no such day."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _last_of_months(first: date, months: int) -> date:
    """The day before the same day some months on; where that month has no such day, its last."""
    after = months_after(first, months)
    return after - DAY if after.day == first.day else after


def day_words(day: date) -> str:
    """Write a day as pages do: “3 Mar 2027”."""
    return f"{day.day} {day:%b %Y}"
