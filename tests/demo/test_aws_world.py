"""Northwind Metrics' account on its two days, seen through AWS's own answers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from assay.content_tree import Content
from assay.demo.aws_server import AwsServer, AwsSession
from assay.demo.aws_world import DAY_ONE, DAY_TWO, change_to_day_two
from assay.demo.company_files import FILES, file_of
from assay.demo.northwind import PEOPLE

BUILD = "assay.demo.aws_world:build_day_one"


@pytest.fixture(scope="module")
def two_servers() -> Iterator[tuple[AwsServer, AwsServer]]:
    """The same world twice, built at the same time."""
    first, second = AwsServer(build=BUILD), AwsServer(build=BUILD)
    first.begin()
    second.begin()
    with first, second:
        yield first, second


@pytest.fixture(scope="module")
def day_one(two_servers: tuple[AwsServer, AwsServer]) -> AwsSession:
    return two_servers[0].session()


@pytest.fixture(scope="module")
def day_two(two_servers: tuple[AwsServer, AwsServer]) -> AwsSession:
    session = two_servers[1].session()
    change_to_day_two(session)
    return session


def credential_report(session: AwsSession) -> dict[str, dict[str, str]]:
    iam = session.client("iam")
    iam.generate_credential_report()
    rows = csv.DictReader(io.StringIO(iam.get_credential_report()["Content"].decode()))
    return {row["user"]: row for row in rows}


def open_ports(session: AwsSession, region: str = "eu-central-1") -> dict[str, list[int]]:
    """Groups that admit everyone, and the ports on which they do."""
    found: dict[str, list[int]] = {}
    for group in session.client("ec2", region).describe_security_groups()["SecurityGroups"]:
        for rule in group["IpPermissions"]:
            if {"CidrIp": "0.0.0.0/0"} in rule["IpRanges"]:
                found.setdefault(group["GroupName"], []).append(rule["FromPort"])
    return {name: sorted(ports) for name, ports in found.items()}


def kept_days(session: AwsSession) -> dict[str, int]:
    instances = session.client("rds").describe_db_instances()["DBInstances"]
    return {each["DBInstanceIdentifier"]: each["BackupRetentionPeriod"] for each in instances}


def ids(session: AwsSession) -> list[str]:
    """Ids that moto draws, over several services."""
    ec2, rds, kms = session.client("ec2"), session.client("rds"), session.client("kms")
    return [
        *(each["VpcId"] for each in ec2.describe_vpcs()["Vpcs"]),
        *(each["GroupId"] for each in ec2.describe_security_groups()["SecurityGroups"]),
        *(each["VolumeId"] for each in ec2.describe_volumes()["Volumes"]),
        *(each["DbiResourceId"] for each in rds.describe_db_instances()["DBInstances"]),
        *(each["KeyId"] for each in kms.list_keys()["Keys"]),
        *session.client("guardduty").list_detectors()["DetectorIds"],
    ]


def test_built_twice_it_has_the_same_ids(two_servers: tuple[AwsServer, AwsServer]) -> None:
    first, second = (ids(server.session()) for server in two_servers)
    assert len(first) > 30
    assert first == second


def test_who_signs_in_and_how(day_one: AwsSession) -> None:
    report = credential_report(day_one)
    console = {name: row["mfa_active"] for name, row in report.items() if row["password_enabled"] == "true"}
    assert console == {
        "jonah-marsh": "true",
        "ben-achterberg": "true",
        "ada-lindqvist": "true",
        "lyle-okoro": "false",
        "rafael-duarte": "false",
    }
    assert report["<root_account>"]["mfa_active"] == "true"


def test_keys_by_age_and_last_use_in_days(day_one: AwsSession) -> None:
    def days(instant: str) -> float:
        return (DAY_ONE - datetime.fromisoformat(instant)) / timedelta(days=1)

    report = credential_report(day_one)
    keys = {
        name: (days(row["access_key_1_last_rotated"]), round(days(row["access_key_1_last_used_date"]), 1))
        for name, row in report.items()
        if row["access_key_1_active"] == "true"
    }
    assert keys == {
        "lyle-okoro": (430, 190),
        "ci-deploy": (30, 0.2),
        "backup-agent": (412, 0.5),
        "metrics-export": (60, 58),
    }


def test_administrators_by_group(day_one: AwsSession) -> None:
    iam = day_one.client("iam")
    held = iam.list_entities_for_policy(PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    assert [each["GroupName"] for each in held["PolicyGroups"]] == ["administrators"]
    assert [each["RoleName"] for each in held["PolicyRoles"]] == ["break-glass"]
    assert {each["UserName"] for each in iam.get_group(GroupName="administrators")["Users"]} == {
        "jonah-marsh",
        "ben-achterberg",
    }


def test_what_everyone_can_reach(day_one: AwsSession, day_two: AwsSession) -> None:
    assert open_ports(day_one) == {"load-balancer": [80, 443], "bastion": [22]}
    assert open_ports(day_two) == {"load-balancer": [80, 443], "database": [5432]}
    assert open_ports(day_one, "us-east-1") == {"edge-proxy": [443]}


def test_networks_of_the_used_regions_and_of_the_unused(day_one: AwsSession) -> None:
    networks = {
        region: [
            (each["CidrBlock"], each["IsDefault"])
            for each in day_one.client("ec2", region).describe_vpcs()["Vpcs"]
        ]
        for region in ("eu-central-1", "us-east-1", "eu-west-1")
    }
    assert networks == {
        "eu-central-1": [("10.20.0.0/16", False), ("10.30.0.0/16", False)],
        "us-east-1": [("10.40.0.0/16", False)],
        "eu-west-1": [("172.31.0.0/16", True)],
    }
    acls = day_one.client("ec2").describe_network_acls()["NetworkAcls"]
    assert len({each["VpcId"] for each in acls}) == len(acls) == 2


def test_only_the_website_is_public(day_one: AwsSession) -> None:
    s3 = day_one.client("s3")
    names = [each["Name"] for each in s3.list_buckets()["Buckets"]]
    with_policy = [name for name in names if _resources(s3, name)]
    public = [
        name for name in with_policy if s3.get_bucket_policy_status(Bucket=name)["PolicyStatus"]["IsPublic"]
    ]
    assert (len(names), len(with_policy)) == (12, 10)
    assert public == ["northwind-website"]


def test_the_trail_is_whole(day_one: AwsSession) -> None:
    trails = day_one.client("cloudtrail", "us-east-1")
    (trail,) = trails.describe_trails()["trailList"]
    facts = ("IsMultiRegionTrail", "LogFileValidationEnabled", "HomeRegion", "S3BucketName")
    assert [trail[fact] for fact in facts] == [True, True, "eu-central-1", "northwind-logs"]
    status = day_one.client("cloudtrail").get_trail_status(Name="northwind-audit")
    assert status["IsLogging"] is True
    assert DAY_ONE - status["LatestCloudWatchLogsDeliveryTime"] == timedelta(minutes=3)
    assert status["LatestDeliveryTime"] == DAY_ONE


def test_engines_are_alike_in_every_region(day_one: AwsSession) -> None:
    """Assay asks once, where the account's own calls go; a world that answered in its home region alone would leave the databases unjudged."""
    for region in ("eu-central-1", "us-east-1", "eu-west-1"):
        rds = day_one.client("rds", region)
        majors = rds.describe_db_major_engine_versions()["DBMajorEngineVersions"]
        assert [(one["Engine"], one["MajorEngineVersion"]) for one in majors] == [
            ("postgres", "16"),
            ("aurora-postgresql", "16"),
        ]
        assert [
            (one["Engine"], one["ExportableLogTypes"])
            for one in rds.describe_db_engine_versions(DefaultOnly=True)["DBEngineVersions"]
        ] == [("postgres", ["postgresql", "upgrade"]), ("aurora-postgresql", ["postgresql"])]


