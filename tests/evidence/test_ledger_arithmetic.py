"""Envelopes, roots and proofs of a ledger, over a store that is a list."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from assay.evidence.ledger import (
    Envelope,
    Kind,
    LedgerError,
    NewerFormatError,
    PublishedTiles,
    append_entry,
    consistency_proof,
    inclusion_proof,
    ledger_edge,
    ledger_nodes,
    ledger_root,
)
from assay.evidence.merkle import EMPTY_ROOT, leaf_hash, root_of_hashes, verify_consistency, verify_inclusion
from assay.evidence.tiles import tile_bytes, tiles_for_growth

AT = datetime(2026, 11, 23, 6, 12, 48, tzinfo=UTC)
BODY = bytes(range(32))
WRITTEN = b'{"at":"2026-11-23T06:12:48Z","body":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f","format":1,"kind":"act"}'


class ListStore:
    def __init__(self) -> None:
        self.entries: list[bytes] = []
        self.hashes: list[bytes] = []
        self.read = 0

    def size(self) -> int:
        return len(self.hashes)

    def leaf_hashes(self, start: int, end: int) -> list[bytes]:
        self.read += end - start
        return self.hashes[start:end]

    def append(self, envelope: bytes, leaf_hash: bytes) -> int:
        self.entries.append(envelope)
        self.hashes.append(leaf_hash)
        return len(self.hashes) - 1


def store_of(size: int) -> ListStore:
    store = ListStore()
    for number in range(size):
        append_entry(store, Envelope(AT + timedelta(seconds=number), BODY, Kind.ACT))
    return store


def test_an_envelope_is_written_as_the_format_says() -> None:
    envelope = Envelope(AT, BODY, Kind.ACT)

    assert envelope.encode() == WRITTEN
    assert Envelope.decode(WRITTEN) == envelope
    assert envelope.leaf_hash() == hashlib.sha256(b"\x00" + WRITTEN).digest()


def test_a_fraction_of_a_second_is_kept() -> None:
    envelope = Envelope(AT.replace(microsecond=50), BODY, Kind.CLOCK)

    assert b"06:12:48.000050Z" in envelope.encode()
    assert Envelope.decode(envelope.encode()) == envelope


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        WRITTEN + b"\n",
        WRITTEN.replace(b":1", b": 1"),
        WRITTEN.replace(b'"kind":"act"', b'"kind":"act","more":1'),
        WRITTEN.replace(b'"format":1', b'"format":0'),
        WRITTEN.replace(b'"format":1', b'"format":true'),
        WRITTEN.replace(b'"format":1', b'"format":"1"'),
        WRITTEN.replace(b'"act"', b'"opinion"'),
        WRITTEN.replace(b'"act"', b"7"),
        WRITTEN.replace(b"0001", b"00 01"),
        WRITTEN.replace(b"0a0b", b"0A0B"),
        WRITTEN.replace(b"0001", b"01"),
        WRITTEN.replace(b"0001", b"zz01"),
        WRITTEN.replace(b"48Z", b"48+00:00"),
        WRITTEN.replace(b"48Z", b"48.000000Z"),
        WRITTEN.replace(b"48Z", b"48"),
        WRITTEN.replace(b"2026-11-23T", b"2026-11-23 "),
        WRITTEN.replace(b'"2026-11-23T06:12:48Z"', b"7"),
    ],
)
def test_bytes_that_are_almost_an_envelope_are_refused(data: bytes) -> None:
    with pytest.raises(LedgerError):
        Envelope.decode(data)


def test_a_newer_format_is_named() -> None:
    with pytest.raises(NewerFormatError, match="format 2"):
        Envelope.decode(WRITTEN.replace(b'"format":1', b'"format":2'))


def test_entries_are_numbered_from_zero_and_the_root_is_over_them() -> None:
    store = store_of(3)

    assert append_entry(store, Envelope(AT, BODY, Kind.HOME)) == 3
    assert ledger_root(store) == root_of_hashes([leaf_hash(entry) for entry in store.entries])
    assert ledger_root(store, 0) == EMPTY_ROOT
    assert ledger_edge(store, 3).root() == ledger_root(store, 3)


def test_proofs_hold_against_the_root() -> None:
    store = store_of(300)

    verify_inclusion(store.hashes[17], 17, 300, inclusion_proof(store, 17, 300), ledger_root(store))
    proof = consistency_proof(store, 123, 300)
    verify_consistency(123, ledger_root(store, 123), 300, ledger_root(store), proof)


def test_stored_tiles_spare_reading_the_leaves() -> None:
    store = store_of(1000)
    nodes = ledger_nodes(store)
    stored = {tile: tile_bytes(tile, nodes) for tile in tiles_for_growth(0, 900)}
    tiles = PublishedTiles(900, stored.get)
    plain = inclusion_proof(store, 3, 1000)
    store.read = 0

    assert inclusion_proof(store, 3, 1000, tiles) == plain
    assert store.read == 1000 - 896


@pytest.mark.parametrize("size", [-1, 4])
def test_a_size_that_the_ledger_does_not_have_is_refused(size: int) -> None:
    store = store_of(3)

    for ask in (
        lambda: ledger_root(store, size),
        lambda: ledger_edge(store, size),
        lambda: inclusion_proof(store, 0, size),
        lambda: consistency_proof(store, 0, size),
    ):
        with pytest.raises(LedgerError, match="has 3 entries"):
            ask()
