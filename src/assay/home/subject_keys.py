"""The store of subject keys: one SQLite file that keeps no trace of a destroyed key (formats.md, section 4).

It is kept apart from the evidence and from backups. The file names nobody, and it says itself how it is kept, because an ordinary database would keep copies of what is deleted.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sqlite3
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from assay.errors import AssayError
from assay.evidence.sealing import KEY_BYTES, Random, Subject
from assay.home.database import SYNC_FAILURES
from assay.stores import Disk, disk_under

SUBJECT_BYTES = 16


class SubjectStoreError(AssayError):
    """The store of subject keys cannot do what was asked. The text says what to do now."""


_SCHEMA = """
create table if not exists subject (
    id blob primary key check (length(id) = 16),
    person blob not null unique check (length(person) = 32),
    key blob not null check (length(key) = 32)
) strict
"""
_CLEAN, _OWES_VACUUM = 0, 1


class SqliteSubjectKeys:
    """Subject keys in one SQLite file that keeps no trace of a destroyed key.

    A person is found by HMAC-SHA-256 under `lookup_key`, a key of the home, so the file names nobody. Deleted cells are zeroed and the
    file is rebuilt after each destruction, since a page that was once split may hold an older copy of a cell; the rollback journal, which
    holds pages as they were, is cut to nothing at each commit. A rebuild that was interrupted is made up for at the next opening.
    """

    def __init__(
        self,
        path: Path,
        lookup_key: bytes,
        random: Random = secrets.token_bytes,
        *,
        disk: Disk | None = None,
        wait: float = 10.0,
    ) -> None:
        """Open the store, made (mode 0600) if it is not there.

        `disk` is that of the home; without one, that of the file's folder. `wait` is how many seconds to wait for another process's lock.
        """
        self._path = path
        self._disk = disk or disk_under(path.parent)
        self._lookup_key = lookup_key
        self._random = random
        with self._said():
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._database = sqlite3.connect(path, timeout=wait, isolation_level=None)
            self._settle()
            self._database.execute(_SCHEMA)
            self._make_names_durable()
            self._vacuum_if_owed()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._database.close()

    def copy(self) -> bytes:
        """Give the whole file as it is between two changes, for a copy kept elsewhere."""
        with self._said():
            return self._database.serialize()

    def subject(self, person: str) -> Subject:
        name = self._name_of(person)
        with self._said():
            return self._found(name) or self._drawn(name)

    def find(self, person: str) -> str | None:
        with self._said():
            found = self._found(self._name_of(person))
        return None if found is None else found.id

    def key(self, subject: str) -> bytes | None:
        with self._said():
            row = self._database.execute(
                "select key from subject where id = ?", (_id_bytes(subject),)
            ).fetchone()
        return None if row is None else row[0]

    def destroy(self, subjects: Collection[str]) -> int:
        """Destroy keys in three steps: 1. delete the rows, 2. rebuild the file without their pages, 3. note that no rebuild is owed.

        After step 1 the keys are gone for every reader; should step 2 be refused, SubjectStoreError says so and the next opening does it.
        """
        ids = [(_id_bytes(subject),) for subject in subjects]
        with self._said():
            with self._writing():
                gone = (
                    self._database.executemany("delete from subject where id = ?", ids).rowcount if ids else 0
                )
                if gone:
                    self._database.execute(f"pragma user_version = {_OWES_VACUUM}")
            self._vacuum_if_owed()
        return gone

    def _settle(self) -> None:
        for pragma in (
            "temp_store = memory",
            "synchronous = full",
            "secure_delete = on",
            "journal_mode = truncate",
        ):
            self._database.execute(f"pragma {pragma}")
        kept = [
            self._database.execute(f"pragma {name}").fetchone()[0]
            for name in ("secure_delete", "journal_mode")
        ]
        if kept != [1, "truncate"]:
            raise SubjectStoreError(
                f"The key store {self._path} cannot be kept so that destroyed keys leave no trace "
                f"(secure_delete, journal_mode are {kept}). Close every other program that has it open, then try again."
            )

    def _make_names_durable(self) -> None:
        """Sync the folder: SQLite does so for a new journal, but without looking at the result. From here on the journal's name stays."""
        if not self._disk.failed:
            self._disk.sync_folder(self._path.absolute().parent)

    def _name_of(self, person: str) -> bytes:
        text = unicodedata.normalize("NFC", person.strip().lower()).encode("utf-8", "surrogatepass")
        return hmac.digest(self._lookup_key, b"assay subject\x00" + text, hashlib.sha256)

    def _found(self, name: bytes) -> Subject | None:
        row = self._database.execute("select id, key from subject where person = ?", (name,)).fetchone()
        return None if row is None else Subject(row[0].hex(), row[1])

    def _drawn(self, name: bytes) -> Subject:
        with self._writing():
            if (meanwhile := self._found(name)) is not None:
                return meanwhile
            drawn = Subject(self._random(SUBJECT_BYTES).hex(), self._random(KEY_BYTES))
            self._database.execute(
                "insert into subject (id, person, key) values (?, ?, ?)",
                (bytes.fromhex(drawn.id), name, drawn.key),
            )
        return drawn

    def _vacuum_if_owed(self) -> None:
        if self._disk.failed:
            return  # the next process does it
        if self._database.execute("pragma user_version").fetchone()[0] == _OWES_VACUUM:
            self._database.execute("vacuum")
            self._database.execute(f"pragma user_version = {_CLEAN}")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._disk.refuse_writing_after_failure()
        self._database.execute("begin immediate")
        try:
            yield
            self._database.execute("commit")
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("rollback")
            raise

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if getattr(error, "sqlite_errorcode", None) in SYNC_FAILURES:
                raise self._disk.fail(self._path, "the change was undone") from error
            raise SubjectStoreError(
                f"The key store {self._path} could not be used ({error}). Nothing was lost: see that the disk has room, the file is "
                "readable and no other program holds it, then try again."
            ) from error


def _id_bytes(subject: str) -> bytes:
    try:
        return bytes.fromhex(subject)
    except ValueError as error:
        raise SubjectStoreError(f"“{subject}” is not a subject id; it has 32 hexadecimal digits.") from error
