"""The first and the last words of a report: where the company stands, what came since the start, and what all of it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assay.audit.causes import Cause
from assay.audit.inputs import ReadinessInputs
from assay.audit.items import short_root
from assay.audit.states import State, count_states
from assay.audit.wording import count, verb


def headline(states: Mapping[str, State], causes: Iterable[Cause], inputs: ReadinessInputs) -> str:
    """Give the sentences that a tired person needs: how many controls are in which state, and why some are unknown."""
    counts = count_states(states)
    total = sum(counts.values()) - counts[State.NOT_RELEVANT]
    there, partly, unknown = counts[State.IN_PLACE], counts[State.PARTLY], counts[State.UNKNOWN]
    if not inputs.sources and not there and not partly:
        return (
            f"Nothing is connected yet. Of {total} {verb(total, 'control', 'controls')} in scope, {counts[State.UNKNOWN]} can be shown by a source, "
            f"and {counts[State.MISSING]} wait for an answer by hand."
        )
    parts = [f"{there} of {total} {verb(total, 'control', 'controls')} {verb(there, 'is', 'are')} in place."]
    if partly or counts[State.MISSING]:
        parts.append(
            f"{partly} {verb(partly, 'is', 'are')} partly there and {counts[State.MISSING]} missing."
        )
    if unknown:
        things = sum(1 for cause in causes if cause.checks)
        because = f", because {count(things, 'thing')} could not be seen" if things else ""
        parts.append(f"{unknown} {verb(unknown, 'is', 'are')} unknown{because}.")
    return " ".join(parts)


def since_start(as_of: str, then: Mapping[str, State], now: Mapping[str, State]) -> dict[str, Any]:
    """Compare the states at the first evaluation with those of now: what was there from the start, what came, what is no longer."""
    there = [control for control, state in then.items() if state is State.IN_PLACE]
    moved = [(control, then[control], state) for control, state in now.items() if then[control] is not state]
    return {
        "as_of": as_of,
        "came": [
            control for control, state in now.items() if state is State.IN_PLACE and control not in there
        ],
        "counts": count_states(then),
        "left": [control for control in there if now[control] is not State.IN_PLACE],
        "moved": [
            {"control": control, "from": str(before), "to": str(after)} for control, before, after in moved
        ],
        "stayed": [control for control in there if now[control] is State.IN_PLACE],
    }


def colophon(inputs: ReadinessInputs, gaps: int) -> dict[str, Any]:
    """Give what the report rests on: seen up to when (the oldest of the sources), from what, with how many gaps, under which checkpoint and witness."""
    seen = [source.seen_up_to for source in inputs.sources if source.seen_up_to]
    sources = sorted(inputs.sources, key=lambda one: (one.kind, one.id))
    seal = inputs.seal
    sealed = {"origin": seal.origin, "root": short_root(seal.root), "size": seal.size}
    return {
        "checkpoint": None if seal.size is None else sealed,
        "command": seal.command,
        "gaps": gaps,
        "seen_up_to": min(seen) if seen else None,
        "self_witnessed": not seal.witnesses,
        "sources": [{"kind": one.kind, "name": one.name, "seen_up_to": one.seen_up_to} for one in sources],
        "witnesses": [{"at": at, "name": name} for name, at in seal.witnesses],
        "zone": inputs.company.zone,
    }
