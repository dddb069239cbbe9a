"""What a CloudTrail trail records: management events, and object events of which buckets (CloudTrail User Guide, event selectors).

The value is the answer of GetEventSelectors: basic selectors, or advanced ones, which replace them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assay.evidence.canonical import Json

__all__ = ["management_reads", "management_writes", "object_writes_of"]

ALL_BUCKETS = "*"


def management_reads(selectors: Json) -> bool:
    """Say whether read-only management events are recorded."""
    return _management(selectors, "ReadOnly")


def management_writes(selectors: Json) -> bool:
    """Say whether management events that write are recorded."""
    return _management(selectors, "WriteOnly")


def object_writes_of(selectors: Json) -> list[str]:
    """List patterns of what the trail records object writes of, sorted: `arn:aws:s3:::bucket/*` is a bucket, `*` stands for every one."""
    found: set[str] = set()
    for selector in _basic(selectors):
        if selector.get("ReadWriteType", "All") in ("All", "WriteOnly"):
            for resource in selector.get("DataResources") or []:
                if resource["Type"] == "AWS::S3::Object":
                    found.update(_beginning_with(arn) for arn in resource.get("Values") or [])
    for fields in _advanced(selectors):
        if (
            _is(fields, "eventCategory", "Data")
            and _is(fields, "resources.type", "AWS::S3::Object")
            and _read_only(fields) in (None, False)
        ):
            found.update(_advanced_arns(fields))
    return sorted(found)


def _management(selectors: Json, kind: str) -> bool:
    basic = any(
        selector.get("IncludeManagementEvents", True)
        and selector.get("ReadWriteType", "All") in ("All", kind)
        for selector in _basic(selectors)
    )
    wanted = kind == "ReadOnly"
    # A selector with a further field narrows (by event source, say), so it records only a part.
    return basic or any(
        _is(fields, "eventCategory", "Management")
        and _read_only(fields) in (None, wanted)
        and fields.keys() <= {"eventCategory", "readOnly"}
        for fields in _advanced(selectors)
    )


def _basic(selectors: Json) -> Iterator[Mapping[str, Any]]:
    yield from selectors.get("EventSelectors") or []


def _advanced(selectors: Json) -> Iterator[dict[str, Mapping[str, Any]]]:
    for selector in selectors.get("AdvancedEventSelectors") or []:
        yield {field["Field"]: field for field in selector["FieldSelectors"]}


def _is(fields: Mapping[str, Mapping[str, Any]], name: str, value: str) -> bool:
    return value in (fields.get(name, {}).get("Equals") or [])


def _read_only(fields: Mapping[str, Mapping[str, Any]]) -> bool | None:
    listed = fields.get("readOnly", {}).get("Equals")
    return None if not listed else listed == ["true"]


def _advanced_arns(fields: Mapping[str, Mapping[str, Any]]) -> list[str]:
    if fields.keys() & {"eventName", "userIdentity.arn", "sessionCredentialFromConsole"}:
        return []
    arns = fields.get("resources.ARN")
    if arns is None:
        return [ALL_BUCKETS]
    return [*(arns.get("Equals") or []), *map(_beginning_with, arns.get("StartsWith") or [])]


def _beginning_with(arn: str) -> str:
    return ALL_BUCKETS if arn in ("arn:aws:s3", "arn:aws:s3:::") else f"{arn}*"
