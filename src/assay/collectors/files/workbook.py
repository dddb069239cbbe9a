"""XLSX, by openpyxl and only after the container was measured. No formula is evaluated: a cell with one has no value here."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from assay.collectors.files.sheet import Cell, Limits, Row, Sheet, Unreadable, UnreadableFileError, sheet_of

_MOST_MEMBERS = 2_000
_RATIO_COUNTS_FROM = 2**20
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_CHUNK = 2**16


def read_workbook(data: bytes, limits: Limits, sheet: str | None = None) -> Sheet:
    """Read one worksheet, the first unless `sheet` names another; raises UnreadableFileError.

    1. The container is unpacked once to be counted and searched for document types. 2. The rows are read one by one, within the limits.
    """
    _measure(data, limits)  # 1
    import openpyxl  # late: it takes a fifth of a second, and most runs read no workbook

    try:
        with (
            warnings.catch_warnings()
        ):  # openpyxl warns of styles and extensions that no cell's value rests on
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
            chosen = _chosen(book, sheet)
            rows = list(_rows(chosen, limits))  # 2
        others = [one.title for one in book.worksheets if one.title != chosen.title]
        book.close()
    except UnreadableFileError:
        raise
    except (
        Exception
    ) as error:  # openpyxl has no error of its own: what it meets in a broken file comes out as it is
        raise UnreadableFileError(
            f"The workbook is broken ({type(error).__name__}). Open it, save it anew as XLSX, or export CSV."
        ) from error
    reading = {"sheet": chosen.title} | ({"sheets left out": ", ".join(others)} if others else {})
    return sheet_of("xlsx", rows, limits, reading)


def _measure(data: bytes, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            members = container.infolist()
            names = [member.filename for member in members]
            if len(names) > _MOST_MEMBERS or len(set(names)) != len(names):
                raise UnreadableFileError(
                    "The workbook has too many parts, or two with one name. Save it anew as XLSX, or export CSV."
                )
            unpacked = 0
            for member in members:
                unpacked = _unpack(container, member, unpacked, len(data), limits)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        raise UnreadableFileError(
            "The workbook is cut off, broken or protected by a password. Save it anew as XLSX, or export CSV."
        ) from error


def _unpack(
    container: zipfile.ZipFile, member: zipfile.ZipInfo, unpacked: int, packed: int, limits: Limits
) -> int:
    tail = b""
    with container.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            unpacked += len(chunk)
            if unpacked > limits.unpacked or (
                unpacked > _RATIO_COUNTS_FROM and unpacked > packed * limits.ratio
            ):
                raise UnreadableFileError(
                    f"The workbook unpacks to far more than its {packed:,} bytes; it is refused after {unpacked:,}. Export CSV instead."
                )
            if any(doctype in tail + chunk for doctype in _DOCTYPES):
                raise UnreadableFileError(
                    "The workbook declares a document type, which no spreadsheet needs. Save it anew as XLSX, or export CSV."
                )
            tail = chunk[-32:]
    return unpacked


def _chosen(book: Any, sheet: str | None) -> Any:
    titles = [one.title for one in book.worksheets]
    if sheet is None and titles:
        return book.worksheets[0]
    if sheet not in titles:
        raise UnreadableFileError(
            f"The workbook has no sheet “{sheet or ''}”; it has {', '.join(titles) or 'none'}. Name one of these."
        )
    return book.worksheets[titles.index(sheet)]


def _rows(worksheet: Any, limits: Limits) -> Iterator[Row]:
    worksheet.reset_dimensions()  # what the file says of its own size is the file's to claim
    cells = 0
    for number, row in enumerate(worksheet.iter_rows(), 1):
        cells = limits.take_row(number, len(row), cells)
        yield Row(number, tuple(_cell(cell, limits) for cell in row))


def _cell(cell: Any, limits: Limits) -> Cell:
    value, kind = cell.value, cell.data_type
    if kind == "f":
        return Unreadable("holds a formula; paste it as a value")
    if kind == "e":
        return Unreadable("holds a spreadsheet's error")
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if value is None or isinstance(value, bool | int | datetime | date):
        return value
    if isinstance(value, str) and len(value) <= limits.characters:
        return value or None
    return Unreadable("holds something that is neither text, number nor date")