def test_every_alarm_reaches_a_confirmed_subscriber(day_one: AwsSession) -> None:
    alarms = day_one.client("cloudwatch").describe_alarms()["MetricAlarms"]
    topics = {topic for alarm in alarms for topic in alarm["AlarmActions"]}
    assert (len(alarms), len(topics)) == (6, 1)
    attributes = day_one.client("sns").get_topic_attributes(TopicArn=topics.pop())["Attributes"]
    assert attributes["SubscriptionsConfirmed"] == "1"


def test_backups_of_databases(day_one: AwsSession, day_two: AwsSession) -> None:
    assert kept_days(day_one)["northwind-reporting"] == 0
    assert kept_days(day_two)["northwind-reporting"] == 7
    assert {name for name, days in kept_days(day_one).items() if days < 7} == {"northwind-reporting"}


def test_keys_that_rotate_and_one_that_does_not(day_one: AwsSession) -> None:
    kms = day_one.client("kms")
    found = {}
    for each in kms.list_keys()["Keys"]:
        key = kms.describe_key(KeyId=each["KeyId"])["KeyMetadata"]
        rotates = kms.get_key_rotation_status(KeyId=each["KeyId"])["KeyRotationEnabled"]
        found[key["Description"]] = (key["KeyManager"], key["KeyState"], rotates)
    vendor = "Default master key that protects my EBS volumes when no other key is defined"
    assert found == {
        "Northwind customer-data": ("CUSTOMER", "Enabled", True),
        "Northwind logs": ("CUSTOMER", "Enabled", True),
        "Northwind reporting-2023": ("CUSTOMER", "Enabled", False),
        "Signs outgoing webhooks": ("CUSTOMER", "Enabled", False),
        "Northwind trial-import": ("CUSTOMER", "PendingDeletion", True),
        vendor: ("AWS", "Enabled", True),
    }


