"""What pages say of the whole past without reading all of it each time: a short summary of every collection and judgement, kept in blocks beside the home's other derived files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assay.evidence.book import Entry
from assay.evidence.canonical import Json, decode, encode
from assay.evidence.ledger import Kind
from assay.home import Home
from assay.home.derived import derived
from assay_web.home import current_home
from assay_web.memory import remembered

BLOCK = 256
"""How many entries of the ledger one file of summaries covers. A block that is full never changes."""


@dataclass(frozen=True, slots=True)
class Collected:
    """One collection: the ledger's index, the source, when it ended, how many gaps it left."""

    entry: int
    source: str
    ended: str
    gaps: int


@dataclass(frozen=True, slots=True)
class JudgedAt:
    """One judgement: the ledger's index, its instant, and the counts of each check by conclusion."""

    entry: int
    as_of: str
    counts: dict[str, dict[str, int]]


def collections() -> Iterator[Collected]:
    """Give every collection, in the ledger's order."""
    for one in _summaries(Kind.COLLECTION):
        yield Collected(one["entry"], one["source"], one["ended"], one["gaps"])


def judgements() -> Iterator[JudgedAt]:
    """Give every judgement, in the ledger's order."""
    for one in _summaries(Kind.CONCLUSIONS):
        yield JudgedAt(one["entry"], one["as_of"], one["counts"])


def _of_collection(entry: Entry, body: Json) -> Json:
    return {
        "ended": body["ended"],
        "entry": entry.ordinal,
        "gaps": len(body["gaps"]),
        "source": body["source"]["id"],
    }


def _of_conclusions(entry: Entry, body: Json) -> Json:
    counts = {one["check"]: one["counts"] for one in body["sets"]}
    return {"as_of": body["as_of"], "counts": counts, "entry": entry.ordinal}


_SUMMARISE: dict[Kind, Callable[[Entry, Json], Json]] = {
    Kind.COLLECTION: _of_collection,
    Kind.CONCLUSIONS: _of_conclusions,
}


def _summaries(kind: Kind) -> Iterator[Json]:
    home = current_home()
    size = home.ledger.size()
    for start in range(0, size - size % BLOCK, BLOCK):
        yield from _block(str(home.path), str(kind), start)
    for entry in home.ledger.entries(size - size % BLOCK, kind):
        yield _one(str(home.path), str(kind), entry.ordinal)


@remembered(512)
def _block(path: str, kind: str, start: int) -> tuple[Json, ...]:
    home = current_home()

    def make() -> bytes:
        return encode(list(_made(home, Kind(kind), start)))

    return tuple(decode(derived(home, "past", f"{kind}-{start}.json", make)))


@remembered(2 * BLOCK)
def _one(path: str, kind: str, ordinal: int) -> Json:
    home = current_home()
    entry = home.ledger.entry(ordinal)
    return _SUMMARISE[Kind(kind)](entry, home.ledger.body(entry))


def _made(home: Home, kind: Kind, start: int) -> Iterator[Json]:
    for entry in home.ledger.entries(start, kind):
        if entry.ordinal >= start + BLOCK:
            return
        yield _SUMMARISE[kind](entry, home.ledger.body(entry))
