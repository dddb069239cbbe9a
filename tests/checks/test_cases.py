"""Proving: cases hold or say readably why not, and together they must reach everything that a check can conclude."""

from __future__ import annotations

import check_worlds as w
import pytest
from check_worlds import PUBLIC, check

from assay.checks import CheckError, parse_check, prove, template

GOOD = """
  - name: private
    aws_bucket: [{key: one, name: one, public: false}]
    expect: [{item: one, conclusion: CONFORMS, reason: private, saw_name: one}]
  - name: public
    like: private
    change: {aws_bucket: [{public: true}]}
    expect: [{item: one, conclusion: DEVIATES}]
  - name: nothing to see
    like: private
    change: {aws_bucket: [{public: null}, {key: two, public: false}]}
    expect: [{item: one, conclusion: NOT_APPLICABLE}, {item: two, conclusion: CONFORMS}]
  - name: denied
    like: private
    gaps: [{table: aws_bucket, key: one, columns: [public], reason: denied}]
    expect: [{item: one, conclusion: UNKNOWN, reason: denied}]
  - name: a region that could not be listed
    gaps: [{table: aws_bucket, region: us-east-1, reason: throttled}]
    expect: [{item: null, conclusion: UNKNOWN, account: "111122223333", region: us-east-1}]
  - name: played through the collector
    recording: aws/buckets
    expect: {CONFORMS: 1}
"""


def failures(cases: str) -> list[str]:
    return [str(failure) for failure in prove(check(PUBLIC, cases=cases), w.SPECS)]


def test_cases_that_hold_and_reach_everything_prove_a_check() -> None:
    assert failures(GOOD) == []


def test_a_case_that_does_not_hold_shows_expected_and_got_side_by_side() -> None:
    [failure] = failures(GOOD.replace("reason: private, saw_name: one", "reason: secret, saw_name: one"))
    assert failure.split("\n") == [
        "test.one, case “private”: 1 expected, 1 judged, and they are not the same.",
        "          item  conclusion  reason   changes_at  saw_name",
        "expected  one   CONFORMS    secret   ·           one",
        "got       one   CONFORMS    private  None        one",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("expect: [{item: one, conclusion: DEVIATES}]", "expect: []"),
        ("expect: [{item: one, conclusion: DEVIATES}]", "expect: [{item: two, conclusion: DEVIATES}]"),
        ("expect: [{item: one, conclusion: DEVIATES}]", "expect: [{conclusion: DEVIATES}]"),
        (
            "expect: [{item: one, conclusion: DEVIATES}]",
            "expect: [{item: one, conclusion: DEVIATES, saw_nothing: 1}]",
        ),
        (
            "expect: [{item: one, conclusion: DEVIATES}]",
            "expect: [{item: one, conclusion: DEVIATES}, {item: one, conclusion: DEVIATES}]",
        ),
    ],
)
def test_items_must_be_the_same_neither_more_nor_fewer(old: str, new: str) -> None:
    [failure] = failures(GOOD.replace(old, new))
    assert failure.startswith("test.one, case “public”: ")


def test_every_conclusion_that_the_sql_can_give_must_be_reached() -> None:
    only = GOOD[: GOOD.index("  - name: nothing to see")]
    assert failures(only) == [
        "test.one: No case reaches NOT_APPLICABLE, which the SQL can give; add one that does, or take it out of the SQL.",
        "test.one: No case reaches UNKNOWN by a gap; add one with `gaps:` over something that the check reads.",
    ]


def test_a_check_that_cannot_be_concluded_fails_its_case() -> None:
    doubled = check(f"{PUBLIC} cross join aws_bucket as c", cases=GOOD)
    says = [str(failure) for failure in prove(doubled, w.SPECS)]
    assert (
        "test.one, case “nothing to see”: The check test.one cannot be concluded: it gives 2 rows for “one”"
        in says[0]
    )


@pytest.mark.parametrize("name", w.SPECS)
def test_the_template_of_a_new_check_proves_itself(name: str) -> None:
    text = template("test.fresh.one", name, w.SPECS[name])
    assert prove(parse_check("checks/test/fresh/one.sql", text.encode(), w.SPECS), w.SPECS) == []


def test_a_template_needs_an_id_that_a_path_can_give() -> None:
    with pytest.raises(CheckError, match="a check's path gives its id"):
        template("Fresh", "aws_bucket", w.SPECS["aws_bucket"])
