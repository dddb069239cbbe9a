"""Files as the world writes them: read whole or refused with a sentence, never by half and never evaluated."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from itertools import product

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.collectors.files import Limits, Sheet, UnreadableFileError, read_sheet
from assay.collectors.files.sheet import Row, Unreadable

TEXT = "Name,E-mail\r\nZoë Müller,zoe@northwind.example\r\n"
ROWS = (Row(2, ("Zoë Müller", "zoe@northwind.example")),)


def workbook(
    *rows: tuple[object, ...], sheets: dict[str, tuple[tuple[object, ...], ...]] | None = None
) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    for title, more in (sheets or {}).items():
        added = book.create_sheet(title)
        for row in more:
            added.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def replaced(data: bytes, member: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == member else old.read(name))
    return stream.getvalue()


# CSV


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode("utf-8"), "utf-8"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("cp1252"), "windows-1252"),
    ],
    ids=[
        "UTF-8",
        "UTF-8 with mark",
        "UTF-16 LE",
        "UTF-16 BE",
        "UTF-16 LE no mark",
        "UTF-16 BE no mark",
        "Windows-1252",
    ],
)
def test_every_usual_encoding_gives_the_same_rows(data: bytes, encoding: str) -> None:
    sheet = read_sheet(data)

    assert (sheet.headings, sheet.rows, sheet.reading["encoding"]) == (("Name", "E-mail"), ROWS, encoding)


@pytest.mark.parametrize(("mark", "ending"), list(product([",", ";", "\t", "|"], ["\n", "\r\n", "\r"])))
def test_every_usual_delimiter_and_line_ending_is_told_apart(mark: str, ending: str) -> None:
    lines = [["name", "started", "note"], ["Ada", "2026-01-05", "a, b; c"], ["Ben", "2026-02-02", ""]]
    text = ending.join(
        mark.join(f'"{value}"' if value.startswith("a,") else value for value in line) for line in lines
    )

    sheet = read_sheet(text.encode())

    assert sheet.headings == ("name", "started", "note")
    assert [row.cells for row in sheet.rows] == [
        ("Ada", "2026-01-05", "a, b; c"),
        ("Ben", "2026-02-02", None),
    ]


def test_a_cell_may_hold_line_breaks_and_quotation_marks_and_row_numbers_are_those_of_a_spreadsheet() -> None:
    sheet = read_sheet(b'name,note\nAda,"first\nsecond ""quoted"""\n\nBen,x\n')

    assert sheet.rows == (Row(2, ("Ada", 'first\nsecond "quoted"')), Row(4, ("Ben", "x")))


def test_excels_own_first_line_and_a_title_above_the_headings_are_no_rows() -> None:
    assert read_sheet(b"sep=;\r\nname;note\r\nAda;x\r\n").rows == (Row(2, ("Ada", "x")),)
    titled = read_sheet(b"Workers of Northwind,,\n,,\nname,note,\nAda,x,\n")
    assert (titled.headings, titled.rows, titled.reading["headings"]) == (
        ("name", "note"),
        (Row(4, ("Ada", "x")),),
        "row 3",
    )


def test_a_row_whose_cells_cannot_be_told_apart_is_broken_and_named() -> None:
    sheet = read_sheet(b"name,team,note\nAda,x,y\nBen,x\nMira,x,y,z\nTomas,x,y,\n")

    assert [row.cells[0] for row in sheet.rows] == ["Ada", "Tomas"]
    assert [(row.number, row.why) for row in sheet.broken] == [
        (3, "Row 3 has 2 cells where there are 3 headings."),
        (4, "Row 4 has values beyond the last heading."),
    ]


def test_a_list_with_headings_alone_is_a_list_of_nobody() -> None:
    assert read_sheet(b"name,note\n") == Sheet(
        "csv", ("name", "note"), (), (), None, {"delimiter": "comma", "encoding": "utf-8"}
    )


