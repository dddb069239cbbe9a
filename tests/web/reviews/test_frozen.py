"""What a review was started on stays: the source may change, nobody can edit it, and its roots are computed again from the export by other code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.reviews.lists import ADA, ROBOT, decide_all, lines_of, look, look_without_seeing, plan

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.accounts import Account
    from assay_web.records.reviews import Review

    Acts = Callable[[], list[dict[str, Any]]]


def _tree(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, written down as it stands there."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + _tree(leaves[:half]) + _tree(leaves[half:])).digest()


def test_the_roots_are_computed_again_from_the_export(
    review: Review, cast: dict[str, Account], acts: Acts, signed_in: Callable[[str], Client]
) -> None:
    from assay_web.services.review_signing import sign

    decide_all(review, cast["owner"], remove=[2])
    sign(review, by=cast["lead"])
    rows = json.loads(signed_in("lead").get(f"/reviews/{review.pk}/?export=json").content)
    commitments = []
    for row in rows:
        said = b'{"key":"%d","record":%s}' % (row["line"], row["leaf"].encode())
        commitments.append(hashlib.sha256(b"\x00" + bytes.fromhex(row["salt"]) + said).digest())
        assert commitments[-1].hex() == row["commitment"]
    started = next(one for one in acts() if one["act"] == "review.started")["details"]
    signed = next(one for one in acts() if one["act"] == "review.signed")["details"]
    assert _tree(commitments).hex() == started["root"] == signed["root"]
    decisions = [row["decision leaf"].encode() for row in rows]
    assert _tree(decisions).hex() == signed["decisions_root"]
    assert [json.loads(one)["decision"] for one in decisions] == ["keep", "remove", "keep", "keep"]


def test_the_start_cites_the_populations_that_the_ledger_holds(review: Review, acts: Acts) -> None:
    from assay_web.home import current_home

    ledger = current_home().ledger
    started = next(one for one in acts() if one["act"] == "review.started")["details"]
    [system] = started["systems"]
    [cited] = system["populations"]
    body = ledger.body(ledger.entry(cited["entry"]))
    [population] = body["populations"]
    assert (cited["root"], cited["size"], system["lines"]) == (population["root"], 5, 4)
    assert "northwind.example" not in json.dumps(started)


def test_later_collections_change_nothing_in_a_frozen_review(home: Path, review: Review) -> None:
    from assay_web.queries.review_lines import opened

    before = [one.text for one in opened(review.lines.all())]
    look(home, ADA, ROBOT)
    assert [one.text for one in opened(review.lines.all())] == before
    assert review.lines.count() == 4


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("reviewline", "commitment = 'x'"),
        ("reviewline", 'body = \'{"record": "other"}\''),
        ("reviewline", "privileged = 0"),
        ("reviewline", "holder_id = null, number = 99"),
        ("review", "root = 'x'"),
        ("review", "name = 'x'"),
        ("reviewsystem", "reviewer_id = reviewer_id"),
        ("reviewevent", "said = 'x'"),
    ],
)
def test_the_database_refuses_to_change_what_is_frozen(review: Review, table: str, change: str) -> None:
    from django.db import IntegrityError, connection, transaction

    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        connection.cursor().execute(f"update records_{table} set {change}")
    with pytest.raises(IntegrityError, match="is kept"), transaction.atomic():
        connection.cursor().execute(f"delete from records_{table}")


def test_the_database_refuses_decisions_after_the_sign_off(
    home: Path, review: Review, cast: dict[str, Account]
) -> None:
    from django.db import IntegrityError, connection, transaction

    from assay_web.services.review_lines import Verdict, decide
    from assay_web.services.review_signing import sign
    from assay_web.services.reviews import ReviewError

    decide_all(review, cast["owner"])
    sign(review, by=cast["lead"])
    for change in ("decision = 'remove', reason = 'x'", "reason = 'x'", "alone = 1", "decided_entry = 1"):
        with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
            connection.cursor().execute(f"update records_reviewline set {change}")
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        connection.cursor().execute("update records_review set said = 'x'")
    with pytest.raises(ReviewError, match="was signed off by Ada Example"):
        decide(review, lines_of(review, 1), Verdict("keep"), by=cast["owner"])


def test_nothing_is_signed_off_twice_or_before_every_line_is_decided(
    home: Path, review: Review, cast: dict[str, Account], acts: Acts
) -> None:
    from assay_web.services.review_signing import sign
    from assay_web.services.reviews import ReviewError, call_off

    with pytest.raises(ReviewError, match="4 lines of 4 not decided yet"):
        sign(review, by=cast["lead"])
    decide_all(review, cast["owner"])
    sign(review, by=cast["lead"])
    with pytest.raises(ReviewError, match="was signed off by Ada Example"):
        sign(review, by=cast["owner"])
    with pytest.raises(ReviewError, match="was signed off by Ada Example"):
        call_off(review, by=cast["owner"], why="Late.")
    assert [one["act"] for one in acts()].count("review.signed") == 1


def test_of_two_who_sign_off_at_once_one_is_heard(
    home: Path, review: Review, cast: dict[str, Account], acts: Acts
) -> None:
    from threading import Barrier, Thread

    from django.db import connection

    from assay_web.services.review_signing import sign
    from assay_web.services.reviews import ReviewError

    decide_all(review, cast["owner"])
    ready, said = Barrier(2), []

    def go(who: str) -> None:
        ready.wait()
        try:
            sign(review, by=cast[who])
            said.append("signed")
        except ReviewError as error:
            said.append(str(error).split(" by ")[0])
        finally:
            connection.close()

    both = [Thread(target=go, args=(who,)) for who in ("lead", "owner")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(said) == ["This access review was signed off", "signed"]
    assert [one["act"] for one in acts()].count("review.signed") == 1


def test_what_was_not_seen_is_listed_as_not_reviewed(home: Path, cast: dict[str, Account]) -> None:
    from assay_web.services.reviews import start

    look_without_seeing(home)
    made = start(plan(cast["owner"]), by=cast["lead"])
    assert made.lines.count() == 4
    [said] = made.unseen
    assert "was not seen" in said


def test_a_start_is_refused_where_something_was_collected_since_the_preview(
    home: Path, cast: dict[str, Account]
) -> None:
    from assay_web.queries.review_population import last_collection
    from assay_web.services.reviews import ReviewMovedError, start

    seen = last_collection()
    look(home, ADA, ROBOT)
    with pytest.raises(ReviewMovedError, match="collected since"):
        start(plan(cast["owner"]), by=cast["lead"], upto=seen)
    assert start(plan(cast["owner"]), by=cast["lead"], upto=last_collection()).lines_frozen == 2
