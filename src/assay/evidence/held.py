"""A population as it is advanced by one record file after the other: its lines, their commitments and its root, each made anew only where something changed."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable

from assay.evidence.book import apply
from assay.evidence.merkle import EMPTY_ROOT, leaf_hash, node_hash
from assay.evidence.population import commitment_of
from assay.evidence.records import Erased, Line, Removed, Sealed, SealedRemoved


class Held:
    """The lines of one population, by key or for sealed lines by commitment, and the Merkle tree over their commitments."""

    def __init__(self) -> None:
        self._lines: dict[bytes, Line] = {}
        self._names: list[bytes] = []
        self._leaves: dict[bytes, bytes] = {}
        self._rows: list[list[bytes]] = [[]]

    def __len__(self) -> int:
        return len(self._names)

    def lines(self) -> list[Line]:
        """Give the lines in their order."""
        return [self._lines[name] for name in self._names]

    def advance(self, lines: Iterable[Line]) -> list[tuple[str, bytes]]:
        """Take the lines of one record file, and give what each version among them is called and its commitment, in their order.

        Raises BadRecordFileError where a line does not fit what came before.
        """
        given: list[tuple[str, bytes]] = []
        replaced: list[tuple[bytes, bytes]] = []
        moved = False
        for line in lines:
            name = _name_of(line)
            known = name in self._lines
            apply(self._lines, [line])
            if isinstance(line, Removed | SealedRemoved):
                del self._names[bisect_left(self._names, name)]
                moved = True
                continue
            commitment = commitment_of(self._lines[name])
            given.append((_shown(line, commitment), commitment))
            replaced.append((name, leaf_hash(commitment)))
            if not known:
                insort(self._names, name)
                moved = True
        self._plant(replaced, moved)
        return given

    def root(self) -> bytes:
        """Give the root over the commitments (formats.md, section 5)."""
        return self._rows[-1][0] if self._rows[0] else EMPTY_ROOT

    def _plant(self, replaced: list[tuple[bytes, bytes]], moved: bool) -> None:
        """Bring the tree up to the lines: the whole of it when leaves came, went or moved, otherwise the branches above what changed."""
        if moved:
            known = {**self._leaves, **dict(replaced)}
            self._leaves = {name: known[name] for name in self._names}
            self._rows = _rows_over(list(self._leaves.values()))
            return
        for name, hashed in replaced:
            self._leaves[name] = hashed
            self._replace(bisect_left(self._names, name), hashed)

    def _replace(self, index: int, hashed: bytes) -> None:
        self._rows[0][index] = hashed
        for below, row in zip(self._rows, self._rows[1:], strict=False):
            index //= 2
            row[index] = _above(below, index)


def _rows_over(leaves: list[bytes]) -> list[list[bytes]]:
    rows = [leaves]
    while len(rows[-1]) > 1:
        below = rows[-1]
        rows.append([_above(below, index) for index in range((len(below) + 1) // 2)])
    return rows


def _above(below: list[bytes], index: int) -> bytes:
    """The node over two; the last of an odd row goes up as it is, which gives RFC 9162's tree."""
    left = below[2 * index]
    return node_hash(left, below[2 * index + 1]) if 2 * index + 1 < len(below) else left


def _name_of(line: Line) -> bytes:
    if isinstance(line, Sealed | SealedRemoved) or (isinstance(line, Erased) and line.key is None):
        return line.commitment
    return str(line.key).encode()


def _shown(line: Line, commitment: bytes) -> str:
    key = getattr(line, "key", None)
    return commitment.hex() if key is None else str(key)
