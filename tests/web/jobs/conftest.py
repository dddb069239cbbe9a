"""A served home with two lists connected, and what tests do to time and to workers: nothing waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.web.jobs.lists import connect_lists, entries


@pytest.fixture
def lists(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the served home, with two lists connected. No report is made after a job: pages make it where it is missing."""
    monkeypatch.setattr("assay_web.jobs.worker.standing", lambda: None)
    connect_lists(home)
    return home


@pytest.fixture
def since(lists: Path) -> Callable[[], list[str]]:
    """Give what background work entered in the ledger since the test began."""
    from assay_web.home import current_home

    start = current_home().ledger.size()
    return lambda: entries(current_home(), start)


@pytest.fixture
def lapse() -> Callable[[], None]:
    """Let every lease run out and every pause pass."""

    def passed() -> None:
        from django.utils import timezone

        from assay_web.records.jobs import Job, JobState

        before = timezone.now() - timedelta(seconds=1)
        Job.objects.filter(state=JobState.RUNNING).update(lease=before)
        Job.objects.filter(state=JobState.WAITING).update(due=before)

    return passed


@pytest.fixture
def stopping() -> Iterator[None]:
    """The worker is told to stop."""
    from assay_web.stopping import STOPPING

    STOPPING.set()
    yield
    STOPPING.clear()
