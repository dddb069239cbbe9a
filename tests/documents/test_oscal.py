"""What is written as OSCAL is valid by the schema that NIST released, for any company, and a fault in it would be found."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import northwind
import pytest
from json_schema import Schema

from assay.audit import readiness
from assay.documents import render_oscal
from assay.documents.data import NAMESPACE, OSCAL_VERSION

RECORDED = Path(__file__).parents[1] / "recordings" / "oscal" / "oscal_assessment-results_schema.json"
GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "oscal.md"


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema(json.loads(RECORDED.read_text()))


@pytest.fixture(scope="module")
def oscal() -> dict[str, Any]:
    return render_oscal(readiness(northwind.inputs()))


def test_the_schema_is_of_the_version_that_is_written() -> None:
    assert json.loads(RECORDED.read_text())["$id"].endswith(f"/oscal/{OSCAL_VERSION}/oscal-ar-schema.json")


def test_the_report_is_valid(schema: Schema, oscal: dict[str, Any]) -> None:
    assert schema.problems(oscal) == []


def test_a_report_of_nothing_connected_is_valid(schema: Schema) -> None:
    nothing = readiness(northwind.nothing_connected())
    assert schema.problems(render_oscal(nothing)) == []
    assert schema.problems(render_oscal({**nothing, "checks": []})) == []


@pytest.mark.parametrize("text", [" padded ", "two\nlines", "\ttab", " ", "", "=1+1", "漢字", "x" * 5_000])
def test_a_strangers_name_leaves_it_valid(schema: Schema, text: str) -> None:
    report = copy.deepcopy(readiness(northwind.inputs()))
    for check in report["checks"]:
        for item in [*check["deviating"], *check["unknown"]]:
            item |= {"key": item["key"] and text, "name": text}
    assert schema.problems(render_oscal(report)) == []


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda result: result["observations"][0].pop("methods"), "observations[0] lacks methods"),
        (lambda result: result["observations"][0].update(verdict="pass"), "observations[0] may not have verdict"),
        (lambda result: result.update(uuid="1"), "uuid does not match"),
        (lambda result: result.update(start="2026-02-30T00:00:00Z"), "start does not match"),
        (lambda result: result.update(observations=[]), "observations has fewer than 1 members"),
        (lambda result: result["observations"][0]["props"][0].update(name="not a token"), "name does not match"),
    ],
)  # fmt: skip
def test_a_fault_would_be_found(schema: Schema, oscal: dict[str, Any], spoil: Any, problem: str) -> None:
    spoilt = copy.deepcopy(oscal)
    spoil(spoilt["assessment-results"]["results"][0])
    assert any(problem in one for one in schema.problems(spoilt))


def test_the_namespace_claims_no_domain_and_is_documented() -> None:
    assert NAMESPACE.startswith("urn:uuid:")
    assert NAMESPACE in GUIDE.read_text()
