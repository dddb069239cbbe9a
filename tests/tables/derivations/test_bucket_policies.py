"""What a bucket's policy says: who writes, who comes from outside, and whether all of it needs TLS."""

from __future__ import annotations

from typing import Any

import pytest

from assay.tables.derivations import policy, trail

OURS = "111122223333"
PARTNER = "444455556666"
BUCKET, OBJECTS = "arn:aws:s3:::a", "arn:aws:s3:::a/*"


def allow(**more: Any) -> dict[str, Any]:
    return {
        "Statement": {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:PutObject",
            "Resource": OBJECTS,
            **more,
        }
    }


@pytest.mark.parametrize(
    ("more", "writes"),
    [
        ({}, ["s3:PutObject"]),
        ({"Action": ["s3:GetObject", "s3:ListBucket"]}, []),
        ({"Action": "s3:Del*ObjectV*"}, ["s3:DeleteObjectVersion"]),
        ({"Action": "S3:PUTOBJECT"}, ["s3:PutObject"]),
        ({"Action": "s3:PutObject?cl"}, ["s3:PutObjectAcl"]),
        ({"Principal": {"AWS": PARTNER}}, []),
        ({"Effect": "Deny"}, []),
        ({"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, []),
        ({"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}}, ["s3:PutObject"]),
        ({"Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}}, ["s3:PutObject"]),
    ],
)  # fmt: skip
def test_public_writes(more: dict[str, Any], writes: list[str]) -> None:
    assert policy.public_writes(allow(**more)) == writes


def test_not_action_leaves_the_writes_that_it_does_not_name() -> None:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "NotAction": ["s3:Put*", "s3:Delete*"],
        "Resource": OBJECTS,
    }
    assert policy.public_writes({"Statement": statement}) == [
        "s3:AbortMultipartUpload",
        "s3:BypassGovernanceRetention",
        "s3:ReplicateDelete",
        "s3:ReplicateObject",
    ]


def tls(*resources: Any) -> dict[str, Any]:
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Statement": [{**deny, "Resource": resource} for resource in resources]}


@pytest.mark.parametrize(
    ("resources", "denied"),
    [
        ([[BUCKET, OBJECTS]], True),
        ([BUCKET, OBJECTS], True),
        (["*"], True),
        ([f"{BUCKET}*"], True),
        ([OBJECTS], False),
        ([BUCKET], False),
        ([[BUCKET, f"{BUCKET}/private/*"]], False),
    ],
)
def test_tls_is_needed_for_bucket_and_objects(resources: list[Any], denied: bool) -> None:
    assert policy.denies_without_tls(tls(*resources)) is denied


@pytest.mark.parametrize(
    ("more", "accounts"),
    [
        ({"Principal": {"AWS": [PARTNER, OURS]}}, [PARTNER]),
        ({"Condition": {"StringEquals": {"aws:PrincipalAccount": [PARTNER, OURS]}}}, [PARTNER]),
        ({"Condition": {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{PARTNER}:role/x"}}}, [PARTNER]),
        ({"Condition": {"StringNotEquals": {"aws:PrincipalAccount": PARTNER}}}, []),
        ({"Condition": {"StringEquals": {"aws:SourceAccount": PARTNER}}}, []),
        ({"Principal": {"Service": "cloudtrail.amazonaws.com"}}, []),
        ({"Effect": "Deny", "Principal": {"AWS": PARTNER}}, []),
    ],
)
def test_outside_accounts(more: dict[str, Any], accounts: list[str]) -> None:
    assert policy.outside_accounts(allow(**more), OURS) == accounts


def test_object_writes_by_the_beginning_of_an_arn() -> None:
    def selected(**arns: list[str]) -> dict[str, Any]:
        fields = {"eventCategory": {"Equals": ["Data"]}, "resources.type": {"Equals": ["AWS::S3::Object"]}}
        listed = [{"Field": name, **said} for name, said in {**fields, "resources.ARN": arns}.items()]
        return {"AdvancedEventSelectors": [{"FieldSelectors": listed}]}

    assert trail.object_writes_of(selected(StartsWith=["arn:aws:s3:::acme-"])) == ["arn:aws:s3:::acme-*"]
    assert trail.object_writes_of(selected(Equals=["arn:aws:s3:::a/b"])) == ["arn:aws:s3:::a/b"]
    assert trail.object_writes_of(selected(NotStartsWith=["arn:aws:s3:::a/"])) == []
