"""Dates in many spellings, read in one way or not at all; words of closed sets; values that canonical JSON can hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from assay.collectors.files import DateOrder
from assay.collectors.files.dates import BadValueError, is_ambiguous, order_shown_by, read_date, read_instant
from assay.collectors.files.headings import Known
from assay.collectors.files.sheet import Cell, Unreadable
from assay.collectors.files.values import is_blank, read_value
from assay.evidence.canonical import Json
from assay.tables import Type

BERLIN = ZoneInfo("Europe/Berlin")
APRIL_3 = date(2026, 4, 3)
PLAIN = Known()


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-03",
        "2026/04/03",
        "2026.4.3",
        "20260403",
        "3 April 2026",
        "03-Apr-2026",
        "3. April 2026",
        "3rd Apr 2026",
        "Apr 3, 2026",
        "April 3rd 2026",
        " 2026-04-03 ",
    ],
)
def test_dates_that_can_be_read_in_one_way_only(text: str) -> None:
    assert read_date(text, None, BERLIN) == APRIL_3


@pytest.mark.parametrize("text", ["03/04/2026", "3/4/2026", "03.04.2026", "03-04-2026", "03/04/2026 10:30"])
def test_dates_that_can_be_read_in_two_ways_are_refused_until_the_mapping_says_which(text: str) -> None:
    with pytest.raises(
        BadValueError,
        match="can be read in two ways; say in the mapping whether the day or the month comes first",
    ):
        read_date(text, None, BERLIN)

    assert read_date(text, DateOrder.DAY_FIRST, BERLIN) == date(2026, 4, 3)
    assert read_date(text, DateOrder.MONTH_FIRST, BERLIN) == date(2026, 3, 4)
    assert is_ambiguous(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("25/04/2026", date(2026, 4, 25)), ("04/25/2026", date(2026, 4, 25)), ("03/03/2026", date(2026, 3, 3))],
)
def test_a_date_that_only_one_order_makes_sense_of_needs_no_order(text: str, expected: date) -> None:
    assert read_date(text, None, BERLIN) == expected
    assert not is_ambiguous(text)


def test_a_date_against_the_order_of_the_mapping_is_refused_not_turned_round() -> None:
    with pytest.raises(BadValueError, match="no calendar"):
        read_date("25/04/2026", DateOrder.MONTH_FIRST, BERLIN)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["03/04/2026", "25/04/2026"], DateOrder.DAY_FIRST),
        (["03/04/2026", "04/25/2026 8:00"], DateOrder.MONTH_FIRST),
        (["03/04/2026"], None),
        (["25/04/2026", "04/25/2026"], None),
        (["2026-04-25", "in 2026"], None),
    ],
)
def test_the_order_is_taken_from_dates_that_prove_it(texts: list[str], order: DateOrder | None) -> None:
    assert order_shown_by(texts) == order


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("31.02.2026", "a day that no calendar has"),
        ("2026-13-01", "a day that no calendar has"),
        ("3/4/26", "is not a date"),
        ("next week", "is not a date"),
        ("3 Foo 2026", "names no month"),
        ("9999-12-31", "a year outside 1950 to 2199"),
        ("1900-01-01", "a year outside 1950 to 2199"),
        ("2026-04-03 25:00", "a time that no clock shows"),
        ("2026-04-03 13:00 PM", "a time that no clock shows"),
        (46115, "a number where a date belongs"),
        (True, "a number where a date belongs"),
        (("2026-04-03",), "a number where a date belongs"),
    ],
)
def test_what_is_no_date_is_refused(cell: Cell, says: str) -> None:
    with pytest.raises(BadValueError, match=says):
        read_instant(cell, DateOrder.DAY_FIRST, BERLIN)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-04-03T10:30:00Z", datetime(2026, 4, 3, 10, 30, tzinfo=UTC)),
        ("2026-04-03T10:30:00.250+02:00", datetime(2026, 4, 3, 8, 30, 0, 250_000, tzinfo=UTC)),
        ("2026-04-03 10:30:00 -0500", datetime(2026, 4, 3, 15, 30, tzinfo=UTC)),
        ("2026-04-03 10:30 UTC", datetime(2026, 4, 3, 10, 30, tzinfo=UTC)),
        ("2026-04-03 10:30", datetime(2026, 4, 3, 8, 30, tzinfo=UTC)),
        ("Apr 3, 2026, 12:05 AM", datetime(2026, 4, 2, 22, 5, tzinfo=UTC)),
        ("3 Apr 2026 12:05 p.m.", datetime(2026, 4, 3, 10, 5, tzinfo=UTC)),
        ("2026-01-03", datetime(2026, 1, 2, 23, 0, tzinfo=UTC)),
        ("2026-01-03 00:00:00", datetime(2026, 1, 2, 23, 0, tzinfo=UTC)),
        (date(2026, 1, 3), datetime(2026, 1, 2, 23, 0, tzinfo=UTC)),
        (datetime(2026, 1, 3, 9, 0), datetime(2026, 1, 3, 8, 0, tzinfo=UTC)),  # noqa: DTZ001 - workbooks know no zones
        (
            datetime(2026, 1, 3, 9, 0, tzinfo=timezone(timedelta(hours=1))),
            datetime(2026, 1, 3, 8, 0, tzinfo=UTC),
        ),
    ],
)
def test_instants_come_out_in_utc(cell: Cell, expected: datetime) -> None:
    assert read_instant(cell, None, BERLIN) == expected


@pytest.mark.parametrize("cell", ["2026-03-31", "2026-03-31 00:00:00", datetime(2026, 3, 31)])  # noqa: DTZ001
def test_a_last_day_lasts_to_its_end(cell: Cell) -> None:
    assert read_instant(cell, None, BERLIN, to_the_end=True) == datetime(2026, 3, 31, 22, 0, tzinfo=UTC)


def test_a_last_hour_that_is_told_counts_as_told() -> None:
    assert read_instant("2026-03-31 17:00", None, BERLIN, to_the_end=True) == datetime(
        2026, 3, 31, 15, 0, tzinfo=UTC
    )


def test_a_day_without_a_midnight_begins_with_its_first_instant() -> None:
    assert read_instant("2026-09-06", None, ZoneInfo("America/Santiago")) == datetime(
        2026, 9, 6, 4, 0, tzinfo=UTC
    )


@pytest.mark.parametrize("text", ["2026-10-25 02:30", "2026-03-29 02:30"])
def test_a_time_that_occurs_twice_or_never_is_refused(text: str) -> None:
    with pytest.raises(BadValueError, match="the clocks are changed"):
        read_instant(text, None, BERLIN)


def test_the_day_of_an_instant_is_the_companys() -> None:
    assert read_date("2026-04-02T23:30:00Z", None, BERLIN) == APRIL_3
    assert read_date("2026-04-03 23:30", None, BERLIN) == APRIL_3


@pytest.mark.parametrize(
    ("cell", "kind", "expected"),
    [
        ("  Zoe\u0308 ", Type.TEXT, "Zoë"),
        (1001, Type.TEXT, "1001"),
        (date(2026, 4, 3), Type.TEXT, "2026-04-03"),
        (("a", "b"), Type.TEXT, "a; b"),
        ("Yes", Type.BOOLEAN, True),
        ("none", Type.BOOLEAN, False),
        (0, Type.BOOLEAN, False),
        (True, Type.BOOLEAN, True),
        ("12", Type.INTEGER, 12),
        ("9007199254740993", Type.INTEGER, "9007199254740993"),
        ("1234.50", Type.DECIMAL, "1234.50"),
        ("b; a\nb", Type.TEXTS, ["a", "b"]),
        ("2026-04-03T10:30:00.5Z", Type.INSTANT, "2026-04-03T10:30:00.500000Z"),
        ("3 Apr 2026", Type.DATE, "2026-04-03"),
    ],
)
def test_values_are_kept_in_one_spelling(cell: Cell, kind: Type, expected: Json) -> None:
    assert read_value(cell, kind, PLAIN, {}, None, BERLIN) == expected


@pytest.mark.parametrize(
    ("cell", "kind", "says"),
    [
        (Unreadable("holds a formula; paste it as a value"), Type.TEXT, "holds a formula"),
        ("half \ud83d", Type.TEXT, "half of a character"),
        ("maybe", Type.BOOLEAN, "neither yes nor no"),
        ("1,5", Type.INTEGER, "not a whole number"),
        (True, Type.INTEGER, "not a whole number"),
        ("1.000,5", Type.DECIMAL, "not a number"),
        ("NaN", Type.DECIMAL, "not a number"),
        ("1e999999999", Type.DECIMAL, "not a number"),
    ],
)
def test_what_is_no_value_of_its_type_is_refused(cell: Cell, kind: Type, says: str) -> None:
    with pytest.raises(BadValueError, match=says):
        read_value(cell, kind, PLAIN, {}, None, BERLIN)


def test_a_word_of_a_closed_set_means_what_the_mapping_says_and_no_other_word_does() -> None:
    states = Known(words=(("active", ("active",)), ("left", ("left",))))

    assert read_value(" On  Board", Type.TEXT, states, {"on board": "active"}, None, BERLIN) == "active"
    with pytest.raises(BadValueError, match="a word that the mapping does not explain"):
        read_value("active", Type.TEXT, states, {"on board": "active"}, None, BERLIN)


def test_an_address_is_one() -> None:
    lower = Known(lower=True)

    assert (
        read_value("Ada@Northwind.Example", Type.TEXT, lower, {}, None, BERLIN, email=True)
        == "ada@northwind.example"
    )
    for bad in ("Ada Lindqvist", "ada@", "a@b, c@d", "Ada <ada@northwind.example>"):
        with pytest.raises(BadValueError, match="is not an e-mail address"):
            read_value(bad, Type.TEXT, lower, {}, None, BERLIN, email=True)


@pytest.mark.parametrize(
    ("cell", "blank"),
    [
        (None, True),
        (" ", True),
        ("-", True),
        ("N/A", True),
        ((), True),
        ("none", False),
        (0, False),
        (False, False),
    ],
)
def test_a_cell_is_blank_when_it_says_nothing(cell: Cell, blank: bool) -> None:
    assert is_blank(cell) is blank
