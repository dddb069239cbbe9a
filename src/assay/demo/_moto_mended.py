"""Where moto 5.2 answers otherwise than AWS in something that Assay reads: small changes to moto's own classes, one function for each.

They are made once, in the demonstration's child process, before the first request. What is here is all that is mended; what is left as
moto has it is listed in `assay.demo.aws_world`.
"""

import datetime
import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

MANAGED_POLICIES = (
    "AdministratorAccess", "AWSSupportAccess", "PowerUserAccess", "ReadOnlyAccess", "SecurityAudit", "ViewOnlyAccess",
    "AWSBackupOperatorAccess",
)  # fmt: skip
Now = Callable[[], datetime.datetime]


def mend(now: Now, account: str, regions: list[str]) -> None:
    """Put clock, account and regions where moto's modules look for them, and make the changes below."""
    _set_everywhere(now, account)
    _set_clocks(now)
    _name_policies()
    _show_bucket_regions()
    _mark_vendor_keys()
    _save_key_pairs()
    _remember_secret_use(now)
    _date_secret_versions()
    _count_subscribers()
    _answer_for_own_account()
    _let_go_of_subnets()
    _encrypt_image_snapshots()
    _deliver_to_log_groups()
    if regions:
        _enable_regions(regions)
        _keep_one_identity_center(regions[0])


def _module(name: str) -> Any:
    """A module of moto's, as what it is here: something to change from outside its types."""
    return import_module(name)


def _part(module: str, name: str) -> Any:
    return getattr(import_module(module), name)


def _set_everywhere(now: Now, account: str) -> None:
    """Modules that have taken moto's clock and account id already, and, through moto.core, those imported later."""
    standing, standing_account = _part("moto.core.utils", "utcnow"), _part("moto.core", "DEFAULT_ACCOUNT_ID")
    for name, module in list(sys.modules.items()):
        if name.startswith("moto.") and getattr(module, "utcnow", None) is standing:
            vars(module)["utcnow"] = lambda: now().replace(tzinfo=None)
        if name.startswith("moto.") and getattr(module, "DEFAULT_ACCOUNT_ID", None) == standing_account:
            vars(module)["DEFAULT_ACCOUNT_ID"] = account


