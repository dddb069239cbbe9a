"""What of CloudTrail's events a metric filter counts, found by trying its pattern on the events that it must not miss.

The grammar is that of CloudWatch Logs for JSON events (User Guide, "Filter pattern syntax for metric filters"). A pattern that is not
written in it, or that cannot be read, counts nothing of interest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assay.evidence.canonical import Json
from assay.tables.derivations._event_pattern import PatternError, read_pattern

__all__ = ["watches"]

Event = Mapping[str, Any]


def watches(pattern: Json) -> list[str]:
    """List the subjects of which the pattern fits every event, sorted: `root_use`, `refused_calls`, `trails` and the others."""
    if not isinstance(pattern, str):
        raise ValueError("a pattern is a text")  # noqa: TRY004 — a malformed answer, not a mistake of ours
    try:
        fits = read_pattern(pattern)
    except PatternError:
        return []
    return sorted(subject for subject, events in _SUBJECTS.items() if all(fits(event) for event in events))


def _event(source: str, name: str, who: str, **more: Any) -> Event:
    """An event with the fields that every one has (CloudTrail User Guide, "CloudTrail record contents")."""
    return {
        "eventVersion": "1.11",
        "eventCategory": "Management",
        "eventType": "AwsApiCall",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": "203.0.113.10",
        "userAgent": "aws-cli/2.17.0",
        "managementEvent": True,
        "readOnly": False,
        "recipientAccountId": "111122223333",
        "userIdentity": {"type": who, "accountId": "111122223333", "principalId": "AIDAEXAMPLE"},
        **more,
    }


def _calls(source: str, *names: str) -> Iterator[Event]:
    """Each call, made by a user and by a role."""
    for name in names:
        for who in ("IAMUser", "AssumedRole"):
            yield _event(source, name, who)


def _refused(source: str, name: str, code: str) -> Iterator[Event]:
    for who in ("IAMUser", "AssumedRole"):
        yield _event(source, name, who, errorCode=code, errorMessage="not authorized")


_SIGN_IN = {"eventType": "AwsConsoleSignIn", "responseElements": {"ConsoleLogin": "Success"}}

_SUBJECTS: Mapping[str, tuple[Event, ...]] = {
    "root_use": (
        _event("iam", "CreateUser", "Root"),
        _event("s3", "ListBuckets", "Root", readOnly=True),
        _event("signin", "ConsoleLogin", "Root", **_SIGN_IN, additionalEventData={"MFAUsed": "Yes"}),
    ),
    "refused_calls": (
        *_refused("ec2", "RunInstances", "Client.UnauthorizedOperation"),
        *_refused("iam", "ListUsers", "AccessDenied"),
        *_refused("kms", "DescribeKey", "AccessDeniedException"),
    ),
    "sign_in_without_mfa": (
        _event("signin", "ConsoleLogin", "IAMUser", **_SIGN_IN, additionalEventData={"MFAUsed": "No"}),
    ),
    "iam_policies": tuple(
        _calls(
            "iam",
            *(
                f"{act}{whose}Policy"
                for act in ("Put", "Delete", "Attach", "Detach")
                for whose in ("User", "Group", "Role")
            ),
            *("CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion"),
        )
    ),
    "trails": tuple(
        _calls("cloudtrail", "CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging")
    ),
    "security_groups": tuple(
        _calls(
            "ec2",
            *(f"{act}SecurityGroup{way}" for act in ("Authorize", "Revoke") for way in ("Ingress", "Egress")),
            *("CreateSecurityGroup", "DeleteSecurityGroup"),
        )
    ),
    "bucket_policies": tuple(_calls("s3", "PutBucketPolicy", "DeleteBucketPolicy", "PutBucketAcl")),
    "keys": tuple(_calls("kms", "DisableKey", "ScheduleKeyDeletion")),
}
"""Events that a filter on each subject must count, every one of them."""
