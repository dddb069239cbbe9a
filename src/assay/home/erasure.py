"""Erasing people, records and objects so that every proof stays whole (formats.md, sections 2 to 4 and 7).

The entry comes first and says what is erased; then it goes. What an interruption left over goes at the next `finish_erasures`, which `assay fsck`
looks for. Commitments stay: without key, record and salt they tell nothing. Conclusions drawn before keep what their checks noted of
records outside of personal tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from assay.errors import AssayError
from assay.evidence.book import advance_state, place_of
from assay.evidence.canonical import Json, parse
from assay.evidence.ledger import Kind
from assay.evidence.population import commitment_of
from assay.evidence.records import Erased, Line, Patched, Place, Sealed, Whole, read_records, write_records
from assay.home.personal import personal
from assay.home.place import Home
from assay.home.populations import CACHE


class ErasureError(AssayError):
    """What should be erased is not there, or cannot be erased."""


@dataclass
class _Erased:
    """What one erasure is about: entries whose evidence it touches, commitments that cannot be opened any more, objects and what replaces them."""

    entries: set[int] = field(default_factory=set)
    commitments: set[str] = field(default_factory=set)
    objects: dict[str, str | None] = field(default_factory=dict)

    def to_body(self, by: str, basis: str) -> Json:
        return {
            "basis": basis,
            "by": by,
            "commitments": sorted(self.commitments),
            "entries": sorted(self.entries),
            "objects": self.objects,
        }


def erase(home: Home, people: Collection[str], by: str, basis: str) -> int:
    """Erase everything that is sealed about people, given as tables' `subject:` names them (an e-mail address, say); gives the entry's index.

    1. What is sealed under their keys. 2. The entry. 3. The keys. Raises ErasureError when one of them is not known.
    """
    with personal(home) as kept:
        found = {person: kept.keys.find(person) for person in people}
        unknown = sum(subject is None for subject in found.values())
        if unknown or not found:
            raise ErasureError(
                f"{unknown} of {len(found)} people are not known: nothing is sealed about them, or they were erased before. Nothing was erased."
            )
        subjects = {subject for subject in found.values() if subject is not None}
        erased = _Erased()
        for entry, line in _sealed(home):  # 1
            if line.subject in subjects:
                erased.commitments.add(line.commitment.hex())
                erased.entries.update([] if entry is None else [entry])
        ordinal = home.ledger.append(Kind.ERASURE, erased.to_body(by, basis))  # 2
        kept.keys.destroy(subjects)  # 3
    return ordinal


def erase_objects(home: Home, digests: Collection[str], by: str, basis: str) -> int:
    """Erase attachments of manual evidence and call logs, given by their ids; gives the entry's index."""
    erased = _Erased(objects=dict.fromkeys(digests))
    for entry in home.ledger.entries():
        mine = set(_erasable(entry.kind, home.ledger.body(entry))) & set(digests)
        erased.entries.update([entry.ordinal] if mine else [])
        digests = set(digests) - mine
    if digests or not erased.objects:
        raise ErasureError(
            f"{len(digests)} of {len(erased.objects)} objects are neither attachments nor call logs. Nothing was erased."
        )
    ordinal = home.ledger.append(Kind.ERASURE, erased.to_body(by, basis))
    finish_erasures(home)
    return ordinal


def erase_records(home: Home, source: str, place: Place, keys: Collection[str], by: str, basis: str) -> int:
    """Erase what was ever seen of records outside of personal tables; their keys stay, since the order hangs on them. Gives the entry's index.

    1. Every version in every record file becomes an erased line. 2. The new files are durable, then the entry. 3. The old files go.
    """
    erased = _Erased()
    state: dict[bytes, Line] = {}
    for entry in home.ledger.entries(kind=Kind.COLLECTION):
        body = home.ledger.body(entry)
        for statement in body["populations"] if body["source"]["id"] == source else ():
            if place_of(statement) == place and statement["records"]:
                lines = read_records(home.ledger.object(statement["records"]))[1]
                advance_state(home.ledger, statement, state)
                blank = [_blank(line, state, keys) for line in lines]  # 1
                if blank != lines:
                    new = home.evidence.put_object(write_records(place, blank))  # 2
                    erased.objects[_newest_of(home, statement["records"])] = new
                    erased.entries.add(entry.ordinal)
                    erased.commitments |= {commitment_of(line).hex() for line in blank if line not in lines}
    if not erased.objects:
        raise ErasureError(
            f"None of these records was ever seen in {place.table} at {place.account} {place.region}."
        )
    ordinal = home.ledger.append(Kind.ERASURE, erased.to_body(by, basis))
    finish_erasures(home)  # 3
    return ordinal


