"""From what an answer says to a value of a column's type; what does not fit is told apart from what is absent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from assay.evidence.canonical import Json, NotCanonicalError, parse_instant
from assay.tables.spec import Type

LARGEST_BIGINT = 2**63 - 1
MOST_DIGITS = 40


class _Misfit:
    """A value that is no value of the column's type."""

    def __repr__(self) -> str:
        return "MISFIT"


MISFIT: Final = _Misfit()


def typed(kind: Type, value: Json) -> Any:
    """Give `value`, which is not None, as a value of the type, or MISFIT.

    A text that says true or false is a boolean, digits are an integer, an instant's day is a date, a map is a list of `key:value` texts.
    """
    return _READERS[kind](value)


def _text(value: Json) -> Any:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else MISFIT


def _boolean(value: Json) -> Any:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower(), MISFIT) if isinstance(value, str) else MISFIT


def _integer(value: Json) -> Any:
    if (
        isinstance(value, str)
        and value.removeprefix("-").isascii()
        and value.removeprefix("-").isdigit()
        and len(value) <= MOST_DIGITS
    ):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return MISFIT
    return value if abs(value) <= LARGEST_BIGINT else MISFIT


def _decimal(value: Json) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return MISFIT
    try:
        read = Decimal(value) if len(str(value)) <= MOST_DIGITS else None
    except (InvalidOperation, ValueError):
        return MISFIT
    return read if read is not None and read.is_finite() else MISFIT


def _instant(value: Json) -> Any:
    if not isinstance(value, str):
        return MISFIT
    try:
        return parse_instant(value).astimezone(UTC).replace(tzinfo=None)
    except (NotCanonicalError, OverflowError):
        return MISFIT


def _date(value: Json) -> Any:
    if not isinstance(value, str):
        return MISFIT
    try:
        return date.fromisoformat(value)
    except ValueError:
        instant = _instant(value)
        return instant.date() if isinstance(instant, datetime) else MISFIT


def _texts(value: Json) -> Any:
    if isinstance(value, Mapping):
        pairs = [(name, _text(member)) for name, member in value.items()]
        return (
            MISFIT
            if any(text is MISFIT for _, text in pairs)
            else sorted(f"{name}:{text}" for name, text in pairs)
        )
    if not isinstance(value, list):
        text = _text(value)
        return MISFIT if text is MISFIT else [text]
    texts = [_text(member) for member in value]
    return MISFIT if any(text is MISFIT for text in texts) else texts


_READERS: Mapping[Type, Callable[[Json], Any]] = {
    Type.TEXT: _text,
    Type.BOOLEAN: _boolean,
    Type.INTEGER: _integer,
    Type.DECIMAL: _decimal,
    Type.INSTANT: _instant,
    Type.DATE: _date,
    Type.TEXTS: _texts,
}
