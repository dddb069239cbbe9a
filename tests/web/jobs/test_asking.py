"""Background work is asked for once: by people, by the schedule, and by acts after which everything is judged anew. It can be cancelled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.jobs.test_holding import _again, _asked, _claimed, _do

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.accounts import Account
    from assay_web.records.jobs import Job

Since = Callable[[], list[str]]
MORNING = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)
"""Half past six in the company's zone, Europe/Berlin."""


def _judging() -> list[tuple[str, str]]:
    """Give the judge jobs as state and who asked, oldest first."""
    from assay_web.records.jobs import Job

    return [(one.state, one.asked_by) for one in Job.objects.filter(kind="judge").order_by("asked")]


# Judging soon


def test_one_judging_that_waits_is_enough(lists: Path) -> None:
    from assay_web.jobs import judge_soon

    judge_soon(by="account:1")
    judge_soon(by="account:2")
    assert _judging() == [("waiting", "account:1")]


def test_after_a_judging_that_runs_another_follows_for_what_was_said_meanwhile(lists: Path) -> None:
    from assay_web.home import current_home
    from assay_web.jobs import judge_soon
    from assay_web.jobs.worker import Worker
    from assay_web.services.jobs import finish

    judge_soon(by="account:1")
    running = _claimed("worker")
    judge_soon(by="account:2")
    judge_soon(by="account:3")
    assert _judging() == [("running", "account:1")]
    finish(running)
    assert _judging() == [("done", "account:1"), ("waiting", "account:3")]
    said = current_home().act("note.made", "ada", {})
    Worker().do()
    assert _judging() == [("done", "account:1"), ("done", "account:3")]
    assert current_home().ledger.size() == said + 2


