"""A step that a source can show closes only by a later look; what was not seen is never done; a completed list becomes evidence that names nobody."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.people_duties.lists import ACCOUNTS, PEOPLE, look

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.accounts import Account
    from assay_web.records.people import Checklist, ChecklistStep

Acts = Callable[[], list[dict[str, Any]]]
SignIn = Callable[[str], "Client"]
LYLE = "lyle@northwind.example"
GONE = ACCOUNTS.replace(
    "crm,lyle,lyle@northwind.example,person,sales,no,yes,active",
    "crm,lyle,lyle@northwind.example,person,sales,no,yes,disabled",
)


@pytest.fixture(autouse=True)
def _judged_later(home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Judging is asked for; here the tests look by themselves."""
    monkeypatch.setattr("assay_web.services.checklists.conclude_soon", lambda *, by: None)


def _today() -> date:
    from django.utils import timezone

    from assay_web.queries.standing import company_zone

    return timezone.localdate(timezone=company_zone())


def _started(client: Client, email: str = LYLE, kind: str = "leaver", ago: int = 0) -> Checklist:
    from assay_web.records.people import Checklist

    given = {"kind": kind, "email": email, "day": (_today() - timedelta(days=ago)).isoformat()}
    answer = client.post("/people/checklists/new/", given)
    assert answer.status_code == 302, answer.content.decode()
    return Checklist.objects.get(email=email, kind=kind)


def _step(checklist: Checklist, name: str) -> ChecklistStep:
    return checklist.steps.get(step=name)


def _looked(**lists: str) -> None:
    from assay_web.services.checklists import look_again

    look_again(look(**lists))


def _say(client: Client, checklist: Checklist, step: str, note: str = "Seen.", ago: int = 1) -> str:
    on = (_today() - timedelta(days=ago)).isoformat()
    given = {"step": step, "note": note, "on": on}
    answer = client.post(f"/people/checklists/{checklist.pk}/say/", given)
    return answer.content.decode()


def test_a_step_that_a_source_shows_closes_only_by_a_later_look(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts
) -> None:
    """Lyle's last day was two days ago: one account can still be used. Saying so closes nothing, the next look does."""
    client = signed_in("lead")
    checklist = _started(client, ago=2)
    assert _step(checklist, "accounts").says == "Can still be used on crm."
    refused = _say(client, checklist, "accounts", "I disabled it.")
    assert "shows that it is not done" in refused
    _looked(account=ACCOUNTS)
    assert not _step(checklist, "accounts").is_done
    _looked(account=GONE)
    step = _step(checklist, "accounts")
    assert (step.is_done, step.done_by, step.look is not None) == (True, "assay", True)
    assert (acts()[-1]["act"], acts()[-1]["by"]) == ("checklist.looked_at", "assay")
    _looked(account=ACCOUNTS)  # the account came back
    assert not _step(checklist, "accounts").is_done


def test_a_leaver_whose_account_a_look_after_the_limit_still_showed_was_late(
    cast: dict[str, Account], signed_in: SignIn
) -> None:
    """The limit is 24 hours after the last day; the look two days later still shows the account, so its end later deviates, whenever it was."""
    checklist = _started(signed_in("lead"), ago=3)
    assert _step(checklist, "accounts").conclusion == "DEVIATES"
    _looked(account=GONE)
    assert (_step(checklist, "accounts").is_done, _step(checklist, "accounts").conclusion) == (
        True,
        "DEVIATES",
    )


def test_what_was_not_seen_is_unknown_and_a_person_can_say_it_with_a_note(
    cast: dict[str, Account], signed_in: SignIn
) -> None:
    """No list of devices is connected."""
    client = signed_in("engineer")
    checklist = _started(signed_in("lead"))
    step = _step(checklist, "device")
    assert (step.is_done, step.conclusion) == (False, "UNKNOWN")
    assert "Not seen" in client.get(f"/people/checklists/{checklist.pk}/").content.decode()
    assert "Say how you know" in _say(client, checklist, "device", " ")
    _say(client, checklist, "device", "The laptop lies in the cupboard.")
    assert _step(checklist, "device").is_done
    _looked(account=ACCOUNTS)
    assert _step(checklist, "device").is_done  # still not seen: what was said stays
    client.post(f"/people/checklists/{checklist.pk}/say/", {"step": "device", "deed": "back"})
    assert not _step(checklist, "device").is_done


