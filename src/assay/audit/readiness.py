"""The readiness report as one plain object: pure, the same bytes anywhere from the same inputs.

Rules, in the order in which they are applied:

1. A control out of scope is not relevant, with the reason. Nothing else is said of it.
2. Unknown never counts as in place. A state is said only when nothing unseen could change it (`states.combine`).
3. Any deviating item makes a control partly where something conforms, missing where nothing does.
4. A control that is more than a setting is at most partly on checks alone; the report says which part rests on evidence by hand.
5. A control that no check judges and no evidence shows is missing, and the next step is its evidence. The company's own answer is no more than
   partly where something else would show the control, and an answer that says partly or missing is never more than it says.
6. A criterion follows from its controls by the same rule. Its next step is the best ranked one that moves one of its controls.
7. There is no percentage and no grade, and no total over resources: controls are counted, by state, at the start and now.
"""

from __future__ import annotations

from typing import Any

from assay.audit.assessment import assess
from assay.audit.causes import Cause, cause_json, find_causes, what_was_not_seen
from assay.audit.colophon import colophon, headline, since_start
from assay.audit.controls import control_json
from assay.audit.criteria import criteria_by_control, criterion_json, reading_order
from assay.audit.drift import drift
from assay.audit.families import family
from assay.audit.inputs import CheckFacts, Evaluation, GapFacts, ReadinessInputs, TableFacts
from assay.audit.next_steps import TEN, Ground, find_steps
from assay.audit.seen import check_json, evidence_json, populations_json, source_json
from assay.audit.states import State, count_states

FORMAT = 1


def readiness(inputs: ReadinessInputs) -> dict[str, Any]:
    """Give the report of `inputs` as an object of texts, integers, lists and nulls that has a canonical form (formats.md, section 1).

    1. Keep what can speak about this company. 2. Assess each control, find what was not seen, find what to do. 3. Say it.
    """
    tables = {table.name: table for table in inputs.tables}  # 1
    checks = _speaking_checks(inputs, tables)
    ground = _ground(inputs, tables, checks)  # 2
    steps = find_steps(ground)
    states = {control: one.state for control, one in ground.assessed.items()}
    personal = frozenset(table.name for table in inputs.tables if table.personal)
    controls = {control: control_json(one, ground, steps, inputs) for control, one in ground.assessed.items()}
    ordered = sorted(inputs.criteria, key=reading_order)
    return {  # 3
        "as_of": inputs.now.as_of,
        "checks": [check_json(check, inputs.now, tables, ground.causes) for check in checks.values()],
        "colophon": colophon(inputs, len(ground.causes)),
        "company": _company(inputs),
        "controls": list(controls.values()),
        "counts": count_states(states),
        "criteria": [criterion_json(one, controls, states, steps) for one in ordered],
        "drift": drift(checks.values(), inputs.before, inputs.now, personal, inputs.observed)
        if inputs.before
        else None,
        "evidence": [
            evidence_json(one, inputs, ground.assessed)
            for one in sorted(inputs.evidence, key=lambda one: one.index)
        ],
        "families": [family(one, states) for one in inputs.families],
        "format": FORMAT,
        "gaps": [_gap(cause, ground, personal) for cause in ground.causes],
        "headline": headline(ground.assessed, ground.causes, inputs),
        "kind": "readiness",
        "next_steps": [step.to_json() for step in steps[:TEN]],
        "next_steps_more": max(0, len(steps) - TEN),
        "period": None
        if inputs.now.period is None
        else {"end": inputs.now.period[1], "start": inputs.now.period[0]},
        "populations": populations_json(inputs, tables),
        "since_start": None
        if inputs.start is None
        else since_start(inputs.start.as_of, _states_at(inputs, checks, inputs.start), states),
        "sources": [
            source_json(one, ground.causes)
            for one in sorted(inputs.sources, key=lambda one: (one.kind, one.id))
        ],
    }


def _speaking_checks(inputs: ReadinessInputs, tables: dict[str, TableFacts]) -> dict[str, CheckFacts]:
    """Leave out checks that read a kind of source which the company says it does not have: they cannot say anything about it."""
    unused = inputs.company.not_used
    return {
        check.id: check
        for check in sorted(inputs.checks, key=lambda one: one.id)
        if not any(tables[table].source in unused for table in check.reads if table in tables)
    }


def _ground(inputs: ReadinessInputs, tables: dict[str, TableFacts], checks: dict[str, CheckFacts]) -> Ground:
    assessed = assess(inputs.controls, checks.values(), inputs.evidence, inputs.now, inputs.company.zone)
    gaps = _speaking_gaps(inputs, tables)
    causes = find_causes(gaps, checks.values(), inputs.now.sets, tables, inputs.sources, inputs.actions)
    places = {account: name for source in inputs.sources for account, name in source.places.items()}
    return Ground(
        assessed, checks, inputs.now.sets, tuple(causes), tables, criteria_by_control(inputs), places
    )


def _speaking_gaps(inputs: ReadinessInputs, tables: dict[str, TableFacts]) -> list[GapFacts]:
    unused = {name for name, table in tables.items() if table.source in inputs.company.not_used}
    return [one for one in inputs.gaps if one.gap["table"] not in unused]


def _states_at(
    inputs: ReadinessInputs, checks: dict[str, CheckFacts], evaluation: Evaluation
) -> dict[str, State]:
    """The states at another instant of the controls and checks of today: what was written since then is judged as if it had been there."""
    assessed = assess(inputs.controls, checks.values(), inputs.evidence, evaluation, inputs.company.zone)
    return {control: one.state for control, one in assessed.items()}


def _company(inputs: ReadinessInputs) -> dict[str, Any]:
    company = inputs.company
    return {
        "categories": list(company.categories),
        "name": company.name,
        "not_used": sorted(company.not_used),
        "people": company.people,
        "sells": company.sells,
        "zone": company.zone,
    }


def _gap(cause: Cause, ground: Ground, personal: frozenset[str]) -> dict[str, Any]:
    controls = list(
        ground.relevant(control for check in cause.checks for control in ground.checks[check].controls)
    )
    return cause_json(cause, controls, list(ground.criteria(controls)), what_was_not_seen(cause, personal))
