"""Records loaded into the sealed engine: one table for each spec, in the order of keys, with indexes made when a gap asks for them."""

# ruff: noqa: S608 - names of tables and columns come from linted checks and loaded specs; values are always bound
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any

from assay.checks.errors import EvaluationError
from assay.checks.sealed import Rows, Sealed, bound
from assay.checks.specs import ORDINAL, SQL_TYPES, Spec, column_types
from assay.evidence.gaps import Gap

_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class TableInput:
    """Records of one table: rows as `assay.tables.row` gives them (engine columns first), or a Parquet file with the same columns.

    `columns` pairs each name with its type. Several inputs of one name are put together. Neither rows nor Parquet: the table is empty, and that is known.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: Iterable[tuple[Any, ...]] = field(default=(), repr=False)
    parquet: str | None = None


class Loaded:
    """Tables in a sealed engine. Ordinals number the records of a table from 0 in the order of their keys' UTF-8 bytes, then account, region."""

    def __init__(
        self,
        inputs: Iterable[TableInput],
        specs: Mapping[str, Spec],
        engine: Sealed,
    ) -> None:
        """Load every input into an empty engine, make an empty table for every spec without one, and seal. Raises EvaluationError."""
        self._engine = engine
        self._given: set[str] = set()
        self._keys: dict[str, tuple[str, ...]] = {}
        self._indexes: dict[tuple[str, tuple[str, ...]], dict[tuple[Any, ...], list[int]]] = {}
        self._nulls: dict[tuple[str, str], frozenset[int]] = {}
        self._gaps: tuple[Sequence[Gap], dict[str, list[Gap]]] | None = None
        for spec in specs.values():
            self._engine.load(f'CREATE TABLE "{spec.name}" ({definitions(spec)})')
        for table in inputs:
            if table.name not in specs:
                raise EvaluationError(
                    f"There are records of {table.name}, which no table spec describes; load its spec too."
                )
            self._given.add(table.name)
            _load(self._engine, table, specs[table.name])
        for name in self._given:
            _put_in_order(self._engine, name)
        for name in specs.keys() - self._given:
            self._engine.load(f'ALTER TABLE "{name}" ADD COLUMN {ORDINAL} INTEGER')
        self._engine.seal()

    def given(self, table: str) -> bool:
        """Whether records of the table were given, be it none."""
        return table in self._given

    def select(self, sql: str, values: Mapping[str, Any]) -> Rows:
        """Run one bounded SELECT."""
        return self._engine.select(sql, values)

    def keys(self, table: str) -> tuple[str, ...]:
        """The keys of a table by ordinal."""
        if table not in self._keys:
            self._keys[table] = tuple(
                row[0] for row in self._engine.select(f'SELECT key FROM "{table}" ORDER BY {ORDINAL}').rows
            )
        return self._keys[table]

    def places(self, table: str) -> list[tuple[str | None, str | None]]:
        """Account and region of each record, by ordinal."""
        return [
            (row[0], row[1])
            for row in self._engine.select(f'SELECT account, region FROM "{table}" ORDER BY {ORDINAL}').rows
        ]

    def size(self, table: str) -> int:
        """How many records a table has."""
        return len(self.keys(table))

    def offsets(self, tables: Sequence[str]) -> dict[str, int]:
        """Where the ordinals of each table begin when the tables are put one after the other."""
        offsets: dict[str, int] = {}
        for table in tables:
            offsets[table] = sum(self.size(before) for before in offsets)
        return offsets

    def find(self, table: str, where: Sequence[tuple[str, str]]) -> Sequence[int]:
        """Ordinals of the records whose columns have these values, a list among its members; all for no condition. The index is made once and kept."""
        if not where:
            return range(self.size(table))
        columns = tuple(column for column, _ in where)
        if (table, columns) not in self._indexes:
            self._indexes[table, columns] = self._indexed(table, columns)
        return self._indexes[table, columns].get(tuple(value for _, value in where), ())

    def pointing(self, items: str, column: str, joined: str, place: Sequence[tuple[str, str]]) -> list[int]:
        """Ordinals of the items whose column names a record of `joined` in a place, or one that `joined` does not hold at all."""
        there = " AND ".join(f'j."{name}" = ${name}' for name, _ in place)
        rows = self._engine.select(
            f'SELECT i.{ORDINAL} FROM "{items}" i WHERE i."{column}" IS NOT NULL'
            f' AND (i."{column}" IN (SELECT j.key FROM "{joined}" j WHERE {there}) OR i."{column}" NOT IN (SELECT j.key FROM "{joined}" j))'
            f" ORDER BY i.{ORDINAL}",
            dict(place),
        ).rows
        return [row[0] for row in rows]

    def nulls(self, table: str, column: str) -> frozenset[int]:
        """Ordinals of the records that have nothing in a column."""
        if (table, column) not in self._nulls:
            rows = self._engine.select(f'SELECT {ORDINAL} FROM "{table}" WHERE "{column}" IS NULL').rows
            self._nulls[table, column] = frozenset(row[0] for row in rows)
        return self._nulls[table, column]

    def gaps_of(self, gaps: Sequence[Gap], tables: Iterable[str]) -> list[Gap]:
        """The gaps over some tables; the gaps are sorted by table once, however many checks ask."""
        if self._gaps is None or self._gaps[0] is not gaps:
            by_table: dict[str, list[Gap]] = {}
            for gap in gaps:
                by_table.setdefault(gap.table, []).append(gap)
            self._gaps = (gaps, by_table)
        return [gap for table in tables for gap in self._gaps[1].get(table, ())]

    def _indexed(self, table: str, columns: tuple[str, ...]) -> dict[tuple[Any, ...], list[int]]:
        named = ", ".join(f'"{column}"' for column in columns)
        index: dict[tuple[Any, ...], list[int]] = {}
        for row in self._engine.select(f'SELECT {ORDINAL}, {named} FROM "{table}" ORDER BY 1').rows:
            for values in _members(row[1:]):
                index.setdefault(values, []).append(row[0])
        return index


