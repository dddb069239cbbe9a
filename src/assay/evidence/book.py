"""The book: a ledger's entries with the bodies and objects behind them, whether they lie in a home or in a pack.

What is read from a book is the same in both, so a conclusion drawn in a home is performed again from a pack by the same code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assay.evidence.canonical import Json, encode_read, read_canonical
from assay.evidence.ledger import Envelope, Kind
from assay.evidence.records import (
    BadRecordFileError,
    Erased,
    Line,
    Patched,
    Place,
    Removed,
    Sealed,
    SealedRemoved,
    Whole,
    patched,
    read_records,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One ledger entry: its index and its envelope."""

    ordinal: int
    envelope: Envelope

    @property
    def kind(self) -> Kind:
        return self.envelope.kind

    @property
    def at(self) -> datetime:
        return self.envelope.at

    @property
    def body(self) -> bytes:
        return self.envelope.body


class Book(Protocol):
    """Entries in order, and what is behind them."""

    def entries(self, start: int = 0, kind: Kind | None = None) -> Iterator[Entry]:
        """Give the entries from an index on, of one kind or all."""
        ...

    def body(self, entry: Entry) -> Json:
        """Give the body of an entry; raises an AssayError when it is not there or not the one committed to."""
        ...

    def object(self, digest: str) -> bytes:
        """Give an object; raises an AssayError when it is not there or not what its name says."""
        ...


def origin(home: str, book: Book) -> str:
    """Give the log's origin: `assay/<home>`, and after n restored backups `assay/<home>/<n>`, since a restored log may grow otherwise than it did."""
    epochs = sum(1 for _ in book.entries(kind=Kind.EPOCH))
    return f"assay/{home}/{epochs}" if epochs else f"assay/{home}"


def replayed(book: Book, source: str, place: Place, upto: int) -> list[Line]:
    """Make the lines of a population from every record file up to the collection with ledger index `upto`, in their order."""
    state: dict[bytes, Line] = {}
    for entry in book.entries(kind=Kind.COLLECTION):
        if entry.ordinal > upto:
            break
        body = book.body(entry)
        if body["source"]["id"] != source:
            continue
        for statement in body["populations"]:
            if place_of(statement) == place:
                advance_state(book, statement, state)
    return in_order(state)


def advance_state(book: Book, statement: Json, state: dict[bytes, Line]) -> None:
    """Advance a population's lines by the record file of one statement, where there is one; raises an AssayError when it is another place's."""
    apply(state, changes(book, statement))


def changes(book: Book, statement: Json) -> list[Line]:
    """Give the lines of the record file of one statement, none where there is no file; raises an AssayError when it is another place's."""
    if not statement["records"]:
        return []
    header, lines = read_records(book.object(statement["records"]))
    if header != place_of(statement):
        raise BadRecordFileError(
            f"The record file {statement['records']} is about {header}, but the collection says {place_of(statement)}."
        )
    return lines


@dataclass(frozen=True, slots=True)
class Erasure:
    """That an object was erased: the entry that says so, and the object in its place, or None where nothing is left of it."""

    ordinal: int
    replacement: str | None


def erasure_of(book: Book, digest: str) -> Erasure | None:
    """Give the erasure that took an object away, or None."""
    for entry in book.entries(kind=Kind.ERASURE):
        objects = book.body(entry)["objects"]
        if digest in objects:
            return Erasure(entry.ordinal, objects[digest])
    return None


WORDED = frozenset({Kind.ACT, Kind.EVIDENCE})
"""Kinds of entries whose body a person wrote, so that words of it can be erased. What conclusions and signatures rest on never is."""


def erasure_of_body(book: Book, entry: Entry) -> Erasure | None:
    """Give the last erasure that took words out of an entry's body, or None. The replacement is an object with the body without them, which nothing commits to."""
    if entry.kind not in WORDED:
        return None
    found = None
    for erasure in book.entries(entry.ordinal + 1, Kind.ERASURE):
        bodies = book.body(erasure).get("bodies", {})
        if entry.body.hex() in bodies:
            found = Erasure(erasure.ordinal, bodies[entry.body.hex()])
    return found


def place_of(statement: Json) -> Place:
    """Give the place that a population's statement is about."""
    return Place(statement["table"], statement["account"], statement["region"])


def in_order(state: dict[bytes, Line]) -> list[Line]:
    """Give a population's lines in the order of their keys, or commitments where they are sealed."""
    return [state[name] for name in sorted(state)]


def apply(state: dict[bytes, Line], lines: Iterable[Line]) -> None:
    """Advance a population's lines, held by key or for sealed lines by commitment, by the lines of one record file."""
    for line in lines:
        match line:
            case Whole():
                state[line.key.encode()] = line
            case Patched():
                state[line.key.encode()] = _changed(state.get(line.key.encode()), line)
            case Removed():
                _drop(state, line.key.encode(), line.key)
            case Erased(key=str(key)):
                state[key.encode()] = line
            case Sealed() | Erased():
                state[line.commitment] = line
            case SealedRemoved():
                _drop(state, line.commitment, line.commitment.hex())


def _changed(before: Line | None, line: Patched) -> Whole:
    if not isinstance(before, Whole):
        raise BadRecordFileError(
            f"The record “{line.key}” is given as a change, but no version of it came before."
        )
    return Whole(line.key, encode_read(patched(read_canonical(before.record), line.patch)), line.salt)


def _drop(state: dict[bytes, Line], name: bytes, shown: str) -> None:
    if state.pop(name, None) is None:
        raise BadRecordFileError(f"The record “{shown}” is removed, but was never there.")
