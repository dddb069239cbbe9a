"""What a check concluded over a period: for each item the times in which it did not conform, and the object that is stored of it (formats.md, section 9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias

from assay.evidence.canonical import read_canonical

FORMAT = 1


class Item(NamedTuple):
    """One item, by its place. `key` None: something is unknown where no item is known."""

    table: str
    key: str | None
    account: str | None
    region: str | None


@dataclass(frozen=True, slots=True)
class EpisodeSet:
    """The conclusions of one check over a period.

    `text`: the canonical JSON of every time in which an item did not conform, `length` of them, as the engine wrote it. `items` counts everything that
    was there at some time, `judged` the versions and instants that were judged, `unseen` the places and records of which nothing was ever seen.
    What is in no episode conformed while it was there.

    `counts`: items with an episode of each conclusion; an item can have several. `CONFORMS` counts those that conformed as long as they were there,
    `UNKNOWN` also what stands in for items that nobody saw.
    """

    check: str
    items: int
    judged: int
    unseen: int
    counts: dict[str, int]
    length: int
    text: str = field(repr=False)

    @property
    def episodes(self) -> tuple[dict[str, Any], ...]:
        """The episodes, read."""
        return tuple(read_canonical(f"[{self.text}]"))

    def encoded(self) -> bytes:
        """Give the canonical bytes of the object that is stored."""
        text = (
            f'{{"check":"{self.check}","episodes":[{self.text}],"format":{FORMAT},"items":{self.items},'
            f'"judged":{self.judged},"unseen":{self.unseen}}}'
        )
        return text.encode()


Piece: TypeAlias = tuple[str, str, int, bool, str, str, str]
"""A time in which an item does not conform: from (included) and until (excluded), RFC 3339 without the zone, so that they sort as text; the item's place
in the order of items; whether a gap says so; the conclusion; the text before the start, and the text between start and end."""


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Put pieces together that follow each other without a difference."""
    whole: list[Piece] = []
    for piece in pieces:
        if whole and whole[-1][1] == piece[0] and whole[-1][2:] == piece[2:]:
            whole[-1] = (whole[-1][0], *piece[1:])
        else:
            whole.append(piece)
    return whole


def overlaid(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Give the pieces of each item without overlaps, in order of time; where two overlap the one that comes first stays."""
    for _, own in groupby(pieces, key=lambda piece: piece[2]):
        taken: list[Piece] = []
        for piece in own:
            taken += _outside(piece, sorted(taken))
        yield from sorted(taken)


def _outside(piece: Piece, above: list[Piece]) -> Iterator[Piece]:
    start, end, *rest = piece
    for begins, ends, *_ in above:
        if ends <= start or begins >= end:
            continue
        if begins > start:
            yield (start, begins, *rest)  # type: ignore[misc]
        start = max(start, ends)
    if start < end:
        yield (start, end, *rest)  # type: ignore[misc]
