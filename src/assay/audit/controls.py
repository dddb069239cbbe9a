"""A control in the report: its state, what shows it, what is missing or unknown, which part rests on evidence by hand, and the next step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assay.audit.assessment import Assessed
from assay.audit.by_hand import in_force, is_answer, overtaken, stated
from assay.audit.causes import causes_of, is_seen
from assay.audit.inputs import CheckFacts, ReadinessInputs
from assay.audit.items import counts_of
from assay.audit.next_steps import Ground, Step
from assay.audit.states import Hand, State
from assay.audit.wording import verb

_REST = {
    "configuration": "reasons, approvals and exceptions rest",
    "periodic": "that it was carried out, by whom and with what result rests",
    "per event": "that each event was handled as promised rests",
    "document": "the approved document rests",
    "observation": "what a person saw rests",
}
_SEVERITIES = ("high", "medium", "low")


def control_json(
    assessed: Assessed, ground: Ground, steps: Iterable[Step], inputs: ReadinessInputs
) -> dict[str, Any]:
    """Give one control as the report says it; of a control out of scope, only the reason."""
    control = assessed.control
    relevant = assessed.state is not State.NOT_RELEVANT
    return {
        "criteria": list(ground.criteria_of.get(control.id, ())),
        "domain": control.domain,
        "id": control.id,
        "kind": control.kind,
        "missing": _missing(assessed, ground) if relevant else [],
        "next": next_json([control.id], steps) if relevant else None,
        "owner": control.owner,
        "reason": control.left_out,
        "rests_on": _rests_on(assessed) if relevant else "",
        "shown_by": _shown_by(assessed, ground, inputs) if relevant else [],
        "state": str(assessed.state),
        "statement": control.statement,
        "unknown": _unknown(assessed, ground) if relevant else [],
    }


def next_json(controls: Iterable[str], steps: Iterable[Step]) -> dict[str, Any] | None:
    """Give the best ranked step that moves one of some controls, and the control that it moves."""
    wanted = set(controls)
    for step in steps:
        moved = wanted.intersection(step.controls)
        if moved:
            return {"about": step.about, "control": min(moved), "do": f"{step.do}."}
    return None


def _shown_by(assessed: Assessed, ground: Ground, inputs: ReadinessInputs) -> list[dict[str, Any]]:
    shown = [
        {"about": check.id, "kind": "check", "say": _conforming(check, counts)}
        for check in assessed.checks
        if is_seen(check, ground.sets) and (counts := counts_of(ground.sets[check.id]))["CONFORMS"]
    ]
    old = overtaken(assessed.evidence)
    by_hand = [
        {
            "about": str(one.index),
            "kind": "evidence",
            "observed": one.body.get("observed"),
            "say": f"{'The company says: ' if is_answer(one) else ''}{one.body.get('shows') or ''}",
        }
        for one in assessed.evidence
        if one.index not in old
        and stated(one)
        and in_force(one, assessed.control, inputs.now.as_of, inputs.company.zone)
    ]
    return shown + by_hand


def _conforming(check: CheckFacts, counts: Mapping[str, int]) -> str:
    judged = counts["CONFORMS"] + counts["DEVIATES"] + counts["UNKNOWN"]
    if judged == counts["CONFORMS"]:
        return f"{check.title}."
    return (
        f"{check.title}: {counts['CONFORMS']} of {judged} {verb(counts['CONFORMS'], 'conforms', 'conform')}."
    )


def _missing(assessed: Assessed, ground: Ground) -> list[dict[str, Any]]:
    found = [
        {"about": check.id, "kind": "check", "say": _deviating(check, counts), "severity": check.severity}
        for check in sorted(assessed.checks, key=lambda one: (_SEVERITIES.index(one.severity), one.id))
        if is_seen(check, ground.sets) and (counts := counts_of(ground.sets[check.id]))["DEVIATES"]
    ]
    if assessed.needs_evidence:
        found.append(
            {"about": assessed.control.id, "kind": "evidence", "say": _no_evidence(assessed), "severity": ""}
        )
    return found


def _deviating(check: CheckFacts, counts: Mapping[str, int]) -> str:
    judged = counts["CONFORMS"] + counts["DEVIATES"]
    return (
        f"{check.title}: {counts['DEVIATES']} of {judged} {verb(counts['DEVIATES'], 'deviates', 'deviate')}."
    )


def _no_evidence(assessed: Assessed) -> str:
    match assessed.hand:
        case Hand.STALE:
            return "The evidence by hand has grown old."
        case Hand.STATED:
            return "The company's own answer stands alone, or qualifies what was shown; nothing newer shows the control yet."
        case Hand.DENIED:
            return "By the company's own answer it is not there."
    if assessed.checks and not assessed.control.needs_hand:
        return "The checks found nothing of this kind to judge, and there is no evidence by hand."
    return "There is no evidence by hand yet."


def _unknown(assessed: Assessed, ground: Ground) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for check in assessed.checks:
        if is_seen(check, ground.sets) and not counts_of(ground.sets[check.id])["UNKNOWN"]:
            continue
        causes = causes_of(check.id, ground.causes)
        for cause in causes:
            entry = found.setdefault(
                cause.id, {"about": cause.id, "checks": [], "say": f"{cause.title}. {cause.happened}"}
            )
            entry["checks"].append(check.id)
        if not causes:
            entry = found.setdefault(
                "", {"about": "", "checks": [], "say": "Some items could not be judged."}
            )
            entry["checks"].append(check.id)
    return [found[key] for key in sorted(found)]


def _rests_on(assessed: Assessed) -> str:
    rest = _REST.get(assessed.control.kind, "the rest rests")
    if not assessed.checks:
        return "No check can show it: all of it rests on evidence by hand."
    if not assessed.control.needs_hand:
        return "The control is a setting, and the checks read it."
    return f"The checks show the settings behind it; {rest} on evidence by hand."
