"""CSV as the world writes it: any of the usual encodings and delimiters, quoted line breaks; half a file is refused."""

from __future__ import annotations

import csv
import io
from collections import Counter

from assay.collectors.files.sheet import Cell, Limits, Row, Sheet, UnreadableFileError, sheet_of

DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_LOOKED_AT = 64 * 1024


def read_delimited(data: bytes, limits: Limits) -> Sheet:
    """Read delimited text; raises UnreadableFileError. The guesses (encoding, delimiter) are in `reading` for the user to confirm."""
    text, encoding = decoded(data)
    delimiter, text = _delimiter(text)
    rows: list[Row] = []
    cells = number = 0
    try:
        for number, values in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1
        ):
            cells = limits.take_row(number, len(values), cells)
            rows.append(Row(number, tuple(_cell(value, number, limits) for value in values)))
    except csv.Error as error:
        raise UnreadableFileError(
            f"The file stops making sense after row {number} ({error}): a quotation mark is open or stray, or half of the file is missing. Export it again."
        ) from error
    return sheet_of("csv", rows, limits, {"delimiter": _NAMES[delimiter], "encoding": encoding})


def decoded(data: bytes) -> tuple[str, str]:
    """Give the text and the name of its encoding: by byte-order mark, then UTF-16 by its zero bytes, then UTF-8, then Windows-1252."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding)
    if (guess := _utf16_by_zeros(data[:_LOOKED_AT])) is not None:
        return _decoded(data, guess)
    try:
        return _decoded(data, "utf-8")
    except UnreadableFileError:
        return _decoded(data, "cp1252")


def _decoded(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"The file is not text in {encoding}: byte {error.start + 1:,} does not belong there. Export it as CSV in UTF-8."
        ) from error
    if "\x00" in text:
        raise UnreadableFileError(
            "The file holds zero bytes, so it is not a CSV file. Export it as CSV in UTF-8."
        )
    return text, {"cp1252": "windows-1252"}.get(encoding, encoding)


def _utf16_by_zeros(sample: bytes) -> str | None:
    pairs = len(sample) // 2
    if pairs and sample[1::2].count(0) > pairs * 0.4 and not sample[0::2].count(0):
        return "utf-16-le"
    if pairs and sample[0::2].count(0) > pairs * 0.4 and not sample[1::2].count(0):
        return "utf-16-be"
    return None


def _delimiter(text: str) -> tuple[str, str]:
    """Give the delimiter and the text after Excel's own line `sep=;` where there is one."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and first.strip()[4:5] in DELIMITERS:
        return first.strip("\r\n")[4], rest
    return max(DELIMITERS, key=lambda delimiter: _evenness(text[:_LOOKED_AT], delimiter)), text


def _evenness(sample: str, delimiter: str) -> tuple[int, int]:
    """How many of the first rows have the most common number of cells above one, and that number."""
    widths: Counter[int] = Counter()
    try:
        for number, values in enumerate(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)):
            if number == 50:
                break
            widths[len(values)] += len(values) > 1
    except csv.Error:
        return (0, 0)
    width, rows = max(widths.items(), key=lambda one: (one[1], one[0]), default=(0, 0))
    return (rows, width)


def _cell(value: str, number: int, limits: Limits) -> Cell:
    if len(value) > limits.characters:
        raise UnreadableFileError(
            f"A cell in row {number} has {len(value):,} characters; {limits.characters:,} are the most. Leave that column out of the export."
        )
    return value or None
