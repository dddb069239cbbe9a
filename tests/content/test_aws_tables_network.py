"""The tables of the network and its hosts, over moto's server on loopback: what is built there comes out as these rows."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assay.content_tree import Content
from assay.demo.aws_server import AwsServer
from assay.tables import load_tables

sys.path.insert(0, str(Path(__file__).parents[1] / "collectors"))

import aws_small_world
from aws_small_world import ACCOUNT, HOME, Collected, collected

TABLES = (
    "aws_ec2_instance",
    "aws_ec2_user_data",
    "aws_ec2_network_acl",
    "aws_vpc",
    "aws_subnet",
    "aws_vpc_flow_log",
    "aws_ebs_snapshot",
    "aws_ec2_image",
)
World = dict[str, str]


def build(session: Any) -> World:
    """One VPC with a public subnet, a closed network ACL, a flow log, one instance, its volume's snapshot, and two images."""
    ec2 = session.client("ec2", HOME)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    rule = {"NetworkAclId": acl, "Egress": False, "RuleAction": "allow"}
    ssh = {"From": 20, "To": 25}
    ec2.create_network_acl_entry(**rule, RuleNumber=100, Protocol="6", CidrBlock="0.0.0.0/0", PortRange=ssh)
    session.client("logs", HOME).create_log_group(logGroupName="flows")
    log = ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="REJECT",
        LogGroupName="flows",
        DeliverLogsPermissionArn=f"arn:aws:iam::{ACCOUNT}:role/flows",
    )["FlowLogIds"][0]
    tags = [{"Key": "public", "Value": "approved"}, {"Key": "token", "Value": "planted-tag"}]
    instance = ec2.run_instances(
        ImageId="ami-12c6146b",
        MinCount=1,
        MaxCount=1,
        SubnetId=subnet,
        UserData="-----BEGIN PRIVATE KEY-----\nplanted",
        MetadataOptions={"HttpTokens": "required"},
        TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
    )["Instances"][0]
    (volume,) = ec2.describe_volumes()["Volumes"]
    closed = ec2.create_snapshot(VolumeId=volume["VolumeId"], Description="planted-words")["SnapshotId"]
    opened = ec2.create_snapshot(VolumeId=volume["VolumeId"])["SnapshotId"]
    ec2.modify_snapshot_attribute(
        SnapshotId=opened, Attribute="createVolumePermission", OperationType="add", GroupNames=["all"]
    )
    own = ec2.create_image(InstanceId=instance["InstanceId"], Name="own", Description="planted-words")[
        "ImageId"
    ]
    shared = ec2.create_image(InstanceId=instance["InstanceId"], Name="shared")["ImageId"]
    ec2.modify_image_attribute(ImageId=shared, LaunchPermission={"Add": [{"Group": "all"}]})
    return {
        "vpc": vpc,
        "subnet": subnet,
        "acl": acl,
        "log": log,
        "instance": instance["InstanceId"],
        "volume": volume["VolumeId"],
        "closed": closed,
        "opened": opened,
        "own": own,
        "shared": shared,
    }


@pytest.fixture(scope="module")
def seen() -> Iterator[tuple[World, Collected]]:
    """What was built, and everything of it that was collected."""
    specs = load_tables(Content.shipped())
    with pytest.MonkeyPatch.context() as patch, AwsServer() as server:
        patch.setattr(aws_small_world, "AWS", {name: specs[name] for name in TABLES})
        patch.setattr(aws_small_world, "PARAMETERS", {"public_approved_tag": "public:approved"})
        yield build(server.session()), collected(server.endpoint)


def values(found: Collected, table: str, key: str, *names: str) -> list[Any]:
    (one,) = [row for row in found.rows(table, HOME) if row["key"] == key]
    return [one[name] for name in names]


def arn(kind: str, name: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:ec2:{HOME}:{account}:{kind}/{name}"


def test_everything_is_seen_and_nothing_that_people_wrote(seen: tuple[World, Collected]) -> None:
    world, found = seen
    assert found.gaps() == []
    records = repr([one.records for one in found.seen if hasattr(one, "records")])
    assert world["instance"] in records
    assert "planted" not in records


def test_an_instance(seen: tuple[World, Collected]) -> None:
    world, found = seen
    (row,) = found.rows("aws_ec2_instance", HOME)
    assert row["key"] == arn("instance", world["instance"])
    assert (row["state"], row["metadata_tokens"], row["metadata_service"]) == (
        "running",
        "required",
        "enabled",
    )
    assert (row["profile"], row["tags"], len(row["public_addresses"])) == (None, ["public:approved"], 1)
    assert row["root_since"] == row["launched"].replace(microsecond=row["root_since"].microsecond)


def test_of_user_data_only_the_pattern_is_kept(seen: tuple[World, Collected]) -> None:
    world, found = seen
    instance = arn("instance", world["instance"])
    assert values(found, "aws_ec2_user_data", instance, "instance_id", "found") == [
        world["instance"],
        ["private-key"],
    ]


def test_a_network_acl(seen: tuple[World, Collected]) -> None:
    world, found = seen
    names = ("is_default", "subnets", "admits_ssh", "admits_rdp", "admits_every_port")
    assert values(found, "aws_ec2_network_acl", arn("network-acl", world["acl"]), *names) == [
        False,
        [],
        True,
        False,
        False,
    ]
    default = [one for one in found.rows("aws_ec2_network_acl", HOME) if world["subnet"] in one["subnets"]]
    assert [(one["is_default"], one["admits_every_port"]) for one in default] == [(True, True)]


def test_a_vpc_its_subnet_and_its_flow_log(seen: tuple[World, Collected]) -> None:
    world, found = seen
    assert values(found, "aws_vpc", arn("vpc", world["vpc"]), "vpc_id", "owner", "is_default") == [
        world["vpc"],
        ACCOUNT,
        False,
    ]
    subnet = arn("subnet", world["subnet"])
    assert values(found, "aws_subnet", subnet, "vpc_id", "owner", "gives_public_ipv4", "gives_ipv6") == [
        world["vpc"],
        ACCOUNT,
        True,
        False,
    ]
    log = arn("vpc-flow-log", world["log"])
    assert values(found, "aws_vpc_flow_log", log, "resource_id", "active", "delivery_fails", "traffic") == [
        world["vpc"],
        True,
        False,
        "REJECT",
    ]


def test_snapshots_and_images(seen: tuple[World, Collected]) -> None:
    world, found = seen
    snapshots = {
        one["snapshot_id"]: (one["volume_id"], one["state"], one["encrypted"], one["public"])
        for one in found.rows("aws_ebs_snapshot", HOME)
    }
    assert snapshots[world["closed"]] == (world["volume"], "completed", False, False)
    assert snapshots[world["opened"]] == (world["volume"], "completed", False, True)
    images = {one["image_id"]: (one["name"], one["public"]) for one in found.rows("aws_ec2_image", HOME)}
    assert images == {world["own"]: ("own", False), world["shared"]: ("shared", True)}
