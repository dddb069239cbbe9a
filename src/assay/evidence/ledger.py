"""The ledger's arithmetic over any store of leaves: envelopes, roots and proofs (formats.md, section 7).

Where the leaves are kept is the store's part; it is a `LeafStore` if it can say its size and give leaf hashes by index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from assay.errors import AssayError
from assay.evidence.canonical import NotCanonicalError, decode, encode, instant_text, parse_instant
from assay.evidence.merkle import (
    HASH_BYTES,
    CompactRange,
    Nodes,
    leaf_hash,
    prove_consistency,
    prove_inclusion,
    root_at,
)
from assay.evidence.tiles import ReadTile, Tile, TiledNodes

FORMAT = 1


class LedgerError(AssayError):
    """An envelope or a ledger does not say what it must."""


class NewerFormatError(LedgerError):
    """An envelope has a format that this version does not know."""


class Kind(StrEnum):
    """What an entry is about. Closed; each has its body in formats.md, section 7."""

    HOME = "home"
    EPOCH = "epoch"
    KEY = "key"
    ACT = "act"
    EVIDENCE = "evidence"
    COLLECTION = "collection"
    CONCLUSIONS = "conclusions"
    EPISODES = "episodes"
    ERASURE = "erasure"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A ledger entry as it is hashed: when, of which kind, and the commitment of what it says."""

    at: datetime
    body: bytes
    kind: Kind

    def encode(self) -> bytes:
        """Give the canonical bytes, which are the leaf's data."""
        return encode(
            {"at": instant_text(self.at), "body": self.body.hex(), "format": FORMAT, "kind": str(self.kind)}
        )

    @classmethod
    def decode(cls, data: bytes) -> Envelope:
        """Read an envelope; raises NewerFormatError, or LedgerError unless `encode` gives the same bytes."""
        try:
            member = decode(data)
            _refuse_newer(member)
            envelope = cls(parse_instant(member["at"]), bytes.fromhex(member["body"]), Kind(member["kind"]))
        except (NotCanonicalError, KeyError, TypeError, ValueError) as error:
            raise LedgerError(f"These bytes are not an envelope: {data[:200]!r}.") from error
        if len(envelope.body) != HASH_BYTES or envelope.encode() != data:
            raise LedgerError(f"These bytes are not an envelope as it is written: {data[:200]!r}.")
        return envelope

    def leaf_hash(self) -> bytes:
        """SHA-256(0x00 ‖ envelope)."""
        return leaf_hash(self.encode())


class LeafStore(Protocol):
    """Where a ledger's leaves are read from. Entries are numbered from 0 without a hole."""

    def size(self) -> int:
        """Give the number of entries."""
        ...

    def leaf_hashes(self, start: int, end: int) -> Sequence[bytes]:
        """Give the leaf hashes of entries `start` up to `end`, exclusive, in order."""
        ...


class GrowingLeafStore(LeafStore, Protocol):
    """A store that takes entries; the transaction around an append is the store's."""

    def append(self, envelope: bytes, leaf_hash: bytes) -> int:
        """Add an entry and give its index, which was the size."""
        ...


@dataclass(frozen=True, slots=True)
class PublishedTiles:
    """Tiles that were written for a log of `size` entries; `read` gives the bytes of one, or None."""

    size: int
    read: ReadTile


def append_entry(store: GrowingLeafStore, envelope: Envelope) -> int:
    """Add an entry to the ledger and give its index."""
    return store.append(envelope.encode(), envelope.leaf_hash())


def ledger_nodes(store: LeafStore, tiles: PublishedTiles | None = None) -> Nodes:
    """Give `Nodes` of a ledger: with stored tiles a proof reads a few of them, without it reads every leaf once."""
    return (
        TiledNodes(0, _no_tile, store.leaf_hashes)
        if tiles is None
        else TiledNodes(tiles.size, tiles.read, store.leaf_hashes)
    )


def ledger_root(store: LeafStore, size: int | None = None, tiles: PublishedTiles | None = None) -> bytes:
    """Give the root of the first `size` entries, by default of all."""
    size = _within(store, size)
    return root_at(size, ledger_nodes(store, tiles))


def ledger_edge(
    store: LeafStore, size: int | None = None, tiles: PublishedTiles | None = None
) -> CompactRange:
    """Give the right edge of the first `size` entries, by default of all, to append to."""
    size = _within(store, size)
    return CompactRange.at(size, ledger_nodes(store, tiles))


def inclusion_proof(
    store: LeafStore, index: int, size: int, tiles: PublishedTiles | None = None
) -> list[bytes]:
    """Prove that entry `index` is in the ledger of `size` entries."""
    return prove_inclusion(index, _within(store, size), ledger_nodes(store, tiles))


def consistency_proof(
    store: LeafStore, old: int, new: int, tiles: PublishedTiles | None = None
) -> list[bytes]:
    """Prove that the ledger of `new` entries begins with the ledger of `old`."""
    return prove_consistency(old, _within(store, new), ledger_nodes(store, tiles))


def _within(store: LeafStore, size: int | None) -> int:
    whole = store.size()
    if size is None:
        return whole
    if not 0 <= size <= whole:
        raise LedgerError(f"The ledger has {whole} entries, so there is no root or proof for {size}.")
    return size


def _no_tile(tile: Tile) -> None:
    return None


def _refuse_newer(member: object) -> None:
    number = member.get("format") if isinstance(member, dict) else None
    if isinstance(number, int) and number > FORMAT:
        raise NewerFormatError(
            f"An envelope has format {number}; this version of Assay reads up to {FORMAT}. Use a newer one."
        )
