"""Each sync of the ingest path fails once: that process never writes to the home again, still reads it, and says what to do; the next process goes on."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from assay.home import Home
from assay.home.fsck import examine, mend
from assay.home.personal import personal
from assay.home.sources import Source, connect_source
from assay.stores import FailedSyncError
from tests.durability.ingest import (
    DONE,
    Acknowledge,
    child,
    damage,
    ingest,
    lost,
    opened,
    prepared_home,
    read_everything,
    unreadable,
)
from tests.durability.striking import struck
from tests.durability.tracing import calls_inside, needs_strace, traced

SYNCS = ("fsync", "fdatasync")
REFUSED_EVERYWHERE = "refused everywhere"
SAID = r"Syncing \S+ .*failed .*writes nothing more to .*Stop this process.*`assay fsck`"
pytestmark = needs_strace


def test_after_a_failed_sync_the_process_writes_no_more_and_the_next_one_goes_on(folder: Path) -> None:
    """1. One sync fails. 2. Every way of writing is refused, everything can be read. 3. Another process finds nothing lost and goes on."""
    syncs = _syncs(folder)
    assert {call: sum(call == one for one, _ in syncs) >= 9 for call in SYNCS} == dict.fromkeys(SYNCS, True)
    prepared_home(folder / "prepared")
    for call, nth in syncs:
        ended = struck(folder, _ingesting_then_trying_again, call, nth, "error=EIO")  # 1
        assert (ended.status, ended.acknowledged[-1]) == (DONE, REFUSED_EVERYWHERE), (call, nth)  # 2
        home = opened(folder / "home")
        assert [*lost(home, ended.acknowledged[:-1]), *damage(home), *unreadable(home)] == []  # 3
        ingest(home, 1, lambda _: None)
        mend(home, grace=timedelta(0))
        assert list(examine(home)) == []
        home.close()


def _syncs(folder: Path) -> list[tuple[str, int]]:
    """Give every sync of one ingest up to its last acknowledgement but those of folders by SQLite, which does not look at their result: ours come before."""
    counted_home, log = folder / "counted", folder / "trace"
    prepared_home(counted_home)
    with (
        child(_ingesting_without_closing(counted_home)) as worker,
        traced(worker.process, "-y", "-e", f"trace={','.join(SYNCS)}", log=log),
    ):
        worker.go_on()
        assert worker.ended().status == -signal.SIGKILL
    return [
        (call, nth)
        for call, nth, line in calls_inside(counted_home, log)
        if call == "fsync" or not Path(line.partition("<")[2].partition(">")[0]).is_dir()
    ]


def _ingesting_without_closing(home_folder: Path) -> Callable[[Acknowledge], None]:
    def work(acknowledge: Acknowledge) -> None:
        home = opened(home_folder)
        ingest(home, 1, acknowledge)
        os.kill(os.getpid(), signal.SIGKILL)

    return work


def _ingesting_then_trying_again(home_folder: Path) -> Callable[[Acknowledge], None]:
    def work(acknowledge: Acknowledge) -> None:
        with pytest.raises(FailedSyncError, match=SAID):
            ingest(opened(home_folder), 1, acknowledge)
        for _ in range(2):  # opening the home anew in the same process is no way out
            home = opened(home_folder)
            assert (read_everything(home), unreadable(home)) == (home.ledger.size(), [])
            for write in WRITES:
                with pytest.raises(FailedSyncError, match=SAID):
                    write(home)
            home.close()
        acknowledge(REFUSED_EVERYWHERE)

    return work


def _draw_key(home: Home) -> None:
    with personal(home) as people:
        people.keys.subject("nobody.yet@northwind.example")


WRITES: tuple[Callable[[Home], object], ...] = (
    lambda home: home.act("note.made", "ada", {}),
    lambda home: home.evidence.put_object(b"new"),
    lambda home: home.evidence.store.replace("log/checkpoint", b"new"),
    lambda home: home.evidence.store.remove("log/checkpoint"),
    lambda home: connect_source(home, Source("another", "aws", {}), {}, "ada"),
    _draw_key,
)


def test_what_a_killed_process_left_in_the_log_is_in_the_database_before_anything_is_appended(
    folder: Path,
) -> None:
    """The log of a killed process may look whole in memory only, so nothing new is written behind it."""
    prepared_home(folder / "home")
    with child(_ingesting_without_closing(folder / "home")) as worker:
        worker.go_on()
        ended = worker.ended()
    log = folder / "home" / "assay.db-wal"
    assert log.stat().st_size > 0
    home = opened(folder / "home")
    assert log.stat().st_size == 0
    assert (lost(home, ended.acknowledged), damage(home)) == ([], [])
