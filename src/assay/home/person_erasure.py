"""Erasing one person from a home: what was found of them goes by one entry, which names nobody, and every proof stays whole.

Sealed records go with the person's keys, records outside of personal tables become erased lines, texts of acts and of manual evidence keep all but the person's words, files that name
them go whole, rows keep all but the words, and accounts let nobody in any more. What stays is said by `Found.by_hand`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from assay.evidence.book import erasure_of_body, place_of
from assay.evidence.canonical import encode, parse
from assay.evidence.ledger import Kind
from assay.evidence.records import Erased, Patched, Place, Removed, Whole, read_records
from assay.home.database import Database
from assay.home.erased_rows import end_accounts, take_words_out
from assay.home.erased_words import Words, instead_of
from assay.home.erasure import Erasing, ErasureError, blank_records, finish_erasures, newest_of
from assay.home.forgetting import forget_derived
from assay.home.holds import refuse_held
from assay.home.person_search import Found, held_and_named
from assay.home.personal import personal
from assay.home.place import Home


@dataclass(frozen=True, slots=True)
class PersonErased:
    """The entry that says so, and what was changed or taken away, counted."""

    entry: int
    accounts: int
    rows: int
    texts: int
    records: int
    sealed: int


def erase_person(
    home: Home, found: Found, *, by: str, basis: str, files_of: Collection[int] = ()
) -> PersonErased:
    """Erase a person as `find_person` found them; `files_of` are entries whose files go as well. Raises HeldError under a hold, ErasureError for an entry without a file.

    1. Nothing held. 2. What stands in the place of records, conclusions and texts is durable. 3. The entry, in one transaction with the rows.
    4. What it names goes: keys, objects, bodies, messages, derived files.
    """
    refuse_held(home, found.subjects | held_and_named(home, found.words), sorted(found.days))  # 1
    erased = Erasing(mark=found.words.mark, rows=found.rows)
    erased.commitments |= found.sealed
    erased.entries |= found.sealed_in
    renamed = _records(home, found, erased)  # 2
    _conclusions(home, found, erased, renamed)
    _texts(home, found, erased)
    _files(home, found, erased, files_of)
    ended = [0]

    def record(transaction: Database, ordinal: int) -> None:
        ended[0] = end_accounts(transaction, found.words)
        take_words_out(transaction, found.rows, found.words)

    body = erased.to_body(by, found.words.without(basis))
    entry = home.ledger.append(Kind.ERASURE, body, record)  # 3
    for name in found.messages:
        (home.path / name).unlink(missing_ok=True)
    with personal(home) as people:
        people.keys.destroy(found.subjects)
    finish_erasures(home)  # 4
    forget_derived(home)
    records = sum(map(len, found.records.values()))
    return PersonErased(entry, ended[0], len(found.rows), len(found.texts), records, len(found.sealed))


def _records(home: Home, found: Found, erased: Erasing) -> dict[str, str]:
    """Make erased lines of the records; gives the stand-ins for keys that named the person."""
    renamed: dict[str, str] = {}
    for (source, place), keys in found.records.items():
        naming = {key for key in keys if found.words.names(key)}
        instead = _stand_ins(_every_key(home, source, place), naming, found.words.mark)
        blank_records(home, source, place, keys, erased, instead)
        renamed |= instead
    return renamed


def _every_key(home: Home, source: str, place: Place) -> set[str]:
    keys: set[str] = set()
    for entry in home.ledger.entries(kind=Kind.COLLECTION):
        body = home.ledger.body(entry)
        for statement in body["populations"] if body["source"]["id"] == source else ():
            if place_of(statement) == place and statement["records"]:
                for line in read_records(home.ledger.object(statement["records"]))[1]:
                    if isinstance(line, Whole | Patched | Removed | Erased) and line.key is not None:
                        keys.add(line.key)
    return keys


def _stand_ins(every: Iterable[str], naming: Collection[str], mark: str) -> dict[str, str]:
    """Give for each key that names the person another in the same place of the order, on which the population's root hangs: its neighbour's, made longer."""
    instead: dict[str, str] = {}
    before = ""
    for number, key in enumerate(sorted(every, key=lambda one: one.encode())):
        if key in naming:
            instead[key] = f"{before}\x01{instead_of(mark)}{number:09}"
        else:
            before = key
    return instead


def _conclusions(home: Home, found: Found, erased: Erasing, renamed: Mapping[str, str]) -> None:
    for digest, ordinal in found.conclusions.items():
        left = found.words.json_without(parse(home.ledger.object(digest)), renamed)
        erased.objects[newest_of(home, digest)] = home.evidence.put_object(encode(left))
        erased.entries.add(ordinal)


def _texts(home: Home, found: Found, erased: Erasing) -> None:
    for ordinal in found.texts:
        entry = home.ledger.entry(ordinal)
        before = erasure_of_body(home.ledger, entry)
        if before is not None and before.replacement is not None:
            erased.objects[before.replacement] = None
        left = _without(found.words, home.ledger.body(entry))
        erased.bodies[entry.body.hex()] = home.evidence.put_object(encode(left))
        erased.entries.add(ordinal)


def _without(words: Words, body: dict[str, object]) -> dict[str, object]:
    """Give a body without the person; the names of its own members stay."""
    return {name: words.json_without(value) for name, value in body.items()}


def _files(home: Home, found: Found, erased: Erasing, files_of: Collection[int]) -> None:
    for digest, (ordinal, _) in found.files.items():
        erased.objects[digest] = None
        erased.entries.add(ordinal)
    for ordinal in files_of:
        entry = home.ledger.entry(ordinal)
        attachment = home.ledger.body(entry)["attachment"] if entry.kind == Kind.EVIDENCE else None
        if attachment is None:
            raise ErasureError(f"Entry {ordinal} has no file. Nothing was erased.")
        erased.objects[attachment] = None
        erased.entries.add(ordinal)
