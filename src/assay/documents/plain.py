"""Text from a stranger's cloud made harmless before any renderer sees it, and dates as a person reads them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, tzinfo
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

LONGEST = 400
"""Characters of one foreign text that a document shows; the rest is cut and marked by an ellipsis."""

_UNSAFE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def plain(text: str, longest: int = LONGEST) -> str:
    """Give text in which nothing moves a cursor, turns the direction of writing or hides: such characters are spelled `<U+202E>`, line ends are spaces."""
    joined = re.sub(r"[\t\r\n]+", " ", text)
    shown = "".join(_spelled(character) for character in joined[: longest + 1])
    return shown if len(joined) <= longest else f"{shown[:longest].rstrip()}…"


def _spelled(character: str) -> str:
    return f"<U+{ord(character):04X}>" if unicodedata.category(character) in _UNSAFE else character


def plain_report(value: Any) -> Any:
    """Give a report in which every text, member names included, is plain; the object given stays as it is."""
    match value:
        case str():
            return plain(value, 4_000)
        case dict():
            return {plain(name): plain_report(member) for name, member in value.items()}
        case list():
            return [plain_report(member) for member in value]
        case _:
            return value


def zone_of(name: str) -> tzinfo:
    """Give the zone from the package tzdata, so that every machine reads the same clock; UTC where the name is none."""
    if not re.fullmatch(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*", name):
        return ZoneInfo("UTC")
    place = resources.files("tzdata") / "zoneinfo" / name
    if not place.is_file():
        return ZoneInfo("UTC")
    with place.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def day(instant: str, zone: tzinfo) -> str:
    """Give `Mon 23 Nov 2026`; a text that is no instant or date comes back plain."""
    moment = _moment(instant, zone)
    return (
        plain(instant)
        if moment is None
        else f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    )


def day_and_time(instant: str, zone: tzinfo) -> str:
    """Give `Mon 23 Nov 2026, 07:12`."""
    moment = _moment(instant, zone)
    return (
        day(instant, zone)
        if not isinstance(moment, datetime)
        else f"{day(instant, zone)}, {moment.hour:02}:{moment.minute:02}"
    )


def value_words(value: Any) -> str:
    """Give an observed value as a person reads it: nothing is `none`, true is `yes`, a list is its members."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(value_words(member) for member in value) or "none"
        case dict():
            return (
                ", ".join(
                    f"{plain(str(name))}: {value_words(member)}" for name, member in sorted(value.items())
                )
                or "none"
            )
        case _:
            return plain(str(value))


def column_words(column: str) -> str:
    """Give a column's name as words: `saw_policy_public` is `policy public`."""
    return plain(column.removeprefix("saw_").replace("_", " "))


def _moment(text: str, zone: tzinfo) -> datetime | date | None:
    try:
        return datetime.fromisoformat(text).astimezone(zone) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return None
