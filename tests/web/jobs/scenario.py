"""What happens to jobs of a home whatever its database, as a program: `python -m tests.web.jobs.scenario HOME WHAT` prints what came of it as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

DAYS = 40


def two_schedulers(path: Path) -> list[str]:
    """One of several at once: ask for each of many days, take what there is to take, and give what was taken."""
    from assay_web.jobs.schedule import ask_for_what_is_due
    from assay_web.services.jobs import claim, finish

    taken = []
    for day in range(DAYS):
        ask_for_what_is_due(datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(days=day))
        job = claim("worker")
        if job is not None:
            taken.append(job.slot or "")
            finish(job)
    return taken


def lost_and_resumed(path: Path) -> dict[str, Any]:
    """A worker loses its job and never learns of it; another is killed between its entries and the job's row; a third ends the job."""
    from assay_web.home import current_home
    from assay_web.jobs import ask_for, judge_soon
    from assay_web.jobs.worker import Worker
    from assay_web.records.jobs import Job, JobKind
    from assay_web.services.jobs import JobLostError, cancel, claim
    from tests.web.jobs.lists import entries
    from tests.web.jobs.test_holding import KilledError, _do, _killed_at

    start, made = current_home().ledger.size(), []
    job = ask_for(JobKind.COLLECT, by="account:7")
    first = claim("first")
    _lapse()
    second = claim("second")
    assert first is not None
    assert second is not None
    for held, tell, expected in (
        (first, lambda *_: None, JobLostError),
        (second, _killed_at("judging"), KilledError),
    ):
        try:
            _do(held, tell)
        except expected:
            made.append(entries(current_home(), start))
    judge_soon(by="account:8")
    judge_soon(by="account:9")
    cancel(Job.objects.get(kind="judge").pk)
    _lapse()
    Worker().do()
    made.append(entries(current_home(), start))
    job.refresh_from_db()
    judging = [(one.state, one.asked_by) for one in Job.objects.filter(kind="judge")]
    return {"made": made, "state": job.state, "judging": judging}


def _lapse() -> None:
    from assay_web.records.jobs import Job

    Job.objects.filter(state="running").update(lease=datetime(2026, 1, 1, tzinfo=UTC))


SCENARIOS: dict[str, Callable[[Path], Any]] = {
    "two-schedulers": two_schedulers,
    "lost-and-resumed": lost_and_resumed,
}


if __name__ == "__main__":
    from assay_web.serving import ready

    home = Path(sys.argv[1])
    ready(home)
    sys.stdin.readline()  # begun together with the others
    sys.stdout.write(json.dumps(SCENARIOS[sys.argv[2]](home)))
