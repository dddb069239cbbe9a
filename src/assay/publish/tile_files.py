"""The files that a grown log must publish before its checkpoint (C2SP tlog-tiles). Each is written once and never changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assay.evidence.ledger import LeafStore, PublishedTiles, ledger_nodes
from assay.evidence.tiles import bundle_bytes, bundles_for_growth, tile_bytes, tiles_for_growth


class EntryStore(LeafStore, Protocol):
    """A ledger whose envelopes can be read too."""

    def envelopes(self, start: int, end: int) -> Sequence[bytes]:
        """Give the envelopes of entries `start` up to `end`, exclusive, in order."""
        ...


@dataclass(frozen=True, slots=True)
class TileFile:
    """One file below the log's prefix."""

    path: str
    content: bytes


def growth_files(
    store: EntryStore, old: int, new: int, tiles: PublishedTiles | None = None
) -> Iterator[TileFile]:
    """Give the files that a log published at `old` entries needs to be published at `new`: bundles first, then tiles from the lowest level up.

    The same sizes give the same bytes at every try, so an interrupted publication is simply done again. `tiles` are those stored at `old`.
    """
    for bundle in bundles_for_growth(old, new):
        yield TileFile(bundle.path, bundle_bytes(store.envelopes(bundle.start, bundle.end)))
    nodes = ledger_nodes(store, tiles)
    for tile in tiles_for_growth(old, new):
        yield TileFile(tile.path, tile_bytes(tile, nodes))
