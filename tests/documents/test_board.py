"""The printed report begins with what a board reads; the long tables follow as an appendix, and what is cut there is whole in the other forms."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import northwind
import openpyxl
import pikepdf

from assay.audit import readiness
from assay.documents import render_html, render_pdf, render_xlsx


@cache
def report() -> dict[str, Any]:
    return readiness(northwind.inputs())


@cache
def sections() -> list[tuple[str, int]]:
    """Give the first-level headings with the page that each begins on."""
    with pikepdf.open(io.BytesIO(render_pdf(report()))) as pdf:
        pages = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
        with pdf.open_outline() as outline:
            return [(str(one.title), pages[_page_of(pdf, one)]) for one in outline.root]


def _page_of(pdf: pikepdf.Pdf, item: Any) -> tuple[int, int]:
    destination = item.destination
    if isinstance(destination, pikepdf.String | pikepdf.Name | str):
        raise TypeError(f"a named destination: {destination}")
    return tuple(destination[0].objgen)


def test_the_summary_comes_first_and_takes_a_few_pages() -> None:
    titles = [title for title, _ in sections()]
    first_appendix = next(place for place, title in enumerate(titles) if title.startswith("Appendix"))
    assert titles[0] == "What is next"
    assert titles[first_appendix - 1] == "What this report rests on"
    assert all(title.startswith("Appendix: ") for title in titles[first_appendix:])
    assert sections()[first_appendix][1] <= 7


def test_every_remedy_and_every_root_is_in_the_workbook() -> None:
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(report())))
    checks = [[cell.value for cell in row] for row in book["Checks"].rows]
    assert checks[0][-3:] == ["Remedy in the console", "Remedy by command", "Remedy in Terraform"]
    wanted = {way or None for check in report()["checks"] for way in check["remedy"].values()}
    assert wanted - {None} <= {cell for row in checks[1:] for cell in row[-3:]}
    roots = {str(cell.value) for row in book["Populations"].rows for cell in row}
    assert {one["root"] for one in report()["populations"]} <= roots


def test_every_named_item_that_deviates_is_in_the_html() -> None:
    page = render_html(report())
    names = [item["name"] for check in report()["checks"] for item in check["deviating"] if item["name"]]
    assert names
    assert [name for name in names if name not in page] == []
