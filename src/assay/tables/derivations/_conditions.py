"""Which conditions of a policy limit who may ask (IAM User Guide, "AWS global condition context keys")."""

from __future__ import annotations

from collections.abc import Mapping

from assay.evidence.canonical import Json

_LIMITING_KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalserviceorgid",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "aws:username",
        "aws:vpcsourceip",
        "elasticfilesystem:accesspointarn",
        "kms:calleraccount",
        "lambda:eventsourcetoken",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
        "sns:endpoint",
        "sts:externalid",
    }
)
_MATCHING = frozenset(
    {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress"}
)
_EVERYTHING = frozenset({"*", "0.0.0.0/0", "::/0", "arn:*", "arn:aws:*"})


def limits_the_principal(condition: Json) -> bool:
    """Say whether a condition holds only for certain principals, networks or sources.

    An operator that excludes (StringNotEquals), that holds where the key is missing (…IfExists, ForAllValues) or a value that everybody has
    limits nobody.
    """
    if not isinstance(condition, Mapping):
        return False
    return any(
        _matches_some(operator)
        and isinstance(keys, Mapping)
        and any(_limits(key, values) for key, values in keys.items())
        for operator, keys in condition.items()
    )


def _matches_some(operator: str) -> bool:
    return operator.lower().removeprefix("foranyvalue:") in _MATCHING


def _limits(key: str, values: Json) -> bool:
    listed = values if isinstance(values, list) else [values]
    return (
        key.lower() in _LIMITING_KEYS
        and bool(listed)
        and not any(str(value) in _EVERYTHING for value in listed)
    )
