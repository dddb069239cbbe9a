"""Names come from strangers' clouds: nothing that they hold may move, run, open or hide in any form of the report."""

from __future__ import annotations

import csv
import io
import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import northwind
import openpyxl
import pikepdf
import pytest
import typst

import assay.documents
from assay.audit import Company, Evaluation, SourceFacts, readiness
from assay.documents import (
    render_csv,
    render_html,
    render_json,
    render_oscal,
    render_pdf,
    render_terminal,
    render_xlsx,
)
from assay.documents.cells import csv_text, defused
from assay.documents.markup import Html, element
from assay.documents.plain import plain, value_words
from assay.documents.typeset import PAGE, settable
from assay.evidence.canonical import decode

FONTS = Path(assay.documents.__file__).parent / "fonts"

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>alert(2)</script>",
    "javascript:alert(1)",
    '=HYPERLINK("http://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "-2+3",
    "\t=1+1",
    "\x1b[2J\x1b]0;owned\x07",
    "\x9b31mred",
    "safe\u202egpj.exe",
    "zero\u200bwidth",
    "line\nbreak\rreturn",
    '#eval("1") $x^2$ *bold* _it_ @ref <label> \\ // /* */ `raw`',
    "#panic()",
    "]]>&amp;&#x3c;",
    "\ud800lone".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "Ω≈ç 漢字 🜨",
    "x" * 5_000,
    "%s %n {0} {{7*7}} ${7*7}",
]


@cache
def hostile_report() -> dict[str, Any]:
    """The report of Northwind in which every name, value, reason, place and title that a stranger sets is hostile."""
    sets = northwind.inputs().now.sets
    notes = [
        {
            "conclusion": "DEVIATES",
            "item": text,
            "table": "aws_s3_bucket",
            "reason": text,
            "saw": {"saw_name": text, text: [text, {text: None}]},
            "changes_at": None,
        }
        for text in HOSTILE
    ]
    bad = {**sets, "aws.s3.public": {"counts": {"CONFORMS": 1, "DEVIATES": len(notes)}, "notes": notes}}
    good = {**sets, "aws.s3.public": {"counts": {"CONFORMS": 1}, "notes": []}}
    places = {f"{place:012}": text for place, text in enumerate(HOSTILE)}
    observed = {("aws_s3_bucket", text): ({"name": text}, {"name": [text]}) for text in HOSTILE}
    keys = {"aws_s3_bucket": frozenset(HOSTILE)}
    return readiness(
        northwind.inputs(
            company=Company(HOSTILE[0], HOSTILE[1], 20, ("security",), "../../etc/passwd"),
            now=Evaluation(northwind.NOW, bad, None, keys),
            before=Evaluation(northwind.YESTERDAY, good, None, keys),
            observed=observed,
            sources=tuple(
                SourceFacts(f"s{place}", "aws", text, northwind.NOW, True, places)
                for place, text in enumerate(HOSTILE)
            ),
        )
    )


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def tags(page: str) -> _Tags:
    parser = _Tags()
    parser.feed(page)
    return parser


def test_html_gains_no_element_and_no_attribute() -> None:
    clean, dirty = tags(render_html(readiness(northwind.inputs()))), tags(render_html(hostile_report()))
    assert dirty.tags <= clean.tags
    assert dirty.attributes <= clean.attributes
    page = render_html(hostile_report())
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert page.count("</style>") == 1


@pytest.mark.parametrize("form", [render_html, render_terminal])
def test_no_control_or_hidden_character_comes_through(form: Any) -> None:
    text = form(hostile_report())
    assert (
        re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", text) == []
    )
    assert "safe<U+202E>gpj.exe" in text.replace("&lt;", "<").replace("&gt;", ">")


def test_colour_leaves_only_our_own_escapes() -> None:
    coloured = render_terminal(hostile_report(), colour=True)
    assert "\x1b" not in re.sub(r"\x1b\[(0|1|2|31|35|36)m", "", coloured)


def test_typst_sets_hostile_text_as_text() -> None:
    made = render_pdf(hostile_report())
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages) > 10
        assert not [
            link
            for page in pdf.pages
            for link in page.get("/Annots", [])
            if "/URI" in str(link.get("/A", ""))
        ]
        assert "/JavaScript" not in str(pdf.Root.get("/Names", ""))