def test_the_week_took_a_user_and_gave_another_mfa(day_two: AwsSession) -> None:
    report = credential_report(day_two)
    assert "lyle-okoro" not in report
    assert report["rafael-duarte"]["mfa_active"] == "true"


def test_the_week_brought_a_bucket_without_protection(day_one: AwsSession, day_two: AwsSession) -> None:
    before, after = (
        {each["Name"] for each in session.client("s3").list_buckets()["Buckets"]}
        for session in (day_one, day_two)
    )
    assert after - before == {"northwind-ml-training"}
    s3 = day_two.client("s3")
    tags = {
        each["Key"]: each["Value"] for each in s3.get_bucket_tagging(Bucket="northwind-ml-training")["TagSet"]
    }
    assert tags["data-class"] == "confidential"
    with pytest.raises(ClientError, match="NoSuchBucketPolicy"):
        s3.get_bucket_policy(Bucket="northwind-ml-training")
    assert s3.get_bucket_versioning(Bucket="northwind-terraform-state")["Status"] == "Suspended"


def test_the_week_cost_one_permission(day_one: AwsSession, day_two: AwsSession) -> None:
    key = day_one.client("kms").list_keys()["Keys"][0]["KeyId"]
    assert day_one.client("kms").get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is True
    with pytest.raises(ClientError, match="AccessDeniedException"):
        day_two.client("kms").get_key_rotation_status(KeyId=key)


def test_nightly_work_went_on_all_week(day_one: AwsSession, day_two: AwsSession) -> None:
    for session, day in ((day_one, DAY_ONE), (day_two, DAY_TWO)):
        newest = max(
            each["StartTime"]
            for each in session.client("ec2").describe_snapshots(OwnerIds=["self"])["Snapshots"]
        )
        assert timedelta(0) < day - newest < timedelta(hours=24)
        protected = session.client("backup").list_protected_resources()["Results"]
        assert {day - each["LastBackupTime"] for each in protected} == {timedelta(hours=5)}


