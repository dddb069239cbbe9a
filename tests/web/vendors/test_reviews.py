"""A review is signed once, is an act, becomes evidence for the control that asks for it, and moves readiness; its conditions become tasks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.web.vendors.conftest import TOOL, signed

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.accounts import Account

SignedIn = Callable[[str], "Client"]
Entries = list[tuple[str, dict[str, Any]]]


def test_a_signed_review_is_an_act_and_evidence_and_moves_readiness(
    signed_in: SignedIn,
    vendor: Callable[..., Any],
    cast: dict[str, Account],
    ledger_size: Callable[[], int],
    ledger_since: Callable[[int], Entries],
    judged: Callable[[], None],
) -> None:
    from django.utils import timezone

    made, lead = vendor(), signed_in("lead")
    assert "Missing" in lead.get("/controls/VEN-03/").content.decode()
    before = ledger_size()
    answer = lead.post(
        f"/vendors/{made.pk}/review/", signed("high", **{"n-breach": "Looked at its status page."})
    )
    assert answer.headers["Location"] == f"/vendors/{made.pk}/"
    (act_kind, act), (evidence_kind, evidence) = ledger_since(before)
    assert (act_kind, act["act"], act["by"]) == ("act", "vendor.reviewed", f"account:{cast['lead'].id}")
    assert act["details"]["conclusion"] == "keep"
    assert {"question": "breach", "reply": "yes", "note": "Looked at its status page."}.items() <= next(
        one for one in act["details"]["answers"] if one["question"] == "breach"
    ).items()
    assert (evidence_kind, evidence["control"]) == ("evidence", "VEN-03")
    today = timezone.localdate().isoformat()
    assert evidence["covers"] == {"start": today, "end": today}
    assert evidence["recurs"] == {"every_days": 365, "expires": None}
    judged()
    assert "In place" in lead.get("/controls/VEN-03/").content.decode()
    page = lead.get(f"/vendors/{made.pk}/").content.decode()
    due = timezone.localdate() + timedelta(days=365)
    assert f"next due {due.day} {due:%b %Y}" in page
    assert "Looked at its status page." in lead.get(f"/vendors/{made.pk}/reviews/1/").content.decode()


def test_a_review_that_is_not_whole_signs_nothing_and_keeps_what_was_typed(
    signed_in: SignedIn, vendor: Callable[..., Any], ledger_size: Callable[[], int]
) -> None:
    made, lead = vendor(), signed_in("lead")
    before = ledger_size()
    given = signed("high", says="Typed with care.")
    del given["q-opinion"]
    page = lead.post(f"/vendors/{made.pk}/review/", given).content.decode()
    assert "Typed with care." in page
    given = signed("high", conclusion="conditions")
    assert (
        "Name the conditions, one a line" in lead.post(f"/vendors/{made.pk}/review/", given).content.decode()
    )
    assert ledger_size() == before


def test_conditions_become_tasks_of_the_owner_by_one_act_of_their_own(
    signed_in: SignedIn,
    vendor: Callable[..., Any],
    cast: dict[str, Account],
    ledger_size: Callable[[], int],
    ledger_since: Callable[[int], Entries],
) -> None:
    from assay_web.records.tasks import Task

    made = vendor(**TOOL, owner=cast["engineer"].pk)
    before = ledger_size()
    given = signed(
        "medium", conclusion="conditions", conditions="Sign-on for everyone\nAn agreement", due="2030-01-31"
    )
    signed_in("engineer").post(f"/vendors/{made.pk}/review/", given)
    assert [(one.what, one.owner, str(one.due)) for one in Task.objects.order_by("what")] == [
        ("Tickets Ltd: An agreement", cast["engineer"], "2030-01-31"),
        ("Tickets Ltd: Sign-on for everyone", cast["engineer"], "2030-01-31"),
    ]
    assert [body["act"] for _, body in ledger_since(before)] == ["vendor.reviewed", "task.made"]


def test_signing_twice_signs_once(
    signed_in: SignedIn, vendor: Callable[..., Any], ledger_size: Callable[[], int]
) -> None:
    made, lead = vendor(), signed_in("lead")
    lead.post(f"/vendors/{made.pk}/review/", signed("high"))
    before = ledger_size()
    page = lead.post(f"/vendors/{made.pk}/review/", signed("high")).content.decode()
    assert "was changed since you opened it" in page
    assert ledger_size() == before


def test_a_review_before_first_use_is_evidence_for_the_control_on_new_vendors(
    signed_in: SignedIn, vendor: Callable[..., Any]
) -> None:
    made = vendor(**{**TOOL, "stage": "considered"})
    signed_in("lead").post(f"/vendors/{made.pk}/review/", signed("medium"))
    assert made.reviews.get().control == "VEN-02"
