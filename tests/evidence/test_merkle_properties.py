"""Laws: whoever alters, removes, adds or reorders a leaf changes the root, and no proof of the old tree holds for the new one."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assay.evidence.merkle import (
    CompactRange,
    PopulationTree,
    ProofError,
    leaf_hash,
    nodes_of,
    prove_consistency,
    prove_inclusion,
    root_at,
    root_of_data,
    root_of_hashes,
    verify_consistency,
    verify_inclusion,
)

leaves = st.lists(st.binary(max_size=4), min_size=1, max_size=70)
quick = settings(max_examples=150, deadline=None)


def plain_root(hashes: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, as it is written there: split at the largest power of two below n, and recurse."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hashlib.sha256(b"\x01" + plain_root(hashes[:split]) + plain_root(hashes[split:])).digest()


@quick
@given(leaves)
def test_every_way_to_a_root_gives_the_one_that_the_rfc_writes(data: list[bytes]) -> None:
    hashes = [leaf_hash(each) for each in data]
    edge = CompactRange()
    for each in hashes:
        edge.append(each)

    assert {
        root_of_hashes(hashes),
        root_at(len(hashes), nodes_of(hashes)),
        edge.root(),
        PopulationTree(data).root,
    } == {plain_root(hashes)}


@quick
@given(leaves, st.data())
def test_an_altered_leaf_changes_the_root(data: list[bytes], draw: st.DataObject) -> None:
    index = draw.draw(st.integers(0, len(data) - 1))
    other = draw.draw(st.binary(max_size=4))
    assume(other != data[index])

    assert root_of_data([*data[:index], other, *data[index + 1 :]]) != root_of_data(data)


@quick
@given(leaves, st.data())
def test_a_removed_or_inserted_leaf_changes_the_root(data: list[bytes], draw: st.DataObject) -> None:
    index = draw.draw(st.integers(0, len(data) - 1))

    assert root_of_data([*data[:index], *data[index + 1 :]]) != root_of_data(data)
    assert root_of_data([*data[:index], draw.draw(st.binary(max_size=4)), *data[index:]]) != root_of_data(
        data
    )


@quick
@given(leaves, st.data())
def test_reordered_leaves_change_the_root(data: list[bytes], draw: st.DataObject) -> None:
    shuffled = draw.draw(st.permutations(data))
    assume(shuffled != data)

    assert root_of_data(shuffled) != root_of_data(data)


@quick
@given(leaves, st.data())
def test_every_inclusion_proof_holds_and_holds_for_nothing_else(
    data: list[bytes], draw: st.DataObject
) -> None:
    hashes = [leaf_hash(each) for each in data]
    size = draw.draw(st.integers(1, len(data)))
    index = draw.draw(st.integers(0, size - 1))
    other = draw.draw(st.integers(0, size - 1))
    proof = prove_inclusion(index, size, nodes_of(hashes))
    root = root_of_hashes(hashes[:size])

    verify_inclusion(hashes[index], index, size, proof, root)
    if hashes[other] != hashes[index]:
        with pytest.raises(ProofError):
            verify_inclusion(hashes[other], index, size, proof, root)


@quick
@given(leaves, st.data())
def test_every_consistency_proof_holds_and_any_changed_bit_is_found(
    data: list[bytes], draw: st.DataObject
) -> None:
    hashes = [leaf_hash(each) for each in data]
    new = draw.draw(st.integers(1, len(data)))
    old = draw.draw(st.integers(1, new))
    proof = prove_consistency(old, new, nodes_of(hashes))
    told = [root_of_hashes(hashes[:old]), root_of_hashes(hashes[:new]), *proof]

    verify_consistency(old, told[0], new, told[1], told[2:])
    place = draw.draw(st.integers(0, len(told) - 1))
    bit = draw.draw(st.integers(0, 255))
    told[place] = (int.from_bytes(told[place], "big") ^ 1 << bit).to_bytes(32, "big")
    with pytest.raises(ProofError):
        verify_consistency(old, told[0], new, told[1], told[2:])


@quick
@given(leaves, st.data())
def test_a_rewritten_past_cannot_be_proved_consistent(data: list[bytes], draw: st.DataObject) -> None:
    old = draw.draw(st.integers(1, len(data)))
    index = draw.draw(st.integers(0, old - 1))
    rewritten = [*data[:index], data[index] + b"!", *data[index + 1 :]]
    before = root_of_data(data[:old])
    proof = prove_consistency(old, len(data), nodes_of([leaf_hash(each) for each in rewritten]))

    with pytest.raises(ProofError):
        verify_consistency(old, before, len(data), root_of_data(rewritten), proof)


@quick
@given(st.lists(leaves, min_size=1, max_size=5))
def test_a_population_tree_gives_each_days_root(days: list[list[bytes]]) -> None:
    tree = PopulationTree()

    assert [tree.replace(day) for day in days] == [root_of_data(day) for day in days]
