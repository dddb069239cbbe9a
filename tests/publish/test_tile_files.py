"""The files of a grown log: enough for anybody to make every proof, and the same at every try."""

from __future__ import annotations

import pytest

from assay.evidence.ledger import PublishedTiles
from assay.evidence.merkle import leaf_hash, nodes_of, prove_inclusion, root_at, root_of_hashes
from assay.evidence.tiles import TiledNodes, bundle_entries, parse_tile_path
from assay.publish import growth_files

ENTRIES = [f"entry {number}".encode() for number in range(700)]
HASHES = [leaf_hash(entry) for entry in ENTRIES]


class ListLedger:
    def size(self) -> int:
        return len(ENTRIES)

    def leaf_hashes(self, start: int, end: int) -> list[bytes]:
        return HASHES[start:end]

    def envelopes(self, start: int, end: int) -> list[bytes]:
        return ENTRIES[start:end]


def no_leaf(start: int, end: int) -> list[bytes]:
    raise AssertionError("a reader has no leaves but those in tiles")


def published(*sizes: int) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for old, new in zip((0, *sizes), sizes, strict=False):
        tiles = PublishedTiles(old, lambda tile, stored=dict(files): stored.get(tile.path))
        files |= {file.path: file.content for file in growth_files(ListLedger(), old, new, tiles)}
    return files


def test_a_small_log_has_one_bundle_and_one_tile() -> None:
    assert published(2) == {
        "tile/entries/000.p/2": b"\x00\x07entry 0\x00\x07entry 1",
        "tile/0/000.p/2": HASHES[0] + HASHES[1],
    }


def test_bundles_come_before_tiles_and_lower_levels_first() -> None:
    assert [file.path for file in growth_files(ListLedger(), 500, 700)] == [
        "tile/entries/001",
        "tile/entries/002.p/188",
        "tile/0/001",
        "tile/0/002.p/188",
        "tile/1/000.p/2",
    ]


@pytest.mark.parametrize("sizes", [(700,), (1, 256, 257, 600, 700), (255, 512, 700)])
def test_a_reader_makes_every_proof_from_the_files(sizes: tuple[int, ...]) -> None:
    files = published(*sizes)
    nodes = TiledNodes(700, lambda tile: files.get(tile.path), no_leaf)

    assert root_at(700, nodes) == root_of_hashes(HASHES)
    for index in (0, 255, 256, 699):
        assert prove_inclusion(index, 700, nodes) == prove_inclusion(index, 700, nodes_of(HASHES))


def test_bundles_hold_the_entries_that_tiles_hash() -> None:
    files = published(300, 700)
    full = [path for path in files if path.startswith("tile/entries/") and ".p" not in path]

    entries = [entry for path in sorted(full) for entry in bundle_entries(parse_tile_path(path), files[path])]
    assert entries == ENTRIES[:512]


def test_a_growth_published_again_gives_the_same_bytes() -> None:
    assert list(growth_files(ListLedger(), 300, 700)) == list(growth_files(ListLedger(), 300, 700))


def test_no_growth_needs_no_file() -> None:
    assert list(growth_files(ListLedger(), 700, 700)) == []
