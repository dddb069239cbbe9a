"""The published world of the economy promise: at least 2,000 AWS resources of 25 kinds, a quarter of them buckets, in one region.

    with bench_world(scale=1) as aws:
        …  # a session whose endpoint is aws.endpoint

Everything is made inside the process that plays AWS (`assay.demo.aws_server`), with names, tags and settings that follow from a number, so that
it comes out the same each time but for the ids that moto draws (seeded, and equal as long as the order of building is). `scale=10` makes ten
times of everything. `python -m tests.bench.world [SCALE]` builds it, asks AWS's own lists, and prints the resources by kind.

Made by moto on its own and counted where AWS lists it: root volumes of instances, default security groups and network ACLs of VPCs, a snapshot
for each image and each database. Buckets are made after five patterns that go through S3's API; the rest of the buckets copy one of them.
"""

from __future__ import annotations

import io
import json
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from assay.demo.aws_server import AwsServer, AwsSession, WorldSession

REGION = "eu-central-1"
NOW = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
Make = Callable[["Filling", int], None]


def bench_world(scale: int = 1) -> AwsServer:
    """The server that holds the world; it is built when the server starts."""
    return AwsServer(regions=(REGION,), build="tests.bench.world:fill", options={"scale": scale})


def fill(session: WorldSession, scale: int = 1) -> None:
    """Make everything, in the order of PLAN, then the buckets."""
    session.set("seed", seed=2000)
    session.set_clock(NOW)
    session.set("root", mfa=True, access_key=False, created=NOW.isoformat(), last_used=None)
    filling = Filling(session)
    for number, make in PLAN.values():
        for index in range(number * scale):
            make(filling, index)
    make_buckets(session, BUCKETS * scale)


class Filling:
    """What is made so far, where later things need it."""

    def __init__(self, session: WorldSession) -> None:
        self._session = session
        self.vpcs: list[str] = []
        self.subnets: list[str] = []
        self.groups: list[str] = []
        self.volumes: list[str] = []
        self.balancers: list[str] = []
        self.topics: list[str] = []

    def aws(self, service: str) -> Any:
        return self._session.client(service, REGION)


def labels(index: int) -> dict[str, str]:
    """Tags by number: every sixth thing is confidential, every fourth must be recovered, every third is production."""
    said = {"owner": f"team-{index % 7}", "service": f"service-{index % 31}"}
    if index % 6 == 0:
        said["data-class"] = "confidential"
    if index % 4 == 0:
        said["backup"] = "required"
    return said | ({"environment": "production"} if index % 3 == 0 else {})


def tag_list(index: int) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in labels(index).items()]


def tagged(kind: str, index: int) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": tag_list(index)}]


def _vpc(world: Filling, index: int) -> None:
    made = world.aws("ec2").create_vpc(
        CidrBlock=f"10.{index % 250}.0.0/16", TagSpecifications=tagged("vpc", index)
    )
    world.vpcs.append(made["Vpc"]["VpcId"])


def _subnet(world: Filling, index: int) -> None:
    vpc = index % len(world.vpcs)
    block = f"10.{vpc % 250}.{index // len(world.vpcs)}.0/24"
    made = world.aws("ec2").create_subnet(
        VpcId=world.vpcs[vpc], CidrBlock=block, AvailabilityZone=f"{REGION}{'abc'[index % 3]}"
    )
    world.subnets.append(made["Subnet"]["SubnetId"])


def _flow_log(world: Filling, index: int) -> None:
    world.aws("ec2").create_flow_logs(
        ResourceIds=[world.vpcs[index]], ResourceType="VPC", TrafficType="ALL", LogDestinationType="cloud-watch-logs",
        LogGroupName=f"/bench/{index}", DeliverLogsPermissionArn="arn:aws:iam::111122223333:role/role-0",
    )  # fmt: skip


def _group(world: Filling, index: int) -> None:
    ec2 = world.aws("ec2")
    made = ec2.create_security_group(
        GroupName=f"group-{index}", Description="bench", VpcId=world.vpcs[index % len(world.vpcs)]
    )["GroupId"]
    source = "0.0.0.0/0" if index % 10 == 0 else f"10.{index % 250}.0.0/16"
    port = (443, 22, 5432, 8080)[index % 4]
    ec2.authorize_security_group_ingress(
        GroupId=made,
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": source}]}
        ],
    )
    world.groups.append(made)


