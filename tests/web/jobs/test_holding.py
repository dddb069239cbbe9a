"""Must hold 8: one worker holds a job; one that lost it writes nothing more; what was done is not done again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.jobs.lists import list_of

if TYPE_CHECKING:
    from assay_web.jobs.holding import Tell
    from assay_web.records.jobs import Job

Since = Callable[[], list[str]]
Lapse = Callable[[], None]


class KilledError(BaseException):
    """Stands for a kill: nothing of the product catches it."""


def _asked(kind: str = "collect", by: str = "account:7") -> Job:
    from assay_web.jobs import ask_for
    from assay_web.records.jobs import JobKind

    return ask_for(JobKind(kind), by=by)


def _claimed(worker: str) -> Job:
    from assay_web.services.jobs import claim

    job = claim(worker)
    assert job is not None
    return job


def _do(job: Job, tell: Tell) -> None:
    from django.conf import settings

    from assay.home import Surroundings, open_home
    from assay_web.jobs.doing import do_job

    home = open_home(settings.ASSAY_HOME, Surroundings.real())
    try:
        do_job(home, job, tell)
    finally:
        home.close()


def _again(job: Job) -> Job:
    from assay_web.records.jobs import Job as Jobs

    return Jobs.objects.get(pk=job.pk)


def _killed_at(step: str, number: int = 0) -> Tell:
    """Give a tell that kills at the nth word of a step."""
    left = [number]

    def tell(now: object, done: int, of: int, doing: str) -> None:
        if now == step:
            left[0] -= 1
            if left[0] < 0:
                raise KilledError

    return tell


def test_one_of_two_workers_takes_a_job(lists: Path) -> None:
    from assay_web.services.jobs import claim

    asked = _asked()
    assert _claimed("first").pk == asked.pk
    assert claim("second") is None
    assert claim("second", asked.pk) is None


def test_asking_twice_gives_the_one_that_is_under_way(lists: Path) -> None:
    first = _asked()
    _claimed("worker")
    assert _asked(by="account:8").pk == first.pk


def test_another_takes_over_once_the_lease_ran_out_and_the_first_writes_nothing_more(
    lists: Path, lapse: Lapse
) -> None:
    from assay_web.records.jobs import JobStep
    from assay_web.services.jobs import (
        JobLostError,
        end_cancelled,
        finish,
        give_back,
        note,
        put_back,
        renew,
        tell,
    )

    _asked()
    first = _claimed("first")
    lapse()
    second = _claimed("second")
    with pytest.raises(JobLostError):
        renew(first)
    with pytest.raises(JobLostError):
        tell(first, JobStep.JUDGING, done=1, of=2, doing="x")
    note(first, "hr-person", "complete")
    give_back(first, "It did not work.")
    put_back(first)
    end_cancelled(first)
    finish(first)
    now = _again(second)
    assert (now.state, now.worker, now.attempts, now.outcomes, now.said) == ("running", "second", 2, {}, "")


@pytest.mark.parametrize("kind", ["collect", "judge"])
def test_a_worker_that_never_learns_of_its_loss_enters_nothing_in_the_ledger(
    lists: Path, since: Since, lapse: Lapse, kind: str
) -> None:
    """It does not ask at its steps; each transaction does."""
    from assay_web.services.jobs import JobLostError

    _asked(kind)
    first = _claimed("first")
    lapse()
    _claimed("second")
    with pytest.raises(JobLostError):
        _do(first, lambda *_: None)
    assert since() == []


def test_a_collection_stops_at_the_step_at_which_its_lease_is_lost(
    lists: Path, since: Since, lapse: Lapse
) -> None:
    """The first source is entered; then another takes over, and the second source is neither staged nor entered by the first worker."""
    from assay_web.home import current_home
    from assay_web.services.jobs import JobLostError, tell

    _asked()
    first, steps = _claimed("first"), []

    def told(step: object, done: int, of: int, doing: str) -> None:
        steps.append(done)
        if done == 1 and steps.count(1) == 1:
            lapse()
            _claimed("second")
        tell(first, step, done=done, of=of, doing=doing)  # type: ignore[arg-type]

    with pytest.raises(JobLostError):
        _do(first, told)
    assert since() == ["hr-person"]
    assert steps.count(1) == 1
    assert current_home().database.rows("select * from staged_place") == []


@pytest.mark.parametrize(
    ("step", "number", "before"),
    [
        ("collecting", 0, []),
        ("collecting", 2, ["hr-person"]),
        ("judging", 40, ["hr-person", "training-record"]),
        ("publishing", 0, ["hr-person", "training-record", "judged"]),
    ],
)
def test_what_a_killed_worker_entered_is_not_done_again(
    lists: Path, since: Since, lapse: Lapse, step: str, number: int, before: list[str]
) -> None:
    """Between an entry and the job's own row lies a moment. The next attempt sees the entry."""
    from assay_web.jobs.worker import Worker

    job = _asked()
    with pytest.raises(KilledError):
        _do(_claimed("first"), _killed_at(step, number))
    assert since() == before
    lapse()
    assert Worker().do() is True
    assert since() == ["hr-person", "training-record", "judged"]
    assert _again(job).state == "done"


