"""A criterion in the report, by the rule of its controls; and the order in which criteria are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from assay.audit.controls import next_json
from assay.audit.inputs import CriterionFacts, ReadinessInputs
from assay.audit.next_steps import Step
from assay.audit.states import State, count_states, criterion_state

_PREFIXES = ("CC", "A", "C", "PI", "P")


def criterion_json(
    facts: CriterionFacts,
    controls: Mapping[str, Mapping[str, Any]],
    states: Mapping[str, State],
    steps: Iterable[Step],
) -> dict[str, Any]:
    """Give one criterion: its state, the counts of its controls, what shows it, what is missing or unknown, and the next step."""
    held = {id_: states[id_] for id_ in sorted(facts.controls) if id_ in states}
    relevant = [controls[id_] for id_, state in held.items() if state is not State.NOT_RELEVANT]
    state = State.NOT_RELEVANT if facts.left_out else criterion_state(held.values())
    open_ones = [one["id"] for one in relevant if one["state"] != State.IN_PLACE]
    silent = facts.left_out is not None
    return {
        "category": facts.category,
        "controls": list(held),
        "counts": count_states(held),
        "gist": facts.gist,
        "id": facts.id,
        "missing": [] if silent else _gathered(relevant, "missing"),
        "next": None if silent else next_json(open_ones, steps),
        "note": facts.note,
        "points": facts.points,
        "reason": facts.left_out
        or ("None of its controls is in scope." if state is State.NOT_RELEVANT else None),
        "shown_by": [] if silent else _gathered(relevant, "shown_by"),
        "state": str(state),
        "unknown": [] if silent else _gathered(relevant, "unknown"),
    }


def _gathered(controls: Iterable[Mapping[str, Any]], member: str) -> list[dict[str, Any]]:
    """Bring together what the controls say, each thing once; a sentence about evidence names the control, since it stands alone here."""
    found: dict[str, dict[str, Any]] = {}
    for control in controls:
        for entry in control[member]:
            lonely = member == "missing" and entry["kind"] == "evidence"
            say = (
                f"{control['statement'].rstrip('.')}: {entry['say'][:1].lower()}{entry['say'][1:]}"
                if lonely
                else entry["say"]
            )
            found.setdefault(
                f"{entry.get('kind', '')}/{entry['about']}",
                {"about": entry["about"], "kind": entry.get("kind", "cause"), "say": say},
            )
    return list(found.values())


def reading_order(criterion: CriterionFacts) -> tuple[int, tuple[int, ...]]:
    """Sort key of criteria as the standard lists them: common ones first, then by number."""
    match = re.match(r"([A-Z]+)([\d.]*)", criterion.id)
    prefix, rest = match.groups() if match else ("", "")
    order = _PREFIXES.index(prefix) if prefix in _PREFIXES else len(_PREFIXES)
    return order, tuple(int(part) for part in rest.split(".") if part)


def criteria_by_control(inputs: ReadinessInputs) -> dict[str, tuple[str, ...]]:
    """Give, for each control, the criteria in scope that it serves."""
    found: dict[str, list[str]] = {}
    for criterion in sorted(inputs.criteria, key=reading_order):
        for control in criterion.controls if not criterion.left_out else ():
            found.setdefault(control, []).append(criterion.id)
    return {control: tuple(criteria) for control, criteria in found.items()}
