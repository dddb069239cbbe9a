"""A pack read as a book: the same entries, bodies and objects that the home had, out of files alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from assay.conclusions import CollectionEntry, Population
from assay.errors import AssayError
from assay.evidence.bodies import open_body
from assay.evidence.book import Entry, changes, erasure_of, erasure_of_body, place_of
from assay.evidence.canonical import Json, decode
from assay.evidence.held import Held
from assay.evidence.ledger import Envelope, Kind
from assay.evidence.records import BadRecordFileError, Erased, Line, Place, Sealed, Whole
from assay.evidence.sealing import open_sealed
from assay.verification.shapes import ShapeError, check_body

LEDGER = "data/ledger.jsonl"
SUBJECTS = "data/subjects.json"


class PackError(AssayError):
    """Something in a pack is not what it must be. `file` names where."""

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(f"{file}: {problem}")
        self.file = file


class PackBook:
    """A `Book`, and an `EvidenceReader`, over the files of a pack whose container was checked before."""

    def __init__(self, files: Mapping[str, bytes], subject_keys: Mapping[str, bytes] | None = None) -> None:
        self.files = files
        self._subject_keys = subject_keys or {}
        self._entries = list(_entries(files))
        self._bodies: dict[int, Json] = {}
        self.unopened: dict[str, set[str]] = {}
        """Tables of which a sealed record could not be opened since this was last cleared."""
        self._held: dict[tuple[str, Place], tuple[int, Held]] = {}

    def entries(self, start: int = 0, kind: Kind | None = None) -> Iterator[Entry]:
        for entry in self._entries[start:]:
            if kind is None or entry.kind == kind:
                yield entry

    def entry(self, ordinal: int) -> Entry:
        if not 0 <= ordinal < len(self._entries):
            raise PackError(LEDGER, f"has no entry {ordinal}")
        return self._entries[ordinal]

    def size(self) -> int:
        return len(self._entries)

    def leaf_hashes(self, start: int, end: int) -> list[bytes]:
        return [entry.envelope.leaf_hash() for entry in self._entries[start:end]]

    def discloses(self, entry: Entry) -> bool:
        """Tell whether the pack holds an entry's body, or what an erasure left of it."""
        return body_path(entry.body) in self.files or self.reworded(entry) is not None

    def reworded(self, entry: Entry) -> int | None:
        """Give the entry that erased words of this entry's body, where the pack holds what is left of it."""
        if body_path(entry.body) in self.files:
            return None
        erased = erasure_of_body(self, entry)
        if erased is None or erased.replacement is None or object_path(erased.replacement) not in self.files:
            return None
        return erased.ordinal

    def body(self, entry: Entry) -> Json:
        path = body_path(entry.body)
        if entry.ordinal not in self._bodies:
            if path in self.files:
                self._bodies[entry.ordinal] = self._opened(entry, path)
            elif self.reworded(entry) is not None:
                self._bodies[entry.ordinal] = self._left_of(entry)
            else:
                raise PackError(
                    path, f"is not disclosed; entry {entry.ordinal} of the ledger ({entry.kind}) needs it"
                )
        return self._bodies[entry.ordinal]

    def _left_of(self, entry: Entry) -> Json:
        """Give what an erasure left of a body. Nothing commits to it: `withheld` says so."""
        erased = erasure_of_body(self, entry)
        digest = "" if erased is None or erased.replacement is None else erased.replacement
        body = decode(self.object(digest))
        try:
            check_body(entry.kind, body)
        except ShapeError as error:
            raise PackError(
                object_path(digest), f"is not the body of an entry of kind {entry.kind}: {error}"
            ) from error
        return body

    def _opened(self, entry: Entry, path: str) -> Json:
        try:
            body = open_body(self.files[path], entry.body)
        except AssayError as error:
            raise PackError(
                path, f"says something else than entry {entry.ordinal} of the ledger committed to"
            ) from error
        try:
            check_body(entry.kind, body)
        except ShapeError as error:
            raise PackError(path, f"is not the body of an entry of kind {entry.kind}: {error}") from error
        return body

    def object(self, digest: str) -> bytes:
        """Give an object, or what was put in its place when something in it was erased."""
        path = object_path(digest)
        if path not in self.files:
            erased = erasure_of(self, digest)
            if erased is None:
                raise PackError(path, "is not disclosed")
            if erased.replacement is None:
                raise PackError(path, f"was erased (entry {erased.ordinal})")
            return self.object(erased.replacement)
        if hashlib.sha256(self.files[path]).hexdigest() != digest:
            raise PackError(path, "holds other bytes than its name says")
        return self.files[path]

    def collections(self) -> list[CollectionEntry]:
        """Give every collection of the ledger."""
        return [
            CollectionEntry(entry.ordinal, self.body(entry)) for entry in self.entries(kind=Kind.COLLECTION)
        ]

    def lines(self, population: Population) -> Iterable[Line]:
        lines = self._replayed(population.source, population.place, population.ordinal)
        for line in lines:
            if isinstance(line, Erased):
                self._could_not_open(line, population.place)
        return lines

    def _replayed(self, source: str, place: Place, upto: int) -> list[Line]:
        """Replay a population up to a collection, going on from where it was replayed last: conclusions come in the ledger's order."""
        reached, held = self._held.get((source, place), (-1, None))
        if held is None or reached > upto:
            reached, held = -1, Held()
        for collection in self.collections():
            if reached < collection.ordinal <= upto and collection.body["source"]["id"] == source:
                for statement in collection.body["populations"]:
                    if place_of(statement) == place:
                        held.advance(changes(self, statement))
        self._held[source, place] = (upto, held)
        return held.lines()

    def _could_not_open(self, line: Sealed | Erased, place: Place) -> None:
        self.unopened.setdefault(place.table, set()).add(line.commitment.hex())

    def open(self, population: Population, line: Sealed) -> Whole | None:
        return self.opened(population.place, line)

    def opened(self, place: Place, line: Sealed | Erased) -> Whole | None:
        """Open a line at its place; what cannot be opened is remembered in `unopened`."""
        key = self._subject_keys.get(line.subject) if isinstance(line, Sealed) else None
        if key is None or isinstance(line, Erased):
            self._could_not_open(line, place)
            return None
        return open_sealed(place, line, key)


def body_path(commitment: bytes) -> str:
    return f"data/bodies/{commitment.hex()}.json"


def object_path(digest: str) -> str:
    return f"data/objects/{digest}"


def states(book: PackBook) -> Iterator[tuple[CollectionEntry, Json, Held, list[tuple[str, bytes]]]]:
    """Replay every population of a book once, in the ledger's order: each collection, each statement in it, the population it leaves, and the
    versions that its record file gives, each with its name and commitment."""
    held: dict[tuple[str, Place], Held] = {}
    for collection in book.collections():
        source = collection.body["source"]["id"]
        for statement in collection.body["populations"]:
            place = place_of(statement)
            state = held.setdefault((source, place), Held())
            try:
                given = state.advance(changes(book, statement))
            except BadRecordFileError as error:
                raise PackError(object_path(statement["records"]), str(error)) from error
            yield collection, statement, state, given


def _entries(files: Mapping[str, bytes]) -> Iterator[Entry]:
    if LEDGER not in files:
        raise PackError(LEDGER, "is missing")
    for ordinal, line in enumerate(files[LEDGER].removesuffix(b"\n").split(b"\n")):
        try:
            yield Entry(ordinal, Envelope.decode(line))
        except AssayError as error:
            raise PackError(LEDGER, f"line {ordinal + 1} is not an envelope") from error
