"""Any supported file, told by its content and never by its name."""

from __future__ import annotations

from assay.collectors.files.delimited import read_delimited
from assay.collectors.files.listing import read_listing
from assay.collectors.files.sheet import Limits, Sheet, UnreadableFileError
from assay.collectors.files.workbook import read_workbook

_REFUSED = (
    (
        b"\xd0\xcf\x11\xe0",
        "an old Excel workbook (XLS), or one protected by a password. Save it as XLSX without a password, or export CSV.",
    ),
    (b"%PDF", "a PDF. Export the list itself, as CSV, XLSX or JSON."),
    (b"\x1f\x8b", "compressed. Unpack it first."),
    (b"\x89PNG", "a picture. Export the list itself, as CSV, XLSX or JSON."),
    (b"\xff\xd8\xff", "a picture. Export the list itself, as CSV, XLSX or JSON."),
)
_BLANK = b"\xef\xbb\xbf \t\r\n"


def read_sheet(data: bytes, limits: Limits | None = None, sheet: str | None = None) -> Sheet:
    """Read a file's bytes as CSV, XLSX or JSON; `sheet` names a worksheet. Raises UnreadableFileError, whose text says what to export instead."""
    limits = limits or Limits()
    if len(data) > limits.bytes:
        raise UnreadableFileError(
            f"The file has {len(data):,} bytes; {limits.bytes:,} are the most. Export only what is asked for."
        )
    if not data.strip(_BLANK):
        raise UnreadableFileError("The file is empty. Export it again.")
    for magic, what in _REFUSED:
        if data.startswith(magic):
            raise UnreadableFileError(f"The file is {what}")
    if data.startswith(b"PK\x03\x04"):
        return read_workbook(data, limits, sheet)
    start = data.lstrip(_BLANK)[:100]
    if start.startswith(b"<"):
        raise UnreadableFileError(
            "The file is a web page or XML, whatever its name says. Export it as CSV, XLSX or JSON."
        )
    if start[:1] in (b"{", b"["):
        return read_listing(data, limits)
    return read_delimited(data, limits)
