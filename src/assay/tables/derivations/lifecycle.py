"""After how many days a bucket's lifecycle rules delete what is in it (Amazon S3 User Guide, "Lifecycle configuration elements").

Only rules that are on and that cover the whole bucket count. Where several do, S3 goes by the shortest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assay.evidence.canonical import Json

__all__ = ["expires_after_days", "old_versions_expire_after_days"]


def expires_after_days(rules: Json) -> int | None:
    """Give the days after which objects are deleted, or made old versions where versions are kept; None where no rule does."""
    return min(_days(rules, "Expiration", "Days"), default=None)


def old_versions_expire_after_days(rules: Json) -> int | None:
    """Give the days after which what has become an old version is deleted; None where no rule does, or where one keeps the newest of them."""
    return min(_days(rules, "NoncurrentVersionExpiration", "NoncurrentDays"), default=None)


def _days(rules: Json, action: str, days: str) -> Iterator[int]:
    for rule in rules:
        done = rule.get(action) or {}
        if (
            rule["Status"] == "Enabled"
            and _covers_all(rule)
            and not done.get("NewerNoncurrentVersions")
            and days in done
        ):
            yield done[days]


def _covers_all(rule: Mapping[str, Any]) -> bool:
    """Whether nothing narrows the rule: no prefix, of the rule itself (as it was once written) or of its filter, no tag and no size."""
    narrowed = rule.get("Filter") or {}
    return not rule.get("Prefix") and not narrowed.get("Prefix") and not narrowed.keys() - {"Prefix"}
