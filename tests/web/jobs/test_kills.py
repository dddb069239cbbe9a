"""Must hold 8: a worker killed at random points; each run ends complete or marked incomplete, goes on where it was, and nothing is done twice."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assay.demo.github_standin import ORGANIZATION, READ_ALL, GithubStandin, serve, small_company
from assay.evidence.bag import read_container
from assay.evidence.canonical import instant_text
from assay.evidence.ledger import Kind
from assay.home import Home, Surroundings, open_home, signer
from assay.home.fsck import examine, mend
from assay.home.packing import pack_files, write_pack
from assay.home.personal import personal
from assay.home.sources import Source, connect_source
from assay.verification import Trusted, report_again, verify_pack
from tests.durability.ingest import Acknowledge, child
from tests.web.jobs.lists import connect_lists, entries

if TYPE_CHECKING:
    from assay_web.records.jobs import Job

Lapse = Callable[[], None]
KILLS_A_RUN = 3
TOKEN = "github_pat_for_the_stand_in"


def test_eight_kills_leave_nothing_undone_and_nothing_done_twice(
    home: Path, lapse: Lapse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay_web.jobs.worker.standing", lambda: None)
    connect_lists(home)
    assert _killed_runs(home, 8, lapse) >= 3


@pytest.mark.soak
def test_fifty_kills_with_a_code_host_leave_nothing_undone_and_nothing_done_twice(
    home: Path, lapse: Lapse, tmp_path: Path
) -> None:
    connect_lists(home, ("hr-person", "training-record", "incident"))
    with _code_host(home):
        runs = _killed_runs(home, 50, lapse)
    assert runs >= 50 / KILLS_A_RUN
    _holds_when_verified(home, tmp_path / "pack.zip")


def _killed_runs(path: Path, kills: int, lapse: Lapse) -> int:
    """Ask for runs and kill their workers until there were so many kills; gives how many runs it took.

    1. A job is asked for. 2. Its worker is killed at a random step of it, a random moment later, up to a few times. 3. Another goes on to the end.
    4. Each source was entered once, and everything was judged once after that. 5. The home has no damage.
    """
    chance, runs, killed = random.Random(20261124), 0, 0
    while killed < kills:
        job, start = _asked(), _size(path)  # 1
        for _ in range(min(chance.randint(1, KILLS_A_RUN), kills - killed)):
            killed += _one_kill(chance)  # 2
            lapse()
        _work_on()  # 3
        _ended_once(path, job, start)  # 4
        runs += 1
    home = _opened(path)
    mend(home, grace=timedelta(0))
    assert list(examine(home)) == []  # 5
    home.close()
    return runs


def _one_kill(chance: random.Random) -> bool:
    """Kill a worker at a random point; False where it had nothing left to do, or ended before."""
    with child(_working) as worker:
        worker.go_on()
        worker.until(_random_step(chance))
        time.sleep(chance.uniform(0, 0.05))
        worker.kill()
        return worker.ended().status == -signal.SIGKILL


def _random_step(chance: random.Random) -> int:
    """Steps of collecting are few and those of judging many: half of the kills come among the first."""
    return chance.randint(1, 6) if chance.random() < 0.5 else chance.randint(7, 200)


def _working(acknowledge: Acknowledge) -> None:
    """Do jobs in a process of its own, which says each step that it has taken."""
    from django.db import connections

    from assay_web.jobs import holding
    from assay_web.jobs.worker import Worker
    from assay_web.records.jobs import JobStep

    connections.close_all()
    tell = holding.tell

    def told(job: Job, step: JobStep, *, done: int, of: int, doing: str) -> None:
        tell(job, step, done=done, of=of, doing=doing)
        acknowledge(step)

    holding.tell = told
    while Worker().do():
        pass


def _work_on() -> None:
    from assay_web.jobs.worker import Worker

    while Worker().do():
        pass


def _asked() -> Job:
    from django.db import connections

    from assay_web.jobs import ask_for
    from assay_web.records.jobs import JobKind

    job = ask_for(JobKind.COLLECT, by="schedule")
    connections.close_all()  # a child is forked next
    return job


def _ended_once(path: Path, job: Job, start: int) -> None:
    from assay.home.sources import sources

    home = _opened(path)
    job.refresh_from_db()
    connected = {one.id for one in sources(home)}
    made = entries(home, start)
    assert job.state == "done", job.said
    assert set(made) == connected | {"judged"}
    assert all(made.count(one) == 1 for one in connected)
    assert made[-1] == "judged"
    # Conclusions that a kill cut off from their collections are made once more over all of them, never twice over the same.
    assert made.count("judged") == 1
    for entry in home.ledger.entries(start, Kind.COLLECTION):
        body = home.ledger.body(entry)
        assert body["complete"] == (not body["gaps"])
    home.close()


def _size(path: Path) -> int:
    home = _opened(path)
    size = home.ledger.size()
    home.close()
    return size


def _opened(path: Path) -> Home:
    return open_home(path, Surroundings.real())


@contextmanager
def _code_host(path: Path) -> Iterator[None]:
    """Let the stand-in of GitHub answer, connected to the home in `path`."""
    standin = GithubStandin(
        small_company(), {TOKEN: READ_ALL}, clock=lambda: datetime.now(UTC), limit=1_000_000
    )
    with serve(standin) as url:
        settings = {
            "events_from": instant_text(datetime.now(UTC) - timedelta(days=30)),
            "loopback_port": int(url.rpartition(":")[2]),
            "organization": ORGANIZATION,
            "root": url,
        }
        home = _opened(path)
        connect_source(home, Source("github", "github", settings), {"token": TOKEN}, "ada")
        home.close()
        yield


def _holds_when_verified(path: Path, target: Path) -> None:
    home = _opened(path)
    with personal(home) as people:
        write_pack(pack_files(home, people.keys, report_again), target)
    result = verify_pack(read_container(target), Trusted(key=signer(home).key), report_again)
    assert [str(finding) for finding in result.findings] == []
    assert result.holds
    home.close()
