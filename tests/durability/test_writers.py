"""Eight processes append to one ledger at once: none is turned away, no index is missing, and there is one tree."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from assay.evidence.ledger import Kind, inclusion_proof, ledger_root
from assay.evidence.merkle import verify_inclusion
from assay.home import publish
from tests.durability.ingest import DONE, Acknowledge, child, damage, lost, opened, prepared_home

PROCESSES = 8


def test_eight_processes_append_125_entries_each(folder: Path) -> None:
    _append_at_once(folder / "home", 125)


@pytest.mark.soak
def test_eight_processes_append_1000_entries_each(folder: Path) -> None:
    _append_at_once(folder / "home", 1000)


def _append_at_once(home_folder: Path, each: int) -> None:
    prepared_home(home_folder)
    with ExitStack() as stack:
        writers = [
            stack.enter_context(child(_appending(home_folder, number, each))) for number in range(PROCESSES)
        ]
        for writer in writers:
            writer.go_on()
        ends = [writer.ended() for writer in writers]
    assert [ended.status for ended in ends] == [DONE] * PROCESSES
    home = opened(home_folder)
    assert lost(home, tuple(line for ended in ends for line in ended.acknowledged)) == []
    acts = Counter(
        body["details"]["writer"]
        for body in (home.ledger.body(entry) for entry in home.ledger.entries(kind=Kind.ACT))
        if body["act"] == "note.made"
    )
    assert acts == dict.fromkeys(range(PROCESSES), each)
    size = home.ledger.size()
    assert [entry.ordinal for entry in home.ledger.entries()] == list(range(size))
    assert publish(home).checkpoint.root == ledger_root(home.ledger, size)
    assert damage(home) == []
    home.close()


def _appending(home_folder: Path, writer: int, each: int):  # type: ignore[no-untyped-def]
    def work(acknowledge: Acknowledge) -> None:
        """Append, and prove now and then that an entry acknowledged long ago is still in the tree."""
        home = opened(home_folder)
        for number in range(each):
            ordinal = home.act("note.made", "ada", {"number": number, "writer": writer})
            (leaf,) = home.ledger.leaf_hashes(ordinal, ordinal + 1)
            acknowledge(f"entry {ordinal} {leaf.hex()}")
            if number % 50 == 0:
                size = home.ledger.size()
                proof = inclusion_proof(home.ledger, ordinal, size)
                verify_inclusion(leaf, ordinal, size, proof, ledger_root(home.ledger, size))
        home.close()

    return work
