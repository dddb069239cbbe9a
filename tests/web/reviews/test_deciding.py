"""Deciding: reasons where they are needed, nobody their own, delegation, and one winner of two."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.reviews.lists import decide_all, lines_of, plan

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.accounts import Account
    from assay_web.records.reviews import Review

    Acts = Callable[[], list[dict[str, Any]]]


def _reviewers(review: Review) -> dict[int, str]:
    return dict(review.lines.order_by("number").values_list("number", "reviewer__name"))


def test_a_reviewers_own_access_goes_to_the_second_reviewer(home: Path, cast: dict[str, Account]) -> None:
    from assay_web.services.reviews import start

    made = start(plan(cast["lead"], second=cast["reader"]), by=cast["lead"])
    assert _reviewers(made) == {
        1: "Rosa Example",
        2: "Ada Example",
        3: "Ada Example",
        4: "Ada Example",
    }


def test_the_manager_reviews_where_asked_for_and_the_systems_reviewer_otherwise(
    home: Path, cast: dict[str, Account]
) -> None:
    from assay_web.services.reviews import start

    made = start(plan(cast["reader"], by_manager=True), by=cast["lead"])
    assert _reviewers(made) == {
        1: "Olga Example",
        2: "Ada Example",
        3: "Rosa Example",
        4: "Ada Example",
    }


def test_what_is_privileged_nobodys_or_unused_is_kept_for_a_reason_alone(
    review: Review, cast: dict[str, Account], acts: Acts
) -> None:
    from assay_web.services.review_lines import Verdict, decide
    from assay_web.services.reviews import ReviewError

    flags = review.lines.order_by("number").values_list("privileged", "unmatched", "dormant")
    assert list(flags) == [
        (False, False, False),
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
    decide(review, lines_of(review, 1), Verdict("keep"), by=cast["owner"])
    for number in (2, 3, 4):
        with pytest.raises(ReviewError, match="keeping that needs a reason"):
            decide(review, lines_of(review, number), Verdict("keep"), by=cast["owner"])
    for decision in ("change", "remove"):
        with pytest.raises(ReviewError, match="Say why"):
            decide(review, lines_of(review, 1), Verdict(decision), by=cast["owner"])
    decide(review, lines_of(review, 2, 3, 4), Verdict("keep", "Needed."), by=cast["owner"])
    said = [one["details"] for one in acts() if one["act"] == "review.decided"]
    assert said == [
        {"decision": "keep", "lines": [1], "reason": "", "review": review.pk},
        {"decision": "keep", "lines": [2, 3, 4], "reason": "Needed.", "review": review.pk},
    ]


def test_nobody_decides_lines_of_others_or_gives_away_their_own_access(
    home: Path, review: Review, cast: dict[str, Account]
) -> None:
    from assay_web.services.review_lines import Verdict, decide, delegate
    from assay_web.services.reviews import ReviewError

    with pytest.raises(ReviewError, match="not yours to decide"):
        decide(review, lines_of(review, 1), Verdict("keep"), by=cast["lead"])
    with pytest.raises(ReviewError, match="Nobody reviews their own access: line 1 is that of Ada Example"):
        delegate(review, lines_of(review, 1, 2), cast["lead"], by=cast["owner"], why="", any_line=True)
    with pytest.raises(ReviewError, match="not yours to give away"):
        delegate(review, lines_of(review, 2), cast["reader"], by=cast["engineer"], why="", any_line=False)
    with pytest.raises(ReviewError, match="cannot review lines now"):
        delegate(review, lines_of(review, 2), cast["auditor"], by=cast["owner"], why="", any_line=True)
    delegate(
        review, lines_of(review, 2), cast["lead"], by=cast["owner"], why="She knows him.", any_line=False
    )
    assert _reviewers(review)[2] == "Ada Example"
    decide(review, lines_of(review, 2), Verdict("keep", "Needed."), by=cast["lead"])
    with pytest.raises(ReviewError, match="decided already"):
        delegate(review, lines_of(review, 2), cast["owner"], by=cast["lead"], why="", any_line=True)


def test_in_a_company_of_one_ones_own_access_is_reviewed_and_never_hidden(
    home: Path, cast: dict[str, Account], acts: Acts
) -> None:
    from assay_web.records.accounts import Account, State
    from assay_web.services.review_lines import Verdict, decide
    from assay_web.services.reviews import ReviewError, start

    Account.objects.exclude(pk=cast["lead"].pk).update(state=State.DISABLED)
    with pytest.raises(ReviewError, match="1 line is the reviewer’s own"):
        start(plan(cast["lead"]), by=cast["lead"])
    made = start(plan(cast["lead"], instead="An adviser looks each quarter."), by=cast["lead"])
    started = next(one for one in acts() if one["act"] == "review.started")["details"]
    assert (started["alone"], started["instead"]) == (1, "An adviser looks each quarter.")
    with pytest.raises(ReviewError, match="duties were not segregated"):
        decide(made, lines_of(made, 1), Verdict("keep", "Mine."), by=cast["lead"])
    with pytest.raises(ReviewError, match="apart from that of others"):
        decide(made, lines_of(made, 1, 2), Verdict("keep", "All.", "Adviser."), by=cast["lead"])
    decide(made, lines_of(made, 1), Verdict("keep", "Mine.", "The adviser looked."), by=cast["lead"])
    line = made.lines.get(number=1)
    assert (line.alone, line.instead) == (True, "The adviser looked.")
    assert acts()[-1]["details"]["lack_of_segregation"] is True
    Account.objects.filter(pk=cast["owner"].pk).update(state=State.ACTIVE)
    with pytest.raises(ReviewError, match="give line 1 to another reviewer; there is one"):
        decide(made, lines_of(made, 1), Verdict("keep", "Mine.", "Again."), by=cast["lead"])


def test_a_decision_that_is_changed_stays_in_the_history(review: Review, cast: dict[str, Account]) -> None:
    from assay_web.queries.reviews import history
    from assay_web.services.review_lines import Verdict, decide

    decide(review, lines_of(review, 2), Verdict("remove", "He left the team."), by=cast["owner"])
    decide(review, lines_of(review, 2), Verdict("keep", "He came back."), by=cast["owner"])
    line = review.lines.get(number=2)
    assert (line.decision, line.removal) == ("keep", "")
    assert [(one["decision"], one["said"], one["by"]) for one in history(line.events.all())] == [
        ("Remove", "He left the team.", "Olga Example"),
        ("Keep", "He came back.", "Olga Example"),
    ]


def test_of_two_who_decide_what_they_read_one_is_heard(review: Review, cast: dict[str, Account]) -> None:
    from assay_web.services.review_lines import Verdict, decide
    from assay_web.services.reviews import ReviewMovedError

    read = lines_of(review, 1, 2)
    decide(review, {2: read[2]}, Verdict("keep", "Needed."), by=cast["owner"])
    with pytest.raises(ReviewMovedError, match=r"1 line changed since you opened the list \(line 2\)"):
        decide(review, read, Verdict("remove", "Not needed."), by=cast["owner"])
    assert dict(review.lines.filter(number__in=[1, 2]).values_list("number", "decision")) == {
        1: "",
        2: "keep",
    }


def test_a_worker_who_reviews_sees_their_own_lines_and_nothing_else(
    home: Path, cast: dict[str, Account], signed_in: Callable[[str], Client]
) -> None:
    from assay_web.services.review_lines import delegate
    from assay_web.services.reviews import start

    made = start(plan(cast["owner"], name="Canary of the name"), by=cast["lead"])
    worker = signed_in("worker")
    there = f"/reviews/{made.pk}"
    assert worker.get(f"{there}/mine/").status_code == 404
    delegate(made, lines_of(made, 2), cast["worker"], by=cast["lead"], why="", any_line=True)
    page = worker.get(f"{there}/mine/").content.decode()
    assert ("ben@northwind.example" in page, "calendar-sync" in page, "ada@northwind" in page) == (
        True,
        False,
        False,
    )
    answers = {
        address: worker.get(address).status_code
        for address in (
            "/reviews/",
            f"{there}/",
            f"{there}/record/",
            f"{there}/sign/",
            f"{there}/lines/1/",
            f"{there}/lines/2/",
            "/reviews/mine/",
        )
    }
    assert answers == {
        "/reviews/": 403,
        f"{there}/": 403,
        f"{there}/record/": 403,
        f"{there}/sign/": 403,
        f"{there}/lines/1/": 404,
        f"{there}/lines/2/": 200,
        "/reviews/mine/": 302,
    }
    foreign = worker.post(f"{there}/decide/", {"line": "1:1", "decision": "keep"})
    assert (foreign.status_code, made.lines.get(number=1).decision) == (404, "")
    own = worker.post(f"{there}/decide/", {"line": "2:2", "decision": "remove", "reason": "Not needed."})
    assert (own.status_code, made.lines.get(number=2).decision) == (302, "remove")


def test_many_lines_are_decided_by_one_form_and_what_was_typed_stays(
    review: Review, cast: dict[str, Account], signed_in: Callable[[str], Client]
) -> None:
    owner = signed_in("owner")
    shown = [f"{number}:{version}" for number, version in lines_of(review).items()]
    there = f"/reviews/{review.pk}/decide/"
    refused = owner.post(there, {"shown": shown, "all": "on", "decision": "keep", "show": "open"})
    assert "keeping that needs a reason" in refused.content.decode()
    typed = owner.post(
        there, {"line": shown[:1], "decision": "remove", "reason": "", "instead": "x", "show": "open"}
    )
    assert 'value="1:1" aria-label="Choose line 1: ada, sales" checked' in typed.content.decode()
    done = owner.post(there, {"shown": shown, "all": "on", "decision": "keep", "reason": "Asked the team."})
    assert done.headers["Location"] == f"/reviews/{review.pk}/mine/?done=4"
    assert set(review.lines.values_list("decision", flat=True)) == {"keep"}


def test_who_still_has_lines_can_be_asked_for(review: Review, cast: dict[str, Account]) -> None:
    from django.utils import timezone

    from assay_web.queries.reviews import waiting_on, whom_to_remind

    assert [(one.review.pk, one.lines) for one in waiting_on(cast["owner"])] == [(review.pk, 4)]
    assert waiting_on(cast["lead"]) == []
    assert [(who.pk, one.lines) for who, one in whom_to_remind(timezone.localdate())] == [
        (cast["owner"].pk, 4)
    ]
    decide_all(review, cast["owner"])
    assert (waiting_on(cast["owner"]), whom_to_remind(timezone.localdate())) == ([], [])
