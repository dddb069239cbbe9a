"""Each file call of the ingest path, one after another, is met by a kill, an I/O error or a full disk.

Whatever the call, nothing acknowledged is lost, nothing is damaged, the error is said in a sentence, and the next run goes on.
"""

from __future__ import annotations

import signal
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from assay.home.fsck import examine, mend
from tests.durability.ingest import (
    DONE,
    REFUSED,
    child,
    damage,
    ingest,
    ingesting,
    lost,
    opened,
    prepared_home,
    unreadable,
)
from tests.durability.striking import struck
from tests.durability.tracing import CALLS, calls_inside, needs_strace, traced

FAULTS = {"KILL": "signal=SIGKILL", "EIO": "error=EIO", "ENOSPC": "error=ENOSPC"}
LEAST_SITES = 150
QUICK_STEP = 5
pytestmark = needs_strace


@dataclass(frozen=True, slots=True)
class Site:
    """The `nth` call of one kind in the ingest path, and what happens at it."""

    call: str
    nth: int
    fault: str


def test_a_fault_at_every_fifth_file_call_loses_nothing(folder: Path) -> None:
    sites = _sites(folder)
    assert len(sites) >= LEAST_SITES
    _inject(folder, sites[::QUICK_STEP])


@pytest.mark.soak
def test_a_fault_at_every_file_call_loses_nothing(folder: Path) -> None:
    _inject(folder, _sites(folder))


def _sites(folder: Path) -> list[Site]:
    """Give every file call that one ingest makes inside the home, with each fault."""
    counted_home, log = folder / "counted", folder / "trace"
    prepared_home(counted_home)
    with (
        child(ingesting(counted_home, 1)) as worker,
        traced(worker.process, "-y", "-e", f"trace={CALLS}", log=log),
    ):
        worker.go_on()
        assert worker.ended().status == DONE
    return [Site(call, nth, fault) for call, nth, _ in calls_inside(counted_home, log) for fault in FAULTS]


def _inject(folder: Path, sites: list[Site]) -> None:
    """1. One ingest with one fault. 2. It ends by the kill, by an explained error, or in spite of it. 3. The home is whole, goes on and is clean."""
    prepared_home(folder / "prepared")
    for site in sites:
        ended = struck(
            folder, lambda home_folder: ingesting(home_folder, 1), site.call, site.nth, FAULTS[site.fault]
        )  # 1
        allowed = {-signal.SIGKILL} if site.fault == "KILL" else {DONE, REFUSED}
        assert ended.status in allowed, site  # 2
        home = opened(folder / "home")
        assert [*lost(home, ended.acknowledged), *damage(home), *unreadable(home)] == [], site  # 3
        ingest(home, 1, lambda _: None)
        mend(home, grace=timedelta(0))
        assert list(examine(home)) == [], site
        home.close()
