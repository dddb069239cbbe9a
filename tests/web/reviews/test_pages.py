"""The pages of access reviews: a preview that says what would be frozen, the record, exports, and evidence that moves readiness."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.web.reviews.lists import ADA, GONE, ROBOT, WILL, decide_all, look, plan

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.accounts import Account
    from assay_web.records.reviews import Review

    Acts = Callable[[], list[dict[str, Any]]]
    SignedIn = Callable[[str], Client]


def _given(cast: dict[str, Account], **more: str) -> dict[str, str]:
    from django.utils import timezone

    return {
        "due": (timezone.localdate() + timedelta(days=7)).isoformat(),
        "name": "Fourth quarter",
        "reviewer-account:account": cast["owner"].pk,
        "remover-account:account": cast["engineer"].pk,
        "system": "account:account",
        **more,
    }


def test_a_lead_sees_what_a_review_would_hold_and_then_starts_it(
    home: Path, cast: dict[str, Account], signed_in: SignedIn
) -> None:
    from assay_web.queries.review_population import last_collection
    from assay_web.records.reviews import Review

    lead = signed_in("lead")
    offered = lead.get("/reviews/new/").content.decode()
    assert "4 rights, 1 privileged, 1 nobody’s. 1 disabled account left out." in offered
    seen = lead.post("/reviews/new/", _given(cast, deed="preview")).content.decode()
    assert "4 rights in 1 system." in seen
    assert "Olga Example: 4 lines" in seen
    assert not Review.objects.exists()
    answer = lead.post("/reviews/new/", _given(cast, deed="start", upto=str(last_collection())))
    made = Review.objects.get()
    assert (answer.headers["Location"], made.lines.count()) == (f"/reviews/{made.pk}/", 4)


def test_a_start_on_an_older_list_shows_the_newer_one_first(
    home: Path, cast: dict[str, Account], signed_in: SignedIn
) -> None:
    from assay_web.queries.review_population import last_collection
    from assay_web.records.reviews import Review

    seen = last_collection()
    look(home, ADA, ROBOT)
    page = signed_in("lead").post("/reviews/new/", _given(cast, deed="start", upto=str(seen)))
    said = page.content.decode()
    assert ("Something was collected since this was shown" in said, "2 rights in 1 system." in said) == (
        True,
        True,
    )
    assert not Review.objects.exists()


def test_ids_of_people_and_systems_that_are_not_offered_are_not_there(
    home: Path, cast: dict[str, Account], signed_in: SignedIn
) -> None:
    lead = signed_in("lead")
    wrong = (
        {"system": "hr-person:hr_person"},
        {"reviewer-account:account": cast["auditor"].pk},
        {"remover-account:account": cast["reader"].pk},
        {"second": cast["auditor"].pk},
    )
    answers = [lead.post("/reviews/new/", _given(cast, deed="start", **one)).status_code for one in wrong]
    assert answers == [404] * len(wrong)


def test_signing_off_adds_evidence_and_readiness_moves(
    home: Path, review: Review, cast: dict[str, Account]
) -> None:
    from django.utils import timezone

    from assay.home.judging import basis_of, judge
    from assay.home.personal import personal
    from assay_web.home import current_home
    from assay_web.queries.evidence import piece
    from assay_web.queries.standing import standing
    from assay_web.services.review_signing import sign

    found = standing()
    assert found is not None
    before = found.controls["IAM-07"]["state"]
    decide_all(review, cast["owner"], remove=[2])
    sign(review, by=cast["lead"], said="All looked at.")
    review.refresh_from_db()
    [entry] = review.evidence
    evidence = piece(entry)
    assert evidence is not None
    said = evidence.evidence
    today = timezone.localdate()
    assert (said.control, said.how.method, said.how.count) == ("IAM-07", "record", 4)
    assert (said.covers and (said.covers.start, said.covers.end)) == (today, today)
    assert said.recurs is not None
    assert said.recurs.every_days == 90
    assert said.attachment is not None
    kept = json.loads(current_home().ledger.object(said.attachment.object))
    assert "northwind.example" not in json.dumps(kept)
    assert (kept["root"], len(kept["decisions"])) == (review.root, 4)
    served = current_home()
    with personal(served) as people:
        judge(served, basis_of(served, served.now()), people.sealer)
    after = standing()
    assert after is not None
    assert (before, after.controls["IAM-07"]["state"]) == ("unknown", "partly")


def test_the_export_holds_every_line_and_what_proves_its_removal(
    home: Path, review: Review, cast: dict[str, Account], signed_in: SignedIn
) -> None:
    from assay_web.services.review_removals import settle_reviews

    decide_all(review, cast["owner"], remove=[2])
    gone = look(home, ADA, GONE, ROBOT, WILL)
    settle_reviews()
    text = signed_in("lead").get(f"/reviews/{review.pk}/?export=csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [
        (
            one["line"],
            one["account"],
            one["person"],
            one["decision"],
            one["change"],
            one["seen in ledger entry"],
        )
        for one in rows
    ] == [
        ("1", "ada", "ada@northwind.example", "Keep", "", ""),
        ("2", "ben", "ben@northwind.example", "Remove", "Shown by a later look", str(gone)),
        ("3", "calendar-sync", "", "Keep", "", ""),
        ("4", "will", "will@northwind.example", "Keep", "", ""),
    ]
    only = signed_in("lead").get(f"/reviews/{review.pk}/?decision=remove&export=json").content
    assert [one["line"] for one in json.loads(only)] == [2]
    book = signed_in("lead").get(f"/reviews/{review.pk}/?export=xlsx").content
    assert book[:2] == b"PK"


def test_who_may_not_see_people_reads_the_record_without_them(
    home: Path, review: Review, cast: dict[str, Account], signed_in: SignedIn
) -> None:
    decide_all(review, cast["owner"], remove=[2])
    for role in ("auditor", "reader"):
        client = signed_in(role)
        for address in ("", "record/", "lines/2/", "?q=ben", "?export=csv", "?export=json"):
            text = client.get(f"/reviews/{review.pk}/{address}").content.decode()
            assert [one for one in ("ben@", "calendar-sync", "sales") if one in text] == []
    named = signed_in("engineer").get(f"/reviews/{review.pk}/record/").content.decode()
    assert ("ben@northwind.example" in named, "Looked at with the team." in named) == (True, True)


def test_the_record_says_how_the_list_was_made_and_what_was_in_force(
    home: Path, review: Review, cast: dict[str, Account], signed_in: SignedIn
) -> None:
    from assay_web.services.review_signing import sign

    decide_all(review, cast["owner"], remove=[2])
    sign(review, by=cast["lead"])
    review.refresh_from_db()
    page = signed_in("engineer").get(f"/reviews/{review.pk}/record/").content.decode()
    for said in (
        "Signed off by Ada Example",
        "4 rights: 3 kept, 0 to change, 1 to remove. 0 of 1 changes shown by a later collection",
        "5 records, seen",
        review.root,
        review.decisions_root,
        "<dt>Review every</dt><dd>90 days</dd>",
        "<dt>Changes made within</dt><dd>7 days of the decision; 0 late</dd>",
        f'<a href="/evidence/{review.evidence[0]}/">',
    ):
        assert said in page


def test_a_review_that_was_called_off_stays_and_counts_for_nothing(
    home: Path, review: Review, cast: dict[str, Account], signed_in: SignedIn, acts: Acts
) -> None:
    lead = signed_in("lead")
    there = f"/reviews/{review.pk}/change/"
    assert "Say why." in lead.post(there, {"deed": "end"}).content.decode()
    moved = lead.post(there, {"deed": "due", "due": "2031-01-02", "text": "The holidays."})
    review.refresh_from_db()
    assert (moved.status_code, review.due.isoformat()) == (302, "2031-01-02")
    lead.post(there, {"deed": "end", "text": "Wrong systems."})
    review.refresh_from_db()
    assert (review.state, acts()[-1]["act"]) == ("ended", "review.ended")
    queue = signed_in("owner").get(f"/reviews/{review.pk}/mine/").content.decode()
    assert ("This review is called off" in queue, "Have it removed" in queue) == (True, False)


def test_pages_ask_as_often_over_many_lines_as_over_few(
    home: Path, cast: dict[str, Account], signed_in: SignedIn
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from assay_web.services.reviews import start

    def asked(review: Review) -> dict[str, int]:
        counts = {}
        owner = signed_in("owner")
        for address in ("", "record/", "mine/", "sign/", "lines/1/"):
            owner.get(f"/reviews/{review.pk}/{address}")
            with CaptureQueriesContext(connection) as queries:
                assert owner.get(f"/reviews/{review.pk}/{address}").status_code == 200
            counts[address] = len(queries)
        return counts

    look(home, ROBOT)
    one = asked(start(plan(cast["owner"]), by=cast["lead"]))
    look(home, ADA, ROBOT, WILL)
    three = asked(start(plan(cast["owner"]), by=cast["lead"]))
    assert (one, max(three.values()) <= 60) == (three, True)
