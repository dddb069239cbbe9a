"""Which IAM action a call to AWS needs: the service's prefix and the operation's name, and the exceptions (Service Authorization Reference)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assay.tables.spec import TableSpec

# boto3's name of a service, where IAM calls it otherwise.
PREFIXES: Mapping[str, str] = {
    "accessanalyzer": "access-analyzer",
    "efs": "elasticfilesystem",
    "elbv2": "elasticloadbalancing",
    "s3control": "s3",
    "sso-admin": "sso",
}
# Words that operations write in capitals, by service.
_CAPITALS: Mapping[str, Mapping[str, str]] = {
    "elbv2": {"ssl": "SSL"},
    "iam": {"mfa": "MFA", "saml": "SAML"},
    "rds": {"db": "DB"},
    "wafv2": {"acl": "ACL", "acls": "ACLs"},
}
EXCEPTIONS: Mapping[str, str] = {
    "s3.list_buckets": "s3:ListAllMyBuckets",
    "s3.get_bucket_encryption": "s3:GetEncryptionConfiguration",
    "s3.get_bucket_lifecycle_configuration": "s3:GetLifecycleConfiguration",
    "s3.get_bucket_replication": "s3:GetReplicationConfiguration",
    "s3.get_object_lock_configuration": "s3:GetBucketObjectLockConfiguration",
    "s3.get_public_access_block": "s3:GetBucketPublicAccessBlock",
    "s3control.get_public_access_block": "s3:GetAccountPublicAccessBlock",
}
READ_VERBS = ("BatchGet", "Describe", "Get", "List", "Lookup")
# It makes a report about the account and changes nothing in it.
READING_THOUGH_NAMED_OTHERWISE = frozenset({"iam:GenerateCredentialReport"})


def operation_of(call: str) -> str:
    """Give the operation's name of `service.method`: `rds.describe_db_instances` is `DescribeDBInstances`."""
    service, _, method = call.partition(".")
    capitals = _CAPITALS.get(service, {})
    return "".join(capitals.get(word, word.capitalize()) for word in method.split("_"))


def action_of(call: str) -> str:
    """Give the IAM action that a call to AWS needs."""
    service = call.partition(".")[0]
    return EXCEPTIONS.get(call) or f"{PREFIXES.get(service, service)}:{operation_of(call)}"


def calls_of(spec: TableSpec) -> frozenset[str]:
    """Give every call that a table makes, those of its hook included."""
    return frozenset({call.name for call in spec.calls} | set(spec.list.also))


def reads_only(action: str) -> bool:
    """Say whether an action's verb only reads."""
    return action in READING_THOUGH_NAMED_OTHERWISE or action.partition(":")[2].startswith(READ_VERBS)


def actions_by_service(specs: Iterable[TableSpec], calls: Iterable[str] = ()) -> dict[str, tuple[str, ...]]:
    """Give the IAM actions that the AWS tables among `specs`, and further calls, need, by boto3's name of the service, both sorted."""
    needed: dict[str, set[str]] = {}
    for call in {call for spec in specs if spec.source == "aws" for call in calls_of(spec)} | set(calls):
        needed.setdefault(call.partition(".")[0], set()).add(action_of(call))
    return {service: tuple(sorted(needed[service])) for service in sorted(needed)}
