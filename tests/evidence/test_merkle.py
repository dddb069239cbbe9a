"""Roots and proofs against known answers: the eight leaves of the Certificate Transparency reference tests for RFC 6962."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest

from assay.evidence.merkle import (
    EMPTY_ROOT,
    CompactRange,
    PopulationTree,
    ProofError,
    leaf_hash,
    node_hash,
    nodes_of,
    prove_consistency,
    prove_inclusion,
    root_at,
    root_of_data,
    root_of_hashes,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    bytes.fromhex(text)
    for text in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
NODE = {
    (0, 1): "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    (1, 1): "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    (2, 1): "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    (0, 4): "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    (1, 2): "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    (1, 3): "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
}
HASHES = [leaf_hash(data) for data in LEAVES]
NODES = nodes_of(HASHES)


def node(*places: tuple[int, int]) -> list[bytes]:
    return [bytes.fromhex(NODE[place]) for place in places]


@pytest.mark.parametrize("size", range(9))
def test_the_root_of_each_size_is_the_known_one_however_it_is_made(size: int) -> None:
    edge = CompactRange()
    for each in HASHES[:size]:
        edge.append(each)

    made = [
        root_of_data(LEAVES[:size]),
        root_of_hashes(HASHES[:size]),
        root_at(size, NODES),
        edge.root(),
        CompactRange.at(size, NODES).root(),
        PopulationTree(LEAVES[:size]).root,
    ]

    assert made == [ROOTS[size]] * 6


def test_hashes_are_told_apart_by_their_first_byte() -> None:
    assert leaf_hash(b"ab") == hashlib.sha256(b"\x00ab").digest()
    assert node_hash(b"a", b"b") == hashlib.sha256(b"\x01ab").digest()
    assert hashlib.sha256(b"").digest() == EMPTY_ROOT


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [
        (0, 1, []),
        (0, 8, node((0, 1), (1, 1), (2, 1))),
        (5, 8, [*node((0, 4), (1, 3)), ROOTS[4]]),
        (2, 3, [ROOTS[2]]),
        (1, 5, [ROOTS[1], *node((1, 1), (0, 4))]),
    ],
)
def test_an_inclusion_proof_is_the_known_one_and_holds(index: int, size: int, proof: list[bytes]) -> None:
    assert prove_inclusion(index, size, NODES) == proof
    verify_inclusion(HASHES[index], index, size, proof, ROOTS[size])


@pytest.mark.parametrize(
    ("old", "new", "proof"),
    [
        (0, 8, []),
        (8, 8, []),
        (1, 8, node((0, 1), (1, 1), (2, 1))),
        (6, 8, [*node((1, 2), (1, 3)), ROOTS[4]]),
        (2, 5, node((1, 1), (0, 4))),
    ],
)
def test_a_consistency_proof_is_the_known_one_and_holds(old: int, new: int, proof: list[bytes]) -> None:
    assert prove_consistency(old, new, NODES) == proof
    verify_consistency(old, ROOTS[old], new, ROOTS[new], proof)


@pytest.mark.parametrize("index", [-1, 3, 4])
def test_a_leaf_outside_the_tree_has_no_proof(index: int) -> None:
    with pytest.raises(ProofError, match=f"no leaf {index}"):
        prove_inclusion(index, 3, NODES)
    with pytest.raises(ProofError, match=f"no leaf {index}"):
        verify_inclusion(HASHES[0], index, 3, [], ROOTS[3])


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3)])
def test_a_tree_does_not_begin_with_a_larger_one(old: int, new: int) -> None:
    with pytest.raises(ProofError, match="does not begin"):
        prove_consistency(old, new, NODES)
    with pytest.raises(ProofError, match="rewound"):
        verify_consistency(old, ROOTS[4], new, ROOTS[3], [])


def test_an_inclusion_proof_for_another_leaf_place_or_root_is_found() -> None:
    proof = prove_inclusion(5, 8, NODES)

    for leaf, index, size, root in [
        (HASHES[4], 5, 8, ROOTS[8]),
        (HASHES[5], 4, 8, ROOTS[8]),
        (HASHES[5], 1, 8, ROOTS[8]),
        (HASHES[5], 5, 8, ROOTS[7]),
        (HASHES[5], 5, 9, ROOTS[8]),
    ]:
        with pytest.raises(ProofError):
            verify_inclusion(leaf, index, size, proof, root)


def test_a_proof_that_is_longer_shorter_or_of_odd_hashes_is_found() -> None:
    proof = prove_inclusion(5, 8, NODES)
    steps = prove_consistency(3, 7, NODES)

    for bad in (proof[:-1], [*proof, proof[0]], [proof[0][:-1], *proof[1:]]):
        with pytest.raises(ProofError):
            verify_inclusion(HASHES[5], 5, 8, bad, ROOTS[8])
    for bad in (steps[:-1], [*steps, steps[0]], [steps[0] + b"\x00", *steps[1:]], []):
        with pytest.raises(ProofError):
            verify_consistency(3, ROOTS[3], 7, ROOTS[7], bad)


def test_where_nothing_is_to_prove_roots_are_still_compared_and_a_proof_is_refused() -> None:
    with pytest.raises(ProofError, match="two roots for 4"):
        verify_consistency(4, ROOTS[4], 4, ROOTS[5], [])
    with pytest.raises(ProofError, match="nothing to prove"):
        verify_consistency(4, ROOTS[4], 4, ROOTS[4], [HASHES[0]])
    with pytest.raises(ProofError, match="nothing to prove"):
        verify_consistency(0, EMPTY_ROOT, 4, ROOTS[4], [HASHES[0]])
    with pytest.raises(ProofError, match="root of an empty tree"):
        verify_consistency(0, ROOTS[1], 4, ROOTS[4], [])


def test_a_right_edge_with_the_wrong_number_of_subtrees_is_refused() -> None:
    with pytest.raises(ProofError, match="2 complete subtrees, not 1"):
        CompactRange(5, [ROOTS[4]])


def test_a_right_edge_goes_on_from_where_it_stood() -> None:
    edge = CompactRange.at(5, NODES)
    for each in HASHES[5:]:
        edge.append(each)

    assert (edge.size, edge.root()) == (8, ROOTS[8])


def test_a_population_tree_follows_its_leaves_through_every_pair_of_sizes() -> None:
    for before in range(9):
        for after in range(9):
            tree = PopulationTree(LEAVES[:before])
            assert tree.replace(LEAVES[:after]) == ROOTS[after]
            assert tree.root == ROOTS[after]


def test_a_population_tree_hashes_only_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    leaves = [number.to_bytes(32, "big") for number in range(1024)]
    tree = PopulationTree(leaves)
    hashed: list[bytes] = []
    monkeypatch.setattr(
        "assay.evidence.merkle.leaf_hash", lambda data: hashed.append(data) or leaf_hash(data)
    )
    monkeypatch.setattr(
        "assay.evidence.merkle.node_hash", lambda *pair: hashed.append(b"node") or node_hash(*pair)
    )

    changed = [*leaves[:500], b"\xff" * 32, *leaves[501:]]
    root = tree.replace(changed)

    assert hashed == [b"\xff" * 32, *[b"node"] * 10]
    assert root == root_of_data(changed)


def test_a_population_tree_proves_what_it_holds() -> None:
    tree = PopulationTree(LEAVES[:3])
    tree.replace(LEAVES)

    verify_inclusion(HASHES[6], 6, 8, prove_inclusion(6, 8, tree.nodes), ROOTS[8])


def test_roots_of_growing_trees_all_differ() -> None:
    assert all(one != other for one, other in pairwise(ROOTS))
