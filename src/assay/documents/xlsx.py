"""The report as a workbook. No cell is a formula or a link; the same report gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from assay.documents.cells import write_cell
from assay.documents.plain import plain
from assay.documents.sheets import Sheet, sheets

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def render_xlsx(report: Mapping[str, Any]) -> bytes:
    """Give the report as XLSX, one sheet for each table; its date is the report's as-of instant."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, _OPTIONS)
    made = datetime.fromisoformat(report["as_of"]).astimezone(UTC).replace(tzinfo=None)
    book.set_properties(
        {"title": f"Readiness of {plain(report['company']['name'])}", "author": "Assay", "created": made}
    )
    looks = {
        "head": book.add_format({"bold": True, "bottom": 1, "valign": "top"}),
        "cell": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    for sheet in sheets(report):
        _add(book, sheet, looks)
    book.close()
    return file.getvalue()


def _add(book: Any, sheet: Sheet, looks: Mapping[str, Any]) -> None:
    page = book.add_worksheet(sheet.name)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for column, (head, width) in enumerate(sheet.heads):
        page.set_column(column, column, width)
        write_cell(page, 0, column, head, looks["head"])
    for row, cells in enumerate(sheet.rows, 1):
        for column, cell in enumerate(cells):
            write_cell(page, row, column, cell, looks["cell"])
    if sheet.rows and all(head for head, _ in sheet.heads):
        page.autofilter(0, 0, len(sheet.rows), len(sheet.heads) - 1)
