"""Checkpoints continue what was published, whatever happened to tiles or database in between."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from assay.evidence.ledger import Envelope, ledger_root
from assay.home import Home, publish
from assay.home.fsck import examine
from assay.home.publishing import LedgerBehindError
from tests.home.world import new_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with 302 entries, published at 262 and at 302: a full tile and partial ones."""
    home = new_home(tmp_path / "home")
    _grow(home, 260)
    _grow(home, 40)
    return home


def test_a_checkpoint_made_from_stored_tiles_has_the_root_of_every_leaf(home: Home) -> None:
    home.act("note.made", "ada", {})
    assert publish(home).checkpoint.root == ledger_root(home.ledger)


def test_growth_reads_only_the_leaves_that_are_new(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[int, int]] = []
    leaves = home.ledger.leaf_hashes
    monkeypatch.setattr(
        home.ledger, "leaf_hashes", lambda start, end: read.append((start, end)) or leaves(start, end)
    )
    size = home.ledger.size()
    home.act("note.made", "ada", {})
    publish(home)
    assert sum(end - start for start, end in read if end <= size) <= 64


def test_damaged_tiles_are_made_good_from_the_leaves(home: Home) -> None:
    for path in (home.path / "evidence/log/tile/0").rglob("*"):
        if path.is_file():
            path.write_bytes(bytes(len(path.read_bytes())))
    home.act("note.made", "ada", {})
    assert publish(home).checkpoint.root == ledger_root(home.ledger)


def test_a_rewritten_past_is_found_and_never_signed(home: Home) -> None:
    before = publish(home).checkpoint
    _rewrite(home, 5)
    assert [one.problem for one in examine(home) if one.thing == "log"] == [
        "the ledger is not the one that was published: an entry of the past was changed"
    ]
    home.act("note.made", "ada", {})
    assert publish(home).checkpoint.root != ledger_root(home.ledger)
    _rewrite(home, before.size)
    with pytest.raises(LedgerBehindError, match="not those that were published"):
        publish(home)


def _grow(home: Home, to_add: int) -> None:
    for number in range(to_add):
        home.act("note.made", "ada", {"number": number})
    publish(home)


def _rewrite(home: Home, ordinal: int) -> None:
    """Date an entry back behind the home's back."""
    entry = home.ledger.entry(ordinal)
    envelope = Envelope(home.ledger.entry(0).at, entry.body, entry.kind)
    with sqlite3.connect(home.path / "assay.db") as database:
        database.execute("drop trigger if exists ledger_entry_never_changes")
        database.execute(
            "update ledger_entry set envelope = ?, leaf_hash = ? where ordinal = ?",
            (envelope.encode(), envelope.leaf_hash(), ordinal),
        )
    database.close()
