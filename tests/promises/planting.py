"""A small account in which secrets lie wherever people put them, and a search for them through everything that Assay keeps."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import zstandard

from assay.demo.aws_server import ACCOUNT, AwsSession

REGION = "eu-central-1"
MAIN_ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"


class Planted:
    """The secrets that were planted, by where. Each is a word that occurs nowhere else, of letters and digits, so that no format changes it."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}

    def at(self, place: str) -> str:
        """Plant a new secret."""
        assert place not in self.secrets
        self.secrets[place] = "Zq" + hashlib.sha256(f"planted {place}".encode()).hexdigest()[:26]
        return self.secrets[place]

    def known(self, place: str, secret: str) -> None:
        """A secret that somebody else made, such as an access key's."""
        self.secrets[place] = secret

    def found_in(self, content: bytes) -> set[str]:
        """The places whose secrets are in some bytes: as they are, as base64 at any offset, as hex, or as in an address."""
        return {
            place for place, secret in self.secrets.items() if any(form in content for form in _forms(secret))
        }


def _forms(secret: str) -> Iterator[bytes]:
    plain = secret.encode()
    yield plain
    yield plain.hex().encode()
    yield quote(secret, safe="").encode()
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + plain)
        yield encoded[4 if shift else 0 : -4]


def unfolded(content: bytes) -> Iterator[bytes]:
    """Some bytes and, where they are an archive or compressed, what is in them."""
    yield content
    if content.startswith(b"\x28\xb5\x2f\xfd"):
        yield from unfolded(zstandard.ZstdDecompressor().decompressobj().decompress(content))
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from unfolded(archive.read(name))
    elif content.startswith(b"%PDF"):
        for piece in content.split(b"stream\n")[1:]:
            yield zlib.decompressobj().decompress(piece) if piece.startswith(b"\x78") else piece


def files_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def leaks(planted: Planted, kept: Iterable[tuple[str, bytes]]) -> dict[str, list[str]]:
    """Where a secret was found: the place it was planted at, and in what it came to light."""
    found: dict[str, list[str]] = {}
    for name, content in kept:
        for layer in unfolded(content):
            for place in planted.found_in(layer):
                found.setdefault(place, []).append(name)
    return found


def plant(world: AwsSession, planted: Planted) -> None:
    _identity(world.client("iam", REGION), planted)
    _keys_and_secrets(world, planted)
    _storage(world, planted)
    _network_and_machines(world.client("ec2", REGION), planted)
    _functions(world.client("lambda", REGION), planted)
    _tasks(world.client("ecs", REGION), planted)
    _databases(world, planted)
    _messages(world, planted)
    _logs(world, planted)


def _tags(planted: Planted, what: str) -> list[dict[str, str]]:
    return [
        {"Key": "note", "Value": planted.at(f"tag of {what}")},
        {"Key": "Name", "Value": planted.at(f"name tag of {what}")},
    ]


def _policy(planted: Planted, what: str, principal: Any, **more: Any) -> str:
    statement = {
        "Sid": planted.at(f"statement id of {what}"),
        "Effect": "Allow",
        "Action": "*",
        "Resource": "*",
        **more,
    }
    if principal is not None:
        statement["Principal"] = principal
    return json.dumps({"Version": "2012-10-17", "Id": planted.at(f"id of {what}"), "Statement": [statement]})


