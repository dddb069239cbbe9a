"""Evidence by hand, for other programs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, File, Form, Query, Schema, Status, UploadedFile
from ninja.errors import HttpError
from pydantic import AwareDatetime

from assay.catalogue import load_catalogue
from assay.evidence.manual import Method
from assay_web.access import May
from assay_web.api.bodies import Strict
from assay_web.api.operations import Operations, found_or_404, who
from assay_web.api.paging import Page, Paged, page_of
from assay_web.home import current_home
from assay_web.queries.evidence import Piece, piece, pieces
from assay_web.services import evidence as evidences

api = Operations("evidence")
READS = May.READ_PROGRAMME


class EvidenceShown(Schema):
    entry: int
    control: str
    shows: str
    observed: datetime
    added: datetime
    by: str
    captured_by: str
    method: str
    standing: str
    due: date | None
    file_name: str | None


class NewEvidence(Strict):
    """Evidence by hand. `observed` is when it was seen, which is not when it is added; days in `covers_from` and `covers_to` are both included."""

    control: str = Field(max_length=20)
    shows: str = Field(min_length=1, max_length=2_000)
    observed: AwareDatetime
    method: Method = Method.DOCUMENT
    captured_by: str = Field("", max_length=200)
    system: str = Field("", max_length=200)
    query: str = Field("", max_length=2_000)
    count: int | None = Field(None, ge=0, lt=2**31)
    covers_from: date | None = None
    covers_to: date | None = None
    every_days: int | None = Field(None, ge=1, le=1096)
    expires: date | None = None
    note: str = Field("", max_length=10_000)


@api.get("/evidence", READS, Page[EvidenceShown], operation_id="evidence_list")
def evidence(request: HttpRequest, asked: Query[Paged], control: str = "") -> dict[str, Any]:
    """Evidence by hand, the newest first."""
    chosen, following = page_of(pieces(control), asked, lambda one: str(one.entry))
    return {"items": [piece_shown(one) for one in chosen], "next": following}


@api.get("/evidence/{int:entry}", READS, EvidenceShown, operation_id="evidence_get")
def one_piece(request: HttpRequest, entry: int) -> dict[str, Any]:
    """One piece of evidence by hand, by its ledger entry."""
    return piece_shown(found_or_404(piece(entry) if entry < 2**63 else None, "evidence"))


@api.post("/evidence", May.ADD_EVIDENCE, EvidenceShown, made=True, operation_id="evidence_add")
def add_evidence(
    request: HttpRequest, body: Form[NewEvidence], file: File[UploadedFile | None] = None
) -> Any:
    """Add evidence by hand, with a file or without (a form of several parts)."""
    if body.control not in load_catalogue(current_home().content).controls:
        raise HttpError(404, "There is no such control here.")
    given: dict[str, Any] = body.model_dump(exclude={"control"})
    given["observed"] = body.observed.astimezone(UTC)
    entry, _ = evidences.add(by=who(request), control=body.control, given=given, file=file)
    return Status(201, piece_shown(found_or_404(piece(entry), "evidence")))


def piece_shown(one: Piece) -> dict[str, Any]:
    """Give a piece of evidence as the interface shows it."""
    kept = one.evidence
    return {
        "entry": one.entry,
        "control": kept.control,
        "shows": kept.shows,
        "observed": kept.observed,
        "added": one.added,
        "by": one.by,
        "captured_by": one.captured_by,
        "method": str(kept.how.method),
        "standing": str(one.standing),
        "due": one.due,
        "file_name": kept.attachment.file_name if kept.attachment else None,
    }