def _set_clocks(now: Now) -> None:
    """Services that ask the system's clock directly."""
    autoscaling = _module("moto.autoscaling.models")
    efs = _module("moto.efs.models")
    guardduty = _module("moto.guardduty.models")
    s3 = _module("moto.s3.models")
    secretsmanager = _module("moto.secretsmanager.models")
    securityhub = _module("moto.securityhub.models")

    class Clocked(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
            return now().astimezone(tz) if tz else now().replace(tzinfo=None)

    autoscaling.datetime = guardduty.datetime = Clocked
    s3.datetime = securityhub.datetime = _Instead(datetime, datetime=Clocked)
    efs.time = secretsmanager.time = _Instead(time, time=lambda: now().timestamp())


class _Instead:
    """A module with some of its names replaced."""

    def __init__(self, module: Any, **names: Any) -> None:
        self.__dict__.update(names)
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


def _name_policies() -> None:
    """Keep the AWS-managed policies that the worlds attach, of 1,500: AWS lists the attached ones. And give policies name and id."""
    iam = _module("moto.iam.models")

    every = json.loads(iam.aws_managed_policies_data)
    iam.aws_managed_policies_data = json.dumps({name: every[name] for name in MANAGED_POLICIES})
    iam.ManagedPolicy.policy_name = property(lambda policy: policy.name)
    iam.ManagedPolicy.policy_id = property(lambda policy: policy.id)


def _show_bucket_regions() -> None:
    """ListBuckets names each bucket's region where it is asked with any parameter, and pages where it is asked for so many."""
    result = _part("moto.core.responses", "ActionResult")
    response = _part("moto.s3.responses", "S3Response")

    def all_buckets(self: Any) -> Any:
        self.data["Action"] = "ListAllMyBuckets"
        self._authenticate_and_authorize_s3_action()
        prefix, region = self._get_param("prefix"), self._get_param("bucket-region")
        size, after = self._get_param("max-buckets"), self._get_param("continuation-token") or ""
        found = self.backend.list_buckets(prefix=prefix, bucket_region=region, max_buckets=None)
        rest = sorted((bucket for bucket in found if bucket.name > after), key=lambda bucket: bucket.name)
        page = rest[: int(size)] if size else rest
        self.data["Action"] = "ListBuckets"
        asked = any((prefix, region, size, after))
        answer: dict[str, Any] = {
            "Owner": {"ID": "bcaf1ffd86f41161ca5fb16fd081034f"}, "Buckets": [_bucket(each, asked) for each in page],
        }  # fmt: skip
        if len(page) < len(rest):
            answer["ContinuationToken"] = page[-1].name
        return self.serialized(result(answer))

    response.all_buckets = all_buckets


def _bucket(bucket: Any, with_region: bool) -> dict[str, str]:
    said = {"Name": bucket.name, "CreationDate": bucket.creation_date_ISO8601}
    return said | {"BucketRegion": bucket.region_name} if with_region else said


def _mark_vendor_keys() -> None:
    """Keys that AWS makes for its services are AWS's, and rotate each year."""
    keys = _part("moto.kms.models", "KmsBackend")
    given = keys.create_alias

    def create_alias(backend: Any, target_key_id: str, alias_name: str) -> Any:
        alias = given(backend, target_key_id, alias_name)
        if alias_name.startswith("alias/aws/"):
            key = backend.keys[backend.get_key_id(target_key_id)]
            key.key_manager, key.key_rotation_status = "AWS", True
        return alias

    keys.create_alias = create_alias


def _save_key_pairs() -> None:
    """A symmetric key has no RSA pair; moto makes one for each, which takes longer than all the rest of a world."""
    models = _module("moto.kms.models")
    given = models.generate_private_key

    def generate(key_spec: str) -> Any:
        return None if key_spec == "SYMMETRIC_DEFAULT" else given(key_spec)

    models.generate_private_key = generate


def _remember_secret_use(now: Now) -> None:
    """The day a secret was last read, which AWS lists."""
    secrets = _part("moto.secretsmanager.models", "FakeSecret")
    manager = _part("moto.secretsmanager.models", "SecretsManagerBackend")
    given_read, given_facts = manager.get_secret_value, secrets.to_dict

    def get_secret_value(backend: Any, secret_id: str, *more: Any, **named: Any) -> Any:
        answer = given_read(backend, secret_id, *more, **named)
        backend.secrets[secret_id].read_on = int(now().timestamp()) // 86400 * 86400
        return answer

    def to_dict(secret: Any) -> dict[str, Any]:
        return {**given_facts(secret), "LastAccessedDate": getattr(secret, "read_on", None)}

    manager.get_secret_value, secrets.to_dict = get_secret_value, to_dict


def _date_secret_versions() -> None:
    """When each version of a secret was made; moto says of all that it is now."""
    manager = _part("moto.secretsmanager.models", "SecretsManagerBackend")

    given = manager.list_secret_version_ids

    def list_secret_version_ids(backend: Any, secret_id: str) -> str:
        answer = json.loads(given(backend, secret_id))
        made = backend.secrets[secret_id].versions
        for version in answer["Versions"]:
            version["CreatedDate"] = made[version["VersionId"]]["createdate"]
        return json.dumps(answer)

    manager.list_secret_version_ids = list_secret_version_ids


def _count_subscribers() -> None:
    """Every subscription counts as confirmed; moto counts none."""
    topics = _part("moto.sns.models", "Topic")

    def confirmed(topic: Any) -> int:
        return len(topic.sns_backend._get_topic_subscriptions(topic))

    topics.subscriptions_confimed = property(confirmed, lambda _topic, _count: None)


def _answer_for_own_account() -> None:
    """Inspector's status without account ids is that of the caller's account, disabled where it was never enabled; moto wants the ids
    and leaves such an account out."""
    inspector = _part("moto.inspector2.models", "Inspector2Backend")
    given = inspector.batch_get_account_status

    def status(backend: Any, account_ids: list[str] | None) -> Any:
        asked = account_ids or [backend.account_id]
        known = given(backend, asked)
        missing = set(asked) - {one["accountId"] for one in known}
        return [*known, *(_uninspected(each) for each in sorted(missing))]

    inspector.batch_get_account_status = status


def _uninspected(account: str) -> dict[str, Any]:
    disabled = {"status": "DISABLED"}
    kinds = dict.fromkeys(("ec2", "ecr", "lambda", "lambdaCode"), disabled)
    return {"accountId": account, "state": disabled, "resourceState": kinds}


def _let_go_of_subnets() -> None:
    """A deleted subnet leaves its network ACL: moto keeps the association, which then keeps the ACL."""
    ec2 = _part("moto.ec2.models", "EC2Backend")
    given = ec2.delete_subnet

    def delete(backend: Any, subnet_id: str) -> Any:
        for acl in backend.network_acls.values():
            for name, association in list(acl._associations.items()):
                if association.subnet_id == subnet_id:
                    del acl._associations[name]
        return given(backend, subnet_id)

    ec2.delete_subnet = delete


def _encrypt_image_snapshots() -> None:
    """The snapshot that moto makes for an image is encrypted, as where encryption is the default of the region."""
    images = _part("moto.ec2.models.amis", "Ami")
    given = images.__init__

    def initialise(image: Any, *more: Any, **named: Any) -> None:
        given(image, *more, **named)
        image.ebs_snapshot.encrypted = True

    images.__init__ = initialise


def _deliver_to_log_groups() -> None:
    """A trail that is logging and has a log group has delivered there a few minutes ago; moto never says when."""
    trails = _part("moto.cloudtrail.models", "Trail")
    statuses = _part("moto.cloudtrail.models", "TrailStatus")
    given_trail, given_description = trails.__init__, statuses.description

    def initialise(trail: Any, *more: Any, **named: Any) -> None:
        given_trail(trail, *more, **named)
        trail.status.sends_to_group = lambda: trail.cw_log_group_arn is not None

    def description(status: Any) -> dict[str, Any]:
        said: dict[str, Any] = given_description(status)
        if status.is_logging and status.sends_to_group():
            said["LatestCloudWatchLogsDeliveryTime"] = said["LatestDeliveryTime"] - _DELIVERED_AGO
        return said

    trails.__init__, statuses.description = initialise, description


_DELIVERED_AGO = 180
"""Seconds: CloudTrail delivers within about five minutes."""


def _enable_regions(regions: list[str]) -> None:
    models = _module("moto.ec2.models.availability_zones_and_regions")
    models.RegionsAndZonesBackend.regions = [
        models.Region(name, f"ec2.{name}.amazonaws.com", "opt-in-not-required") for name in regions
    ]


def _keep_one_identity_center(home: str) -> None:
    """An organization has one instance, in its home region; moto has one in each."""
    center = _part("moto.ssoadmin.models", "SSOAdminBackend")
    given = center.list_instances

    def list_instances(backend: Any, *more: Any, **named: Any) -> Any:
        answer = given(backend, *more, **named)
        return answer if backend.region_name == home else type(answer)()

    center.list_instances = list_instances
