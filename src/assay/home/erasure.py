"""Erasing people, records and objects so that every proof stays whole (formats.md, sections 2 to 4 and 7).

The entry comes first and says what is erased; then it goes. What an interruption left over goes at the next `finish_erasures`, which `assay fsck`
looks for. Commitments stay: without key, record and salt they tell nothing. Conclusions drawn before keep what their checks noted of
records outside of personal tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from assay.errors import AssayError
from assay.evidence.book import Entry, advance_state, place_of
from assay.evidence.canonical import Json, encode, parse
from assay.evidence.ledger import Kind
from assay.evidence.population import commitment_of
from assay.evidence.records import (
    Erased,
    Line,
    Patched,
    Place,
    Removed,
    Sealed,
    Whole,
    read_records,
    write_records,
)
from assay.home.erased_rows import Cell, blank_again, came_back
from assay.home.forgetting import forget_derived
from assay.home.personal import personal
from assay.home.place import Home
from assay.outbound.s3 import LockedObjectError

NO_NAMES: Mapping[str, str] = {}


class ErasureError(AssayError):
    """What should be erased is not there, or cannot be erased."""


@dataclass
class Erasing:
    """What one erasure is about: entries whose evidence it touches, commitments that cannot be opened any more, objects and what replaces them."""

    entries: set[int] = field(default_factory=set)
    commitments: set[str] = field(default_factory=set)
    objects: dict[str, str | None] = field(default_factory=dict)
    bodies: dict[str, str | None] = field(default_factory=dict)
    rows: list[Cell] = field(default_factory=list)
    mark: str = ""

    def to_body(self, by: str, basis: str) -> Json:
        body: Json = {
            "basis": basis,
            "by": by,
            "commitments": sorted(self.commitments),
            "entries": sorted(self.entries),
            "objects": self.objects,
        }
        if self.mark:
            rows = [one.to_json() for one in self.rows]
            body |= {"bodies": self.bodies, "mark": self.mark, "rows": rows}
        return body


def erase(home: Home, people: Collection[str], by: str, basis: str) -> int:
    """Erase everything that is sealed about people, given as tables' `subject:` names them (an e-mail address, say); gives the entry's index.

    Raises ErasureError when one of them is not known.
    """
    with personal(home) as kept:
        found = {person: kept.keys.find(person) for person in people}
    unknown = sum(subject is None for subject in found.values())
    if unknown or not found:
        raise ErasureError(
            f"{unknown} of {len(found)} people are not known: nothing is sealed about them, or they were erased before. Nothing was erased."
        )
    return erase_subjects(home, {subject for subject in found.values() if subject is not None}, by, basis)


def erase_subjects(home: Home, subjects: Collection[str], by: str, basis: str) -> int:
    """Erase everything that is sealed under these subject keys; gives the entry's index. 1. What is sealed. 2. The entry. 3. The keys."""
    erased = Erasing()
    for entry, line in _sealed(home):  # 1
        if line.subject in subjects:
            erased.commitments.add(line.commitment.hex())
            erased.entries.update([] if entry is None else [entry])
    ordinal = home.ledger.append(Kind.ERASURE, erased.to_body(by, basis))  # 2
    with personal(home) as kept:
        kept.keys.destroy(subjects)  # 3
    forget_derived(home)
    return ordinal


def erase_objects(home: Home, digests: Collection[str], by: str, basis: str) -> int:
    """Erase attachments of manual evidence and call logs, given by their ids; gives the entry's index."""
    erased = Erasing(objects=dict.fromkeys(digests))
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
    erased = Erasing()
    blank_records(home, source, place, keys, erased)  # 1, 2
    if not erased.objects:
        raise ErasureError(
            f"None of these records was ever seen in {place.table} at {place.account} {place.region}."
        )
    ordinal = home.ledger.append(Kind.ERASURE, erased.to_body(by, basis))
    finish_erasures(home)  # 3
    return ordinal


def blank_records(
    home: Home,
    source: str,
    place: Place,
    keys: Collection[str],
    erased: Erasing,
    renamed: Mapping[str, str] = NO_NAMES,
) -> None:
    """Make new record files of a place, in which every version of these records is an erased line, and note them in `erased`. A key in `renamed` gets the other name."""
    state: dict[bytes, Line] = {}
    for entry in home.ledger.entries(kind=Kind.COLLECTION):
        body = home.ledger.body(entry)
        for statement in body["populations"] if body["source"]["id"] == source else ():
            if place_of(statement) == place and statement["records"]:
                lines = read_records(home.ledger.object(statement["records"]))[1]
                advance_state(home.ledger, statement, state)
                blank = [_blank(line, state, keys, renamed) for line in lines]
                if blank != lines:
                    new = home.evidence.put_object(write_records(place, blank))
                    erased.objects[newest_of(home, statement["records"])] = new
                    erased.entries.add(entry.ordinal)
                    erased.commitments |= {
                        line.commitment.hex()
                        for line, before in zip(blank, lines, strict=True)
                        if isinstance(line, Erased) and line != before
                    }