@pytest.mark.parametrize("end", ["failed", "cancelled"])
def test_another_follows_too_where_the_first_fails_or_is_cancelled(
    lists: Path, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay_web.jobs import judge_soon
    from assay_web.services import jobs

    judge_soon(by="account:1")
    running = _claimed("worker")
    judge_soon(by="account:2")
    if end == "failed":
        monkeypatch.setattr(jobs, "MOST_FAILURES", 1)
        jobs.give_back(running, "It did not work.")
    else:
        jobs.cancel(running.pk)
        jobs.end_cancelled(running)
    assert _judging() == [(end, "account:1"), ("waiting", "account:2")]


def test_one_that_is_cancelled_while_it_waits_for_another_try_is_followed_too(lists: Path) -> None:
    from assay_web.jobs import judge_soon
    from assay_web.services.jobs import cancel, give_back

    judge_soon(by="account:1")
    running = _claimed("worker")
    judge_soon(by="account:2")
    give_back(running, "It did not work.")
    cancel(running.pk)
    cancel(running.pk)
    assert _judging() == [("cancelled", "account:1"), ("waiting", "account:2")]


def test_a_judging_that_waits_for_another_try_judges_what_was_said_since_the_first(
    lists: Path, since: Since, lapse: Callable[[], None]
) -> None:
    """The first try judged and then could not publish. What was said after it is judged by the second."""
    from assay_web.jobs import judge_soon
    from assay_web.jobs.worker import Worker
    from assay_web.services.jobs import give_back

    judge_soon(by="account:1")
    first = _claimed("worker")
    _do(first, lambda *_: None)
    give_back(first, "It could not be published.")
    judge_soon(by="account:2")
    lapse()
    Worker().do()
    assert since() == ["judged", "judged"]


def test_nothing_is_judged_for_an_act_that_was_undone(lists: Path) -> None:
    from django.db import transaction

    from assay_web.jobs import judge_soon

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        judge_soon(by="account:1")
        raise ZeroDivisionError
    assert _judging() == []
    with transaction.atomic():
        judge_soon(by="account:1")
        assert _judging() == []
    assert _judging() == [("waiting", "account:1")]


def test_a_job_that_the_engine_cannot_be_told_of_waits_in_its_row(
    lists: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from assay_web.jobs.backend import Polled

    def unreachable(*_: object) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(Polled, "enqueue", unreachable)
    assert _asked().state == "waiting"
    assert "could not be sent to the engine (no broker)" in caplog.text


def test_asking_ends_where_jobs_come_and_go_without_end(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assay_web.services import jobs

    monkeypatch.setattr(jobs, "_make", lambda *_, **__: None)
    with pytest.raises(jobs.JobsChangingError, match="Ask once more"):
        _asked()
    with pytest.raises(jobs.JobsChangingError):
        jobs.ask_anew("judge", by="account:1")


# The schedule


def test_a_day_is_asked_for_once_from_six_in_the_company_s_morning(lists: Path) -> None:
    from assay_web.jobs.schedule import ask_for_what_is_due
    from assay_web.services.jobs import finish

    assert ask_for_what_is_due(MORNING - timedelta(hours=1)) is None
    asked = ask_for_what_is_due(MORNING)
    assert asked is not None
    assert (asked.asked_by, asked.slot) == ("schedule", "daily 2026-03-02")
    finish(_claimed("worker"))
    assert ask_for_what_is_due(MORNING + timedelta(hours=10)) is None
    assert ask_for_what_is_due(MORNING + timedelta(days=1)) is not None


def test_a_day_that_another_scheduler_asked_for_in_between_is_the_same_job(lists: Path) -> None:
    """Both looked, neither found it; the second's row is refused."""
    from assay_web.jobs import ask_for
    from assay_web.records.jobs import JobKind
    from assay_web.services.jobs import finish

    first = ask_for(JobKind.COLLECT, by="schedule", slot="daily 2026-03-02")
    finish(_claimed("worker"))
    assert ask_for(JobKind.COLLECT, by="schedule", slot="daily 2026-03-02").pk == first.pk


def test_nothing_is_due_without_a_source_or_with_the_schedule_switched_off(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from assay_web.jobs.schedule import ask_for_what_is_due
    from tests.web.jobs.lists import connect_lists

    assert ask_for_what_is_due(MORNING) is None
    connect_lists(home)
    monkeypatch.setattr(settings, "SCHEDULED", False)
    assert ask_for_what_is_due(MORNING) is None


@pytest.mark.parametrize("who", ["schedule", "person"])
def test_a_collection_s_entry_says_who_asked_for_it(
    lists: Path,
    cast: dict[str, Account],
    signed_in: Callable[[str], Client],
    who: str,
) -> None:
    from assay.evidence.ledger import Kind
    from assay_web.home import current_home
    from assay_web.jobs.schedule import ask_for_what_is_due
    from assay_web.jobs.worker import Worker

    home = current_home()
    start = home.ledger.size()
    if who == "person":
        signed_in("engineer").post("/collect/")
    else:
        ask_for_what_is_due(MORNING)
    Worker().do()
    asked_by = {home.ledger.body(one)["asked_by"] for one in home.ledger.entries(start, Kind.COLLECTION)}
    assert asked_by == {"schedule" if who == "schedule" else f"account:{cast['engineer'].pk}"}


# Cancelling


def test_a_job_that_waits_is_cancelled_at_once(lists: Path, since: Since) -> None:
    from assay_web.jobs.worker import Worker
    from assay_web.services.jobs import cancel

    job = _asked()
    cancel(job.pk)
    assert _again(job).state == "cancelled"
    assert Worker().do() is False
    assert since() == []


def test_a_job_that_runs_is_cancelled_at_its_next_step_and_keeps_what_it_collected(
    lists: Path, since: Since, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cancelling comes while the first source is collected; the second, which comes a step later, is not."""
    from assay_web.jobs import doing
    from assay_web.jobs.worker import Worker
    from assay_web.services.jobs import cancel

    job, note = _asked(), doing.note

    def noted(held: Job, part: str, outcome: str) -> None:
        note(held, part, outcome)
        cancel(job.pk)

    monkeypatch.setattr(doing, "note", noted)
    Worker().do()
    ended = _again(job)
    assert (ended.state, ended.outcomes, since()) == ("cancelled", {"hr-person": "complete"}, ["hr-person"])


def test_a_job_that_was_to_be_cancelled_is_not_tried_again(lists: Path) -> None:
    from assay_web.services.jobs import cancel, give_back

    job = _asked()
    held = _claimed("worker")
    cancel(job.pk)
    give_back(held, "It did not work.")
    assert _again(job).state == "cancelled"


def test_a_job_that_was_to_be_cancelled_when_its_worker_died_is_cancelled_by_the_next(
    lists: Path, since: Since, lapse: Callable[[], None]
) -> None:
    from assay_web.jobs.worker import Worker
    from assay_web.services.jobs import cancel

    job = _asked()
    _claimed("first")
    cancel(job.pk)
    lapse()
    Worker().do()
    assert _again(job).state == "cancelled"
    assert since() == []


def test_cancelling_what_has_ended_changes_nothing(lists: Path) -> None:
    from assay_web.services.jobs import cancel, finish

    job = _asked()
    finish(_claimed("worker"))
    cancel(job.pk)
    cancel("nothing")
    assert (_again(job).state, _again(job).cancel_asked) == ("done", False)


# The page


def test_the_page_says_in_words_and_numbers_how_far_it_is(
    lists: Path, signed_in: Callable[[str], Client]
) -> None:
    from assay_web.records.jobs import JobStep
    from assay_web.services.jobs import tell

    client, job = signed_in("reader"), _asked(by="schedule")
    assert "Waiting for its turn." in client.get(f"/jobs/{job.pk}/").content.decode()
    tell(_claimed("worker"), JobStep.JUDGING, done=3, of=170, doing="cross.admin_mfa")
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    part = client.get(f"/jobs/{job.pk}/?part").content.decode()
    for said in ("Judging.", '<progress max="170" value="3"', "3 of 170 checks", "cross.admin_mfa"):
        assert said in page
        assert said in part
    assert "by the schedule" in page
    assert "<noscript>" in page  # without a script: a link to look again
    assert "Look again" in page
    assert part == client.get(f"/jobs/{job.pk}/?part").content.decode()  # nothing that changes by itself
    assert "Cancel" not in page  # a reader may not


def test_the_page_of_a_failed_job_says_what_to_do(
    lists: Path, signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay_web.services import jobs

    job = _asked()
    monkeypatch.setattr(jobs, "MOST_FAILURES", 1)
    jobs.give_back(_claimed("worker"), "github: the token was refused.")
    page = signed_in("engineer").get(f"/jobs/{job.pk}/").content.decode()
    assert "github: the token was refused." in page
    assert "Mend what is said above, then try again" in page
    assert "Collect again" in page


def test_the_list_asks_the_database_as_often_for_three_jobs_as_for_one(
    lists: Path, signed_in: Callable[[str], Client], cast: dict[str, Account]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from assay_web.records.jobs import Job

    client, counts = signed_in("engineer"), []
    for _ in range(3):
        Job.objects.create(kind="collect", asked_by=cast["engineer"].actor, state="done")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get("/jobs/").content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[2]
    assert cast["engineer"].name in page
