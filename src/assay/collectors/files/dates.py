"""Dates and instants in the spellings that exports use. One that can be read in two ways is refused, not guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from zoneinfo import ZoneInfo

from assay.collectors.files.sheet import Cell

FIRST_YEAR, LAST_YEAR = 1950, 2199


class DateOrder(StrEnum):
    """What the first number of a date such as 03/04/2026 is."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class BadValueError(ValueError):
    """A cell that is no value of its column. The text ends the sentence “The cell …” and repeats nothing of the cell."""


_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_TIME = re.compile(
    r"[T ,]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(:(?P<second>\d{2})([.,](?P<fraction>\d{1,9}))?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<offset>Z|z|UTC|GMT|[+-]\d{2}:?\d{2})?$"
)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
_DAY_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})$")
_MONTH_NAMED = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$")


def read_date(cell: Cell, order: DateOrder | None, zone: ZoneInfo) -> date:
    """Give the day that a cell names; an instant's day is the one in `zone`. Raises BadValueError."""
    day, clock = _parts(cell, order)
    if clock is None or clock.tzinfo is None:
        return day
    return datetime.combine(day, clock).astimezone(zone).date()


def read_instant(
    cell: Cell, order: DateOrder | None, zone: ZoneInfo, *, to_the_end: bool = False
) -> datetime:
    """Give the instant in UTC that a cell names; without an offset it is local time in `zone`. Raises BadValueError.

    A day without a time is its first instant, or with `to_the_end` the first instant of the day after.
    """
    day, clock = _parts(cell, order)
    if clock is None:
        first = day + timedelta(days=1) if to_the_end else day
        return datetime.combine(first, time(), zone).astimezone(UTC)
    moment = datetime.combine(day, clock)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
        if moment.utcoffset() != moment.replace(fold=1).utcoffset():
            raise BadValueError(
                "holds a time of the hour in which the clocks are changed; export it with its offset, or in UTC"
            )
    return moment.astimezone(UTC)


def order_shown_by(texts: list[str]) -> DateOrder | None:
    """Give the order that dates such as 25/04/2026 among `texts` prove; None when none does, or both orders occur."""
    found = [match for text in texts if (match := _YEAR_LAST.match(_TIME.sub("", text.strip())))]
    day_first = any(int(match[1]) > 12 for match in found)
    month_first = any(int(match[2]) > 12 for match in found)
    if day_first == month_first:
        return None
    return DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST


def is_ambiguous(text: str) -> bool:
    """Say whether a text is a date that can be read in two ways."""
    match = _YEAR_LAST.match(_TIME.sub("", text.strip()))
    return (
        match is not None
        and int(match[1]) <= 12
        and int(match[2]) <= 12
        and match[1].zfill(2) != match[2].zfill(2)
    )


def _parts(cell: Cell, order: DateOrder | None) -> tuple[date, time | None]:
    if isinstance(cell, datetime):
        return _plausible(cell.date()), _time_of_day(cell.timetz())
    if isinstance(cell, date):
        return _plausible(cell), None
    if not isinstance(cell, str):
        raise BadValueError("holds a number where a date belongs; format the column as a date")
    text, clock = _without_time(cell.strip())
    return _plausible(_day(text, order)), clock


def _without_time(text: str) -> tuple[str, time | None]:
    match = _TIME.search(text)
    if match is None:
        return text, None
    return text[: match.start()].rstrip(" ,"), _time_of_day(_clock(match))


def _time_of_day(clock: time) -> time | None:
    """Midnight without an offset is how workbooks and many exports write a day alone, so it is no time of day."""
    return None if clock == time() and clock.tzinfo is None else clock


def _clock(match: re.Match[str]) -> time:
    hour, half = int(match["hour"]), (match["half"] or "").lower().replace(".", "")
    if half and not 1 <= hour <= 12:
        raise BadValueError("holds a time that no clock shows")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    fraction = int((match["fraction"] or "0").ljust(6, "0")[:6])
    try:
        offset = _offset(match["offset"])
        return time(hour, int(match["minute"]), int(match["second"] or 0), fraction, offset)
    except ValueError as error:
        raise BadValueError("holds a time that no clock shows") from error


def _offset(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text[0] not in "+-":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _day(text: str, order: DateOrder | None) -> date:
    if match := _YEAR_FIRST.match(text) or _COMPACT.match(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_NAMED.match(text):
        return _date(int(match[3]), _month(match[2]), int(match[1]))
    if match := _MONTH_NAMED.match(text):
        return _date(int(match[3]), _month(match[1]), int(match[2]))
    if match := _YEAR_LAST.match(text):
        return _in_order(int(match[1]), int(match[2]), int(match[3]), order)
    raise BadValueError("is not a date; write it as 2026-04-03")


def _in_order(first: int, second: int, year: int, order: DateOrder | None) -> date:
    if order is None and first <= 12 and second <= 12 and first != second:
        raise BadValueError(
            "holds a date that can be read in two ways; say in the mapping whether the day or the month comes first"
        )
    if order is None:
        order = DateOrder.DAY_FIRST if first > 12 else DateOrder.MONTH_FIRST
    return _date(year, second, first) if order is DateOrder.DAY_FIRST else _date(year, first, second)


def _month(name: str) -> int:
    number = _MONTHS.get(name[:3].lower())
    if number is None:
        raise BadValueError("names no month; write the date as 2026-04-03")
    return number


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise BadValueError("holds a day that no calendar has; write it as 2026-04-03") from error


def _plausible(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadValueError(
            f"holds a year outside {FIRST_YEAR} to {LAST_YEAR}, which exports use for “none”; leave such cells blank"
        )
    return day
