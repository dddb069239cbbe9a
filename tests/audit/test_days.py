"""Lengths of time in inclusive local days: month ends, leap days, and clocks that change."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from assay.audit.days import Days, Length, months_after

STRETCHES = [
    # first, length, last
    (date(2027, 1, 1), Length(months=3), date(2027, 3, 31)),
    (date(2026, 11, 24), Length(months=2), date(2027, 1, 23)),
    (date(2027, 8, 31), Length(months=6), date(2028, 2, 29)),  # no 31 February, in a leap year
    (date(2026, 8, 31), Length(months=6), date(2027, 2, 28)),
    (date(2027, 11, 30), Length(months=3), date(2028, 2, 29)),
    (date(2028, 2, 29), Length(months=12), date(2029, 2, 28)),
    (date(2028, 2, 29), Length(months=3), date(2028, 5, 28)),
    (date(2027, 1, 31), Length(months=1), date(2027, 2, 28)),
    (
        date(2027, 3, 1),
        Length(weeks=4),
        date(2027, 3, 28),
    ),  # clocks change on the last of these days in Europe
    (date(2027, 12, 27), Length(weeks=1), date(2028, 1, 2)),
]


@pytest.mark.parametrize(("first", "length", "last"), STRETCHES)
def test_a_stretch_ends_on_the_day_before_the_same_day(first: date, length: Length, last: date) -> None:
    assert length.last_from(first) == last


@pytest.mark.parametrize("months", [1, 2, 3, 6, 12])
def test_working_back_gives_the_latest_first_day_that_still_does(months: int) -> None:
    """For every day of four years, a leap year among them."""
    length = Length(months=months)
    for number in range(4 * 366):
        last = date(2026, 1, 1) + timedelta(days=number)
        first = length.first_to(last)
        assert length.last_from(first) <= last < length.last_from(first + timedelta(days=1))


def test_both_ends_are_a_part() -> None:
    days = Days(date(2028, 2, 28), date(2028, 3, 1))
    assert days.count == 3
    assert date(2028, 2, 29) in days
    assert date(2028, 3, 2) not in days


def test_months_back_over_a_year() -> None:
    assert months_after(date(2028, 2, 29), -12) == date(2027, 2, 28)
    assert months_after(date(2027, 3, 31), -1) == date(2027, 2, 28)
