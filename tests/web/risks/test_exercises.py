"""Exercises beside the objectives they were to meet, entered once as evidence, and when the next is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assay_web.records.accounts import Account
    from tests.web.risks.conftest import SignedIn

Acts = Callable[[], list[tuple[str, str, dict[str, Any]]]]
SYSTEM = {
    "system": "Billing database",
    "tier": "1",
    "rto_hours": "4",
    "rpo_hours": "0.25",
    "dependencies": "",
    "owner": "",
    "note": "",
}
RESTORE = {
    "kind": "restore",
    "title": "Restore of billing",
    "held": "2026-03-01",
    "scenario": "The database is gone.",
    "people": "2",
    "roles": "two engineers",
    "expected": "Back within the objective.",
    "happened": "Back, with the last half hour lost.",
    "outcome": "partly",
    "lessons": "Back up more often.",
    "recovered_hours": "3",
    "lost_hours": "0.5",
}


def recorded(signed_in: SignedIn, **more: str) -> int:
    from assay_web.records.incidents import Exercise

    answer = signed_in("engineer").post("/exercises/add/", {**RESTORE, **more})
    assert answer.status_code == 302, answer.content.decode()
    return Exercise.objects.latest("pk").pk


def system(signed_in: SignedIn) -> int:
    from assay_web.records.continuity import RecoveryObjective

    assert signed_in("engineer").post("/recovery/add/", SYSTEM).status_code == 302
    return RecoveryObjective.objects.get().pk


def test_what_an_exercise_measured_stands_beside_the_objectives(signed_in: SignedIn) -> None:
    one = system(signed_in)
    page = signed_in("reader").get("/recovery/").content.decode()
    assert "of 1 no exercise measured anything" in page
    number = recorded(signed_in, system=str(one))
    page = signed_in("reader").get(f"/exercises/{number}/").content.decode()
    assert "Back in 3 h of 4 h" in page
    assert '<span class="late">Lost data of 0.5 h of 0.25 h: 0.25 h over</span>' in page
    page = signed_in("reader").get("/recovery/").content.decode()
    assert "1 missed one at the last exercise" in page
    assert f'<a href="/exercises/{number}/">Back in 3 h of 4 h</a>' in page
    assert "Restore of billing" in signed_in("reader").get(f"/recovery/{one}/").content.decode()


def test_each_deed_is_one_act_that_names_nobody(
    signed_in: SignedIn, cast: dict[str, Account], acts: Acts
) -> None:
    acts()
    one = system(signed_in)
    number = recorded(signed_in, system=str(one))
    engineer = f"account:{cast['engineer'].pk}"
    found = acts()
    assert [(name, by) for name, by, _ in found] == [
        ("recoveryobjective.added", engineer),
        ("exercise.added", engineer),
    ]
    says = found[1][2]["says"]
    assert (says["people"], says["system"], says["recovered_hours"]) == (2, "S-1", "3.00")
    same = {**RESTORE, "system": str(one), "version": "1"}
    assert signed_in("engineer").post(f"/exercises/{number}/change/", same).status_code == 302
    assert acts() == []


def test_the_next_is_due_so_many_days_after_the_last_and_now_where_there_was_none(
    signed_in: SignedIn,
) -> None:
    recorded(signed_in)
    page = signed_in("reader").get("/exercises/").content.decode()
    assert "1 Mar 2027" in page
    assert "no tabletop, no failover yet" in page


def test_an_exercise_enters_once_as_evidence_observed_on_its_day(signed_in: SignedIn, acts: Acts) -> None:
    from django.utils import timezone

    from assay_web.queries.evidence import pieces

    number = recorded(signed_in, system=str(system(signed_in)))
    engineer = signed_in("engineer")
    assert engineer.post(f"/exercises/{number}/enter/").status_code == 302
    (piece,) = pieces("AVL-03")
    assert timezone.localdate(piece.evidence.observed) == date(2026, 3, 1)
    assert piece.evidence.note == "Back in 3 h of 4 h. Lost data of 0.5 h of 0.25 h: 0.25 h over."
    assert "only once" in engineer.post(f"/exercises/{number}/enter/").content.decode()
    assert len(pieces("AVL-03")) == 1


def test_an_exercise_of_a_day_that_has_not_come_is_refused(signed_in: SignedIn, acts: Acts) -> None:
    acts()
    page = signed_in("engineer").post("/exercises/add/", {**RESTORE, "held": "2999-01-01"}).content.decode()
    assert "This day has not come yet." in page
    assert acts() == []
