"""The one place where a value becomes a cell of a table file: foreign text can never become a formula, a link or a command."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from assay.documents.plain import plain

Cell: TypeAlias = str | int | None

LONGEST_CELL = 8_000
LARGEST_NUMBER = 2**53 - 1

_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫−"
"""What a spreadsheet may take for the beginning of a formula (OWASP, “CSV Injection”), full-width and small forms included."""
_UNSEEN = (
    r"\x00-\x08\x0b\x0c\x0e-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    r"\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Blanks, control characters and what is not shown (Unicode, Default_Ignorable_Code_Point), without tab and line ends."""
_AT_THE_START = rf"(?=[{_UNSEEN}'\"]*[{_SIGNS}\t\r\n])"
_INSIDE = rf"(?=[{_UNSEEN}'\"]*[{_SIGNS}])"
_AFTER = r"(?<=[;\t\r\n])"
_IN_A_WORKBOOK = re.compile(rf"\A{_AT_THE_START}|{_AFTER}(?='){_INSIDE}")
_IN_CSV = re.compile(rf"\A{_AT_THE_START}|{_AFTER}{_INSIDE}")
_GUARD = re.compile(rf"\A'{_AT_THE_START}|{_AFTER}'{_INSIDE}")


def guarded(text: str) -> str:
    """Give a text that no workbook takes for a formula: one that begins like one gets an apostrophe before it, as OWASP's note on CSV injection asks.

    Further inside nothing is one; only an apostrophe that `unguarded` would take for a guard gets another before it.
    """
    return _IN_A_WORKBOOK.sub("'", text)


def guarded_in_csv(text: str) -> str:
    """Give such a text for CSV, where a program that splits at semicolons, tabs or line ends begins new cells inside it: those are guarded too."""
    return _IN_CSV.sub("'", text)


def unguarded(text: str) -> str:
    """Give a text as it was before either guard, for a table of ours that comes back."""
    return _GUARD.sub("", text)


def defused(value: Cell, guard: Callable[[str], str] = guarded) -> str | int:
    """Give what a cell holds: a number a spreadsheet keeps exactly, otherwise text that is plain and begins with nothing a spreadsheet would run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return value if abs(value) <= LARGEST_NUMBER else f"'{value}"
    return guard(plain(value, LONGEST_CELL))


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
    writer.writerows([defused(cell, guarded_in_csv) for cell in row] for row in rows)
    return file.getvalue()
