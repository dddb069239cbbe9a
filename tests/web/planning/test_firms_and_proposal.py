"""Firms compared by the company's own scores, one chosen with a reason, and the request for proposal out of what the home holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.web.planning.conftest import Acts, SignIn

BIRCH = {
    "name": "Birch & Lowe CPAs",
    "licence_state": "Oregon",
    "currency": "USD",
    "price_least": "24317",
    "other_services": "Bookkeeping",
    "contact_email": "ines@birch.example",
    "contact_name": "Ines Birch",
}


def _add(sign_in: SignIn, **given: str) -> str:
    from assay_web.records.auditor import Firm

    assert sign_in("lead").post("/firms/add/", {**BIRCH, **given}).status_code == 302
    return f"/firms/{Firm.objects.order_by('-pk')[0].pk}/"


def test_an_act_on_a_firm_holds_neither_its_offer_nor_a_person(
    company: Path, sign_in: SignIn, acts_of: Acts
) -> None:
    """The auditor, one of these firms, reads the ledger."""
    (act,) = acts_of(lambda: _add(sign_in))
    assert act["act"] == "firm.added"
    said = str(act)
    assert "Birch & Lowe" in said
    for hidden in ("24317", "Ines Birch", "ines@birch.example"):
        assert hidden not in said


def test_what_threatens_independence_is_said_until_a_safeguard_is_named(
    company: Path, sign_in: SignIn
) -> None:
    address = _add(sign_in)
    says = "It sells you other services, and no safeguard of its independence is named."
    assert says in sign_in("lead").get(address).content.decode()
    guarded = _add(sign_in, name="Guarded", safeguards="Another team, no decisions for management.")
    assert says not in sign_in("lead").get(guarded).content.decode()


def test_the_sum_is_the_companys_own_and_the_order_by_name_until_asked_otherwise(
    company: Path, sign_in: SignIn, acts_of: Acts
) -> None:
    first, second = _add(sign_in, name="Aldine"), _add(sign_in, name="Zephyr")
    client = sign_in("lead")
    assert len(acts_of(lambda: client.post(f"{first}score/", {"price": "1", "version": "1"}))) == 1
    client.post(f"{second}score/", {"price": "5", "people": "4", "version": "1"})
    weights: dict[str, Any] = {"price": "3", "standing": "0", "order": "name", "version": "0"}
    assert [one["act"] for one in acts_of(lambda: client.post("/firms/sheet/", weights))] == [
        "comparison.added"
    ]
    page = client.get("/firms/sheet/").content.decode()
    assert page.index("Aldine") < page.index("Zephyr")
    assert "19 of 20, 6 not scored" in page  # 5 × 3 + 4 of 5 × 3 + 5
    client.post("/firms/sheet/", {**weights, "order": "sum", "version": "1"})
    page = client.get("/firms/sheet/").content.decode()
    assert page.index("Zephyr") < page.index("Aldine")
    assert "Assay neither ranks nor recommends firms." in page


def test_choosing_takes_a_reason_and_can_be_changed(company: Path, sign_in: SignIn, acts_of: Acts) -> None:
    client = sign_in("lead")
    one, two = _add(sign_in, name="One", price_least="20000"), _add(sign_in, name="Two")
    assert acts_of(lambda: client.post(f"{one}choose/", {"why": "", "version": "0"})) == []
    chosen = acts_of(lambda: client.post(f"{one}choose/", {"why": "Best references.", "version": "0"}))
    assert [act["act"] for act in chosen] == ["auditor.added"]
    assert "The quote of One for each of 2 reports" in client.get("/budget/").content.decode()
    again = acts_of(lambda: client.post(f"{two}choose/", {"why": "One withdrew.", "version": "1"}))
    assert [act["act"] for act in again] == ["auditor.changed"]
    assert "You chose" in client.get("/firms/").content.decode()


def test_a_choice_over_one_that_was_not_seen_is_refused(
    company: Path, sign_in: SignIn, acts_of: Acts
) -> None:
    address = _add(sign_in, name="Late")
    assert (
        acts_of(lambda: sign_in("owner").post(f"{address}choose/", {"why": "Quick.", "version": "0"})) == []
    )


def test_the_request_lists_its_blanks_first_and_holds_only_what_is_known(
    company: Path, sign_in: SignIn, acts_of: Acts
) -> None:
    client = sign_in("lead")
    page = client.get("/proposal/").content.decode()
    assert (
        "blanks to fill before it is sent: Customers, Locations, Earlier reports, Inside the boundary" in page
    )
    given = {
        "reply_by": "2027-01-15",
        "customers": "120 companies",
        "contact_email": "ada@northwind.example",
        "deed": "save",
    }
    (act,) = acts_of(lambda: client.post("/proposal/", given))
    assert act["act"] == "proposal.added"
    assert "ada@northwind.example" not in str(act)
    text = client.get("/proposal/export/txt/").content.decode()
    assert "Reply by: 15 Jan 2027" in text
    assert "Locations: ________________" in text
    assert "People: 20 people, contractors included" in text


def test_the_request_comes_as_a_tagged_pdf(company: Path, sign_in: SignIn) -> None:
    answer = sign_in("lead").get("/proposal/export/pdf/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in answer.content
    assert sign_in("lead").get("/proposal/export/docx/").status_code == 404
