"""Which tables lie in a home's database beside its own, of what kind each column is, and how a value is written the same from SQLite and from PostgreSQL.

Other packages put their tables beside those of the home; nothing here knows which. A kind is read from how the column was declared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from assay.evidence.canonical import LARGEST_INTEGER, Json, instant_text, parse_instant
from assay.home.database.postgres_founding import TABLES
from assay.home.database.protocol import Database

OWN = frozenset({*TABLES, "home_format"})
"""The tables of a home itself."""


class ColumnKind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    TRUTH = "truth"
    INSTANT = "instant"
    DECIMAL = "decimal"
    FRACTION = "fraction"
    BYTES = "bytes"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class FurtherTable:
    """A table beside those of the home: its name, each column's kind by its name, in the order of the names, how many characters a column takes, and the
    column that is the key of a row, None where there is not just one."""

    name: str
    columns: Mapping[str, ColumnKind]
    limits: Mapping[str, int]
    key: str | None

    @property
    def draws_ids(self) -> bool:
        """True where the database may draw the id of a row."""
        return self.columns.get("id") is ColumnKind.INTEGER


def further_tables(database: Database) -> list[FurtherTable]:
    """Give every table in the database that is none of the home's own, by name."""
    rows = _sqlite(database) if database.dialect == "sqlite" else _postgres(database)
    found: dict[str, list[_Column]] = {}
    for one in rows:
        found.setdefault(one.table, []).append(one)
    return [_table(name, sorted(found[name], key=lambda one: one.name)) for name in sorted(found)]


@dataclass(frozen=True, slots=True)
class _Column:
    table: str
    name: str
    kind: ColumnKind
    limit: int | None
    in_key: bool


def _table(name: str, columns: Sequence[_Column]) -> FurtherTable:
    key = [one.name for one in columns if one.in_key]
    return FurtherTable(
        name,
        {one.name: one.kind for one in columns},
        {one.name: one.limit for one in columns if one.limit is not None},
        key[0] if len(key) == 1 else None,
    )


def quoted(name: str) -> str:
    """Give a name as both databases take it whatever it is."""
    return '"' + name.replace('"', '""') + '"'


def last_drawn(database: Database, table: FurtherTable) -> int:
    """Give the last id that the database drew for a table, or that was written into it; 0 where it draws none."""
    if not table.draws_ids:
        return 0
    if database.dialect == "sqlite":
        found = database.one("select seq from sqlite_sequence where name = ?", (table.name,))
        return int(found[0]) if found else 0
    sequence = _sequence(database, table)
    if sequence is None:
        return 0
    drawn = database.one(f"select last_value, is_called from {sequence}")  # noqa: S608 — a name that the database gave
    return int(drawn[0]) if drawn is not None and drawn[1] else 0


def draw_after(database: Database, table: FurtherTable, last: int) -> None:
    """Let the next id that the database draws be the one after `last`. Inside a transaction."""
    if not last:
        return
    if database.dialect == "sqlite":
        database.execute("delete from sqlite_sequence where name = ?", (table.name,))
        database.execute("insert into sqlite_sequence (name, seq) values (?, ?)", (table.name, last))
    elif (sequence := _sequence(database, table)) is not None:
        database.rows("select setval(?::regclass, ?::bigint, true)", (sequence, last))


@contextmanager
def triggers_off(transaction: Database, tables: Iterable[str]) -> Iterator[None]:
    """Let nothing but constraints refuse a change of these tables inside the block, which is a part of a transaction: afterwards their triggers are there as before."""
    names = sorted(set(tables))
    if transaction.dialect == "postgresql":
        transaction.rows("set constraints all immediate")  # a table with a check to come is not altered
        for table in names:
            transaction.execute(f"alter table {quoted(table)} disable trigger user")
        yield
        for table in names:
            transaction.execute(f"alter table {quoted(table)} enable trigger user")
        return
    found = [
        one
        for table in names
        for one in transaction.rows(
            "select name, sql from sqlite_master where type = 'trigger' and tbl_name = ?", (table,)
        )
    ]
    for name, _ in found:
        transaction.execute(f"drop trigger {quoted(name)}")
    yield
    for _, sql in found:
        transaction.execute(sql)


