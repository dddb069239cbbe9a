"""What the check engine needs to know of a table: the part of `assay.tables.TableSpec` that checks rest on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

ENGINE_COLUMNS = ("key", "account", "region", "parent")
"""Text columns that every table has beside those of its spec."""

ORDINAL = "_ordinal"
"""The engine's own column: the record's place in the order of keys. No check can name it."""

SQL_TYPES = {
    "text": "VARCHAR",
    "boolean": "BOOLEAN",
    "integer": "BIGINT",
    "decimal": "DECIMAL(38, 9)",
    "instant": "TIMESTAMP",
    "date": "DATE",
    "texts": "VARCHAR[]",
}
"""Column type to the type it has in SQL. Instants are kept as TIMESTAMP in UTC: TIMESTAMPTZ plus an interval depends on the session."""


class Spec(Protocol):
    """A table as checks see it. `reach` is `account` or `region`; `columns` maps a name to its type, or to an object with a `type`."""

    @property
    def name(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def reach(self) -> str: ...
    @property
    def columns(self) -> Mapping[str, Any]: ...
    @property
    def personal(self) -> Any: ...


def column_types(spec: Spec) -> dict[str, str]:
    """Give every column a check may name, engine columns first, with its type (`text`, `instant`, …)."""
    own = {name: str(getattr(column, "type", column)) for name, column in spec.columns.items()}
    return {**dict.fromkeys(ENGINE_COLUMNS, "text"), **own}
