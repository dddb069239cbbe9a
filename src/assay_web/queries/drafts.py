"""Reads drafts."""

from __future__ import annotations

from assay_web.records.drafts import Draft


def draft_of(purpose: str) -> Draft | None:
    """Give the draft of a purpose, with who saved it last; None where there is none."""
    return Draft.objects.select_related("by").filter(purpose=purpose).first()
