"""The printed role, made by CloudFormation: in one account by a stack, in an organization by a StackSet; it may do what the tables need, and no more."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.validate import ParamValidator
from click.testing import CliRunner

from assay.cli.root import assay
from assay.content_tree import Content
from assay.demo.aws_server import ACCOUNT, AwsServer, AwsSession
from assay.tables import load_tables
from assay.tables.permissions import least_privilege

PRINCIPAL = "arn:aws:iam::999988887777:role/assay"
GUIDE = Path(__file__).parents[2] / "docs/guide/connecting.md"
LONGEST_TEMPLATE = 51_200
"""Bytes of a template given with the request (AWS CloudFormation User Guide, quotas)."""
LONGEST_ROLE_POLICY = 10_240
"""Characters, white space apart, of all the policies written into one role (IAM User Guide, quotas)."""


@pytest.fixture(scope="module")
def aws() -> Iterator[AwsSession]:
    with AwsServer() as server:
        yield server.session()


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    home = str(tmp_path_factory.mktemp("company") / "home")
    command = ["connect", "aws", "--print-policy", "cloudformation", "--principal", PRINCIPAL]
    for arguments in (["init", "--name", "Northwind Metrics"], command):
        done = CliRunner().invoke(assay, ["--home", home, *arguments])
        assert done.exit_code == 0, done.stderr
    return done.stdout


def derived() -> dict[str, Any]:
    specs = load_tables(Content.shipped()).values()
    return least_privilege(spec for spec in specs if spec.source == "aws" and spec.needs is None)


def test_the_template_is_a_role_with_three_parameters_and_the_derived_rights(printed: str) -> None:
    template = json.loads(printed)
    parameters = template["Parameters"]
    assert {name: one["Type"] for name, one in parameters.items()} == {
        "AssayPrincipal": "String",
        "ExternalId": "String",
        "RoleName": "String",
    }
    assert (parameters["RoleName"]["Default"], parameters["AssayPrincipal"]["Default"]) == (
        "AssayReadOnly",
        PRINCIPAL,
    )
    assert len(parameters["ExternalId"]["Default"]) == 32
    [resource] = template["Resources"].values()
    assert resource["Type"] == "AWS::IAM::Role"
    assert [one["PolicyDocument"] for one in resource["Properties"]["Policies"]] == [derived()]


def test_the_template_and_the_rights_are_within_what_aws_takes(printed: str) -> None:
    assert len(printed.encode()) <= LONGEST_TEMPLATE
    assert len("".join(json.dumps(derived()).split())) <= LONGEST_ROLE_POLICY


def test_the_role_that_comes_of_it_is_the_one_that_connect_takes_on(printed: str, aws: AwsSession) -> None:
    """The resource with its parameters filled in, made in an account: IAM takes both policies, and they say what was printed."""
    template = json.loads(printed)
    [resource] = template["Resources"].values()
    role = filled(
        resource["Properties"], {name: one["Default"] for name, one in template["Parameters"].items()}
    )
    iam = aws.client("iam")
    made = iam.create_role(
        RoleName=role["RoleName"],
        Description=role["Description"],
        MaxSessionDuration=role["MaxSessionDuration"],
        AssumeRolePolicyDocument=json.dumps(role["AssumeRolePolicyDocument"]),
    )["Role"]
    [written] = role["Policies"]
    iam.put_role_policy(
        RoleName=role["RoleName"],
        PolicyName=written["PolicyName"],
        PolicyDocument=json.dumps(written["PolicyDocument"]),
    )
    assert (made["Arn"], made["MaxSessionDuration"]) == (f"arn:aws:iam::{ACCOUNT}:role/AssayReadOnly", 3600)
    [trusting] = iam.get_role(RoleName="AssayReadOnly")["Role"]["AssumeRolePolicyDocument"]["Statement"]
    assert trusting == {
        "Effect": "Allow",
        "Principal": {"AWS": PRINCIPAL},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": template["Parameters"]["ExternalId"]["Default"]}},
    }
    kept = iam.get_role_policy(RoleName="AssayReadOnly", PolicyName="AssayReadsSettings")["PolicyDocument"]
    assert _actions(kept) == _actions(derived())


def filled(value: Any, parameters: dict[str, str]) -> Any:
    """Give a part of a template with `Ref` to a parameter filled in, as CloudFormation does."""
    if isinstance(value, dict):
        if value.keys() == {"Ref"}:
            return parameters[value["Ref"]]
        return {name: filled(member, parameters) for name, member in value.items()}
    return [filled(one, parameters) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "operation", ["activate-organizations-access", "create-stack-set", "create-stack-instances"]
)
def test_the_guide_shows_how_a_stack_set_is_made_in_words_that_cloudformation_takes(operation: str) -> None:
    [line] = [
        one for one in GUIDE.read_text().splitlines() if one.startswith(f"    aws cloudformation {operation}")
    ]
    options = shlex.split(line)[3:]
    asked = {name.removeprefix("--"): value for name, value in zip(options[::2], options[1::2], strict=True)}
    client = boto3.client(
        "cloudformation", "us-east-1", aws_access_key_id="none", aws_secret_access_key="none"
    )
    model = client.meta.service_model.operation_model("".join(map(str.capitalize, operation.split("-"))))
    members = {xform_name(name, "-"): (name, shape) for name, shape in model.input_shape.members.items()}
    request = {members[name][0]: read(value, members[name][1]) for name, value in asked.items()}
    report = ParamValidator().validate(request, model.input_shape)
    assert not report.has_errors(), report.generate_report()
    if operation == "create-stack-set":
        assert request["PermissionModel"] == "SERVICE_MANAGED"
        assert request["Capabilities"] == ["CAPABILITY_NAMED_IAM"]
        assert request["AutoDeployment"] == {"Enabled": True, "RetainStacksOnAccountRemoval": False}
    if operation == "create-stack-instances":
        assert len(request["Regions"]) == 1


def read(text: str, shape: Any) -> Any:
    """Give a value as the AWS command line reads it: a list of one, `Name=value,Name=value`, a word of a closed set, or a text."""
    match shape.type_name:
        case "list":
            return [read(text, shape.member)]
        case "structure":
            pairs = (pair.split("=", 1) for pair in text.split(","))
            return {name: read(value, shape.members[name]) for name, value in pairs}
        case "boolean":
            return {"true": True, "false": False}[text]
        case _:
            assert not shape.enum or text in shape.enum
            return text


def _actions(policy: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for statement in policy["Statement"]:
        found.setdefault(statement["Effect"], set()).update(statement["Action"])
    return found
