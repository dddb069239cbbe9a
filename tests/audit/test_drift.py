"""Drift: item by item between two evaluations, with the records before and after; people are counted, never named."""

from __future__ import annotations

from facts import AS_OF, check, concluded, note

from assay.audit import Evaluation, changed_items
from assay.audit.drift import drift
from assay.documents.sentences import differences

LOGS, PRESS, NEW = "arn:aws:s3:::logs", "arn:aws:s3:::press-kit", "arn:aws:s3:::new"
BUCKETS = check("aws.s3.public", "NET-09")
KEYS = {"aws_s3_bucket": frozenset({LOGS, PRESS, NEW})}
BEFORE = Evaluation(
    "2026-11-22T06:00:00Z",
    {"aws.s3.public": concluded(1, note("DEVIATES", LOGS, saw_public=True))},
    keys={"aws_s3_bucket": frozenset({LOGS, PRESS})},
)


def turns(after: Evaluation, before: Evaluation = BEFORE) -> list[tuple[str, str, str, str]]:
    changes = drift([BUCKETS], before, after, frozenset(), {})["changes"]
    return [(one["name"], one["turn"], one["before"], one["after"]) for one in changes]


def test_what_deviates_now_comes_first_and_what_was_mended_stays_visible() -> None:
    after = Evaluation(
        AS_OF, {"aws.s3.public": concluded(1, note("DEVIATES", PRESS, saw_public=True))}, keys=KEYS
    )
    assert turns(after) == [
        ("press-kit", "deviates now", "conforms", "deviates"),
        ("logs", "mended", "deviates", "conforms"),
    ]


def test_a_thing_no_longer_seen_is_not_mended() -> None:
    after = Evaluation(AS_OF, {"aws.s3.public": concluded(1, note("UNKNOWN", LOGS, "denied"))}, keys=KEYS)
    assert turns(after) == [("logs", "no longer seen", "deviates", "unknown")]


def test_a_new_thing_that_conforms_is_no_drift_but_one_that_deviates_is() -> None:
    quiet = Evaluation(AS_OF, {"aws.s3.public": concluded(2, note("DEVIATES", LOGS))}, keys=KEYS)
    assert turns(quiet) == []
    loud = Evaluation(
        AS_OF, {"aws.s3.public": concluded(1, note("DEVIATES", LOGS), note("DEVIATES", NEW))}, keys=KEYS
    )
    assert turns(loud) == [("new", "deviates now", "not there", "deviates")]


def test_a_thing_that_is_gone_is_said_to_be_gone() -> None:
    after = Evaluation(AS_OF, {"aws.s3.public": concluded(1)}, keys={"aws_s3_bucket": frozenset({PRESS})})
    assert turns(after) == [("logs", "gone", "deviates", "gone")]


def test_without_the_keys_of_that_day_it_claims_nothing() -> None:
    after = Evaluation(AS_OF, {"aws.s3.public": concluded(2)})
    assert turns(after) == [("logs", "mended", "deviates", "conforms or not there")]


def test_a_check_that_only_one_of_them_ran_has_no_drift() -> None:
    assert turns(Evaluation(AS_OF, {})) == []


def test_records_before_and_after_show_the_columns_that_differ() -> None:
    after = Evaluation(AS_OF, {"aws.s3.public": concluded(2)}, keys=KEYS)
    assert changed_items([BUCKETS], BEFORE, after) == [("aws_s3_bucket", LOGS)]
    records = {("aws_s3_bucket", LOGS): ({"public": True, "region": "eu"}, {"public": False, "region": "eu"})}
    change = drift([BUCKETS], BEFORE, after, frozenset(), records)["changes"][0]
    assert change["differs"] == [{"after": False, "before": True, "column": "public"}]
    assert differences(change) == ["public: yes → no"]
    assert (change["saw_before"], change["saw_after"]) == ({"saw_public": True}, {})


def test_people_are_counted_and_not_named() -> None:
    training = check(
        "cross.training", "HRS-04", reads={"hr_person": frozenset({"email"})}, items=("hr_person",)
    )
    person = {
        "conclusion": "DEVIATES",
        "item": "dev@northwind.example",
        "table": "hr_person",
        "reason": "",
        "saw": {},
        "changes_at": None,
    }
    then = Evaluation("2026-11-22T06:00:00Z", {"cross.training": concluded(18, person, person)})
    now = Evaluation(AS_OF, {"cross.training": concluded(19, person)})
    told = drift([training], then, now, frozenset({"hr_person"}), {})
    assert told["changes"] == []
    assert told["people"] == [
        {"check": "cross.training", "deviate_now": 1, "deviated": 2, "title": training.title}
    ]


def test_a_record_that_came_or_went_is_not_told_column_by_column() -> None:
    after = Evaluation(AS_OF, {"aws.s3.public": concluded(1)}, keys={"aws_s3_bucket": frozenset({PRESS})})
    gone = drift([BUCKETS], BEFORE, after, frozenset(), {("aws_s3_bucket", LOGS): ({"public": True}, None)})[
        "changes"
    ][0]
    assert (gone["differs"], differences(gone)) == ([], ["public was yes"])
    came = Evaluation(
        AS_OF,
        {"aws.s3.public": concluded(1, note("DEVIATES", LOGS), note("DEVIATES", NEW, saw_public=True))},
        keys=KEYS,
    )
    new = drift([BUCKETS], BEFORE, came, frozenset(), {("aws_s3_bucket", NEW): (None, {"public": True})})[
        "changes"
    ][0]
    assert (new["name"], new["differs"], differences(new)) == ("new", [], ["public: yes"])


def test_where_the_record_stands_is_no_difference() -> None:
    after = Evaluation(AS_OF, {"aws.s3.public": concluded(2)}, keys=KEYS)
    records = {
        ("aws_s3_bucket", LOGS): (
            {"key": LOGS, "account": "a", "public": True},
            {"key": LOGS, "account": "b", "public": False},
        )
    }
    (change,) = drift([BUCKETS], BEFORE, after, frozenset(), records)["changes"]
    assert [one["column"] for one in change["differs"]] == ["public"]
