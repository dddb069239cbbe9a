"""What is said of a control and of a criterion: five states, and the rules by which items and evidence become one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How far a control, or a criterion, is there. Management's own view, never a result of an audit."""

    IN_PLACE = "in place"
    PARTLY = "partly"
    MISSING = "missing"
    UNKNOWN = "unknown"
    NOT_RELEVANT = "not relevant"


class Hand(StrEnum):
    """What manual evidence says at an instant.

    There is none, only some that has grown old, or some in force. Of the company's own answers alone: they deny that the control is there, or
    they state it, wholly or in part, and nothing that would show it lies beside them.
    """

    NONE = "none"
    STALE = "stale"
    DENIED = "denied"
    STATED = "stated"
    IN_FORCE = "in force"


@dataclass(frozen=True, slots=True)
class Tally:
    """What the checks of one control concluded: items that conform, deviate, are unknown; `answerable` of the unknown could be answered by hand."""

    conforms: int = 0
    deviates: int = 0
    unknown: int = 0
    answerable: int = 0


def combine(*, good: bool, bad: bool, unseen: bool) -> State:
    """Give the one state of many things, of which some are good, some bad, some unseen; nothing at all is missing.

    A state is said only when nothing unseen could change it. Good and bad together are `partly`, whatever the unseen turn out to be. Good and unseen
    could still be `in place` or `partly`, bad and unseen `missing` or `partly`: both are `unknown`. So a refused call never turns anything
    into something better or worse, only into unknown.
    """
    if good and bad:
        return State.PARTLY
    if unseen:
        return State.UNKNOWN
    return State.IN_PLACE if good else State.MISSING


def control_state(tally: Tally, hand: Hand, *, needs_hand: bool) -> State:
    """Give the state of a control from its checks and its manual evidence.

    1. Where no check judged anything, evidence in force means in place, evidence grown old or a mere statement partly, none or a denial missing.
    2. A control that is more than a setting (`needs_hand`) is at most partly on checks alone; its evidence in force counts as one good thing.
       For a control that is a setting, evidence in force never outweighs a check. A statement outweighs nothing that a check saw.
    3. What no source could show (not connected, not enabled, not in the vendor's plan) may be answered by evidence in force or by a statement;
       the control is then at most partly. A denial answers it too: as one bad thing.
    4. Everything else follows `combine`: deviating and conforming items are partly, only deviating ones missing, unknown ones never good.
    """
    judged = tally.conforms + tally.deviates + tally.unknown
    if not judged:  # 1
        return _BY_HAND[hand]
    in_force = hand is Hand.IN_FORCE
    if needs_hand and not in_force and tally.conforms:  # 2
        return State.PARTLY
    answered = hand in (Hand.IN_FORCE, Hand.STATED) and tally.answerable > 0  # 3
    denied = hand is Hand.DENIED and tally.answerable > 0
    state = combine(  # 4
        good=tally.conforms > 0 or answered or (needs_hand and in_force),
        bad=tally.deviates > 0 or denied,
        unseen=tally.unknown > (tally.answerable if answered or denied else 0),
    )
    return State.PARTLY if answered and state is State.IN_PLACE else state


_BY_HAND = {
    Hand.IN_FORCE: State.IN_PLACE,
    Hand.STATED: State.PARTLY,
    Hand.STALE: State.PARTLY,
    Hand.DENIED: State.MISSING,
    Hand.NONE: State.MISSING,
}


def criterion_state(states: Iterable[State]) -> State:
    """Give the state of a criterion from those of its controls, by `combine`; a partly control is both good and bad; not relevant ones do not speak."""
    speaking = [state for state in states if state is not State.NOT_RELEVANT]
    if not speaking:
        return State.NOT_RELEVANT
    return combine(
        good=any(state in (State.IN_PLACE, State.PARTLY) for state in speaking),
        bad=any(state in (State.MISSING, State.PARTLY) for state in speaking),
        unseen=State.UNKNOWN in speaking,
    )


def count_states(states: Mapping[str, State]) -> dict[str, int]:
    """Give how many controls are in each state; every state is named, also where its count is 0."""
    return {str(state): sum(1 for one in states.values() if one is state) for state in State}
