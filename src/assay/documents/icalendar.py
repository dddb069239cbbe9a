"""A calendar of whole days as iCalendar (RFC 5545): what is due on which day, for any calendar program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75
"""Octets of a line without its break (RFC 5545, section 3.1)."""


@dataclass(frozen=True, slots=True)
class DayEvent:
    """Something on a day. `uid` stays the same for the same thing, so that a newer file takes the place of an older one's."""

    uid: str
    day: date
    title: str
    text: str
    address: str


def icalendar(name: str, events: Iterable[DayEvent], made: datetime) -> bytes:
    """Give the file. `made` is an aware instant."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Assay//Calendar//EN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{_text(name)}")
    stamp = f"{made.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    for one in events:
        lines += _event(one, stamp)
    lines.append("END:VCALENDAR")
    return b"".join(folded + b"\r\n" for line in lines for folded in _folded(line))


def _event(one: DayEvent, stamp: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(one.uid)}"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}"  # the end is not a part of it (section 3.6.1)
    yield f"SUMMARY:{_text(one.title)}"
    yield f"DESCRIPTION:{_text(one.text)}"
    yield f"URL:{one.address}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(words: str) -> str:
    """Escape a text (section 3.3.11); control characters other than line breaks and tabs are left out, since the format has no place for them."""
    plain = words.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(one for one in plain if one in "\n\t" or (one >= " " and one != "\x7f"))
    for mark, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        plain = plain.replace(mark, written)
    return plain


def _folded(line: str) -> Iterator[bytes]:
    """Fold a line at 75 octets, never inside a character; what goes on begins with a space (section 3.1)."""
    part = b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > LONGEST_LINE:
            yield part
            part = b" "
        part += octets
    yield part
