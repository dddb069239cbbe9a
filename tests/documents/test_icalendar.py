"""iCalendar as RFC 5545 asks for it: lines of at most 75 octets, escaped texts, whole days whose end is not a part of them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from assay.documents.icalendar import DayEvent, icalendar

MADE = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def _unfolded(content: bytes) -> list[str]:
    return content.replace(b"\r\n ", b"").decode().split("\r\n")


def test_a_duty_is_a_whole_day() -> None:
    event = DayEvent(
        "IAM-07-2026@home",
        date(2026, 12, 31),
        "Review access; all",
        "One,\ntwo \\ three",
        "https://a.example/",
    )
    assert _unfolded(icalendar("Northwind, duties", [event], MADE)) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Assay//Calendar//EN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Northwind\\, duties",
        "BEGIN:VEVENT",
        "UID:IAM-07-2026@home",
        "DTSTAMP:20261124T093000Z",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "SUMMARY:Review access\\; all",
        "DESCRIPTION:One\\,\\ntwo \\\\ three",
        "URL:https://a.example/",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_no_line_is_longer_than_75_octets_and_no_character_is_cut() -> None:
    words = "Prüfung der Zugänge 漢字 🙂 " * 20
    content = icalendar("x", [DayEvent("u", date(2027, 1, 1), words, words, "https://a.example/")], MADE)
    assert max(map(len, content.split(b"\r\n"))) <= 75
    for line in content.split(b"\r\n"):
        line.decode()
    assert f"SUMMARY:{words}" in _unfolded(content)


def test_a_text_cannot_begin_a_line_of_its_own() -> None:
    event = DayEvent("u", date(2027, 1, 1), "A\r\nBEGIN:VALARM\rX\x00\x0b", "", "https://a.example/")
    assert "SUMMARY:A\\nBEGIN:VALARM\\nX" in _unfolded(icalendar("x", [event], MADE))
