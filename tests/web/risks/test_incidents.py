"""The incident log: each deed one act, names kept out of acts, closing refused while parts lack, and that nothing happened said honestly."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from assay_web.records.accounts import Account
    from tests.web.risks.conftest import SignedIn

Acts = Callable[[], list[tuple[str, str, dict[str, Any]]]]
BEGUN = {
    "title": "A key was used from abroad",
    "sort": "incident",
    "severity": "",
    "detected": "2026-10-24T12:00",  # Berlin: UTC+2, and UTC+1 the day after
    "reporter": "Zelda Canary",
}
WHOLE = {
    **BEGUN,
    "severity": "2",
    "triaged": "2026-10-24T12:10",
    "begun": "2026-10-24T12:30",
    "contained": "2026-10-24T14:00",
    "resolved": "2026-10-25T12:00",
    "happened": "A key that was pasted into a ticket was used.",
    "systems": "The production account",
    "data_touched": "none",
    "customers": "one",
    "customer_notice": "needed",
    "customer_affected": "2026-10-24T12:00",
    "customers_told": "2026-10-26T11:30",
    "authority_notice": "not_needed",
    "notice_why": "No personal data was reached.",
    "cause": "Tickets take keys.",
    "lessons": "Scan tickets.",
    "reviewed": "2026-10-30T10:00",
}


def begun(signed_in: SignedIn, said: dict[str, str] = BEGUN, role: str = "engineer") -> int:
    from assay_web.records.incidents import Incident

    answer = signed_in(role).post("/incidents/add/", said)
    assert answer.status_code == 302, answer.content.decode()
    return Incident.objects.latest("pk").pk


def local(at: datetime) -> str:
    from django.utils import timezone

    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"


def test_the_reporter_is_in_no_act_in_the_clear_and_shown_only_to_who_may_see_people(
    signed_in: SignedIn, acts: Acts
) -> None:
    acts()
    number = begun(signed_in)
    ((name, _, details),) = acts()
    assert name == "incident.added"
    assert "Zelda" not in json.dumps(details)
    assert "Zelda Canary" in signed_in("engineer").get(f"/incidents/{number}/").content.decode()
    for address in (f"/incidents/{number}/", "/incidents/", "/incidents/export/json/"):
        assert "Zelda" not in signed_in("auditor").get(address).content.decode()


def test_a_time_is_recorded_by_one_act_and_the_timeline_says_by_whom(
    signed_in: SignedIn, cast: dict[str, Account], acts: Acts
) -> None:
    number = begun(signed_in)
    acts()
    sent = {"which": "triaged", "at": "2026-10-24T12:10", "version": "1"}
    assert signed_in("lead").post(f"/incidents/{number}/time/", sent).status_code == 302
    assert acts() == [
        (
            "incident.triaged",
            f"account:{cast['lead'].pk}",
            {"incident": f"I-{number}", "version": 2, "at": "2026-10-24T10:10:00+00:00"},
        )
    ]
    page = signed_in("reader").get(f"/incidents/{number}/").content.decode()
    shown = re.sub(r"<[^>]+>", " ", page)
    assert re.search(r"12:10\s+It was recorded and judged\s+recorded by Ada Example", shown)
    assert re.search(r"12:00\s+It was detected\s+recorded by Ben Example", shown)
    assert re.search(r"Recorded and judged.*in time", shown)
    stale = signed_in("lead").post(f"/incidents/{number}/time/", sent).content.decode()
    assert "was changed since you opened it" in stale
    from django.utils import timezone

    ahead = {**sent, "version": "2", "at": local(timezone.now() + timedelta(hours=2))}
    assert "has not come yet" in signed_in("lead").post(f"/incidents/{number}/time/", ahead).content.decode()


def test_the_clock_of_a_notice_counts_hours_across_the_change_of_clocks(signed_in: SignedIn) -> None:
    """48 hours from Saturday noon in Berlin end at 11:00 on Monday 26 October 2026; told at 11:30 is half an hour late."""
    number = begun(signed_in, WHOLE)
    shown = re.sub(r"<[^>]+>", " ", signed_in("reader").get(f"/incidents/{number}/").content.decode())
    assert re.search(
        r"Customers are told\s+customer_notice_hours\s+Sat 24 Oct 2026, 12:00\s+Mon 26 Oct 2026, 11:00\s+Mon 26 Oct 2026, 11:30\s+late by 30 min",
        shown,
    )


def test_closing_is_refused_while_a_part_lacks_and_the_act_names_what_was_not_kept(
    signed_in: SignedIn, cast: dict[str, Account], acts: Acts
) -> None:
    number = begun(signed_in)
    engineer = signed_in("engineer")
    acts()
    page = engineer.post(f"/incidents/{number}/close/", {"version": "1"}).content.decode()
    assert f"I-{number} cannot be closed: its record lacks a severity; when it was triaged;" in page
    assert acts() == []
    assert "It can be closed once all of it is there." in page
    assert (
        engineer.post(f"/incidents/{number}/change/", {**WHOLE, "lessons": "", "version": "1"}).status_code
        == 302
    )
    page = engineer.post(f"/incidents/{number}/close/", {"version": "2"}).content.decode()
    assert f"I-{number} cannot be closed: its record lacks its lessons." in page
    engineer.post(f"/incidents/{number}/change/", {**WHOLE, "version": "2"})
    acts()
    assert engineer.post(f"/incidents/{number}/close/", {"version": "3"}).status_code == 302
    assert acts() == [
        (
            "incident.closed",
            f"account:{cast['engineer'].pk}",
            {"incident": f"I-{number}", "version": 4, "not_kept": ["customer_notice_hours"]},
        )
    ]
    assert (
        "Say why it is opened again."
        in engineer.post(f"/incidents/{number}/close/", {"version": "4"}).content.decode()
    )
    assert (
        engineer.post(f"/incidents/{number}/close/", {"version": "4", "why": "More came out."}).status_code
        == 302
    )
    assert [name for name, *_ in acts()] == ["incident.begun_again"]


def test_an_action_is_a_task_due_within_the_days_of_the_parameter(signed_in: SignedIn, acts: Acts) -> None:
    from django.utils import timezone

    number, today = begun(signed_in), timezone.localdate()
    engineer = signed_in("engineer")
    acts()
    late = {"what": "Scan tickets", "owner": "", "due": str(today + timedelta(days=91))}
    page = engineer.post(f"/actions/incidents/{number}/", late).content.decode()
    assert "An action out of this is due within 90 days" in page
    assert acts() == []
    good = {**late, "due": str(today + timedelta(days=90))}
    assert engineer.post(f"/actions/incidents/{number}/", good).status_code == 302
    ((name, _, details),) = acts()
    assert (name, details["tasks"][0]["why"]) == ("task.made", f"Out of incident I-{number}.")
    shown = signed_in("reader").get(f"/incidents/{number}/").content.decode()
    assert "Scan tickets" in shown


def test_no_incident_is_stated_of_a_period_that_is_over_and_that_the_log_shows_empty(
    signed_in: SignedIn, cast: dict[str, Account], acts: Acts
) -> None:
    begun(signed_in)
    lead = signed_in("lead")
    acts()
    around = {"first": "2026-10-01", "last": "2026-10-31", "compared": "The alerts."}
    page = lead.post("/incidents/none/", around).content.decode()
    assert "The log holds 1 of these days, so it cannot be stated that there was none." in page
    from django.utils import timezone

    today = lead.post("/incidents/none/", {**around, "last": str(timezone.localdate())}).content.decode()
    assert "State it of days that are over" in today
    assert acts() == []
    assert lead.post("/incidents/none/", {**around, "last": "2026-10-23"}).status_code == 302
    query = "Lines of the incident log, open and closed, of the sort incident, that began or were detected from 2026-10-01 to 2026-10-23, both included, in Europe/Berlin."
    says = {
        "first": "2026-10-01",
        "last": "2026-10-23",
        "query": query,
        "count": 0,
        "compared": "The alerts.",
    }
    assert acts() == [
        (
            "nilstatement.added",
            f"account:{cast['lead'].pk}",
            {"nilstatement": "N-1", "says": says, "version": 1},
        )
    ]
    assert "1 Oct 2026 to 23 Oct 2026: none" in signed_in("auditor").get("/incidents/").content.decode()


def test_a_statement_that_a_later_line_contradicts_says_so_and_a_near_miss_does_not(
    signed_in: SignedIn,
) -> None:
    lead = signed_in("lead")
    lead.post("/incidents/none/", {"first": "2026-10-01", "last": "2026-10-31", "compared": "The alerts."})
    begun(signed_in, {**BEGUN, "sort": "near_miss"})
    assert "of these days now" not in lead.get("/incidents/").content.decode()
    begun(signed_in)
    assert "The log holds 1 of these days now." in lead.get("/incidents/").content.decode()
    assert (
        lead.post("/incidents/none/1/withdraw/", {"version": "1", "why": "One came out."}).status_code == 302
    )
    page = lead.get("/incidents/").content.decode()
    assert "One came out." in page
    assert "of these days now" not in page


def test_only_who_does_tasks_writes_in_the_log(signed_in: SignedIn) -> None:
    assert signed_in("reader").post("/incidents/add/", BEGUN).status_code == 403
    assert signed_in("auditor").get("/incidents/").status_code == 200
    assert signed_in("owner").get("/incidents/77/").status_code == 404
