"""A home's database in SQLite, the file `assay.db` in its folder: WAL, `synchronous=FULL`, every write inside BEGIN IMMEDIATE.

FULL makes an acknowledged write survive a power cut; IMMEDIATE makes concurrent writers wait instead of losing each other's work.

What an error does. A write that fails (EIO, ENOSPC) rolls the transaction back and claims nothing: it may be tried again. A *sync* that fails rolls back too, but from then on the kernel
may take pages of the log for written that are not, and the next sync would prove nothing; so the process writes no more (`assay.stores.disk`), though SQLite itself would go on. The
rolled-back frames stay in the log behind its end; another process that is still alive overwrites them, and meets the error at its own next sync. After a kill they can look like a commit
to the next process, in the system's memory but not on the disk, and later commits would stand on them; therefore whoever opens the database first copies the whole log into the
database file and empties it before anything is appended. A sync that fails while the log is copied (SQLite swallows that after a commit) loses nothing: the log is kept, already durable,
and all of it is written again at the next copy (https://www.sqlite.org/wal.html, “Checkpointing”; `walCheckpoint` in its wal.c).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from assay.errors import AssayError
from assay.home.database.protocol import FORMAT, Condition, Database, DatabaseError
from assay.stores import Disk, FailedSyncError, disk_under

FILE = "assay.db"
SYNCHRONOUS = "FULL"
WAIT_SECONDS = 60.0
SYNC_FAILURES = frozenset({sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC})


class SqliteDatabase(Database):
    """One connection to the file of one home."""

    dialect: Literal["sqlite"] = "sqlite"

    def __init__(self, path: Path, disk: Disk | None = None) -> None:
        """`disk` is that of the home; without one, that of the database's folder."""
        self.path = path
        self._disk = disk or disk_under(path.parent)
        try:
            self._connection = _connected(path)
        except sqlite3.Error as error:
            explained = self._explained(error)
            if not _no_room(error):
                raise explained from error
            self._connection = _alone_on_a_full_disk(path)
        if not self._disk.failed:
            self._empty_log()

    def close(self) -> None:
        self._connection.close()

    def prepare(self) -> None:
        """Make what tables are missing; refuse a database of a newer format. After a failed sync only the latter: what is there can be read."""
        if self._disk.failed:
            self.refuse_newer()
            return
        with self.transaction() as transaction:
            for statement in _statements(
                resources.files("assay.home").joinpath("schema/sqlite.sql").read_text()
            ):
                transaction.execute(statement)
            transaction.execute(
                "insert into home_format (one, format) values (1, ?) on conflict do nothing", (FORMAT,)
            )
        self.refuse_newer()

    def rows(self, query: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Give all rows of a query."""
        try:
            return self._connection.execute(query, parameters).fetchall()
        except sqlite3.Error as error:
            raise self._explained(error) from error

    @contextmanager
    def transaction(self) -> Iterator[SqliteDatabase]:
        """Hold the write lock; what happened inside is durable when the block ends, or undone when it raises."""
        self._disk.refuse_writing_after_failure()
        try:
            self._connection.execute("begin immediate")
        except sqlite3.Error as error:
            raise self._explained(error) from error
        try:
            yield self
            self._connection.execute("commit")
        except BaseException as error:
            if self._connection.in_transaction:
                self._connection.execute("rollback")
            if isinstance(error, sqlite3.Error):
                raise self._explained(error) from error
            raise

    def execute(self, statement: str, parameters: tuple[Any, ...] = ()) -> int:
        """Run one writing statement inside a transaction; gives the rows it touched."""
        self._refuse_outside_a_transaction()
        return self._connection.execute(statement, parameters).rowcount

    def insert(self, statement: str, parameters: tuple[Any, ...]) -> int:
        """Insert one row inside a transaction by a statement that ends in `returning id`; gives that id."""
        self._refuse_outside_a_transaction()
        return super().insert(statement, parameters)

    def leave_no_trace(self) -> None:
        """Rebuild the file without pages that hold older copies of a cell, and empty the log. Where another process reads, its log is emptied at the next opening."""
        self._disk.refuse_writing_after_failure()
        self.rows("vacuum")
        self.rows("pragma wal_checkpoint(truncate)")

    def condition(self) -> Condition:
        return Condition(f"SQLite, {self.path}")

    @contextmanager
    def snapshot(self) -> Iterator[SqliteDatabase]:
        """Read inside the block as the database was at its first read, while others may write."""
        self._connection.execute("begin")
        try:
            yield self
        finally:
            self._connection.execute("rollback")

    def _refuse_outside_a_transaction(self) -> None:
        if not self._connection.in_transaction:
            raise DatabaseError("A write was tried outside a transaction.")

    def _empty_log(self) -> None:
        """Copy the whole log into the database and empty it, unless others are at work: so nothing rests on what a killed process left in it.

        Then make the log's name durable, since SQLite syncs the folder without looking at the result. A failure lets this process read, not write.
        """
        try:
            self._connection.execute("pragma busy_timeout = 0")
            self._connection.execute("pragma wal_checkpoint(truncate)").fetchall()
            self._disk.sync_folder(self.path.absolute().parent)
        except FailedSyncError:
            pass  # remembered by the disk: what writes next is refused
        except OSError as error:
            self._disk.fail(self.path.parent, error.strerror or str(error))
        except sqlite3.Error as error:
            if error.sqlite_errorcode in SYNC_FAILURES:
                self._disk.fail(self.path, "it could not be synced while its log was copied")
        finally:
            self._connection.execute(f"pragma busy_timeout = {int(WAIT_SECONDS * 1000)}")

    def _explained(self, error: sqlite3.Error) -> AssayError:
        """Give the error to raise for one of SQLite's; a failed sync is remembered."""
        if getattr(error, "sqlite_errorcode", None) in SYNC_FAILURES:
            return self._disk.fail(self.path, "the transaction was undone")
        return _explained(error, self.path)


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
    if "readonly" in text:
        return DatabaseError(
            f"{path} cannot be written. Run the command as the user who owns the home, or have its folder made writable."
        )
    return DatabaseError(f"The database {path} refused: {text}. Run `assay doctor`, then `assay fsck`.")
