"""The order of what to do next, and the words."""

from __future__ import annotations

from typing import Any

from facts import AS_OF, check, concluded, control, evidence, gap, inputs, note

from assay.audit import Evaluation, GapFacts, SourceFacts, TableFacts, readiness
from assay.audit.wording import inside, listed, number


def steps(**changes: Any) -> list[dict[str, Any]]:
    return readiness(inputs(**changes))["next_steps"]


MANY = tuple(f"LOG-{place:02}" for place in range(1, 6))


def test_a_cause_that_settles_many_comes_before_a_grave_deviation_and_one_that_settles_few_after_it() -> None:
    denied = concluded(1, note("UNKNOWN", "arn:aws:s3:::logs", "denied"))
    common: dict[str, Any] = {
        "controls": (*(control(one) for one in MANY), control("NET-09")),
        "gaps": (GapFacts(gap("aws_s3_bucket", "denied", account="111122223333")),),
        "sources": (SourceFacts("aws", "aws", "AWS", AS_OF, places={"111122223333": "prod"}),),
    }
    sets = {"a.trail": denied, "b.public": concluded(1, note("DEVIATES", "arn:aws:s3:::press-kit"))}
    many = steps(
        checks=(check("a.trail", " ".join(MANY)), check("b.public", "NET-09")),
        now=Evaluation(AS_OF, sets),
        **common,
    )
    assert [one["about"] for one in many[:2]] == ["aws/111122223333/denied", "b.public"]
    few = steps(
        checks=(check("a.trail", MANY[0]), check("b.public", "NET-09")), now=Evaluation(AS_OF, sets), **common
    )
    assert [one["about"] for one in few[:2]] == ["b.public", "aws/111122223333/denied"]


def test_old_evidence_then_medium_then_never_given_then_low() -> None:
    found = steps(
        controls=(
            control("IAM-04"),
            control("DAT-01"),
            control("MON-04", kind="periodic", cadence="annual"),
            control("GOV-01", kind="document"),
        ),
        checks=(check("m", "IAM-04", severity="medium"), check("l", "DAT-01", severity="low")),
        now=Evaluation(
            AS_OF, {one: concluded(1, note("DEVIATES", "arn:aws:s3:::logs")) for one in ("m", "l")}
        ),
        evidence=(evidence("MON-04", "2024-01-10"),),
    )
    assert [(one["kind"], one["about"]) for one in found] == [
        ("renew", "MON-04"),
        ("fix", "m"),
        ("answer", "GOV-01"),
        ("fix", "l"),
    ]


def test_a_deviation_says_what_why_where_and_names_a_few() -> None:
    users = [
        note("DEVIATES", f"arn:aws:iam::111122223333:user/{name}") for name in ("ben", "dev", "eve", "jonah")
    ]
    (step,) = steps(
        controls=(control("IAM-04"),),
        checks=(
            check(
                "u",
                "IAM-04",
                title="Console users have a second step",
                remedy={"console": "IAM > Users > Assign MFA device"},
            ),
        ),
        now=Evaluation(AS_OF, {"u": concluded(11, *users)}),
        sources=(SourceFacts("aws", "aws", "AWS", AS_OF, places={"111122223333": "prod"}),),
    )
    assert step == {
        "about": "u",
        "controls": ["IAM-04"],
        "criteria": ["CC6.1"],
        "do": "Make sure that console users have a second step",
        "items": ["ben", "dev", "eve"],
        "kind": "fix",
        "more": 1,
        "owner": "Platform",
        "where": "In prod. IAM > Users > Assign MFA device.",
        "why": "Four of 15 deviate.",
    }


def test_people_are_counted_and_not_named() -> None:
    person = {
        "conclusion": "DEVIATES",
        "item": "dev@northwind.example",
        "table": "hr_person",
        "reason": "",
        "saw": {"saw_email": "dev@northwind.example"},
    }
    report = readiness(
        inputs(
            controls=(control("IAM-04"),),
            checks=(check("p", "IAM-04", reads={"hr_person": frozenset({"email"})}, items=("hr_person",)),),
            now=Evaluation(AS_OF, {"p": concluded(1, person)}),
            tables=(TableFacts("hr_person", "file", personal=True),),
        )
    )
    assert (report["next_steps"][0]["items"], report["next_steps"][0]["more"]) == ([], 1)
    assert "dev@" not in repr(report)


def test_ten_are_shown_and_the_rest_counted() -> None:
    report = readiness(
        inputs(controls=tuple(control(f"GOV-{place:02}", kind="document") for place in range(1, 15)))
    )
    assert (len(report["next_steps"]), report["next_steps_more"]) == (10, 4)


def test_titles_stand_inside_a_sentence() -> None:
    assert inside("The root user has MFA") == "the root user has MFA"
    assert inside("MFA is on") == "MFA is on"
    assert inside("S3 blocks public access") == "S3 blocks public access"
    assert inside("CloudTrail is on") == "CloudTrail is on"
    assert inside("Lambda functions are tagged") == "Lambda functions are tagged"


def test_lists_are_short() -> None:
    assert [listed(list("abcde")[:size]) for size in range(6)] == [
        "",
        "a",
        "a and b",
        "a, b and c",
        "a, b, c and 1 more",
        "a, b, c and 2 more",
    ]
    assert [number(one) for one in (0, 1, 2, 10, 11)] == ["none", "one", "two", "ten", "11"]