def finish_erasures(home: Home) -> int:
    """Take away what erasure entries say is erased and is still there: after an interruption, or a restore of older keys. Gives how much there was."""
    commitments: set[str] = set()
    objects: set[str] = set()
    for entry in home.ledger.entries(kind=Kind.ERASURE):
        body = home.ledger.body(entry)
        commitments.update(body["commitments"])
        objects.update(body["objects"])
    left = [f"objects/{digest[:2]}/{digest}" for digest in sorted(objects)]
    left = [name for name in left if home.evidence.store.written(name) is not None]
    for name in left:
        home.evidence.store.remove(name)
    if objects:
        for path in home.cache(CACHE).iterdir():
            path.unlink()
    if not commitments:
        return len(left)
    with personal(home) as kept:
        subjects = {line.subject for _, line in _sealed(home) if line.commitment.hex() in commitments}
        return len(left) + kept.keys.destroy([one for one in subjects if kept.keys.key(one) is not None])


def unfinished(home: Home) -> bool:
    """Tell whether something that an entry says is erased is still there."""
    commitments: set[str] = set()
    for entry in home.ledger.entries(kind=Kind.ERASURE):
        body = home.ledger.body(entry)
        commitments.update(body["commitments"])
        names = (f"objects/{digest[:2]}/{digest}" for digest in body["objects"])
        if any(home.evidence.store.written(name) is not None for name in names):
            return True
    if not commitments:
        return False
    with personal(home) as kept:
        return any(
            line.commitment.hex() in commitments and kept.keys.key(line.subject) is not None
            for _, line in _sealed(home)
        )


def _sealed(home: Home) -> Iterator[tuple[int | None, Sealed]]:
    """Give every sealed line with the entry that brought it; None for a collection that has not ended yet."""
    for ordinal, statement in (*_entered(home), *_staged(home)):
        if statement["records"]:
            for line in read_records(home.ledger.object(statement["records"]))[1]:
                if isinstance(line, Sealed):
                    yield ordinal, line


def _entered(home: Home) -> Iterator[tuple[int | None, Json]]:
    for entry in home.ledger.entries(kind=Kind.COLLECTION):
        yield from ((entry.ordinal, statement) for statement in home.ledger.body(entry)["populations"])


def _staged(home: Home) -> Iterator[tuple[int | None, Json]]:
    bodies: Iterable[Json] = (parse(body) for (body,) in home.database.rows("select body from staged_place"))
    yield from ((None, body["population"]) for body in bodies if body["population"] is not None)


def _erasable(kind: Kind, body: Json) -> Iterator[str]:
    if kind == Kind.EVIDENCE and body["attachment"] is not None:
        yield body["attachment"]
    if kind == Kind.COLLECTION:
        yield body["calls"]["object"]


def _blank(line: Line, state: dict[bytes, Line], keys: Collection[str]) -> Line:
    """Give the erased line in the place of a version of one of these records; `state` is the population after the file."""
    if not isinstance(line, Whole | Patched) or line.key not in keys:
        return line
    return Erased(commitment_of(state[line.key.encode()]), line.key)


def _newest_of(home: Home, digest: str) -> str:
    """Give the object that stands for `digest` now, after earlier erasures."""
    for entry in home.ledger.entries(kind=Kind.ERASURE):
        digest = home.ledger.body(entry)["objects"].get(digest) or digest
    return digest
