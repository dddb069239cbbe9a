"""The one home of this process, on the database connection of the current thread: a verb of `assay.home` joins the transaction of the service that calls it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.db import Error as DjangoError
from django.db import connection, transaction

from assay.home import Home, Surroundings, open_home
from assay.home.database import SYNC_FAILURES, Condition, Database, DatabaseError
from assay.home.database.postgres import LOCK
from assay.home.ledger import Ledger
from assay.stores import Disk, Evidence, FailedSyncError, disk_under


@dataclass(frozen=True, slots=True)
class _Served:
    """What of a home stays the same for as long as a process serves it."""

    path: Path
    id: str
    name: str
    evidence: Evidence
    surroundings: Surroundings
    disk: Disk


class JoinedDatabase(Database):
    """The home's database through Django's connection of this thread. A transaction inside a service's is a part of that one."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self._path = path
        self._disk = disk

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        return "postgresql" if connection.vendor == "postgresql" else "sqlite"

    def close(self) -> None:
        """Django closes its connections."""

    def prepare(self) -> None:
        """The tables were made when the home was opened, before Django's own."""

    def leave_no_trace(self) -> None:
        """As the home's own connection does; inside a transaction nothing, since that comes before its end."""
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            self.rows("vacuum")
            self.rows("pragma wal_checkpoint(truncate)")

    def condition(self) -> Condition:
        """`assay doctor` opens the database itself and says more."""
        return Condition(str(self._path))

    def rows(self, query: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self._said(), connection.cursor() as cursor:
            cursor.execute(_placeholders(query), parameters)
            return [tuple(map(_plain, row)) for row in cursor.fetchall()] if cursor.description else []

    def execute(self, statement: str, parameters: tuple[Any, ...] = ()) -> int:
        if not connection.in_atomic_block:
            raise DatabaseError("A write was tried outside a transaction.")
        with self._said(), connection.cursor() as cursor:
            cursor.execute(_placeholders(statement), parameters)
            return int(cursor.rowcount)

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        self._disk.refuse_writing_after_failure()
        with self._said(), transaction.atomic():
            if connection.vendor == "postgresql":
                self.rows(LOCK)
            yield self

    @contextmanager
    def snapshot(self) -> Iterator[Database]:
        with transaction.atomic():
            yield self

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Say a failed sync as the home does: this process writes no more."""
        try:
            yield
        except DjangoError as error:
            if failure := failed_sync(error):
                raise failure from error
            raise


def current_home() -> Home:
    """Give the home that this process serves. Raises NoHomeError and KeyProblemError as `assay.home.open_home` does."""
    served = _served(Path(settings.ASSAY_HOME))
    database = JoinedDatabase(served.path / "assay.db", served.disk)
    ledger = Ledger(database, served.evidence, served.surroundings.clock, served.surroundings.random)
    return Home(served.path, served.id, served.name, database, served.evidence, ledger, served.surroundings)


@cache
def _served(path: Path) -> _Served:
    """Open the home once as the command line does: tables are made, what a killed process left in the log is copied."""
    home = open_home(path, Surroundings.real())
    try:
        return _Served(home.path, home.id, home.name, home.evidence, home.surroundings, disk_under(path))
    finally:
        home.close()


def failed_sync(error: Exception) -> FailedSyncError | None:
    """Give what to raise where an error of Django's says that a sync of the home's file failed: this process writes no more. Otherwise None."""
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", 0) in SYNC_FAILURES:
        home = Path(settings.ASSAY_HOME)
        return disk_under(home).fail(home / "assay.db", "the transaction was undone")
    return None


def forget_home() -> None:
    """Open the home anew at the next use: for tests, which serve one after another."""
    _served.cache_clear()


def _placeholders(statement: str) -> str:
    """Write a statement of `assay.home` with Django's placeholders."""
    return statement.replace("%", "%%").replace("?", "%s")


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