def test_no_cell_is_a_formula_or_a_link() -> None:
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(hostile_report())))
    found = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert {cell.data_type for cell in found} == {"s", "n"}
    assert [
        cell.value
        for cell in found
        if isinstance(cell.value, str) and cell.value.lstrip()[:1] in tuple("=+-@")
    ] == []
    assert [cell for cell in found if cell.hyperlink] == []


def test_csv_cells_open_nothing() -> None:
    rows = list(csv.reader(io.StringIO(render_csv(hostile_report(), "Items"))))
    assert {len(row) for row in rows} == {10}
    assert [cell for row in rows for cell in row if cell.lstrip()[:1] in tuple("=+-@\t\r")] == []


def test_json_and_oscal_keep_the_bytes_as_they_were() -> None:
    """Programs get what was seen; only what people look at is spelled."""
    names = {
        item["key"]
        for check in decode(render_json(hostile_report()))["checks"]
        for item in check["deviating"]
        if check["id"] == "aws.s3.public"
    }
    assert names == set(HOSTILE)
    (result,) = render_oscal(hostile_report())["assessment-results"]["results"]
    (public,) = [one for one in result["observations"] if one["title"] == "No bucket is open to the public"]
    assert len(public["subjects"]) == len(HOSTILE)


def test_a_zone_that_is_a_path_is_no_zone() -> None:
    assert "Mon 23 Nov 2026, 06:12" in render_terminal(hostile_report(), width=120)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\x1b[31m", "a<U+001B>[31m"),
        ("a\r\nb\tc", "a b c"),
        ("a\u202eb", "a<U+202E>b"),
        ("\ud800", "<U+D800>"),
        ("é漢🜨", "é漢🜨"),
        ("x" * 500, f"{'x' * 400}…"),
    ],
)
def test_plain_spells_what_moves_or_hides(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize(
    ("value", "held"),
    [
        ("=1+1", "'=1+1"),
        (" \u00a0=1", "' \u00a0=1"),
        ("＝1", "'＝1"),
        ("-2", "'-2"),
        ("plain", "plain"),
        ("", ""),
        (None, ""),
        (7, 7),
        (-7, -7),
        (2**60, "'1152921504606846976"),
        (True, "yes"),
    ],
)
def test_cells_are_defused(value: Any, held: Any) -> None:
    assert defused(value) == held


def test_csv_quotes_every_text() -> None:
    assert csv_text([("a", 'say "x", y'), (1, "=2")]) == '"a","say ""x"", y"\r\n1,"\'=2"\r\n'


def test_values_read_as_words() -> None:
    assert [value_words(one) for one in (None, True, False, [], ["a", 1], {"b": None, "a": []}, "x\x00")] == [
        "none", "yes", "no", "none", "a, 1", "a: none, b: none", "x<U+0000>",
    ]  # fmt: skip


def test_markup_escapes_text_and_attributes() -> None:
    assert (
        element("p", "<b>", Html("<i>"), None, [" & ", element("br")], title='"', hidden=True, lang=None)
        == '<p title="&quot;" hidden>&lt;b&gt;<i> &amp; <br></p>'
    )


def test_every_character_said_to_be_in_the_fonts_is_there() -> None:
    """A tagged page with one missing character is refused by Typst, so one page with all of them proves the list."""
    told = [chr(code) for first, last in PAGE for code in range(first, last + 1)]
    shown = " ".join(one for one in told if plain(one) == one)
    name = "漢 e\u0301 Ωж→"
    assert settable({"a": [name]}) == {"a": ["<U+6F22> é Ωж→"]}
    page = (
        b'#set document(title: "x")\n#set text(lang: "en", font: ("Inter", "Libertinus Serif", "DejaVu Sans Mono"))\n'
        b"#json(bytes(sys.inputs.shown))"
    )
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[FONTS])
    made = typst.compile(
        page, font_paths=fonts, format="pdf", pdf_standards="ua-1", sys_inputs={"shown": json.dumps(shown)}
    )
    assert made.startswith(b"%PDF-")