def test_what_watches_each_region(day_one: AwsSession) -> None:
    on = {}
    for region in ("eu-central-1", "us-east-1", "eu-west-1"):
        inspected = day_one.client("inspector2", region).batch_get_account_status()["accounts"]
        on[region] = (
            len(day_one.client("guardduty", region).list_detectors()["DetectorIds"]),
            len(
                day_one.client("config", region).describe_configuration_recorders()["ConfigurationRecorders"]
            ),
            [each["state"]["status"] for each in inspected],
        )
    assert on == {
        "eu-central-1": (1, 1, ["ENABLED"]),
        "us-east-1": (1, 0, ["DISABLED"]),
        "eu-west-1": (0, 0, ["DISABLED"]),
    }


def test_one_site_is_served_well_and_one_is_not(day_one: AwsSession) -> None:
    sites = day_one.client("cloudfront").list_distributions()["DistributionList"]["Items"]
    assert {
        site["Comment"]: (
            site["DefaultCacheBehavior"]["ViewerProtocolPolicy"],
            site["ViewerCertificate"]["CloudFrontDefaultCertificate"],
            site["ViewerCertificate"]["MinimumProtocolVersion"],
            bool(site["WebACLId"]),
        )
        for site in sites
    } == {
        "www": ("redirect-to-https", False, "TLSv1.2_2021", True),
        "docs": ("allow-all", False, "TLSv1", False),
    }


def test_policies_name_only_what_exists(day_one: AwsSession) -> None:
    """A typing error in a name would make a policy or a log target point nowhere."""
    s3 = day_one.client("s3")
    names = {each["Name"] for each in s3.list_buckets()["Buckets"]}
    for name in names:
        for resource in _resources(s3, name):
            assert resource.removeprefix("arn:aws:s3:::").partition("/")[0] == name
    logging = s3.get_bucket_logging(Bucket="northwind-customer-uploads")["LoggingEnabled"]
    assert logging["TargetBucket"] in names


def _resources(s3: Any, bucket: str) -> list[str]:
    try:
        statements = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    except ClientError:
        return []
    said = [statement["Resource"] for statement in statements]
    return [one for each in said for one in (each if isinstance(each, list) else [each])]


def rows(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file_of(table).decode("utf-8"))))


def test_the_hr_file_is_the_cast() -> None:
    assert [row["email"] for row in rows("hr_person")] == [person.email for person in PEOPLE]
    for row, person in zip(rows("hr_person"), PEOPLE, strict=True):
        end = row["ended"] or row["contract_end"]
        assert (row["started"], end) == (
            person.start.isoformat(),
            person.end.isoformat() if person.end else "",
        )


@pytest.mark.parametrize("table", sorted(FILES))
def test_every_file_is_whole_and_speaks_of_the_cast(table: str) -> None:
    known = {person.email for person in PEOPLE} | {"support@northwind-metrics.example"}
    for row in rows(table):
        assert None not in row
        assert None not in row.values()
        assert {value for value in row.values() if "@" in value} <= known


def test_those_who_left_are_still_active_somewhere() -> None:
    gone = {person.email for person in PEOPLE if person.end is not None and person.end < DAY_ONE.date()}
    active = {(row["system"], row["email"]) for row in rows("account") if row["state"] == "active"}
    assert {one for one in active if one[1] in gone} == {
        ("error-tracker", "lyle-okoro@northwind-metrics.example"),
        ("data-warehouse", "femi-adeyemi@northwind-metrics.example"),
    }


@pytest.mark.parametrize("table", sorted(FILES))
def test_files_spell_the_fields_of_their_tables(table: str) -> None:
    spec = yaml.safe_load(Content.shipped()[f"tables/file/{table}.yaml"])
    assert set(rows(table)[0]) <= set(spec["list"]["keep"])
