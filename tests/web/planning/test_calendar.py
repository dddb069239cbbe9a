"""The calendar of recurring duties: windows of the company's own controls, what was seen in them, a task in one click, and files."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.web.planning.conftest import Acts, SignIn


def test_every_recurring_control_of_the_scope_is_a_duty_with_its_window(
    company: Path, sign_in: SignIn
) -> None:
    """GOV-03 is a document looked at every year; IAM-07 is governed by a parameter of 90 days."""
    from assay_web.queries.recurring import calendar

    found = calendar()
    assert found is not None
    by_id = {one.control.id: one for one in found.duties}
    assert by_id["IAM-07"].every == "every 90 days"
    assert (by_id["IAM-07"].standing.windows[0].days.count, by_id["GOV-03"].every) == (90, "every year")
    assert not any(one.startswith("MON-01") for one in by_id)  # a setting, watched by collecting
    page = sign_in("reader").get("/calendar/").content.decode()
    assert "Nothing is late" in page


def test_windows_counted_from_an_earlier_day_show_what_was_missed(company: Path, sign_in: SignIn) -> None:
    page = sign_in("auditor").get("/calendar/IAM-07/?since=2026-01-01").content.decode()
    assert "nothing was seen" in page
    assert "1 Jan 2026" in page
    assert "31 Mar 2026" in page  # the last of 90 days
    assert "It is late." in page


def test_what_was_shown_fills_its_window_and_an_answer_does_not(company: Path, sign_in: SignIn) -> None:
    from assay.evidence.manual import How, ManualEvidence, Method
    from assay.home.manual import add_evidence
    from assay_web.home import current_home
    from assay_web.queries.recurring import calendar

    now = datetime.now(UTC)
    for method, days in ((Method.OBSERVATION, 1), (Method.INQUIRY, 2)):
        shown = ManualEvidence(
            by="ada",
            control="IAM-07",
            shows=f"Access was reviewed ({method.value}).",
            observed=now - timedelta(days=days),
            captured_by="ada",
            how=How(method),
            note="Every grant was looked at.",
        )
        add_evidence(current_home(), shown)
    found = calendar((now - timedelta(days=9)).date())
    assert found is not None
    duty = next(one for one in found.duties if one.control.id == "IAM-07")
    assert [one.what for one in duty.done] == ["Access was reviewed (observation)."]
    assert duty.standing.windows[0].state == "seen"
    assert duty.standing.due == duty.standing.windows[1].days.last


def test_a_task_is_made_once_of_a_duty(company: Path, sign_in: SignIn, acts_of: Acts) -> None:
    from assay_web.records.tasks import Task

    client = sign_in("engineer")
    assert [one["act"] for one in acts_of(lambda: client.post("/calendar/GOV-03/task/"))] == ["task.made"]
    assert acts_of(lambda: client.post("/calendar/GOV-03/task/")) == []
    task = Task.objects.get()
    assert task.due is not None
    assert task.what.startswith(f"GOV-03 by {task.due.isoformat()}: ")
    assert sign_in("reader").post("/calendar/GOV-03/task/").status_code == 403


def test_a_month_shows_what_is_due_in_it(company: Path, sign_in: SignIn) -> None:
    page = sign_in("lead").get("/calendar/?month=2026-03&since=2026-01-01").content.decode()
    assert "March 2026" in page
    assert "missed" in page
    assert sign_in("lead").get("/calendar/?month=2026-99").status_code == 200


def test_the_files_hold_the_windows(company: Path, sign_in: SignIn) -> None:
    client = sign_in("reader")
    content = client.get("/calendar/export/ics/").content
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert content.count(b"BEGIN:VEVENT") == content.count(b"END:VEVENT") > 20
    rows = json.loads(client.get("/calendar/export/json/?since=2026-01-01").content)
    first = next(one for one in rows if one["control"] == "IAM-07")
    assert (first["window from"], first["window to"], first["state"]) == (
        "2026-01-01",
        "2026-03-31",
        "missed",
    )
    assert client.get("/calendar/export/pdf/").status_code == 404


def test_an_owner_sees_only_theirs(company: Path, sign_in: SignIn) -> None:
    page = sign_in("lead").get("/calendar/?owner=Chief+executive").content.decode()
    assert '<span class="id">GOV-03</span>' in page
    assert '<span class="id">IAM-07</span>' not in page