def _instance(world: Filling, index: int) -> None:
    made = world.aws("ec2").run_instances(
        ImageId="ami-0a1b2c3d4e5f60718", InstanceType="t3.small", MinCount=1, MaxCount=1,
        SubnetId=world.subnets[index % len(world.subnets)],
        MetadataOptions={"HttpTokens": "optional" if index % 9 == 0 else "required", "HttpEndpoint": "enabled"},
        BlockDeviceMappings=[{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 20, "Encrypted": index % 8 != 0}}],
        TagSpecifications=tagged("instance", index),
    )  # fmt: skip
    assert made["Instances"]


def _volume(world: Filling, index: int) -> None:
    made = world.aws("ec2").create_volume(
        AvailabilityZone=f"{REGION}a",
        Size=50,
        Encrypted=index % 8 != 0,
        TagSpecifications=tagged("volume", index),
    )
    world.volumes.append(made["VolumeId"])


def _snapshot(world: Filling, index: int) -> None:
    world.aws("ec2").create_snapshot(
        VolumeId=world.volumes[index % len(world.volumes)], Description=f"nightly {index}"
    )


def _image(world: Filling, index: int) -> None:
    world.aws("ec2").register_image(Name=f"image-{index}", RootDeviceName="/dev/sda1", Architecture="x86_64")


def _database(world: Filling, index: int) -> None:
    world.aws("rds").create_db_instance(
        DBInstanceIdentifier=f"database-{index}", Engine="postgres", EngineVersion="16.8", DBInstanceClass="db.t4g.small",
        AllocatedStorage=20, MasterUsername="postgres", MasterUserPassword="bench-only-word", StorageEncrypted=index % 5 != 0,
        BackupRetentionPeriod=(0, 7, 14)[index % 3], MultiAZ=index % 2 == 0, PubliclyAccessible=False, Tags=tag_list(index),
    )  # fmt: skip


def _table(world: Filling, index: int) -> None:
    world.aws("dynamodb").create_table(
        TableName=f"table-{index}", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], Tags=tag_list(index),
    )  # fmt: skip


def _key(world: Filling, index: int) -> None:
    made = world.aws("kms").create_key(Description=f"key {index}")["KeyMetadata"]["KeyId"]
    if index % 3:
        world.aws("kms").enable_key_rotation(KeyId=made)


def _secret(world: Filling, index: int) -> None:
    world.aws("secretsmanager").create_secret(
        Name=f"secret-{index}", SecretString="bench only", Tags=tag_list(index)
    )


def _log_group(world: Filling, index: int) -> None:
    world.aws("logs").create_log_group(logGroupName=f"/bench/{index}")
    if index % 3:
        world.aws("logs").put_retention_policy(logGroupName=f"/bench/{index}", retentionInDays=400)


def _filter(world: Filling, index: int) -> None:
    world.aws("logs").put_metric_filter(
        logGroupName=f"/bench/{index}", filterName=f"filter-{index}", filterPattern='{ $.errorCode = "AccessDenied*" }',
        metricTransformations=[{"metricName": f"metric-{index}", "metricNamespace": "Bench", "metricValue": "1"}],
    )  # fmt: skip


def _alarm(world: Filling, index: int) -> None:
    world.aws("cloudwatch").put_metric_alarm(
        AlarmName=f"alarm-{index}", MetricName=f"metric-{index}", Namespace="Bench", Statistic="Sum", Period=300,
        EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[world.topics[index % len(world.topics)]],
    )  # fmt: skip


def _topic(world: Filling, index: int) -> None:
    world.topics.append(world.aws("sns").create_topic(Name=f"topic-{index}")["TopicArn"])


def _queue(world: Filling, index: int) -> None:
    managed = "false" if index % 5 == 0 else "true"
    world.aws("sqs").create_queue(QueueName=f"queue-{index}", Attributes={"SqsManagedSseEnabled": managed})


def _function(world: Filling, index: int) -> None:
    world.aws("lambda").create_function(
        FunctionName=f"function-{index}", Runtime="python3.13", Role="arn:aws:iam::111122223333:role/role-0", Handler="main.handler",
        Code={"ZipFile": _archive()}, Tags=labels(index),
    )  # fmt: skip


def _archive() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(zipfile.ZipInfo("main.py"), "def handler(event, context):\n    return event\n")
    return held.getvalue()


def _task(world: Filling, index: int) -> None:
    world.aws("ecs").register_task_definition(
        family=f"task-{index}",
        containerDefinitions=[{"name": "main", "image": f"bench:{index}", "memory": 256}],
    )


def _repository(world: Filling, index: int) -> None:
    world.aws("ecr").create_repository(
        repositoryName=f"repository-{index}", imageScanningConfiguration={"scanOnPush": index % 4 != 0}
    )