def test_what_looks_like_a_formula_in_text_stays_the_text_it_is() -> None:
    assert read_sheet(b'name,note\n=1+1,"=HYPERLINK(""http://x"",""y"")"\n').rows[0].cells == (
        "=1+1",
        '=HYPERLINK("http://x","y")',
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "The file is empty. Export it again."),
        (b"\xef\xbb\xbf \r\n\t\n", "The file is empty. Export it again."),
        (b'name,note\nAda,"half a fi', "a quotation mark is open or stray, or half of the file is missing"),
        (b'name,note\nAda,"x"y\n', "a quotation mark is open or stray"),
        (b"name,note\nAda,\x00x\n", "zero bytes"),
        (b"name,note\nAda,\x81\n", "not text in cp1252"),
        (b"\xff\xfea\x00,\x00b", "not text in utf-16-le"),
        (b"name,note\n" + b"x" * 40_000 + b",y\n", "A cell in row 2 has 40,000 characters"),
        (b"<!doctype html><table>", "a web page or XML"),
        (b"\xef\xbb\xbf <html>", "a web page or XML"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
    ],
)
def test_what_cannot_be_read_whole_is_refused_with_the_remedy(data: bytes, says: str) -> None:
    with pytest.raises(UnreadableFileError, match=says):
        read_sheet(data)


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        (b"a,b\n" * 11, Limits(bytes=40)),
        (b"a,b\n" + b"1,2\n" * 10, Limits(rows=10)),
        (b"a,b,c\n1,2,3\n", Limits(columns=2)),
        (b"a,b\n" + b"1,2\n" * 10, Limits(cells=20)),
    ],
    ids=["bytes", "rows", "columns", "cells"],
)
def test_the_limits_hold(data: bytes, limits: Limits) -> None:
    with pytest.raises(UnreadableFileError, match=r"most are|are the most"):
        read_sheet(data, limits)


# XLSX


def test_a_workbook_gives_its_first_sheet_and_says_which_it_left_out() -> None:
    data = workbook(
        ("Name", "Started", "Seats", "Share", "MFA"),
        ("Ada", datetime(2026, 1, 5), 3.0, 0.5, True),  # noqa: DTZ001 - workbooks know no zones
        ("Ben", None, 12, None, False),
        sheets={"Old": (("x",),)},
    )

    sheet = read_sheet(data)

    assert sheet.headings == ("Name", "Started", "Seats", "Share", "MFA")
    assert [row.cells for row in sheet.rows] == [
        ("Ada", datetime(2026, 1, 5), 3, "0.5", True),  # noqa: DTZ001
        ("Ben", None, 12, None, False),
    ]
    assert sheet.reading == {"sheet": "Sheet", "sheets left out": "Old"}


def test_a_named_sheet_is_read_and_a_missing_one_is_refused() -> None:
    data = workbook(("x",), sheets={"People": (("Name", "Team"), ("Ada", "Legal"))})

    assert read_sheet(data, sheet="People").rows == (Row(2, ("Ada", "Legal")),)
    with pytest.raises(UnreadableFileError, match="no sheet “Persons”; it has Sheet, People"):
        read_sheet(data, sheet="Persons")


def test_no_formula_is_evaluated_nor_is_its_remembered_result_believed() -> None:
    data = workbook(("Name", "Sum", "Link", "Bad"), ("Ada", "=1+1", '=HYPERLINK("http://x")', "#REF!"))
    sheet_xml = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    remembered = replaced(
        data, "xl/worksheets/sheet1.xml", sheet_xml.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
    )

    for file in (data, remembered):
        formula, link, error = read_sheet(file).rows[0].cells[1:]
        assert formula == link == Unreadable("holds a formula; paste it as a value")
        assert error == Unreadable("holds a spreadsheet's error")


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_refused() -> None:
    data = replaced(workbook(("Name",)), "xl/styles.xml", b" " * 30_000_000)

    assert len(data) < 60_000
    with pytest.raises(UnreadableFileError, match="unpacks to far more"):
        read_sheet(data)


