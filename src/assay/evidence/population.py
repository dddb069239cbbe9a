"""A population: every record of one table at one place as a complete answer gave it (formats.md, section 5).

`advance` takes what was known and what was seen and gives the new population with what changed. A version keeps its salt while its record
is unchanged, so an unchanged world adds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from assay.errors import AssayError
from assay.evidence.canonical import Json, encode, parse
from assay.evidence.records import (
    Erased,
    Line,
    Patched,
    Place,
    Removed,
    Sealed,
    SealedRemoved,
    Whole,
    difference,
    record_commitment,
)

KeyBytes = bytes


class DuplicateKeyError(AssayError):
    """Two records of one answer have the same key, so neither can be told from the other."""


class Sealer(Protocol):
    """Seals and opens the versions of a personal table's records."""

    def seal(self, place: Place, subject: str, version: Whole) -> Sealed:
        """Seal a version under the key of `subject`, an identifying text such as an e-mail address; made if there is none."""
        ...

    def open(self, place: Place, line: Sealed) -> Whole | None:
        """Open a sealed version; None when its subject's key was destroyed."""
        ...


@dataclass(frozen=True, slots=True)
class Seen:
    """One record as it was seen: its key, its value, and for a personal table the subject it is about."""

    key: str
    record: Json
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Advance:
    """What one complete answer makes of a population.

    `current` holds a line for each record now there, in the order of their keys (sealed lines: of their commitments); `changes` the
    lines of the record file; `commitments` the leaf data of the population's root, in order; `by_key` each record's commitment by its key.
    """

    current: tuple[Line, ...]
    changes: tuple[Line, ...]
    commitments: tuple[bytes, ...]
    added: int
    changed: int
    removed: int
    by_key: Mapping[str, bytes]


def advance(
    known: Iterable[Line],
    seen: Iterable[Seen],
    place: Place,
    new_salt: Callable[[], bytes],
    sealer: Sealer | None = None,
) -> Advance:
    """Advance a population by one complete answer.

    `known` is the `current` of the population before (empty at first). With a `sealer` the table is personal: every line is sealed.
    Raises DuplicateKeyError when two records of `seen` share a key.
    """
    ordered = _in_order(seen)
    known = list(known)
    before, unreadable = _opened(known, place, sealer)
    erased = {line.key: line for line in known if isinstance(line, Erased) and line.key is not None}
    current: list[Line] = []
    changes: list[Line] = []
    commitments: list[bytes] = []
    added = changed = 0
    for one in ordered:
        old = before.pop(one.key, None)
        record = encode(one.record)
        if old is not None and old.version.record == record:
            line, commitment = old.line, old.commitment
        else:
            version = Whole(one.key, record, new_salt())
            commitment = version.commitment()
            line = version if sealer is None else sealer.seal(place, one.subject or one.key, version)
            changes += _changed(old, one, version, line)
            added += old is None
            changed += old is not None
        current.append(line)
        commitments.append(commitment)
    by_key = dict(zip((one.key for one in ordered), commitments, strict=True))
    if sealer is not None:
        # The keys of personal records are sealed too, so only their commitments can give an order that outlives them.
        current.sort(key=_line_order)
        commitments.sort()
    gone = [
        *(_gone(old, sealer) for old in before.values()),
        *(SealedRemoved(one) for one in unreadable),
        *(Removed(key) for key in erased.keys() - by_key.keys()),
    ]
    in_order = tuple(sorted([*changes, *gone], key=_line_order))
    return Advance(tuple(current), in_order, tuple(commitments), added, changed, len(gone), by_key)


@dataclass(frozen=True, slots=True)
class _Known:
    line: Line
    version: Whole
    commitment: bytes


def _in_order(seen: Iterable[Seen]) -> list[Seen]:
    ordered = sorted(seen, key=lambda one: one.key.encode())
    for first, second in pairwise(ordered):
        if first.key == second.key:
            raise DuplicateKeyError(
                f"Two records share the key “{first.key}”; the table's key must tell them apart."
            )
    return ordered


def _opened(
    known: Iterable[Line], place: Place, sealer: Sealer | None
) -> tuple[dict[str, _Known], list[bytes]]:
    """Give the known versions by key, and the commitments of those whose subject was erased."""
    before: dict[str, _Known] = {}
    unreadable: list[bytes] = []
    for line in known:
        match line:
            case Whole():
                before[line.key] = _Known(line, line, line.commitment())
            case Sealed() if sealer is not None and (version := sealer.open(place, line)) is not None:
                before[version.key] = _Known(line, version, line.commitment)
            case Erased(key=str()):
                pass  # what is seen again takes its place; see `advance`
            case Sealed() | Erased():
                unreadable.append(line.commitment)
            case _:
                raise TypeError(
                    f"A population's current lines are whole or sealed, not {type(line).__name__}"
                )
    return before, unreadable


def _changed(old: _Known | None, one: Seen, version: Whole, line: Line) -> list[Line]:
    """Give the lines that bring a new version: sealed with the old one removed, whole, or as a change where that is smaller."""
    if old is None:
        return [line]
    if isinstance(line, Sealed):
        return [SealedRemoved(old.commitment), line]
    change = Patched(one.key, difference(parse(old.version.record), one.record), version.salt)
    return [change if len(change.encode()) < len(version.encode()) else line]


def _gone(old: _Known, sealer: Sealer | None) -> Line:
    return Removed(old.version.key) if sealer is None else SealedRemoved(old.commitment)


def _line_order(line: Line) -> bytes:
    return line.key.encode() if isinstance(line, Whole | Patched | Removed) else line.commitment


def commitment_of(line: Line) -> bytes:
    """Give the commitment of a `current` line."""
    match line:
        case Whole():
            return record_commitment(line.salt, line.key, line.record)
        case Sealed() | Erased():
            return line.commitment
        case _:
            raise TypeError(f"A {type(line).__name__} line is not a version")
