"""A witness's memory in one SQLite file. A change is on the disk, folder entry included, when `advance` returns."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assay.errors import AssayError
from assay.publish.witness import Seen

_PATIENCE_SECONDS = 10.0
_SCHEMA = "create table seen (origin text primary key, size integer not null, root blob not null, note blob not null) strict"


class WitnessFileError(AssayError):
    """The file of a witness is missing, there already, or cannot be read or written."""


class WitnessFile:
    """The memory of a witness. `create` begins one; `open` never does, so that a lost file is not taken for a new witness."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def create(cls, path: Path) -> WitnessFile:
        """Begin an empty memory; raises WitnessFileError where the file exists."""
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError as error:
            raise WitnessFileError(
                f"The witness file {path} exists; open it, or choose another name."
            ) from error
        except OSError as error:
            raise WitnessFileError(f"The witness file {path} cannot be made ({error.strerror}).") from error
        with _connected(path) as connection:
            connection.execute(_SCHEMA)
        _sync_folder(path.parent)
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> WitnessFile:
        """Open a memory; raises WitnessFileError where there is none."""
        if not path.is_file():
            raise WitnessFileError(
                f"There is no witness file {path}. Restore it: a witness that begins anew no longer remembers what it saw. Create one only for a new witness."
            )
        memory = cls(path)
        memory.latest("")
        return memory

    def latest(self, origin: str) -> Seen | None:
        """Give the newest head cosigned of a log, or None."""
        with _connected(self._path) as connection:
            return _select(connection, origin)

    def advance(self, origin: str, before: Seen | None, after: Seen) -> bool:
        """Put `after` in the place of `before`, durably; False when another request came first."""
        with _connected(self._path) as connection:
            connection.execute("begin immediate")
            if _select(connection, origin) != before:
                connection.execute("rollback")
                return False
            connection.execute(
                "insert or replace into seen values (?, ?, ?, ?)",
                (origin, after.size, after.root, after.note),
            )
            connection.execute("commit")
            return True


def _select(connection: sqlite3.Connection, origin: str) -> Seen | None:
    row = connection.execute("select size, root, note from seen where origin = ?", (origin,)).fetchone()
    return None if row is None else Seen(*row)


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection of its own to each caller: requests run in threads. EXTRA also syncs the folder after the journal is gone."""
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_PATIENCE_SECONDS, isolation_level=None
        )
        try:
            connection.execute("pragma synchronous = extra")
            yield connection
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise WitnessFileError(
            f"The witness file {path} cannot be used ({error}). Nothing was cosigned; check the disk and the file."
        ) from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
