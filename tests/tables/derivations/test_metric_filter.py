"""Which events of CloudTrail a metric filter counts, pattern by pattern."""

from __future__ import annotations

import pytest

from assay.tables.derivations.metric_filter import watches

IAM = " || ".join(
    f"($.eventName = {name})"
    for name in (
        *(f"{act}{whose}Policy" for act in ("Put", "Delete", "Attach", "Detach") for whose in ("User", "Group", "Role")),
        *("CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion"),
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (
            '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
            ["root_use"],
        ),
        ("{$.userIdentity.type=Root}", ["root_use"]),
        # Half of what root does is no use of the console.
        ('{ $.userIdentity.type = "Root" && $.eventName = "ConsoleLogin" }', []),
        ('{ ($.userIdentity.type = "Root") && ($.readOnly IS FALSE) }', []),
        ('{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }', ["refused_calls"]),
        ('{ $.errorCode = "AccessDenied" || $.errorCode = "*UnauthorizedOperation" }', []),
        (
            '{ ($.errorCode ="*UnauthorizedOperation") || ($.errorCode ="AccessDenied*") && ($.sourceIPAddress!="delivery.logs.amazonaws.com") && ($.eventName!="HeadBucket") }',
            ["refused_calls"],
        ),
        ("{ $.errorCode EXISTS }", ["refused_calls"]),
        ('{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }', ["sign_in_without_mfa"]),
        (
            '{ $.eventName = ConsoleLogin && $.additionalEventData.MFAUsed = No && $.userIdentity.type = IAMUser && $.responseElements.ConsoleLogin = Success }',
            ["sign_in_without_mfa"],
        ),
        ('{ ($.eventName = "ConsoleLogin") && ($.responseElements.ConsoleLogin = "Failure") }', []),
        (f"{{ {IAM} }}", ["iam_policies"]),
        (f"{{ ($.eventSource = iam.amazonaws.com) && ({IAM}) }}", ["iam_policies"]),
        (f"{{ ({IAM}) && $.userIdentity.type = IAMUser }}", []),
        (f"{{ {IAM.replace(' || ($.eventName = DetachRolePolicy)', '')} }}", []),
        (
            "{ $.eventName = *Trail || $.eventName = StartLogging || $.eventName = StopLogging }",
            ["trails"],
        ),
        ("{ $.eventSource = cloudtrail.amazonaws.com }", ["trails"]),
        ("{ $.eventName = %SecurityGroup% }", ["security_groups"]),
        ("{ $.eventName = DeleteTrail }", []),
        (
            "{ ($.eventSource = s3.amazonaws.com) && (($.eventName = PutBucketAcl) || ($.eventName = PutBucketPolicy) || ($.eventName = DeleteBucketPolicy)) }",
            ["bucket_policies"],
        ),
        ("{ ($.eventName = PutBucketPolicy) }", []),
        (
            "{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion)) }",
            ["keys"],
        ),
        ('{ $.eventName = "DisableKey" }', []),
        (
            "{ $.managementEvent IS TRUE && $.recipientAccountId = 111122223333 && $.readOnly IS FALSE && $.eventVersion >= 1 }",
            [],
        ),
    ],
)  # fmt: skip
def test_what_a_pattern_watches(pattern: str, found: list[str]) -> None:
    assert watches(pattern) == found


def test_a_pattern_for_every_event_watches_all() -> None:
    assert watches("{ $.eventName = * }") == [
        "bucket_policies",
        "iam_policies",
        "keys",
        "refused_calls",
        "root_use",
        "security_groups",
        "sign_in_without_mfa",
        "trails",
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "Root",
        "[ip, user, ...]",
        "{",
        "{ }",
        "{ $.eventName }",
        "{ $.eventName = }",
        "{ $.eventName = a } b",
        "{ ($.eventName = a }",
        '{ $.eventName = "a }',
        "{ $.eventName LIKE a }",
        "{ $.eventName > soon }",
        "{ $.eventName = %(a+)+% }",
        "{ $.eventName = %a*a*a*a*a*b% }",
        "{ $.eventName = %[% }",
        "{" + "(" * 5000 + "$.eventName = *" + ")" * 5000 + "}",
        "{ $.eventName = " + "*a" * 20_000 + " }",
    ],
)
def test_what_cannot_be_read_watches_nothing(pattern: str) -> None:
    assert watches(pattern) == []


def test_a_pattern_is_a_text() -> None:
    with pytest.raises(ValueError, match="text"):
        watches(7)
