"""The register of commitments, as its page and its files show it."""

from __future__ import annotations

from django.db.models import QuerySet

from assay.documents.cells import Cell
from assay_web.records.commitments import Commitment

HEADS = (
    "id",
    "kind",
    "source",
    "reference",
    "dated",
    "text",
    "criteria",
    "controls",
    "version",
    "retired",
    "why retired",
)


def commitments() -> QuerySet[Commitment]:
    """Give every line: those in force first, the newest of each first."""
    return Commitment.objects.select_related("changed_by").order_by("retired", "-dated", "-pk")


def commitment_rows() -> list[tuple[Cell, ...]]:
    """Give the register under HEADS, retired lines included."""
    return [
        (
            str(one),
            one.get_sort_display(),
            one.get_source_display(),
            one.reference,
            str(one.dated),
            one.text,
            ", ".join(one.criteria),
            ", ".join(one.controls),
            one.version,
            str(one.retired.date()) if one.retired else "",
            one.why_retired,
        )
        for one in commitments()
    ]
