"""Derivations: what a policy, a range of addresses or a trail's selectors say, case by case."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assay.tables.derivations import derivation, derivation_names, network, policy, time, trail
from assay.tables.shapes import iam, shape_names


def allow(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.mark.parametrize(
    ("statement", "everything"),
    [
        (allow(), True),
        (allow(["s3:Get*", "*"], ["arn:aws:s3:::a", "*"]), True),
        (allow("*:*"), True),
        (allow(Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}), True),
        (allow("s3:*"), False),
        (allow("*", "arn:aws:s3:::a/*"), False),
        ({"Effect": "Deny", "Action": "*", "Resource": "*"}, False),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, False),
        ({"Effect": "Allow", "NotAction": [], "Resource": "*"}, True),
    ],
)
def test_allows_everything(statement: dict[str, Any], everything: bool) -> None:
    assert policy.allows_everything(document(statement)) is everything
    assert policy.allows_everything({"Statement": statement}) is everything
    assert policy.allows_everything(json.dumps(document(statement))) is everything


def test_two_statements_that_each_allow_a_half_do_not_allow_everything() -> None:
    assert policy.allows_everything(document(allow("*", "arn:aws:s3:::a"), allow("s3:Get*", "*"))) is False


@pytest.mark.parametrize(
    "malformed",
    [
        "not JSON",
        5,
        "[]",
        {"Statement": "x"},
        {"Statement": [{"Effect": "Allow", "Action": 5, "Resource": "*"}]},
    ],
)
def test_a_malformed_policy_is_never_read_as_harmless(malformed: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        policy.allows_everything(malformed)


@pytest.mark.parametrize(
    ("statement", "kms"),
    [
        (allow("kms:*"), True),
        (allow("KMS:*"), True),
        (allow("kms:*", "arn:aws:kms:*:*:key/*"), True),
        (allow("kms:*", "arn:aws:kms:eu-west-1:111122223333:key/*"), False),
        (allow("kms:Decrypt"), False),
        (allow("k*"), True),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, True),
        ({"Effect": "Allow", "NotAction": "kms:ScheduleKeyDeletion", "Resource": "*"}, False),
    ],
)
def test_allows_all_kms(statement: dict[str, Any], kms: bool) -> None:
    assert policy.allows_all_kms(document(statement)) is kms


def test_allows_all_cloudtrail() -> None:
    assert policy.allows_all_cloudtrail(document(allow("cloudtrail:*"))) is True
    assert policy.allows_all_cloudtrail(document(allow("cloudtrail:Describe*"))) is False


@pytest.mark.parametrize(
    ("statements", "paths"),
    [
        ([allow("iam:CreatePolicyVersion")], ["add a policy version"]),
        ([allow("iam:PassRole"), allow("ec2:RunInstances")], ["pass a role to an instance"]),
        ([allow("iam:PassRole")], []),
        ([allow("iam:PassRole", "arn:aws:iam::111122223333:role/app"), allow("ec2:RunInstances")], []),
        ([allow(["iam:Get*", "iam:List*"])], []),
        ([allow("iam:AddUserToGroup"), {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}], []),
        ([allow("iam:addusertogroup")], ["join a group"]),
    ],
)
def test_escalation_paths(statements: list[dict[str, Any]], paths: list[str]) -> None:
    assert policy.escalation_paths(document(*statements)) == paths


def public(**more: Any) -> dict[str, Any]:
    return document(
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": "arn:aws:s3:::a/*",
            **more,
        }
    )


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:SourceAccount": "111122223333"}},
        {"StringLike": {"aws:PrincipalOrgID": "o-abc"}},
        {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}},
        {"ForAnyValue:StringEquals": {"aws:PrincipalOrgPaths": ["o-abc/*"]}},
        {"ArnLike": {"AWS:SourceArn": "arn:aws:s3:::b"}, "Bool": {"aws:SecureTransport": "true"}},
    ],
)
def test_a_condition_that_limits_who_asks_makes_it_not_public(condition: dict[str, Any]) -> None:
    assert policy.public_actions(public(Condition=condition)) == []


@pytest.mark.parametrize(
    "condition",
    [
        None,
        {"Bool": {"aws:SecureTransport": "true"}},
        {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
        {"StringEqualsIfExists": {"aws:SourceAccount": "111122223333"}},
        {"StringNotEquals": {"aws:SourceAccount": "111122223333"}},
        {"StringLike": {"aws:PrincipalArn": "*"}},
        {"StringEquals": {"aws:SourceAccount": ["111122223333", "*"]}},
        {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-abc"}},
        "odd",
    ],
)
def test_a_condition_that_everybody_can_meet_leaves_it_public(condition: Any) -> None:
    assert policy.public_actions(public(Condition=condition)) == ["s3:GetObject", "s3:PutObject"]


@pytest.mark.parametrize(
    ("principal", "actions"),
    [
        ({"Principal": {"AWS": "*"}}, ["s3:GetObject"]),
        ({"Principal": {"AWS": ["arn:aws:iam::111122223333:root", "*"]}}, ["s3:GetObject"]),
        ({"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}}, ["s3:GetObject"]),
        ({"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}, []),
        ({"Principal": {"Service": "cloudtrail.amazonaws.com"}}, []),
        ({"Principal": {"CanonicalUser": "*"}}, []),
    ],
)
def test_who_is_the_public(principal: dict[str, Any], actions: list[str]) -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **principal}
    assert policy.public_actions(document(statement)) == actions
    assert policy.open_trust(document(statement)) is bool(actions)


def test_not_action_for_everybody_is_public_in_all_the_rest() -> None:
    statement = {"Effect": "Allow", "Principal": "*", "NotAction": "s3:DeleteObject", "Resource": "*"}
    assert policy.public_actions(document(statement)) == ["*"]


def tls(**more: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return document({**statement, **more})


@pytest.mark.parametrize(
    ("more", "denied"),
    [
        ({}, True),
        ({"Condition": {"Bool": {"aws:SecureTransport": False}}}, True),
        ({"Condition": {"BoolIfExists": {"aws:securetransport": ["false"]}}}, True),
        ({"Principal": {"AWS": "*"}}, True),
        ({"Action": "*"}, True),
        ({"Action": "s3:GetObject"}, False),
        ({"Effect": "Allow"}, False),
        ({"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}, False),
        ({"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, False),
        (
            {
                "Condition": {
                    "Bool": {"aws:SecureTransport": "false"},
                    "StringEquals": {"aws:SourceVpc": "vpc-1"},
                }
            },
            False,
        ),
        (
            {"Condition": {"Bool": {"aws:SecureTransport": "false", "aws:MultiFactorAuthPresent": "false"}}},
            False,
        ),
    ],
)
def test_denies_without_tls(more: dict[str, Any], denied: bool) -> None:
    assert policy.denies_without_tls(tls(**more)) is denied


def test_accounts_and_services_that_a_trust_names() -> None:
    principals = {
        "AWS": ["arn:aws:iam::444455556666:role/ci", "111122223333", "AIDAEXAMPLE"],
        "Service": ["ec2.amazonaws.com"],
    }
    trust = document({"Effect": "Allow", "Principal": principals, "Action": "sts:AssumeRole"})
    assert policy.outside_accounts(trust, "111122223333") == ["444455556666"]
    assert policy.outside_principals(trust, "111122223333") == ["arn:aws:iam::444455556666:role/ci"]
    assert policy.trusted_services(trust) == ["ec2.amazonaws.com"]


def test_a_bucket_that_receives_a_trail() -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::a/*",
    }
    assert policy.receives_trail(document(statement)) is True
    assert policy.receives_trail(document({**statement, "Action": "s3:GetBucketAcl"})) is False
    assert policy.receives_trail(public(Action="s3:GetObject")) is False
    assert policy.receives_trail(public(Action="s3:PutObject")) is True


@pytest.mark.parametrize(
    ("cidr", "whole", "is_public", "prefix"),
    [
        ("0.0.0.0/0", True, True, 0),
        ("::/0", True, True, 0),
        ("10.0.0.0/8", False, False, 8),
        ("8.8.8.8/32", False, True, 32),
        ("8.0.0.1/8", False, True, 8),
        ("fd00::/8", False, False, 8),
        ("100.64.0.0/16", False, False, 16),
        ("100.0.0.0/8", False, True, 8),
    ],
)
def test_ranges(cidr: str, whole: bool, is_public: bool, prefix: int) -> None:
    assert (network.is_whole_internet(cidr), network.is_public(cidr), network.prefix_length(cidr)) == (
        whole,
        is_public,
        prefix,
    )


@pytest.mark.parametrize("cidr", ["", "internet", 0, None, ["0.0.0.0/0"]])
def test_what_is_no_range_is_refused(cidr: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        network.is_public(cidr)


def test_instants_out_of_numbers() -> None:
    assert (
        time.from_milliseconds(1_700_000_000_000)
        == time.from_seconds(1_700_000_000)
        == "2023-11-14T22:13:20Z"
    )
    with pytest.raises(ValueError, match="beyond the calendar"):
        time.from_seconds(10**20)


def basic(**more: Any) -> dict[str, Any]:
    return {
        "EventSelectors": [
            {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": [], **more}
        ]
    }


def advanced(**fields: list[str]) -> dict[str, Any]:
    listed = [{"Field": name.replace("__", "."), "Equals": values} for name, values in fields.items()]
    return {"AdvancedEventSelectors": [{"FieldSelectors": listed}]}


@pytest.mark.parametrize(
    ("selectors", "reads", "writes"),
    [
        (basic(), True, True),
        (basic(ReadWriteType="WriteOnly"), False, True),
        (basic(IncludeManagementEvents=False), False, False),
        (advanced(eventCategory=["Management"]), True, True),
        (advanced(eventCategory=["Management"], readOnly=["true"]), True, False),
        (advanced(eventCategory=["Management"], eventSource=["kms.amazonaws.com"]), False, False),
        (advanced(eventCategory=["Data"]), False, False),
        ({}, False, False),
    ],
)
def test_management_events(selectors: dict[str, Any], reads: bool, writes: bool) -> None:
    assert (trail.management_reads(selectors), trail.management_writes(selectors)) == (reads, writes)


def test_object_writes() -> None:
    resources = [
        {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::b/", "arn:aws:s3:::a/"]},
        {"Type": "AWS::Lambda::Function", "Values": ["x"]},
    ]
    assert trail.object_writes_of(basic(DataResources=resources)) == ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]
    assert trail.object_writes_of(basic(DataResources=resources, ReadWriteType="ReadOnly")) == []
    assert trail.object_writes_of(
        basic(DataResources=[{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}])
    ) == ["*"]
    data = {"eventCategory": ["Data"], "resources__type": ["AWS::S3::Object"]}
    assert trail.object_writes_of(advanced(**data)) == ["*"]
    assert trail.object_writes_of(advanced(**data, resources__ARN=["arn:aws:s3:::a/"])) == ["arn:aws:s3:::a/"]
    assert trail.object_writes_of(advanced(**data, readOnly=["true"])) == []
    assert trail.object_writes_of(advanced(**data, eventName=["PutObject"])) == []


def test_iam_answers_are_cut_into_principals_policies_and_attachments() -> None:
    user = {
        "Arn": "arn:aws:iam::111122223333:user/ben",
        "UserName": "ben",
        "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": document(allow())}],
        "AttachedManagedPolicies": [{"PolicyName": "Admin", "PolicyArn": "arn:aws:iam::aws:policy/Admin"}],
        "PermissionsBoundary": {"PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/Bound"},
    }
    versions = [{"IsDefaultVersion": False, "Document": "old"}, {"IsDefaultVersion": True, "Document": "new"}]
    used = {
        "Arn": "arn:aws:iam::aws:policy/Admin",
        "PolicyName": "Admin",
        "AttachmentCount": 1,
        "PolicyVersionList": versions,
    }
    unused = {**used, "Arn": "arn:aws:iam::aws:policy/Other", "AttachmentCount": 0}
    own = {**unused, "Arn": "arn:aws:iam::111122223333:policy/Bound"}
    answer = {
        "UserDetailList": [user],
        "GroupDetailList": [],
        "RoleDetailList": [],
        "Policies": [used, unused, own],
    }
    assert [(one["Kind"], one["Name"]) for one in iam.principals(answer)] == [("user", "ben")]
    assert [(one["Arn"], one["Kind"], one["Document"]) for one in iam.policies(answer)] == [
        ("arn:aws:iam::aws:policy/Admin", "aws", "new"),
        ("arn:aws:iam::111122223333:policy/Bound", "customer", "new"),
        ("arn:aws:iam::111122223333:user/ben#own", "inline", document(allow())),
    ]
    assert [(one["PolicyArn"], one["How"]) for one in iam.attachments(answer)] == [
        ("arn:aws:iam::aws:policy/Admin", "attached"),
        ("arn:aws:iam::111122223333:user/ben#own", "inline"),
        ("arn:aws:iam::111122223333:policy/Bound", "boundary"),
    ]


def test_derivations_and_shapes_are_found_by_place() -> None:
    assert "policy.allows_everything" in derivation_names()
    assert "policy.json" not in derivation_names()
    assert {"iam.attachments", "iam.policies", "iam.principals"} <= set(shape_names())
    assert derivation("policy.outside_accounts")(document(), account="111122223333", region="") == []