def test_a_killed_judging_is_done_once(lists: Path, since: Since, lapse: Lapse) -> None:
    from assay_web.jobs.worker import Worker

    job = _asked("judge")
    with pytest.raises(KilledError):
        _do(_claimed("first"), _killed_at("publishing"))
    lapse()
    Worker().do()
    assert since() == ["judged"]
    assert _again(job).state == "done"


def test_a_job_that_ends_its_worker_each_time_is_given_up(lists: Path, lapse: Lapse) -> None:
    from assay_web.services.jobs import MOST_ATTEMPTS, claim

    job = _asked()
    for _ in range(MOST_ATTEMPTS):
        _claimed("worker")
        lapse()
    assert claim("worker") is None
    ended = _again(job)
    assert ended.state == "failed"
    assert "begun 12 times" in ended.said


def test_a_worker_that_stops_leaves_its_job_to_the_next(lists: Path, since: Since, stopping: None) -> None:
    from assay_web.jobs.worker import Worker
    from assay_web.services.jobs import claim
    from assay_web.stopping import STOPPING

    job = _asked()
    assert Worker().do() is True
    left = _again(job)
    assert (left.state, left.attempts, left.failures, since()) == ("waiting", 0, 0, [])
    STOPPING.clear()
    assert claim("next") is not None


def test_a_failed_sync_ends_the_process_and_leaves_the_job_to_another(
    lists: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk gives an error at a sync while the first source is collected."""
    import os

    from assay.stores import FailedSyncError
    from assay_web.jobs.worker import work

    job = _asked()

    def refused(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", refused)
    with pytest.raises(FailedSyncError, match="this process writes nothing more"):
        work()
    assert _again(job).state == "running"


def test_a_database_error_of_a_failed_sync_ends_the_process_too(home: Path) -> None:
    import sqlite3

    from django.db import OperationalError

    from assay.stores import FailedSyncError
    from assay_web.jobs.worker import again_and_again

    def step() -> bool:
        cause = sqlite3.OperationalError("disk I/O error")
        cause.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
        raise OperationalError("disk I/O error") from cause

    with pytest.raises(FailedSyncError):
        again_and_again(step)


def test_a_lease_that_could_not_be_renewed_once_is_renewed_at_the_next_try(
    lists: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is away for a moment: the keeper of the lease goes on."""
    import threading

    from assay_web.jobs import holding

    _asked()
    job, tries, seen = _claimed("worker"), [], threading.Event()

    def renew(_: Job) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise ConnectionError("the database is away")
        seen.set()

    monkeypatch.setattr(holding, "renew", renew)
    monkeypatch.setattr(holding, "LEASE", timedelta(milliseconds=4))
    with holding.held(job):
        assert seen.wait(60)


def test_a_failing_source_leaves_the_others_collected_and_is_tried_again(
    lists: Path, since: Since, lapse: Lapse
) -> None:
    """Somebody's command holds the first source; the second is collected once, however often the first is tried."""
    from assay.home.locks import locked
    from assay_web.jobs.worker import Worker

    job = _asked()
    with locked(lists / "collect-hr-person.lock", wait=False):
        for _ in range(3):
            Worker().do()
            now = _again(job)
            assert (now.state, now.outcomes["training-record"]) == ("waiting", "complete")
            lapse()
        Worker().do()
    ended = _again(job)
    assert (ended.state, ended.failures) == ("failed", 4)
    assert ended.said.startswith("hr-person: Another process is collecting from “hr-person” right now.")
    assert since() == ["training-record", "judged"]
    assert Worker().do() is False


def test_a_list_that_is_gone_is_a_gap_and_the_run_is_marked_incomplete(lists: Path) -> None:
    from assay_web.jobs.worker import Worker

    list_of(lists, "hr-person").unlink()
    job = _asked()
    Worker().do()
    ended = _again(job)
    assert (ended.state, ended.outcomes) == (
        "done",
        {"hr-person": "incomplete, 1 gap", "training-record": "complete"},
    )


def test_the_pauses_between_tries_are_a_minute_five_and_fifteen(
    lists: Path, lapse: Lapse, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.utils import timezone

    from assay_web.services.jobs import give_back

    job, now, pauses = _asked(), timezone.now(), []
    for _ in range(3):
        held = _claimed("worker")
        with monkeypatch.context() as still:
            still.setattr("assay_web.services.jobs.timezone.now", lambda: now)
            give_back(held, "It did not work.")
        pauses.append((_again(job).due - now).total_seconds())
        lapse()
    assert pauses == [60, 300, 900]


def test_whoever_asks_while_it_waits_for_the_next_try_has_it_tried_now(lists: Path) -> None:
    from assay_web.services.jobs import claim, give_back

    job = _asked()
    give_back(_claimed("worker"), "It did not work.")
    assert claim("worker") is None
    assert _asked(by="account:8").pk == job.pk
    assert _claimed("worker").pk == job.pk
