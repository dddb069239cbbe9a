"""A parameter's change holds from its effective instant; what was in force before stays what it was."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.catalogue import Parameter, ParameterError, ParameterHistory, Type, values_in_force

HOURS = Parameter(
    "leaver_hours", "Says.", Type.INTEGER, "hours", 24, 1, 168, (), None, "It is so.", ("IAM-08",), False
)
START = datetime(2026, 3, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def test_before_any_change_the_default_holds():
    history = ParameterHistory(HOURS)
    assert history.value_at(day(-1000)) == 24
    assert history.steps() == ()


def test_a_change_holds_from_its_instant_and_not_before():
    history = ParameterHistory(HOURS).changed(8, asked_from=day(10), recorded=day(1))
    assert history.value_at(day(10) - timedelta(microseconds=1)) == 24
    assert history.value_at(day(10)) == 8
    assert history.steps() == ((day(10), 8),)


def test_the_change_that_took_effect_last_holds_whatever_was_recorded_last():
    history = (
        ParameterHistory(HOURS)
        .changed(8, asked_from=day(30), recorded=day(1))
        .changed(12, asked_from=day(20), recorded=day(2))
    )
    assert [history.value_at(day(number)) for number in (19, 20, 29, 30)] == [24, 12, 12, 8]


def test_of_two_changes_from_one_instant_the_later_recorded_holds():
    history = (
        ParameterHistory(HOURS)
        .changed(8, asked_from=day(30), recorded=day(1))
        .changed(12, asked_from=day(30), recorded=day(2))
    )
    assert history.value_at(day(30)) == 12
    assert history.steps() == ((day(30), 12),)


def test_a_change_cannot_hold_before_it_was_recorded():
    with pytest.raises(ParameterError, match="lies before the change is recorded"):
        ParameterHistory(HOURS).changed(8, asked_from=day(0), recorded=day(1))


def test_a_value_out_of_bounds_never_enters():
    with pytest.raises(ParameterError, match="leaver_hours takes 1 to 168 hours, and 169 hours lies outside"):
        ParameterHistory(HOURS).changed(169, asked_from=day(1), recorded=day(1))


def test_changes_are_given_in_the_order_of_their_recording():
    history = ParameterHistory(HOURS).changed(8, asked_from=day(5), recorded=day(5))
    with pytest.raises(ParameterError, match="in the order in which they were recorded"):
        history.changed(9, asked_from=day(6), recorded=day(4))


@pytest.mark.parametrize(
    "instant", [START.replace(tzinfo=None), datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=1)))]
)
def test_an_instant_is_in_utc(instant):
    with pytest.raises(ParameterError, match="is no instant in UTC"):
        ParameterHistory(HOURS).value_at(instant)


def test_a_change_that_policies_print_waits_for_the_last_of_them():
    history = ParameterHistory(HOURS).changed(
        8, asked_from=day(2), recorded=day(1), printed_by=["access", "offboarding"]
    )
    assert history.value_at(day(100)) == 24
    assert [change.waits_for for change in history.waiting()] == [frozenset({"access", "offboarding"})]
    history = history.approved("access", day(10))
    assert history.value_at(day(100)) == 24
    history = history.approved("offboarding", day(7))
    assert history.waiting() == ()
    assert [history.value_at(day(number)) for number in (7, 9, 10)] == [24, 24, 8]


def test_a_change_asked_for_later_than_its_approval_waits_for_its_day():
    history = (
        ParameterHistory(HOURS)
        .changed(8, asked_from=day(20), recorded=day(1), printed_by=["access"])
        .approved("access", day(3))
    )
    assert [history.value_at(day(number)) for number in (19, 20)] == [24, 8]


def test_an_approval_takes_the_newest_waiting_value_and_the_older_never_holds():
    history = (
        ParameterHistory(HOURS)
        .changed(8, asked_from=day(1), recorded=day(1), printed_by=["access"])
        .changed(12, asked_from=day(2), recorded=day(2), printed_by=["access"])
        .approved("access", day(5))
    )
    assert history.waiting() == ()
    assert history.steps() == ((day(5), 12),)


def test_an_approval_from_before_the_change_prints_the_old_value():
    history = ParameterHistory(HOURS).changed(8, asked_from=day(2), recorded=day(2), printed_by=["access"])
    with pytest.raises(ParameterError, match="Approve it anew"):
        history.approved("access", day(1))


def test_the_approval_of_a_policy_that_prints_nothing_changes_nothing():
    history = ParameterHistory(HOURS).changed(8, asked_from=day(2), recorded=day(2), printed_by=["access"])
    assert history.approved("travel", day(3)) == history


def test_the_values_in_force_are_the_histories_and_else_the_defaults():
    other = Parameter(
        "flag", "Says.", Type.BOOLEAN, None, True, None, None, (), None, "It is so.", ("IAM-08",), False
    )
    parameters = {"leaver_hours": HOURS, "flag": other}
    histories = {"leaver_hours": ParameterHistory(HOURS).changed(8, asked_from=day(10), recorded=day(1))}
    assert values_in_force(parameters, histories, day(9)) == {"leaver_hours": 24, "flag": True}
    assert values_in_force(parameters, histories, day(10)) == {"leaver_hours": 8, "flag": True}


@given(
    st.lists(st.tuples(st.integers(1, 168), st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=6)
)
def test_a_later_change_never_rewrites_an_earlier_instant(changes):
    history, now = ParameterHistory(HOURS), 0
    for value, pause, ahead in changes:
        now += pause
        later = history.changed(value, asked_from=day(now + ahead), recorded=day(now))
        earlier = [day(number - 0.5) for number in range(now + 1)]
        assert [later.value_at(one) for one in earlier] == [history.value_at(one) for one in earlier]
        assert later.value_at(day(now + ahead)) == value
        history = later
