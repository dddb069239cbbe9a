"""The register of vendors: acts, the tier with its method, whom contacts are shown to, files in and out, the list's figures, search."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.web.vendors.conftest import HOST, TOOL, signed

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.accounts import Account

SignedIn = Callable[[str], "Client"]
Entries = list[tuple[str, dict[str, Any]]]
CANARIES = (b"canary.person@cumulus.example", b"Canary Contact")


def test_adding_a_vendor_is_one_act_that_names_no_person(
    signed_in: SignedIn,
    vendor: Callable[..., Any],
    cast: dict[str, Account],
    ledger_size: Callable[[], int],
    ledger_since: Callable[[int], Entries],
) -> None:
    before = ledger_size()
    made = vendor()
    [(kind, act)] = ledger_since(before)
    assert (kind, act["act"], act["by"]) == ("act", "vendor.added", f"account:{cast['lead'].id}")
    assert act["details"]["says"]["name"] == "Cumulus Hosting"
    assert not any(one.decode() in str(act) for one in CANARIES)
    page = signed_in("lead").get(f"/vendors/{made.pk}/").content.decode()
    assert (
        "Hosts the product. It is a subservice organization of the high tier, in use. It was never reviewed."
        in page
    )
    assert "It can change or stop production." in page


def test_a_contact_is_shown_to_nobody_who_may_not_see_people(
    signed_in: SignedIn, vendor: Callable[..., Any]
) -> None:
    made = vendor()
    lead = signed_in("lead")
    lead.post(f"/vendors/{made.pk}/change/", {**HOST, "contact_name": "Canary Contact Two", "version": "1"})
    assert all(one in lead.get(f"/vendors/{made.pk}/").content for one in CANARIES)
    everywhere = (
        "/vendors/",
        "/vendors/?q=canary",
        f"/vendors/{made.pk}/",
        "/vendors/export/csv/",
        "/vendors/export/json/",
        "/vendors/found/",
        "/vendors/subservice/",
        "/vendors/subservice/?export=csv",
        "/search/?q=canary",
        "/activity/",
    )
    for role in ("reader", "auditor", "adviser"):
        client = signed_in(role)
        pages = b"".join(client.get(one).content for one in everywhere)
        assert [one for one in CANARIES if one in pages] == []


def test_another_tier_needs_a_reason_and_both_are_shown(
    signed_in: SignedIn, vendor: Callable[..., Any]
) -> None:
    lead = signed_in("lead")
    page = lead.post("/vendors/add/", {**TOOL, "set_tier": "low"}).content.decode()
    assert "Say why another tier than the method gives is right." in page
    made = vendor(**TOOL, set_tier="low", why_tier="Used once a year.")
    page = lead.get(f"/vendors/{made.pk}/").content.decode()
    assert "Set by hand to low, because: Used once a year." in page
    assert "The method gives medium" in page


def test_the_list_says_what_is_overdue_and_without_report_and_its_figures_lead_there(
    signed_in: SignedIn, vendor: Callable[..., Any]
) -> None:
    made, lead = vendor(), signed_in("lead")
    vendor(**{**TOOL, "stage": "considered"})
    page = lead.get("/vendors/").content.decode()
    assert '2 vendors are on record, <a href="?show=high%20tier">1</a> of the high tier.' in page
    assert '<a href="?show=review%20overdue">1 review</a> is overdue.' in page
    overdue = lead.get("/vendors/?show=review%20overdue").content.decode()
    assert "Cumulus Hosting" in overdue
    assert "Tickets Ltd" not in overdue
    lead.post(f"/vendors/{made.pk}/review/", signed("high"))
    assert "No review is overdue." in lead.get("/vendors/").content.decode()
    assert "Cumulus Hosting" in lead.get("/vendors/?show=high%20without%20report").content.decode()


EXPORT = (
    "Vendor name,URL,Services provided,Status,Data stored,Primary contact email,Contract renewal date,Inherent risk\n"
    "Stripe,https://stripe.com,Payments by card,Active,Cardholder data; PII,ops@stripe.example,2027-03-31,HIGH\n"
    "Figma,https://figma.com,Design,Prospective,,,,LOW\n"
)


def test_an_export_of_another_tool_is_matched_by_its_headings_and_is_one_act(
    signed_in: SignedIn, ledger_size: Callable[[], int], ledger_since: Callable[[int], Entries]
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from assay_web.records.vendors import Vendor

    lead, before = signed_in("lead"), ledger_size()
    lead.post("/vendors/import/", {"deed": "read", "file": SimpleUploadedFile("v.csv", EXPORT.encode())})
    assert "2 rows would be added." in lead.get("/vendors/import/").content.decode()
    columns = {
        "column-name": "0",
        "column-website": "1",
        "column-does": "2",
        "column-stage": "3",
        "column-data_kinds": "4",
        "column-contact_email": "5",
        "column-renewal": "6",
    }
    lead.post("/vendors/import/", {"deed": "import", **columns})
    [(_, act)] = ledger_since(before)
    assert (act["act"], act["details"]["rows"]) == ("vendors.imported", 2)
    assert "stripe.example" not in str(act)
    said = [
        (one.name, one.stage, one.data_kinds, str(one.renewal), one.set_tier)
        for one in Vendor.objects.order_by("pk")
    ]
    assert said == [
        ("Stripe", "in_use", ["payment-cards", "contact-details"], "2027-03-31", ""),
        ("Figma", "considered", [], "None", ""),
    ]


def test_what_is_exported_can_be_imported_again(signed_in: SignedIn, vendor: Callable[..., Any]) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    vendor()
    lead = signed_in("lead")
    exported = lead.get("/vendors/export/csv/").content
    [row] = csv.DictReader(io.StringIO(exported.decode("utf-8-sig")))
    assert (row["name"], row["contact email"]) == (
        "Cumulus Hosting",
        "canary.person@cumulus.example",
    )
    lead.post("/vendors/import/", {"deed": "read", "file": SimpleUploadedFile("v.csv", exported)})
    assert "1 row would be added." in lead.get("/vendors/import/").content.decode()


def test_search_finds_a_vendor_by_name_and_by_what_it_does(
    signed_in: SignedIn, vendor: Callable[..., Any]
) -> None:
    made = vendor()
    for words in ("cumulus", "hosts product"):
        page = signed_in("reader").get("/search/", {"q": words}).content.decode()
        assert f'href="/vendors/{made.pk}/"' in page


def test_an_engineer_reviews_and_writes_reports_down_and_leaves_the_register_to_the_lead(
    signed_in: SignedIn, vendor: Callable[..., Any]
) -> None:
    made, engineer = vendor(), signed_in("engineer")
    assert engineer.get(f"/vendors/{made.pk}/review/").status_code == 200
    assert engineer.get("/vendor_reports/add/").status_code == 200
    assert engineer.post(f"/vendors/{made.pk}/change/", {**HOST, "version": "1"}).status_code == 403
    assert engineer.post(f"/vendors/{made.pk}/exit/", {"deed": "begin", "why": "x"}).status_code == 403
    reader = signed_in("reader")
    assert reader.post(f"/vendors/{made.pk}/review/", signed("high")).status_code == 403


def test_scope_vendors_without_a_review_in_force_are_told_to_the_watch(
    signed_in: SignedIn, vendor: Callable[..., Any]
) -> None:
    from assay_web.queries.vendors import vendors_ignored
    from tests.web.vendors.scopes import scope_with

    scope_with("Cumulus Hosting Inc.", "Ledgerly")
    made = vendor()
    assert [(one.name, one.why) for one in vendors_ignored()] == [
        ("Cumulus Hosting Inc.", "It was never reviewed."),
        ("Ledgerly", "The scope names it, and the register does not."),
    ]
    signed_in("lead").post(f"/vendors/{made.pk}/review/", signed("high"))
    assert [one.name for one in vendors_ignored()] == ["Ledgerly"]
