"""Every form of the report: says the same, never what it must not say, and gives the same bytes anywhere."""

from __future__ import annotations

import hashlib
import html
import io
import json
import os
import re
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import northwind
import openpyxl
import pikepdf
import pytest

from assay.audit import readiness
from assay.documents import (
    NoSuchTableError,
    render_csv,
    render_html,
    render_json,
    render_oscal,
    render_pdf,
    render_terminal,
    render_xlsx,
    sheets,
)
from assay.documents.terminal import cells, shares
from assay.evidence.canonical import decode

FORBIDDEN = re.compile(
    r"\b(certified|certification|(non-?)?compliant|scores?|scored|graded?|grades|passed|failed|percent\w*)\b|%",
    re.I,
)


@cache
def report() -> dict[str, Any]:
    return readiness(northwind.inputs())


@cache
def first_morning() -> dict[str, Any]:
    return readiness(northwind.nothing_connected())


def words_of_html(page: str) -> str:
    body = re.sub(r"<(style|svg)\b.*?</\1>", " ", page[page.index("<body>") :], flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


def words_of_xlsx(book: bytes) -> str:
    loaded = openpyxl.load_workbook(io.BytesIO(book))
    return " ".join(
        str(cell.value) for sheet in loaded for row in sheet for cell in row if cell.value is not None
    )


@pytest.mark.parametrize("given", [report, first_morning])
def test_no_form_uses_a_word_of_judgement_or_a_percentage(given: Any) -> None:
    texts = {
        "terminal": render_terminal(given()),
        "html": words_of_html(render_html(given())),
        "xlsx": words_of_xlsx(render_xlsx(given())),
        "json": render_json(given()).decode(),
        "oscal": json.dumps(render_oscal(given()), ensure_ascii=False),
    }
    assert {
        form: sorted({found.group() for found in FORBIDDEN.finditer(text)}) for form, text in texts.items()
    } == {form: [] for form in texts}


def test_each_form_opens_with_the_sentence_and_ends_with_what_it_rests_on() -> None:
    headline, call = report()["headline"], report()["colophon"]["command"]
    terminal, page = render_terminal(report(), width=120), words_of_html(render_html(report()))
    for text in (" ".join(terminal.split()), " ".join(page.split())):
        assert (
            text.index(headline) < text.index("What is next") < text.index("By criterion") < text.index(call)
        )
        assert "witnessed by Harrow & Pike LLP" in text
    assert "self-witnessed: nobody outside holds this head yet" in render_terminal(first_morning(), width=120)


def test_json_is_canonical_and_whole() -> None:
    assert decode(render_json(report())) == report()


def test_the_same_bytes_in_another_zone_locale_and_hash_seed() -> None:
    """Rendered in two other processes, as on two other machines."""
    program = (
        "import hashlib, json, sys, northwind\n"
        "from assay.audit import readiness\n"
        "from assay import documents as d\n"
        "r = readiness(northwind.inputs())\n"
        "forms = {'json': d.render_json(r), 'html': d.render_html(r).encode(), 'pdf': d.render_pdf(r), 'xlsx': d.render_xlsx(r),"
        " 'terminal': d.render_terminal(r).encode(), 'oscal': json.dumps(d.render_oscal(r)).encode()}\n"
        "print(json.dumps({name: hashlib.sha256(form).hexdigest() for name, form in forms.items()}))\n"
    )
    here = {
        "json": render_json(report()),
        "html": render_html(report()).encode(),
        "pdf": render_pdf(report()),
        "xlsx": render_xlsx(report()),
        "terminal": render_terminal(report()).encode(),
        "oscal": json.dumps(render_oscal(report())).encode(),
    }
    expected = {name: hashlib.sha256(form).hexdigest() for name, form in here.items()}
    for zone, locale, seed in (("Pacific/Kiritimati", "C", "1"), ("America/St_Johns", "tr_TR.UTF-8", "77")):
        world = {
            **os.environ,
            "TZ": zone,
            "LC_ALL": locale,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": str(Path(__file__).parent),
        }
        answer = subprocess.run(
            [sys.executable, "-c", program], env=world, cwd="/", capture_output=True, text=True, check=True
        )
        assert json.loads(answer.stdout) == expected


def test_the_terminal_keeps_its_width_and_colour_changes_no_word() -> None:
    for width in (60, 80, 100, 120, 300):
        kept = max(80, min(120, width))
        lines = render_terminal(report(), width=width).splitlines()
        assert max(cells(line) for line in lines) == kept
    coloured = render_terminal(report(), colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[\d*m", "", coloured) == render_terminal(report())


def test_the_bar_shows_every_state_that_there_is_and_fills_its_width() -> None:
    assert shares([1, 0, 999, 0], 100) == [1, 0, 99, 0]
    assert shares([1, 1, 1, 0], 10) == [4, 3, 3, 0]
    assert shares([0, 0, 0, 0], 10) == [0, 0, 0, 0]
    assert shares([1000, 1, 1, 1], 80) == [77, 1, 1, 1]


def test_html_needs_nothing_from_outside_and_runs_nothing() -> None:
    page = render_html(report())
    assert not re.search(
        r"<script|javascript:|\son\w+=|\sstyle=|https?://|<link|<img|<iframe|@import", page, re.I
    )
    assert set(re.findall(r"url\(([^;)]+)", page)) == {"data:font/woff2", "#hatch"}
    assert len(page) < 400_000


def test_html_anchors_resolve_and_are_unique() -> None:
    page = render_html(report())
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_html_has_landmarks_headings_in_order_and_heads_of_tables() -> None:
    page = render_html(report())
    assert [page.count(f"<{name}") for name in ("main ", "footer ", "nav ", "h1>")] == [1, 1, 1, 1]
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", page)]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    for table in re.findall(r"<table.*?</table>", page, re.S):
        assert 'scope="col"' in table


def test_pdf_is_tagged_titled_dated_by_the_evidence_and_in_a_language() -> None:
    with pikepdf.open(io.BytesIO(render_pdf(report()))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert len(pdf.Root.StructTreeRoot.K) > 0
        assert str(pdf.Root.Lang) == "en"
        assert str(pdf.docinfo["/Title"]) == "Readiness of Northwind Metrics, Mon 23 Nov 2026"
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261123061248")
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert "/Outlines" in pdf.Root
        fonts = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.Font.values()}
    assert {re.sub(r"^/[A-Z]{6}\+|-[A-Za-z-]*$", "", font) for font in fonts} <= {
        "Inter",
        "LibertinusSerif",
        "DejaVuSansMono",
    }


def test_xlsx_has_a_sheet_for_each_table_and_no_live_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(report())))
    assert book.sheetnames == [
        "Where we stand",
        "What is next",
        "Criteria",
        "Controls",
        "Items",
        "Checks",
        "Not seen",
        "Changes",
        "Evidence by hand",
        "Populations",
    ]
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {"s", "n"}
    assert book["Criteria"].max_row == 62
    assert book["Where we stand"]["A3"].value == report()["headline"]


def test_csv_gives_one_table_and_names_those_there_are() -> None:
    assert (
        render_csv(report(), "Populations").splitlines()[1]
        == '"IAM access keys","111122223333","",19,"c4e190b7d2aa","aws_iam_access_key"'
    )
    with pytest.raises(NoSuchTableError, match=r"no table “Nothing”\. It has: Where we stand"):
        render_csv(report(), "Nothing")


def test_people_are_in_no_form() -> None:
    everything = render_json(report()).decode()
    assert [
        row
        for sheet in sheets(report())
        if sheet.name == "Items"
        for row in sheet.rows
        if row[0] == "cross.leaver"
    ] == [
        (
            "cross.leaver",
            "Leavers hold no active account",
            "high",
            "deviates",
            "a person, not named here",
            "",
            "",
            "Active 19 days after the last day.",
            "",
            "",
        )
    ]
    assert "ab" * 32 not in everything


def test_oscal_marks_each_observation_as_managements_monitoring() -> None:
    results = render_oscal(report())["assessment-results"]
    assert set(results) == {"uuid", "metadata", "import-ap", "results"}
    (result,) = results["results"]
    assert len(result["observations"]) == len(northwind.CHECKS)
    for one in result["observations"]:
        assert re.fullmatch(
            r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", one["uuid"]
        )
        assert {
            "name": "kind",
            "ns": "urn:uuid:6f0b1d2e-6b55-5c1e-9d0a-0f5a5a1e7a11",
            "value": "management-monitoring",
        } in one["props"]
        assert one["methods"] == ["TEST"]
        assert one["remarks"].startswith("Management's own monitoring")
        assert one.get("subjects") != []
    assert "findings" not in result


def test_a_company_with_nothing_connected_reads_what_to_do_first() -> None:
    terminal = render_terminal(first_morning(), width=120)
    assert terminal.index("Nothing is connected yet.") < terminal.index(" 1  Connect AWS")
    assert "Nothing has been seen yet: no source is connected." in terminal
    assert "No source is connected." in words_of_html(render_html(first_morning()))
    assert render_pdf(first_morning()).startswith(b"%PDF-")
    assert {sheet.name for sheet in sheets(first_morning())} == {
        "Where we stand",
        "What is next",
        "Criteria",
        "Controls",
        "Checks",
        "Not seen",
    }