def finish_erasures(home: Home) -> int:
    """Take away what erasure entries say is erased and is still there: after an interruption, or a restore of older keys. Gives how much there was."""
    commitments: set[str] = set()
    objects: set[str] = set()
    bodies: set[str] = set()
    for entry in home.ledger.entries(kind=Kind.ERASURE):
        body = home.ledger.body(entry)
        commitments.update(body["commitments"])
        objects.update(body["objects"])
        bodies.update(body.get("bodies", {}))
    left = [f"objects/{digest[:2]}/{digest}" for digest in sorted(objects)]
    left += [f"bodies/{commitment[:2]}/{commitment}" for commitment in sorted(bodies)]
    left = [name for name in left if home.evidence.store.written(name) is not None and _removed(home, name)]
    gone = len(left) + _settings_again(home) + _rows_again(home)
    if commitments:
        with personal(home) as kept:
            subjects = {line.subject for _, line in _sealed(home) if line.commitment.hex() in commitments}
            gone += kept.keys.destroy([one for one in subjects if kept.keys.key(one) is not None])
    if gone:
        forget_derived(home)
    return gone


def _erased_rows(home: Home) -> Iterator[tuple[str, list[Cell]]]:
    """Give the mark of each erasure that reached rows, and their cells."""
    for entry in home.ledger.entries(kind=Kind.ERASURE):
        body = home.ledger.body(entry)
        if body.get("rows"):
            yield (
                body["mark"],
                [Cell(one["table"], one["key"], tuple(one["columns"])) for one in body["rows"]],
            )


def _rows_again(home: Home) -> int:
    """Take out of rows what came back in them; gives how many there were."""
    back = [(mark, cells) for mark, cells in _erased_rows(home) if came_back(home.database, cells, mark)]
    if not back:
        return 0
    with home.database.transaction() as transaction:
        return sum(blank_again(transaction, cells, mark) for mark, cells in back)


def _settings_again(home: Home) -> int:
    """Give the settings whose acts lost words the value that is left in these acts; gives how many differed."""
    reworded = {
        digest
        for entry in home.ledger.entries(kind=Kind.ERASURE)
        for digest in home.ledger.body(entry).get("bodies", {})
    }
    differ = [
        (value, entry.ordinal)
        for entry in (home.ledger.entries(kind=Kind.ACT) if reworded else ())
        if entry.body.hex() in reworded
        for value in _value_left(home, entry)
    ]
    if differ:
        with home.database.transaction() as transaction:
            for value, ordinal in differ:
                transaction.execute("update setting set value = ? where entry = ?", (value, ordinal))
    return len(differ)


def _value_left(home: Home, entry: Entry) -> Iterator[str]:
    found = home.database.one("select value from setting where entry = ?", (entry.ordinal,))
    if found is not None:
        value = encode(home.ledger.body(entry)["details"]["value"]).decode()
        if value != found[0]:
            yield value


def _removed(home: Home, name: str) -> bool:
    """Take a thing away; False where Object Lock keeps it for now: conclusions, which a later call takes."""
    try:
        home.evidence.store.remove(name)
    except LockedObjectError:
        return False
    return True


def unfinished(home: Home) -> bool:
    """Tell whether something that an entry says is erased is still there."""
    commitments: set[str] = set()
    for entry in home.ledger.entries(kind=Kind.ERASURE):
        body = home.ledger.body(entry)
        commitments.update(body["commitments"])
        names = [f"objects/{digest[:2]}/{digest}" for digest in body["objects"]]
        names += [f"bodies/{digest[:2]}/{digest}" for digest in body.get("bodies", {})]
        if any(home.evidence.store.written(name) is not None for name in names):
            return True
    if any(came_back(home.database, cells, mark) for mark, cells in _erased_rows(home)):
        return True
    if not commitments:
        return False
    with personal(home) as kept:
        return any(
            line.commitment.hex() in commitments and kept.keys.key(line.subject) is not None
            for _, line in _sealed(home)
        )


def _sealed(home: Home) -> Iterator[tuple[int | None, Sealed]]:
    """Give everything sealed with the entry that brought it, lines of record files and what acts say; None for a collection that has not ended yet."""
    for ordinal, statement in (*_entered(home), *_staged(home)):
        if statement["records"]:
            for line in read_records(home.ledger.object(statement["records"]))[1]:
                if isinstance(line, Sealed):
                    yield ordinal, line
    for entry in home.ledger.entries(kind=Kind.ACT):
        yield from ((entry.ordinal, line) for line in sealed_in(home.ledger.body(entry)["details"]))


def sealed_in(value: Json) -> Iterator[Sealed]:
    """Give what an act says about people (formats.md, section 7), wherever in its details."""
    match value:
        case {"commitment": str(commitment), "sealed": str(sealed), "subject": str(subject)}:
            yield Sealed(bytes.fromhex(commitment), bytes.fromhex(sealed), subject)
        case dict():
            for one in value.values():
                yield from sealed_in(one)
        case list():
            for one in value:
                yield from sealed_in(one)


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


def _blank(line: Line, state: dict[bytes, Line], keys: Collection[str], renamed: Mapping[str, str]) -> Line:
    """Give the erased line in the place of a version of one of these records; `state` is the population after the file."""
    match line:
        case Whole() | Patched() if line.key in keys:
            return Erased(commitment_of(state[line.key.encode()]), renamed.get(line.key, line.key))
        case Removed() if line.key in renamed:
            return Removed(renamed[line.key])
        case Erased(key=str(key)) if key in renamed:
            return Erased(line.commitment, renamed[key])
    return line


def newest_of(home: Home, digest: str) -> str:
    """Give the object that stands for `digest` now, after earlier erasures."""
    for entry in home.ledger.entries(kind=Kind.ERASURE):
        digest = home.ledger.body(entry)["objects"].get(digest) or digest
    return digest
