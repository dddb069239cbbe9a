"""What a shipped check owes: a case through a real collector, and a remedy by each means or the reason why there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from check_worlds import PUBLIC, check

from assay.checks import Remedy, owed

RECORDED = "  - {name: played, recording: aws/s3/two-buckets, expect: {CONFORMS: 2}}"
WHOLE = Remedy(
    console="S3 > the bucket > Permissions.",
    cli="aws s3api put-public-access-block --bucket NAME",
    terraform="aws_s3_bucket_public_access_block, all four arguments true.",
)
SHIPPED = replace(check(PUBLIC, cases=RECORDED), remedy=WHOLE)


def said(remedy: Remedy) -> list[str]:
    return [failure.says for failure in owed(replace(SHIPPED, remedy=remedy))]


def test_a_whole_check_owes_nothing() -> None:
    assert owed(SHIPPED) == []


def test_a_check_that_no_collectors_answer_proves_owes_a_case() -> None:
    assert [str(failure) for failure in owed(replace(SHIPPED, cases=()))] == [
        "test.one: No case plays a collector's answer; add one with `recording:` and the conclusions that it must give."
    ]


@pytest.mark.parametrize("means", ["console", "cli", "terraform"])
def test_a_means_that_is_left_out_is_owed(means: str) -> None:
    assert said(replace(WHOLE, **{means: None})) == [
        f"`remedy` lacks {means}; write the steps, or a sentence that begins with “None” and says why there are none."
    ]


@pytest.mark.parametrize(
    "reason",
    [
        "None: a review is held by people, and no resource stands for it.",
        "None in general: disabling an account is a command of its own in each system.",
    ],
)
def test_a_reason_why_there_is_none_is_enough(reason: str) -> None:
    assert said(replace(WHOLE, cli=reason, terraform=reason)) == []


@pytest.mark.parametrize(
    "nothing", ["None.", "None: n/a.", "See the console", "Not applicable to this check at all."]
)
def test_a_word_that_names_nothing_and_gives_no_reason_is_not(nothing: str) -> None:
    assert said(replace(WHOLE, cli=nothing)) == [
        "`remedy.cli` names no command; name one, or begin with “None” and say why there is none."
    ]
    assert said(replace(WHOLE, terraform=nothing)) == [
        "`remedy.terraform` names no resource; name one, or begin with “None” and say why there is none."
    ]
