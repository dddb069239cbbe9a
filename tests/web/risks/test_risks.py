"""The register of risks and its yearly assessment: one act a deed, approval by another person, and lines that freeze under a root."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from assay.evidence.canonical import encode
from assay.evidence.merkle import root_of_data

if TYPE_CHECKING:
    from assay_web.records.accounts import Account
    from tests.web.risks.conftest import SignedIn

Acts = Callable[[], list[tuple[str, str, dict[str, Any]]]]
ASSESSMENT = {
    "title": "Risk assessment 2026",
    "first": "2026-01-01",
    "last": "2026-11-20",
    "people": "3",
    "roles": "the lead, two engineers",
    "fraud": "Payments need two people.",
    "change_said": "A second region is planned.",
    "remarks": "",
}


def added(signed_in: SignedIn, role: str, risk: dict[str, str]) -> int:
    from assay_web.records.risks import Risk

    assert signed_in(role).post("/risks/add/", risk).status_code == 302
    return Risk.objects.latest("pk").pk


def prepared(signed_in: SignedIn, role: str) -> tuple[int, str]:
    """Begin and prepare an assessment as a role; its number, and the root that its page carries."""
    from assay_web.records.risks import Assessment

    client = signed_in(role)
    assert client.post("/assessments/add/", ASSESSMENT).status_code == 302
    number = Assessment.objects.latest("pk").pk
    answer = client.post(f"/assessments/{number}/prepare/", {"deed": "prepare", "version": "1"})
    assert answer.status_code == 302, answer.content.decode()
    return number, root_on(signed_in("owner").get(f"/assessments/{number}/").content.decode())


def root_on(page: str) -> str:
    found = re.search(r'name="root" value="([0-9a-f]{64})"', page)
    return found[1] if found else ""


def test_suggestions_are_added_by_one_act_without_any_rating(
    signed_in: SignedIn, cast: dict[str, Account], acts: Acts
) -> None:
    from assay_web.records.risks import Risk

    lead = signed_in("lead")
    page = lead.get("/risks/suggestions/").content.decode()
    assert "A data store is open to the internet by mistake" in page
    acts()
    assert lead.post("/risks/suggestions/", {"risk": ["public-store", "key-person"]}).status_code == 302
    (act,) = acts()
    assert act[0] == "risks.imported"
    assert act[1] == f"account:{cast['lead'].pk}"
    assert act[2]["rows"] == 2
    risks = {one.origin: one for one in Risk.objects.all()}
    assert set(risks) == {"public-store", "key-person"}
    assert {(one.inherent, one.residual, one.treatment, one.accepted) for one in risks.values()} == {
        (None, None, "", None)
    }
    page = lead.get("/risks/suggestions/").content.decode()
    assert "A data store is open to the internet by mistake" not in page
    assert (
        "Choose at least one."
        in lead.post("/risks/suggestions/", {"risk": ["public-store"]}).content.decode()
    )


def test_a_risk_shows_its_levels_and_that_its_treatment_rests_on_what_is_not_in_place(
    signed_in: SignedIn, whole_risk: dict[str, str]
) -> None:
    number = added(signed_in, "lead", whole_risk)
    page = signed_in("reader").get(f"/risks/{number}/").content.decode()
    assert "Left after treatment: 6 of 25, moderate." in page
    assert "16 critical" in page
    assert re.search(r"It rests on 2 controls: .*IAM-13", page)
    listed = signed_in("reader").get("/risks/").content.decode()
    assert "the treatment of 1 rests on a control that is not in place or unknown" in listed
    assert (
        'href="/risks/map/?of=after&amp;cell=2-3" aria-label="1 risk of likelihood 2 and impact 3, moderate"'
        in listed
    )
    cell = signed_in("reader").get("/risks/map/?of=after&cell=2-3").content.decode()
    assert f'href="/risks/{number}/"' in cell
    before = signed_in("reader").get("/risks/map/?of=before&cell=2-3").content.decode()
    assert f'href="/risks/{number}/"' not in before
    assert "of=before&amp;cell=4-4" in before


def test_a_rating_outside_the_scale_and_a_commitment_that_is_none_are_refused(
    signed_in: SignedIn, whole_risk: dict[str, str], acts: Acts
) -> None:
    acts()
    page = (
        signed_in("lead")
        .post("/risks/add/", {**whole_risk, "likelihood": "6", "commitments": "C-9"})
        .content.decode()
    )
    assert "Select a valid choice. 6 is not one of the available choices." in page
    assert "There is no commitment “C-9”." in page
    assert acts() == []


def test_who_wrote_a_risk_cannot_accept_it_where_another_can_and_a_new_rating_ends_the_acceptance(
    signed_in: SignedIn, cast: dict[str, Account], whole_risk: dict[str, str], acts: Acts
) -> None:
    from assay_web.records.risks import Risk

    taken = {**whole_risk, "treatment": "accept", "residual_likelihood": "3", "residual_impact": "4"}
    number = added(signed_in, "owner", taken)
    acts()
    refused = (
        signed_in("owner")
        .post(f"/risks/{number}/accept/", {"version": "1", "text": "Cheap."})
        .content.decode()
    )
    assert "Another person has to approve it: Dora Example can." in refused
    assert acts() == []
    assert (
        signed_in("adviser").post(f"/risks/{number}/accept/", {"version": "1", "text": "Cheap."}).status_code
        == 302
    )
    ((name, by, details),) = acts()
    risk = Risk.objects.get(pk=number)
    assert (name, by) == ("risk.accepted", f"account:{cast['adviser'].pk}")
    assert details == {
        "risk": f"R-{number}",
        "version": 2,
        "rating": [3, 4],
        "until": str(risk.accepted_until),
        "why": "Cheap.",
        "asked_by": f"account:{cast['owner'].pk}",
    }
    assert risk.accepted_until is not None
    from django.utils import timezone

    assert (risk.accepted_until - timezone.localdate()).days == 90  # high: as an exception to policy
    signed_in("lead").post(f"/risks/{number}/change/", {**taken, "residual_impact": "5", "version": "2"})
    page = signed_in("reader").get(f"/risks/{number}/").content.decode()
    assert "that acceptance no longer holds" in page


def test_a_critical_risk_is_accepted_by_nobody(
    signed_in: SignedIn, whole_risk: dict[str, str], acts: Acts
) -> None:
    taken = {**whole_risk, "treatment": "accept", "residual_likelihood": "4", "residual_impact": "4"}
    number = added(signed_in, "lead", taken)
    acts()
    page = (
        signed_in("owner")
        .post(f"/risks/{number}/accept/", {"version": "1", "text": "We must."})
        .content.decode()
    )
    assert "critical, which nobody may accept" in page
    assert acts() == []


def test_an_assessment_that_lacks_something_is_not_sent_for_approval_and_says_what(
    signed_in: SignedIn, whole_risk: dict[str, str], acts: Acts
) -> None:
    from assay_web.records.risks import Assessment

    lead = signed_in("lead")
    added(signed_in, "lead", {**whole_risk, "owner": "", "residual_impact": ""})
    lead.post("/assessments/add/", {**ASSESSMENT, "fraud": ""})
    number = Assessment.objects.get().pk
    acts()
    page = lead.post(f"/assessments/{number}/prepare/", {"deed": "prepare", "version": "1"}).content.decode()
    assert (
        "This is not ready: the question on fraud has no answer; R-1 has no owner; R-1 is not rated after its treatment."
        in page
    )
    assert acts() == []


def test_who_prepared_it_cannot_approve_it_where_another_can(
    signed_in: SignedIn, whole_risk: dict[str, str], acts: Acts
) -> None:
    added(signed_in, "lead", whole_risk)
    number, _ = prepared(signed_in, "owner")
    from assay_web.queries.risks import register_as_it_stands, root_of

    acts()
    given = {"deed": "approve", "version": "2", "root": root_of(register_as_it_stands()), "text": ""}
    page = signed_in("owner").post(f"/assessments/{number}/decide/", given).content.decode()
    assert "Another person has to approve it: Dora Example can." in page
    assert acts() == []


def test_who_is_alone_approves_with_what_makes_up_for_it_and_the_act_says_so(
    signed_in: SignedIn, cast: dict[str, Account], whole_risk: dict[str, str], acts: Acts
) -> None:
    from assay_web.records.accounts import Account, State
    from assay_web.records.risks import Assessment

    Account.objects.filter(role="adviser").update(state=State.DISABLED)
    added(signed_in, "owner", whole_risk)
    number, root = prepared(signed_in, "owner")
    acts()
    given = {"deed": "approve", "version": "2", "root": root, "text": ""}
    page = signed_in("owner").post(f"/assessments/{number}/decide/", given).content.decode()
    assert "Say what makes up for it" in page
    signed_in("owner").post(f"/assessments/{number}/decide/", {**given, "text": "The board looks at it."})
    ((name, _, details),) = acts()
    assert (name, details["lack_of_segregation"], details["compensating"]) == (
        "assessment.approved",
        True,
        "The board looks at it.",
    )
    assert Assessment.objects.get().alone
    assert (
        "duties were not segregated" in signed_in("auditor").get(f"/assessments/{number}/").content.decode()
    )


def test_approval_freezes_the_lines_and_its_act_holds_their_root(
    signed_in: SignedIn, cast: dict[str, Account], whole_risk: dict[str, str], acts: Acts
) -> None:
    number_of_risk = added(signed_in, "lead", whole_risk)
    number, root = prepared(signed_in, "lead")
    acts()
    given = {"deed": "approve", "version": "2", "root": root, "text": "Seen with the board."}
    assert signed_in("owner").post(f"/assessments/{number}/decide/", given).status_code == 302
    line = {  # by hand: what the approval freezes of R-1
        "id": "R-1",
        "version": 1,
        "what": "A key in code is found",
        "cause": "Keys are pasted into code.",
        "hits": "The cloud account",
        "category": "security",
        "owner": f"account:{cast['engineer'].pk}",
        "likelihood": 4,
        "impact": 4,
        "rating": 16,
        "level": "critical",
        "treatment": "mitigate",
        "plan": "Every repository is scanned.",
        "due": "2027-03-31",
        "controls": ["IAM-13", "GOV-03"],
        "residual_likelihood": 2,
        "residual_impact": 3,
        "residual_rating": 6,
        "residual_level": "moderate",
        "commitments": [],
        "accepted_until": None,
    }
    assert number_of_risk == 1
    assert acts() == [
        (
            "assessment.approved",
            f"account:{cast['owner'].pk}",
            {
                "assessment": f"RA-{number}",
                "version": 3,
                "root": root_of_data([encode(line)]).hex(),
                "rows": 1,
                "prepared_by": f"account:{cast['lead'].pk}",
                "text": "Seen with the board.",
            },
        )
    ]
    lead = signed_in("lead")
    lead.post("/risks/1/change/", {**whole_risk, "what": "Something else", "version": "1"})
    page = lead.get(f"/assessments/{number}/").content.decode()
    assert "A key in code is found" in page
    assert "Something else" not in page
    rows = list(
        csv.DictReader(io.StringIO(lead.get(f"/assessments/{number}/lines/csv/").content.decode("utf-8-sig")))
    )
    assert [(one["what"], one["rating"], one["residual_level"], one["owner"]) for one in rows] == [
        ("A key in code is found", "16", "moderate", "Ben Example")
    ]
    acts()
    changed = lead.post(f"/assessments/{number}/change/", {**ASSESSMENT, "fraud": "None.", "version": "3"})
    assert "was changed since you opened it" in changed.content.decode()
    again = signed_in("owner").post(f"/assessments/{number}/decide/", given).content.decode()
    assert "was changed since you opened it" in again
    assert acts() == []


def test_what_changed_between_looking_and_approving_is_not_approved(
    signed_in: SignedIn, whole_risk: dict[str, str], acts: Acts
) -> None:
    added(signed_in, "lead", whole_risk)
    number, root = prepared(signed_in, "lead")
    signed_in("lead").post("/risks/1/change/", {**whole_risk, "residual_likelihood": "1", "version": "1"})
    acts()
    given = {"deed": "approve", "version": "2", "root": root, "text": ""}
    page = signed_in("owner").post(f"/assessments/{number}/decide/", given).content.decode()
    assert "A risk changed since you opened this page." in page
    assert acts() == []
    back = {"deed": "back", "version": "2", "text": "Look at R-1 again."}
    assert signed_in("owner").post(f"/assessments/{number}/decide/", back).status_code == 302
    assert [name for name, *_ in acts()] == ["assessment.sent_back"]


def test_the_approved_assessment_enters_once_as_evidence_with_its_period(
    signed_in: SignedIn, whole_risk: dict[str, str]
) -> None:
    from datetime import date

    from assay_web.queries.evidence import pieces

    added(signed_in, "lead", whole_risk)
    number, root = prepared(signed_in, "lead")
    lead = signed_in("lead")
    early = lead.post(f"/assessments/{number}/prepare/", {"deed": "enter"}).content.decode()
    assert "Only an approved assessment enters as evidence" in early
    signed_in("owner").post(
        f"/assessments/{number}/decide/", {"deed": "approve", "version": "2", "root": root}
    )
    assert lead.post(f"/assessments/{number}/prepare/", {"deed": "enter"}).status_code == 302
    (one,) = pieces("RSK-01")
    assert one.evidence.covers is not None
    assert (one.evidence.covers.start, one.evidence.covers.end) == (date(2026, 1, 1), date(2026, 11, 20))
    assert one.evidence.note == f"Root over its lines: {root}."
    assert "only once" in lead.post(f"/assessments/{number}/prepare/", {"deed": "enter"}).content.decode()
    assert len(pieces("RSK-01")) == 1
    from django.utils import timezone

    year = timezone.localdate().year + 1
    assert f"{year}" in lead.get("/assessments/").content.decode().partition("approved by")[2][:40]
