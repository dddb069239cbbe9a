"""One record that could not be read makes unknown what rests on it and nothing beside it: through the collector, by each kind of link."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from tests.recordings.playing import Answers, gaps_of, inputs_of, play_aws, tables, tables_needed

from assay.checks import Check, Evaluator, Moment, load_checks
from assay.checks.read_cases import DEFAULT_AS_OF
from assay.content_tree import Content
from assay.evidence.canonical import parse_instant

AT = parse_instant(DEFAULT_AS_OF)
HERE, AWAY = "eu-west-1", "us-east-1"
REFUSED = {"error": {"code": "AccessDenied", "status": 403}}


@cache
def checks() -> dict[str, Check]:
    return load_checks(Content.shipped(), tables())


def unknown(check_id: str, answers: dict[str, Any], parameters: dict[str, Any] | None = None) -> set[str]:
    """The items that are unknown, by the end of their key; there must be others."""
    check = checks()[check_id]
    recorded = Answers({"account": "111122223333", "regions": [HERE, AWAY], "answers": answers})
    seen = play_aws(recorded, tables_needed(tables(), check.tables), parameters or {})
    with Evaluator(inputs_of(check, seen), {name: tables()[name] for name in check.tables}) as evaluator:
        judged = evaluator.judge(check, Moment(AT), parameters or {}, gaps_of(seen))
    found = {(one.item or "").rpartition("/")[2] for one in judged if one.conclusion == "UNKNOWN"}
    assert len(found) < len(judged)
    return found


def in_each(answer: dict[str, Any], elsewhere: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"region": HERE, "answer": answer}, {"answer": elsewhere}]


GROUPS = {"SecurityGroups": [{"GroupId": f"sg-{name}", "GroupName": name} for name in "abc"]}
RULE = {"GroupId": "sg-a", "IsEgress": False, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIpv4": "0.0.0.0/0"}  # fmt: skip
WITHOUT_PROTOCOL = {name: value for name, value in RULE.items() if name != "IpProtocol"}


@pytest.mark.parametrize(
    "check_id", ["aws.ec2.sg_all_ports", "aws.ec2.sg_elastic", "aws.ec2.sg_mongo", "aws.ec2.sg_mysql", "aws.ec2.sg_postgres", "aws.ec2.sg_rdp", "aws.ec2.sg_redis", "aws.ec2.sg_ssh"]
)  # fmt: skip
def test_a_rule_that_could_not_be_read_is_one_groups(check_id: str) -> None:
    rules = {
        "SecurityGroupRules": [
            {**RULE, "SecurityGroupRuleId": "sgr-1"},
            {**WITHOUT_PROTOCOL, "SecurityGroupRuleId": "sgr-2", "GroupId": "sg-b"},
        ]
    }
    answers = {
        "ec2.DescribeSecurityGroups": in_each(GROUPS, {"SecurityGroups": []}),
        "ec2.DescribeSecurityGroupRules": in_each(rules, {"SecurityGroupRules": []}),
    }
    assert unknown(check_id, answers) == {"sg-b"}


def test_a_rule_that_does_not_say_whose_it_is_can_be_any_groups_of_its_region() -> None:
    rule = {"IsEgress": False, "IpProtocol": "tcp", "SecurityGroupRuleId": "sgr-2"}
    elsewhere = {"SecurityGroups": [{"GroupId": "sg-d", "GroupName": "d"}]}
    answers = {
        "ec2.DescribeSecurityGroups": in_each(GROUPS, elsewhere),
        "ec2.DescribeSecurityGroupRules": in_each({"SecurityGroupRules": [rule]}, {"SecurityGroupRules": []}),
    }
    assert unknown("aws.ec2.sg_ssh", answers) == {"sg-a", "sg-b", "sg-c"}


def database(name: str, group: str, region: str = HERE) -> dict[str, Any]:
    return {
        "DBInstanceIdentifier": name,
        "DBInstanceArn": f"arn:aws:rds:{region}:111122223333:db/{name}",
        "Engine": "postgres",
        "EngineVersion": "16.8",
        "DBInstanceStatus": "available",
        "DBParameterGroups": [{"DBParameterGroupName": group}],
        "StorageEncrypted": True,
        "PubliclyAccessible": False,
        "BackupRetentionPeriod": 7,
        "MultiAZ": False,
        "DeletionProtection": True,
        "AutoMinorVersionUpgrade": True,
    }


def group(name: str) -> dict[str, Any]:
    return {"DBParameterGroupName": name, "DBParameterGroupFamily": "postgres16"}


def test_a_parameter_group_that_could_not_be_read_is_of_the_databases_that_use_it_in_its_region() -> None:
    forced = {"Parameters": [{"ParameterName": "rds.force_ssl", "ParameterValue": "1"}]}
    here = [database("a", "default.postgres16"), database("b", "tls")]
    answers = {
        "rds.DescribeDBInstances": in_each(
            {"DBInstances": here}, {"DBInstances": [database("c", "default.postgres16", AWAY)]}
        ),
        "rds.DescribeDBParameterGroups": in_each(
            {"DBParameterGroups": [group("default.postgres16"), group("tls")]},
            {"DBParameterGroups": [group("default.postgres16")]},
        ),
        "rds.DescribeDBParameters": [
            {"region": HERE, "when": {"DBParameterGroupName": "default.postgres16"}, **REFUSED},
            {"answer": forced},
        ],
        "rds.DescribeDBClusters": [{"answer": {"DBClusters": []}}],
        "rds.DescribeDBClusterParameterGroups": [{"answer": {"DBClusterParameterGroups": []}}],
    }
    assert unknown("aws.rds.tls", answers) == {"a"}


def test_a_snapshot_that_could_not_be_read_is_of_one_volume() -> None:
    volumes = [
        {"VolumeId": f"vol-{name}", "State": "in-use", "Encrypted": True, "Tags": [{"Key": "backup", "Value": "required"}]}
        for name in "ab"
    ]  # fmt: skip
    snapshots = [{"SnapshotId": "snap-1", "VolumeId": "vol-b", "State": "completed", "Encrypted": True}]
    answers = {
        "ec2.DescribeVolumes": in_each({"Volumes": volumes}, {"Volumes": []}),
        "ec2.DescribeSnapshots": in_each({"Snapshots": snapshots}, {"Snapshots": []}),
    }
    parameters = {"backup_max_age_hours": 26, "recovery_tag": "backup:required"}
    assert unknown("aws.ec2.volume_snap", answers, parameters) == {"vol-b"}


def test_a_flow_log_that_could_not_be_read_is_of_one_vpc() -> None:
    vpcs = [{"VpcId": f"vpc-{name}", "OwnerId": "111122223333", "IsDefault": False} for name in "ab"]
    logs = [{"FlowLogId": "fl-1", "ResourceId": "vpc-b"}]
    answers = {
        "ec2.DescribeVpcs": in_each({"Vpcs": vpcs}, {"Vpcs": []}),
        "ec2.DescribeFlowLogs": in_each({"FlowLogs": logs}, {"FlowLogs": []}),
    }
    assert unknown("aws.vpc.flow_logs", answers) == {"vpc-b"}


def test_a_machine_of_which_systems_manager_says_half_is_one_instance() -> None:
    instances = [{"InstanceId": f"i-{name}", "State": {"Name": "running"}} for name in "ab"]
    managed = [{"InstanceId": "i-b"}]
    answers = {
        "ec2.DescribeInstances": in_each({"Reservations": [{"OwnerId": "111122223333", "Instances": instances}]}, {"Reservations": []}),
        "ssm.DescribeInstanceInformation": in_each({"InstanceInformationList": managed}, {"InstanceInformationList": []}),
    }  # fmt: skip
    assert unknown("aws.ec2.ssm", answers) == {"i-b"}
