"""Observed values as canonical JSON: what a query gave, made into values that every reader reads alike (formats.md, section 1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from assay.evidence.canonical import LARGEST_INTEGER, Json

Observe: TypeAlias = Callable[[Any], Json]

_AS_THEY_ARE = (
    "VARCHAR",
    "BOOLEAN",
    "INTEGER",
    "SMALLINT",
    "TINYINT",
    "UINTEGER",
    "USMALLINT",
    "UTINYINT",
    "VARCHAR[]",
    '"NULL"',
)


def observers(types: Sequence[str]) -> list[Observe | None]:
    """Give for each SQL type what makes its values canonical; None where they are already."""
    return [None if name in _AS_THEY_ARE else _observer(name) for name in types]


def observed_columns(types: Sequence[str], columns: Sequence[Sequence[Any]]) -> list[Sequence[Json]]:
    """Give columns of values of these SQL types in canonical form."""
    return [
        column if observe is None else [observe(value) for value in column]
        for observe, column in zip(observers(types), columns, strict=True)
    ]


def instant(value: datetime | None) -> str | None:
    """Write a TIMESTAMP in UTC as RFC 3339."""
    return None if value is None else value.isoformat() + "Z"


def _observer(name: str) -> Observe:
    if name.endswith("[]"):
        inner = observers([name[:-2]])[0]
        return lambda value: value if value is None or inner is None else [inner(member) for member in value]
    if name == "TIMESTAMP":
        return instant
    return observed


def observed(value: Any) -> Json:
    """Give a value in canonical form: integers beyond 2^53−1, decimals and dates as text, instants as RFC 3339 in UTC."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return value if -LARGEST_INTEGER <= value <= LARGEST_INTEGER else str(value)
    if isinstance(value, datetime):
        return instant(value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value)
    if isinstance(value, list | tuple):
        return [observed(member) for member in value]
    return str(value)
