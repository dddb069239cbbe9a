"""Where a person stands in a home: sealed records, records, texts of acts and of manual evidence, files, rows, messages that wait. Nothing is changed here.

A person is looked up as tables' `subject:` names them, an e-mail address say, and by further words that name them. Texts are searched for whole words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from assay.errors import AssayError
from assay.evidence.book import WORDED, advance_state, place_of
from assay.evidence.canonical import Json, parse
from assay.evidence.ledger import Kind
from assay.evidence.records import Line, Patched, Place, Removed, Sealed, Whole, read_records
from assay.home.erased_rows import Cell, accounts_of, cells_of
from assay.home.erased_words import Words
from assay.home.erasure import sealed_in
from assay.home.holds import holds
from assay.home.personal import ABOUT_A_PERSON, personal
from assay.home.place import Home
from assay.stores import MissingObjectError

KEPT_FOLDERS = frozenset({"cache", "content", "evidence", "keys"})
"""Folders of the home that are looked through otherwise, or whose files a person wrote and has to change."""


class PersonError(AssayError):
    """A person is nowhere in the home."""


@dataclass
class Found:
    """Where a person stands. Entries go by their indices, objects by their digests, rows by table and key; `unsearched` are entries that name the person and whose
    files cannot be searched; `by_hand` are sentences on what has to be looked at."""

    words: Words
    subjects: frozenset[str] = frozenset()
    sealed: set[str] = field(default_factory=set)
    sealed_in: set[int] = field(default_factory=set)
    suggested: set[str] = field(default_factory=set)
    texts: dict[int, str] = field(default_factory=dict)
    records: dict[tuple[str, Place], set[str]] = field(default_factory=dict)
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    conclusions: dict[str, int] = field(default_factory=dict)
    rows: list[Cell] = field(default_factory=list)
    accounts: int = 0
    messages: list[str] = field(default_factory=list)
    unsearched: list[int] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    days: set[date] = field(default_factory=set)

    @property
    def is_nowhere(self) -> bool:
        parts = (
            self.subjects,
            self.texts,
            self.records,
            self.files,
            self.conclusions,
            self.rows,
            self.messages,
        )
        return not any(parts) and not self.accounts

    def to_json(self) -> Json:
        """Give the preview: numbers, indices and places; no text that names the person."""
        tables: dict[str, int] = {}
        for cell in self.rows:
            tables[cell.table] = tables.get(cell.table, 0) + 1
        return {
            "accounts": self.accounts,
            "by_hand": self.by_hand,
            "conclusion_sets": len(self.conclusions),
            "entries": [{"entry": entry, "kind": kind} for entry, kind in sorted(self.texts.items())],
            "files": [{"entry": entry, "what": what} for entry, what in self.files.values()],
            "messages": len(self.messages),
            "records": [
                {"keys": len(keys), "source": source, "table": place.table}
                for (source, place), keys in self.records.items()
            ],
            "rows": dict(sorted(tables.items())),
            "sealed_records": len(self.sealed),
            "subjects": len(self.subjects),
            "unsearched_files": self.unsearched,
        }


def find_person(home: Home, person: str, also: tuple[str, ...] = ()) -> Found:
    """Look for a person everywhere in the home. Raises PersonError where they are nowhere, WordsError where a word is too short."""
    words = Words.of((person, *also), home.surroundings.random(8)[4:].hex())
    found = Found(words)
    with personal(home) as people:
        named = {people.keys.find(word) for word in words.words}
        found.subjects = frozenset(one for one in named if one is not None)
    _sealed(home, found)
    _in_entries(home, found)
    found.rows = cells_of(home.database, words)
    found.accounts = accounts_of(home.database, words)
    found.messages = [name for name in _loose_files(home) if words.in_bytes((home.path / name).read_bytes())]
    found.by_hand += _overlay(home, words)
    if found.is_nowhere:
        raise PersonError(
            "This person is nowhere in the home: nothing is sealed about them, and no text names them. Nothing was erased."
        )
    return found


def _sealed(home: Home, found: Found) -> None:
    """Note what is sealed under the person's keys, and suggest the keys of their records as further words."""
    with personal(home) as people:
        for ordinal, place, line in sealed_lines(home):
            if line.subject in found.subjects:
                found.sealed.add(line.commitment.hex())
                found.sealed_in.update([] if ordinal is None else [ordinal])
                opened = people.sealer.open(place, line)
                if opened is not None and not found.words.names(opened.key):
                    found.suggested.add(opened.key)
    for entry in home.ledger.entries(kind=Kind.ACT):
        mine = [
            line.commitment.hex()
            for line in sealed_in(home.ledger.body(entry)["details"])
            if line.subject in found.subjects
        ]
        if mine:
            found.sealed.update(mine)
            found.sealed_in.add(entry.ordinal)


