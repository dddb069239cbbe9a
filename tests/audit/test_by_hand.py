"""When evidence by hand is in force, on the day and in the company's zone."""

from __future__ import annotations

import pytest
from facts import control, evidence

from assay.audit import Hand
from assay.audit.by_hand import hand_of, in_force, overtaken
from assay.audit.inputs import EvidenceFacts

ANNUAL = control("MON-04", kind="periodic", cadence="annual")
QUARTERLY = control("IAM-07", kind="periodic", cadence="quarterly")


@pytest.mark.parametrize(
    ("as_of", "stands"),
    [
        ("2026-01-10T09:59:00Z", False),
        ("2026-01-10T10:00:00Z", True),
        ("2026-04-12T12:00:00Z", True),
        ("2026-04-13T12:00:00Z", False),
    ],
)
def test_without_a_recurrence_the_cadence_says_how_long_it_stands(as_of: str, stands: bool) -> None:
    """Ninety-two days from 10 January end on 12 April; before it was in the ledger it does not speak."""
    assert in_force(evidence("IAM-07", "2026-01-10"), QUARTERLY, as_of) is stands


def test_its_own_recurrence_comes_before_the_cadence() -> None:
    monthly = evidence("MON-04", "2026-01-10", recurs={"every_days": 30, "expires": None})
    assert in_force(monthly, ANNUAL, "2026-02-09T12:00:00Z")
    assert not in_force(monthly, ANNUAL, "2026-02-10T12:00:00Z")


def test_its_own_last_day_comes_before_everything() -> None:
    expiring = evidence("MON-04", "2026-01-10", recurs={"every_days": 30, "expires": "2026-06-30"})
    assert in_force(expiring, ANNUAL, "2026-06-30T12:00:00Z")
    assert not in_force(expiring, ANNUAL, "2026-07-01T12:00:00Z")


def test_it_speaks_until_the_end_of_what_it_covers() -> None:
    """A report of a period that ended in March 2025 is old in May 2026, whenever it was read."""
    late = evidence("MON-04", "2026-01-10", covers={"start": "2024-04-01", "end": "2025-03-31"})
    assert not in_force(late, ANNUAL, "2026-05-01T12:00:00Z")


def test_days_are_those_of_the_company() -> None:
    expiring = evidence("MON-04", "2026-01-10", recurs={"every_days": None, "expires": "2026-06-30"})
    assert not in_force(expiring, ANNUAL, "2026-06-30T23:00:00Z", "Europe/Berlin")
    assert in_force(expiring, ANNUAL, "2026-07-01T03:00:00Z", "America/New_York")


def test_old_evidence_is_stale_and_later_evidence_is_silent() -> None:
    assert hand_of([], ANNUAL, "2026-11-23T06:00:00Z") is Hand.NONE
    assert hand_of([evidence("MON-04", "2024-01-10")], ANNUAL, "2026-11-23T06:00:00Z") is Hand.STALE
    assert hand_of([evidence("MON-04", "2026-12-01")], ANNUAL, "2026-11-23T06:00:00Z") is Hand.NONE
    assert (
        hand_of(
            [evidence("MON-04", "2024-01-10"), evidence("MON-04", "2026-06-01")],
            ANNUAL,
            "2026-11-23T06:00:00Z",
        )
        is Hand.IN_FORCE
    )


def answer(means: str, index: int, question: str = "risk-register", day: str = "2026-11-01") -> EvidenceFacts:
    """An answer of the interview, as it enters the ledger."""
    return evidence(
        "MON-04",
        day,
        index,
        how={"method": "inquiry"},
        answer={"question": question, "answer": "some", "means": means},
    )


def record(index: int, day: str = "2026-11-01") -> EvidenceFacts:
    return evidence("MON-04", day, index, how={"method": "record"})


NONE, STALE, DENIED, STATED, IN_FORCE = Hand
ANSWERS = [
    ([answer("in_place", 1)], STATED),
    ([answer("partly", 1)], STATED),
    ([answer("missing", 1)], DENIED),
    ([answer("not_relevant", 1)], NONE),
    ([answer("missing", 1), answer("in_place", 2)], STATED),
    ([answer("in_place", 1), answer("missing", 2)], DENIED),
    ([answer("in_place", 1), answer("missing", 2, "another")], STATED),
    ([answer("partly", 1), record(2)], IN_FORCE),
    ([answer("missing", 1), record(2)], IN_FORCE),
    ([record(1), answer("in_place", 2)], IN_FORCE),
    ([record(1), answer("partly", 2)], STATED),
    ([record(1), answer("missing", 2)], STATED),
    ([answer("in_place", 1, day="2024-01-10")], STALE),
    ([answer("missing", 1, day="2024-01-10")], NONE),
    ([answer("in_place", 1, day="2024-01-10"), answer("missing", 2)], DENIED),
    ([evidence("MON-04", index=1, how={"method": "inquiry"})], STATED),
]


@pytest.mark.parametrize(("given", "says"), ANSWERS)
def test_an_answer_is_a_statement_and_the_newest_to_a_question_stands(
    given: list[EvidenceFacts], says: Hand
) -> None:
    assert hand_of(given, ANNUAL, "2026-11-23T06:00:00Z") is says


@pytest.mark.parametrize("asks_for", ["document", "configuration", "population", "record", "observation"])
def test_an_answer_is_all_only_where_an_observation_is_asked_for(asks_for: str) -> None:
    control_ = control("MON-04", kind="periodic", cadence="annual", asks_for=asks_for)
    says = hand_of([answer("in_place", 1)], control_, "2026-11-23T06:00:00Z")
    assert says is (IN_FORCE if asks_for == "observation" else STATED)
    assert hand_of([answer("partly", 1)], control_, "2026-11-23T06:00:00Z") is STATED


def test_overtaken_are_older_answers_to_the_same_question() -> None:
    given = [answer("in_place", 1), record(2), answer("partly", 3), answer("in_place", 4, "another")]
    assert overtaken(given) == {1}
