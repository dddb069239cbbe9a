"""Jobs are held, lost and resumed in PostgreSQL as in SQLite, and two schedulers never double a run in either."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assay.home import Surroundings, create_home
from tests.home.conftest import ON_POSTGRESQL, shared_server
from tests.web.jobs.lists import connect_lists
from tests.web.jobs.scenario import DAYS

__all__ = ["shared_server"]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=ON_POSTGRESQL)])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a home with lists, whose database is in its folder or in a server."""
    if request.param == "postgresql":
        monkeypatch.setenv("DATABASE_URL", request.getfixturevalue("shared_server").new_database())
    path = tmp_path / "home"
    create_home(path, "Northwind Metrics", Surroundings.real()).close()
    connect_lists(path)
    return path


def _at_once(path: Path, what: str, processes: int) -> list[Any]:
    """Play a scenario in several processes that begin together; gives what each came to."""
    arguments = [sys.executable, "-m", "tests.web.jobs.scenario", str(path), what]
    root = Path(__file__).parents[3]
    environment = {**os.environ, "ASSAY_SCHEDULE": "on"}
    begun = [
        subprocess.Popen(
            arguments, cwd=root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(processes)
    ]
    for one in begun:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    said = [one.communicate()[0] for one in begun]
    assert [one.returncode for one in begun] == [0] * processes
    return [json.loads(one) for one in said]


def test_two_schedulers_and_workers_do_each_day_once(place: Path) -> None:
    """They run at the same time over the same days. A day's job is made once and taken once, whoever comes first."""
    first, second = _at_once(place, "two-schedulers", 2)
    days = [f"daily {datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day):%Y-%m-%d}" for day in range(DAYS)]
    assert len(set(first + second)) == len(first + second)
    assert set(first + second) <= set(days)
    assert (
        first + second != []
    )  # a day whose asker met the job of another day still live is asked for at its next look


@pytest.mark.soak
def test_a_lost_job_writes_nothing_and_a_killed_one_is_resumed(place: Path) -> None:
    (came,) = _at_once(place, "lost-and-resumed", 1)
    assert came == {
        "made": [
            [],
            ["hr-person", "training-record"],
            ["hr-person", "training-record", "judged"],
        ],
        "state": "done",
        "judging": [["cancelled", "account:8"]],
    }
