"""A removal counts when a later, complete look shows it: never by a word, never by a gap."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.web.reviews.lists import (
    ADA,
    BEN,
    BEN_DISABLED,
    BEN_SALES,
    GONE,
    ROBOT,
    WILL,
    an_hour_ago,
    decide_all,
    lines_of,
    look,
    look_without_seeing,
)

if TYPE_CHECKING:
    from assay_web.records.accounts import Account
    from assay_web.records.reviews import Review

    Acts = Callable[[], list[dict[str, Any]]]


def _removal(review: Review, number: int) -> tuple[str, int | None]:
    line = review.lines.get(number=number)
    return line.removal, line.removal_entry


def test_a_removal_counts_only_when_a_later_collection_shows_it(
    home: Path, review: Review, cast: dict[str, Account], acts: Acts
) -> None:
    from assay_web.records.tasks import Task
    from assay_web.services.review_removals import settle_reviews
    from assay_web.services.tasks import say_done

    decide_all(review, cast["owner"], remove=[2])
    task = Task.objects.get()
    assert (task.owner, task.source, task.state) == (cast["engineer"], "review", "open")
    say_done(task, version=task.version, by=cast["engineer"])
    assert settle_reviews() == 0
    assert _removal(review, 2) == ("asked", None)

    there = look(home, ADA, BEN, GONE, ROBOT, WILL)
    settle_reviews()
    task.refresh_from_db()
    assert (_removal(review, 2), task.state) == (("still", there), "open")

    gone = look(home, ADA, GONE, ROBOT, WILL)
    assert settle_reviews() == 1
    task.refresh_from_db()
    assert (_removal(review, 2), task.state) == (("shown", gone), "done")
    shown = next(one for one in acts() if one["act"] == "review.removal_shown")
    assert (shown["by"], shown["details"]) == (
        "assay",
        {"collection": gone, "lines": [2], "review": review.pk},
    )
    size = len(acts())
    assert (settle_reviews(), len(acts())) == (0, size)


def test_a_look_from_before_the_decision_shows_nothing(
    home: Path, review: Review, cast: dict[str, Account]
) -> None:
    from assay_web.services.review_removals import settle_reviews

    look(home, ADA, GONE, ROBOT, WILL)
    decide_all(review, cast["owner"], remove=[2])
    settle_reviews()
    assert _removal(review, 2) == ("asked", None)


def test_an_export_from_before_the_decision_shows_nothing_however_late_it_is_read(
    home: Path, review: Review, cast: dict[str, Account]
) -> None:
    from assay_web.services.review_lines import Verdict, decide
    from assay_web.services.review_removals import settle_reviews

    decide(review, lines_of(review, 2), Verdict("remove", "He left the team."), by=cast["owner"])
    look(home, ADA, GONE, ROBOT, WILL, hours=1)
    settle_reviews()
    assert _removal(review, 2) == ("asked", None)


def test_a_gap_never_proves_a_removal_and_takes_none_back(
    home: Path, review: Review, cast: dict[str, Account]
) -> None:
    from assay_web.services.review_removals import settle_reviews

    decide_all(review, cast["owner"], remove=[2])
    blind = look_without_seeing(home)
    settle_reviews()
    assert _removal(review, 2) == ("unseen", blind)
    gone = look(home, ADA, GONE, ROBOT, WILL)
    settle_reviews()
    look_without_seeing(home)
    settle_reviews()
    assert _removal(review, 2) == ("shown", gone)


def test_what_is_there_again_after_it_was_gone_is_said(
    home: Path, review: Review, cast: dict[str, Account]
) -> None:
    from assay_web.services.review_removals import settle_reviews

    decide_all(review, cast["owner"], remove=[2])
    look(home, ADA, GONE, ROBOT, WILL)
    back = look(home, ADA, BEN, GONE, ROBOT, WILL)
    settle_reviews()
    assert _removal(review, 2) == ("back", back)


def test_a_disabled_account_is_a_removal_shown(home: Path, review: Review, cast: dict[str, Account]) -> None:
    from assay_web.services.review_removals import settle_reviews

    decide_all(review, cast["owner"], remove=[2])
    look(home, ADA, BEN_DISABLED, GONE, ROBOT, WILL)
    settle_reviews()
    assert _removal(review, 2)[0] == "shown"


def test_a_change_is_shown_by_another_right_and_a_removal_is_not(
    home: Path, review: Review, cast: dict[str, Account]
) -> None:
    from assay_web.services.review_lines import Verdict, decide
    from assay_web.services.review_removals import settle_reviews

    decide(review, lines_of(review, 2), Verdict("change", "Sales is enough."), by=cast["owner"])
    an_hour_ago(review)
    look(home, ADA, BEN, GONE, ROBOT, WILL)
    settle_reviews()
    assert _removal(review, 2)[0] == "still"
    look(home, ADA, BEN_SALES, GONE, ROBOT, WILL)
    settle_reviews()
    assert _removal(review, 2)[0] == "shown"
    decide(review, lines_of(review, 2), Verdict("remove", "Not even sales."), by=cast["owner"])
    an_hour_ago(review)
    look(home, ADA, BEN_SALES, GONE, ROBOT, WILL)
    settle_reviews()
    assert _removal(review, 2)[0] == "still"


def test_a_removal_later_than_the_parameter_is_said_to_be_late(
    home: Path, review: Review, cast: dict[str, Account]
) -> None:
    from datetime import timedelta

    from assay_web.queries.reviews import count_late
    from assay_web.services.review_removals import settle_reviews

    decide_all(review, cast["owner"], remove=[2])
    line = review.lines.get(number=2)
    assert line.decided is not None
    limit = line.decided + timedelta(days=7)
    assert (line.late_on(7, limit), line.late_on(7, limit + timedelta(seconds=1))) == (False, True)
    look(home, ADA, GONE, ROBOT, WILL)
    settle_reviews()
    line.refresh_from_db()
    assert (line.late_on(7, limit + timedelta(days=30)), count_late(review)) == (False, 0)
    assert line.removal_at is not None
    line.removal_at = limit + timedelta(days=1)
    assert line.late_on(7, line.removal_at)


def test_who_was_erased_leaves_the_decision_and_no_name(
    home: Path, review: Review, cast: dict[str, Account]
) -> None:
    from assay.home.erasure import erase
    from assay_web.home import current_home
    from assay_web.queries.review_lines import every_line
    from assay_web.services.review_removals import settle_reviews

    decide_all(review, cast["owner"], remove=[2])
    assert every_line(review.pk)[2].person == "ben@northwind.example"
    erase(current_home(), ["ben@northwind.example"], "ada", "asked for")
    assert (every_line(review.pk)[2].account, every_line(review.pk)[1].account) == ("erased", "ada")
    look(home, ADA, GONE, ROBOT, WILL)
    settle_reviews()
    assert _removal(review, 2) == ("asked", None)