def _identity(iam: Any, planted: Planted) -> None:
    condition = {"StringEquals": {"sts:ExternalId": planted.at("external id in a trust policy")}}
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": "444455556666"},
        "Action": "sts:AssumeRole",
        "Condition": condition,
    }
    trusting = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [trust | {"Sid": planted.at("statement id of a trust policy")}],
        }
    )
    iam.create_role(
        RoleName="worker",
        AssumeRolePolicyDocument=trusting,
        Description=planted.at("description of a role"),
        Tags=_tags(planted, "a role"),
    )
    iam.create_user(UserName="ben", Tags=_tags(planted, "a user"))
    iam.create_login_profile(UserName="ben", Password=planted.at("console password"))
    made = iam.create_access_key(UserName="ben")["AccessKey"]
    planted.known("secret access key of a user", made["SecretAccessKey"])
    iam.create_policy(
        PolicyName="deploy", PolicyDocument=_policy(planted, "a managed policy", None), Description=planted.at("description of a policy")
    )  # fmt: skip
    iam.put_user_policy(
        UserName="ben", PolicyName="own", PolicyDocument=_policy(planted, "an inline policy", None)
    )
    iam.attach_user_policy(UserName="ben", PolicyArn=f"arn:aws:iam::{ACCOUNT}:policy/deploy")


def _keys_and_secrets(world: AwsSession, planted: Planted) -> None:
    world.client("kms", REGION).create_key(
        Description=planted.at("description of a key"), Policy=_policy(planted, "a key policy", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
        Tags=[{"TagKey": "note", "TagValue": planted.at("tag of a key")}],
    )  # fmt: skip
    secrets = world.client("secretsmanager", REGION)
    secrets.create_secret(
        Name="prod/database", SecretString=planted.at("a secret's value"), Description=planted.at("description of a secret"), Tags=_tags(planted, "a secret")
    )  # fmt: skip
    parameters = world.client("ssm", REGION)
    for kind in ("String", "SecureString"):
        parameters.put_parameter(
            Name=f"/prod/{kind}",
            Value=planted.at(f"SSM parameter {kind}"),
            Type=kind,
            Description=planted.at(f"description of SSM parameter {kind}"),
        )


def _storage(world: AwsSession, planted: Planted) -> None:
    s3 = world.client("s3", REGION)
    s3.create_bucket(Bucket="kept-bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_tagging(Bucket="kept-bucket", Tagging={"TagSet": _tags(planted, "a bucket")})
    condition = {
        "StringEquals": {"aws:Referer": planted.at("referer in a bucket policy")},
        "StringLike": {"aws:UserAgent": [planted.at("user agent in a bucket policy")]},
    }
    policy = _policy(
        planted,
        "a bucket policy",
        "*",
        Condition=condition,
        Resource="arn:aws:s3:::kept-bucket/*",
        Action="s3:GetObject",
    )
    s3.put_bucket_policy(Bucket="kept-bucket", Policy=policy)
    s3.put_object(
        Bucket="kept-bucket",
        Key=planted.at("name of an object"),
        Body=planted.at("content of an object").encode(),
        Metadata={"note": planted.at("metadata of an object")},
    )
    tables = world.client("dynamodb", REGION)
    tables.create_table(
        TableName="sessions", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], Tags=_tags(planted, "a table"),
    )  # fmt: skip
    tables.put_item(TableName="sessions", Item={"id": {"S": planted.at("item of a table")}})


def _network_and_machines(ec2: Any, planted: Planted) -> None:
    def labels(kind: str) -> list[dict[str, Any]]:
        return [{"ResourceType": kind, "Tags": _tags(planted, kind)}]

    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16", TagSpecifications=labels("vpc"))["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24", TagSpecifications=labels("subnet"))[
        "Subnet"
    ]["SubnetId"]
    group = ec2.create_security_group(
        GroupName="worker", VpcId=vpc, Description=planted.at("description of a security group"), TagSpecifications=labels("security-group")
    )["GroupId"]  # fmt: skip
    opening = {"CidrIp": "0.0.0.0/0", "Description": planted.at("description of a rule")}
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [opening]}],
    )
    ec2.run_instances(
        ImageId="ami-0a1b2c3d4e5f60718", MinCount=1, MaxCount=1, SubnetId=subnet, SecurityGroupIds=[group],
        UserData=f"#!/bin/sh\nexport TOKEN={planted.at('user data')}\n", TagSpecifications=labels("instance"),
    )  # fmt: skip
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=8, TagSpecifications=labels("volume"))[
        "VolumeId"
    ]
    ec2.create_snapshot(
        VolumeId=volume,
        Description=planted.at("description of a snapshot"),
        TagSpecifications=labels("snapshot"),
    )


