"""Merkle trees: root, inclusion and consistency (RFC 9162, section 2.1; the same hashes as RFC 6962).

A proof is a list of hashes of leaf ranges. Which ranges is arithmetic over sizes alone; where the hashes come from (a list, stored tiles, a
database) is passed in as `Nodes`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from typing import TypeAlias

from assay.errors import AssayError

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves (RFC 9162, section 2.1.1)."""

Nodes: TypeAlias = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree `(level, index)`: leaves `index * 2**level` up to `(index + 1) * 2**level`, exclusive."""


class ProofError(AssayError):
    """A proof does not show what it should, or was asked of a tree that cannot give it."""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data): the hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right): the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of_data(leaves: Iterable[bytes]) -> bytes:
    """Give the root over raw leaf data."""
    return root_of_hashes([leaf_hash(data) for data in leaves])


def root_of_hashes(leaf_hashes: Sequence[bytes]) -> bytes:
    """Give the root over leaf hashes."""
    row = leaf_hashes
    while len(row) > 1:
        row = _row_above(row)
    return row[0] if row else EMPTY_ROOT


def nodes_of(leaf_hashes: Sequence[bytes]) -> Nodes:
    """Give `Nodes` over leaf hashes held in memory; every row of the tree is made once, here."""
    rows = _rows(leaf_hashes)
    return lambda level, index: rows[level][index]


def root_at(size: int, nodes: Nodes) -> bytes:
    """Give the root of the first `size` leaves; reads as many nodes as `size` has binary ones."""
    return _range_hash(0, size, nodes) if size else EMPTY_ROOT


def prove_inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """Give the proof that leaf `index` is in the tree of `size` leaves (RFC 9162, section 2.1.3.1), from the leaf up."""
    if not 0 <= index < size:
        raise ProofError(f"A tree of {size} leaves has no leaf {index}; ask for an index below {size}.")
    return [_range_hash(start, end, nodes) for start, end in _inclusion_ranges(index, size)]


def prove_consistency(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """Give the proof that the tree of `new` leaves begins with the tree of `old` (RFC 9162, section 2.1.4.1).

    Empty when `old` is zero or equals `new`, as the witness protocol wants it.
    """
    if not 0 <= old <= new:
        raise ProofError(f"A tree of {new} leaves does not begin with one of {old}; ask for an older size.")
    return [_range_hash(start, end, nodes) for start, end in _consistency_ranges(old, new)]


def verify_inclusion(hashed_leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check an inclusion proof for a leaf hash (RFC 9162, section 2.1.3.2); raises ProofError unless it leads to `root`."""
    if not 0 <= index < size:
        raise ProofError(f"A tree of {size} leaves has no leaf {index}.")
    _check_hashes(hashed_leaf, root, *proof)
    ranges = list(_inclusion_ranges(index, size))
    if len(ranges) != len(proof):
        raise ProofError(
            f"The proof for leaf {index} of {size} has {len(proof)} hashes; it must have {len(ranges)}."
        )
    result = hashed_leaf
    for (start, _), sibling in zip(ranges, proof, strict=True):
        result = node_hash(result, sibling) if start > index else node_hash(sibling, result)
    if result != root:
        raise ProofError(f"Leaf {index} is not what the tree of {size} leaves with root {root.hex()} holds.")


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check a consistency proof (RFC 9162, section 2.1.4.2); raises ProofError unless the new tree begins with the old one."""
    if not 0 <= old <= new:
        raise ProofError(f"A tree of {new} leaves cannot begin with one of {old}: it was rewound.")
    _check_hashes(old_root, new_root, *proof)
    if old in (0, new):
        _verify_without_proof(old, old_root, new, new_root, proof)
        return
    ranges = list(_consistency_ranges(old, new))
    if len(ranges) != len(proof):
        raise ProofError(
            f"The proof from {old} to {new} has {len(proof)} hashes; it must have {len(ranges)}."
        )
    if _folded(old_root, old, ranges, proof) != (old_root, new_root):
        raise ProofError(
            f"The tree of {new} leaves does not begin with the tree of {old} that was seen before: the log was rewritten."
        )


class CompactRange:
    """The right edge of a growing tree: the hashes of its complete subtrees, largest first.

    Appending costs one or two hashes on average, the root at most 2·log₂(size).
    """

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        if size < 0 or len(self.peaks) != size.bit_count():
            raise ProofError(
                f"A tree of {size} leaves has {size.bit_count()} complete subtrees, not {len(self.peaks)}."
            )

    @classmethod
    def at(cls, size: int, nodes: Nodes) -> CompactRange:
        """Give the right edge of the first `size` leaves."""
        return cls(size, [nodes(level, index) for level, index in _complete_subtrees(0, size)])

    def append(self, hashed_leaf: bytes) -> None:
        """Add one leaf hash on the right."""
        filled = self.size
        while filled & 1:
            hashed_leaf = node_hash(self.peaks.pop(), hashed_leaf)
            filled >>= 1
        self.peaks.append(hashed_leaf)
        self.size += 1

    def root(self) -> bytes:
        """Give the root of the leaves so far."""
        return _folded_peaks(self.peaks) if self.peaks else EMPTY_ROOT


class PopulationTree:
    """A tree over leaf data that is replaced day after day and mostly stays the same: only what changed is hashed again."""

    def __init__(self, leaves: Sequence[bytes] = ()) -> None:
        self._leaves = list(leaves)
        self._rows = _rows([leaf_hash(data) for data in leaves])

    @property
    def root(self) -> bytes:
        """The root over the leaves now in place."""
        return self._rows[-1][0] if self._leaves else EMPTY_ROOT

    def nodes(self, level: int, index: int) -> bytes:
        """The `Nodes` of the leaves now in place, for proofs."""
        return self._rows[level][index]

    def replace(self, leaves: Sequence[bytes]) -> bytes:
        """Put `leaves` (raw data, in order) in the place of those before and give the new root."""
        before, after = len(self._leaves), len(leaves)
        changed = _differences(self._leaves, leaves)
        self._leaves[:] = leaves
        row = self._rows[0]
        row[after:] = [b""] * (after - before)
        for index in changed:
            row[index] = leaf_hash(leaves[index])
        # Where the length changed, the last node of each row covers other leaves than before, though none of them may be new.
        edge = [after - 1] if before != after and after else []
        self._hash_rows_above(sorted({*changed, *edge}))
        return self.root

    def _hash_rows_above(self, changed: Sequence[int]) -> None:
        rows, level = self._rows, 0
        while len(rows[level]) > 1:
            below, level = rows[level], level + 1
            if level == len(rows):
                rows.append([])
            row, length = rows[level], (len(below) + 1) // 2
            row[length:] = [b""] * (length - len(row))
            changed = list(dict.fromkeys(index >> 1 for index in changed))
            for index in changed:
                pair = below[2 * index : 2 * index + 2]
                row[index] = node_hash(*pair) if len(pair) == 2 else pair[0]
        del rows[level + 1 :]


def _rows(leaf_hashes: Sequence[bytes]) -> list[list[bytes]]:
    rows = [list(leaf_hashes)]
    while len(rows[-1]) > 1:
        rows.append(_row_above(rows[-1]))
    return rows


def _row_above(row: Sequence[bytes]) -> list[bytes]:
    """Hash pairs; an odd last node goes up as it is, which gives the same tree as RFC 9162's split at the largest power of two."""
    sha256 = hashlib.sha256
    above = [
        sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=False)
    ]
    if len(row) % 2:
        above.append(row[-1])
    return above


