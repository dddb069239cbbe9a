"""Which repositories an image registry scans (Amazon ECR User Guide, "Using filters to choose which repositories are scanned")."""

from __future__ import annotations

from assay.evidence.canonical import Json

__all__ = ["scanned_on_push"]

_ON_PUSH = ("SCAN_ON_PUSH", "CONTINUOUS_SCAN")


def scanned_on_push(rules: Json) -> list[str]:
    """List the patterns of repository names that are scanned on push or continuously, sorted, with `*` for any text.

    ECR takes a filter without `*` for every name that contains it, and one with `*` for the whole name.
    """
    return sorted(
        {
            _pattern(one["filter"])
            for rule in rules
            if rule["scanFrequency"] in _ON_PUSH
            for one in rule["repositoryFilters"]
        }
    )


def _pattern(text: str) -> str:
    return text if "*" in text else f"*{text}*"
