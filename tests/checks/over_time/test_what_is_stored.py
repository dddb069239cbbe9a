"""The bytes that are stored of a period, written by hand from formats.md, section 9: the engine writes most values, Python those that it writes otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tests.checks.check_worlds import HERE, SPECS, check

from assay.checks.over_time import (
    INTERVAL,
    EpisodeSet,
    GapSpan,
    OverTimeEvaluator,
    Span,
    Stretch,
    VersionsInput,
)
from assay.checks.specs import Spec, column_types
from assay.evidence.gaps import Gap, Reason

SIZED = """select b.key as item, case when b.size > 100 then 'DEVIATES' else 'CONFORMS' end as conclusion,
  case when b.size > 100 then 'larger than "allowed"' else 'as small as it must be' end as reason, b.created as saw_created,
  b.size / 8 as saw_eighth, b.size * 0.5 as saw_half, b.name as saw_name, b.public as saw_public, b.size as saw_size, b.tags as saw_tags
from aws_bucket as b"""
REGION = "eu-west-1"
MADE = datetime(2025, 5, 6, 7, 8, 9, 500_000, tzinfo=UTC)


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


def bucket(key: str, since: int, until: int | None, size: int, owner: str = "ada") -> tuple[Any, ...]:
    given = {
        "key": key,
        "account": HERE,
        "region": REGION,
        "name": "naïve\x1b\\\x0b",
        "owner": owner,
        "created": MADE,
        "tags": ["a", 'b"'],
        "size": size,
    }
    row = tuple(given.get(column) for column in column_types(SPECS["aws_bucket"]))
    return (*row, day(since), None if until is None else day(until))


def judged(
    rows: Sequence[tuple[Any, ...]], gaps: Sequence[GapSpan] = (), specs: Mapping[str, Spec] = SPECS
) -> EpisodeSet:
    columns = (*column_types(SPECS["aws_bucket"]).items(), *INTERVAL)
    inputs = [VersionsInput("aws_bucket", columns, rows)]
    with OverTimeEvaluator(inputs, specs, gaps, memory_mb=256, threads=1) as evaluator:
        return evaluator.evaluate(check(SIZED), Span(day(1), day(31)), [Stretch(day(1), {})])


def episode(key: str, since: int, until: int, size: int, eighth: str, half: str) -> str:
    return (
        f'{{"account":"{HERE}","conclusion":"DEVIATES","from":"2026-01-{since:02}T00:00:00Z","item":"{key}","reason":"larger than \\"allowed\\"",'
        f'"region":"{REGION}","saw":{{"created":"2025-05-06T07:08:09.500000Z","eighth":"{eighth}","half":"{half}","name":"naïve\\u001b\\\\\\u000b",'
        f'"public":null,"size":{size},"tags":["a","b\\""]}},"table":"aws_bucket","until":"2026-01-{until:02}T00:00:00Z"}}'
    )


def unknown(key: str, since: int, until: int, reason: str) -> str:
    return (
        f'{{"account":"{HERE}","conclusion":"UNKNOWN","from":"2026-01-{since:02}T00:00:00Z","item":{key},"reason":"{reason}",'
        f'"region":"{REGION}","saw":{{}},"table":"aws_bucket","until":"2026-01-{until:02}T00:00:00Z"}}'
    )


def stored(episodes: Sequence[str], items: int, versions: int, unseen: int = 0) -> bytes:
    joined = ",".join(episodes)
    return f'{{"check":"test.one","episodes":[{joined}],"format":1,"items":{items},"judged":{versions},"unseen":{unseen}}}'.encode()


def test_versions_that_deviate_alike_are_one_episode() -> None:
    found = judged(
        [
            bucket("b", 3, 5, 200),
            bucket("b", 5, 9, 200, owner="ben"),
            bucket("b", 9, 12, 300),
            bucket("b", 12, None, 10),
            bucket("a", 1, None, 1000),
        ]
    )
    said = [
        episode("a", 1, 31, 1000, "125.0", "500.0"),
        episode("b", 3, 9, 200, "25.0", "100.0"),
        episode("b", 9, 12, 300, "37.5", "150.0"),
    ]
    assert found.encoded() == stored(said, items=2, versions=4)
    assert (found.counts, found.length) == (
        {"CONFORMS": 0, "DEVIATES": 2, "NOT_APPLICABLE": 0, "UNKNOWN": 0},
        3,
    )


def test_a_gap_stands_over_what_was_concluded_and_for_what_nobody_saw() -> None:
    place = {"table": "aws_bucket", "account": HERE, "region": REGION}
    gaps = [
        GapSpan(Gap(**place, reason=Reason.DENIED), day(4), day(6)),
        GapSpan(Gap(**place, reason=Reason.TIMEOUT, key="c"), day(5), day(8)),
        GapSpan(Gap(**place, reason=Reason.DENIED), day(28), day(30)),
    ]
    found = judged([bucket("b", 3, 20, 200), bucket("a", 1, 5, 10)], gaps)
    said = [
        unknown("null", 28, 30, "denied"),
        unknown('"a"', 4, 5, "denied"),
        episode("b", 3, 4, 200, "25.0", "100.0"),
        unknown('"b"', 4, 6, "denied"),
        episode("b", 6, 20, 200, "25.0", "100.0"),
        unknown('"c"', 5, 8, "timeout"),
    ]
    assert found.encoded() == stored(said, items=2, versions=2, unseen=2)
    assert found.counts == {"CONFORMS": 0, "DEVIATES": 1, "NOT_APPLICABLE": 0, "UNKNOWN": 4}


def test_nothing_is_stored_where_everything_conforms() -> None:
    found = judged([bucket("b", 3, None, 5)])
    assert found.encoded() == stored([], items=1, versions=1)
    assert found.episodes == ()


def test_what_is_not_said_of_people_makes_no_difference_either() -> None:
    """Two sizes are two episodes; where a table is personal no size is kept, so it is one time with one reason."""
    personal = {**SPECS, "aws_bucket": replace(SPECS["aws_bucket"], personal=("name",))}
    rows = [bucket("b", 3, 9, 200), bucket("b", 9, 12, 300)]
    assert [len(judged(rows, specs=specs).episodes) for specs in (SPECS, personal)] == [2, 1]
    (one,) = judged(rows, specs=personal).episodes
    assert (one["from"], one["until"], one["saw"]) == ("2026-01-03T00:00:00Z", "2026-01-12T00:00:00Z", {})
