"""Manual evidence in the home: validated, then a ledger entry of its own."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from assay.catalogue import load_catalogue
from assay.evidence.canonical import Json
from assay.evidence.ledger import Kind
from assay.evidence.manual import ManualEvidence, evidence_body, remarks
from assay.home.judging import zone_at
from assay.home.place import Home


def add_evidence(home: Home, evidence: ManualEvidence) -> tuple[int, tuple[str, ...]]:
    """Add evidence; gives its entry's index and remarks for the reader, such as that it was added late. Raises BadEvidenceError."""
    added = home.now()
    zone = ZoneInfo(zone_at(home, added))
    body = evidence_body(
        evidence, added=added, zone=zone, controls=load_catalogue(home.content).controls.keys()
    )
    return home.ledger.append(Kind.EVIDENCE, body), remarks(evidence, added=added, zone=zone)


def evidence_of(home: Home) -> Iterator[tuple[int, Json]]:
    """Give each piece of manual evidence with its entry's index, oldest first."""
    for entry in home.ledger.entries(kind=Kind.EVIDENCE):
        yield entry.ordinal, home.ledger.body(entry)
