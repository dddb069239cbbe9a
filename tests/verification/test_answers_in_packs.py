"""An answer of the interview in a stranger's pack has its shape, or the pack is refused; evidence without one stays what it was."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assay.evidence.ledger import Kind
from assay.evidence.manual import (
    Answered,
    BadEvidenceError,
    How,
    ManualEvidence,
    Means,
    Method,
    evidence_body,
    read_evidence,
)
from assay.verification.shapes import BODIES, ShapeError, check_shape

AT = datetime(2026, 11, 23, 6, tzinfo=UTC)


def evidence(method: Method, answer: Answered | None) -> ManualEvidence:
    return ManualEvidence(
        by="ada",
        control="GOV-01",
        shows="The board meets.",
        observed=AT,
        captured_by="ada",
        how=How(method),
        note="Asked Bea.",
        answer=answer,
    )


def body(method: Method, answer: Answered | None) -> dict[str, Any]:
    return evidence_body(evidence(method, answer), added=AT, zone=ZoneInfo("UTC"), controls={"GOV-01"})


SAID = Answered("oversight-meetings", "irregular", Means.PARTLY)


def test_an_answer_reads_as_it_was_written_and_only_an_answer_has_one() -> None:
    written = body(Method.INQUIRY, SAID)
    assert written["answer"] == {"answer": "irregular", "means": "partly", "question": "oversight-meetings"}
    assert read_evidence(written) == evidence(Method.INQUIRY, SAID)
    assert "answer" not in body(Method.OBSERVATION, None)
    with pytest.raises(BadEvidenceError, match="captured by inquiry, and by nothing else"):
        body(Method.OBSERVATION, SAID)


def test_its_shape_is_asked_of_a_pack() -> None:
    written = body(Method.INQUIRY, SAID)
    check_shape(written, BODIES[Kind.EVIDENCE])
    check_shape(body(Method.OBSERVATION, None), BODIES[Kind.EVIDENCE])
    for wrong in ({"means": "surely"}, {"question": 7}, None):
        bad = {**written, "answer": None if wrong is None else {**written["answer"], **wrong}}
        with pytest.raises(ShapeError, match="answer"):
            check_shape(bad, BODIES[Kind.EVIDENCE])
