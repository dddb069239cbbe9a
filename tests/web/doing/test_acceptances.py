"""Risk acceptances: one asks and another approves, no conclusion changes, of two who decide at once one is heard."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.doing.looks import CHECK

if TYPE_CHECKING:
    from datetime import date

    from django.test import Client

    from assay_web.records.acceptances import Acceptance
    from assay_web.records.accounts import Account

Acts = Callable[[], list[dict[str, Any]]]
SignIn = Callable[[str], "Client"]
WORDS = {"reason": "The laptop never leaves the office.", "instead": "The office is locked and watched."}


def _day(days: int) -> date:
    """Give the day so many days from today, in the company's zone as the pages say it."""
    from django.utils import timezone

    from assay_web.queries.standing import company_zone

    return timezone.localdate(timezone=company_zone()) + timedelta(days=days)


def _refs() -> list[str]:
    from assay_web.queries.checks import items
    from assay_web.queries.standing import standing
    from assay_web.queries.subjects import item_ref

    found = standing()
    assert found is not None
    return [item_ref(one) for one in items(found, CHECK, named=True) if one.conclusion == "DEVIATES"]


def _asked(client: Client, days: int = 20, about: str = f"check:{CHECK}") -> Acceptance:
    """Ask for the risk of one device, or of a control, up to a day; gives the newest acceptance."""
    from assay_web.records.acceptances import Acceptance

    item = {"item": _refs()[0]} if about.startswith("check:") else {}
    given = {"from": about, "until": _day(days).isoformat(), **WORDS, **item}
    answer = client.post("/acceptances/new/", given)
    assert answer.status_code == 302, answer.content.decode()
    return Acceptance.objects.order_by("-asked_entry")[0]


def _second_owner() -> Account:
    from assay_web.records.accounts import Role
    from assay_web.services.accounts import make_account

    return make_account(
        by="host", name="Odo Example", email="odo@northwind.example", role=Role.OWNER, needs_second_factor=False
    )  # fmt: skip


def test_one_asks_another_approves_and_each_is_one_act(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts
) -> None:
    asked = _asked(signed_in("lead"))
    signed_in("owner").post(
        f"/acceptances/{asked.pk}/decide/", {"deed": "approve", "text": "Until the move."}
    )
    signed_in("lead").post(f"/acceptances/{asked.pk}/end/", {"text": "The laptop was sold."})
    ada, olga = cast["lead"].actor, cast["owner"].actor
    assert [(one["act"], one["by"]) for one in acts()] == [
        ("acceptance.asked", ada),
        ("acceptance.approved", olga),
        ("acceptance.ended", ada),
    ]
    said = acts()[0]["details"]
    assert (said["items"], said["reason"], said["until"]) == (1, WORDS["reason"], _day(20).isoformat())
    assert acts()[1]["details"] == {"acceptance": asked.pk, "asked_by": ada, "text": "Until the move."}
    asked.refresh_from_db()
    assert asked.asked_entry < (asked.decided_entry or 0) < (asked.ended_entry or 0)


def test_an_acceptance_changes_no_conclusion_and_no_count(
    cast: dict[str, Account], signed_in: SignIn
) -> None:
    from assay_web.queries.standing import standing

    before = standing()
    asked = _asked(signed_in("lead"))
    owner = signed_in("owner")
    waiting = owner.get(f"/checks/{CHECK}/").content.decode()
    assert "accepted until" not in waiting
    assert "Asked to accept the risk" in waiting
    owner.post(f"/acceptances/{asked.pk}/decide/", {"deed": "approve"})
    after = standing()
    assert before is not None
    assert after is not None
    assert (after.entry, after.report) == (before.entry, before.report)
    page = owner.get(f"/checks/{CHECK}/").content.decode()
    assert "4 items deviate." in page
    assert page.count(">accepted until ") == 1
    assert "1 deviating item is" in page
    assert "1 accepted" in owner.get("/checks/").content.decode()
    home = owner.get("/").content.decode()
    assert f"ends on {asked.until.day} " in home
    assert "Accepted risks" in home


def test_a_control_reads_as_before_with_the_day_beside_it(
    cast: dict[str, Account], signed_in: SignIn
) -> None:
    asked = _asked(signed_in("lead"), 200, "control:GOV-01")
    owner = signed_in("owner")
    owner.post(f"/acceptances/{asked.pk}/decide/", {"deed": "approve"})
    page = owner.get("/controls/GOV-01/").content.decode()
    assert "accepted until" in page
    assert ">Missing</span>" in page
    assert "accepted until" in owner.get("/controls/?state=missing").content.decode()
    assert "Accepted risks</h2>" not in owner.get("/").content.decode()  # ends in more than 30 days


def test_what_has_run_out_is_open_again(cast: dict[str, Account], signed_in: SignIn) -> None:
    from assay_web.records.acceptances import Acceptance

    asked = _asked(signed_in("lead"))
    owner = signed_in("owner")
    owner.post(f"/acceptances/{asked.pk}/decide/", {"deed": "approve"})
    Acceptance.objects.filter(pk=asked.pk).update(until=_day(-1))
    page = owner.get(f"/checks/{CHECK}/").content.decode()
    assert ">accepted until " not in page
    assert "ran out: open again" in page
    assert "expired: open again" in owner.get("/acceptances/?state=expired").content.decode()
    assert "open again" in owner.get("/").content.decode()
    assert owner.post(f"/acceptances/{asked.pk}/end/", {"text": "x"}).status_code == 200


