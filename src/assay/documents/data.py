"""The report for programs: canonical JSON, CSV of one table, and OSCAL observations marked as management's own monitoring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from assay.documents.cells import csv_text
from assay.documents.sheets import sheets
from assay.errors import AssayError
from assay.evidence.canonical import encode

OSCAL_VERSION = "1.1.2"
MONITORING = (
    "Management's own monitoring: an automated comparison of recorded settings with what a control states. "
    "It is no test by an auditor, no assessment by a third party and no opinion."
)

_ROOT = UUID("6f0b1d2e-6b55-5c1e-9d0a-0f5a5a1e7a11")

NAMESPACE = f"urn:uuid:{_ROOT}"
"""Whose names the properties are (docs/guide/oscal.md): a UUID of Assay's own, for a domain would claim that somebody there answers for them."""


class NoSuchTableError(AssayError):
    """A table was asked for that the report does not have."""


def render_json(report: Mapping[str, Any]) -> bytes:
    """Give the report as canonical JSON (formats.md, section 1), the bytes that a verification performs again."""
    return encode(dict(report))


def render_csv(report: Mapping[str, Any], table: str) -> str:
    """Give one table of the report as CSV, by its name; raises NoSuchTableError with the names that there are."""
    found = {sheet.name: sheet for sheet in sheets(report)}
    if table not in found:
        raise NoSuchTableError(f"The report has no table “{table}”. It has: {', '.join(found)}.")
    return csv_text([tuple(head for head, _ in found[table].heads), *found[table].rows])


def render_oscal(report: Mapping[str, Any]) -> dict[str, Any]:
    """Give OSCAL assessment results, valid by NIST's JSON schema of OSCAL_VERSION, with one observation for each check that was evaluated.

    Identifiers follow from the content alone.
    """
    stamp = f"{report['company']['name']}/{report['as_of']}"
    return {
        "assessment-results": {
            "uuid": _uuid(stamp, "results"),
            "metadata": {
                "title": f"Readiness of {report['company']['name']}: management's monitoring",
                "last-modified": report["as_of"],
                "version": str(report["format"]),
                "oscal-version": OSCAL_VERSION,
                "remarks": MONITORING,
            },
            "import-ap": {
                "href": "#",
                "remarks": "There is no assessment plan: nothing here was assessed by a third party.",
            },
            "results": [_result(report, stamp)],
        }
    }


def _result(report: Mapping[str, Any], stamp: str) -> dict[str, Any]:
    observations = [_observation(check, report["as_of"], stamp) for check in report["checks"]]
    return {
        "uuid": _uuid(stamp, "result"),
        "title": "Management's monitoring",
        "description": report["headline"],
        "start": report["period"]["start"] if report["period"] else report["as_of"],
        "end": report["as_of"],
        "props": [_property("kind", "management-monitoring")],
        "reviewed-controls": {"control-selections": [_reviewed(report)]},
    } | ({"observations": observations} if observations else {})


def _reviewed(report: Mapping[str, Any]) -> dict[str, Any]:
    named = sorted({control for check in report["checks"] for control in check["controls"]})
    if not named:
        return {"description": "No check was evaluated."}
    return {"include-controls": [{"control-id": control.lower()} for control in named]}


def _observation(check: Mapping[str, Any], at: str, stamp: str) -> dict[str, Any]:
    subjects = [_subject(item, "deviates", stamp) for item in check["deviating"] if item["key"]]
    subjects += [_subject(item, "unknown", stamp) for item in check["unknown"] if item["key"]]
    observation = {
        "uuid": _uuid(stamp, check["id"]),
        "title": check["title"],
        "description": check["shows"] or check["title"],
        "props": [
            _property("kind", "management-monitoring"),
            _property("check", check["id"]),
            _property("conclusion", check["conclusion"].replace(" ", "-")),
            *(_property("control", control) for control in check["controls"]),
        ],
        "methods": ["TEST"],
        "types": ["management-monitoring"],
        "collected": at,
        "remarks": f"{MONITORING} It cannot show: {check['does_not_show']}"
        if check["does_not_show"]
        else MONITORING,
    }
    return observation | ({"subjects": subjects} if subjects else {})


def _subject(item: Mapping[str, Any], conclusion: str, stamp: str) -> dict[str, Any]:
    return {
        "subject-uuid": _uuid(stamp, item["key"]),
        "type": "resource",
        "title": item["name"] or item["key"],
        "props": [_property("conclusion", conclusion), _property("key", item["key"])],
    }


def _property(name: str, value: str) -> dict[str, str]:
    """Give a property; OSCAL's strings are one line, not empty, without spaces at their ends."""
    return {"name": name, "ns": NAMESPACE, "value": " ".join(value.split()) or "none"}


def _uuid(stamp: str, name: str) -> str:
    return str(uuid5(_ROOT, f"{stamp}/{name}"))
