"""Tiles: names and widths from C2SP tlog-tiles, and the same proofs from tiles as from leaves."""

from __future__ import annotations

import pytest

from assay.evidence.merkle import (
    leaf_hash,
    nodes_of,
    prove_consistency,
    prove_inclusion,
    root_at,
    root_of_hashes,
)
from assay.evidence.tiles import (
    ENTRIES,
    Tile,
    TiledNodes,
    TileError,
    bundle_bytes,
    bundle_entries,
    bundles_for_growth,
    parse_tile_path,
    tile_at,
    tile_bytes,
    tile_hashes,
    tiles_for_growth,
)

SIZE = 70_000
HASHES = [leaf_hash(number.to_bytes(4, "big")) for number in range(SIZE)]
NODES = nodes_of(HASHES)


def no_leaf(start: int, end: int) -> list[bytes]:
    raise AssertionError(f"the leaves {start} to {end} were read")


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 999), "tile/0/999"),
        (Tile(3, 1000), "tile/3/x001/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(1, 1, 17), "tile/1/001.p/17"),
        (Tile(ENTRIES, 273, 112), "tile/entries/273.p/112"),
        (Tile(ENTRIES, 5), "tile/entries/005"),
    ],
)
def test_a_tile_has_the_path_of_the_specification(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse_tile_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/001",
        "tile/0/001/001",
        "tile/0/x001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/007",
        "tile/0/000.p/",
        "tile/data/000",
        "/tile/0/000",
        "tile/0/000\n",
        "tile/0/../000",
        "tile/0/٠٠٠",
    ],
)
def test_a_path_that_is_almost_a_tiles_is_refused(path: str) -> None:
    with pytest.raises(TileError):
        parse_tile_path(path)


def test_a_tree_of_70000_has_the_tiles_that_the_specification_counts() -> None:
    tiles = tiles_for_growth(0, SIZE)

    assert [tile for tile in tiles if tile.level == 0] == [
        *(Tile(0, n) for n in range(273)),
        Tile(0, 273, 112),
    ]
    assert [tile for tile in tiles if tile.level > 0] == [Tile(1, 0), Tile(1, 1, 17), Tile(2, 0, 1)]


def test_a_tree_of_256_has_a_full_tile_and_one_of_width_one_above() -> None:
    assert tiles_for_growth(0, 256) == [Tile(0, 0), Tile(1, 0, 1)]


@pytest.mark.parametrize(
    ("old", "new", "tiles"),
    [
        (0, 0, []),
        (7, 7, []),
        (0, 1, [Tile(0, 0, 1)]),
        (1, 2, [Tile(0, 0, 2)]),
        (255, 257, [Tile(0, 0), Tile(0, 1, 1), Tile(1, 0, 1)]),
        (257, 511, [Tile(0, 1, 255)]),
        (300, 512, [Tile(0, 1), Tile(1, 0, 2)]),
        (65_535, 65_536, [Tile(0, 255), Tile(1, 0), Tile(2, 0, 1)]),
    ],
)
def test_a_growth_needs_only_what_it_changes(old: int, new: int, tiles: list[Tile]) -> None:
    assert tiles_for_growth(old, new) == tiles
    assert bundles_for_growth(old, new) == [
        Tile(ENTRIES, tile.n, tile.width) for tile in tiles if tile.level == 0
    ]


@pytest.mark.parametrize("growth", [tiles_for_growth, bundles_for_growth])
def test_a_log_does_not_shrink(growth: object) -> None:
    with pytest.raises(TileError, match="from 2 to 1"):
        growth(2, 1)  # type: ignore[operator]


def test_a_tile_holds_the_roots_of_the_tiles_below() -> None:
    content = tile_bytes(Tile(1, 1, 17), NODES)

    assert tile_hashes(Tile(1, 1, 17), content)[16] == root_of_hashes(HASHES[272 * 256 : 273 * 256])
    assert tile_bytes(Tile(0, 273, 112), NODES) == b"".join(HASHES[273 * 256 :])