def held_and_named(home: Home, words: Words) -> frozenset[str]:
    """Give the people under a hold of whom something sealed says one of these words: they are meant, whatever they were looked up by."""
    held = {one.subject for one in holds(home) if one.subject is not None}
    found: set[str] = set()
    if not held:
        return frozenset()
    with personal(home) as people:
        acts = (sealed_in(home.ledger.body(one)["details"]) for one in home.ledger.entries(kind=Kind.ACT))
        lines = [(place, line) for _, place, line in sealed_lines(home)]
        lines += [(ABOUT_A_PERSON, line) for act in acts for line in act]
        for place, line in lines:
            if line.subject in held - found:
                opened = people.sealer.open(place, line)
                if opened is not None and words.in_json([opened.key, parse(opened.record)]):
                    found.add(line.subject)
    return frozenset(found)


def sealed_lines(home: Home) -> Iterator[tuple[int | None, Place, Sealed]]:
    """Give every sealed line with the entry that brought it, None for a collection under way, and its place."""
    statements: list[tuple[int | None, Json]] = [
        (entry.ordinal, statement)
        for entry in home.ledger.entries(kind=Kind.COLLECTION)
        for statement in home.ledger.body(entry)["populations"]
    ]
    for (body,) in home.database.rows("select body from staged_place"):
        statements.append((None, parse(body)["population"]))
    for ordinal, statement in statements:
        if statement is not None and statement["records"]:
            place, lines = read_records(home.ledger.object(statement["records"]))
            yield from ((ordinal, place, line) for line in lines if isinstance(line, Sealed))


def _in_entries(home: Home, found: Found) -> None:
    looked: dict[str, bool] = {}  # a set that did not change is one object for many entries
    for entry in home.ledger.entries():
        body = home.ledger.body(entry)
        before = (len(found.texts), len(found.files), len(found.conclusions))
        if entry.kind in WORDED and found.words.in_json(body):
            found.texts[entry.ordinal] = str(entry.kind)
        match entry.kind:
            case Kind.EVIDENCE if body["attachment"] is not None:
                _attachment(home, found, entry.ordinal, body["attachment"])
            case Kind.COLLECTION:
                _call_log(home, found, entry.ordinal, body["calls"]["object"])
                _collection(found, entry.ordinal, body)
            case Kind.CONCLUSIONS | Kind.EPISODES:
                for digest in (one["object"] for one in body["sets"]):
                    if digest not in looked:
                        looked[digest] = found.words.in_bytes(home.ledger.object(digest))
                    if looked[digest]:
                        found.conclusions[digest] = entry.ordinal
        changed = before != (len(found.texts), len(found.files), len(found.conclusions))
        if changed or entry.ordinal in found.sealed_in:
            found.days.add(entry.at.date())
    _records(home, found)


def _attachment(home: Home, found: Found, ordinal: int, digest: str) -> None:
    try:
        content = home.ledger.object(digest)
    except MissingObjectError:
        return
    if found.words.in_bytes(content):
        found.files[digest] = (ordinal, "attachment")
    elif ordinal in found.texts and b"\0" in content[:4096]:
        found.unsearched.append(ordinal)


def _call_log(home: Home, found: Found, ordinal: int, digest: str) -> None:
    try:
        content = home.ledger.object(digest)
    except MissingObjectError:
        return
    if found.words.in_bytes(content):
        found.files[digest] = (ordinal, "call log")


def _collection(found: Found, ordinal: int, body: Json) -> None:
    if found.words.in_json([body["gaps"], body["principal"], body["settings"], body["asked_by"]]):
        found.by_hand.append(
            f"Entry {ordinal}, a collection, names the person in a gap, in its settings or as who asked. Conclusions rest on it, so it stays as it is."
        )


def _records(home: Home, found: Found) -> None:
    """Note the keys of every record outside of personal tables that names the person, by source and place."""
    states: dict[tuple[str, Place], dict[bytes, Line]] = {}
    for entry in home.ledger.entries(kind=Kind.COLLECTION):
        body = home.ledger.body(entry)
        for statement in body["populations"]:
            if not statement["records"]:
                continue
            where = (body["source"]["id"], place_of(statement))
            state = states.setdefault(where, {})
            content = home.ledger.object(statement["records"])
            advance_state(home.ledger, statement, state)
            if found.words.in_bytes(content):
                keys = _naming(read_records(content)[1], state, found.words)
                if keys:
                    found.records.setdefault(where, set()).update(keys)
                    found.days.add(entry.at.date())


def _naming(lines: list[Line], state: dict[bytes, Line], words: Words) -> set[str]:
    keys = set()
    for line in lines:
        match line:
            case Whole() | Patched():
                whole = state.get(line.key.encode())
                if words.names(line.key) or (isinstance(whole, Whole) and words.in_json(parse(whole.record))):
                    keys.add(line.key)
            case Removed():
                keys.update([line.key] if words.names(line.key) else [])
    return keys


def _loose_files(home: Home) -> Iterator[str]:
    """Give the files that wait in the home or were sent to it, lists and messages, by their names below its folder."""
    for folder in sorted(home.path.iterdir()):
        if folder.is_dir() and folder.name not in KEPT_FOLDERS:
            yield from (str(one.relative_to(home.path)) for one in sorted(folder.rglob("*")) if one.is_file())


def _overlay(home: Home, words: Words) -> Iterator[str]:
    for file in sorted((home.path / "content").rglob("*")):
        if file.is_file() and words.in_bytes(file.read_bytes()):
            yield f"The file {file.relative_to(home.path)} of your own content names the person. Change it yourself."
