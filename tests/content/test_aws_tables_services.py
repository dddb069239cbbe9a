"""The tables of managed services, over moto's server: what is built there comes out as these rows."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assay.content_tree import Content
from assay.demo.aws_server import AwsServer
from assay.tables import Reach, load_tables

sys.path.insert(0, str(Path(__file__).parents[1] / "collectors"))

import aws_small_world
from aws_small_world import ACCOUNT, HOME, OTHER, Collected, collected

DATABASES = "rds_cluster rds_cluster_parameter_group rds_cluster_snapshot rds_engine rds_engine_version rds_instance rds_parameter_group rds_snapshot dynamodb_table"
STORES = "backup_plan backup_protected_resource backup_vault efs"
EDGE = "acm_certificate cloudfront lb lb_listener lb_tls_policy wafv2_acl"
COMPUTE = "autoscaling_group ecr_repository ecs_task_definition ecs_variable eks_cluster lambda_function lambda_variable"
WATCHING = "guardduty_detector guardduty_finding inspector_coverage inspector_finding securityhub sqs_queue"
TABLES = tuple(f"aws_{name}" for name in " ".join([DATABASES, STORES, EDGE, COMPUTE, WATCHING]).split())
TAGS = [{"Key": "environment", "Value": "production"}, {"Key": "note", "Value": "planted-tag"}]
PARAMETERS = {"production_tag": "environment:production", "recovery_tag": "backup:required"}


@dataclass
class World:
    """What was built: ids that AWS chose, by what they are."""

    ids: dict[str, str] = field(default_factory=dict)


def _databases(session: Any, world: World) -> None:
    rds = session.client("rds", HOME)
    rds.create_db_parameter_group(
        DBParameterGroupName="forced", DBParameterGroupFamily="postgres16", Description="planted-words"
    )
    force = {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName="forced", Parameters=[force])
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName="aurora", DBParameterGroupFamily="aurora-postgresql16", Description="x"
    )
    rds.modify_db_cluster_parameter_group(
        DBClusterParameterGroupName="aurora", Parameters=[{**force, "ParameterValue": "0"}]
    )
    instance: dict[str, Any] = {
        "DBInstanceClass": "db.t4g.micro", "MasterUsername": "planted", "MasterUserPassword": "planted-password", "AllocatedStorage": 20, "PubliclyAccessible": False,
    }  # fmt: skip
    rds.create_db_instance(
        DBInstanceIdentifier="main", Engine="postgres", EngineVersion="16.8", DBParameterGroupName="forced", Tags=TAGS, **instance
    )  # fmt: skip
    rds.create_db_instance_read_replica(
        DBInstanceIdentifier="copy", SourceDBInstanceIdentifier="main", PubliclyAccessible=False
    )
    rds.create_db_cluster(
        DBClusterIdentifier="orders", Engine="aurora-postgresql", EngineVersion="16.8", MasterUsername="planted",
        MasterUserPassword="planted-password", StorageEncrypted=True, BackupRetentionPeriod=9, DeletionProtection=True,
        DBClusterParameterGroupName="aurora", EnableCloudwatchLogsExports=["postgresql"], Tags=TAGS,
    )  # fmt: skip
    rds.create_db_snapshot(DBSnapshotIdentifier="shared", DBInstanceIdentifier="main")
    rds.modify_db_snapshot_attribute(
        DBSnapshotIdentifier="shared", AttributeName="restore", ValuesToAdd=["all"]
    )
    rds.create_db_cluster_snapshot(DBClusterSnapshotIdentifier="kept", DBClusterIdentifier="orders")
    session.set_unserved(
        "rds", "DescribeDBEngineVersions", OTHER,
        {"DBEngineVersions": [{"Engine": "postgres", "EngineVersion": "17.4", "ExportableLogTypes": ["upgrade", "postgresql"]}]},
    )  # fmt: skip
    support = {
        "LifecycleSupportName": "open-source-rds-standard-support",
        "LifecycleSupportEndDate": "2029-02-28T23:59:59Z",
    }
    session.set_unserved(
        "rds", "DescribeDBMajorEngineVersions", OTHER,
        {"DBMajorEngineVersions": [{"Engine": "postgres", "MajorEngineVersion": "16", "SupportedEngineLifecycles": [support]}]},
    )  # fmt: skip
    dynamodb = session.client("dynamodb", HOME)
    dynamodb.create_table(
        TableName="people", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], DeletionProtectionEnabled=True,
        Tags=[{"Key": "backup", "Value": "required"}, {"Key": "note", "Value": "planted-tag"}],
    )  # fmt: skip
    dynamodb.update_continuous_backups(
        TableName="people", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )


def _stores(session: Any, world: World) -> None:
    backup = session.client("backup", HOME)
    backup.create_backup_vault(BackupVaultName="main")
    rule = {"RuleName": "nightly", "TargetBackupVaultName": "main", "ScheduleExpression": "cron(0 3 * * ? *)"}
    world.ids["plan"] = backup.create_backup_plan(BackupPlan={"BackupPlanName": "all", "Rules": [rule]})[
        "BackupPlanArn"
    ]
    session.set_unserved(
        "backup", "ListProtectedResources", HOME,
        {"Results": [{"ResourceArn": "arn:aws:s3:::northwind", "ResourceType": "S3", "LastBackupTime": "2026-03-01T03:00:00Z"}]},
    )  # fmt: skip
    world.ids["files"] = session.client("efs", HOME).create_file_system(
        CreationToken="planted-token", Encrypted=True, Tags=[{"Key": "backup", "Value": "required"}]
    )["FileSystemId"]


def _edge(session: Any, world: World) -> None:
    ec2, elb = session.client("ec2", HOME), session.client("elbv2", HOME)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{HOME}{zone}")[
            "Subnet"
        ]["SubnetId"]
        for number, zone in enumerate("ab")
    ]
    world.ids["subnets"] = ",".join(subnets)
    lb = elb.create_load_balancer(Name="api", Subnets=subnets, Scheme="internet-facing", Type="application", Tags=TAGS)[
        "LoadBalancers"
    ][0]["LoadBalancerArn"]  # fmt: skip
    attributes = {
        "access_logs.s3.enabled": "true",
        "access_logs.s3.bucket": "logs",
        "deletion_protection.enabled": "true",
    }
    elb.modify_load_balancer_attributes(
        LoadBalancerArn=lb, Attributes=[{"Key": key, "Value": value} for key, value in attributes.items()]
    )
    acm = session.client("acm", HOME)
    certificate = acm.request_certificate(DomainName="api.example.com", ValidationMethod="DNS")[
        "CertificateArn"
    ]
    acm.describe_certificate(CertificateArn=certificate)
    answer = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}]
    to_https = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
    elb.create_listener(
        LoadBalancerArn=lb, Protocol="HTTPS", Port=443, SslPolicy="ELBSecurityPolicy-TLS-1-1-2017-01",
        Certificates=[{"CertificateArn": certificate}], DefaultActions=answer,
    )  # fmt: skip
    elb.create_listener(
        LoadBalancerArn=lb, Protocol="HTTP", Port=80, DefaultActions=[{"Type": "redirect", "RedirectConfig": to_https}]
    )  # fmt: skip
    elb.create_listener(LoadBalancerArn=lb, Protocol="HTTP", Port=8080, DefaultActions=answer)
    seen = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "acl"}
    acl = session.client("wafv2", HOME).create_web_acl(
        Name="front", Scope="REGIONAL", DefaultAction={"Allow": {}}, Description="planted words", VisibilityConfig=seen
    )["Summary"]["ARN"]  # fmt: skip
    session.set_unserved("wafv2", "ListResourcesForWebACL", HOME, {"ResourceArns": [lb]}, of=acl)
    world.ids |= {"lb": lb, "acl": acl, "certificate": certificate}
    world.ids["site"] = session.client("cloudfront", OTHER).create_distribution(
        DistributionConfig={
            "CallerReference": "1", "Comment": "planted-words", "Enabled": True, "Aliases": {"Quantity": 1, "Items": ["www.example.com"]},
            "Origins": {"Quantity": 1, "Items": [{"Id": "site", "DomainName": "site.example.com", "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}}]},
            "DefaultCacheBehavior": {"TargetOriginId": "site", "ViewerProtocolPolicy": "https-only", "MinTTL": 0, "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}}},
            "ViewerCertificate": {"CloudFrontDefaultCertificate": False, "ACMCertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/1", "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.1_2016"},
        }
    )["Distribution"]["ARN"]  # fmt: skip


def _compute(session: Any, world: World) -> None:
    session.client("autoscaling", HOME).create_auto_scaling_group(
        AutoScalingGroupName="web", MinSize=0, MaxSize=4, VPCZoneIdentifier=world.ids["subnets"],
        LaunchTemplate={"LaunchTemplateName": _template(session), "Version": "1"},
    )  # fmt: skip
    session.client("ecr", HOME).create_repository(
        repositoryName="team/api", imageScanningConfiguration={"scanOnPush": True}
    )
    session.client("ecr", HOME).put_registry_scanning_configuration(
        scanType="ENHANCED",
        rules=[{"scanFrequency": "CONTINUOUS_SCAN", "repositoryFilters": [{"filter": "team", "filterType": "WILDCARD"}]}],
    )  # fmt: skip
    planted = "gh" + "p_" + "Planted0" * 5
    ecs = session.client("ecs", HOME)
    for privileged in (True, False):
        ecs.register_task_definition(
            family="worker",
            containerDefinitions=[
                {"name": "worker", "image": "worker:1", "memory": 128, "privileged": privileged, "command": ["planted"], "environment": [{"name": "TOKEN", "value": planted}]},
                {"name": "log", "image": "log:1", "memory": 128, "privileged": True, "environment": []},
            ],
        )  # fmt: skip
    network = {
        "subnetIds": world.ids["subnets"].split(","),
        "endpointPublicAccess": True,
        "endpointPrivateAccess": False,
        "publicAccessCidrs": ["203.0.113.0/24"],
    }
    session.client("eks", HOME).create_cluster(
        name="data", version="1.33", roleArn=f"arn:aws:iam::{ACCOUNT}:role/eks", resourcesVpcConfig=network,
        logging={"clusterLogging": [{"types": ["api", "audit"], "enabled": True}, {"types": ["scheduler"], "enabled": False}]},
    )  # fmt: skip
    session.client("iam", OTHER).create_role(RoleName="fn", AssumeRolePolicyDocument=_trust())
    functions = session.client("lambda", HOME)
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("main.py", "planted-code")
    for name in ("open", "quiet"):
        functions.create_function(
            FunctionName=name, Runtime="python3.13", Role=f"arn:aws:iam::{ACCOUNT}:role/fn", Handler="main.handler",
            Code={"ZipFile": code.getvalue()}, Description="planted-words", Environment={"Variables": {"TOKEN": planted} if name == "open" else {}},
        )  # fmt: skip
    functions.add_permission(
        FunctionName="open", StatementId="all", Action="lambda:InvokeFunction", Principal="*"
    )
    session.set_unserved("lambda", "ListFunctionUrlConfigs", HOME, {"FunctionUrlConfigs": [_url("open")]}, of="open")  # fmt: skip


def _template(session: Any) -> str:
    session.client("ec2", HOME).create_launch_template(
        LaunchTemplateName="web", LaunchTemplateData={"ImageId": "ami-12c6146b", "InstanceType": "t4g.small"}
    )
    return "web"


def _trust() -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}  # fmt: skip
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _url(name: str) -> dict[str, str]:
    return {
        "FunctionUrl": "https://planted.lambda-url.eu-central-1.on.aws/",
        "FunctionArn": f"arn:aws:lambda:{HOME}:{ACCOUNT}:function:{name}",
        "CreationTime": "2026-01-01T00:00:00Z",
        "LastModifiedTime": "2026-01-01T00:00:00Z",
        "AuthType": "NONE",
    }


def _watching(session: Any, world: World) -> None:
    guardduty = session.client("guardduty", HOME)
    world.ids["detector"] = guardduty.create_detector(Enable=True)["DetectorId"]
    guardduty_arn = f"arn:aws:guardduty:{HOME}:{ACCOUNT}:detector/{world.ids['detector']}/finding/f1"
    finding = {
        "AccountId": ACCOUNT, "Arn": guardduty_arn, "Id": "f1", "Region": HOME, "SchemaVersion": "2.0", "Severity": 8.0, "Title": "planted-words",
        "Type": "Backdoor:EC2/C&CActivity.B", "CreatedAt": "2026-03-01T02:00:00.000Z", "UpdatedAt": "2026-03-01T02:00:00.000Z",
        "Resource": {"ResourceType": "Instance"}, "Service": {"Archived": False},
    }  # fmt: skip
    session.set_unserved("guardduty", "ListFindings", HOME, {"FindingIds": ["f1"]})
    session.set_unserved("guardduty", "GetFindings", HOME, {"Findings": [finding]})
    session.client("securityhub", HOME).enable_security_hub(EnableDefaultStandards=False)
    session.client("inspector2", HOME).enable(accountIds=[ACCOUNT], resourceTypes=["EC2", "ECR"])
    everyone = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    session.client("sqs", HOME).create_queue(
        QueueName="jobs",
        Attributes={"SqsManagedSseEnabled": "false", "Policy": json.dumps({"Version": "2012-10-17", "Statement": [everyone]})},
    )  # fmt: skip


@pytest.fixture(scope="module")
def seen() -> Iterator[tuple[World, Collected]]:
    """What was built, and everything of it that was collected."""
    specs, world = load_tables(Content.shipped()), World()
    with pytest.MonkeyPatch.context() as patch, AwsServer() as server:
        patch.setattr(aws_small_world, "AWS", {name: specs[name] for name in TABLES})
        patch.setattr(aws_small_world, "PARAMETERS", PARAMETERS)
        session = server.session()
        for build in (_databases, _stores, _edge, _compute, _watching):
            build(session, world)
        yield world, collected(server.endpoint)


def rows(seen: tuple[World, Collected], table: str, *names: str) -> list[tuple[Any, ...]]:
    """Some columns of a table, in the order of the keys."""
    place = HOME if aws_small_world.AWS[table].reach is Reach.REGION else ""
    return [tuple(row[name] for name in names) for row in seen[1].rows(table, place)]


def test_everything_is_seen_and_nothing_that_people_wrote(seen: tuple[World, Collected]) -> None:
    _, found = seen
    assert found.gaps() == []
    records = repr([one.records for one in found.seen if hasattr(one, "records")])
    assert "people" in records
    assert "lanted" not in records


def test_database_clusters_and_groups(seen: tuple[World, Collected]) -> None:
    names = ("name", "engine", "encrypted", "backup_days", "deletion_protection", "log_exports", "parameter_group", "tags")  # fmt: skip
    assert rows(seen, "aws_rds_cluster", *names) == [
        ("orders", "aurora-postgresql", True, 9, True, ["postgresql"], "aurora", ["environment:production"])
    ]
    assert rows(seen, "aws_rds_cluster_parameter_group", "key", "family", "force_tls") == [
        ("aurora", "aurora-postgresql16", "0")
    ]
    assert ("forced", "postgres16", "1") in rows(seen, "aws_rds_parameter_group", "key", "family", "force_tls")  # fmt: skip
    assert rows(seen, "aws_rds_instance", "name", "replica_of") == [("copy", "main"), ("main", None)]


def test_database_snapshots(seen: tuple[World, Collected]) -> None:
    snapshots = rows(seen, "aws_rds_snapshot", "name", "database", "snapshot_type", "restorable_by")
    assert ("shared", "main", "manual", ["all"]) in snapshots
    assert {(kind, tuple(who)) for _, _, kind, who in snapshots} == {("manual", ("all",)), ("automated", ())}
    clusters = rows(seen, "aws_rds_cluster_snapshot", "name", "database", "encrypted", "restorable_by")
    assert ("kept", "orders", True, []) in clusters


def test_engines_are_asked_for_once(seen: tuple[World, Collected]) -> None:
    assert rows(seen, "aws_rds_engine", "engine", "log_types") == [("postgres", ["postgresql", "upgrade"])]
    [(engine, major, ends)] = rows(seen, "aws_rds_engine_version", "engine", "major", "standard_support_ends")
    assert (engine, major, ends.isoformat()) == ("postgres", "16", "2029-02-28T23:59:59")


def test_a_dynamodb_table(seen: tuple[World, Collected]) -> None:
    names = ("key", "status", "deletion_protection", "encryption", "kms_key", "pitr", "tags")
    key = f"arn:aws:dynamodb:{HOME}:{ACCOUNT}:table/people"
    assert rows(seen, "aws_dynamodb_table", *names) == [
        (key, "ACTIVE", True, None, None, True, ["backup:required"])
    ]


def test_backups_and_files(seen: tuple[World, Collected]) -> None:
    world = seen[0]
    assert rows(seen, "aws_backup_plan", "key", "name", "rules", "vaults") == [
        (world.ids["plan"], "all", ["nightly"], ["main"])
    ]
    assert rows(seen, "aws_backup_vault", "name", "locked") == [("main", False)]
    [(key, backed)] = rows(seen, "aws_backup_protected_resource", "key", "last_backup")
    assert (key, backed.isoformat()) == ("arn:aws:s3:::northwind", "2026-03-01T03:00:00")
    assert rows(seen, "aws_efs", "file_system_id", "encrypted", "tags") == [
        (world.ids["files"], True, ["backup:required"])
    ]


def test_a_load_balancer_and_its_listeners(seen: tuple[World, Collected]) -> None:
    world = seen[0]
    names = ("key", "name", "lb_type", "scheme", "access_logs", "log_bucket", "deletion_protection", "tags")
    assert rows(seen, "aws_lb", *names) == [
        (world.ids["lb"], "api", "application", "internet-facing", True, "logs", True, ["environment:production"])
    ]  # fmt: skip
    listeners = rows(seen, "aws_lb_listener", "parent", "protocol", "port", "redirects_to_https")
    lb = world.ids["lb"]
    assert sorted(listeners, key=lambda one: one[2]) == [
        (lb, "HTTP", 80, True),
        (lb, "HTTPS", 443, False),
        (lb, "HTTP", 8080, False),
    ]
    policies = dict(rows(seen, "aws_lb_tls_policy", "name", "oldest_tls"))
    assert policies["ELBSecurityPolicy-TLS-1-1-2017-01"] == "1.1"
    assert policies["ELBSecurityPolicy-TLS13-1-2-2021-06"] == "1.2"
    assert rows(seen, "aws_wafv2_acl", "key", "name", "load_balancers") == [(world.ids["acl"], "front", [lb])]


def test_a_certificate_and_a_distribution(seen: tuple[World, Collected]) -> None:
    world = seen[0]
    [(key, domain, status, kind, ends)] = rows(
        seen, "aws_acm_certificate", "key", "domain", "status", "certificate_type", "not_after"
    )
    assert (key, domain, status, kind) == (world.ids["certificate"], "api.example.com", "ISSUED", "AMAZON_ISSUED")  # fmt: skip
    assert ends is not None
    names = ("key", "aliases", "enabled", "viewer_policies", "default_certificate", "oldest_tls", "web_acl")
    assert rows(seen, "aws_cloudfront", *names) == [
        (world.ids["site"], ["www.example.com"], True, ["https-only"], False, "1.1", "")
    ]


def test_groups_images_and_clusters(seen: tuple[World, Collected]) -> None:
    assert rows(seen, "aws_autoscaling_group", "name", "zones", "max_size") == [
        ("web", [f"{HOME}a", f"{HOME}b"], 4)
    ]
    names = ("name", "scan_on_push", "registry_scan", "registry_scan_patterns")
    assert rows(seen, "aws_ecr_repository", *names) == [("team/api", True, "ENHANCED", ["*team*"])]
    assert rows(seen, "aws_ecs_task_definition", "family", "revision", "privileged_containers") == [
        ("worker", 2, ["log"])
    ]
    names = ("name", "endpoint_public", "endpoint_private", "public_cidrs", "log_types")
    assert rows(seen, "aws_eks_cluster", *names) == [
        ("data", True, False, ["203.0.113.0/24"], ["api", "audit"])
    ]


def test_functions(seen: tuple[World, Collected]) -> None:
    names = ("name", "runtime", "package_type", "has_policy", "policy_public_actions", "url_auth")
    assert rows(seen, "aws_lambda_function", *names) == [
        ("open", "python3.13", "Zip", True, ["lambda:InvokeFunction"], ["NONE"]),
        ("quiet", "python3.13", "Zip", False, [], []),
    ]


def test_what_the_detectors_say_of_variables(seen: tuple[World, Collected]) -> None:
    assert rows(seen, "aws_lambda_variable", "name", "found") == [
        ("open", ["TOKEN: github-token"]),
        ("quiet", []),
    ]
    assert rows(seen, "aws_ecs_variable", "family", "found") == [("worker", ["worker/TOKEN: github-token"])]


def test_who_watches(seen: tuple[World, Collected]) -> None:
    world = seen[0]
    detector = f"arn:aws:guardduty:{HOME}:{ACCOUNT}:detector/{world.ids['detector']}"
    assert rows(seen, "aws_guardduty_detector", "key", "enabled") == [(detector, True)]
    assert rows(seen, "aws_guardduty_finding", "parent", "finding_type", "severity", "archived") == [
        (detector, "Backdoor:EC2/C&CActivity.B", Decimal("8.0"), False)
    ]
    hub = f"arn:aws:securityhub:{HOME}:{ACCOUNT}:hub/default"
    assert rows(seen, "aws_securityhub", "key", "standards") == [(hub, [])]
    assert rows(seen, "aws_inspector_coverage", "key", "enabled", "ec2", "ecr", "lambda") == [
        (ACCOUNT, True, True, True, False)
    ]
    assert rows(seen, "aws_inspector_finding", "key") == []


def test_a_queue(seen: tuple[World, Collected]) -> None:
    key = f"arn:aws:sqs:{HOME}:{ACCOUNT}:jobs"
    names = ("key", "kms_key", "sqs_managed_encryption", "has_policy", "policy_public_actions")
    assert rows(seen, "aws_sqs_queue", *names) == [(key, None, False, True, ["sqs:SendMessage"])]
