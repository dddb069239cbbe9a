"""Instants that an API gives as numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from assay.evidence.canonical import Json, instant_text

__all__ = ["from_milliseconds", "from_seconds"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def from_milliseconds(value: Json) -> str:
    """Give the instant so many milliseconds after the start of 1970, as RFC 3339 text."""
    return _after(milliseconds=int(value))


def from_seconds(value: Json) -> str:
    """Give the instant so many seconds after the start of 1970, as RFC 3339 text."""
    return _after(seconds=int(value))


def _after(**amount: int) -> str:
    try:
        return instant_text(_EPOCH + timedelta(**amount))
    except OverflowError as error:
        raise ValueError("beyond the calendar") from error
