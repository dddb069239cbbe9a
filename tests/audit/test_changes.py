"""Months of a population: counted in the company's zone, and one that was not seen says so, whatever its count."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from assay.audit.changes import Reach, Seen, months

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_an_event_belongs_to_the_month_of_the_company_zone() -> None:
    late = at("2026-10-31T23:30")  # 00:30 on 1 November in Berlin
    reach = Reach(at("2026-01-01T00:00"), at("2026-12-24T00:00"))
    found = months([late], reach, first=date(2026, 10, 5), last=date(2026, 11, 20), zone=BERLIN)
    assert [(one.name, one.count, one.seen) for one in found] == [
        ("2026-10", 0, Seen.WHOLE),
        ("2026-11", 1, Seen.WHOLE),
    ]


def test_months_before_the_first_look_and_after_the_last_are_not_seen_and_those_at_the_edges_partly() -> None:
    reach = Reach(at("2026-08-10T00:00"), at("2026-10-15T00:00"))
    found = months([], reach, first=date(2026, 7, 1), last=date(2026, 11, 30), zone=BERLIN)
    assert [one.seen for one in found] == [Seen.NOT, Seen.PARTLY, Seen.WHOLE, Seen.PARTLY, Seen.NOT]


def test_a_hole_makes_every_month_partly_seen_and_no_look_makes_none_seen() -> None:
    holed = Reach(at("2026-01-01T00:00"), at("2026-12-01T00:00"), holes=True)
    (one,) = months([], holed, first=date(2026, 3, 1), last=date(2026, 3, 31), zone=BERLIN)
    assert one.seen is Seen.PARTLY
    (one,) = months([], None, first=date(2026, 3, 1), last=date(2026, 3, 31), zone=BERLIN)
    assert one.seen is Seen.NOT


def test_a_month_whose_edges_are_exactly_seen_is_whole() -> None:
    """March 2026 in Berlin: from 28 February 23:00 UTC to 31 March 22:00 UTC, after the change of clocks."""
    reach = Reach(at("2026-02-28T23:00"), at("2026-03-31T22:00"))
    (one,) = months([], reach, first=date(2026, 3, 1), last=date(2026, 3, 31), zone=BERLIN)
    assert one.seen is Seen.WHOLE
    short = Reach(at("2026-02-28T23:00"), at("2026-03-31T21:59"))
    (one,) = months([], short, first=date(2026, 3, 1), last=date(2026, 3, 31), zone=BERLIN)
    assert one.seen is Seen.PARTLY
