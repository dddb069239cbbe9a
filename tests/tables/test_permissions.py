"""Least privilege is derived from the specs: the same set as the calls, read verbs only, secrets denied by name."""

from __future__ import annotations

import json
from dataclasses import replace

import boto3
import pytest

from assay.content_tree import Content
from assay.tables import (
    TableSpec,
    TableSpecError,
    cloudformation,
    least_privilege,
    lint_permissions,
    load_tables,
    policy_json,
    terraform,
)
from assay.tables.actions import EXCEPTIONS, action_of, actions_by_service, calls_of, operation_of, reads_only
from assay.tables.permissions import NEVER, RUN_CALLS, is_never

TABLES = load_tables(Content.shipped())
AWS = {name: spec for name, spec in TABLES.items() if spec.source == "aws"}
CALLS = sorted({call for spec in AWS.values() for call in calls_of(spec)} | set(RUN_CALLS))


@pytest.mark.parametrize("spec", AWS.values(), ids=AWS)
def test_every_table_asks_for_the_actions_of_its_calls_and_no_others(spec: TableSpec) -> None:
    lint_permissions(spec)


def test_operations_are_those_that_boto3_calls() -> None:
    session = boto3.Session(region_name="eu-west-1")
    services = {call.partition(".")[0] for call in CALLS}
    names = {
        service: session.client(
            service, aws_access_key_id="x", aws_secret_access_key="y"
        ).meta.method_to_api_mapping
        for service in services
    }
    for call in CALLS:
        service, _, method = call.partition(".")
        assert operation_of(call) == names[service][method], call


@pytest.mark.parametrize(
    ("call", "action"),
    [
        ("s3.list_buckets", "s3:ListAllMyBuckets"),
        ("s3.get_bucket_policy", "s3:GetBucketPolicy"),
        ("s3control.get_public_access_block", "s3:GetAccountPublicAccessBlock"),
        ("elbv2.describe_ssl_policies", "elasticloadbalancing:DescribeSSLPolicies"),
        ("iam.list_virtual_mfa_devices", "iam:ListVirtualMFADevices"),
        ("rds.describe_db_instances", "rds:DescribeDBInstances"),
        ("efs.describe_file_systems", "elasticfilesystem:DescribeFileSystems"),
        ("accessanalyzer.list_analyzers", "access-analyzer:ListAnalyzers"),
        ("wafv2.list_resources_for_web_acl", "wafv2:ListResourcesForWebACL"),
    ],
)
def test_action_of_a_call(call: str, action: str) -> None:
    assert action_of(call) == action


def test_every_exception_differs_from_the_rule() -> None:
    for call, action in EXCEPTIONS.items():
        assert action != f"{call.partition('.')[0]}:{operation_of(call)}"


@pytest.mark.parametrize(
    ("permissions", "said"),
    [
        ((), "`permissions` lacks rds:DescribeDBInstances, which one of the calls needs. Add it."),
        (
            ("rds:DescribeDBInstances", "rds:DescribeEvents"),
            "`permissions` lists rds:DescribeEvents, which no call needs. Leave it away.",
        ),
    ],
)
def test_a_table_with_other_permissions_is_refused(permissions: tuple[str, ...], said: str) -> None:
    with pytest.raises(TableSpecError) as refused:
        lint_permissions(replace(AWS["aws_rds_instance"], permissions=permissions))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "call",
    [
        "secretsmanager.get_secret_value",
        "kms.decrypt",
        "iam.create_user",
        "lambda.get_function",
        "s3.get_object",
    ],
)
def test_a_call_that_reads_data_or_writes_is_refused(call: str) -> None:
    spec = AWS["aws_rds_instance"]
    listing = replace(spec.list, call=replace(spec.list.call, name=call))
    with pytest.raises(TableSpecError, match="does more than read settings"):
        lint_permissions(replace(spec, list=listing, permissions=(action_of(call),)))


def test_the_policy_allows_what_is_called_and_denies_data_and_secrets() -> None:
    policy = least_privilege(TABLES.values())
    *allowing, denying = policy["Statement"]
    allowed = {action for statement in allowing for action in statement["Action"]}
    assert allowed == {action_of(call) for call in CALLS}
    assert all(reads_only(action) and not is_never(action) for action in allowed)
    assert denying == {"Sid": "NeverDataOrSecrets", "Effect": "Deny", "Action": list(NEVER), "Resource": "*"}
    assert {
        "s3:GetObject*",
        "secretsmanager:GetSecretValue",
        "ssm:GetParameter*",
        "kms:Decrypt",
        "sts:AssumeRole*",
        "rds-data:*",
    } <= set(NEVER)
    assert len({statement["Sid"] for statement in policy["Statement"]}) == len(policy["Statement"])
    assert json.loads(policy_json(policy)) == policy


def test_a_policy_is_only_as_large_as_the_tables() -> None:
    policy = least_privilege([AWS["aws_rds_instance"]])
    assert [statement["Action"] for statement in policy["Statement"][:-1]] == [
        ["ec2:DescribeRegions"],
        ["rds:DescribeDBInstances"],
        ["sts:GetCallerIdentity"],
    ]


def test_actions_of_a_run_by_service() -> None:
    found = actions_by_service([AWS["aws_s3_account_block"], AWS["aws_iam_credential_report"]], RUN_CALLS)
    assert found == {
        "ec2": ("ec2:DescribeRegions",),
        "iam": ("iam:GenerateCredentialReport", "iam:GetCredentialReport"),
        "s3control": ("s3:GetAccountPublicAccessBlock",),
        "sts": ("sts:GetCallerIdentity",),
    }


EXTERNAL = "assay-0123456789abcdef"
PRINCIPAL = "arn:aws:iam::444455556666:role/assay"


def test_cloudformation_makes_a_role_for_one_principal_with_an_external_id() -> None:
    policy = least_privilege([AWS["aws_rds_instance"]])
    template = json.loads(cloudformation(policy, principal_arn=PRINCIPAL, external_id=EXTERNAL))
    role = template["Resources"]["AssayRole"]["Properties"]
    assert role["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"AWS": {"Ref": "AssayPrincipal"}},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}},
        }
    ]
    assert template["Parameters"]["ExternalId"]["Default"] == EXTERNAL
    assert template["Parameters"]["AssayPrincipal"]["Default"] == PRINCIPAL
    assert role["MaxSessionDuration"] == 3600
    assert role["Policies"] == [{"PolicyName": "AssayReadsSettings", "PolicyDocument": policy}]


def test_terraform_makes_the_same_role() -> None:
    text = terraform(
        least_privilege([AWS["aws_rds_instance"]]), principal_arn=PRINCIPAL, external_id="a${b}%{c}"
    )
    assert '"sts:ExternalId" = "a$${b}%%{c}"' in text
    assert f'"AWS" = "{PRINCIPAL}"' in text
    assert '"rds:DescribeDBInstances",' in text
    assert text.count("{") == text.count("}")
