"""Windows of recurring duties, written out by hand: month ends, leap years, parameters that change, and what was seen in them."""

from __future__ import annotations

from datetime import date

import pytest

from assay.audit.days import Days
from assay.audit.windows import State, every_words, standing_of, windows_of
from assay.catalogue import Cadence

CASES = [
    (Cadence.QUARTERLY, date(2026, 11, 30), date(2027, 6, 1), [
        (date(2026, 11, 30), date(2027, 2, 27)),
        (date(2027, 2, 28), date(2027, 5, 29)),
        (date(2027, 5, 30), date(2027, 8, 29)),
    ]),
    (Cadence.MONTHLY, date(2028, 1, 31), date(2028, 4, 1), [
        (date(2028, 1, 31), date(2028, 2, 28)),
        (date(2028, 2, 29), date(2028, 3, 30)),
        (date(2028, 3, 31), date(2028, 4, 29)),
    ]),
    (Cadence.ANNUAL, date(2028, 2, 29), date(2029, 3, 1), [
        (date(2028, 2, 29), date(2029, 2, 27)),
        (date(2029, 2, 28), date(2030, 2, 27)),
    ]),
    (Cadence.WEEKLY, date(2027, 3, 22), date(2027, 3, 29), [
        (date(2027, 3, 22), date(2027, 3, 28)),  # clocks change on its last day
        (date(2027, 3, 29), date(2027, 4, 4)),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("cadence", "since", "until", "windows"), CASES)
def test_windows_follow_each_other_without_a_day_between(
    cadence: Cadence, since: date, until: date, windows: list[tuple[date, date]]
) -> None:
    assert windows_of(cadence, since=since, until=until) == tuple(Days(*one) for one in windows)


def test_a_period_of_six_months_holds_two_whole_quarters_whenever_it_begins() -> None:
    for first in (date(2027, 1, 1), date(2027, 2, 24), date(2026, 11, 30)):
        windows = windows_of(Cadence.QUARTERLY, since=first, until=date(2027, 12, 31))
        assert windows[0].first == first
        assert windows[1].last < windows[2].first


def test_each_window_has_the_parameter_in_force_on_its_first_day() -> None:
    """90 days up to 1 April, 30 from 2 April on: the window that begins on 1 April keeps its 90."""
    windows = windows_of(
        Cadence.QUARTERLY,
        since=date(2027, 1, 1),
        until=date(2027, 7, 20),
        days_on=lambda day: 30 if day >= date(2027, 4, 2) else 90,
    )
    assert [(one.first, one.last) for one in windows] == [
        (date(2027, 1, 1), date(2027, 3, 31)),
        (date(2027, 4, 1), date(2027, 6, 29)),
        (date(2027, 6, 30), date(2027, 7, 29)),
    ]


def test_a_continuous_control_has_no_windows() -> None:
    assert windows_of(Cadence.CONTINUOUS, since=date(2027, 1, 1), until=date(2028, 1, 1)) == ()


def test_expected_and_seen_are_counted_over_windows_that_are_over() -> None:
    windows = windows_of(Cadence.QUARTERLY, since=date(2027, 1, 1), until=date(2027, 12, 31))
    found = standing_of(windows, [date(2026, 12, 31), date(2027, 3, 31), date(2027, 2, 1)], date(2027, 8, 15))
    assert [one.state for one in found.windows] == [State.SEEN, State.MISSED, State.OPEN, State.AHEAD]
    assert found.windows[0].seen == (date(2027, 2, 1), date(2027, 3, 31))
    assert (found.expected, found.kept, found.missed) == (2, 1, 1)
    assert (found.due, found.late, found.last) == (date(2027, 9, 30), True, date(2027, 3, 31))


def test_what_was_done_since_is_late_no_more_and_stays_missed() -> None:
    windows = windows_of(Cadence.QUARTERLY, since=date(2027, 1, 1), until=date(2027, 12, 31))
    found = standing_of(windows, [date(2027, 4, 2)], date(2027, 4, 2))
    assert (found.late, found.missed, found.due) == (False, 1, date(2027, 9, 30))


def test_a_window_is_not_over_on_its_last_day() -> None:
    windows = windows_of(Cadence.MONTHLY, since=date(2027, 1, 1), until=date(2027, 2, 1))
    assert standing_of(windows, [], date(2027, 1, 31)).late is False
    assert standing_of(windows, [], date(2027, 2, 1)).late is True


def test_what_lies_ahead_fills_no_window() -> None:
    windows = windows_of(Cadence.MONTHLY, since=date(2027, 1, 1), until=date(2027, 1, 31))
    assert standing_of(windows, [date(2027, 1, 20)], date(2027, 1, 19)).windows[0].state is State.OPEN


def test_how_often_is_said_by_the_parameter_where_there_is_one() -> None:
    assert every_words(Cadence.QUARTERLY, 90) == "every 90 days"
    assert every_words(Cadence.ANNUAL, None) == "every year"