def _differences(before: Sequence[bytes], after: Sequence[bytes], stride: int = 256) -> list[int]:
    """Give the indexes of `after` that are new or differ; equal stretches are compared whole."""
    common = min(len(before), len(after))
    found: list[int] = []
    for start in range(0, common, stride):
        end = min(start + stride, common)
        if before[start:end] != after[start:end]:
            found.extend(index for index in range(start, end) if before[index] != after[index])
    return [*found, *range(common, len(after))]


def _split(start: int, end: int) -> int:
    """Where RFC 9162 divides a range: after the largest power of two smaller than its length."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _inclusion_ranges(index: int, size: int) -> Iterator[tuple[int, int]]:
    """Give the leaf ranges whose hashes lead from leaf `index` to the root, nearest first."""
    start, end, siblings = 0, size, list[tuple[int, int]]()
    while end - start > 1:
        split = _split(start, end)
        if index < split:
            siblings.append((split, end))
            end = split
        else:
            siblings.append((start, split))
            start = split
    return reversed(siblings)


def _consistency_ranges(old: int, new: int) -> Iterator[tuple[int, int]]:
    """Give the leaf ranges of a consistency proof, in the order of RFC 9162's SUBPROOF."""
    if old in (0, new):
        return iter(())
    start, end, found = 0, new, list[tuple[int, int]]()
    while end != old:
        split = _split(start, end)
        if old <= split:
            found.append((split, end))
            end = split
        else:
            found.append((start, split))
            start = split
    if start:
        found.append((start, end))
    return reversed(found)


def _folded(
    old_root: bytes, old: int, ranges: list[tuple[int, int]], proof: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """Give the two roots that a consistency proof leads to: of the old tree and of the new one."""
    hashes = iter(zip(ranges, proof, strict=True))
    # A range that ends at the old size is the common subtree; without one, the whole old tree is.
    before = after = next(hashes)[1] if ranges[0][1] == old else old_root
    for (start, _), sibling in hashes:
        if start >= old:
            after = node_hash(after, sibling)
        else:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
    return before, after


def _verify_without_proof(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    if proof:
        raise ProofError(
            f"From {old} to {new} leaves there is nothing to prove, but a proof of {len(proof)} hashes came."
        )
    if old == new and old_root != new_root:
        raise ProofError(f"There are two roots for {new} leaves: {old_root.hex()} and {new_root.hex()}.")
    if old == 0 and old_root != EMPTY_ROOT:
        raise ProofError(f"The root of an empty tree is {EMPTY_ROOT.hex()}, not {old_root.hex()}.")


def _complete_subtrees(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a range that begins where a subtree can into complete subtrees `(level, index)`, largest first."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def _range_hash(start: int, end: int, nodes: Nodes) -> bytes:
    return _folded_peaks([nodes(level, index) for level, index in _complete_subtrees(start, end)])


def _folded_peaks(peaks: Sequence[bytes]) -> bytes:
    return reduce(lambda right, left: node_hash(left, right), reversed(peaks))


def _check_hashes(*hashes: bytes) -> None:
    if any(len(each) != HASH_BYTES for each in hashes):
        raise ProofError(f"A hash in a proof must have {HASH_BYTES} bytes.")