def _balancer(world: Filling, index: int) -> None:
    mine = [world.subnets[index % len(world.vpcs)], world.subnets[len(world.vpcs) + index % len(world.vpcs)]]
    made = world.aws("elbv2").create_load_balancer(
        Name=f"balancer-{index}", Subnets=mine, Type="application", Scheme="internal"
    )
    world.balancers.append(made["LoadBalancers"][0]["LoadBalancerArn"])


def _listener(world: Filling, index: int) -> None:
    answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}
    world.aws("elbv2").create_listener(
        LoadBalancerArn=world.balancers[index % len(world.balancers)], Protocol="HTTP", Port=80 + index // len(world.balancers),
        DefaultActions=[answer],
    )  # fmt: skip


def _file_system(world: Filling, index: int) -> None:
    world.aws("efs").create_file_system(
        CreationToken=f"share-{index}", Encrypted=index % 2 == 0, Tags=tag_list(index)
    )


def _user(world: Filling, index: int) -> None:
    world.aws("iam").create_user(UserName=f"user-{index}")
    if index % 2:
        world.aws("iam").create_login_profile(UserName=f"user-{index}", Password="bench-only-word-1")


def _access_key(world: Filling, index: int) -> None:
    world.aws("iam").create_access_key(UserName=f"user-{index}")


def _role(world: Filling, index: int) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    world.aws("iam").create_role(RoleName=f"role-{index}", AssumeRolePolicyDocument=_document(trust))


def _policy(world: Filling, index: int) -> None:
    allowed = {"Effect": "Allow", "Action": [f"s3:Get{index}*", "s3:ListBucket"], "Resource": "*"}
    world.aws("iam").create_policy(PolicyName=f"policy-{index}", PolicyDocument=_document(allowed))


def _document(statement: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


PLAN: dict[str, tuple[int, Make]] = {
    "aws_vpc": (8, _vpc),
    "aws_subnet": (32, _subnet),
    "aws_ec2_security_group": (112, _group),
    "aws_ec2_instance": (110, _instance),
    "aws_ebs_volume": (90, _volume),
    "aws_ebs_snapshot": (100, _snapshot),
    "aws_ec2_image": (10, _image),
    "aws_rds_instance": (50, _database),
    "aws_dynamodb_table": (70, _table),
    "aws_kms_key": (50, _key),
    "aws_secret": (70, _secret),
    "aws_log_group": (120, _log_group),
    "aws_vpc_flow_log": (6, _flow_log),
    "aws_metric_filter": (10, _filter),
    "aws_sns_topic": (50, _topic),
    "aws_cloudwatch_alarm": (60, _alarm),
    "aws_sqs_queue": (70, _queue),
    "aws_iam_role": (60, _role),
    "aws_iam_user": (50, _user),
    "aws_iam_access_key": (40, _access_key),
    "aws_iam_policy": (40, _policy),
    "aws_lambda_function": (60, _function),
    "aws_ecs_task_definition": (40, _task),
    "aws_ecr_repository": (50, _repository),
    "aws_lb": (15, _balancer),
    "aws_lb_listener": (25, _listener),
    "aws_efs": (20, _file_system),
}
BUCKETS = 550
_COPIED = (
    "encryption", "versioning_status", "public_access_block", "ownership_rule", "policy", "logging", "rules",
)  # fmt: skip


def make_buckets(session: WorldSession, number: int) -> None:
    """Five patterns through S3's API, the rest copied from them inside moto: a bucket takes five calls otherwise."""
    from moto.s3.models import s3_backends

    backend = s3_backends["111122223333"]["aws"]
    s3 = session.client("s3", REGION)
    for index in range(number):
        if index < 5:
            _pattern(s3, index)
        else:
            source = backend.buckets[f"bench-bucket-{index % 5:05d}"]
            copy = backend.create_bucket(f"bench-bucket-{index:05d}", REGION)
            for name in _COPIED:
                setattr(copy, name, getattr(source, name))
        backend.put_bucket_tagging(f"bench-bucket-{index:05d}", labels(index))


def _pattern(s3: Any, index: int) -> None:
    name = f"bench-bucket-{index:05d}"
    s3.create_bucket(
        Bucket=name,
        CreateBucketConfiguration={"LocationConstraint": REGION},
        ObjectOwnership="BucketOwnerEnforced",
    )
    default = {"SSEAlgorithm": "aws:kms" if index % 2 else "AES256"}
    s3.put_bucket_encryption(
        Bucket=name,
        ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": default}]},
    )
    if index != 4:
        blocks = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(blocks, True))
    if index % 2 == 0:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    if index in (1, 2):
        plain = {"Bool": {"aws:SecureTransport": "false"}}
        deny = {
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "s3:*",
            "Resource": f"arn:aws:s3:::{name}/*",
            "Condition": plain,
        }
        s3.put_bucket_policy(Bucket=name, Policy=_document(deny))


