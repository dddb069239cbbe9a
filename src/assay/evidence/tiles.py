"""Tiles (C2SP tlog-tiles): the log as files that never change once written, from which anybody can make any proof.

A tile of level L holds up to 256 hashes, each over 256**L leaves. What is here names tiles, says which a growth needs, and reads and writes
their bytes; keeping them is the store's part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from assay.errors import AssayError
from assay.evidence.merkle import HASH_BYTES, Nodes, root_of_hashes

WIDTH = 256
HEIGHT = 8
"""A full tile is a complete subtree of this height: 256 = 2**8."""
LONGEST_ENTRY = 2**16 - 1
ENTRIES = -1
"""The level that stands for entry bundles."""

_PATH = re.compile(r"tile/([0-9]{1,2}|entries)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]{1,3}))?", re.ASCII)


class TileError(AssayError):
    """A tile's path or bytes are not what C2SP tlog-tiles gives, or an entry does not fit in one."""


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """One tile file: `level`, index `n` within the level, and how many hashes it holds. Level −1 is a bundle of entries."""

    level: int
    n: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """The path below the log's prefix: `tile/<level>/<n>[.p/<width>]`, `tile/entries/…` for entries."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{_index_path(self.n)}{partial}"

    @property
    def start(self) -> int:
        """The index, within its level, of the tile's first hash or entry."""
        return self.n * WIDTH

    @property
    def end(self) -> int:
        """The index, within its level, after the tile's last hash or entry."""
        return self.start + self.width


ReadTile: TypeAlias = Callable[[Tile], bytes | None]
"""Gives the stored bytes of a tile, or None where there are none."""

LeafHashes: TypeAlias = Callable[[int, int], Sequence[bytes]]
"""Gives the leaf hashes from one index up to another, exclusive."""


def parse_tile_path(path: str) -> Tile:
    """Read a tile's path; raises TileError unless it is as `Tile.path` writes it."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise TileError(f"“{path[:200]}” is not the path of a tile.")
    level, index, width = match.groups()
    number = int(index.replace("x", "").replace("/", ""))
    tile = Tile(ENTRIES if level == "entries" else int(level), number, WIDTH if width is None else int(width))
    if tile.path != path or not 1 <= tile.width <= WIDTH or tile.level > 63:
        raise TileError(f"“{path[:200]}” is not the path of a tile.")
    return tile


def tiles_for_growth(old: int, new: int) -> list[Tile]:
    """Give the tiles of hashes that a log grown from `old` to `new` entries needs and did not have, lowest level first."""
    if not 0 <= old <= new:
        raise TileError(f"A log does not grow from {old} to {new} entries.")
    found: list[Tile] = []
    level = 0
    while new >> HEIGHT * level:
        found.extend(_row_growth(level, old >> HEIGHT * level, new >> HEIGHT * level))
        level += 1
    return found


def bundles_for_growth(old: int, new: int) -> list[Tile]:
    """Give the bundles of entries that a log grown from `old` to `new` entries needs and did not have."""
    if not 0 <= old <= new:
        raise TileError(f"A log does not grow from {old} to {new} entries.")
    return list(_row_growth(ENTRIES, old, new))


def tile_at(level: int, n: int, size: int) -> Tile:
    """Give tile `n` of a level as it stands in a log of `size` entries; raises TileError where there is none."""
    width = min(WIDTH, (size >> HEIGHT * level) - n * WIDTH)
    if width < 1:
        raise TileError(f"A log of {size} entries has no tile {n} at level {level}.")
    return Tile(level, n, width)


def tile_bytes(tile: Tile, nodes: Nodes) -> bytes:
    """Give the bytes of a tile of hashes."""
    return b"".join(nodes(HEIGHT * tile.level, index) for index in range(tile.start, tile.end))


def tile_hashes(tile: Tile, content: bytes) -> list[bytes]:
    """Read the hashes of a tile; raises TileError when its bytes are cut or too many."""
    if len(content) != tile.width * HASH_BYTES:
        raise TileError(
            f"The tile {tile.path} has {len(content)} bytes; it must have {tile.width * HASH_BYTES}."
        )
    return [content[at : at + HASH_BYTES] for at in range(0, len(content), HASH_BYTES)]


def bundle_bytes(entries: Sequence[bytes]) -> bytes:
    """Give the bytes of a bundle: each entry after its length as two bytes, big-endian."""
    if any(len(entry) > LONGEST_ENTRY for entry in entries):
        raise TileError(f"An entry is longer than {LONGEST_ENTRY} bytes, which no bundle can hold.")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def bundle_entries(tile: Tile, content: bytes) -> list[bytes]:
    """Read the entries of a bundle; raises TileError when they are cut, or more or fewer than the bundle's width."""
    entries: list[bytes] = []
    at = 0
    while at < len(content):
        end = at + 2 + int.from_bytes(content[at : at + 2], "big")
        entries.append(content[at + 2 : end])
        at = end
    if at != len(content) or len(entries) != tile.width or bundle_bytes(entries) != content:
        raise TileError(f"The bundle {tile.path} does not hold {tile.width} whole entries.")
    return entries


class TiledNodes:
    """`Nodes` of a log published at `size` entries: from its stored tiles where there are any, else from its leaf hashes.

    Each tile is read once and each hash over 256 leaves is made once. A stored tile is believed: check what is made of it against a root.
    """

    def __init__(self, size: int, read: ReadTile, leaf_hashes: LeafHashes) -> None:
        self._size = size
        self._read = read
        self._leaf_hashes = leaf_hashes
        self._rows: dict[tuple[int, int], list[bytes]] = {}
        self._made: dict[tuple[int, int], bytes] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """Give the hash of the complete subtree `(level, index)`."""
        tile_level, height = divmod(level, HEIGHT)
        return root_of_hashes(self._hashes(tile_level, index << height, 1 << height))

    def _hashes(self, level: int, start: int, count: int) -> list[bytes]:
        """Give hashes of one tile: `count` of them, from index `start` of the level on."""
        n, offset = divmod(start, WIDTH)
        stored = self._stored(level, n)[offset : offset + count]
        if len(stored) == count:
            return stored
        if level == 0:
            return self._leaves(start, start + count)
        return [self._made_hash(level, index) for index in range(start, start + count)]

    def _stored(self, level: int, n: int) -> list[bytes]:
        if (level, n) not in self._rows:
            tile = tile_at(level, n, self._size) if n * WIDTH < self._size >> HEIGHT * level else None
            content = None if tile is None else self._read(tile)
            self._rows[level, n] = [] if tile is None or content is None else tile_hashes(tile, content)
        return self._rows[level, n]

    def _leaves(self, start: int, end: int) -> list[bytes]:
        hashes = list(self._leaf_hashes(start, end))
        if len(hashes) != end - start:
            raise TileError(
                f"The log gave {len(hashes)} of its leaves {start} to {end - 1}; it must hold all of them."
            )
        return hashes

    def _made_hash(self, level: int, index: int) -> bytes:
        if (level, index) not in self._made:
            self._made[level, index] = root_of_hashes(self._hashes(level - 1, index * WIDTH, WIDTH))
        return self._made[level, index]


def _row_growth(level: int, old: int, new: int) -> Iterator[Tile]:
    """Give the tiles of one level that change when it grows from `old` to `new` hashes: those now full, and the partial one at the end."""
    if old == new:
        return
    for n in range(old // WIDTH, new // WIDTH):
        yield Tile(level, n)
    if new % WIDTH:
        yield Tile(level, new // WIDTH, new % WIDTH)


def _index_path(n: int) -> str:
    """1234067 is `x001/x234/067`."""
    digits = f"{n:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
