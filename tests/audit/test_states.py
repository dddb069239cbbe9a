"""The five states: what each mixture of items and evidence means, and the law that not seeing never improves or worsens anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.audit import Hand, State, Tally, control_state, criterion_state
from assay.audit.states import count_states

IN_PLACE, PARTLY, MISSING, UNKNOWN, NOT_RELEVANT = State

SETTING = [
    # conforms, deviates, unknown -> state of a control that is a setting, without evidence
    ((5, 0, 0), IN_PLACE),
    ((5, 1, 0), PARTLY),
    ((0, 1, 0), MISSING),
    ((5, 1, 1), PARTLY),
    ((5, 0, 1), UNKNOWN),
    ((0, 1, 1), UNKNOWN),
    ((0, 0, 3), UNKNOWN),
    ((0, 0, 0), MISSING),
]


@pytest.mark.parametrize(("counts", "state"), SETTING)
def test_a_setting_is_what_its_items_are(counts: tuple[int, int, int], state: State) -> None:
    assert control_state(Tally(*counts), Hand.NONE, needs_hand=False) is state


MORE_THAN_A_SETTING = [
    ((5, 0, 0), Hand.NONE, PARTLY),
    ((5, 0, 0), Hand.STALE, PARTLY),
    ((5, 0, 0), Hand.IN_FORCE, IN_PLACE),
    ((5, 1, 0), Hand.IN_FORCE, PARTLY),
    ((0, 1, 0), Hand.NONE, MISSING),
    ((0, 1, 0), Hand.IN_FORCE, PARTLY),
    ((5, 0, 1), Hand.NONE, PARTLY),
    ((5, 0, 1), Hand.IN_FORCE, UNKNOWN),
    ((0, 0, 1), Hand.NONE, UNKNOWN),
]


@pytest.mark.parametrize(("counts", "hand", "state"), MORE_THAN_A_SETTING)
def test_what_people_do_is_never_in_place_on_checks_alone(
    counts: tuple[int, int, int], hand: Hand, state: State
) -> None:
    assert control_state(Tally(*counts), hand, needs_hand=True) is state


@pytest.mark.parametrize(
    ("hand", "state"),
    [
        (Hand.NONE, MISSING),
        (Hand.STALE, PARTLY),
        (Hand.DENIED, MISSING),
        (Hand.STATED, PARTLY),
        (Hand.IN_FORCE, IN_PLACE),
    ],
)
def test_where_no_check_judges_evidence_decides(hand: Hand, state: State) -> None:
    assert control_state(Tally(), hand, needs_hand=True) is state


def test_evidence_never_outweighs_a_setting_that_deviates() -> None:
    assert control_state(Tally(deviates=1), Hand.IN_FORCE, needs_hand=False) is MISSING


def test_evidence_may_answer_what_no_source_can_show_but_only_in_part() -> None:
    assert control_state(Tally(unknown=2, answerable=2), Hand.IN_FORCE, needs_hand=False) is PARTLY
    assert control_state(Tally(unknown=2, answerable=2), Hand.NONE, needs_hand=False) is UNKNOWN
    assert control_state(Tally(unknown=2, answerable=1), Hand.IN_FORCE, needs_hand=False) is UNKNOWN


def test_a_statement_answers_in_part_and_a_denial_answers_that_it_is_missing() -> None:
    assert control_state(Tally(unknown=2, answerable=2), Hand.STATED, needs_hand=True) is PARTLY
    assert control_state(Tally(unknown=2, answerable=2), Hand.DENIED, needs_hand=True) is MISSING
    assert control_state(Tally(unknown=2, answerable=1), Hand.STATED, needs_hand=True) is UNKNOWN
    assert control_state(Tally(unknown=2, answerable=1), Hand.DENIED, needs_hand=True) is UNKNOWN


def test_a_statement_outweighs_nothing_that_a_check_saw() -> None:
    assert control_state(Tally(deviates=1), Hand.STATED, needs_hand=True) is MISSING
    assert control_state(Tally(conforms=3), Hand.STATED, needs_hand=True) is PARTLY
    assert control_state(Tally(conforms=3), Hand.DENIED, needs_hand=False) is IN_PLACE


counts = st.integers(0, 4)


@given(counts, counts, counts, counts, counts, st.sampled_from(Hand), st.booleans())
def test_not_seeing_leaves_a_state_or_makes_it_unknown(
    conforms: int, deviates: int, unknown: int, lost_good: int, lost_bad: int, hand: Hand, needs_hand: bool
) -> None:
    """Items that a refused call hides become unknown: the state may become unknown, and never anything else."""
    hidden_good, hidden_bad = min(conforms, lost_good), min(deviates, lost_bad)
    before = control_state(Tally(conforms, deviates, unknown), hand, needs_hand=needs_hand)
    after = control_state(
        Tally(conforms - hidden_good, deviates - hidden_bad, unknown + hidden_good + hidden_bad),
        hand,
        needs_hand=needs_hand,
    )
    assert after in (before, UNKNOWN)


@given(counts, counts, st.integers(1, 4), counts, st.sampled_from(Hand), st.booleans())
def test_unknown_is_never_in_place(
    conforms: int, deviates: int, unknown: int, answerable: int, hand: Hand, needs_hand: bool
) -> None:
    tally = Tally(conforms, deviates, unknown, min(unknown, answerable))
    assert control_state(tally, hand, needs_hand=needs_hand) is not IN_PLACE


CRITERIA = [
    ([IN_PLACE, IN_PLACE], IN_PLACE),
    ([IN_PLACE, NOT_RELEVANT], IN_PLACE),
    ([IN_PLACE, MISSING], PARTLY),
    ([PARTLY], PARTLY),
    ([PARTLY, UNKNOWN], PARTLY),
    ([IN_PLACE, UNKNOWN], UNKNOWN),
    ([MISSING, UNKNOWN], UNKNOWN),
    ([MISSING, MISSING], MISSING),
    ([NOT_RELEVANT], NOT_RELEVANT),
    ([], NOT_RELEVANT),
]


@pytest.mark.parametrize(("controls", "state"), CRITERIA)
def test_a_criterion_is_what_its_controls_are(controls: list[State], state: State) -> None:
    assert criterion_state(controls) is state


@given(st.lists(st.sampled_from([IN_PLACE, PARTLY, MISSING, UNKNOWN]), min_size=1), st.integers(0, 20))
def test_a_control_that_becomes_unknown_leaves_its_criterion_or_makes_it_unknown(
    controls: list[State], place: int
) -> None:
    hidden = [UNKNOWN if index == place % len(controls) else one for index, one in enumerate(controls)]
    assert criterion_state(hidden) in (criterion_state(controls), UNKNOWN)


def test_every_state_is_counted_also_at_zero() -> None:
    assert count_states({"A": IN_PLACE, "B": IN_PLACE, "C": UNKNOWN}) == {
        "in place": 2,
        "partly": 0,
        "missing": 0,
        "unknown": 1,
        "not relevant": 0,
    }
