"""Must hold 8: the same suite on our own worker and on Celery with Redis, by settings alone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.web.jobs.processes import command, redis, running, until
from tests.web.jobs.test_holding import _again, _asked

Since = Callable[[], list[str]]
Settings = dict[str, str]


@pytest.fixture(params=["worker", "celery"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Give the settings of an engine. Celery's suite is a counted skip without Redis; under ASSAY_REQUIRE_ALL=1 it fails."""
    if request.param == "worker":
        yield {"ASSAY_TASKS": "worker"}
        return
    missing = _missing()
    if missing and os.environ.get("ASSAY_REQUIRE_ALL") == "1":
        pytest.fail(f"{missing} is required here and is not installed.")
    if missing:
        pytest.skip(f"{missing} is not installed.")
    with redis(tmp_path) as address:
        yield {"ASSAY_TASKS": "celery", "ASSAY_BROKER": address}


def _missing() -> str:
    try:
        import celery  # noqa: F401 — whether it is there
    except ImportError:
        return "Celery (the extra assay[celery])"
    return "" if shutil.which("redis-server") else "Redis (Debian: redis-server)"


def test_a_job_is_done_survives_the_death_of_its_worker_and_can_be_cancelled(
    engine: Settings, lists: Path, since: Since, lapse: Callable[[], None], tmp_path: Path
) -> None:
    """1. Killed while it judges. 2. The next worker judges, and collects nothing again. 3. One more is cancelled while it runs. 4. Told to stop, it ends."""
    from assay_web.records.jobs import Job
    from assay_web.services.jobs import cancel

    first, log, arguments = _asked(), tmp_path / "log", command(lists, "worker")
    with running(arguments, log, engine) as worker:
        until(lambda: _again(first).step == "judging", "judging")  # 1
        worker.kill()
        worker.wait()
    assert since() == ["hr-person", "training-record"]
    lapse()
    with running(arguments, log, engine) as worker:
        until(lambda: _again(first).state == "done", "the end of the first")  # 2
        assert since() == ["hr-person", "training-record", "judged"]
        second = _asked("judge")
        until(lambda: _again(second).step == "judging", "judging")
        cancel(second.pk)
        until(lambda: not _again(second).is_live, "the end of the second")  # 3
        assert _again(second).state == "cancelled"
        worker.terminate()
        assert worker.wait(120) == 0  # 4
    assert since() == ["hr-person", "training-record", "judged"]
    assert Job.objects.count() == 2


@pytest.mark.soak
def test_two_workers_do_each_job_once(engine: Settings, lists: Path, since: Since, tmp_path: Path) -> None:
    arguments = command(lists, "worker")
    with running(arguments, tmp_path / "one", engine), running(arguments, tmp_path / "two", engine):
        collected, judged = _asked(), _asked("judge")
        until(lambda: not _again(collected).is_live and not _again(judged).is_live, "the end of both")
    assert (_again(collected).state, _again(judged).state) == ("done", "done")
    assert (_again(collected).attempts, _again(judged).attempts) == (1, 1)
    assert sorted(since()) == ["hr-person", "judged", "judged", "training-record"]


def test_an_engine_that_nobody_knows_or_that_lacks_its_address_is_refused_at_the_start(
    lists: Path, tmp_path: Path
) -> None:
    for settings, said in (
        ({"ASSAY_TASKS": "cron"}, "ASSAY_TASKS is “cron”. Write worker or celery."),
        ({"ASSAY_TASKS": "celery", "ASSAY_BROKER": ""}, "ASSAY_BROKER does not say where Redis is"),
    ):
        log = tmp_path / settings["ASSAY_TASKS"]
        with running(command(lists, "worker"), log, settings) as worker:
            assert worker.wait(120) != 0
        assert said in log.read_text()