def plain(kind: ColumnKind, value: Any) -> Json:
    """Give a value of a column as canonical JSON can say it: the same from either database."""
    if value is None:
        return None
    match kind:
        case ColumnKind.INTEGER:
            return int(value) if abs(int(value)) <= LARGEST_INTEGER else str(int(value))
        case ColumnKind.TRUTH:
            return bool(value)
        case ColumnKind.INSTANT:
            return instant_text(_instant(value))
        case ColumnKind.DECIMAL:
            return format(Decimal(str(value)).normalize(), "f")
        case ColumnKind.FRACTION:
            return repr(float(value))
        case ColumnKind.BYTES:
            return bytes(value).hex()
        case ColumnKind.JSON:
            return _json_text(value)
    return value.isoformat() if isinstance(value, date | time) else str(value)


def stored(kind: ColumnKind, value: Json, dialect: str) -> Any:
    """Give what a database is told for a value of a column: the inverse of `plain`."""
    if value is None:
        return None
    match kind:
        case ColumnKind.INTEGER:
            return int(value)
        case ColumnKind.TRUTH:
            return int(value) if dialect == "sqlite" else bool(value)
        case ColumnKind.INSTANT:
            at = parse_instant(value)
            return str(at.replace(tzinfo=None)) if dialect == "sqlite" else at
        case ColumnKind.FRACTION:
            return float(value)
        case ColumnKind.BYTES:
            return bytes.fromhex(value)
    return value


def _instant(value: Any) -> datetime:
    """SQLite keeps instants as text in UTC without saying so; PostgreSQL gives them aware."""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _json_text(value: Any) -> str:
    """One spelling of a JSON value: PostgreSQL keeps members in an order of its own."""
    value = json.loads(value) if isinstance(value, str | bytes) else value
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _sqlite(database: Database) -> Iterator[_Column]:
    rows = database.rows(
        "select m.name, m.sql, c.name, c.type, c.pk from sqlite_master m join pragma_table_info(m.name) c "
        "where m.type = 'table' and substr(m.name, 1, 7) <> 'sqlite_'"
    )
    for table, sql, name, declared, key in rows:
        if table not in OWN:
            limit = re.fullmatch(r"varchar\((\d+)\)", declared)
            kind = _declared(declared, f'JSON_VALID("{name}")' in sql)
            yield _Column(table, name, kind, int(limit[1]) if limit else None, bool(key))


def _declared(declared: str, is_json: bool) -> ColumnKind:
    said = declared.lower()
    for word, kind in _SQLITE.items():
        if word in said:
            return kind
    return ColumnKind.JSON if is_json else ColumnKind.TEXT


_SQLITE = {
    "bool": ColumnKind.TRUTH,
    "datetime": ColumnKind.INSTANT,
    "timestamp": ColumnKind.INSTANT,
    "decimal": ColumnKind.DECIMAL,
    "real": ColumnKind.FRACTION,
    "double": ColumnKind.FRACTION,
    "int": ColumnKind.INTEGER,
    "blob": ColumnKind.BYTES,
}
_POSTGRES = {
    "boolean": ColumnKind.TRUTH,
    "timestamp with time zone": ColumnKind.INSTANT,
    "numeric": ColumnKind.DECIMAL,
    "double precision": ColumnKind.FRACTION,
    "real": ColumnKind.FRACTION,
    "smallint": ColumnKind.INTEGER,
    "integer": ColumnKind.INTEGER,
    "bigint": ColumnKind.INTEGER,
    "bytea": ColumnKind.BYTES,
    "jsonb": ColumnKind.JSON,
    "json": ColumnKind.JSON,
}


def _postgres(database: Database) -> Iterator[_Column]:
    rows = database.rows(
        "select c.relname::text, a.attname::text, information_schema._pg_truetypid(a, t)::regtype::text, "
        "case when a.atttypid = 1043 and a.atttypmod > 4 then a.atttypmod - 4 end, "
        "exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any(i.indkey)) "
        "from pg_class c join pg_attribute a on a.attrelid = c.oid join pg_type t on t.oid = a.atttypid "
        "where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped"
    )
    for table, name, declared, limit, in_key in rows:
        if table not in OWN:
            yield _Column(table, name, _POSTGRES.get(declared, ColumnKind.TEXT), limit, bool(in_key))


def _sequence(database: Database, table: FurtherTable) -> str | None:
    found = database.one("select pg_get_serial_sequence(?, 'id')", (quoted(table.name),))
    return None if found is None else found[0]
