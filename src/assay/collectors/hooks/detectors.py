"""Patterns of credentials in text that people wrote where none belongs: variables, user data. Only with the company's opt-in.

What comes out names a place, the id of a pattern and a count. A value is looked at in memory and goes no further: it is in no result,
no error and no log. The shapes are those that the issuers document; a secret of no known shape is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assay.evidence.canonical import Json

_PATTERNS = {
    "anthropic-key": r"sk-ant-[A-Za-z0-9_-]{20,}",
    "aws-access-key": r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])",
    "aws-secret-key": r"(?i:aws_?secret_?(?:access_?)?key)[\"']?\s*[=:]\s*[\"']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])",
    "azure-storage-key": r"AccountKey=[A-Za-z0-9+/]{86}==",
    "github-token": r"(?<![A-Za-z0-9_])(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})",
    "gitlab-token": r"(?<![A-Za-z0-9_])glpat-[A-Za-z0-9_-]{20,}",
    "google-api-key": r"(?<![A-Za-z0-9_])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])",
    "json-web-token": r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}",
    "npm-token": r"(?<![A-Za-z0-9_])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])",
    "openai-key": r"(?<![A-Za-z0-9_-])sk-(?!ant-)(?:proj-|svcacct-)?[A-Za-z0-9_-]{32,}",
    "password-in-url": r"[a-z][a-z0-9+.-]{1,20}://[^\s:/@?#]{1,100}:(?![$%{<])[^\s:/@]{3,200}@",
    "private-key": r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----",
    "sendgrid-key": r"(?<![A-Za-z0-9_])SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}",
    "slack-token": r"(?<![A-Za-z0-9_])xox[abeoprs]-[A-Za-z0-9-]{10,}",
    "slack-webhook": r"hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{16,}",
    "stripe-key": r"(?<![A-Za-z0-9_])(?:sk|rk)_live_[A-Za-z0-9]{16,}",
}
_COMPILED = {name: re.compile(pattern) for name, pattern in _PATTERNS.items()}


def pattern_ids() -> tuple[str, ...]:
    """Give the ids of all patterns, sorted."""
    return tuple(sorted(_COMPILED))


def found_in(places: Iterable[tuple[str, str]]) -> list[dict[str, Json]]:
    """Look at texts by the name of their place; give `{"Place", "Pattern", "Count"}` for each pattern in each, sorted.

    The name counts as part of the text (`NAME=text`), since some shapes are only told by it.
    """
    found = [
        {"Place": place, "Pattern": name, "Count": count}
        for place, text in places
        for name, count in _counts(f"{place}={text}").items()
    ]
    return sorted(found, key=lambda one: (one["Place"], one["Pattern"]))


def _counts(text: str) -> dict[str, int]:
    counts = {name: sum(1 for _ in pattern.finditer(text)) for name, pattern in _COMPILED.items()}
    return {name: count for name, count in counts.items() if count}
