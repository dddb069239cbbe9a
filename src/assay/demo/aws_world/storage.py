"""Keys, secrets, buckets, queues' neighbours that keep data: KMS, Secrets Manager, S3, EFS, ECR.

Wrong on purpose: the website's bucket is open (and keeps the account-wide block half off), exports have no log and no policy against
plain HTTP, a legacy key never rotates, one API token is a year old, an old file system is not encrypted.
"""

from dataclasses import dataclass
from typing import Any

from assay.demo.aws_server import ACCOUNT
from assay.demo.aws_world._place import MAIN, SECOND, Place, allow, arn, policy, tags

LOGS, WEBSITE = "northwind-logs", "northwind-website"


def build_storage(place: Place) -> None:
    _keys(place)
    _secrets(place)
    _account_block(place)
    for name, facts in BUCKETS.items():
        place.days_ago(facts.get("age", 500))
        build_bucket(place.elsewhere(facts.get("region", MAIN)), name, facts)
    _replication(place)
    _file_systems(place)
    _image_registries(place)
    place.today()


def key_of(place: Place, alias: str) -> str:
    """The id of the KMS key behind an alias."""
    answer = place.client("kms").describe_key(KeyId=f"alias/{alias}")
    return str(answer["KeyMetadata"]["Arn"])


def _keys(place: Place) -> None:
    place.days_ago(720)
    for region in (MAIN, SECOND):
        for alias in ("customer-data", "logs"):
            _key(place.elsewhere(region), alias, rotate=True)
    _key(place, "reporting-2023", rotate=False)
    kms = place.client("kms")
    kms.create_key(
        Description="Signs outgoing webhooks", KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256",
        Tags=[{"TagKey": "owner", "TagValue": "platform"}],
    )  # fmt: skip
    retired = _key(place, "trial-import", rotate=True)
    place.days_ago(3)
    kms.schedule_key_deletion(KeyId=retired, PendingWindowInDays=30)


def _key(place: Place, alias: str, *, rotate: bool) -> str:
    kms = place.client("kms")
    document = policy(allow("kms:*", "*", Principal={"AWS": arn("iam", "root")}))
    made = kms.create_key(Description=f"Northwind {alias}", Policy=document)["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=f"alias/{alias}", TargetKeyId=made)
    if rotate:
        kms.enable_key_rotation(KeyId=made, RotationPeriodInDays=365)
    return str(made)


@dataclass(frozen=True, slots=True)
class _Secret:
    """Age and last use in days; rotated by itself or not."""

    age: float
    read: float
    rotated: bool
    labels: dict[str, str]


_SECRETS = {
    "prod/api/database": _Secret(25, 1, True, {"owner": "platform"}),
    "prod/billing/database": _Secret(25, 1, True, {"owner": "platform"}),
    "prod/api/session-signing": _Secret(20, 1, True, {"owner": "platform"}),
    "prod/billing/payment-token": _Secret(70, 2, False, {"owner": "finance", "rotation": "manual"}),
    "prod/crm/api-token": _Secret(290, 130, False, {"owner": "sales"}),
}


def _secrets(place: Place) -> None:
    """Values are made up and named as such; nothing in Assay reads them."""
    secrets = place.client("secretsmanager")
    for name, facts in _SECRETS.items():
        place.days_ago(facts.age)
        secrets.create_secret(
            Name=name,
            SecretString="demonstration only",
            KmsKeyId="alias/customer-data",
            Tags=tags(**facts.labels),
        )
        if facts.rotated:
            secrets.rotate_secret(
                SecretId=name, RotationRules={"AutomaticallyAfterDays": 30}, RotateImmediately=False
            )
        place.days_ago(facts.read)
        secrets.get_secret_value(SecretId=name)


def _account_block(place: Place) -> None:
    place.client("s3control").put_public_access_block(
        AccountId=ACCOUNT,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": False, "RestrictPublicBuckets": False,
        },
    )  # fmt: skip


BUCKETS: dict[str, dict[str, Any]] = {
    LOGS: {"kms": "logs", "versions": True, "lock": 400, "tls": True, "age": 900, "tags": {"owner": "platform"}, "delivery": True},
    "northwind-customer-uploads": {
        "kms": "customer-data", "versions": True, "tls": True, "log": True, "age": 880,
        "tags": {"owner": "platform", "data-class": "confidential", "backup": "required", "recovery": "cross-region"},
    },
    "northwind-exports": {"versions": True, "age": 610, "tags": {"owner": "data", "data-class": "confidential"}},
    WEBSITE: {"public": True, "age": 1500, "tags": {"owner": "marketing", "public": "approved"}},
    "northwind-build-artifacts": {"tls": True, "keep_days": 90, "tags": {"owner": "platform", "retention": "short"}},
    "northwind-terraform-state": {
        "kms": "customer-data", "versions": True, "tls": True, "age": 1100,
        "tags": {"owner": "platform", "backup": "required"},
    },
    "northwind-events-raw": {"kms": "customer-data", "tls": True, "keep_days": 730, "tags": {"owner": "data", "retention": "events"}},
    "northwind-athena-results": {"tls": True, "keep_days": 30, "age": 200, "tags": {"owner": "data", "retention": "short"}},
    "northwind-partner-drop": {"tls": True, "partner": True, "age": 350, "tags": {"owner": "sales"}},
    "northwind-marketing-assets": {"acls": True, "age": 1400, "tags": {"owner": "marketing"}},
    "northwind-backups-us": {
        "region": SECOND, "kms": "customer-data", "versions": True, "tls": True, "age": 700,
        "tags": {"owner": "platform", "backup": "required"},
    },
    "northwind-edge-logs": {"region": SECOND, "tls": True, "keep_days": 365, "age": 400, "tags": {"owner": "platform", "retention": "logs"}},
}  # fmt: skip


