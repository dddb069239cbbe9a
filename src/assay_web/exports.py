"""The one writer of tables for other programs: CSV, XLSX and JSON, in which nothing that came from outside can act as a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import xlsxwriter
from django.http import HttpResponse

from assay.documents.cells import guarded, guarded_in_csv, unguarded

FORMS = ("csv", "xlsx", "json")
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def exported(name: str, form: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Give a table as a download named `name`.`form`. A form that is not in FORMS is a KeyError: the address must not offer it."""
    write = {"csv": _csv, "json": _json, "xlsx": _xlsx}[form]
    response = HttpResponse(write(headings, rows), content_type=_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def defused(value: Any, guard: Callable[[str], str] = guarded) -> Any:
    """Give a value that no spreadsheet takes for a formula: a number as it is, everything else as guarded text."""
    text = _text(value)
    return guard(text) if isinstance(text, str) else text


def restored(text: str) -> str:
    """Give a text as it was before `defused`, for a table of ours that comes back."""
    return unguarded(text)


def _text(value: Any) -> Any:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return value
        case list() | tuple():
            return "; ".join(map(str, value))
        case dict():
            return json.dumps(value, ensure_ascii=False, sort_keys=True)
        case _:
            return str(value)


def _csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")  # RFC 4180
    writer.writerows([defused(value, guarded_in_csv) for value in row] for row in (headings, *rows))
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _json(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    found = [dict(zip(headings, row, strict=True)) for row in rows]
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def _xlsx(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    written = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(written, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for at, row in enumerate([headings, *rows]):
            for column, value in enumerate(row):
                text = defused(value)
                sheet.write_number(at, column, text) if isinstance(text, int | float) else sheet.write_string(
                    at, column, text[:32_767]
                )
        sheet.autofit()
    return written.getvalue()
