"""The demonstration's AWS as a server: one account, its regions, its clock, and an end to it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from assay.demo.aws_server import ACCOUNT, AwsServer, AwsServerError, AwsSession

NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def session() -> Iterator[AwsSession]:
    with AwsServer() as aws:
        yield aws.session()


def test_one_account_and_three_regions(session: AwsSession) -> None:
    assert session.client("sts").get_caller_identity()["Account"] == ACCOUNT
    regions = session.client("ec2").describe_regions()["Regions"]
    assert [each["RegionName"] for each in regions] == ["eu-central-1", "us-east-1", "eu-west-1"]


def test_the_clock_dates_both_things_and_answers(session: AwsSession) -> None:
    session.set_clock(NOON - timedelta(days=400))
    made = session.client("iam").create_user(UserName="ben")
    assert made["User"]["CreateDate"] == NOON - timedelta(days=400)
    assert made["ResponseMetadata"]["HTTPHeaders"]["date"] == "Sun, 12 Oct 2025 12:00:00 GMT"
    session.set_clock(NOON)


def test_root_is_shown_as_it_was_set(session: AwsSession) -> None:
    session.set(
        "root", mfa=True, access_key=False, created="2021-03-01T00:00:00Z", last_used="2026-02-03T04:05:06Z"
    )
    iam = session.client("iam")
    iam.generate_credential_report()
    rows = iam.get_credential_report()["Content"].decode().splitlines()
    root = dict(zip(rows[0].split(","), rows[1].split(","), strict=True))
    assert (root["user"], root["mfa_active"], root["access_key_1_active"], root["password_last_used"]) == (
        "<root_account>",
        "true",
        "false",
        "2026-02-03T04:05:06+00:00",
    )
    summary = iam.get_account_summary()["SummaryMap"]
    assert (summary["AccountMFAEnabled"], summary["AccountAccessKeysPresent"]) == (1, 0)


def test_last_use_of_a_password_and_of_a_key(session: AwsSession) -> None:
    iam = session.client("iam")
    iam.create_user(UserName="dev")
    iam.create_login_profile(UserName="dev", Password="Demo-password-2026")
    session.set("sign-in", user="dev", at="2026-11-01T00:00:00Z")
    key = iam.create_access_key(UserName="dev")["AccessKey"]
    session.set_clock(NOON - timedelta(days=9))
    session.client("sts", key=key).get_caller_identity()
    session.set_clock(NOON)
    assert iam.get_user(UserName="dev")["User"]["PasswordLastUsed"] == datetime(2026, 11, 1, tzinfo=UTC)
    used = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["AccessKeyLastUsed"]
    assert (used["LastUsedDate"], used["ServiceName"]) == (NOON - timedelta(days=9), "sts")


def test_calls_that_moto_lacks_are_answered_by_region_and_by_thing(session: AwsSession) -> None:
    analyzers = session.client("accessanalyzer")
    assert analyzers.list_analyzers()["analyzers"] == []
    standing = {
        "arn": "arn:one",
        "name": "one",
        "type": "ACCOUNT",
        "status": "ACTIVE",
        "createdAt": "2026-01-01T00:00:00Z",
    }
    session.set_unserved("accessanalyzer", "ListAnalyzers", "us-east-1", {"analyzers": [standing]})
    assert analyzers.list_analyzers()["analyzers"] == []
    assert (
        session.client("accessanalyzer", "us-east-1").list_analyzers()["analyzers"][0]["status"] == "ACTIVE"
    )
    waf, web_acl = session.client("wafv2"), "arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/{}/1"
    session.set_unserved(
        "wafv2",
        "ListResourcesForWebACL",
        "eu-central-1",
        {"ResourceArns": ["arn:lb"]},
        of=web_acl.format("a"),
    )
    assert waf.list_resources_for_web_acl(WebACLArn=web_acl.format("a"))["ResourceArns"] == ["arn:lb"]
    assert waf.list_resources_for_web_acl(WebACLArn=web_acl.format("b"))["ResourceArns"] == []


@pytest.mark.parametrize(
    ("service", "method"), [("ssm", "describe_patch_groups"), ("iam", "list_organizations_features")]
)
def test_what_nobody_answers_is_refused_in_the_services_own_words(
    session: AwsSession, service: str, method: str
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(session.client(service), method)()
    assert refused.value.response["Error"]["Code"] == "NotImplemented"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_a_permission_taken_away(session: AwsSession) -> None:
    session.set("deny", service="kms", operation="GetKeyRotationStatus")
    kms = session.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    with pytest.raises(ClientError) as refused:
        kms.get_key_rotation_status(KeyId=key)
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyId"] == key


def test_buckets_are_listed_by_page_with_their_region(session: AwsSession) -> None:
    here, there = session.client("s3"), session.client("s3", "us-east-1")
    for name in ("c-logs", "a-logs"):
        here.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    there.create_bucket(Bucket="b-logs")
    pages = list(here.get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": 2}))
    assert [[(each["Name"], each["BucketRegion"]) for each in page["Buckets"]] for page in pages] == [
        [("a-logs", "eu-central-1"), ("b-logs", "us-east-1")],
        [("c-logs", "eu-central-1")],
    ]


def test_each_server_is_a_world_of_its_own_and_ends_when_stopped() -> None:
    server = AwsServer(regions=("eu-north-1",))
    with server as aws:
        assert [each["RegionName"] for each in aws.session().client("ec2").describe_regions()["Regions"]] == [
            "eu-north-1"
        ]
        assert aws.session().client("iam").list_users()["Users"] == []
        port = int(aws.endpoint.rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
    server.stop()


def test_a_builder_that_cannot_be_found_is_said() -> None:
    with pytest.raises(AwsServerError, match=r"did not start: ModuleNotFoundError.*nowhere"):
        AwsServer(build="nowhere:build").start()