def build_bucket(place: Place, name: str, facts: dict[str, Any]) -> None:
    """One bucket, by the facts that were decided about it."""
    s3 = place.client("s3")
    where = (
        {} if place.region == SECOND else {"CreateBucketConfiguration": {"LocationConstraint": place.region}}
    )
    ownership = "ObjectWriter" if facts.get("acls") else "BucketOwnerEnforced"
    s3.create_bucket(
        Bucket=name, ObjectLockEnabledForBucket="lock" in facts, ObjectOwnership=ownership, **where
    )
    s3.put_bucket_tagging(
        Bucket=name, Tagging={"TagSet": [{"Key": k, "Value": v} for k, v in facts["tags"].items()]}
    )
    _encryption(place, name, facts)
    if not facts.get("public"):
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(_BLOCKS, True))
    if facts.get("versions") and "lock" not in facts:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    if "lock" in facts:
        held = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": facts["lock"]}}
        s3.put_object_lock_configuration(
            Bucket=name, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": held}
        )
    if facts.get("log"):
        s3.put_bucket_logging(
            Bucket=name,
            BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": LOGS, "TargetPrefix": f"s3/{name}/"}},
        )
    if "keep_days" in facts:
        rule = {
            "ID": "expire",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "Expiration": {"Days": facts["keep_days"]},
        }
        s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [rule]})
    statements = _statements(name, facts)
    if statements:
        s3.put_bucket_policy(Bucket=name, Policy=policy(*statements))


_BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def _encryption(place: Place, name: str, facts: dict[str, Any]) -> None:
    """AWS encrypts every new bucket; moto does not say so by itself."""
    default: dict[str, str] = {"SSEAlgorithm": "AES256"}
    if "kms" in facts:
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key_of(place, facts["kms"])}
    place.client("s3").put_bucket_encryption(
        Bucket=name,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": "kms" in facts}]
        },
    )


def _statements(name: str, facts: dict[str, Any]) -> list[dict[str, Any]]:
    bucket, objects = f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    said: list[dict[str, Any]] = []
    if facts.get("tls"):
        said.append(
            {
                "Sid": "OnlyTLS",
                "Effect": "Deny",
                "Principal": {"AWS": "*"},
                "Action": "s3:*",
                "Resource": [bucket, objects],
                "Condition": plain,
            }
        )
    if facts.get("public"):
        said.append(allow("s3:GetObject", objects, Sid="Website", Principal="*"))
    if facts.get("partner"):
        partner = {"AWS": "arn:aws:iam::777788889999:role/northwind-import"}
        said.append(allow(["s3:PutObject"], objects, Sid="Partner", Principal=partner))
    if facts.get("delivery"):
        said.append(
            allow(
                "s3:GetBucketAcl", bucket, Sid="TrailCheck", Principal={"Service": "cloudtrail.amazonaws.com"}
            )
        )
        said += [
            allow("s3:PutObject", objects, Principal={"Service": f"{service}.amazonaws.com"})
            for service in ("cloudtrail", "config", "logging.s3", "delivery.logs")
        ]
    return said


def _replication(place: Place) -> None:
    rule = {
        "ID": "to-us", "Priority": 1, "Status": "Enabled", "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Enabled"},
        "Destination": {"Bucket": "arn:aws:s3:::northwind-backups-us"},
    }  # fmt: skip
    place.client("s3").put_bucket_replication(
        Bucket="northwind-customer-uploads",
        ReplicationConfiguration={"Role": arn("iam", "role/replication"), "Rules": [rule]},
    )


def _file_systems(place: Place) -> None:
    efs = place.client("efs")
    place.days_ago(500)
    efs.create_file_system(
        CreationToken="shared-models", Encrypted=True, Backup=True, KmsKeyId=key_of(place, "customer-data"),
        Tags=tags(Name="shared-models", backup="required"),
    )  # fmt: skip
    place.days_ago(1300)
    efs.create_file_system(CreationToken="legacy-share", Encrypted=False, Tags=tags(Name="legacy-share"))


def _image_registries(place: Place) -> None:
    ecr = place.client("ecr")
    for name, scan in (("api", True), ("worker", True), ("web", True), ("batch-tools", False)):
        ecr.create_repository(
            repositoryName=name, imageScanningConfiguration={"scanOnPush": scan}, imageTagMutability="IMMUTABLE",
            encryptionConfiguration={"encryptionType": "KMS"},
        )  # fmt: skip
