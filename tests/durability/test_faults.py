"""Each file call of the ingest path, one after another, is met by a kill, an I/O error or a full disk.

Whatever the call, nothing acknowledged is lost, nothing is damaged, the error is said in a sentence, and the next run goes on.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from assay.home.fsck import examine, mend
from tests.durability.ingest import DONE, REFUSED, child, damage, ingest, ingesting, lost, opened, prepared_home, unreadable
from tests.durability.tracing import CALLS, needs_strace, traced

FAULTS = {"KILL": "signal=SIGKILL", "EIO": "error=EIO", "ENOSPC": "error=ENOSPC"}
LEAST_SITES = 150
QUICK_STEP = 13
pytestmark = needs_strace


@dataclass(frozen=True, slots=True)
class Site:
    """The `nth` call of one kind in the ingest path, and what happens at it."""

    call: str
    nth: int
    fault: str


def test_a_fault_at_every_thirteenth_file_call_loses_nothing(tmp_path: Path) -> None:
    sites = _sites(tmp_path)
    print(len(sites)); assert len(sites) >= LEAST_SITES
    _inject(tmp_path, sites[::QUICK_STEP])


@pytest.mark.soak
def test_a_fault_at_every_file_call_loses_nothing(tmp_path: Path) -> None:
    _inject(tmp_path, _sites(tmp_path))


def _sites(tmp_path: Path) -> list[Site]:
    """Give every file call that one ingest makes inside the home, with each fault."""
    folder, log = tmp_path / "counted", tmp_path / "trace"
    prepared_home(folder)
    with child(ingesting(folder, 1)) as (process, wait), traced(process, "-y", "-e", f"trace={CALLS}", log=log):
        os.kill(process, signal.SIGCONT)
        assert wait().status == DONE
    counted: Counter[str] = Counter()
    sites = []
    for line in log.read_text().splitlines():
        if match := re.match(r"(\w+)\(", line):
            counted[match[1]] += 1
            if str(folder) in line:
                sites += [Site(match[1], counted[match[1]], fault) for fault in FAULTS]
    return sites


def _inject(tmp_path: Path, sites: list[Site]) -> None:
    """1. One ingest with one fault. 2. It ends by the kill, by an explained error, or in spite of it. 3. The home is whole, goes on and is clean."""
    prepared_home(tmp_path / "prepared")
    for site in sites:
        folder = tmp_path / "home"
        shutil.copytree(tmp_path / "prepared", folder)
        inject = f"inject={site.call}:{FAULTS[site.fault]}:when={site.nth}"
        with (
            child(ingesting(folder, 1)) as (process, wait),
            traced(process, "-e", f"trace={site.call}", "-e", inject, log=tmp_path / "trace"),
        ):
            os.kill(process, signal.SIGCONT)
            ended = wait()  # 1
        allowed = {-signal.SIGKILL} if site.fault == "KILL" else {DONE, REFUSED}
        assert ended.status in allowed, site  # 2
        home = opened(folder)
        assert [*lost(home, ended.acknowledged), *damage(home), *unreadable(home)] == [], site  # 3
        home.database.rows("update collection_run set lease_until = '2026-03-02T08:00:00Z' where state = 'running'")
        ingest(home, 1, lambda _: None)
        mend(home, grace=timedelta(0))
        assert list(examine(home)) == [], site
        home.close()
        shutil.rmtree(folder)
