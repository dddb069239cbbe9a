"""The method of the risk assessment: ratings and levels by a hand-written table, what a risk lacks, who may accept it and for how long."""

from __future__ import annotations

from datetime import date

import pytest

from assay.audit.risk import (
    Rated,
    Rating,
    Treatment,
    cells,
    lacks,
    last_day_of_acceptance,
    level_of,
    next_due,
    rating,
    rests_on,
)
from assay.catalogue import Category, RiskCategory, Scope, System, Trait, load_risks
from assay.content_tree import Content

RISKS = load_risks(Content.shipped())
TODAY = date(2026, 11, 24)
TABLE = """
     1    2    3    4    5
1    low  low  low  low  moderate
2    low  low  moderate moderate high
3    low  moderate moderate high high
4    low  moderate high critical critical
5    moderate high high critical critical
"""


def test_the_level_of_every_likelihood_and_impact_is_that_of_the_table() -> None:
    for line in TABLE.strip().splitlines()[1:]:
        likelihood, *levels = line.split()
        for impact, name in enumerate(levels, 1):
            found = level_of(RISKS.method, Rating(int(likelihood), impact))
            assert (likelihood, impact, found and found.name) == (likelihood, impact, name)


def test_what_is_not_rated_has_no_level_and_what_is_no_rating_is_refused() -> None:
    assert rating(3, None) is None
    assert level_of(RISKS.method, None) is None
    with pytest.raises(ValueError, match="26 is no rating"):
        RISKS.method.level(26)


def test_a_risk_says_everything_that_it_lacks() -> None:
    bare = Rated("R-1", None, None, None, owned=False)
    assert lacks(RISKS.method, bare, TODAY) == (
        "has no owner",
        "is not rated before its treatment",
        "has no treatment",
        "is not rated after its treatment",
    )
    upward = Rated("R-1", Rating(2, 2), Rating(3, 3), Treatment.MITIGATE)
    assert lacks(RISKS.method, upward, TODAY) == (
        "is to be mitigated and names no control",
        "is rated higher after its treatment than before",
    )
    assert lacks(RISKS.method, Rated("R-1", Rating(4, 4), Rating(2, 3), Treatment.AVOID), TODAY) == ()


def test_an_acceptance_holds_up_to_its_last_day_and_a_critical_risk_is_never_accepted() -> None:
    def accepted(likelihood: int, impact: int, until: date | None) -> tuple[str, ...]:
        left = Rating(likelihood, impact)
        return lacks(RISKS.method, Rated("R-1", left, left, Treatment.ACCEPT, accepted_until=until), TODAY)

    assert accepted(1, 4, None) == ()  # low: within appetite
    assert accepted(2, 3, None) == ("is moderate and accepted without an approval in force",)
    assert accepted(2, 3, TODAY) == ()
    assert accepted(2, 3, date(2026, 11, 23)) == ("is moderate and accepted without an approval in force",)
    assert accepted(4, 4, date(2027, 1, 1)) == ("is critical, which nobody may accept",)


def test_the_higher_the_level_the_shorter_an_acceptance() -> None:
    def last(name: str) -> date | None:
        level = next(one for one in RISKS.method.levels if one.name == name)
        return last_day_of_acceptance(level, TODAY, assessment_days=365, exception_days=90)

    assert [last(one) for one in ("moderate", "high", "critical")] == [
        date(2027, 11, 24),
        date(2027, 2, 22),
        None,
    ]


def test_the_next_assessment_is_due_so_many_days_after_the_last_and_at_once_where_there_was_none() -> None:
    assert next_due(date(2026, 3, 1), 365) == date(2027, 3, 1)
    assert next_due(None, 365) is None


def test_ratings_are_counted_by_cell() -> None:
    assert cells([Rating(1, 2), Rating(2, 1), Rating(1, 2)]) == {(1, 2): 2, (2, 1): 1}


def test_a_treatment_that_rests_on_what_is_missing_or_unknown_says_so() -> None:
    states = {"A": "in place", "B": "missing", "C": "partly"}
    assert rests_on(states, ["A"]) == "It rests on 1 control, in place."
    assert rests_on(states, ["A", "B"]) == "It rests on 2 controls: B is not in place."
    assert rests_on(states, ["B", "C", "X", "Y"]) == (
        "It rests on 4 controls: B is not in place; X, Y are unknown; C is partly in place."
    )
    assert rests_on(states, []) == "It rests on no control."


def test_suggestions_follow_the_scope_and_cover_fraud_and_change() -> None:
    def ids(*traits: Trait) -> set[str]:
        scope = Scope(
            company="X",
            sells="Y",
            system=System.SAAS,
            people=5,
            zone="UTC",
            categories=frozenset({Category.SECURITY}),
            traits=frozenset(traits),
        )
        found = RISKS.for_scope(scope)
        assert {RiskCategory.FRAUD, RiskCategory.CHANGE} <= {one.category for one in found}
        return {one.id for one in found}

    assert "public-store" not in ids()
    assert ids(Trait.USES_CLOUD) - ids() == {"cloud-account-lost", "provider-outage", "public-store"}
    assert "tenant-mixup" in ids(Trait.CUSTOMERS_SIGN_IN)
    assert "tenant-mixup" not in ids(Trait.CUSTOMERS_SIGN_IN, Trait.SINGLE_TENANT)
    assert len(RISKS.starting) >= 30


def test_the_two_questions_serve_the_criteria_on_fraud_and_change() -> None:
    assert [(one.name, one.criterion) for one in RISKS.method.questions] == [
        ("fraud", "CC3.3"),
        ("change", "CC3.4"),
    ]
