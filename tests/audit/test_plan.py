"""The plan up to the report: worked forward and back by hand, as a range where lengths are ranges, with what does not fit said plainly."""

from __future__ import annotations

from datetime import date

import pytest

from assay.audit.plan import (
    AS_OF,
    PERIOD_FIRST,
    PERIOD_LAST,
    REPORT_1,
    REPORT_2,
    Between,
    Fit,
    Own,
    Part,
    Plan,
    Route,
    default_route,
    make_plan,
    moved,
)
from assay.catalogue import Asked, load_help
from assay.content_tree import Content

BEGINS = date(2026, 11, 24)


def _plan(wanted: date | None = None, asked: Asked = Asked.UNSURE, **own: int) -> Plan:
    return make_plan(BEGINS, wanted=wanted, asked=asked, route=default_route(asked), own=Own(**own))


def _when(plan: Plan, key: str) -> Between:
    found = plan.milestone(key)
    assert found is not None
    return found.when


def test_without_own_lengths_every_day_is_a_range() -> None:
    """Preparation 2 to 4 months from 24 Nov, audit 4 to 8 weeks."""
    plan = _plan()
    assert _when(plan, AS_OF) == Between(date(2027, 1, 23), date(2027, 3, 23))
    assert _when(plan, REPORT_1) == Between(date(2027, 2, 20), date(2027, 5, 18))


def test_own_lengths_give_single_days() -> None:
    plan = _plan(preparation_months=3, audit_weeks=6, period_months=6, review_weeks=6)
    assert _when(plan, AS_OF) == Between(date(2027, 2, 23), date(2027, 2, 23))
    assert _when(plan, REPORT_1).words == "on 6 Apr 2027"
    assert _when(plan, PERIOD_FIRST).words == "on 24 Feb 2027"
    assert _when(plan, PERIOD_LAST).words == "on 23 Aug 2027"
    assert _when(plan, REPORT_2).words == "on 4 Oct 2027"
    assert plan.remarks == ()


@pytest.mark.parametrize(
    "begins", [date(2026, 11, 24), date(2027, 8, 31), date(2027, 12, 31), date(2028, 2, 29)]
)
def test_the_period_of_type_ii_starts_the_day_after_the_as_of_date(begins: date) -> None:
    plan = make_plan(begins, wanted=None, asked=Asked.UNSURE, route=Route.TYPE_1_THEN_2)
    as_of, first = _when(plan, AS_OF), _when(plan, PERIOD_FIRST)
    assert (first.earliest - as_of.earliest).days == (first.latest - as_of.latest).days == 1


FITS = [
    # wanted, fit
    (date(2027, 5, 18), Fit.EASY),
    (date(2027, 5, 17), Fit.TIGHT),
    (date(2027, 2, 20), Fit.TIGHT),
    (date(2027, 2, 19), Fit.TOO_EARLY),
]


@pytest.mark.parametrize(("wanted", "fit"), FITS)
def test_the_wanted_day_stands_against_both_ends(wanted: date, fit: Fit) -> None:
    plan = _plan(wanted)
    assert plan.fit is fit
    assert plan.fits is (fit is not Fit.TOO_EARLY)


def test_what_does_not_fit_is_said_with_the_earliest_days_that_do() -> None:
    plan = _plan(date(2027, 1, 31))
    assert plan.says == (
        "31 Jan 2027 is too early for the Type I report: with preparation begun on 24 Nov 2026, it would be there between 20 Feb 2027 and 18 May 2027. "
        "For that day, preparation would have had to begin by 4 Nov 2026."
    )


def test_the_wanted_day_is_worked_back_to_when_preparation_must_begin() -> None:
    """From 1 Sep 2027 back: 8 weeks begin on 8 Jul, 4 months before that on 8 Mar; 4 weeks on 5 Aug, 2 months before on 5 Jun."""
    assert _plan(date(2027, 9, 1)).begin_by == Between(date(2027, 3, 8), date(2027, 6, 5))


def test_where_customers_asked_for_type_ii_the_wanted_day_is_about_it() -> None:
    plan = _plan(date(2027, 9, 1), Asked.TYPE_2)
    assert plan.route is Route.TYPE_1_THEN_2
    assert plan.says.startswith("The Type II report can be there by 1 Sep 2027 only where")
    assert plan.fit is Fit.TIGHT


def test_straight_to_type_ii_has_no_type_i_report() -> None:
    plan = make_plan(BEGINS, wanted=None, asked=Asked.TYPE_2, route=Route.TYPE_2)
    assert plan.milestone(REPORT_1) is None
    assert _when(plan, REPORT_2) == Between(date(2027, 6, 20), date(2028, 7, 18))


def test_a_period_that_is_reported_too_late_is_said_with_the_longest_that_is_not() -> None:
    """As of 23 Feb 2027; 12 months end on 23 Feb 2028 and a review of 6 weeks later; 10 months end on 23 Dec, reviewed by 3 Feb."""
    plan = _plan(preparation_months=3, period_months=12, review_weeks=6)
    assert plan.remarks == (
        "The Type II report comes later than 12 months after the as-of date, when readers count the Type I report as old: "
        "with a review of 6 weeks, a period of at most 10 months is reported in time.",
    )


def test_choosing_the_firm_decides_only_where_it_takes_longer() -> None:
    quick = _plan(preparation_months=3, choosing_weeks=4)
    slow = _plan(preparation_months=3, choosing_weeks=20)
    assert [(one.part, one.critical) for one in quick.stages[:2]] == [
        (Part.CHOOSING, False),
        (Part.PREPARATION, True),
    ]
    assert [(one.part, one.critical) for one in slow.stages[:2]] == [
        (Part.CHOOSING, True),
        (Part.PREPARATION, False),
    ]
    assert _when(slow, AS_OF).earliest == date(2027, 4, 12)


def test_a_length_below_the_usual_is_remarked() -> None:
    assert _plan(preparation_months=1, period_months=6, review_weeks=4).remarks == (
        "Preparation: 1 month is less than the usual 2 to 4 months.",
    )


def test_what_moved_is_said_for_each_day() -> None:
    before = _plan(preparation_months=3, audit_weeks=6)
    after = _plan(preparation_months=3, audit_weeks=8)
    assert [(one.name, one.days) for one in moved(before, after)] == [("The Type I report", (14, 14))]
    assert moved(before, before) == []


def test_help_and_plan_give_the_same_figures() -> None:
    """No second truth: the help topic says what the plan computes with."""
    from assay.audit.budget import USUAL_CURRENCY, USUAL_FEE, Amount
    from assay.audit.plan import AUDIT, PERIOD_WORDS, PREPARATION_1, PREPARATION_2, REVIEW

    topics = {one.id: one for one in load_help(Content.shipped()).topics.values()}
    assert {one.of: one.amount for one in topics["how-long"].figures} == {
        "Type I preparation": PREPARATION_1.words,
        "Type I audit": AUDIT.words,
        "Type II preparation": PREPARATION_2.words,
        "Type II observation": PERIOD_WORDS,
        "Type II review": REVIEW.words,
    }
    assert topics["cost"].figures[0].amount == f"{Amount(*USUAL_FEE).words(USUAL_CURRENCY)} a report"
