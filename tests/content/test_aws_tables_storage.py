"""The tables of secrets, logs, alarms, topics, Config and where buckets lie, over moto's server: what is built there comes out as these rows."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assay.content_tree import Content
from assay.demo.aws_server import AwsServer
from assay.tables import load_tables

sys.path.insert(0, str(Path(__file__).parents[1] / "collectors"))

import aws_small_world
from aws_small_world import ACCOUNT, HOME, OTHER, Collected, collected

TABLES = (
    "aws_secret",
    "aws_log_group",
    "aws_metric_filter",
    "aws_cloudwatch_alarm",
    "aws_sns_topic",
    "aws_config_recorder",
    "aws_s3_bucket",
    "aws_s3_bucket_region",
    "aws_cloudtrail",
)
MADE = datetime(2026, 1, 10, 8, tzinfo=UTC)
ROOT = '{ $.userIdentity.type = "Root" && $.eventType != "AwsServiceEvent" }'
TOPIC = f"arn:aws:sns:{HOME}:{ACCOUNT}:security"


def build(server: AwsServer) -> None:
    """A secret, a trail that sends to a watched log group, a recorder, and buckets in two regions."""
    session = server.session()
    session.set_clock(MADE)
    secrets = session.client("secretsmanager", HOME)
    secrets.create_secret(
        Name="prod/api/database",
        SecretString="planted-value",
        Description="planted-words",
        Tags=[{"Key": "owner", "Value": "planted-tag"}, {"Key": "rotation", "Value": "manual"}],
    )
    session.set_clock(MADE.replace(day=20))
    secrets.tag_resource(SecretId="prod/api/database", Tags=[{"Key": "team", "Value": "planted-tag"}])
    _watching(session)
    config = session.client("config", HOME)
    config.put_configuration_recorder(
        ConfigurationRecorder={
            "name": "default",
            "roleARN": f"arn:aws:iam::{ACCOUNT}:role/config",
            "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
        }
    )
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "acme-logs"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")


def _watching(session: Any) -> None:
    logs, watch = session.client("logs", HOME), session.client("cloudwatch", HOME)
    logs.create_log_group(logGroupName="/trail")
    logs.put_retention_policy(logGroupName="/trail", retentionInDays=400)
    logs.create_log_group(logGroupName="/ecs/api")
    counted = {"metricName": "root", "metricNamespace": "Audit", "metricValue": "1"}
    logs.put_metric_filter(
        logGroupName="/trail", filterName="root", filterPattern=ROOT, metricTransformations=[counted]
    )
    sns = session.client("sns", HOME)
    assert sns.create_topic(Name="security")["TopicArn"] == TOPIC
    sns.subscribe(TopicArn=TOPIC, Protocol="email", Endpoint="planted-mail@example.com")
    watch.put_metric_alarm(
        AlarmName="root",
        AlarmDescription="planted-words",
        MetricName="root",
        Namespace="Audit",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[TOPIC],
    )
    _buckets(session)
    session.client("cloudtrail", HOME).create_trail(
        Name="audit",
        S3BucketName="acme-logs",
        IsMultiRegionTrail=True,
        CloudWatchLogsLogGroupArn=f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:/trail:*",
        CloudWatchLogsRoleArn=f"arn:aws:iam::{ACCOUNT}:role/trail",
    )


def _buckets(session: Any) -> None:
    there = {"CreateBucketConfiguration": {"LocationConstraint": HOME}}
    s3 = session.client("s3", HOME)
    s3.create_bucket(Bucket="acme-logs", **there)
    s3.create_bucket(Bucket="acme-exports", **there)
    session.client("s3", OTHER).create_bucket(Bucket="acme-copy")
    trail = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": ["s3:PutObject", "s3:GetBucketAcl"],
        "Resource": ["arn:aws:s3:::acme-logs", "arn:aws:s3:::acme-logs/*"],
    }
    anyone = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:Put*",
        "Resource": "arn:aws:s3:::acme-exports/*",
    }
    for bucket, statement in (("acme-logs", trail), ("acme-exports", anyone)):
        s3.put_bucket_policy(
            Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": statement})
        )
    rules = [
        {"ID": "drafts", "Status": "Enabled", "Filter": {"Prefix": "drafts/"}, "Expiration": {"Days": 1}},
        {
            "ID": "all",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "Expiration": {"Days": 30},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
        },
    ]
    s3.put_bucket_tagging(Bucket="acme-exports", Tagging={"TagSet": [{"Key": "retention", "Value": "short"}]})
    s3.put_bucket_lifecycle_configuration(Bucket="acme-exports", LifecycleConfiguration={"Rules": rules})


@pytest.fixture(scope="module")
def seen() -> Iterator[Collected]:
    specs = load_tables(Content.shipped())
    with pytest.MonkeyPatch.context() as patch, AwsServer() as server:
        patch.setattr(aws_small_world, "AWS", specs)
        patch.setattr(
            aws_small_world,
            "PARAMETERS",
            {"rotation_exempt_tag": "rotation:manual", "retention_tag": "retention", "recovery_tag": "backup:required"},
        )  # fmt: skip
        build(server)
        yield collected(server.endpoint, *TABLES)


def one(found: Collected, table: str, *columns: str, region: str = HOME) -> tuple[Any, ...]:
    (row,) = found.rows(table, region)
    return tuple(row[column] for column in columns)


def test_nothing_is_missed(seen: Collected) -> None:
    assert seen.gaps() == []


def test_a_secret(seen: Collected) -> None:
    assert one(seen, "aws_secret", "name", "rotates", "owning_service", "tags", "last_read") == (
        "prod/api/database",
        False,
        None,
        ["rotation:manual"],
        None,
    )
    (since,) = one(seen, "aws_secret", "value_since")
    assert since == MADE.replace(tzinfo=None)


def test_log_groups(seen: Collected) -> None:
    assert [
        (row["name"], row["retention_days"], row["class"], row["kms_key"], row["key"])
        for row in seen.rows("aws_log_group", HOME)
    ] == [
        ("/ecs/api", None, "STANDARD", None, f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:/ecs/api"),
        ("/trail", 400, "STANDARD", None, f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:/trail"),
    ]


def test_a_metric_filter(seen: Collected) -> None:
    columns = ("name", "log_group", "pattern", "watches", "metric", "namespace", "by_dimension")
    assert one(seen, "aws_metric_filter", *columns) == (
        "root",
        "/trail",
        ROOT,
        ["root_use"],
        "root",
        "Audit",
        False,
    )


def test_an_alarm(seen: Collected) -> None:
    columns = ("name", "acts", "actions", "metric", "namespace", "dimensions", "statistic", "comparison")
    assert one(seen, "aws_cloudwatch_alarm", *columns) == (
        "root",
        True,
        [TOPIC],
        "root",
        "Audit",
        [],
        "Sum",
        "GreaterThanOrEqualToThreshold",
    )
    assert one(seen, "aws_cloudwatch_alarm", "threshold", "periods", "periods_over") == (Decimal(1), 1, None)


def test_a_topic(seen: Collected) -> None:
    assert one(seen, "aws_sns_topic", "arn", "kms_key", "confirmed_subscribers") == (TOPIC, None, 1)


def test_a_recorder(seen: Collected) -> None:
    columns = ("name", "all_types", "global_types", "left_out", "frequency", "recording")
    assert one(seen, "aws_config_recorder", *columns) == ("default", True, True, [], "CONTINUOUS", True)


def test_where_buckets_lie(seen: Collected) -> None:
    assert [(row["key"], row["arn"], row["bucket_region"]) for row in seen.rows("aws_s3_bucket_region")] == [
        ("arn:aws:s3:::acme-copy", "arn:aws:s3:::acme-copy", OTHER),
        ("arn:aws:s3:::acme-exports", "arn:aws:s3:::acme-exports", HOME),
        ("arn:aws:s3:::acme-logs", "arn:aws:s3:::acme-logs", HOME),
    ]
    assert sum(call.call == "s3.list_buckets" for call in seen.calls) == 1


def test_what_a_bucket_lets_the_public_do_and_when_it_forgets(seen: Collected) -> None:
    (exports,) = [row for row in seen.rows("aws_s3_bucket") if row["name"] == "acme-exports"]
    assert exports["policy_public_writes"] == [
        "s3:PutBucketAcl",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:PutObject",
        "s3:PutObjectAcl",
    ]
    assert (exports["expires_after_days"], exports["old_versions_expire_after_days"]) == (30, 7)
    assert exports["versioning"] == "Off"


def test_a_trail_names_its_bucket_as_the_table_of_buckets_does(seen: Collected) -> None:
    (bucket, group) = one(seen, "aws_cloudtrail", "s3_bucket_arn", "log_group")
    assert bucket in {row["key"] for row in seen.rows("aws_s3_bucket")}
    assert group in {row["arn"] for row in seen.rows("aws_log_group", HOME)}


def test_nothing_that_people_wrote_is_kept(seen: Collected) -> None:
    kept = repr([found.records for found in seen.seen if hasattr(found, "records")])
    assert "prod/api/database" in kept
    assert "planted" not in kept