LISTS: dict[str, tuple[str, str, str]] = {
    "aws_s3_bucket": ("s3", "list_buckets", "Buckets"),
    "aws_vpc": ("ec2", "describe_vpcs", "Vpcs"),
    "aws_subnet": ("ec2", "describe_subnets", "Subnets"),
    "aws_ec2_network_acl": ("ec2", "describe_network_acls", "NetworkAcls"),
    "aws_vpc_flow_log": ("ec2", "describe_flow_logs", "FlowLogs"),
    "aws_ec2_security_group": ("ec2", "describe_security_groups", "SecurityGroups"),
    "aws_ec2_instance": ("ec2", "describe_instances", "Reservations[].Instances[]"),
    "aws_ebs_volume": ("ec2", "describe_volumes", "Volumes"),
    "aws_ebs_snapshot": ("ec2", "describe_snapshots", "Snapshots"),
    "aws_ec2_image": ("ec2", "describe_images", "Images"),
    "aws_rds_instance": ("rds", "describe_db_instances", "DBInstances"),
    "aws_rds_snapshot": ("rds", "describe_db_snapshots", "DBSnapshots"),
    "aws_dynamodb_table": ("dynamodb", "list_tables", "TableNames"),
    "aws_kms_key": ("kms", "list_keys", "Keys"),
    "aws_secret": ("secretsmanager", "list_secrets", "SecretList"),
    "aws_log_group": ("logs", "describe_log_groups", "logGroups"),
    "aws_metric_filter": ("logs", "describe_metric_filters", "metricFilters"),
    "aws_sns_topic": ("sns", "list_topics", "Topics"),
    "aws_cloudwatch_alarm": ("cloudwatch", "describe_alarms", "MetricAlarms"),
    "aws_sqs_queue": ("sqs", "list_queues", "QueueUrls"),
    "aws_iam_role": ("iam", "list_roles", "Roles"),
    "aws_iam_user": ("iam", "list_users", "Users"),
    "aws_iam_policy": ("iam", "list_policies", "Policies[?!starts_with(Arn, 'arn:aws:iam::aws:')]"),
    "aws_lambda_function": ("lambda", "list_functions", "Functions"),
    "aws_ecs_task_definition": ("ecs", "list_task_definitions", "taskDefinitionArns"),
    "aws_ecr_repository": ("ecr", "describe_repositories", "repositories"),
    "aws_lb": ("elbv2", "describe_load_balancers", "LoadBalancers"),
    "aws_efs": ("efs", "describe_file_systems", "FileSystems"),
}


def count_kinds(session: AwsSession) -> dict[str, int]:
    """How many resources AWS's own lists show, by the table that holds them; listeners and access keys are asked by their owner."""
    counts = {}
    for kind, (service, method, items) in LISTS.items():
        pages = session.client(service, REGION).get_paginator(method).paginate()
        counts[kind] = len(list(pages.search(f"{items}[]")))
    elbv2, iam = session.client("elbv2", REGION), session.client("iam", REGION)
    balancers = (
        elbv2.get_paginator("describe_load_balancers").paginate().search("LoadBalancers[].LoadBalancerArn")
    )
    counts["aws_lb_listener"] = sum(
        len(elbv2.describe_listeners(LoadBalancerArn=each)["Listeners"]) for each in balancers
    )
    users = iam.get_paginator("list_users").paginate().search("Users[].UserName")
    counts["aws_iam_access_key"] = sum(
        len(iam.list_access_keys(UserName=each)["AccessKeyMetadata"]) for each in users
    )
    return dict(sorted(counts.items()))


def main(scale: int) -> None:
    """Build, count and print."""
    started = time.perf_counter()
    with bench_world(scale) as aws:
        built = time.perf_counter() - started
        counts = count_kinds(aws.session())
    for kind, number in counts.items():
        print(f"{number:7,}  {kind}")
    total = sum(counts.values())
    print(f"{total:7,}  resources of {len(counts)} kinds, {counts['aws_s3_bucket'] / total:.1%} buckets")
    print(f"built in {built:.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
