"""The proxy spoils what it is told to, in the words of the service, spares the rest, and counts."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    PaginationError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from assay.demo.aws_server import AwsServer
from tests.fakes.aws_proxy import NINE_DENIALS, AwsProxy, paging_members, with_wrong_types

XML_AND_JSON = [
    ("s3", "ListBuckets", "list_buckets"),
    ("ec2", "DescribeVpcs", "describe_vpcs"),
    ("rds", "DescribeDBInstances", "describe_db_instances"),
    ("iam", "ListUsers", "list_users"),
    ("cloudfront", "ListDistributions", "list_distributions"),
    ("kms", "ListKeys", "list_keys"),
    ("lambda", "ListFunctions", "list_functions"),
    ("guardduty", "ListDetectors", "list_detectors"),
    ("cloudwatch", "DescribeAlarms", "describe_alarms"),
    ("sqs", "ListQueues", "list_queues"),
]
DENIED = {
    "ec2": "UnauthorizedOperation",
    "s3": "AccessDenied",
    "rds": "AccessDenied",
    "iam": "AccessDenied",
    "cloudfront": "AccessDenied",
}
THROTTLED = {
    "ec2": "RequestLimitExceeded",
    "s3": "SlowDown",
    "rds": "Throttling",
    "iam": "Throttling",
    "cloudfront": "Throttling",
}


@pytest.fixture(scope="module")
def server() -> Iterator[AwsServer]:
    with AwsServer() as aws:
        for name in ("one", "two"):
            s3 = aws.session().client("s3")
            s3.create_bucket(
                Bucket=f"bucket-{name}", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
            )
            aws.session().client("iam").create_user(UserName=name)
        yield aws


@pytest.fixture
def proxy(server: AwsServer) -> Iterator[AwsProxy]:
    with AwsProxy(server.endpoint) as one:
        yield one


def client(proxy: AwsProxy, service: str, region: str = "eu-central-1", patience: float = 60) -> Any:
    session = boto3.Session(aws_access_key_id="AKIATEST", aws_secret_access_key="unused", region_name=region)
    config = Config(retries={"max_attempts": 0}, read_timeout=patience, proxies={})
    return session.client(service, endpoint_url=proxy.endpoint, config=config)


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_nothing_told_nothing_changed(proxy: AwsProxy) -> None:
    names = [each["Name"] for each in client(proxy, "s3").list_buckets()["Buckets"]]
    assert names == ["bucket-one", "bucket-two"]
    client(proxy, "s3").put_object(Bucket="bucket-one", Key="a b/ü", Body=b"held")
    assert client(proxy, "s3").get_object(Bucket="bucket-one", Key="a b/ü")["Body"].read() == b"held"
    assert proxy.table() == [("s3", "GetObject", 1), ("s3", "ListBuckets", 1), ("s3", "PutObject", 1)]


@pytest.mark.parametrize(("service", "operation", "method"), XML_AND_JSON)
def test_denied_and_throttled_in_the_words_of_the_service(
    proxy: AwsProxy, service: str, operation: str, method: str
) -> None:
    proxy.deny(service, operation)
    with pytest.raises(ClientError) as denied:
        getattr(client(proxy, service), method)()
    proxy.mend().throttle(service, operation)
    with pytest.raises(ClientError) as throttled:
        getattr(client(proxy, service), method)()
    proxy.mend()
    getattr(client(proxy, service), method)()
    assert code_of(denied) == DENIED.get(service, "AccessDeniedException")
    assert code_of(throttled) == THROTTLED.get(service, "ThrottlingException")
    assert proxy.count(service, operation) == 3


@pytest.mark.parametrize(("service", "operation", "method"), XML_AND_JSON)
def test_pages_without_end(proxy: AwsProxy, service: str, operation: str, method: str) -> None:
    proxy.loop_pages(service, operation)
    with pytest.raises(PaginationError, match="the-same-page-again"):
        list(client(proxy, service).get_paginator(method).paginate())
    assert proxy.count(service, operation) == 2


def test_no_answer_half_an_answer_and_another_answer(proxy: AwsProxy) -> None:
    iam = client(proxy, "iam")
    proxy.drop("iam", "ListUsers")
    with pytest.raises(ConnectionClosedError):
        iam.list_users()
    proxy.mend().time_out("iam", "ListUsers")
    with pytest.raises(ReadTimeoutError):
        client(proxy, "iam", patience=0.2).list_users()
    for spoil in (proxy.truncate, proxy.cut_short, proxy.html, proxy.empty):
        proxy.mend()
        spoil("iam", "ListUsers")
        with pytest.raises(ResponseParserError):
            iam.list_users()
    proxy.mend().break_down("kms", "*", status=502)
    with pytest.raises(ClientError) as broken:
        client(proxy, "kms").list_keys()
    assert broken.value.response["ResponseMetadata"]["HTTPStatusCode"] == 502


def test_half_an_answer_is_announced_whole(proxy: AwsProxy, server: AwsServer) -> None:
    proxy.truncate("s3", "ListBuckets")
    scope = "Credential=AKIATEST/20261116/eu-central-1/s3/aws4_request"
    headers = {"Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"}
    connection = http.client.HTTPConnection(*proxy.endpoint.removeprefix("http://").split(":"), timeout=5)
    connection.request("GET", "/?x-id=ListBuckets", headers=headers)
    answer = connection.getresponse()
    with pytest.raises(http.client.IncompleteRead) as cut:
        answer.read()
    connection.close()
    assert len(cut.value.partial) == int(answer.headers["Content-Length"]) // 2


def test_faults_of_one_thing_one_region_and_some_calls(proxy: AwsProxy) -> None:
    s3 = client(proxy, "s3")
    proxy.deny("s3", "GetBucketVersioning", of="bucket-one")
    s3.get_bucket_versioning(Bucket="bucket-two")
    with pytest.raises(ClientError):
        s3.get_bucket_versioning(Bucket="bucket-one")
    proxy.deny("ec2", "*", region="us-east-1")
    client(proxy, "ec2").describe_vpcs()
    with pytest.raises(ClientError):
        client(proxy, "ec2", "us-east-1").describe_vpcs()
    proxy.deny("iam", "GetUser", of="two", after=1, times=1)
    answered = []
    for _ in range(3):
        try:
            answered.append(client(proxy, "iam").get_user(UserName="two")["User"]["UserName"])
        except ClientError as error:
            answered.append(error.response["Error"]["Code"])
    assert answered == ["two", "AccessDenied", "two"]


def test_all_permissions_lost_in_the_middle(proxy: AwsProxy) -> None:
    proxy.deny_after(2)
    client(proxy, "iam").list_users()
    client(proxy, "ec2").describe_vpcs()
    for service, _, method in XML_AND_JSON[:3]:
        with pytest.raises(ClientError) as denied:
            getattr(client(proxy, service), method)()
        assert code_of(denied) == DENIED[service]


def test_wrong_types() -> None:
    assert with_wrong_types(b'{"Keys": [{"a": 1}], "Truncated": false, "Name": "x", "More": {"n": 1.5}}') == (
        b'{"Keys": "perhaps", "Truncated": "perhaps", "Name": "x", "More": {"n": "perhaps"}}'
    )
    assert (
        with_wrong_types(b"<a><b>true</b><c>12</c><d>twelve</d></a>")
        == b"<a><b>perhaps</b><c>perhaps</c><d>twelve</d></a>"
    )


def test_counts_by_service_operation_and_region(proxy: AwsProxy) -> None:
    client(proxy, "ec2").describe_vpcs()
    client(proxy, "ec2", "us-east-1").describe_vpcs()
    client(proxy, "s3").get_bucket_tagging  # noqa: B018 - looked up, never called
    with pytest.raises(ClientError):
        client(proxy, "s3").get_bucket_tagging(Bucket="bucket-one")
    assert proxy.count("ec2") == 2
    assert proxy.count("ec2", region="us-east-1") == 1
    assert proxy.table() == [("ec2", "DescribeVpcs", 2), ("s3", "GetBucketTagging", 1)]
    assert proxy.forget().table() == []


def test_members_that_page_are_named_as_on_the_wire() -> None:
    assert paging_members("ec2", "DescribeVpcs") == {"nextToken": "the-same-page-again"}
    assert paging_members("rds", "DescribeDBInstances") == {"Marker": "the-same-page-again"}
    assert paging_members("iam", "ListUsers") == {"Marker": "the-same-page-again", "IsTruncated": True}
    assert paging_members("cloudfront", "ListDistributions") == {
        "NextMarker": "the-same-page-again",
        "IsTruncated": True,
    }


CALLS: dict[str, Any] = {
    "GetBucketEncryption": lambda aws: aws("s3").get_bucket_encryption(Bucket="bucket-one"),
    "GetBucketVersioning": lambda aws: aws("s3").get_bucket_versioning(Bucket="bucket-one"),
    "DescribeDBInstances": lambda aws: aws("rds").describe_db_instances(),
    "GenerateCredentialReport": lambda aws: aws("iam").generate_credential_report(),
    "GetCredentialReport": lambda aws: aws("iam").get_credential_report(),
    "GetAccountPasswordPolicy": lambda aws: aws("iam").get_account_password_policy(),
    "ListMFADevices": lambda aws: aws("iam").list_mfa_devices(UserName="one"),
    "ListVirtualMFADevices": lambda aws: aws("iam").list_virtual_mfa_devices(),
    "DescribeTrails": lambda aws: aws("cloudtrail").describe_trails(),
    "DescribeSecurityGroups": lambda aws: aws("ec2").describe_security_groups(),
    "GetKeyRotationStatus": lambda aws: aws("kms").get_key_rotation_status(KeyId="any"),
}


@pytest.mark.parametrize("named", NINE_DENIALS)
def test_the_nine_denials_reach_the_calls_they_name(proxy: AwsProxy, named: str) -> None:
    for service, operation in NINE_DENIALS[named]:
        proxy.deny(service, operation)
        with pytest.raises(ClientError, match=f"not authorized to perform: {service}:{operation}"):
            CALLS[operation](lambda service: client(proxy, service))