def test_a_workbook_that_claims_a_million_empty_rows_ends_at_the_limit() -> None:
    data = workbook(("Name", "Team"), ("Ada", "Legal"))
    sheet_xml = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    far = (
        sheet_xml.replace(b'<row r="2"', b'<row r="1048576"')
        .replace(b'r="A2"', b'r="A1048576"')
        .replace(b'r="B2"', b'r="B1048576"')
    )
    wide = sheet_xml.replace(b'r="B2"', b'r="XFD2"')
    boastful = sheet_xml.replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1:XFD1048576"')

    for hostile in (far, wide):
        with pytest.raises(UnreadableFileError, match="larger than can be read"):
            read_sheet(replaced(data, "xl/worksheets/sheet1.xml", hostile), Limits(rows=1_000))
    assert boastful != sheet_xml
    assert len(read_sheet(replaced(data, "xl/worksheets/sheet1.xml", boastful)).rows) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_with_entities_of_its_own_is_refused(encoding: str) -> None:
    laughs = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'.encode(
        encoding
    )

    with pytest.raises(UnreadableFileError, match="document type"):
        read_sheet(replaced(workbook(("Name",)), "xl/worksheets/sheet1.xml", laughs))


def test_a_broken_workbook_is_refused_wherever_it_was_cut_or_changed() -> None:
    data = workbook(("Name", "Team"), ("Ada", "Legal"))
    broken = [data[:at] for at in range(4, len(data), 211)] + [
        replaced(data, "xl/workbook.xml", b"<workbook>")
    ]

    for file in broken:
        with pytest.raises(UnreadableFileError, match=r"[Ss]ave it anew as XLSX"):
            read_sheet(file)


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as container:
        container.writestr("../../etc/passwd", "x")

    with pytest.raises(UnreadableFileError, match="broken"):
        read_sheet(stream.getvalue())


# JSON


def test_a_json_list_may_stand_alone_or_inside_an_object() -> None:
    items = '[{"id": 7, "user": {"email": "ada@northwind.example"}, "mfa": true, "tags": ["a", "b"]}, {"id": 8, "score": 1.50}]'

    for text in (items, '{"items": ' + items + ', "total": 2, "next": null}'):
        sheet = read_sheet(text.encode())
        assert sheet.headings == ("id", "user.email", "mfa", "tags", "score")
        assert [row.cells for row in sheet.rows] == [
            (7, "ada@northwind.example", True, ("a", "b"), None),
            (8, None, None, None, "1.50"),
        ]
    assert sheet.stated == 2


def test_an_empty_json_list_is_a_list_of_nobody() -> None:
    assert read_sheet(b"[]").rows == ()


def test_a_json_cell_that_is_no_value_is_told_apart() -> None:
    row = read_sheet(b'[{"a": [{"b": 1}], "c": [1, 2], "d": "x"}]').rows[0]

    assert row.cells == (Unreadable("holds an object or a list, not a value"),) * 2 + ("x",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"items": [{"a": 1}], "next_page_token": "x"}', "only a part"),
        ('{"items": [{"a": 1}], "has_more": true}', "only a part"),
        ('{"a": [1], "b": [2]}', "neither a list of objects nor an object around one"),
        ('{"a": 1}', "neither a list of objects nor an object around one"),
        ("[1, 2]", "something that is not an object"),
        ('[{"a": 1, "a": 2}]', "a key occurs twice"),
        ('[{"a": 1}', "not JSON"),
        ('[{"a": NaN}]', "not JSON"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_json_that_is_no_whole_list_is_refused(text: str, says: str) -> None:
    with pytest.raises(UnreadableFileError, match=says):
        read_sheet(text.encode())


# Anything


@settings(deadline=None, max_examples=300)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(alphabet='ab,;"\n\r\t|\x00{}[]:1=é', max_size=200).map(str.encode),
        st.tuples(
            st.sampled_from(
                [b"PK\x03\x04", b"{", b"[", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"sep=;\n"]
            ),
            st.binary(max_size=100),
        ).map(b"".join),
    )
)
def test_no_bytes_do_anything_but_give_a_sheet_or_a_sentence(data: bytes) -> None:
    try:
        sheet = read_sheet(data)
    except UnreadableFileError as refused:
        sheet, said = None, str(refused)

    if sheet is None:
        assert said.endswith(".")
    else:
        assert all(len(row.cells) == len(sheet.headings) for row in sheet.rows)