def test_its_last_day_is_a_part_of_it(cast: dict[str, Account]) -> None:
    from assay_web.queries.acceptances import standing_of
    from assay_web.records.acceptances import Acceptance, AcceptanceState

    one = Acceptance(state=AcceptanceState.APPROVED, until=_day(0))
    stands = {days: standing_of(one, _day(days)) for days in (-31, -30, 0, 1)}
    assert stands == {-31: "in force", -30: "ends soon", 0: "ends soon", 1: "expired"}


def test_who_asked_approves_only_where_nobody_else_can(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts
) -> None:
    from assay_web.services.accounts import disable

    owner = signed_in("owner")
    second = _second_owner()
    asked = _asked(owner)
    assert "another person decides" in owner.get(f"/acceptances/{asked.pk}/").content.decode()
    refused = owner.post(f"/acceptances/{asked.pk}/decide/", {"deed": "approve"})
    assert refused.status_code == 200
    assert "Another person has to approve it" in refused.content.decode()
    assert [one["act"] for one in acts()] == ["acceptance.asked"]
    for other in (second, cast["adviser"]):
        disable(by=cast["owner"], account=other)
    silent = owner.post(f"/acceptances/{asked.pk}/decide/", {"deed": "approve"})
    assert "Say what makes up for it" in silent.content.decode()
    makes_up = "The board looks at it in March."
    owner.post(f"/acceptances/{asked.pk}/decide/", {"deed": "approve", "text": makes_up})
    said = acts()[-1]["details"]
    assert (said["lack_of_segregation"], said["compensating"]) == (True, makes_up)
    assert makes_up in owner.get(f"/acceptances/{asked.pk}/").content.decode()
    assert "Duties were not segregated" in owner.get(f"/acceptances/{asked.pk}/").content.decode()
    assert "duties not segregated" in owner.get("/acceptances/").content.decode()


def test_of_two_who_decide_at_once_one_is_heard(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts
) -> None:
    asked = _asked(signed_in("lead"))
    second = _second_owner()
    heard = _at_once(
        lambda services: services.approve(asked, by=cast["owner"]),
        lambda services: services.refuse(asked, by=second, why="Not this one."),
    )
    assert sorted(one.partition(":")[0] for one in heard) == ["done", "told"]
    assert "This was decided before by" in next(one for one in heard if one.startswith("told"))
    decided = [one for one in acts() if one["act"] != "acceptance.asked"]
    asked.refresh_from_db()
    assert len(decided) == 1
    assert decided[0]["by"] == asked.decided_by.actor


def _at_once(*deeds: Callable[[Any], None]) -> list[str]:
    """Do things on connections of their own, all begun together; gives what each came to."""
    from django.db import connection

    from assay.errors import AssayError
    from assay_web.services import acceptances as services

    start, heard = threading.Barrier(len(deeds)), list[str]()

    def do(deed: Callable[[Any], None]) -> None:
        start.wait()
        try:
            deed(services)
            heard.append("done")
        except AssayError as error:
            heard.append(f"told: {error}")
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(deed,)) for deed in deeds]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return heard


def test_what_ran_out_while_it_waited_cannot_be_approved(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts
) -> None:
    from assay_web.records.acceptances import Acceptance

    asked = _asked(signed_in("lead"))
    Acceptance.objects.filter(pk=asked.pk).update(until=_day(-1))
    answer = signed_in("owner").post(f"/acceptances/{asked.pk}/decide/", {"deed": "approve"})
    assert answer.status_code == 200
    assert "can only be asked for anew" in answer.content.decode()
    assert [one["act"] for one in acts()] == ["acceptance.asked"]


@pytest.mark.parametrize("days", [0, 367])
def test_a_day_is_required_and_a_year_is_the_most(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts, days: int
) -> None:
    given = {"from": "control:GOV-01", **WORDS, "until": _day(days).isoformat()}
    answer = signed_in("lead").post("/acceptances/new/", given)
    assert answer.status_code == 200
    assert "a year at most" in answer.content.decode()
    assert acts() == []


def test_no_acceptance_covers_what_deviates_later(
    cast: dict[str, Account], signed_in: SignIn, acts: Acts
) -> None:
    given = {"from": f"check:{CHECK}", **WORDS, "until": _day(9).isoformat()}
    answer = signed_in("lead").post("/acceptances/new/", given)
    assert "Choose the items whose risk is accepted" in answer.content.decode()
    assert acts() == []


def test_ids_of_nothing_are_404(cast: dict[str, Account], signed_in: SignIn, acts: Acts) -> None:
    owner = signed_in("owner")
    asked = [
        owner.get("/acceptances/000000000000/"),
        owner.get("/acceptances/new/?from=gap:aws"),
        owner.get("/acceptances/new/?from=control:NO-99"),
        owner.get(f"/acceptances/new/?from=check:{CHECK}&item=00000000000000000000"),
        owner.post("/acceptances/000000000000/decide/", {"deed": "approve"}),
        owner.post("/acceptances/000000000000/end/", {"text": "x"}),
    ]
    assert [one.status_code for one in asked] == [404] * len(asked)
    assert acts() == []


def test_the_register_is_exported_and_names_nobody_s_device_to_the_auditor(
    cast: dict[str, Account], signed_in: SignIn
) -> None:
    _asked(signed_in("lead"))
    mine = signed_in("lead").get("/acceptances/?export=json").json()
    theirs = signed_in("auditor").get("/acceptances/?export=json").json()
    assert (mine[0]["stands"], mine[0]["asked by"]) == ("waiting", "Ada Example")
    assert mine[0]["items"][0].startswith("record ")
    assert theirs[0]["items"] == ["a person"]