def _members(values: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """The values as they are; where some are lists, once for each choice of their members."""
    if any(isinstance(value, list) for value in values):
        return product(*(dict.fromkeys(value) if isinstance(value, list) else [value] for value in values))
    return iter([values])


def definitions(spec: Spec) -> str:
    """A table's columns with their SQL types, as CREATE TABLE takes them."""
    return ", ".join(
        f'"{column}" {_sql_type(spec.name, column, kind)}' for column, kind in column_types(spec).items()
    )


def _sql_type(table: str, column: str, kind: str) -> str:
    if kind not in SQL_TYPES:
        raise EvaluationError(
            f"The column {table}.{column} has the type “{kind}”; use one of {', '.join(SQL_TYPES)}."
        )
    return SQL_TYPES[kind]


def _load(engine: Sealed, table: TableInput, spec: Spec) -> None:
    """Load one input by column name; it must have the columns of the spec, each with the spec's type."""
    expected = column_types(spec)
    if dict(table.columns) != expected:
        wrong = sorted(set(table.columns) ^ set(expected.items()))[0]
        raise EvaluationError(
            f"The records of {spec.name} do not fit its spec at the column {wrong[0]}; read them again with the spec in force."
        )
    fill(engine, spec.name, table.columns, table.rows, table.parquet)


def fill(
    engine: Sealed,
    name: str,
    columns: Sequence[tuple[str, str]],
    rows: Iterable[tuple[Any, ...]],
    parquet: str | None,
) -> None:
    """Put rows, or those of a Parquet file, into a table by column name, each with its column's type."""
    names = ", ".join(f'"{column}"' for column, _ in columns)
    if parquet is not None:
        casts = ", ".join(f'CAST("{column}" AS {SQL_TYPES[kind]})' for column, kind in columns)
        engine.load(f'INSERT INTO "{name}" ({names}) SELECT {casts} FROM read_parquet(?)', [parquet])
        return
    unnested = ", ".join(f"unnest(CAST(? AS {SQL_TYPES[kind]}[]))" for _, kind in columns)
    for batch in _batches(rows):
        values = [
            _loadable(kind, column)
            for (_, kind), column in zip(columns, zip(*batch, strict=True), strict=True)
        ]
        engine.load(f'INSERT INTO "{name}" ({names}) SELECT {unnested}', values)


def _loadable(kind: str, column: Sequence[Any]) -> list[Any]:
    """A column's values as DuckDB takes them: instants in UTC without their zone, lists as lists."""
    if kind == "instant":
        return [None if value is None else bound(value) for value in column]
    if kind == "texts":
        return [None if value is None else list(value) for value in column]
    return list(column)


def _batches(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    source = iter(rows)
    while batch := list(islice(source, _BATCH)):
        yield batch


def _put_in_order(engine: Sealed, name: str) -> None:
    ordinal = "CAST(row_number() OVER (ORDER BY key, account, region) - 1 AS INTEGER)"
    engine.load(f'CREATE TABLE _ordered AS SELECT *, {ordinal} AS {ORDINAL} FROM "{name}" ORDER BY {ORDINAL}')
    engine.load(f'DROP TABLE "{name}"')
    engine.load(f'ALTER TABLE _ordered RENAME TO "{name}"')
