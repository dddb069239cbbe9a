"""Personal records, sealed under a key of the person they are about, and the store of those keys (formats.md, section 4).

Destroying a person's key makes key, record and salt unreadable wherever the sealed bytes were copied to; the commitment stays.
The key store is the one file that this package opens: it must leave no trace of what it destroys, so it says itself how it is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sqlite3
import unicodedata
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assay.errors import AssayError
from assay.evidence.canonical import decode, encode
from assay.evidence.records import Place, Sealed, Whole

FORMAT = 1
KEY_BYTES = 32
NONCE_BYTES = 12
SUBJECT_BYTES = 16

Random = Callable[[int], bytes]


class BrokenSealError(AssayError):
    """Sealed bytes that do not open at their place: changed, moved, or sealed under another key."""


class SubjectStoreError(AssayError):
    """The store of subject keys cannot do what was asked. The text says what to do now."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A person as the evidence knows them: a random id of 32 hexadecimal digits, and the key that seals what is about them."""

    id: str
    key: bytes = field(repr=False)


class SubjectKeys(Protocol):
    """The keys of the people whom sealed records are about."""

    def subject(self, person: str) -> Subject:
        """Give the subject of an identifying text such as an e-mail address; drawn at random, and durable on return, if there is none."""
        ...

    def find(self, person: str) -> str | None:
        """Give the subject id of an identifying text, None if there is none (any more)."""
        ...

    def key(self, subject: str) -> bytes | None:
        """Give the key of a subject id; None when it was destroyed or never drawn."""
        ...

    def destroy(self, subjects: Collection[str]) -> int:
        """Destroy the keys of these subject ids for good and give how many there were."""
        ...


@dataclass(frozen=True, slots=True)
class SubjectSealer:
    """Seals and opens record versions under subject keys; the `Sealer` that `assay.evidence.population.advance` asks for."""

    keys: SubjectKeys
    random: Random = secrets.token_bytes

    def seal(self, place: Place, subject: str, version: Whole) -> Sealed:
        """Seal a version for `subject`, an identifying text; its key is drawn if there is none."""
        return seal(place, self.keys.subject(subject), version, self.random(NONCE_BYTES))

    def open(self, place: Place, line: Sealed) -> Whole | None:
        """Open a sealed line; None when its subject's key was destroyed. Raises BrokenSealError."""
        key = self.keys.key(line.subject)
        return None if key is None else open_sealed(place, line, key)


def seal(place: Place, subject: Subject, version: Whole, nonce: bytes) -> Sealed:
    """Seal a version to its place, subject and commitment: AES-256-GCM under the subject's key; `nonce` is 12 fresh random bytes."""
    commitment = version.commitment()
    ciphertext = AESGCM(subject.key).encrypt(
        nonce, version.encode(), _bound_to(place, subject.id, commitment)
    )
    return Sealed(commitment, nonce + ciphertext, subject.id)


def open_sealed(place: Place, line: Sealed, key: bytes) -> Whole:
    """Open a sealed line found at `place`; raises BrokenSealError unless it was sealed there, for this subject and commitment, with `key`."""
    nonce, ciphertext = line.sealed[:NONCE_BYTES], line.sealed[NONCE_BYTES:]
    try:
        plain = AESGCM(key).decrypt(nonce, ciphertext, _bound_to(place, line.subject, line.commitment))
        member = decode(plain)
        version = Whole(member["key"], encode(member["record"]), bytes.fromhex(member["salt"]))
        if version.commitment() == line.commitment:
            return version
    except (InvalidTag, AssayError, KeyError, TypeError, ValueError) as error:
        raise BrokenSealError(_broken(place, line)) from error
    raise BrokenSealError(_broken(place, line))


def _bound_to(place: Place, subject: str, commitment: bytes) -> bytes:
    return encode(
        ["assay sealed record", FORMAT, place.table, place.account, place.region, subject, commitment.hex()]
    )


def _broken(place: Place, line: Sealed) -> str:
    return (
        f"The sealed record {line.commitment.hex()} of {place.table} does not open at {place.account} {place.region}".rstrip()
        + ": it was changed or moved, or its key is another one. Run `assay fsck`, and restore the object from a backup."
    )


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
        self, path: Path, lookup_key: bytes, random: Random = secrets.token_bytes, *, wait: float = 10.0
    ) -> None:
        """Open the store, made (mode 0600) if it is not there. `wait` is how many seconds to wait for another process's lock."""
        self._path = path
        self._lookup_key = lookup_key
        self._random = random
        with self._said():
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._database = sqlite3.connect(path, timeout=wait, isolation_level=None)
            self._settle()
            self._database.execute(_SCHEMA)
            self._vacuum_if_owed()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._database.close()

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
        if self._database.execute("pragma user_version").fetchone()[0] == _OWES_VACUUM:
            self._database.execute("vacuum")
            self._database.execute(f"pragma user_version = {_CLEAN}")

    @contextmanager
    def _writing(self) -> Iterator[None]:
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
            raise SubjectStoreError(
                f"The key store {self._path} could not be used ({error}). Nothing was lost: see that the disk has room, the file is "
                "readable and no other program holds it, then try again."
            ) from error


def _id_bytes(subject: str) -> bytes:
    try:
        return bytes.fromhex(subject)
    except ValueError as error:
        raise SubjectStoreError(f"“{subject}” is not a subject id; it has 32 hexadecimal digits.") from error
