"""The home's SQLite database: WAL, `synchronous=FULL`, every write inside BEGIN IMMEDIATE.

FULL makes an acknowledged write survive a power cut; IMMEDIATE makes concurrent writers wait instead of losing each other's work.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from assay.errors import AssayError

FORMAT = 1
SYNCHRONOUS = "FULL"
WAIT_SECONDS = 60.0


class DatabaseError(AssayError):
    """The database could not be opened, read or written. The text says which and what to do."""


class Database:
    """One connection to one home's database; not shared between threads."""

    def __init__(self, path: Path) -> None:
        try:
            self._connection = _connected(path)
        except sqlite3.Error as error:
            if not _no_room(error):
                raise _explained(error, path) from error
            self._connection = _alone_on_a_full_disk(path)
        self.path = path

    def close(self) -> None:
        self._connection.close()

    def prepare(self) -> None:
        """Make what tables are missing; refuse a database of a newer format."""
        with self.transaction() as transaction:
            for statement in _statements(
                resources.files("assay.home").joinpath("schema/sqlite.sql").read_text()
            ):
                transaction.execute(statement)
            transaction.execute("insert or ignore into home_format (one, format) values (1, ?)", (FORMAT,))
        self.refuse_newer()

    def refuse_newer(self) -> None:
        """Raise DatabaseError when a later version of Assay wrote this database."""
        (found,) = self.one("select format from home_format") or (0,)
        if found > FORMAT:
            raise DatabaseError(
                f"This home has format {found}; this version of Assay reads up to {FORMAT}. Install the newer version."
            )

    def rows(self, query: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Give all rows of a query."""
        try:
            return self._connection.execute(query, parameters).fetchall()
        except sqlite3.Error as error:
            raise _explained(error, self.path) from error

    def one(self, query: str, parameters: tuple[Any, ...] = ()) -> tuple[Any, ...] | None:
        """Give the first row of a query, or None."""
        found = self.rows(query, parameters)
        return found[0] if found else None

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """Hold the write lock; what happened inside is durable when the block ends, or undone when it raises."""
        try:
            self._connection.execute("begin immediate")
        except sqlite3.Error as error:
            raise _explained(error, self.path) from error
        try:
            yield self
            self._connection.execute("commit")
        except BaseException as error:
            if self._connection.in_transaction:
                self._connection.execute("rollback")
            if isinstance(error, sqlite3.Error):
                raise _explained(error, self.path) from error
            raise

    def execute(self, statement: str, parameters: tuple[Any, ...] = ()) -> int:
        """Run one writing statement inside a transaction; gives the rows it touched."""
        if not self._connection.in_transaction:
            raise DatabaseError("A write was tried outside a transaction.")
        return self._connection.execute(statement, parameters).rowcount

    def insert(self, statement: str, parameters: tuple[Any, ...]) -> int:
        """Insert one row inside a transaction; gives its row id."""
        if not self._connection.in_transaction:
            raise DatabaseError("A write was tried outside a transaction.")
        return self._connection.execute(statement, parameters).lastrowid or 0

    @contextmanager
    def snapshot(self) -> Iterator[Database]:
        """Read inside the block as the database was at its first read, while others may write."""
        self._connection.execute("begin")
        try:
            yield self
        finally:
            self._connection.execute("rollback")


def _connected(path: Path, *first: str) -> sqlite3.Connection:
    pragmas = (
        *first,
        "journal_mode = wal",
        f"synchronous = {SYNCHRONOUS}",
        "foreign_keys = on",
        "secure_delete = on",
    )
    connection = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
    try:
        for pragma in pragmas:
            connection.execute(f"pragma {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _alone_on_a_full_disk(path: Path) -> sqlite3.Connection:
    """Connect without the file that connections share, for which there is no room: one process can read, and write once there is room again."""
    try:
        return _connected(path, "locking_mode = exclusive")
    except sqlite3.Error as error:
        raise _explained(error, path) from error


def _no_room(error: sqlite3.Error) -> bool:
    """A full disk shows as either, by where the write was cut off."""
    return "full" in str(error) or "disk I/O" in str(error)


def _statements(script: str) -> Iterator[str]:
    """Split a script into statements; triggers hold semicolons, so SQLite itself says where a statement ends."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _explained(error: sqlite3.Error, path: Path) -> DatabaseError:
    text = str(error)
    if _no_room(error):
        return DatabaseError(
            f"The disk under {path} is full or cannot be written. Nothing acknowledged is lost; free space and run the command again."
        )
    if "locked" in text or "busy" in text:
        return DatabaseError(
            f"Another process has been writing to {path} for over a minute. Wait for it to end, then run the command again."
        )
    if "not a database" in text or "malformed" in text:
        return DatabaseError(f"{path} is damaged. Run `assay fsck`; restore a backup if it cannot mend it.")
    if "unable to open" in text:
        return DatabaseError(
            f"{path} cannot be opened. Check that the folder exists and that you may write to it."
        )
    return DatabaseError(f"The database {path} refused: {text}.")
