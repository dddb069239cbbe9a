"""A small account on loopback with one or two things of every kind that the first tables see, and a collection of it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from assay.collectors import CallMade, NotSeen, PopulationSeen
from assay.collectors.aws import AwsAccount, Machine, Watch, collect_aws
from assay.collectors.work import Settings
from assay.content_tree import Content
from assay.outbound.aws import AwsAccess, Limits
from assay.outbound.secret import Secret
from assay.tables import TableSpec, input_columns, load_tables, row

ACCOUNT = "111122223333"
HOME = "eu-central-1"
OTHER = "us-east-1"
KEYS = ("AKIAEXAMPLE", Secret("planted-secret-key"))
PARAMETERS = {"confidential_tag": "data-class:confidential", "recovery_tag": "backup:required"}
_SEEN = """
account cloudtrail ebs_volume ec2_network_interface ec2_region_settings ec2_security_group ec2_security_group_rule iam_access_key
iam_account_summary iam_credential_report iam_mfa_device iam_password_policy iam_policy iam_policy_attachment iam_principal kms_key
rds_instance s3_account_block s3_bucket
"""
_TABLES = load_tables(Content.shipped())
AWS: dict[str, TableSpec] = {f"aws_{name}": _TABLES[f"aws_{name}"] for name in _SEEN.split()}
"""The tables that this world has something for."""


def build(session: Any) -> None:
    """Build the account: Ben with two keys and MFA, Dev with a password, a role for another account, and one thing of each other kind."""
    _people(session.client("iam", OTHER))
    _buckets(session.client("s3", OTHER))
    ec2 = session.client("ec2", HOME)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
    ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[ssh])
    ec2.create_volume(AvailabilityZone=f"{HOME}a", Size=8, Encrypted=True)
    key = session.client("kms", HOME).create_key(Description="planted description")["KeyMetadata"]["KeyId"]
    session.client("kms", HOME).enable_key_rotation(KeyId=key)
    session.client("rds", HOME).create_db_instance(
        DBInstanceIdentifier="billing",
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        MasterUsername="planted",
        MasterUserPassword="planted-password",
        AllocatedStorage=20,
        BackupRetentionPeriod=7,
        PubliclyAccessible=False,
        StorageEncrypted=True,
        Tags=[{"Key": "password", "Value": "planted-tag"}, {"Key": "backup", "Value": "required"}],
    )
    trails = session.client("cloudtrail", HOME)
    trails.create_trail(
        Name="all", S3BucketName="northwind-trail", IsMultiRegionTrail=True, EnableLogFileValidation=True
    )
    trails.start_logging(Name="all")
    selector = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}
    trails.put_event_selectors(TrailName="all", EventSelectors=[selector])


def _people(iam: Any) -> None:
    for name in ("ben", "dev"):
        iam.create_user(UserName=name, Tags=[{"Key": "mail", "Value": "planted-mail"}])
    for _ in range(2):
        iam.create_access_key(UserName="ben")
    iam.create_login_profile(UserName="dev", Password="Planted-password-1")
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="ben")["VirtualMFADevice"]["SerialNumber"]
    iam.enable_mfa_device(
        UserName="ben", SerialNumber=device, AuthenticationCode1="123456", AuthenticationCode2="654321"
    )
    iam.create_group(GroupName="admins")
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    own = iam.create_policy(PolicyName="everything", PolicyDocument=json.dumps(everything))["Policy"]["Arn"]
    iam.attach_group_policy(GroupName="admins", PolicyArn=own)
    iam.put_user_policy(UserName="dev", PolicyName="inline", PolicyDocument=json.dumps(everything))
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
        "Action": "sts:AssumeRole",
    }
    iam.create_role(
        RoleName="partner",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )
    iam.update_account_password_policy(MinimumPasswordLength=14, RequireSymbols=False)


def _buckets(s3: Any) -> None:
    for name in ("northwind-uploads", "northwind-trail", "northwind-site"):
        s3.create_bucket(Bucket=name)
    tags = [
        {"Key": "data-class", "Value": "confidential"},
        {"Key": "backup", "Value": "required"},
        {"Key": "token", "Value": "planted-tag"},
    ]
    s3.put_bucket_tagging(Bucket="northwind-uploads", Tagging={"TagSet": tags})
    s3.put_bucket_versioning(Bucket="northwind-uploads", VersioningConfiguration={"Status": "Enabled"})
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    s3.put_bucket_encryption(Bucket="northwind-uploads", ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_bucket_ownership_controls(
        Bucket="northwind-uploads", OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    )
    trail = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::northwind-trail/*",
    }
    s3.put_bucket_policy(
        Bucket="northwind-trail", Policy=json.dumps({"Version": "2012-10-17", "Statement": [trail]})
    )
    everyone = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::northwind-site/*",
    }
    s3.put_bucket_policy(
        Bucket="northwind-site", Policy=json.dumps({"Version": "2012-10-17", "Statement": [everyone]})
    )


class FastTime:
    """Time in which waiting takes no time."""

    def __init__(self) -> None:
        self.slept = 0.0

    def steady(self) -> float:
        return time.monotonic() + self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


@dataclass
class Collected:
    """What one run gave."""

    seen: list[PopulationSeen | NotSeen]
    calls: list[CallMade]
    time: FastTime
    principals: list[tuple[str, str]] = field(default_factory=list)
    skews: list[tuple[int, int]] = field(default_factory=list)

    def population(self, table: str, region: str = "") -> PopulationSeen:
        return next(
            one
            for one in self.seen
            if isinstance(one, PopulationSeen) and (one.table, one.region) == (table, region)
        )

    def rows(self, table: str, region: str = "") -> list[dict[str, Any]]:
        """Rows by column name, in the order of the keys."""
        spec, one = AWS[table], self.population(table, region)
        names = [name for name, _ in input_columns(spec)]
        return [
            dict(
                zip(
                    names,
                    row(spec, record.key, one.account, one.region, record.parent, record.record),
                    strict=True,
                )
            )
            for record in one.records
        ]

    def gaps(self) -> list[tuple[str, str, str | None, frozenset[str] | None]]:
        """Every gap as table, reason, key or parent, columns."""
        gaps = [one.gap for one in self.seen if isinstance(one, NotSeen)]
        gaps += [gap for one in self.seen if isinstance(one, PopulationSeen) for gap in one.gaps]
        return [(gap.table, str(gap.reason), gap.key or gap.parent, gap.columns) for gap in gaps]

    def not_seen(self) -> list[tuple[str, str | None, str]]:
        return [
            (one.gap.table, one.gap.region, str(one.gap.reason))
            for one in self.seen
            if isinstance(one, NotSeen)
        ]


def collected(
    endpoint: str,
    *tables: str,
    regions: tuple[str, ...] | None = (HOME,),
    limits: Limits | None = None,
    access: AwsAccess | None = None,
    clock: Any = None,
    **more: Any,
) -> Collected:
    """Collect tables (all of AWS's, if none is named) through an endpoint."""
    fast = FastTime()
    found = Collected([], [], fast)
    watch = Watch(
        on_call=found.calls.append,
        on_principal=lambda account, arn: found.principals.append((account, arn)),
        on_skew=lambda least, most: found.skews.append((least, most)),
    )
    machine = Machine(steady=fast.steady, sleep=fast.sleep, **({"clock": clock} if clock else {}))
    specs: Mapping[str, TableSpec] = {name: AWS[name] for name in tables} if tables else AWS
    reached = access or AwsAccess("run-1", region=OTHER, endpoint_url=endpoint, keys=KEYS)
    account = AwsAccount(replace(reached, endpoint_url=endpoint), regions=regions)
    settings = Settings(PARAMETERS)
    found.seen = list(
        collect_aws(specs, [account], settings=settings, limits=limits, watch=watch, machine=machine, **more)
    )
    return found


def day(one: Any) -> str:
    """The day of a column's instant."""
    assert isinstance(one, datetime)
    return one.date().isoformat()
