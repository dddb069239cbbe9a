"""The interview: drafts stay, each answer is evidence by its author, and an answer never counts as more than it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.accounts import Account

SignedIn = Callable[[str], "Client"]
Entries = list[tuple[str, dict[str, Any]]]


def test_only_who_may_add_evidence_answers(signed_in: SignedIn) -> None:
    assert signed_in("reader").get("/interview/").status_code == 200
    assert signed_in("reader").get("/interview/risk/").status_code == 403
    assert signed_in("auditor").post("/interview/risk/", {"to": "send"}).status_code == 403
    assert signed_in("worker").get("/interview/").status_code == 403
    assert signed_in("owner").get("/interview/no-such-group/").status_code == 404


def test_what_was_typed_and_not_sent_stays_for_everybody_and_is_no_evidence(
    signed_in: SignedIn, ledger_size: Callable[[], int]
) -> None:
    before = ledger_size()
    left = signed_in("engineer").post(
        "/interview/leadership/",
        {"oversight-meetings": "founders", "oversight-meetings-note": "Ask Bea", "to": "leave"},
    )
    assert left.headers["Location"] == "/interview/"
    page = signed_in("owner").get("/interview/leadership/").content.decode()
    assert "This is what Ben Example typed" in page
    assert "Ask Bea" in page
    assert ledger_size() == before


def test_each_answer_is_one_piece_of_evidence_by_inquiry_with_its_author(
    signed_in: SignedIn,
    cast: dict[str, Account],
    ledger_size: Callable[[], int],
    ledger_since: Callable[[int], Entries],
) -> None:
    before = ledger_size()
    sent = signed_in("engineer").post(
        "/interview/access/",
        {"access-requests": "chat", "access-requests-note": "In the channel #access.", "to": "send"},
    )
    assert sent.headers["Location"] == "/interview/building/"
    ((kind, body),) = ledger_since(before)
    assert kind == "evidence"
    actor = f"account:{cast['engineer'].id}"
    assert (body["by"], body["captured_by"], body["control"]) == (actor, actor, "IAM-01")
    assert body["how"] == {"count": None, "method": "inquiry", "query": None, "system": None}
    assert body["answer"] == {"answer": "chat", "means": "partly", "question": "access-requests"}
    assert (
        body["shows"] == "We agree on access before granting it, without a record that shows every approval."
    )
    assert body["note"] == (
        "Is access granted only after the owner of the system approved a request in writing, never one's own? "
        "We ask in chat, and it is hard to find later.\n\nIn the channel #access."
    )


def test_a_group_that_cannot_be_sent_whole_adds_nothing_and_keeps_what_was_typed(
    signed_in: SignedIn, ledger_size: Callable[[], int]
) -> None:
    before = ledger_size()
    given = {
        "access-requests": "yes",
        "access-reviews": "yes",
        "access-reviews-note": "hidden \u202e text",
        "access-requests-note": "fine",
        "to": "send",
    }
    page = signed_in("owner").post("/interview/access/", given).content.decode()
    assert "holds a character that cannot be printed; type it anew." in page
    assert ledger_size() == before
    assert ">\r\nfine</textarea>" in page or ">\nfine</textarea>" in page


def test_a_newer_answer_stands_before_the_older_and_both_stay(
    signed_in: SignedIn, ledger_size: Callable[[], int], ledger_since: Callable[[int], Entries]
) -> None:
    owner, before = signed_in("owner"), ledger_size()
    owner.post("/interview/access/", {"access-requests": "yes", "to": "send"})
    owner.post("/interview/access/", {"access-requests": "yes", "to": "send"})
    owner.post("/interview/access/", {"access-requests": "no", "to": "send"})
    said = [(body["answer"]["answer"], body["answer"]["means"]) for _, body in ledger_since(before)]
    assert said == [("yes", "in_place"), ("no", "missing")]
    page = owner.get("/interview/access/").content.decode()
    assert "Next: Name an owner for each system" in page


def test_a_company_with_nothing_connected_gets_its_readiness_by_answering_alone(
    signed_in: SignedIn, judged: Callable[[], None]
) -> None:
    """GOV-01 asks for minutes, GOV-02 for a chart, GOV-03 has other evidence: answers state, deny, and leave what is shown."""
    owner = signed_in("owner")
    owner.post(
        "/interview/leadership/",
        {"oversight-meetings": "yes", "org-chart": "no", "policies-approved": "drafts", "to": "send"},
    )
    judged()
    from assay_web.queries.standing import standing

    found = standing()
    assert found is not None
    states = {name: found.controls[name]["state"] for name in ("GOV-01", "GOV-02", "GOV-03", "POL-01")}
    assert states == {"GOV-01": "partly", "GOV-02": "missing", "GOV-03": "in place", "POL-01": "partly"}
    (missing,) = found.controls["GOV-02"]["missing"]
    assert missing["say"] == "By the company's own answer it is not there."
    assert found.controls["GOV-01"]["shown_by"][0]["say"].startswith("The company says: ")
