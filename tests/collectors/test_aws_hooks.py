"""Listings that no spec can say: pages by marker, findings by fifty, and variables that are looked at and not kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fake_source import ACCOUNT, NOW, FakeSource, refused

from assay.collectors.asking import Ask, CallError
from assay.collectors.hooks import ecs_variables, guardduty_findings, lambda_variables, next_marker
from assay.collectors.hooks.detectors import found_in, pattern_ids
from assay.collectors.keeping import keep
from assay.collectors.work import Run, Settings, Tally
from assay.content_tree import Content
from assay.evidence.gaps import Reason
from assay.tables import load_tables

# Put together here, so that no scanner of this repository takes them for real ones.
CREDENTIALS = {
    "anthropic-key": "sk-" + "ant-api03-" + "Planted_" * 4,
    "aws-access-key": "AKIA" + "PLANTEDPLANTED12",
    "aws-secret-key": "aws_secret_access_key = " + "Planted/Planted+" * 2 + "Planted8",
    "azure-storage-key": "DefaultEndpointsProtocol=https;AccountKey=" + "P" * 86 + "==",
    "github-token": "gh" + "p_" + "Planted0" * 5,
    "gitlab-token": "gl" + "pat-" + "Planted-" * 3,
    "google-api-key": "AI" + "za" + "Planted" * 5,
    "json-web-token": "eyJ" + "Planted0" + ".eyJ" + "Planted0" + "." + "Planted0",
    "npm-token": "npm" + "_" + "Plante" * 6,
    "openai-key": "sk" + "-proj-" + "Planted_" * 6,
    "password-in-url": "postgres://app:" + "planted-password" + "@db.example.com/app",
    "private-key": "-----BEGIN " + "RSA PRIVATE KEY-----",
    "sendgrid-key": "SG" + "." + "P" * 22 + "." + "P" * 43,
    "slack-token": "xo" + "xb-" + "0123456789-Planted",
    "slack-webhook": "https://hooks.slack.com/services/" + "T0PLANTED/B0PLANTED/" + "Planted0" * 3,
    "stripe-key": "sk" + "_live_" + "Planted0" * 3,
}


def run_of(source: FakeSource) -> Run:
    return Run(source, Settings(), lambda: NOW, lambda seconds: None)


def ask(call: str, **arguments: Any) -> Ask:
    return Ask(call, arguments, ACCOUNT, "eu-west-1")


def test_every_pattern_has_an_example_here() -> None:
    assert sorted(CREDENTIALS) == list(pattern_ids())


@pytest.mark.parametrize("name", sorted(CREDENTIALS))
def test_a_credential_is_told_by_its_shape_and_not_repeated(name: str) -> None:
    found = found_in([("SETTING", f"before {CREDENTIALS[name]} after")])
    assert found == [{"Place": "SETTING", "Pattern": name, "Count": 1}]


def test_what_is_no_credential() -> None:
    assert (
        found_in(
            [
                ("LOG_LEVEL", "info"),
                ("SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/api-AbCdEf"),
                ("DATABASE_URL", "postgres://app:${DB_PASSWORD}@db.example.com/app"),
                ("PLAIN_URL", "https://example.com:8443/path@2"),
                ("COMMIT", "0123456789abcdef0123456789abcdef01234567"),
                ("KEY_ID", "XAKIAPLANTEDPLANTED12"),
                ("STRIPE", "sk_test_PlantedPlantedPlanted"),
                ("EMPTY", ""),
            ]
        )
        == []
    )


def test_the_name_of_a_variable_can_tell_what_it_holds() -> None:
    assert found_in([("AWS_SECRET_ACCESS_KEY", "Planted/" * 5)]) == [
        {"Place": "AWS_SECRET_ACCESS_KEY", "Pattern": "aws-secret-key", "Count": 1}
    ]


def test_two_of_a_kind_are_counted_and_several_kinds_are_each_named() -> None:
    text = f"{CREDENTIALS['aws-access-key']} {CREDENTIALS['aws-access-key']} {CREDENTIALS['github-token']}"
    assert found_in([("B", text), ("A", CREDENTIALS["stripe-key"])]) == [
        {"Place": "A", "Pattern": "stripe-key", "Count": 1},
        {"Place": "B", "Pattern": "aws-access-key", "Count": 2},
        {"Place": "B", "Pattern": "github-token", "Count": 1},
    ]


def test_long_text_takes_no_long_time() -> None:
    """No pattern may go over the same text again and again: this would not end."""
    assert found_in([("USER_DATA", "a" * 200_000 + "://" + "a" * 200_000)]) == []
    assert found_in([("USER_DATA", "eyJ" * 60_000)]) == []


def test_variables_of_functions_leave_names_and_patterns_only() -> None:
    functions = [
        {"FunctionArn": "one", "FunctionName": "one", "Description": "planted",
         "Environment": {"Variables": {"TOKEN": CREDENTIALS["github-token"], "LEVEL": "info"}}},
        {"FunctionArn": "two", "FunctionName": "two"},
        {"FunctionArn": "three", "FunctionName": "three", "Environment": {"Error": {"ErrorCode": "AccessDeniedException", "Message": "planted"}}},
    ]  # fmt: skip
    pages = lambda_variables.listing(
        run_of(FakeSource({"lambda.list_functions": [{"Functions": functions[:2]}, {"Functions": functions[2:]}]})),
        ask("lambda.list_functions"),
        tally := Tally(),
    )  # fmt: skip
    one = {"Place": "TOKEN", "Pattern": "github-token", "Count": 1}
    assert pages == [
        {
            "Functions": [
                {"FunctionArn": "one", "FunctionName": "one", "Found": [one]},
                {"FunctionArn": "two", "FunctionName": "two", "Found": []},
            ]
        },
        {"Functions": [{"FunctionArn": "three", "FunctionName": "three"}]},
    ]
    assert (tally.calls, tally.pages) == (2, 2)


def test_what_is_kept_of_variables_holds_no_value() -> None:
    specs = load_tables(Content.shipped())
    for name in ("aws_lambda_variable", "aws_ecs_variable"):
        assert specs[name].needs == "secret_patterns"
        found = found_in([("TOKEN", CREDENTIALS["github-token"])])
        item = {"FunctionArn": "one", "FunctionName": "one", "family": "one", "Found": found, "Environment": "planted"}  # fmt: skip
        kept = keep(specs[name], specs[name].list.call, item, frozenset())
        assert "Found" in kept
        assert "lanted" not in json.dumps(kept)


def containers(**variables: str) -> dict[str, Any]:
    environment = [{"name": name, "value": value} for name, value in variables.items()]
    return {"taskDefinition": {"containerDefinitions": [{"name": "api", "environment": environment}]}}


def test_variables_of_containers_are_named_with_their_container() -> None:
    replies = {
        "ecs.list_task_definition_families": {"families": ["api", "gone"]},
        "ecs.describe_task_definition": lambda asked: (
            containers(STRIPE=CREDENTIALS["stripe-key"])
            if asked.arguments == {"taskDefinition": "api"}
            else refused(asked.call, "ClientException", Reason.FAILED)
        ),
    }
    source = FakeSource(replies)
    [page] = ecs_variables.listing(run_of(source), ask("ecs.list_task_definition_families"), Tally())
    found = [{"Place": "api/STRIPE", "Pattern": "stripe-key", "Count": 1}]
    assert page == {"families": [{"family": "api", "Found": found}, {"family": "gone"}]}


def test_where_no_family_can_be_described_the_reason_is_told() -> None:
    replies = {
        "ecs.list_task_definition_families": {"families": ["api", "worker"]},
        "ecs.describe_task_definition": lambda asked: refused(asked.call),
    }
    with pytest.raises(CallError) as told:
        ecs_variables.listing(run_of(FakeSource(replies)), ask("ecs.list_task_definition_families"), Tally())
    assert told.value.reason is Reason.DENIED


def test_findings_are_asked_for_by_fifty() -> None:
    ids = [f"f{number}" for number in range(103)]
    source = FakeSource(
        {
            "guardduty.list_findings": [{"FindingIds": ids[:60]}, {"FindingIds": ids[60:]}],
            "guardduty.get_findings": lambda asked: {
                "Findings": [{"Id": one} for one in asked.arguments["FindingIds"]]
            },
        }
    )
    pages = guardduty_findings.listing(
        run_of(source), ask("guardduty.list_findings", DetectorId="d"), Tally()
    )
    assert [one["Id"] for page in pages for one in page["Findings"]] == ids
    assert [len(page["Findings"]) for page in pages] == [50, 50, 3]
    assert [one.arguments["DetectorId"] for one in source.asked if one.call == "guardduty.get_findings"] == [
        "d"
    ] * 3


def test_without_findings_nothing_more_is_asked() -> None:
    source = FakeSource({"guardduty.list_findings": {"FindingIds": []}})
    assert (
        guardduty_findings.listing(run_of(source), ask("guardduty.list_findings", DetectorId="d"), Tally())
        == []
    )
    assert source.calls() == ["guardduty.list_findings"]


def test_a_list_goes_on_by_its_marker() -> None:
    pages = {None: {"WebACLs": [1], "NextMarker": "b"}, "b": {"WebACLs": [2]}}
    source = FakeSource({"wafv2.list_web_acls": lambda asked: pages[asked.arguments.get("NextMarker")]})
    answers = next_marker.listing(run_of(source), ask("wafv2.list_web_acls", Scope="REGIONAL"), Tally())
    assert [one["WebACLs"] for one in answers] == [[1], [2]]
    assert [dict(one.arguments) for one in source.asked] == [
        {"Scope": "REGIONAL"},
        {"Scope": "REGIONAL", "NextMarker": "b"},
    ]


def test_a_marker_that_comes_again_is_no_list() -> None:
    source = FakeSource({"wafv2.list_web_acls": {"WebACLs": [1], "NextMarker": "a"}})
    with pytest.raises(CallError) as told:
        next_marker.listing(run_of(source), ask("wafv2.list_web_acls"), Tally())
    assert (told.value.reason, told.value.code) == (Reason.MALFORMED, "RepeatedPage")