def test_a_completed_checklist_is_one_act_and_evidence_that_names_nobody(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts
) -> None:
    from assay_web.home import current_home

    client = signed_in("lead")
    checklist = _started(client, kind="mover", email="will@northwind.example", ago=1)
    early = client.post(
        f"/people/checklists/{checklist.pk}/end/", {"deed": "complete", "version": checklist.version}
    )
    assert "steps are not done yet" in early.content.decode()
    for step in ("request", "old-access", "chart"):
        _say(client, checklist, step, "Canary note")
    client.post(f"/people/checklists/{checklist.pk}/end/", {"deed": "complete", "version": checklist.version})
    checklist.refresh_from_db()
    assert checklist.state == "done"
    [said] = [one for one in acts() if one["act"] == "checklist.completed"]
    ledger = current_home().ledger
    bodies = [ledger.body(ledger.entry(one)) for one in checklist.evidence]
    assert said["details"]["evidence"] == checklist.evidence
    assert [one["control"] for one in bodies] == ["GOV-02", "IAM-01", "IAM-04", "IAM-09"]
    assert [one["covers"]["start"] for one in bodies] == [(_today() - timedelta(days=1)).isoformat()] * 4
    assert not re.search(r"will@|Canary", str(bodies) + str(acts()))


def test_a_control_whose_step_was_late_gets_no_evidence(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts
) -> None:
    from assay_web.home import current_home

    client = signed_in("lead")
    checklist = _started(client, ago=3)
    _looked(account=GONE)
    for step in ("secrets", "device", "assets", "handover", "reminder"):
        _say(client, checklist, step)
    client.post(f"/people/checklists/{checklist.pk}/end/", {"deed": "complete", "version": 1})
    checklist.refresh_from_db()
    ledger = current_home().ledger
    controls = {ledger.body(ledger.entry(one))["control"] for one in checklist.evidence}
    assert (checklist.state, "IAM-08" in controls, "HRS-08" in controls) == ("done", False, False)


def test_of_two_who_end_a_checklist_one_is_heard(cast: dict[str, Account], signed_in: SignIn) -> None:
    client = signed_in("lead")
    checklist = _started(client)
    ended = {"deed": "drop", "why": "Stays after all.", "version": 1}
    assert client.post(f"/people/checklists/{checklist.pk}/end/", ended).status_code == 302
    second = signed_in("owner").post(f"/people/checklists/{checklist.pk}/end/", ended)
    assert "Someone changed this checklist" in second.content.decode()


def test_the_list_of_workers_shows_whom_a_checklist_is_called_for(
    cast: dict[str, Account], signed_in: SignIn
) -> None:
    from assay_web.queries.checklists import suggested
    from assay_web.queries.standing import standing

    today = _today()
    text = PEOPLE.replace("2026-11-20", (today - timedelta(days=1)).isoformat()).replace(
        "Designer,Product", "Designer,Sales"
    )
    joiner = f"nina@northwind.example,employee,Analyst,Product,,{today.isoformat()},\n"
    look(hr_person=text + joiner)
    found = {(one.kind, one.email) for one in suggested(standing())}
    assert found == {
        ("joiner", "nina@northwind.example"),
        ("leaver", LYLE),
        ("mover", "will@northwind.example"),
    }
    client = signed_in("lead")
    checklist = _started(client, ago=1)
    assert checklist.found
    assert ("leaver", LYLE) not in {(one.kind, one.email) for one in suggested(standing())}
    page = client.get("/people/checklists/").content.decode()
    assert "nina@northwind.example" in page
    exported = client.get("/people/checklists/?export=csv").content.decode()
    assert "Can still be used on crm." in exported