def test_proofs_from_tiles_alone_are_those_from_leaves() -> None:
    stored = {tile: tile_bytes(tile, NODES) for tile in tiles_for_growth(0, SIZE)}
    nodes = TiledNodes(SIZE, stored.get, no_leaf)

    assert root_at(SIZE, nodes) == root_of_hashes(HASHES)
    for index in (0, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999):
        assert prove_inclusion(index, SIZE, nodes) == prove_inclusion(index, SIZE, NODES)
    for old in (1, 255, 256, 257, 65_536, 65_537, 69_999):
        assert prove_consistency(old, SIZE, nodes) == prove_consistency(old, SIZE, NODES)


def test_each_tile_is_read_once() -> None:
    stored = {tile: tile_bytes(tile, NODES) for tile in tiles_for_growth(0, SIZE)}
    read: list[Tile] = []
    nodes = TiledNodes(SIZE, lambda tile: read.append(tile) or stored.get(tile), no_leaf)

    prove_inclusion(1000, SIZE, nodes)
    prove_inclusion(1001, SIZE, nodes)

    assert sorted(read) == [Tile(0, 3), Tile(0, 273, 112), Tile(1, 0), Tile(1, 1, 17)]


def test_tiles_published_before_serve_a_log_that_has_grown() -> None:
    published = 66_000
    stored = {tile: tile_bytes(tile, NODES) for tile in tiles_for_growth(0, published)}
    nodes = TiledNodes(published, stored.get, lambda start, end: HASHES[start:end])

    assert root_at(SIZE, nodes) == root_of_hashes(HASHES)
    assert prove_consistency(published, SIZE, nodes) == prove_consistency(published, SIZE, NODES)


def test_missing_tiles_are_made_from_leaves() -> None:
    nodes = TiledNodes(SIZE, lambda tile: None, lambda start, end: HASHES[start:end])

    assert root_at(SIZE, nodes) == root_of_hashes(HASHES)
    assert tile_bytes(Tile(1, 1, 17), nodes) == tile_bytes(Tile(1, 1, 17), NODES)


def test_leaves_that_are_not_there_are_not_made_up() -> None:
    with pytest.raises(TileError, match="gave 1 of its leaves 0 to 1"):
        root_at(3, TiledNodes(0, lambda tile: None, lambda start, end: HASHES[start : min(end, 1)]))


def test_a_tile_that_is_cut_is_refused() -> None:
    for content in (b"", b"\x00" * 63, b"\x00" * 96):
        with pytest.raises(TileError, match=r"tile/0/000\.p/2 has"):
            tile_hashes(Tile(0, 0, 2), content)


def test_there_is_no_tile_beyond_the_end() -> None:
    assert tile_at(0, 1, 300) == Tile(0, 1, 44)
    for level, n in ((0, 2), (1, 1), (2, 0)):
        with pytest.raises(TileError, match="has no tile"):
            tile_at(level, n, 300)


def test_a_bundle_holds_its_entries_each_after_its_length() -> None:
    bundle = Tile(ENTRIES, 0, 3)

    assert bundle_bytes([b"one", b"", b"three"]) == b"\x00\x03one\x00\x00\x00\x05three"
    assert bundle_entries(bundle, b"\x00\x03one\x00\x00\x00\x05three") == [b"one", b"", b"three"]


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01a", b"\x00\x01a\x00\x02b", b"\x00\x01a\x00", b"\x00\x01a\x00\x01b\x00\x01c"]
)
def test_a_bundle_that_is_cut_or_of_another_width_is_refused(content: bytes) -> None:
    with pytest.raises(TileError):
        bundle_entries(Tile(ENTRIES, 0, 2), content)


def test_an_entry_that_is_too_long_is_refused() -> None:
    assert len(bundle_bytes([b"x" * 65_535])) == 65_537
    with pytest.raises(TileError, match="longer than 65535"):
        bundle_bytes([b"x" * 65_536])
