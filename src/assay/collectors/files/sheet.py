"""A file as rows: what the readers of CSV, XLSX and JSON give, before anything is understood of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from assay.errors import AssayError


class UnreadableFileError(AssayError):
    """A file that cannot be read whole, so that nothing of it counts. The text says what is wrong and what to export instead."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that holds something which is no value: a formula, an error, an object. `why` ends the sentence “The cell …”."""

    why: str


Cell: TypeAlias = str | int | bool | datetime | date | tuple[str, ...] | Unreadable | None
"""A value as the file gives it; numbers with a fraction are text with their digits. None is a cell with nothing in it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it (for JSON, the item's, from 1), and a cell for each heading."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row whose cells cannot be told apart. `why` is a sentence."""

    number: int
    why: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole file: its headings, its rows in order, the rows that are broken, and how it was read.

    `stated` is how many rows the file itself says it has (JSON exports often do); `reading` says what was guessed to read it.
    """

    form: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    broken: tuple[BrokenRow, ...] = ()
    stated: int | None = None
    reading: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read at most. `bytes` is the file, `unpacked` and `ratio` what an XLSX file unpacks to."""

    bytes: int = 32 * 2**20
    unpacked: int = 256 * 2**20
    ratio: int = 250
    rows: int = 200_000
    columns: int = 256
    cells: int = 2_000_000
    characters: int = 32_767

    def take_row(self, number: int, width: int, cells_before: int) -> int:
        """Count one more row; gives the cells so far, raises UnreadableFileError beyond the limits."""
        if number > self.rows or width > self.columns or cells_before + width > self.cells:
            raise UnreadableFileError(
                f"The file is larger than can be read: row {number:,} with {width:,} columns; the most are {self.rows:,} rows, "
                f"{self.columns} columns and {self.cells:,} cells. Export only what is asked for, or in parts as files of their own."
            )
        return cells_before + width


def sheet_of(form: str, rows: list[Row], limits: Limits, reading: dict[str, str]) -> Sheet:
    """Make a sheet of raw rows: the first row with at least two cells filled (or the only kind there is) gives the headings.

    Rows with nothing in them are no rows. A row with cells beyond the headings, or with fewer cells than headings, is broken: its values may
    stand under the wrong heading.
    """
    filled = [row for row in rows if any(cell not in (None, "") for cell in row.cells)]
    if not filled:
        raise UnreadableFileError("The file is empty: it has not even headings. Export it again.")
    first = next((at for at, row in enumerate(filled[:10]) if _width(row) >= 2), 0)
    headings = tuple(
        "" if cell is None else str(cell).strip() for cell in filled[first].cells[: _width(filled[first])]
    )
    kept: list[Row] = []
    broken: list[BrokenRow] = []
    for row in filled[first + 1 :]:
        why = _why_broken(row, len(headings), padded=form == "xlsx")
        if why is None:
            cells = row.cells[: len(headings)]
            kept.append(Row(row.number, cells + (None,) * (len(headings) - len(cells))))
        else:
            broken.append(BrokenRow(row.number, why))
    if first:
        reading = {**reading, "headings": f"row {filled[first].number}"}
    return Sheet(form, headings, tuple(kept), tuple(broken), None, reading)


def _width(row: Row) -> int:
    """How many cells up to the last one with something in it."""
    return max((at for at, cell in enumerate(row.cells, 1) if cell not in (None, "")), default=0)


def _why_broken(row: Row, headings: int, *, padded: bool) -> str | None:
    if _width(row) > headings:
        return f"Row {row.number} has values beyond the last heading."
    if len(row.cells) < headings and not padded:
        return f"Row {row.number} has {len(row.cells)} cells where there are {headings} headings."
    return None
