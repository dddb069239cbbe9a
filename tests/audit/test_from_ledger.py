"""Facts out of ledger bodies: the newest answer of each place, and since when a gap lasts."""

from __future__ import annotations

from typing import Any

from facts import gap

from assay.audit import from_ledger

BUCKETS = {"table": "aws_s3_bucket", "account": "111122223333", "region": "", "size": 4, "root": "aa" * 32}
DENIED = gap("aws_s3_bucket", "denied", account="111122223333", at=None)


def body(day: int, populations: list[dict[str, Any]], gaps: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "source": {"id": "aws-main", "kind": "aws"},
        "started": f"2026-11-{day}T06:00:00Z",
        "ended": f"2026-11-{day}T06:10:00Z",
        "complete": not gaps,
        "populations": populations,
        "gaps": gaps,
    }


def test_a_gap_lasts_from_the_first_collection_of_an_unbroken_row() -> None:
    bodies = [body(20, [], [DENIED]), body(21, [BUCKETS], []), body(22, [], [DENIED]), body(23, [], [DENIED])]
    runs = from_ledger.newest(enumerate(bodies), {"aws-main": 3})
    (fact,) = from_ledger.gap_facts(runs)
    assert (fact.since, fact.last_seen) == ("2026-11-22T06:00:00Z", "2026-11-21T06:10:00Z")


def test_a_collection_that_did_not_ask_leaves_the_gap_and_one_that_saw_ends_it() -> None:
    other = {**BUCKETS, "table": "aws_kms_key"}
    runs = from_ledger.newest(enumerate([body(20, [], [DENIED]), body(21, [other], [])]), {"aws-main": 1})
    assert [one.since for one in from_ledger.gap_facts(runs)] == ["2026-11-20T06:00:00Z"]
    healed = from_ledger.newest(enumerate([body(20, [], [DENIED]), body(21, [BUCKETS], [])]), {"aws-main": 1})
    assert from_ledger.gap_facts(healed) == ()


def test_what_came_after_the_evaluation_does_not_speak() -> None:
    runs = from_ledger.newest(
        enumerate([body(20, [BUCKETS], []), body(21, [{**BUCKETS, "size": 9}], [DENIED])]), {"aws-main": 0}
    )
    assert [one.size for one in from_ledger.population_facts(runs)] == [4]
    (source,) = from_ledger.source_facts(runs, {"aws-main": "AWS", "111122223333": "prod"})
    assert (source.name, source.seen_up_to, source.complete, source.places) == (
        "AWS",
        "2026-11-20T06:10:00Z",
        True,
        {"111122223333": "prod"},
    )


def test_a_place_that_was_not_seen_again_keeps_its_population() -> None:
    runs = from_ledger.newest(enumerate([body(20, [BUCKETS], []), body(21, [], [DENIED])]), {"aws-main": 1})
    assert [one.root for one in from_ledger.population_facts(runs)] == ["aa" * 32]
    assert from_ledger.source_facts(runs)[0].name == "AWS (aws-main)"


def test_an_evaluation_reads_its_sets_by_digest() -> None:
    objects = {
        "d1": {"check": "aws.s3.public", "codes": "CD", "notes": [{"conclusion": "DEVIATES", "item": "x"}]}
    }
    given = {
        "as_of": "2026-11-23T06:00:00Z",
        "period": {"start": "2026-08-25T06:00:00Z", "end": "2026-11-23T06:00:00Z"},
        "sets": [
            {
                "check": "aws.s3.public",
                "counts": {"CONFORMS": 1, "DEVIATES": 1},
                "digest": "ff",
                "object": "d1",
            }
        ],
    }
    found = from_ledger.evaluation(given, objects.__getitem__)
    assert found.period == ("2026-08-25T06:00:00Z", "2026-11-23T06:00:00Z")
    assert found.sets["aws.s3.public"]["counts"] == {"CONFORMS": 1, "DEVIATES": 1}
