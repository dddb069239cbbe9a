"""What an IAM policy document says: whom it lets in, what it allows in full, and which ways to higher privilege it opens.

The grammar is AWS's (IAM User Guide, "Grammar of the IAM JSON policy language"). A document comes as an object or as JSON text. Deny
statements narrow nothing here, except where a function is about them: what one document allows is read, not what an account permits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from assay.evidence.canonical import Json
from assay.tables.derivations._conditions import limits_the_principal
from assay.tables.derivations._escalation import PATHS

__all__ = [
    "allows_all_cloudtrail",
    "allows_all_kms",
    "allows_everything",
    "denies_without_tls",
    "escalation_paths",
    "open_trust",
    "outside_accounts",
    "outside_principals",
    "public_actions",
    "public_writes",
    "receives_trail",
    "trusted_services",
]

Statement = Mapping[str, Json]

_WRITES = (
    "s3:AbortMultipartUpload",
    "s3:BypassGovernanceRetention",
    "s3:DeleteBucket",
    "s3:DeleteBucketPolicy",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:PutBucketAcl",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:PutObject",
    "s3:PutObjectAcl",
    "s3:ReplicateDelete",
    "s3:ReplicateObject",
)
"""Actions that change what a bucket holds, or who may (Service Authorization Reference, Amazon S3)."""


def allows_everything(document: Json) -> bool:
    """Say whether one statement allows every action on every resource, whatever its conditions."""
    return any(_grants(statement, "*:*") and _all_resources(statement) for statement in _allowing(document))


def allows_all_cloudtrail(document: Json) -> bool:
    """Say whether one statement allows every CloudTrail action on every resource."""
    return any(
        _grants(statement, "cloudtrail:*") and _all_resources(statement) for statement in _allowing(document)
    )


def allows_all_kms(document: Json) -> bool:
    """Say whether one statement allows every KMS action on every key."""
    return any(
        _grants(statement, "kms:*") and (_all_resources(statement) or _all_kms_keys(statement))
        for statement in _allowing(document)
    )


def escalation_paths(document: Json) -> list[str]:
    """Name the known ways by which who holds this document can gain more than it says, sorted (see `_escalation`).

    The actions of a way must all be allowed on every resource, in this one document; what it denies on every resource is left out.
    """
    statements = [statement for statement in _allowing(document) if _all_resources(statement)]
    denied = [
        statement
        for statement in _statements(document, "Deny")
        if _all_resources(statement) and not statement.get("Condition")
    ]
    return sorted(
        name
        for name, actions in PATHS.items()
        if all(
            any(_grants(one, action) for one in statements)
            and not any(_grants(one, action) for one in denied)
            for action in actions
        )
    )


def public_actions(document: Json) -> list[str]:
    """List the actions, as written, that any principal may take without a condition that limits who asks; `*` where NotAction allows the rest."""
    actions: set[str] = set()
    for statement in _allowing(document):
        if _anyone(statement) and not limits_the_principal(statement.get("Condition")):
            actions.update(_texts(statement["Action"]) if "Action" in statement else ["*"])
    return sorted(actions)


def public_writes(document: Json) -> list[str]:
    """List the S3 actions that write or delete and that any principal may take without a condition that limits who asks, sorted."""
    open_to_all = [
        statement
        for statement in _allowing(document)
        if _anyone(statement) and not limits_the_principal(statement.get("Condition"))
    ]
    return [action for action in _WRITES if any(_grants(statement, action) for statement in open_to_all)]


def open_trust(document: Json) -> bool:
    """Say whether a role's trust policy lets any principal in without a condition that limits who asks."""
    return bool(public_actions(document))


def denies_without_tls(document: Json) -> bool:
    """Say whether statements deny every principal every S3 action, on the bucket and on all of its objects, where aws:SecureTransport is false."""
    denied = [
        resource
        for statement in _statements(document, "Deny")
        if _anyone(statement) and _grants(statement, "s3:*") and _insecure(statement.get("Condition"))
        for resource in _texts(statement.get("Resource", []))
    ]
    return any("/" not in one for one in denied) and any(_all_objects(one) for one in denied)


def outside_accounts(document: Json, account: str) -> list[str]:
    """List the ids of other accounts that an allowing statement names, as principals or in a condition on who asks, sorted."""
    named = (
        _account_of(principal)
        for statement in _allowing(document)
        for principal in (*_principals(statement, "AWS"), *_asking(statement.get("Condition")))
    )
    return sorted({found for found in named if found is not None and found != account})


def outside_principals(document: Json, account: str) -> list[str]:
    """List the principals of other accounts that an allowing statement names, as written, sorted."""
    return sorted({one for one in _aws_principals(document) if _account_of(one) not in (None, account)})


