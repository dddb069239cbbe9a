"""Rows that name an erased person: found in every table beside those of the home, changed with the entry that says so, and changed again after a restore.

The entry names a table, the key of a row and columns, never what stood there. So a restored older row loses the whole text of these cells, since nobody knows any more which words
were meant.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assay.evidence.canonical import Json
from assay.home.database import Database
from assay.home.database.columns import (
    ColumnKind,
    FurtherTable,
    further_tables,
    plain,
    quoted,
    stored,
    triggers_off,
)
from assay.home.erased_words import Words, instead_of
from assay.home.further_rows import packages

READ = (ColumnKind.TEXT, ColumnKind.JSON)


@dataclass(frozen=True, slots=True)
class Cell:
    """Columns of one row that name the person."""

    table: str
    key: Json
    columns: tuple[str, ...]

    def to_json(self) -> Json:
        return {"columns": list(self.columns), "key": self.key, "table": self.table}


def cells_of(database: Database, words: Words) -> list[Cell]:
    """Give every row that names the person, of tables that have a key of one column."""
    return [cell for table in _reached(database) for cell in _cells_in(database, table, words)]


def _reached(database: Database) -> Iterator[FurtherTable]:
    for table in further_tables(database):
        if table.key is not None and table.name != "django_migrations":
            yield table


def _cells_in(database: Database, table: FurtherTable, words: Words) -> Iterator[Cell]:
    columns = [name for name, kind in table.columns.items() if kind in READ and name != table.key]
    if not columns or table.key is None:
        return
    chosen = ", ".join(map(quoted, (table.key, *columns)))
    for key, *values in database.rows(f"select {chosen} from {quoted(table.name)}"):  # noqa: S608 — quoted names of the database's own
        naming = tuple(
            column
            for column, value in zip(columns, values, strict=True)
            if value is not None and words.in_json(_value(table, column, value))
        )
        if naming:
            yield Cell(table.name, plain(table.columns[table.key], key), naming)


def take_words_out(transaction: Database, cells: Iterable[Cell], words: Words) -> None:
    """Take the person's words out of cells, in the transaction of the entry that says so."""
    _change(transaction, cells, words.json_without, words.mark)


def blank_again(transaction: Database, cells: Iterable[Cell], mark: str) -> int:
    """Take the whole text out of cells that came back; gives how many rows there were. Cells that bear the mark of the erasure are done already."""
    return _change(transaction, cells, lambda value: _blank(value, mark), mark)


def came_back(database: Database, cells: Iterable[Cell], mark: str) -> bool:
    """Tell whether one of these cells holds what was erased."""
    tables = {table.name: table for table in _reached(database)}
    return any(
        _to_change(tables[cell.table], dict(zip(cell.columns, values, strict=True)), mark)
        for cell in cells
        if cell.table in tables
        for values in _values(database, tables[cell.table], cell)
    )


def _change(transaction: Database, cells: Iterable[Cell], how: Callable[[Json], Json], mark: str) -> int:
    tables = {table.name: table for table in _reached(transaction)}
    cells = [cell for cell in cells if cell.table in tables]
    emptied = {place: empty for package in packages().values() for place, empty in package.EMPTIED.items()}
    changed = 0
    with triggers_off(transaction, {cell.table for cell in cells}):
        for cell in cells:
            table = tables[cell.table]
            for values in _values(transaction, table, cell):
                found = _to_change(table, dict(zip(cell.columns, values, strict=True)), mark)
                new = {
                    column: emptied.get((table.name, column), how(value)) for column, value in found.items()
                }
                changed += _write(transaction, table, cell, new, mark)
    return changed


def _write(transaction: Database, table: FurtherTable, cell: Cell, new: Mapping[str, Json], mark: str) -> int:
    """Write the new values of a row; gives 1 where there was one to change."""
    if not new:
        return 0
    places = ", ".join(f"{quoted(column)} = ?" for column in new)
    values = (_stored(table, column, value, mark) for column, value in new.items())
    statement = f"update {quoted(table.name)} set {places} where {quoted(str(table.key))} = ?"  # noqa: S608 — quoted names of the database's own
    return transaction.execute(statement, (*values, _key(transaction, table, cell)))


def _values(database: Database, table: FurtherTable, cell: Cell) -> list[tuple[Any, ...]]:
    columns = [column for column in cell.columns if column in table.columns]
    if len(columns) < len(cell.columns) or table.key is None:
        return []
    chosen = ", ".join(map(quoted, columns))
    statement = f"select {chosen} from {quoted(table.name)} where {quoted(table.key)} = ?"  # noqa: S608 — quoted names of the database's own
    return database.rows(statement, (_key(database, table, cell),))


def _to_change(table: FurtherTable, values: Mapping[str, Any], mark: str) -> dict[str, Json]:
    found = {column: _value(table, column, value) for column, value in values.items() if value is not None}
    return {column: value for column, value in found.items() if not _is_done(table, column, value, mark)}


def _is_done(table: FurtherTable, column: str, value: Json, mark: str) -> bool:
    said = json.dumps(value, ensure_ascii=False)
    return value in ({}, []) or instead_of(mark) in said or value == _cut(table, column, instead_of(mark))


def _value(table: FurtherTable, column: str, value: Any) -> Json:
    if table.columns[column] is not ColumnKind.JSON:
        return str(value)
    return json.loads(value) if isinstance(value, str | bytes) else value


def _stored(table: FurtherTable, column: str, value: Json, mark: str) -> Any:
    if table.columns[column] is ColumnKind.JSON:
        return json.dumps(value, ensure_ascii=False)
    return (
        value if len(value) <= table.limits.get(column, len(value)) else _cut(table, column, instead_of(mark))
    )


def _cut(table: FurtherTable, column: str, text: str) -> str:
    return text[: table.limits.get(column, len(text))]


def _key(database: Database, table: FurtherTable, cell: Cell) -> Any:
    assert table.key is not None  # noqa: S101 — said to the type checker
    return stored(table.columns[table.key], cell.key, database.dialect)


def _blank(value: Json, mark: str) -> Json:
    match value:
        case str():
            return instead_of(mark)
        case list():
            return [_blank(one, mark) for one in value]
        case dict():
            return {name: _blank(one, mark) for name, one in value.items()}
    return value


def end_accounts(transaction: Database, words: Words) -> int:
    """Have each package end what lets the person in; gives how many accounts they had."""
    return sum(package.end_accounts(transaction, words.words) for package in packages().values())


def accounts_of(database: Database, words: Words) -> int:
    """Give how many accounts the person has."""
    return sum(package.accounts_of(database, words.words) for package in packages().values())
