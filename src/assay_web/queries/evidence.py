"""Manual evidence as pages show it: every piece with its standing today, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from assay.evidence.canonical import Json
from assay.evidence.ledger import Kind
from assay.evidence.manual import ManualEvidence, Standing, due_on, read_evidence, remarks, standing
from assay.stores import MissingObjectError
from assay.wording import counted
from assay_web.home import current_home
from assay_web.memory import remembered
from assay_web.queries.people import names_of


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of manual evidence: the ledger's index, when it was added, by whom, and how it stands today."""

    entry: int
    added: datetime
    evidence: ManualEvidence
    by: str
    captured_by: str
    standing: Standing
    due: date | None
    remarks: tuple[str, ...]

    @property
    def size(self) -> str:
        """The file's size in words."""
        attachment = self.evidence.attachment
        if attachment is None:
            return ""
        if attachment.bytes < 1024:
            return counted(attachment.bytes, "byte")
        kilobytes = attachment.bytes / 1024
        return f"{kilobytes:,.0f} kB" if kilobytes < 1024 else f"{kilobytes / 1024:,.1f} MB"


def pieces(control: str = "") -> list[Piece]:
    """Give every piece of evidence, or those of one control, newest first. What was erased is left out."""
    home = current_home()
    found = [
        (entry.ordinal, entry.at, body)
        for entry in home.ledger.entries(kind=Kind.EVIDENCE)
        if (body := _body(str(home.path), entry.ordinal)) is not None and control in ("", body.get("control"))
    ]
    names = names_of({one for *_, body in found for one in (body["by"], body["captured_by"])})
    zone = timezone.get_current_timezone()
    return [_piece(*one, names, ZoneInfo(str(zone))) for one in reversed(found)]


def piece(entry: int) -> Piece | None:
    """Give one piece of evidence by its ledger index; None where there is none."""
    return next((one for one in pieces() if one.entry == entry), None)


def content_of(one: Piece) -> bytes | None:
    """Give the bytes of a piece's file; None where it has none or it was erased."""
    attachment = one.evidence.attachment
    if attachment is None:
        return None
    try:
        return current_home().ledger.object(attachment.object)
    except MissingObjectError:
        return None


def _piece(entry: int, added: datetime, body: Json, names: dict[str, str], zone: ZoneInfo) -> Piece:
    evidence = read_evidence(body)
    return Piece(
        entry,
        added,
        evidence,
        names.get(evidence.by, evidence.by),
        names.get(evidence.captured_by, evidence.captured_by),
        standing(evidence, timezone.localdate(), zone),
        due_on(evidence, zone),
        remarks(evidence, added=added, zone=zone),
    )


@remembered(4096)
def _body(path: str, ordinal: int) -> Json | None:
    home = current_home()
    try:
        return dict(home.ledger.body(home.ledger.entry(ordinal)))
    except MissingObjectError:  # erased; what is damaged is said, not left out
        return None


__all__ = ["Piece", "content_of", "piece", "pieces"]