def receives_trail(document: Json) -> bool:
    """Say whether a bucket's policy lets CloudTrail write, by name or with everybody: without that AWS sets up no trail to the bucket."""
    return any(
        _grants(statement, "s3:PutObject")
        and ("cloudtrail.amazonaws.com" in _principals(statement, "Service") or _anyone(statement))
        for statement in _allowing(document)
    )


def trusted_services(document: Json) -> list[str]:
    """List the AWS services that an allowing statement names as principals, sorted."""
    return sorted(
        {service for statement in _allowing(document) for service in _principals(statement, "Service")}
    )


def _statements(document: Json, effect: str) -> Iterator[Statement]:
    read = json.loads(document) if isinstance(document, str) else document
    if not isinstance(read, Mapping):
        raise ValueError("a policy is an object")  # noqa: TRY004 — a malformed answer, not a mistake of ours
    listed = read.get("Statement", [])
    for statement in listed if isinstance(listed, list) else [listed]:
        if not isinstance(statement, Mapping):
            raise ValueError("a statement is an object")  # noqa: TRY004
        if statement.get("Effect") == effect:
            yield statement


def _allowing(document: Json) -> Iterator[Statement]:
    return _statements(document, "Allow")


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and all(isinstance(member, str) for member in value):
        return value
    raise ValueError("a text or a list of texts is due")


def _grants(statement: Statement, action: str) -> bool:
    """Whether the statement's Action, or the rest that NotAction leaves, covers `action` (`service:*` asks for all of a service)."""
    if "Action" in statement:
        return any(_covers(pattern, action) for pattern in _texts(statement["Action"]))
    if "NotAction" in statement:
        return not any(_touches(pattern, action) for pattern in _texts(statement["NotAction"]))
    return False


def _covers(pattern: str, action: str) -> bool:
    pattern, action = pattern.lower(), action.lower()
    if pattern in ("*", "*:*"):
        return True
    return action != "*:*" and fnmatchcase(action, pattern.replace("[", "[[]"))


def _touches(pattern: str, action: str) -> bool:
    """Whether an excluded pattern takes away something of `action`."""
    service, _, rest = action.lower().partition(":")
    excluded, _, _ = pattern.lower().partition(":")
    if service == "*" or (rest == "*" and fnmatchcase(service, excluded)):
        return True
    return _covers(pattern, action)


def _all_resources(statement: Statement) -> bool:
    if "Resource" in statement:
        return any(
            resource in ("*", "arn:aws:*", "arn:*") or set(resource) <= set("*:")
            for resource in _texts(statement["Resource"])
        )
    return "NotResource" in statement


def _all_kms_keys(statement: Statement) -> bool:
    resources = _texts(statement["Resource"]) if "Resource" in statement else []
    return any(
        resource.startswith("arn:")
        and resource.split(":", 5)[2:] in (["kms", "*", "*", "*"], ["kms", "*", "*", "key/*"])
        for resource in resources
    )


def _all_objects(resource: str) -> bool:
    """Whether a resource of a bucket's policy covers every object in it: `arn:aws:s3:::a/*`, or a wildcard that runs over the slash."""
    _, slash, rest = resource.partition("/")
    return rest == "*" if slash else resource.endswith("*")


def _principals(statement: Statement, kind: str) -> list[str]:
    principal = statement.get("Principal")
    if isinstance(principal, str):
        return [principal] if kind == "AWS" else []
    return _texts(principal[kind]) if isinstance(principal, Mapping) and kind in principal else []


def _anyone(statement: Statement) -> bool:
    if "NotPrincipal" in statement:
        return statement.get("Effect") == "Allow"
    return "*" in _principals(statement, "AWS")


def _aws_principals(document: Json) -> Iterator[str]:
    for statement in _allowing(document):
        yield from _principals(statement, "AWS")


def _account_of(principal: str) -> str | None:
    account = (
        principal.split(":")[4] if principal.startswith("arn:") and principal.count(":") >= 5 else principal
    )
    return account if len(account) == 12 and account.isdigit() else None


def _asking(condition: Json) -> Iterator[str]:
    """The accounts and ARNs that a condition wants of who asks."""
    if not isinstance(condition, Mapping):
        return
    for operator, keys in condition.items():
        if "not" in operator.lower() or not isinstance(keys, Mapping):
            continue
        for key, value in keys.items():
            if key.lower() in ("aws:principalaccount", "aws:principalarn", "kms:calleraccount"):
                yield from (str(one) for one in (value if isinstance(value, list) else [value]))


def _insecure(condition: Json) -> bool:
    """Exactly the condition that a request came without TLS: a second one would let some such requests through."""
    if not isinstance(condition, Mapping) or len(condition) != 1:
        return False
    ((operator, keys),) = condition.items()
    if operator.lower() not in ("bool", "boolifexists") or not isinstance(keys, Mapping) or len(keys) != 1:
        return False
    ((key, value),) = keys.items()
    return key.lower() == "aws:securetransport" and [
        str(one).lower() for one in (value if isinstance(value, list) else [value])
    ] == ["false"]
