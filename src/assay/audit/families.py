"""The six families of technical control: what the checks and evidence show of each, and what no connected source can show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.audit.inputs import FamilyFacts
from assay.audit.states import State, count_states, criterion_state
from assay.audit.wording import begun, count, number, verb


def family(facts: FamilyFacts, states: Mapping[str, State]) -> dict[str, Any]:
    """Give one family: its state by the rule of a criterion, its controls, the counts, one sentence, and what stays beyond any source."""
    held = {control: states[control] for control in facts.controls if control in states}
    return {
        "beyond": list(facts.beyond),
        "controls": sorted(held),
        "counts": count_states(held),
        "id": facts.id,
        "say": _say(held),
        "says": facts.says,
        "state": str(criterion_state(held.values())),
        "title": facts.title,
    }


def _say(states: Mapping[str, State]) -> str:
    counts = count_states(states)
    relevant = len(states) - counts[State.NOT_RELEVANT]
    if not relevant:
        return "None of its controls is in scope."
    shown = counts[State.IN_PLACE]
    sentence = f"{begun(number(shown))} of {count(relevant, 'control')} {verb(shown, 'is', 'are')} in place"
    open_ones = [
        f"{counts[state]} {state}" for state in (State.MISSING, State.PARTLY, State.UNKNOWN) if counts[state]
    ]
    return f"{sentence}; {', '.join(open_ones)}." if open_ones else f"{sentence}."
