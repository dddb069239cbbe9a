"""The power is cut at each acknowledgement, and only what was synced survives: everything acknowledged is still there.

The same cuts lose acknowledged writes when SQLite runs with `synchronous=NORMAL`: the test can see a missing sync.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import assay.home.database.sqlite
from assay.errors import AssayError
from assay.home import Surroundings, create_home
from tests.durability.ingest import (
    DONE,
    Acknowledge,
    child,
    damage,
    ingesting,
    lost,
    opened,
    prepared_home,
    unreadable,
)
from tests.durability.power import Disk, Rule
from tests.durability.tracing import CALLS, calls_of, needs_strace, traced

RULES: tuple[Rule, ...] = ("strict", "ext4")
pytestmark = needs_strace


@pytest.mark.parametrize("rule", RULES)
def test_nothing_acknowledged_is_lost_when_the_power_is_cut(folder: Path, rule: Rule) -> None:
    assert _losses(folder, rule, rounds=3) == [[]] * 12


@pytest.mark.parametrize("rule", RULES)
def test_writes_are_lost_where_sqlite_does_not_sync_at_each_commit(
    folder: Path, rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assay.home.database.sqlite, "SYNCHRONOUS", "NORMAL")
    losses = _losses(folder, rule, rounds=2)
    assert len(losses) == 8
    assert all(losses)


@pytest.mark.parametrize("rule", RULES)
def test_a_new_home_is_whole_when_the_power_is_cut_after_it_was_made(folder: Path, rule: Rule) -> None:
    def work(acknowledge: Acknowledge) -> None:
        home = create_home(folder / "disk" / "home", "Northwind Metrics", Surroundings.real())
        acknowledge(f"entry 0 {home.ledger.leaf_hashes(0, 1)[0].hex()}")

    (folder / "disk").mkdir()
    assert list(_cuts(folder, rule, work)) == [[]]


@pytest.mark.soak
@pytest.mark.parametrize("rule", RULES)
def test_nothing_of_two_hundred_acknowledgements_is_lost(folder: Path, rule: Rule) -> None:
    assert _losses(folder, rule, rounds=50) == [[]] * 200


def _losses(folder: Path, rule: Rule, rounds: int) -> list[list[str]]:
    (folder / "disk").mkdir()
    prepared_home(folder / "disk" / "home")
    return list(_cuts(folder, rule, ingesting(folder / "disk" / "home", rounds)))


def _cuts(folder: Path, rule: Rule, work: Callable[[Acknowledge], None]) -> Iterator[list[str]]:
    """1. The work is traced. 2. It is replayed on a disk that keeps what was synced. 3. At each acknowledgement the power is cut and the home opened."""
    disk, log = Disk(folder / "disk", rule), folder / "trace"
    with (
        child(work) as worker,
        traced(worker.process, "-xx", "-s", "100000000", "-e", f"trace={CALLS},writev,close", log=log),
    ):
        worker.go_on()
        assert worker.ended().status == DONE  # 1
    acknowledged: tuple[str, ...] = ()
    for line in disk.replay(calls_of(log)):  # 2
        acknowledged += (line,)
        survived = folder / "survived"
        disk.cut(survived)
        yield _problems(survived / "home", acknowledged)  # 3
        shutil.rmtree(survived)


def _problems(home_folder: Path, acknowledged: tuple[str, ...]) -> list[str]:
    try:
        home = opened(home_folder)
    except (AssayError, OSError) as error:
        return [str(error)]
    try:
        return [*lost(home, acknowledged), *damage(home), *unreadable(home)]
    finally:
        home.close()
