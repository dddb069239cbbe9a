"""Versions of records loaded into the sealed engine: what was there from when until when, and what was not seen meanwhile."""

# ruff: noqa: S608 - names of tables and columns come from linted checks and loaded specs; values are always bound
from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assay.checks.check import Check
from assay.checks.errors import EvaluationError
from assay.checks.loaded import definitions, fill
from assay.checks.over_time.rewriting import FROM, UNTIL, read_columns, versions_name
from assay.checks.sealed import Rows, Sealed
from assay.checks.specs import ENGINE_COLUMNS, ORDINAL, SQL_TYPES, Spec, column_types
from assay.evidence.gaps import Gap

OPEN = datetime.fromisoformat("9999-12-31")
"""Until when the newest version of a record holds."""

ITEM = "_item"
"""The engine's own column: a number for each record, in the order of table, key, account and region."""

INTERVAL = ((FROM, "instant"), (UNTIL, "instant"))


@dataclass(frozen=True, slots=True)
class VersionsInput:
    """Versions of one table: rows as `assay.tables.row` gives them, then the instants from which and until which (None: still) each was there;
    or a Parquet file with the same columns. `columns` pairs each name with its type, `_from` and `_until` last."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: Iterable[tuple[Any, ...]] = field(default=(), repr=False)
    parquet: str | None = None


@dataclass(frozen=True, slots=True)
class GapSpan:
    """A gap, and the half-open time in which it stood."""

    gap: Gap
    start: datetime
    end: datetime


def write_parquet(table: VersionsInput, path: str) -> None:
    """Write versions to a Parquet file, in the order of key, account, region and time, so that `VersionsInput(parquet=…)` reads them back."""
    engine = Sealed(threads=1)
    try:
        columns = ", ".join(f'"{column}" {SQL_TYPES[kind]}' for column, kind in table.columns)
        engine.load(f"CREATE TABLE versions ({columns})")
        fill(engine, "versions", table.columns, table.rows, table.parquet)
        file = path.replace("'", "''")
        engine.load(
            f"COPY (SELECT * FROM versions ORDER BY key, account, region, {FROM}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)"
        )
    finally:
        engine.close()


class Versions:
    """Tables of versions in a sealed engine, each in the order of key, account, region and time."""

    def __init__(
        self,
        inputs: Iterable[VersionsInput],
        specs: Mapping[str, Spec],
        *,
        memory_mb: int,
        seconds: float,
        threads: int,
    ) -> None:
        """Load every input and seal; raises EvaluationError for one that does not fit its spec."""
        self._engine = Sealed(memory_mb=memory_mb, seconds=seconds, threads=threads)
        self._specs = specs
        self._given: set[str] = set()
        self._told_apart: set[str] = set()
        self._there: dict[tuple[tuple[str, ...], datetime, datetime], int] = {}
        self._cuts: dict[str, str] = {}
        self._lock = threading.Lock()
        for table in inputs:
            self._load(table)
        self._engine.seal()

    def _load(self, table: VersionsInput) -> None:
        spec = self._specs[table.name]
        if dict(table.columns) != {**column_types(spec), **dict(INTERVAL)}:
            raise EvaluationError(
                f"The versions of {spec.name} do not fit its spec; make its history anew from the evidence."
            )
        self._engine.load(f"CREATE TABLE _loading ({definitions(spec)}, {FROM} TIMESTAMP, {UNTIL} TIMESTAMP)")
        fill(self._engine, "_loading", table.columns, table.rows, table.parquet)
        place = sorted(self._specs).index(spec.name) * 2**32
        item = "key, account NULLS FIRST, region NULLS FIRST"
        ordinal = f"CAST(row_number() OVER (ORDER BY {item}, {FROM}) - 1 AS INTEGER)"
        still = f"coalesce({UNTIL}, TIMESTAMP '{OPEN}')"
        self._engine.load(
            f'CREATE TABLE "{spec.name}" AS SELECT * REPLACE ({still} AS {UNTIL}), {ordinal} AS {ORDINAL}, {place} + dense_rank() OVER (ORDER BY {item}) AS {ITEM} FROM _loading ORDER BY {ORDINAL}'
        )
        self._engine.load("DROP TABLE _loading")
        self._given.add(spec.name)

    def close(self) -> None:
        """Give the engine's memory back."""
        self._engine.close()

    def given(self, table: str) -> bool:
        """Whether versions of the table were given, be it none."""
        return table in self._given

    def select(self, sql: str, values: Mapping[str, Any]) -> Rows:
        """Run one bounded SELECT."""
        return self._engine.select(sql, values)

    def keep(self, name: str, sql: str, values: Mapping[str, Any]) -> int:
        """Run one bounded SELECT and keep its rows for this thread; gives how many they are."""
        return self._engine.keep(name, sql, values)

    def add(self, name: str, sql: str, values: Mapping[str, Any]) -> int:
        """Run one bounded SELECT and add its rows to those that this thread kept under a name; gives how many they were."""
        return self._engine.add(name, sql, values)

    def show(self, name: str, sql: str) -> None:
        """Let this thread read one SELECT under a name."""
        self._engine.show(name, sql)

    def kept(self, sql: str, values: Mapping[str, Any]) -> str:
        """Run one bounded SELECT and keep its rows for all; gives their name. What was asked before, with the same values, is not made again.

        Checks that join the same tables in the same way cut their items at the same instants.
        """
        read = {name: value for name, value in values.items() if f"${name}" in sql}
        asked = f"{sql} {sorted(read.items())!r}"
        with self._lock:
            if asked not in self._cuts:
                name = f"_cut_{len(self._cuts)}"
                self._engine.keep(name, sql, values, shared=True)
                self._cuts[asked] = name
            return self._cuts[asked]

    def there(self, tables: tuple[str, ...], start: datetime, end: datetime) -> int:
        """Count the records of some tables that were there at some time of a span."""
        asked = (tables, start, end)
        with self._lock:
            if asked not in self._there:
                there = " UNION ALL ".join(
                    f'SELECT {ITEM} FROM "{table}" WHERE {FROM} < $_end AND {UNTIL} > $_start'
                    for table in tables
                    if self.given(table)
                )
                values = {"_start": start, "_end": end}
                sql = f"SELECT count(DISTINCT {ITEM}) FROM ({there})"
                self._there[asked] = self._engine.select(sql, values).rows[0][0] if there else 0
            return self._there[asked]

    def told_apart(self, table: str, check: Check) -> str:
        """Give the name of the table's versions as far as the check can tell them apart: neighbours that differ in no column it reads are one."""
        name = versions_name(table, check)
        with self._lock:
            if name not in self._told_apart:
                if not self.given(table):
                    self._empty(table, name, check)
                else:
                    self._tell_apart(table, name, check)
                self._told_apart.add(name)
        return name

    def _tell_apart(self, table: str, name: str, check: Check) -> None:
        own = ["parent", *sorted(read_columns(table, check))]
        listed = ", ".join(
            f'"{column}"' for column in (*ENGINE_COLUMNS[:3], *own, ITEM, ORDINAL, FROM, UNTIL)
        )
        differs = " OR ".join(
            f'lag("{column}") OVER () IS DISTINCT FROM "{column}"' for column in (ITEM, *own)
        )
        # The table is stored in order, so the row before is the version before.
        begun = f'SELECT {listed}, {differs} OR lag({UNTIL}) OVER () IS DISTINCT FROM {FROM} AS _begins FROM "{table}"'
        ended = f"SELECT *, lead(_begins, 1, true) OVER () AS _ends FROM ({begun})"
        until = f"CASE WHEN _ends THEN {UNTIL} ELSE lead({UNTIL}) OVER () END"
        self._engine.keep(
            name,
            f"SELECT * EXCLUDE (_begins, _ends) REPLACE ({until} AS {UNTIL}) FROM ({ended}) WHERE _begins OR _ends QUALIFY _begins",
            shared=True,
        )

    def _empty(self, table: str, name: str, check: Check) -> None:
        types = column_types(self._specs[table])
        columns = [*ENGINE_COLUMNS, *sorted(read_columns(table, check))]
        nothing = ", ".join(f'CAST(NULL AS {SQL_TYPES[types[column]]}) AS "{column}"' for column in columns)
        times = f"CAST(NULL AS BIGINT) AS {ITEM}, CAST(NULL AS INTEGER) AS {ORDINAL}, CAST(NULL AS TIMESTAMP) AS {FROM}, CAST(NULL AS TIMESTAMP) AS {UNTIL}"
        self._engine.keep(name, f"SELECT {nothing}, {times} WHERE false", {}, shared=True)
