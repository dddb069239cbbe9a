"""The least that Assay must be allowed to do on AWS, derived from the table specs, and what it must never do.

Rendered as a policy (JSON), as a CloudFormation template that a StackSet can roll out, and as Terraform.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from assay.tables.actions import action_of, calls_of, reads_only
from assay.tables.errors import TableSpecError
from assay.tables.spec import TableSpec

RUN_CALLS = ("ec2.describe_regions", "sts.get_caller_identity")
"""Calls that every run makes, whatever its tables."""

NEVER = (
    "codebuild:BatchGetProjects",
    "dynamodb:BatchGetItem",
    "dynamodb:GetItem",
    "dynamodb:GetRecords",
    "dynamodb:PartiQLSelect",
    "dynamodb:Query",
    "dynamodb:Scan",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
    "glue:GetConnection",
    "glue:GetConnections",
    "kinesis:GetRecords",
    "kms:Decrypt",
    "kms:GenerateDataKey*",
    "lambda:GetFunction",
    "lambda:InvokeFunction",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:GetLogRecord",
    "logs:StartQuery",
    "rds-data:*",
    "rds:DownloadCompleteDBLogFile",
    "rds:DownloadDBLogFilePortion",
    "s3:GetObject*",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:GetSecretValue",
    "sqs:ReceiveMessage",
    "ssm:GetDocument",
    "ssm:GetParameter*",
    "sts:AssumeRole*",
)
"""Actions that read customers' data or secrets, or that lead to other rights: denied by name, so that a wider policy beside ours does not give them."""


def least_privilege(specs: Iterable[TableSpec]) -> dict[str, Any]:
    """Give the IAM policy for these tables: one allowing statement for each service prefix and one that denies `NEVER`."""
    actions = {action for spec in specs if spec.source == "aws" for action in spec.permissions} | {
        action_of(call) for call in RUN_CALLS
    }
    by_prefix: dict[str, list[str]] = {}
    for action in sorted(actions):
        by_prefix.setdefault(action.partition(":")[0], []).append(action)
    allowing = [
        {"Sid": _sid(prefix), "Effect": "Allow", "Action": listed, "Resource": "*"}
        for prefix, listed in by_prefix.items()
    ]
    denying = {"Sid": "NeverDataOrSecrets", "Effect": "Deny", "Action": list(NEVER), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [*allowing, denying]}


def lint_permissions(spec: TableSpec) -> None:
    """Refuse a table of AWS whose permissions are not those of its calls, or that asks for one that does more than read metadata.

    Raises TableSpecError.
    """
    if spec.source != "aws":
        return
    needed, listed = {action_of(call) for call in calls_of(spec)}, set(spec.permissions)
    where = f"tables/aws/{spec.name.removeprefix('aws_')}.yaml: `permissions`"
    for action in sorted(needed - listed):
        raise TableSpecError(f"{where} lacks {action}, which one of the calls needs. Add it.")
    for action in sorted(listed - needed):
        raise TableSpecError(f"{where} lists {action}, which no call needs. Leave it away.")
    for action in sorted(listed):
        if not reads_only(action) or is_never(action):
            raise TableSpecError(
                f"{where} lists {action}, which does more than read settings. Find a call that reads metadata only."
            )


def is_never(action: str) -> bool:
    """Say whether an action is among those that Assay denies itself."""
    return any(re.fullmatch(pattern.replace("*", ".*"), action, re.IGNORECASE) for pattern in NEVER)


def policy_json(policy: Mapping[str, Any]) -> str:
    """Render a policy as JSON to paste into the console."""
    return json.dumps(policy, indent=2) + "\n"


def cloudformation(
    policy: Mapping[str, Any],
    *,
    principal_arn: str | None,
    external_id: str,
    role_name: str = "AssayReadOnly",
) -> str:
    """Render a CloudFormation template (JSON) of the role that Assay takes on: for one account, or for all of an organization by a StackSet.

    `principal_arn` is who may take it on, only with `external_id`, for at most an hour; where it is None, CloudFormation asks for it.
    """
    principal = {"Type": "String", "Description": "ARN of the user or role that Assay runs as"}
    if principal_arn is not None:
        principal["Default"] = principal_arn
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Lets Assay read the settings of this account, and nothing else",
        "Parameters": {
            "AssayPrincipal": principal,
            "ExternalId": {
                "Type": "String",
                "Default": external_id,
                "MinLength": 16,
                "Description": "Made by Assay for this company",
            },
            "RoleName": {"Type": "String", "Default": role_name},
        },
        "Resources": {
            "AssayRole": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": {"Ref": "RoleName"},
                    "Description": "Read-only role of Assay",
                    "MaxSessionDuration": 3600,
                    "AssumeRolePolicyDocument": _trust({"Ref": "AssayPrincipal"}, {"Ref": "ExternalId"}),
                    "Policies": [{"PolicyName": "AssayReadsSettings", "PolicyDocument": dict(policy)}],
                },
            }
        },
        "Outputs": {"RoleArn": {"Value": {"Fn::GetAtt": ["AssayRole", "Arn"]}}},
    }
    return json.dumps(template, indent=2) + "\n"


def terraform(
    policy: Mapping[str, Any], *, principal_arn: str, external_id: str, role_name: str = "AssayReadOnly"
) -> str:
    """Render the same role as Terraform."""
    trust = _trust(principal_arn, external_id)
    return f"""resource "aws_iam_role" "assay" {{
  name                 = {_hcl(role_name)}
  description          = "Read-only role of Assay"
  max_session_duration = 3600
  assume_role_policy   = jsonencode({_hcl(trust, 1)})
}}

resource "aws_iam_role_policy" "assay" {{
  name   = "AssayReadsSettings"
  role   = aws_iam_role.assay.id
  policy = jsonencode({_hcl(dict(policy), 1)})
}}

output "assay_role_arn" {{
  value = aws_iam_role.assay.arn
}}
"""


def _trust(principal: Any, external_id: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _sid(prefix: str) -> str:
    return "Read" + "".join(word.capitalize() for word in prefix.split("-"))


def _hcl(value: Any, depth: int = 0) -> str:
    """A value in Terraform's language: JSON's texts, but `=` in objects, and no `${` or `%{` that would be evaluated."""
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, Mapping):
        members = "".join(
            f"{inner}{_hcl(name)} = {_hcl(member, depth + 1)}\n" for name, member in value.items()
        )
        return f"{{\n{members}{outer}}}"
    if isinstance(value, list):
        return "[\n" + "".join(f"{inner}{_hcl(member, depth + 1)},\n" for member in value) + f"{outer}]"
    return json.dumps(value).replace("${", "$${").replace("%{", "%%{")
