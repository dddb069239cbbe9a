"""The guided start: it leads a first owner, keeps what was typed, and ends in one act."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.programme.answers import ANSWERS, answer_all

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from assay_web.records.accounts import Account

SignedIn = Callable[[str], "Client"]


@pytest.fixture
def home(bare: Path) -> Path:
    return bare


def test_the_first_page_leads_whoever_may_set_the_scope_to_the_start(signed_in: SignedIn) -> None:
    assert signed_in("owner").get("/").headers["Location"] == "/start/"
    assert signed_in("reader").get("/").status_code == 200
    assert signed_in("reader").get("/start/").status_code == 403
    assert signed_in("engineer").post("/start/company/", ANSWERS["company"]).status_code == 403


def test_what_was_typed_stays_also_where_it_cannot_stand_and_nothing_is_in_the_ledger(
    signed_in: SignedIn, ledger_size: Callable[[], int]
) -> None:
    owner, before = signed_in("owner"), ledger_size()
    told = owner.post(
        "/start/company/", {"company": "Half", "people": "none", "zone": "Mars/Olympus", "to": "next"}
    )
    page = told.content.decode()
    assert "“Mars/Olympus” is no time zone. Write continent and city, such as Europe/Berlin." in page
    assert "Fill this in; a scope cannot stand without it." in page
    left = owner.post(
        "/start/company/", {"company": "Half", "people": "none", "zone": "Mars/Olympus", "to": "leave"}
    )
    assert left.headers["Location"] == "/start/"
    again = signed_in("lead").get("/start/company/").content.decode()
    assert 'value="Half"' in again
    assert 'value="none"' in again
    assert 'value="Mars/Olympus"' in again
    assert "by Olga Example" in again
    assert ledger_size() == before


def test_pages_go_forward_back_and_anywhere_without_losing(signed_in: SignedIn) -> None:
    owner = signed_in("owner")
    assert (
        owner.post("/start/system/", {"system": "saas", "to": "next"}).headers["Location"]
        == "/start/categories/"
    )
    assert (
        owner.post("/start/data/", {"kinds": ["backups"], "to": "back"}).headers["Location"]
        == "/start/parts/"
    )
    assert (
        owner.post("/start/people/", {"office": "neither", "to": "target"}).headers["Location"]
        == "/start/target/"
    )
    assert 'value="backups" id="id_kinds_17" checked' in owner.get("/start/data/").content.decode()
    assert "checked" in owner.get("/start/people/").content.decode()


def test_the_search_for_vendors_keeps_what_is_ticked(signed_in: SignedIn) -> None:
    owner = signed_in("owner")
    owner.post("/start/vendors/", {"vendors": ["Slack"], "find": "pay of", "to": "find"})
    page = owner.get("/start/vendors/").content.decode()
    assert 'value="Slack"' in page
    assert "checked" in page
    assert 'value="Gusto"' in page
    assert 'value="GitHub"' not in page


def test_the_summary_names_the_pages_that_want_an_answer(signed_in: SignedIn) -> None:
    owner = signed_in("owner")
    owner.post("/start/company/", {**ANSWERS["company"], "to": "next"})
    page = owner.get("/start/summary/").content.decode()
    assert "8 pages still want an answer." in page
    assert "Make this the scope" not in page


def test_finishing_is_one_act_by_its_true_actor_and_the_readiness_follows(
    signed_in: SignedIn,
    cast: dict[str, Account],
    ledger_size: Callable[[], int],
    ledger_since: Callable[[int], list[tuple[str, dict[str, Any]]]],
    judged: Callable[[], None],
) -> None:
    lead, before = signed_in("lead"), ledger_size()
    answer_all(lead)
    summary = lead.get("/start/summary/").content.decode()
    assert "Security, Availability" in summary
    assert "Marketing site (holds no customer data)" in summary
    done = lead.post("/start/summary/", {"over": ""})
    assert done.headers["Location"] == "/"
    ((kind, act),) = ledger_since(before)
    assert kind == "act"
    assert act["act"] == "setting.set"
    assert act["by"] == f"account:{cast['lead'].id}"
    assert act["details"]["name"] == "scope"
    assert act["details"]["value"] == {
        "boundary": {
            "asked": "type_2",
            "data_kinds": ["customer-content", "contact-details"],
            "target": "2028-06-30",
            "things": [
                {"inside": True, "name": "AWS account northwind-prod", "part": "production"},
                {"inside": True, "name": "metrics-web", "part": "production"},
                {"inside": True, "name": "Admin page", "part": "tool"},
                {"inside": True, "name": "Google Workspace", "part": "access"},
                {
                    "inside": False,
                    "name": "Marketing site",
                    "part": "production",
                    "why": "holds no customer data",
                },
            ],
            "vendors": [
                {
                    "data_kinds": ["customer-content", "system-logs", "backups", "secrets"],
                    "name": "Amazon Web Services",
                    "relation": "subservice",
                    "used_for": "cloud hosting",
                },
                {"name": "Hosting Co-op", "relation": "vendor", "used_for": "servers for copies"},
            ],
            "workers_from": "file",
        },
        "carve_outs": [],
        "categories": ["security", "availability"],
        "company": "Northwind Metrics",
        "not_relevant": {},
        "people": 12,
        "sells": "Usage analytics, by subscription",
        "system": "saas",
        "traits": [
            "uses_cloud",
            "uses_sso",
            "develops_software",
            "customers_sign_in",
            "remote_only",
            "has_contractors",
            "handles_personal_data",
        ],
        "zone": "Europe/Berlin",
    }
    assert "What you said is being judged." in lead.get("/").content.decode()
    judged()
    assert [one for one, _ in ledger_since(before)] == ["act", "conclusions"]
    assert "controls have all they need" in lead.get("/").content.decode()
    from assay_web.records.drafts import Draft

    assert not Draft.objects.exists()


def test_a_summary_that_was_overtaken_sets_nothing(
    signed_in: SignedIn, ledger_size: Callable[[], int]
) -> None:
    owner = signed_in("owner")
    answer_all(owner)
    owner.post("/start/summary/", {"over": ""})
    answer_all(owner, company={**ANSWERS["company"], "people": "13"})
    before = ledger_size()
    refused = owner.post("/start/summary/", {"over": ""}).content.decode()
    assert "Someone else set the scope since this page was drawn." in refused
    assert ledger_size() == before
    assert 'name="over" value=""' not in refused
