"""The report as a whole: hand-written expectations of small companies."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from facts import AS_OF, check, concluded, control, evidence, gap, inputs, note

from assay.audit import (
    Company,
    CriterionFacts,
    Evaluation,
    FamilyFacts,
    GapFacts,
    PopulationFacts,
    Seal,
    SourceFacts,
    TableFacts,
    readiness,
)
from assay.evidence.canonical import encode

LOGS = "arn:aws:s3:::logs"


def states(report: dict[str, Any], of: str = "controls") -> dict[str, str]:
    return {one["id"]: one["state"] for one in report[of]}


def test_controls_and_criteria_follow_from_checks() -> None:
    report = readiness(
        inputs(
            checks=(check("a", "IAM-04"), check("b", "DAT-01")),
            now=Evaluation(
                AS_OF,
                {
                    "a": concluded(3),
                    "b": concluded(2, note("DEVIATES", LOGS, "Not encrypted.", saw_encryption=None)),
                },
            ),
        )
    )
    assert states(report) == {"DAT-01": "partly", "IAM-04": "in place"}
    assert states(report, "criteria") == {"CC6.1": "partly"}
    assert report["counts"] == {"in place": 1, "partly": 1, "missing": 0, "unknown": 0, "not relevant": 0}
    (criterion,) = report["criteria"]
    assert [one["say"] for one in criterion["shown_by"]] == [
        "The condition of b holds: 2 of 3 conform.",
        "The condition of a holds.",
    ]
    assert [one["say"] for one in criterion["missing"]] == ["The condition of b holds: 1 of 3 deviates."]
    assert criterion["next"] == {
        "about": "b",
        "control": "DAT-01",
        "do": "Make sure that the condition of b holds.",
    }
    assert report["headline"] == "1 of 2 controls is in place. 1 is partly there and 0 missing."


def test_a_control_without_check_or_evidence_is_missing_and_its_next_step_is_its_evidence() -> None:
    report = readiness(
        inputs(
            controls=(
                control("IAM-04", kind="periodic", type1="One completed review"),
                control("DAT-01", kind="document"),
            )
        )
    )
    found = {one["id"]: one for one in report["controls"]}
    assert found["IAM-04"]["state"] == "missing"
    assert found["IAM-04"]["rests_on"] == "No check can show it: all of it rests on evidence by hand."
    assert found["IAM-04"]["next"]["do"] == "Answer by evidence: one completed review."


def test_a_control_that_people_carry_out_says_which_part_rests_on_evidence() -> None:
    given: dict[str, Any] = {
        "controls": (control("IAM-04", kind="per event", nature="hybrid, preventive"), control("DAT-01")),
        "checks": (check("a", "IAM-04"),),
        "now": Evaluation(AS_OF, {"a": concluded(3)}),
    }
    alone = readiness(inputs(**given))["controls"][1]
    assert (alone["state"], alone["rests_on"]) == (
        "partly",
        "The checks show the settings behind it; that each event was handled as promised rests on evidence by hand.",
    )
    assert alone["missing"] == [
        {"about": "IAM-04", "kind": "evidence", "say": "There is no evidence by hand yet.", "severity": ""}
    ]
    shown = readiness(inputs(evidence=(evidence("IAM-04"),), **given))["controls"][1]
    assert (shown["state"], shown["missing"], len(shown["shown_by"])) == ("in place", [], 2)


def test_a_refused_call_makes_unknown_and_names_what_hangs_on_it() -> None:
    report = readiness(
        inputs(
            checks=(check("a", "IAM-04"),),
            now=Evaluation(AS_OF, {"a": concluded(3, note("UNKNOWN", LOGS, "denied"))}),
            gaps=(
                GapFacts(
                    gap(
                        "aws_s3_bucket",
                        "denied",
                        account="111122223333",
                        key=LOGS,
                        call="s3.get_bucket_encryption",
                    ),
                    AS_OF,
                ),
            ),
            sources=(SourceFacts("aws", "aws", "AWS", AS_OF, False, {"111122223333": "prod"}),),
        )
    )
    assert states(report)["IAM-04"] == "unknown"
    (found,) = report["gaps"]
    assert (found["controls"], found["criteria"], found["checks"]) == (["IAM-04"], ["CC6.1"], ["a"])
    assert (
        found["effect"]
        == "One check and one control cannot be answered in full until it is mended. What was not seen never counts as in place."
    )
    assert report["sources"][0]["gaps"] == [found["id"]]
    assert report["headline"].endswith("1 is unknown, because one thing could not be seen.")


def test_what_is_unknown_in_part_is_said_where_no_control_is_unknown_as_a_whole() -> None:
    """What deviates and conforms is partly there whatever else is unknown; the first sentences say that something was not seen all the same."""
    unseen = note("UNKNOWN", LOGS, "denied")
    given: dict[str, Any] = {
        "checks": (check("a", "IAM-04"), check("b", "DAT-01")),
        "gaps": (GapFacts(gap("aws_s3_bucket", "denied", account="111122223333", key=LOGS), AS_OF),),
    }
    part = {"a": concluded(2, note("DEVIATES", LOGS, "Open."), unseen), "b": concluded(1)}
    report = readiness(inputs(now=Evaluation(AS_OF, part), **given))
    assert report["counts"]["unknown"] == 0
    assert report["headline"] == (
        "1 of 2 controls is in place. 1 is partly there and 0 missing. "
        "None is unknown as a whole, but 1 in part, because one thing could not be seen."
    )
    both = readiness(inputs(now=Evaluation(AS_OF, part | {"b": concluded(0, unseen)}), **given))
    assert both["headline"].endswith(
        "1 is unknown, because one thing could not be seen. 1 of the others is unknown in part."
    )


def test_an_unknown_item_without_a_name_is_told_by_table_and_region() -> None:
    unseen = note("UNKNOWN", None, "denied") | {"account": "111122223333", "region": "eu-west-1"}
    report = readiness(
        inputs(checks=(check("a", "IAM-04"),), now=Evaluation(AS_OF, {"a": concluded(0, unseen)}))
    )
    assert report["checks"][0]["unknown"] == [
        {
            "account": "111122223333",
            "key": None,
            "name": None,
            "reason": "denied",
            "region": "eu-west-1",
            "saw": {},
            "table": "aws_s3_bucket",
        }
    ]


def test_what_is_out_of_scope_says_only_why() -> None:
    report = readiness(
        inputs(
            controls=(control("IAM-04", left_out="Optional: nobody works in an office."), control("DAT-01")),
            criteria=(
                CriterionFacts(
                    "P1.1", "privacy", "A notice is given", ("IAM-04",), left_out="Privacy is not in scope."
                ),
            ),
            checks=(check("a", "IAM-04"),),
        )
    )
    (left_out,) = [one for one in report["controls"] if one["id"] == "IAM-04"]
    assert (left_out["state"], left_out["reason"]) == ("not relevant", "Optional: nobody works in an office.")
    assert (left_out["next"], left_out["missing"], left_out["unknown"]) == (None, [], [])
    (criterion,) = report["criteria"]
    assert (criterion["state"], criterion["reason"], criterion["next"]) == (
        "not relevant",
        "Privacy is not in scope.",
        None,
    )


def test_a_source_that_the_company_does_not_have_neither_shows_nor_misses_anything() -> None:
    given: dict[str, Any] = {
        "checks": (
            check("a", "IAM-04"),
            check("g", "IAM-04", reads={"github_org": frozenset({"mfa"})}, items=("github_org",)),
        ),
        "tables": (TableFacts("aws_s3_bucket", "aws"), TableFacts("github_org", "github")),
        "now": Evaluation(AS_OF, {"a": concluded(3)}),
    }
    assert states(readiness(inputs(**given)))["IAM-04"] == "unknown"
    without = readiness(inputs(company=Company("Northwind Metrics", not_used=frozenset({"github"})), **given))
    assert (states(without)["IAM-04"], without["gaps"]) == ("in place", [])


def test_the_start_is_compared_with_now_by_counts_of_controls() -> None:
    report = readiness(
        inputs(
            checks=(check("a", "IAM-04"), check("b", "DAT-01")),
            start=Evaluation(
                "2026-09-01T08:00:00Z", {"a": concluded(0, note("DEVIATES", LOGS)), "b": concluded(1)}
            ),
            now=Evaluation(AS_OF, {"a": concluded(1), "b": concluded(0, note("DEVIATES", LOGS))}),
        )
    )
    assert report["since_start"] == {
        "as_of": "2026-09-01T08:00:00Z",
        "came": ["IAM-04"],
        "counts": {"in place": 1, "partly": 0, "missing": 1, "unknown": 0, "not relevant": 0},
        "left": ["DAT-01"],
        "moved": [
            {"control": "DAT-01", "from": "in place", "to": "missing"},
            {"control": "IAM-04", "from": "missing", "to": "in place"},
        ],
        "stayed": [],
    }


def test_evidence_added_since_the_start_was_not_there_at_the_start() -> None:
    report = readiness(
        inputs(
            controls=(control("IAM-04", kind="document"), control("DAT-01", kind="document")),
            evidence=(evidence("IAM-04", "2026-08-01"), evidence("DAT-01", "2026-10-01", index=9)),
            start=Evaluation("2026-09-01T08:00:00Z", {}),
        )
    )
    assert (report["since_start"]["stayed"], report["since_start"]["came"]) == (["IAM-04"], ["DAT-01"])


def test_a_family_says_what_no_source_can_show() -> None:
    report = readiness(
        inputs(
            checks=(check("a", "IAM-04"),),
            now=Evaluation(AS_OF, {"a": concluded(1)}),
            families=(
                FamilyFacts(
                    "mfa",
                    "Multi-factor authentication",
                    ("IAM-04", "DAT-01", "NO-99"),
                    ("Who holds each device.",),
                ),
            ),
        )
    )
    (family,) = report["families"]
    assert (family["state"], family["controls"], family["beyond"]) == (
        "partly",
        ["DAT-01", "IAM-04"],
        ["Who holds each device."],
    )
    assert family["say"] == "One of two controls is in place; 1 missing."


def test_the_colophon_names_sources_checkpoint_and_witness_and_says_when_there_is_none() -> None:
    report = readiness(inputs())
    assert report["colophon"] == {
        "checkpoint": None,
        "command": "assay verify PACK --key KEY",
        "gaps": 0,
        "seen_up_to": None,
        "self_witnessed": True,
        "sources": [],
        "witnesses": [],
        "zone": "UTC",
    }
    sealed = readiness(
        inputs(
            sources=(
                SourceFacts("b", "github", "GitHub", "2026-11-23T06:00:00Z"),
                SourceFacts("a", "aws", "AWS", "2026-11-22T06:00:00Z"),
            ),
            seal=Seal(12, "ab" * 32, "assay/x", (("Harrow", AS_OF),), "assay verify x.zip"),
            populations=(PopulationFacts("aws_s3_bucket", "111122223333", "", 23, "cd" * 32),),
        )
    )
    assert sealed["colophon"]["seen_up_to"] == "2026-11-22T06:00:00Z"
    assert sealed["colophon"]["checkpoint"] == {"origin": "assay/x", "root": "abababababab", "size": 12}
    assert (sealed["colophon"]["self_witnessed"], sealed["colophon"]["witnesses"]) == (
        False,
        [{"at": AS_OF, "name": "Harrow"}],
    )
    assert [(one["title"], one["size"], one["root"]) for one in sealed["populations"]] == [
        ("S3 buckets", 23, "cdcdcdcdcdcd")
    ]


def test_the_order_of_what_goes_in_does_not_matter() -> None:
    given = inputs(
        controls=tuple(control(f"IAM-{place:02}") for place in range(1, 8)),
        checks=tuple(check(f"c{place}", f"IAM-{place:02}") for place in range(1, 8)),
        now=Evaluation(
            AS_OF, {f"c{place}": concluded(place, note("DEVIATES", LOGS)) for place in range(1, 6)}
        ),
        evidence=tuple(evidence(f"IAM-{place:02}", index=place) for place in range(1, 4)),
        sources=tuple(SourceFacts(name, "aws", name, AS_OF) for name in "abc"),
        gaps=tuple(
            GapFacts(gap("aws_s3_bucket", reason, account=reason))
            for reason in ("denied", "timeout", "throttled")
        ),
    )
    expected = encode(readiness(given))
    draw = random.Random(7)
    for _ in range(5):
        shuffled = {
            name: tuple(draw.sample(getattr(given, name), len(getattr(given, name))))
            for name in ("controls", "checks", "evidence", "sources", "gaps", "tables")
        }
        assert encode(readiness(replace(given, **shuffled))) == expected
