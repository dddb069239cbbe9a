"""What a check concluded: a letter for each item, a note for each that does not conform, and the object that is stored of it (formats.md, section 9)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from assay.checks.conclusion import Conclusion
from assay.checks.errors import EvaluationError
from assay.evidence.canonical import Json

FORMAT = 1

Commitments = Mapping[str, Mapping[str, str]]
"""For each personal table: an item's key to its record's commitment in hex."""


class Note(NamedTuple):
    """Why an item does not conform, and what was seen.

    `saw` holds canonical JSON values by name, without the prefix `saw_`, in the order of names. `item` None: something is unknown where no
    item is known. `placed`: the note has no letter in `codes` and says `account` and `region` instead: a record that was never seen, what
    belongs to a parent, or a place.
    """

    item: str | None
    table: str
    conclusion: Conclusion
    reason: str
    saw: Mapping[str, Json]
    changes_at: str | None
    account: str | None = None
    region: str | None = None
    placed: bool = False


class Items(NamedTuple):
    """The items of one table: their keys in the order of the letters, and whether the table is about people."""

    table: str
    keys: tuple[str, ...]
    personal: bool


@dataclass(frozen=True, slots=True)
class ConclusionSet:
    """The conclusions of one check.

    `codes` has a letter for each key of `items`, tables in order. `counts` counts every conclusion, what has no letter included.
    `flips_text` is the canonical JSON of `flips`, which a timed check has one of for nearly every item.
    """

    check: str
    items: tuple[Items, ...]
    codes: str
    notes: tuple[Note, ...]
    flips_text: str
    counts: Mapping[Conclusion, int]

    @property
    def flips(self) -> tuple[tuple[int, str], ...]:
        """An ordinal in `codes` and the instant at which that conforming item's conclusion changes by itself, for each that does."""
        return tuple((ordinal, instant) for ordinal, instant in json.loads(self.flips_text))

    def item_keys(self) -> Iterator[tuple[str, str]]:
        """Give (table, key) for each letter of `codes`, in order."""
        return ((items.table, key) for items in self.items for key in items.keys)

    def to_object(self, commitments: Commitments | None = None) -> dict[str, Json]:
        """Give the conclusion set as the object that is stored; `commitments` names the items of personal tables.

        Raises EvaluationError when an item of a personal table has no commitment.
        """
        flips = [list(flip) for flip in self.flips]
        notes = [_said(note) for note in self._named(commitments)]
        return {"check": self.check, "codes": self.codes, "flips": flips, "format": FORMAT, "notes": notes}

    def encoded(self, commitments: Commitments | None = None) -> bytes:
        """Give the canonical bytes of `to_object`, put together directly: a stored set is made for every check, often with many notes."""
        notes = ",".join(map(_written, self._named(commitments)))
        text = f'{{"check":"{self.check}","codes":"{self.codes}","flips":{self.flips_text},"format":{FORMAT},"notes":[{notes}]}}'
        return text.encode()

    def _named(self, commitments: Commitments | None) -> Iterator[Note | _Sealed]:
        personal = {items.table for items in self.items if items.personal}
        if not personal:
            return iter(self.notes)
        known = commitments or {}
        return (
            _sealed(note, known.get(note.table, {})) if note.table in personal else note
            for note in self.notes
        )


class _Sealed(NamedTuple):
    """A note on an item of a personal table: nothing is said of it but its commitment (formats.md, section 4)."""

    note: Note
    commitment: str | None


def _sealed(note: Note, commitments: Mapping[str, str]) -> _Sealed:
    item = note.item
    if item is None or item in commitments:
        return _Sealed(note, None if item is None else commitments[item])
    if note.placed and len(item) == 64 and set(item) <= set("0123456789abcdef"):
        return _Sealed(note, item)  # an erased record is known by its commitment alone
    raise EvaluationError(
        f"An item of {note.table} has no commitment; give the commitments of the population that was judged."
    )


def _said(said: Note | _Sealed) -> dict[str, Any]:
    """A note's object, its members in canonical order."""
    note = said.note if isinstance(said, _Sealed) else said
    named: dict[str, Any] = {"item": note.item}
    if isinstance(said, _Sealed) and said.commitment is not None:
        named = {"commitment": said.commitment}
    members = {
        "changes_at": note.changes_at,
        "conclusion": note.conclusion.value,
        "reason": note.reason,
        "saw": {} if isinstance(said, _Sealed) else dict(note.saw),
        "table": note.table,
        **named,
        **({"account": note.account, "region": note.region} if note.placed else {}),
    }
    return dict(sorted(members.items()))


def _written(said: Note | _Sealed) -> str:
    """A note's canonical JSON: what is plain is written here, the rest by the encoder."""
    if isinstance(said, _Sealed) or said.item is None or said.placed:
        return json.dumps(_said(said), separators=(",", ":"), ensure_ascii=False)
    table, conclusion, reason, saw, changes_at = said[1:6]
    seen = ",".join([f'"{name}":{written(value)}' for name, value in saw.items()])
    head = (
        _head(changes_at, conclusion)
        if changes_at is None
        else f'{{"changes_at":"{changes_at}","conclusion":"{conclusion.value}"'
    )
    return f'{head},"item":{encode_basestring(said.item)},{_reason(reason)}{seen}}},"table":"{table}"}}'


@lru_cache(maxsize=16)
def _head(changes_at: None, conclusion: Conclusion) -> str:
    return f'{{"changes_at":null,"conclusion":"{conclusion.value}"'


@lru_cache(maxsize=4096)
def _reason(reason: str) -> str:
    """Reasons are few and recur."""
    return f'"reason":{encode_basestring(reason)},"saw":{{'


def written(value: Json) -> str:
    """Give the canonical JSON of an observed value (see `assay.checks.observed`)."""
    if value.__class__ is str:
        return encode_basestring(value)
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if value.__class__ is int:
        return str(value)
    return f"[{','.join(map(written, value))}]"
