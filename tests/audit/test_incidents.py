"""An incident's clocks in hours that no change of clocks moves, what closing asks for, and an exercise beside its objectives."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from assay.audit.incidents import (
    ClockState,
    Course,
    Told,
    action_due_problem,
    clocks,
    compared,
    disorder,
    lacks,
    span,
)

LIMITS = {
    "authority_notice_hours": 72,
    "customer_notice_hours": 48,
    "incident_review_days": 10,
    "incident_triage_minutes": 15,
    "sev1_containment_minutes": 60,
    "sev1_response_minutes": 15,
    "sev2_response_minutes": 60,
    "sev3_response_hours": 24,
    "sev4_response_days": 5,
}
BERLIN = ZoneInfo("Europe/Berlin")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def test_a_notice_of_48_hours_ends_48_hours_on_whatever_the_wall_clocks_do() -> None:
    """On 25 October 2026 Berlin's clocks go back: the wall shows 47 hours. On 28 March 2027 they go on: it shows 49."""
    back = Course(2, local("2026-10-24T12:00"), customer_affected=local("2026-10-24T12:00").astimezone(UTC))
    on = Course(2, local("2027-03-27T12:00"), customer_affected=local("2027-03-27T12:00").astimezone(UTC))
    (autumn,) = [one for one in clocks(back, LIMITS) if one.parameter == "customer_notice_hours"]
    (spring,) = [one for one in clocks(on, LIMITS) if one.parameter == "customer_notice_hours"]
    assert autumn.due.astimezone(BERLIN).isoformat() == "2026-10-26T11:00:00+01:00"
    assert spring.due.astimezone(BERLIN).isoformat() == "2027-03-29T13:00:00+02:00"
    assert autumn.due - autumn.start == spring.due - spring.start == timedelta(hours=48)


START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def test_each_severity_has_its_own_limit_and_only_the_worst_the_first_hour() -> None:
    def limits_of(severity: int) -> dict[str, timedelta]:
        course = Course(severity, START, triaged=START, resolved=START)
        return {one.parameter: one.due - one.start for one in clocks(course, LIMITS)}

    triage = {"incident_triage_minutes": timedelta(minutes=15)}
    review = {"incident_review_days": timedelta(days=10)}
    assert limits_of(1) == {
        **triage,
        **review,
        "sev1_response_minutes": timedelta(minutes=15),
        "sev1_containment_minutes": timedelta(hours=1),
    }
    assert limits_of(2) == {**triage, **review, "sev2_response_minutes": timedelta(hours=1)}
    assert limits_of(3) == {**triage, "sev3_response_hours": timedelta(hours=24)}
    assert limits_of(4) == {**triage, "sev4_response_days": timedelta(days=5)}


def test_a_clock_that_nothing_started_is_none_and_a_notice_that_is_not_needed_stops_its_own() -> None:
    assert [one.parameter for one in clocks(Course(None, START), LIMITS)] == ["incident_triage_minutes"]
    affected = Course(None, START, customer_affected=START, authority_aware=START)
    assert len(clocks(affected, LIMITS)) == 3
    stopped = replace(affected, customer_notice="not_needed")
    assert "customer_notice_hours" not in {one.parameter for one in clocks(stopped, LIMITS)}


def test_a_clock_is_kept_up_to_its_last_instant_and_late_or_missed_after() -> None:
    def state(triaged: datetime | None, now: datetime) -> ClockState:
        (clock,) = clocks(Course(None, START, triaged=triaged), LIMITS)
        return clock.state(now)

    last = START + timedelta(minutes=15)
    after = last + timedelta(seconds=1)
    assert [state(last, after), state(after, after)] == [ClockState.KEPT, ClockState.LATE]
    assert [state(None, last), state(None, after)] == [ClockState.RUNNING, ClockState.MISSED]


WHOLE = Course(
    1,
    START,
    triaged=START,
    begun=START,
    contained=START,
    resolved=START,
    customer_notice="needed",
    customer_affected=START,
    customers_told=START,
    authority_notice="not_needed",
    reviewed=START,
)
SAID = Told(True, True, True, True, True, True, True)


def test_closing_asks_for_every_part_and_a_review_only_of_the_worst_two() -> None:
    assert lacks(WHOLE, SAID) == ()
    assert lacks(replace(WHOLE, customers_told=None), SAID) == ("when customers were told",)
    assert lacks(WHOLE, replace(SAID, notice_why=False)) == ("why a notice is not needed",)
    without = replace(SAID, cause=False, lessons=False)
    assert lacks(replace(WHOLE, reviewed=None), without) == (
        "when it was reviewed",
        "its cause",
        "its lessons",
    )
    assert lacks(replace(WHOLE, severity=3, reviewed=None), without) == ()
    assert lacks(replace(WHOLE, contained=None), SAID) == ("when it was contained",)
    assert lacks(replace(WHOLE, contained=None, near_miss=True), SAID) == ()
    nothing = Told(False, False, False, False, False, False, False)
    assert len(lacks(Course(None, START), nothing)) == 10


def test_times_that_contradict_each_other_are_said() -> None:
    early = START - timedelta(minutes=1)
    assert disorder(replace(WHOLE, triaged=early)) == (
        "times in order: it was triaged before it was detected",
    )
    assert disorder(WHOLE) == ()


def test_an_action_is_due_within_the_days_of_the_parameter() -> None:
    today = date(2026, 11, 24)
    assert action_due_problem(date(2027, 2, 22), today, 90) == ""
    assert action_due_problem(date(2027, 2, 23), today, 90).endswith("give a day up to 2027-02-22.")
    assert action_due_problem(date(2026, 11, 23), today, 90) != ""
    assert action_due_problem(None, today, 90) == "An action out of this needs a day by which it is done."


def test_an_exercise_is_compared_with_the_objectives_and_what_was_not_measured_is_left_out() -> None:
    assert [(one.words, one.met) for one in compared(3, 0.5, 4, 0.25)] == [
        ("Back in 3 h of 4 h", True),
        ("Lost data of 0.5 h of 0.25 h: 0.25 h over", False),
    ]
    assert [one.words for one in compared(4, None, 4, 1)] == ["Back in 4 h of 4 h"]


def test_lengths_of_time_are_written_in_their_two_largest_units() -> None:
    assert span(timedelta(days=2, hours=3, minutes=4)) == "2 d 3 h"
    assert span(timedelta(minutes=-45)) == "45 min"
    assert span(timedelta()) == "0 min"
