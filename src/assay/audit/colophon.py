"""The first and the last words of a report: where the company stands, what came since the start, and what all of it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assay.audit.assessment import Assessed
from assay.audit.causes import Cause
from assay.audit.inputs import ReadinessInputs
from assay.audit.items import short_root
from assay.audit.states import State, count_states
from assay.audit.wording import count, verb


def headline(assessed: Mapping[str, Assessed], causes: Iterable[Cause], inputs: ReadinessInputs) -> str:
    """Give the sentences that a tired person needs: how many controls are in which state, and how many could not be seen, whole or in part."""
    counts = count_states({control: one.state for control, one in assessed.items()})
    total = sum(counts.values()) - counts[State.NOT_RELEVANT]
    there, partly = counts[State.IN_PLACE], counts[State.PARTLY]
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
    return " ".join((*parts, *_unseen(counts[State.UNKNOWN], assessed.values(), causes)))


def _unseen(unknown: int, assessed: Iterable[Assessed], causes: Iterable[Cause]) -> list[str]:
    """Say what was not seen: a control can be partly there or missing whatever its unknown items are, and that hides none of them."""
    spoken = (State.NOT_RELEVANT, State.UNKNOWN)
    in_part = sum(1 for one in assessed if one.state not in spoken and one.tally.unknown)
    things = sum(1 for cause in causes if cause.checks)
    because = f", because {count(things, 'thing')} could not be seen" if things else ""
    if not unknown:
        return [f"None is unknown as a whole, but {in_part} in part{because}."] if in_part else []
    said = [f"{unknown} {verb(unknown, 'is', 'are')} unknown{because}."]
    return (
        [*said, f"{in_part} of the others {verb(in_part, 'is', 'are')} unknown in part."] if in_part else said
    )


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
    beside = {
        "sent_to": [{"kind": kind, "name": name} for kind, name in seal.sent_to],
        "timestamps": [{"at": at, "name": name} for name, at in seal.timestamps],
    }
    return {
        **{name: listed for name, listed in beside.items() if listed},
        "checkpoint": None if seal.size is None else sealed,
        "command": seal.command,
        "gaps": gaps,
        "seen_up_to": min(seen) if seen else None,
        "self_witnessed": not seal.witnesses and not seal.timestamps,
        "sources": [{"kind": one.kind, "name": one.name, "seen_up_to": one.seen_up_to} for one in sources],
        "witnesses": [{"at": at, "name": name} for name, at in seal.witnesses],
        "zone": inputs.company.zone,
    }
