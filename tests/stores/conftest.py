"""Buckets on loopback: moto's server, one for the session; each test has a prefix of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from assay.demo.aws_server import AwsServer

LOCKED, PLAIN, GREEDY = "evidence-locked", "evidence-plain", "evidence-greedy"


@dataclass(frozen=True)
class Buckets:
    """Three buckets: with Object Lock, without, and one that locks whatever is put; and the prefix of this test."""

    endpoint: str
    client: Any
    prefix: str

    def url(self, bucket: str = LOCKED, prefix: str | None = None, options: str = "") -> str:
        return f"s3://{bucket}/{prefix or self.prefix}?endpoint={self.endpoint}{options}"

    def versions(self, name: str = "") -> list[str]:
        """Give the key of every version below the prefix, without it."""
        start = f"{self.prefix}/"
        page = self.client.list_object_versions(Bucket=LOCKED, Prefix=start + name)
        return [one["Key"].removeprefix(start) for one in page.get("Versions", [])]


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[str, Any]]:
    with AwsServer() as aws:
        client = aws.session().client("s3", "us-east-1")
        for bucket in (LOCKED, GREEDY):
            client.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
        client.create_bucket(Bucket=PLAIN)
        client.put_object_lock_configuration(
            Bucket=GREEDY,
            ObjectLockConfiguration={
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}},
            },
        )
        yield aws.endpoint, client


@pytest.fixture
def buckets(
    served: tuple[str, Any], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Buckets:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "unused")
    return Buckets(*served, request.node.name.replace("[", "-").replace("]", "")[:60])
