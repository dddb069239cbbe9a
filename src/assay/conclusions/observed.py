"""What had been seen when a conclusion was drawn: the newest answer for each table and place, and the gaps over it.

A table's newest answer is the newest collection that asked for it. Places which that collection could not see keep the population that an
earlier one saw, under its gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from assay.evidence.canonical import Json
from assay.evidence.gaps import Gap
from assay.evidence.records import Place


@dataclass(frozen=True, slots=True)
class CollectionEntry:
    """A collection's ledger index and body (formats.md, section 8)."""

    ordinal: int
    body: Json


@dataclass(frozen=True, slots=True)
class Population:
    """The newest population of a place: its source, the collection that saw it, and what that collection states of it."""

    source: str
    place: Place
    ordinal: int
    statement: Json


@dataclass(frozen=True, slots=True)
class ObservedTable:
    """One table as seen by every source: newest populations by place, and the gaps of the newest collections that asked for it."""

    populations: tuple[Population, ...]
    gaps: tuple[Gap, ...]


@dataclass
class _Of:
    populations: dict[Place, Population] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)


def observed(collections: Iterable[CollectionEntry], upto: Mapping[str, int]) -> dict[str, ObservedTable]:
    """Give each table that was ever asked for, as seen by the sources in `upto`, each up to the collection with that ledger index."""
    found: dict[tuple[str, str], _Of] = {}
    for entry in collections:
        source = entry.body["source"]["id"]
        if entry.ordinal > upto.get(source, -1):
            continue
        for table in sorted({one["table"] for one in _mentions(entry.body)}):
            found.setdefault((table, source), _Of()).gaps = [
                Gap.from_json(gap) for gap in entry.body["gaps"] if gap["table"] == table
            ]
        for statement in entry.body["populations"]:
            place = Place(statement["table"], statement["account"], statement["region"])
            found[place.table, source].populations[place] = Population(
                source, place, entry.ordinal, statement
            )
    return {
        table: _joined(one for (name, _), one in sorted(found.items()) if name == table)
        for table in sorted({table for table, _ in found})
    }


def _mentions(body: Json) -> Iterator[Json]:
    yield from body["populations"]
    yield from body["gaps"]


def _joined(parts: Iterable[_Of]) -> ObservedTable:
    parts = list(parts)
    populations = [population for part in parts for population in part.populations.values()]
    gaps = [gap for part in parts for gap in part.gaps]
    return ObservedTable(
        tuple(sorted(populations, key=lambda one: (one.place.account, one.place.region, one.source))),
        tuple(sorted(gaps, key=Gap.order)),
    )