def _functions(functions: Any, planted: Planted) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("main.py", f"TOKEN = '{planted.at('code of a function')}'\n")
    variables = {
        name: planted.at(f"variable {name} of a function")
        for name in ("API_TOKEN", "DATABASE_URL", "SIGNING_KEY", "WEBHOOK")
    }
    functions.create_function(
        FunctionName="relay", Runtime="python3.13", Role=MAIN_ROLE, Handler="main.handler", Code={"ZipFile": held.getvalue()},
        Environment={"Variables": variables}, Description=planted.at("description of a function"), Tags={"note": planted.at("tag of a function")},
    )  # fmt: skip
    functions.add_permission(
        FunctionName="relay", StatementId=planted.at("statement id of a function's policy"), Action="lambda:InvokeFunction", Principal="*",
        EventSourceToken=planted.at("event source token of a function"),
    )  # fmt: skip


def _tasks(ecs: Any, planted: Planted) -> None:
    variables = [
        {"name": name, "value": planted.at(f"variable {name} of a task")}
        for name in ("API_TOKEN", "DATABASE_URL", "SIGNING_KEY")
    ]
    container = {
        "name": "api", "image": "api:1", "memory": 512, "environment": variables, "command": ["serve", planted.at("command of a task")],
        "dockerLabels": {"note": planted.at("label of a task")},
    }  # fmt: skip
    ecs.register_task_definition(
        family="api",
        containerDefinitions=[container],
        tags=[{"key": "note", "value": planted.at("tag of a task")}],
    )


def _databases(world: AwsSession, planted: Planted) -> None:
    rds = world.client("rds", REGION)
    rds.create_db_parameter_group(
        DBParameterGroupName="own", DBParameterGroupFamily="postgres16", Description=planted.at("description of a parameter group"), Tags=_tags(planted, "a parameter group")
    )  # fmt: skip
    rds.create_db_instance(
        DBInstanceIdentifier="main", DBInstanceClass="db.t3.medium", Engine="postgres", AllocatedStorage=20, MasterUsername=planted.at("master user of a database"),
        MasterUserPassword=planted.at("master password of a database"), DBName=planted.at("name of a database"), Tags=_tags(planted, "a database"),
    )  # fmt: skip


def _messages(world: AwsSession, planted: Planted) -> None:
    queue = world.client("sqs", REGION).create_queue(
        QueueName="jobs", Attributes={"Policy": _policy(planted, "a queue policy", "*")}, tags={"note": planted.at("tag of a queue")}
    )["QueueUrl"]  # fmt: skip
    world.client("sqs", REGION).send_message(QueueUrl=queue, MessageBody=planted.at("message in a queue"))
    world.client("sns", REGION).create_topic(
        Name="alerts",
        Attributes={"DisplayName": planted.at("display name of a topic")},
        Tags=_tags(planted, "a topic"),
    )


def _logs(world: AwsSession, planted: Planted) -> None:
    logs = world.client("logs", REGION)
    logs.create_log_group(logGroupName="/api", tags={"note": planted.at("tag of a log group")})
    logs.create_log_stream(logGroupName="/api", logStreamName="one")
    logs.put_log_events(
        logGroupName="/api",
        logStreamName="one",
        logEvents=[{"timestamp": 1_900_000_000_000, "message": planted.at("line of a log")}],
    )
    world.client("cloudwatch", REGION).put_metric_alarm(
        AlarmName="errors", MetricName="Errors", Namespace="own", Period=60, EvaluationPeriods=1, Threshold=1, Statistic="Sum",
        ComparisonOperator="GreaterThanThreshold", AlarmDescription=planted.at("description of an alarm"), Tags=_tags(planted, "an alarm"),
    )  # fmt: skip
