"""A company of one or two: an adviser from outside approves; only where there is nobody else the one who asked may, and it is never hidden."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.acceptances import Acceptance
    from assay_web.records.accounts import Account

Acts = Callable[[], list[dict[str, Any]]]
SignIn = Callable[[str], "Client"]


def _asked(client: Client) -> Acceptance:
    from django.utils import timezone

    from assay_web.records.acceptances import Acceptance

    until = (timezone.localdate() + timedelta(days=20)).isoformat()
    given = {"from": "control:GOV-01", "reason": "Small.", "instead": "We talk daily.", "until": until}
    assert client.post("/acceptances/new/", given).status_code == 302
    return Acceptance.objects.get()


def test_an_adviser_approves_what_an_owner_asked_for_and_changes_nothing_else(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts
) -> None:
    asked = _asked(signed_in("owner"))
    adviser = signed_in("adviser")
    duties = adviser.get("/own/").content.decode()
    assert "Decide whether a risk is accepted" in duties
    own = signed_in("owner").post(f"/acceptances/{asked.pk}/decide/", {"deed": "approve", "text": "Fine."})
    assert "Another person has to approve it: Dora Example can" in own.content.decode()
    adviser.post(f"/acceptances/{asked.pk}/decide/", {"deed": "approve"})
    said = acts()[-1]
    assert (said["act"], said["by"]) == ("acceptance.approved", cast["adviser"].actor)
    assert "lack_of_segregation" not in said["details"]
    assert (
        "No approval was given by the one who asked for it"
        in adviser.get("/people/segregation/").content.decode()
    )
    refused = ("/acceptances/new/", "/tasks/new/", "/people/", "/accounts/", "/sources/aws/", "/activity/")
    assert [adviser.get(one).status_code for one in refused] == [403] * len(refused)


def test_an_approval_of_ones_own_is_shown_with_what_makes_up_for_it(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts
) -> None:
    from assay_web.services.accounts import disable

    disable(by=cast["owner"], account=cast["adviser"])
    owner = signed_in("owner")
    asked = _asked(owner)
    assert (
        "Nobody else can approve this"
        in owner.post(f"/acceptances/{asked.pk}/decide/", {"deed": "approve"}).content.decode()
    )
    makes_up = "My accountant looks at it each quarter."
    owner.post(f"/acceptances/{asked.pk}/decide/", {"deed": "approve", "text": makes_up})
    details = acts()[-1]["details"]
    assert (details["lack_of_segregation"], details["compensating"]) == (True, makes_up)
    for role in ("owner", "reader", "auditor"):
        page = signed_in(role).get("/people/segregation/").content.decode()
        assert ("1 approval was given by the one who asked" in page, makes_up in page) == (True, True)
    assert makes_up in signed_in("auditor").get("/people/segregation/?export=csv").content.decode()


def test_risks_and_assessments_that_were_approved_alone_stand_there_too(
    cast: dict[str, Account], signed_in: SignIn
) -> None:
    from django.utils import timezone

    from assay_web.records.risks import Assessment, Risk

    now, owner = timezone.now(), cast["owner"]
    Risk.objects.create(
        what="The office floods", category="security", accepted=now, accepted_by=owner, accepted_alone=True
    )
    Assessment.objects.create(
        title="Risks of 2026", first=now.date(), last=now.date(), state="approved", ended=now,
        why_ended="Approved.", approved_by=owner, prepared_by=owner, alone=True, makes_up="The board reads it.", root="0" * 64,
    )  # fmt: skip
    page = signed_in("reader").get("/people/segregation/").content.decode()
    for words in ("2 approvals were given", "The office floods", "Risks of 2026", "The board reads it."):
        assert words in page
