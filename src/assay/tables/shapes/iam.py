"""Items out of iam.get_account_authorization_details: each carries the principal it was found at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assay.evidence.canonical import Json

__all__ = ["attachments", "policies", "principals"]

_LISTS = (
    ("user", "UserDetailList", "User"),
    ("group", "GroupDetailList", "Group"),
    ("role", "RoleDetailList", "Role"),
)


def principals(answer: Json) -> Iterator[dict[str, Any]]:
    """Give users, groups and roles, each with its `Kind`, and `Name` whichever it is called."""
    for kind, members, word in _LISTS:
        for principal in answer[members]:
            yield {**principal, "Kind": kind, "Name": principal[f"{word}Name"]}


def policies(answer: Json) -> Iterator[dict[str, Any]]:
    """Give managed policies in force or made by the account, with the document in force, and each inline policy with its `Owner`.

    An inline policy has no ARN of its own: its `Arn` is its owner's and its name, joined by `#`.
    """
    for policy in answer["Policies"]:
        by_aws = policy["Arn"].split(":")[4] == "aws"
        if by_aws and not policy.get("AttachmentCount") and not policy.get("PermissionsBoundaryUsageCount"):
            continue
        version: Json = next((one for one in policy["PolicyVersionList"] if one.get("IsDefaultVersion")), {})
        yield {**policy, "Kind": "aws" if by_aws else "customer", "Document": version.get("Document")}
    for kind, members, word in _LISTS:
        for principal in answer[members]:
            for policy in principal.get(f"{word}PolicyList") or []:
                yield {
                    "Arn": f"{principal['Arn']}#{policy['PolicyName']}",
                    "PolicyName": policy["PolicyName"],
                    "Kind": "inline",
                    "Owner": principal["Arn"],
                    "OwnerKind": kind,
                    "Document": policy["PolicyDocument"],
                }


def attachments(answer: Json) -> Iterator[dict[str, Any]]:
    """Give each managed policy at a principal, each inline policy at its owner, and each permissions boundary."""
    for kind, members, word in _LISTS:
        for principal in answer[members]:
            at = {"PrincipalArn": principal["Arn"], "PrincipalKind": kind}
            for policy in principal.get("AttachedManagedPolicies") or []:
                yield {
                    **at,
                    "PolicyArn": policy["PolicyArn"],
                    "PolicyName": policy["PolicyName"],
                    "How": "attached",
                }
            for policy in principal.get(f"{word}PolicyList") or []:
                yield {
                    **at,
                    "PolicyArn": f"{principal['Arn']}#{policy['PolicyName']}",
                    "PolicyName": policy["PolicyName"],
                    "How": "inline",
                }
            boundary = principal.get("PermissionsBoundary")
            if boundary:
                arn = boundary["PermissionsBoundaryArn"]
                yield {**at, "PolicyArn": arn, "PolicyName": arn.rpartition("/")[2], "How": "boundary"}
