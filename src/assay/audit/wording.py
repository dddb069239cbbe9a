"""Small words of the report: counts, lists of names, titles inside a sentence. English, without locale."""

from __future__ import annotations

import re
from collections.abc import Sequence

FEW = 3
"""How many names a sentence carries before it counts the rest."""

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PROPER = frozenset(
    (
        "Athena",
        "Backup",
        "Config",
        "Dependabot",
        "Detective",
        "Firehose",
        "Glacier",
        "Glue",
        "Inspector",
        "Kinesis",
        "Lambda",
        "Lightsail",
        "Macie",
        "Neptune",
        "Organizations",
        "Redshift",
        "Shield",
        "Slack",
        "Terraform",
        "Okta",
        "Azure",
        "Google",
        "Route",
        "Transfer",
    )
)
_ACRONYMS = "acm alb api aws dlm dms ebs ec2 ecr ecs efs eks elb emr fsx iam kms mfa msk nacl nat rds s3 ses sns sqs sso ssm vpc waf tls"
_SPELLED = {word: word.upper() for word in _ACRONYMS.split()} | {
    "cloudfront": "CloudFront",
    "cloudtrail": "CloudTrail",
    "cloudwatch": "CloudWatch",
    "dynamodb": "DynamoDB",
    "eventbridge": "EventBridge",
    "guardduty": "GuardDuty",
    "opensearch": "OpenSearch",
    "org": "organization",
}


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Give `3 controls`, `one control`, `no controls`: words up to ten, digits beyond."""
    word = _SMALL[number] if 0 <= number < len(_SMALL) else str(number)
    return f"{word} {noun if number == 1 else plural or noun + 's'}"


def number(value: int) -> str:
    """Give a number as a word up to ten, with none for zero, in digits beyond.

    >>> number(0), number(2), number(12)
    ('none', 'two', '12')
    """
    return "none" if value == 0 else _SMALL[value] if value < len(_SMALL) else str(value)


def verb(number: int, singular: str, plural: str) -> str:
    """Give the form of a verb that fits a number of subjects."""
    return singular if number == 1 else plural


def listed(names: Sequence[str], few: int = FEW) -> str:
    """Give `a`, `a and b`, `a, b, c and 4 more`: at most `few` names, then a count."""
    if not names:
        return ""
    shown = list(names[:few])
    more = len(names) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def begun(sentence: str) -> str:
    """Give a sentence with its first letter as a capital."""
    return sentence[:1].upper() + sentence[1:]


def inside(title: str) -> str:
    """Give a title as it stands inside a sentence: first letter small, unless the word is an acronym or a name."""
    first = title.split(" ", 1)[0]
    if first in _PROPER or re.search(r"[A-Z0-9]", first[1:]):
        return title
    return title[:1].lower() + title[1:]


def table_words(name: str, source: str, *, many: bool = False) -> str:
    """Give a table's name as words: `aws_s3_bucket` of `aws` is `S3 bucket`, or `S3 buckets` where `many`."""
    words = ["worker"] if name == "hr_person" else name.removeprefix(f"{source}_").split("_")
    said = " ".join(_SPELLED.get(word, word) for word in words)
    return _plural(said) if many else said


def _plural(noun: str) -> str:
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return (
        noun if noun.endswith("settings") else f"{noun}es" if noun.endswith(("s", "x", "ch")) else f"{noun}s"
    )


def source_words(kind: str) -> str:
    """Give the name of a kind of source as a person writes it."""
    return {"aws": "AWS", "github": "GitHub", "file": "Files"}.get(kind, kind)
