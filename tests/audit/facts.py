"""Small facts that tests of the audit package put together."""

from __future__ import annotations

from typing import Any

from assay.audit import (
    CheckFacts,
    Company,
    ControlFacts,
    CriterionFacts,
    Evaluation,
    EvidenceFacts,
    ReadinessInputs,
    TableFacts,
)

AS_OF = "2026-11-23T06:00:00Z"


def control(id_: str, **changes: Any) -> ControlFacts:
    given: dict[str, Any] = {
        "domain": "Access",
        "statement": f"Somebody does {id_}.",
        "kind": "configuration",
        "nature": "automated, preventive",
        "cadence": "continuous",
        "owner": "Platform",
        "type1": "Settings of each system",
    }
    return ControlFacts(id_, **(given | changes))


def check(id_: str, controls: str, **changes: Any) -> CheckFacts:
    given: dict[str, Any] = {
        "title": f"The condition of {id_} holds",
        "severity": "high",
        "reads": {"aws_s3_bucket": frozenset({"encryption"})},
        "items": ("aws_s3_bucket",),
    }
    return CheckFacts(id_, controls=tuple(controls.split()), **(given | changes))


def note(conclusion: str, item: str | None, reason: str = "", **saw: Any) -> dict[str, Any]:
    return {
        "conclusion": conclusion,
        "item": item,
        "table": "aws_s3_bucket",
        "reason": reason,
        "saw": saw,
        "changes_at": None,
    }


def concluded(conforms: int, *notes: dict[str, Any], not_applicable: int = 0) -> dict[str, Any]:
    counts = {"CONFORMS": conforms, "NOT_APPLICABLE": not_applicable}
    counts |= {name: sum(one["conclusion"] == name for one in notes) for name in ("DEVIATES", "UNKNOWN")}
    return {"counts": counts, "notes": list(notes)}


def evidence(control_id: str, observed: str = "2026-11-01", index: int = 7, **body: Any) -> EvidenceFacts:
    given = {
        "control": control_id,
        "shows": f"A record of {control_id}",
        "observed": f"{observed}T09:00:00Z",
        "by": "Ada",
    }
    return EvidenceFacts(given | body, f"{observed}T10:00:00Z", index)


def gap(table: str, reason: str, **members: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("account", "at", "call", "columns", "detail", "key", "parent", "region"))
    return empty | {"table": table, "reason": reason} | members


def inputs(**changes: Any) -> ReadinessInputs:
    given: dict[str, Any] = {
        "company": Company("Northwind Metrics"),
        "criteria": (CriterionFacts("CC6.1", "security", "Access is limited", ("IAM-04", "DAT-01")),),
        "controls": (control("IAM-04"), control("DAT-01")),
        "now": Evaluation(AS_OF, {}),
        "tables": (TableFacts("aws_s3_bucket", "aws"), TableFacts("hr_person", "file", personal=True)),
    }
    return ReadinessInputs(**(given | changes))
