"""The one place where a value becomes a cell of a table file: foreign text can never become a formula, a link or a command."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from assay.documents.plain import plain

Cell: TypeAlias = str | int | None

LONGEST_CELL = 8_000
LARGEST_NUMBER = 2**53 - 1

_OPENERS = frozenset("=+-@\t\r\n＝＋－＠")


def defused(value: Cell) -> str | int:
    """Give what a cell holds: a number a spreadsheet keeps exactly, otherwise text that is plain and begins with nothing a spreadsheet would run.

    Text that would open a formula gets an apostrophe before it, also after leading spaces, as OWASP's note on CSV injection asks.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return value if abs(value) <= LARGEST_NUMBER else f"'{value}"
    text = plain(value, LONGEST_CELL)
    return f"'{text}" if text.lstrip()[:1] in _OPENERS and text.strip() else text


def write_cell(sheet: Any, row: int, column: int, value: Cell, look: Any = None) -> None:
    """Write one cell of an XlsxWriter worksheet, always as text or as a number."""
    safe = defused(value)
    if isinstance(safe, int):
        sheet.write_number(row, column, safe, look)
    else:
        sheet.write_string(row, column, safe, look)


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    """Give rows as CSV (RFC 4180): every text quoted, every cell defused."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return file.getvalue()
