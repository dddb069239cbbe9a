"""After how many days lifecycle rules delete the whole of a bucket, and what does not count."""

from __future__ import annotations

from typing import Any

import pytest

from assay.tables.derivations.lifecycle import expires_after_days, old_versions_expire_after_days


def rule(days: int = 30, **more: Any) -> dict[str, Any]:
    return {"Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": days}, **more}


@pytest.mark.parametrize(
    ("rules", "days"),
    [
        ([rule()], 30),
        ([rule(60), rule(30), rule(90)], 30),
        ([rule(Filter={})], 30),
        ([{"Status": "Enabled", "Prefix": "", "Expiration": {"Days": 7}}], 7),
        ([{"Status": "Enabled", "Prefix": "logs/", "Expiration": {"Days": 7}}], None),
        ([rule(Status="Disabled")], None),
        ([rule(Filter={"Prefix": "logs/"})], None),
        ([rule(Filter={"Tag": {"Key": "state"}})], None),
        ([rule(Filter={"And": {"Prefix": "", "ObjectSizeGreaterThan": 1}})], None),
        ([rule(Filter={"ObjectSizeLessThan": 10})], None),
        ([rule(Expiration={"ExpiredObjectDeleteMarker": True})], None),
        ([{"Status": "Enabled", "Filter": {"Prefix": ""}}], None),
        ([rule(1, Filter={"Prefix": "tmp/"}), rule(400)], 400),
        ([], None),
    ],
)
def test_days_until_objects_are_deleted(rules: list[dict[str, Any]], days: int | None) -> None:
    assert expires_after_days(rules) == days


@pytest.mark.parametrize(
    ("action", "days"),
    [
        ({"NoncurrentDays": 30}, 30),
        ({"NoncurrentDays": 30, "NewerNoncurrentVersions": 3}, None),
        ({}, None),
    ],
)
def test_days_until_old_versions_are_deleted(action: dict[str, int], days: int | None) -> None:
    assert old_versions_expire_after_days([rule(NoncurrentVersionExpiration=action)]) == days
    assert (
        old_versions_expire_after_days(
            [rule(NoncurrentVersionExpiration=action, Filter={"Prefix": "a/"}), rule()]
        )
        is None
    )
