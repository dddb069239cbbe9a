"""The scope page: in, out, found and not decided; its versions; what a change would bring before it counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from assay.catalogue import Part
from tests.web.programme.answers import ANSWERS, answer_all

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from assay_web.records.accounts import Account

SignedIn = Callable[[str], "Client"]
Entries = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def home(bare: Path) -> Path:
    return bare


@pytest.fixture
def scoped(signed_in: SignedIn) -> Client:
    """An owner whose company has a first scope."""
    owner = signed_in("owner")
    answer_all(owner)
    assert owner.post("/start/summary/", {"over": ""}).status_code == 302
    return owner


def over(page: str) -> str:
    """Give the version that a summary was drawn over."""
    found = re.search(r'name="over" value="(\d*)"', page)
    assert found is not None
    return found.group(1)


def test_without_a_scope_the_page_says_who_sets_it(signed_in: SignedIn) -> None:
    assert "Nine short pages lead to it." in signed_in("owner").get("/scope/").content.decode()
    assert "An owner or the compliance lead sets it." in signed_in("reader").get("/scope/").content.decode()


def test_the_page_says_what_is_in_and_what_is_out_and_why(scoped: Client, signed_in: SignedIn) -> None:
    page = signed_in("reader").get("/scope/").content.decode()
    assert "4 parts are in, 1 is out. 4 of those in are shown by no source." in page
    assert "Marketing site: holds no customer data" in page
    assert "Version 1, in force since" in page
    assert "set by Olga Example" in page
    assert "/start/" not in page


@pytest.mark.usefixtures("scoped")
def test_what_a_source_showed_and_nobody_decided_is_said(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay_web.queries.found import Found

    shown = (
        Found(Part.DATABASE, "aws_rds_instance arn:db", "northwind-api", "aws-main"),
        Found(Part.REPOSITORY, "github_repo metrics-web", "metrics-web", "github"),
    )
    monkeypatch.setattr("assay_web.queries.scope_page.found_parts", lambda: shown)
    page = signed_in("owner").get("/scope/").content.decode()
    assert "1 part was found and not decided. 3 of those in are shown by no source." in page
    assert "northwind-api" in page
    monkeypatch.setattr("assay_web.workspace.scope_pages.found_parts", lambda: shown)
    from assay_web.workspace.scope_pages import found_name

    field = found_name("aws_rds_instance arn:db")
    refused = signed_in("owner").post("/start/parts/", {field: "out", "to": "next"}).content.decode()
    assert "Say in a few words why it is out." in refused


def test_the_picture_is_one_svg_without_style_or_script_and_says_itself_in_words(scoped: Client) -> None:
    page = scoped.get("/scope/").content.decode()
    (drawn,) = re.findall(r'<svg class="flow".*?</svg>', page, re.S)
    assert "style=" not in drawn
    assert "<script" not in drawn
    root = ET.fromstring(drawn)
    assert root.attrib["viewBox"].startswith("0 0 360 ")
    said = root.find("desc")
    assert said is not None
    assert said.text == (
        "Customers give What customers put in, Contact details to Northwind Metrics. "
        "The product runs on AWS account northwind-prod, metrics-web. Internal tools that reach it are Admin page. "
        "Access is managed in Google Workspace. Vendors that are part of the system are Amazon Web Services. "
        "Other vendors with access are Hosting Co-op. Out of scope are Marketing site."
    )
    texts = [(float(one.attrib["x"]), one.text or "") for one in root.iter("text")]
    assert all(x + 6.6 * len(text) <= 366 for x, text in texts)


def test_a_hostile_name_stays_text_in_the_picture(scoped: Client) -> None:
    from assay_web.page.dataflow import Flow, dataflow

    drawn = dataflow(Flow(company="</svg><script>alert(1)</script>", production=('"><img src=x>',)))
    assert "<script" not in drawn
    assert "<img" not in drawn


def test_a_change_is_previewed_and_then_is_one_act_and_another_version(
    scoped: Client,
    signed_in: SignedIn,
    cast: dict[str, Account],
    ledger_size: Callable[[], int],
    ledger_since: Callable[[int], Entries],
) -> None:
    """Availability falls away and Confidentiality comes: C1.1 and C1.2 are added, A1.1 to A1.3 fall away."""
    before, lead = ledger_size(), signed_in("lead")
    lead.post(
        "/start/categories/",
        {**ANSWERS["categories"], "availability": "no", "confidentiality": "yes", "to": "summary"},
    )
    page = lead.get("/start/summary/").content.decode()
    assert re.search(r"The scope grows: \d+ controls and 2 criteria are added\.", page)
    assert "within the usual $15,000 to $60,000" in page
    assert ledger_size() == before
    lead.post("/start/summary/", {"over": over(page)})
    ((kind, act),) = ledger_since(before)
    assert kind == "act"
    assert act["by"] == f"account:{cast['lead'].id}"
    assert act["details"]["value"]["categories"] == ["security", "confidentiality"]
    versions = scoped.get("/scope/versions/").content.decode()
    assert "2 versions." in versions
    entries = re.findall(r'name="after" value="(\d+)"', versions)
    compared = scoped.get(f"/scope/versions/?before={entries[1]}&after={entries[0]}").content.decode()
    assert "From version 1 to version 2" in compared
    added = re.findall(r'Added: </span>[^<]* <span class="id">([A-Z]+[0-9.]+)<', compared)
    gone = re.findall(r'Falls away: </span>[^<]* <span class="id">([A-Z]+[0-9.]+)<', compared)
    assert added == ["C1.1", "C1.2"]
    assert gone == ["A1.1", "A1.2", "A1.3"]


def test_changes_that_are_given_up_leave_the_scope(scoped: Client, ledger_size: Callable[[], int]) -> None:
    before = ledger_size()
    scoped.post("/start/company/", {**ANSWERS["company"], "people": "500", "to": "leave"})
    assert "has changes under way" in scoped.get("/scope/").content.decode()
    assert scoped.post("/start/").headers["Location"] == "/scope/"
    assert 'value="12"' in scoped.get("/start/company/").content.decode()
    assert ledger_size() == before


def test_a_scope_set_on_the_command_line_before_there_were_boundaries_still_reads(
    signed_in: SignedIn,
) -> None:
    from assay.home.judging import SCOPE
    from assay.home.settings import set_setting
    from assay_web.home import current_home

    home = current_home()
    old = {
        "company": "Old Words",
        "sells": "Figures",
        "system": "saas",
        "people": 3,
        "zone": "UTC",
        "categories": ["security"],
        "traits": ["uses_cloud"],
        "carve_outs": [],
        "not_relevant": {},
    }
    set_setting(home, SCOPE, old, home.now(), "ada")
    owner = signed_in("owner")
    assert "No part of the system is named yet." in owner.get("/scope/").content.decode()
    assert 'value="Old Words"' in owner.get("/start/company/").content.decode()
    assert "2 pages still want an answer." in owner.get("/start/summary/").content.decode()


def test_help_stands_beside_the_thing_and_all_of_it_is_found(signed_in: SignedIn) -> None:
    reader = signed_in("reader")
    assert "What is scope creep?" in signed_in("owner").get("/start/running/").content.decode()
    page = reader.get("/help/").content.decode()
    assert page.count("<section id=") == 42
    found = reader.get("/search/?q=required+by+law").content.decode()
    assert 'href="/help/#is-it-law"' in found
    assert signed_in("worker").get("/help/").status_code == 200


@pytest.mark.usefixtures("scoped")
def test_pages_ask_as_often_at_one_row_as_at_three(signed_in: SignedIn) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from assay_web.records.commitments import Commitment

    owner = signed_in("owner")

    def asked(address: str) -> int:
        owner.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert owner.get(address).status_code == 200
        return len(queries)

    def add(people: int) -> None:
        text = {"source": "sla", "dated": "2026-01-01", "text": f"Promise {people}", "sort": "commitment"}
        owner.post("/commitments/add/", text)
        owner.post("/start/company/", {**ANSWERS["company"], "people": str(people), "to": "summary"})
        owner.post("/start/summary/", {"over": over(owner.get("/start/summary/").content.decode())})

    add(13)
    once = [asked(one) for one in ("/commitments/", "/scope/versions/", "/scope/")]
    add(14)
    add(15)
    assert Commitment.objects.count() == 3
    assert "4 versions." in owner.get("/scope/versions/").content.decode()
    assert [asked(one) for one in ("/commitments/", "/scope/versions/", "/scope/")] == once


@pytest.mark.usefixtures("scoped")
def test_what_was_decided_stays_when_its_source_is_gone(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay.catalogue import Scope
    from assay_web.queries.found import Found
    from assay_web.queries.scoping import scope_in_force
    from assay_web.workspace.scope_pages import found_name

    shown = (Found(Part.DATABASE, "aws_rds_instance arn:db", "northwind-api", "aws-main"),)
    monkeypatch.setattr("assay_web.workspace.scope_pages.found_parts", lambda: shown)
    owner, field = signed_in("owner"), found_name("aws_rds_instance arn:db")
    owner.post("/start/parts/", {**ANSWERS["parts"], field: "in", "to": "summary"})
    owner.post("/start/summary/", {"over": over(owner.get("/start/summary/").content.decode())})
    monkeypatch.setattr("assay_web.workspace.scope_pages.found_parts", tuple)
    assert "shown by no source now" in owner.get("/start/parts/").content.decode()
    owner.post("/start/company/", {**ANSWERS["company"], "people": "14", "to": "summary"})
    owner.post("/start/summary/", {"over": over(owner.get("/start/summary/").content.decode())})
    setting = scope_in_force()
    assert setting is not None
    boundary = Scope.from_object(setting.value).boundary
    assert boundary is not None
    assert [one.name for one in boundary.things if one.key] == ["northwind-api"]
