"""The rows of tables that other packages keep in the home's database, for backups: found by looking, sealed, and put back into tables that those packages make.

Nothing here names a table. A package says by the entry-point group `assay.further_tables` which of its tables stay out of backups, why, and how its
tables are made in a restored home. Rows are sealed, since they name people and hold digests of passwords: under a key derived from the one by which people
are looked up, which stays the same when the master key is rotated, so the newest copy of the keys opens every backup.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

import zstandard

from assay.errors import AssayError
from assay.evidence.canonical import Json, decode, encode
from assay.home.database import Database
from assay.home.database.columns import (
    FurtherTable,
    draw_after,
    further_tables,
    last_drawn,
    plain,
    quoted,
    stored,
)
from assay.home.keys import KeyProblemError, seal, unseal
from assay.home.personal import lookup_key
from assay.home.place import Home

GROUP = "assay.further_tables"
LARGEST = 2**31


class FurtherRowsError(AssayError):
    """Rows of another package cannot be put back. The text says what is missing."""


class FurtherTables(Protocol):
    """What a package says about its tables in a home's database."""

    STAYS_OUT: Mapping[str, str]
    """Tables that no backup holds, each with the reason."""

    EMPTIED: Mapping[tuple[str, str], Json]
    """Columns, by table and name, that are not changed but emptied where they name an erased person, each with what is then in them."""

    PURGED: Mapping[str, Sequence[tuple[str, str]]]
    """Tables whose rows have an end, by the parameter that says for how many days they are kept: each with the column of the instant from which these count."""

    def frozen(self, database: Database) -> Iterable[int]:
        """Give the entries of collections whose populations were frozen, so that their call logs are kept."""
        ...

    def accounts_of(self, database: Database, words: Sequence[str]) -> int:
        """Give how many accounts a person has, who is called by one of these words."""
        ...

    def end_accounts(self, transaction: Database, words: Sequence[str]) -> int:
        """End what lets that person in: sessions, links, factors, the password. Gives how many accounts there were."""
        ...

    def state(self, database: Database) -> Json:
        """Give how far the package's tables are made in a database; None where there are none."""
        ...

    def make(self, folder: Path, state: Json, environment: Mapping[str, str]) -> None:
        """Make the tables, as far as `state` says, in the database of the home in `folder`. Raises AssayError."""
        ...


def packages() -> dict[str, FurtherTables]:
    """Give what installed packages say about their tables, by name."""
    return {point.name: point.load() for point in sorted(entry_points(group=GROUP), key=lambda one: one.name)}


def states(database: Database) -> dict[str, Json]:
    """Give how far each package's tables are made, of those that have any."""
    found = {name: package.state(database) for name, package in packages().items()}
    return {name: state for name, state in found.items() if state is not None}


def kept(database: Database) -> list[FurtherTable]:
    """Give the tables whose rows belong into a backup: all but those that a package leaves out."""
    left_out = {table for package in packages().values() for table in package.STAYS_OUT}
    return [table for table in further_tables(database) if table.name not in left_out]


def rows_of(database: Database, table: FurtherTable) -> bytes:
    """Give a table's rows as canonical JSON lines, the same from either database: first what was last drawn, then the rows in the order of their bytes."""
    columns = ", ".join(map(quoted, table.columns))
    rows = database.rows(f"select {columns} from {quoted(table.name)}")  # noqa: S608 — quoted names of the database's own
    said = sorted(encode(_said(table, row)) for row in rows)
    first = encode({"format": 1, "last": last_drawn(database, table), "table": table.name})
    return b"".join(line + b"\n" for line in (first, *said))


def _said(table: FurtherTable, row: tuple[object, ...]) -> Json:
    return {name: plain(kind, value) for (name, kind), value in zip(table.columns.items(), row, strict=True)}


def sealed_rows(home: Home, database: Database) -> Iterator[tuple[str, bytes]]:
    """Give each table's name and its sealed rows, out of a snapshot of the home's database."""
    key = _key(home)
    for table in kept(database):
        content = zstandard.ZstdCompressor(level=9).compress(rows_of(database, table))
        yield (
            table.name,
            bytes.fromhex(seal(key, content, _place(home, table.name), home.surroundings.random)),
        )


def opened_rows(home: Home, table: str, sealed: bytes) -> bytes:
    """Open what `sealed_rows` gave for a table. Raises KeyProblemError."""
    content = unseal([_key(home)], sealed.hex(), _place(home, table))
    if content is None:
        raise KeyProblemError(
            f"The rows of {table} do not open with these keys. Give the copy of the keys that belongs to this home."
        )
    return zstandard.ZstdDecompressor().decompress(content, max_output_size=LARGEST)


def make_tables(folder: Path, wanted: Mapping[str, Json], environment: Mapping[str, str]) -> None:
    """Have each package make its tables for the home in `folder`. Raises FurtherRowsError where one is not installed."""
    installed = packages()
    for name, state in wanted.items():
        if name not in installed:
            raise FurtherRowsError(
                f"The backup holds rows of the package {name}, which is not installed. Install it, then restore again."
            )
        installed[name].make(folder, state, environment)


def put_back(home: Home, rows: Mapping[str, bytes]) -> None:
    """Fill the tables that were made with the rows of a backup, given by table: in one transaction, whose constraints are asked at its end."""
    tables = {table.name: table for table in further_tables(home.database)}
    if missing := sorted(rows.keys() - tables.keys()):
        raise FurtherRowsError(
            f"The backup holds rows of {missing[0]}, and this version of Assay makes no such table. Use the version that made the backup, or a newer one."
        )
    with home.database.transaction() as transaction:
        for name in rows:
            transaction.execute(f"delete from {quoted(name)}")  # noqa: S608 — a quoted name of the database's own
        for name, content in rows.items():
            _fill(transaction, tables[name], content)


def _fill(transaction: Database, table: FurtherTable, content: bytes) -> None:
    first, *lines = content.splitlines()
    for line in lines:
        row = decode(line)
        if unknown := row.keys() - table.columns.keys():
            raise FurtherRowsError(
                f"The backup holds the column {min(unknown)} of {table.name}, which is not there. Use the version of Assay that made the backup, or a newer one."
            )
        values = tuple(stored(table.columns[name], value, transaction.dialect) for name, value in row.items())
        columns, places = ", ".join(map(quoted, row)), ", ".join("?" * len(row))
        transaction.execute(f"insert into {quoted(table.name)} ({columns}) values ({places})", values)  # noqa: S608 — quoted names of the database's own
    draw_after(transaction, table, decode(first)["last"])


def _key(home: Home) -> bytes:
    return hmac.digest(lookup_key(home), b"assay backup rows 1", hashlib.sha256)


def _place(home: Home, table: str) -> bytes:
    return encode(["assay backup rows", 1, home.id, table])
