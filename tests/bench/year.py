"""A year of 100,000 resources: 90,000 things and 10,000 owners, ten columns and 1.3 kB of JSON each, 1 % of them changed a day in one field."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from assay.content_tree import Content
from assay.evidence.canonical import encode, instant_text
from assay.evidence.held import Held
from assay.evidence.merkle import EMPTY_ROOT
from assay.evidence.records import Line, Patched, Place, Whole, difference, write_records
from assay.tables import TableSpec, load_tables

DAYS = 365
FIRST = datetime(2026, 1, 1, 4, tzinfo=UTC)
ACCOUNT, REGION = "111122223333", "eu-west-1"

SPEC = """
says: A thing of the benchmark.
source: aws
reach: region
list:
  call: {call}
  items: {items}
  keep: [Arn, Name, Created, Encryption, Public, RetentionDays, Owner, State, Size, Class, Version, Detail]
key: "{{Arn}}"
columns:
  name: {{type: text, from: Name, says: Name.}}
  created: {{type: instant, from: Created, says: When it was made.}}
  encryption: {{type: text, from: Encryption.Algorithm, says: How it is encrypted.}}
  public: {{type: boolean, from: Public, says: Whether it is public.}}
  retention_days: {{type: integer, from: RetentionDays, says: For how long it keeps.}}
  owner: {{type: text, from: Owner, says: Whose it is.}}
  state: {{type: text, from: State, says: State.}}
  size: {{type: integer, from: Size, says: Size.}}
  class: {{type: text, from: Class, says: Class.}}
  version: {{type: text, from: Version, says: Version.}}
permissions: ["{permission}"]
"""
"""Two real calls lend their names, so that the spec parses; nothing is asked."""

CONTENT = Content(
    {
        "parameters/days.yaml": b"""says: How many days.
type: integer
unit: days
default: 5
minimum: 0
maximum: 1000
reason: The benchmark needs one.
controls: [NET-01]
""",
        "tables/aws/thing.yaml": SPEC.format(
            call="ec2.describe_volumes", items="Volumes", permission="ec2:DescribeVolumes"
        ).encode(),
        "tables/aws/owner.yaml": SPEC.format(
            call="ec2.describe_vpcs", items="Vpcs", permission="ec2:DescribeVpcs"
        ).encode(),
    }
)
SPECS: dict[str, TableSpec] = load_tables(CONTENT)
SIZES = {"aws_thing": 90_000, "aws_owner": 10_000}
PARTS = {"aws_thing": "describe_volumes", "aws_owner": "describe_vpcs"}


@dataclass
class Year:
    """A year, drawn from a seed; `share` makes it smaller."""

    seed: int = 7
    share: float = 1.0

    def files(self) -> Iterator[tuple[int, str, bytes, Held]]:
        """Give (day, table, record file, the population it leaves) for each table and day."""
        draw = random.Random(self.seed)
        owners = [_arn("aws_owner", number) for number in range(int(SIZES["aws_owner"] * self.share))]
        populations = {table: Held() for table in SIZES}
        records = {
            table: {
                _arn(table, number): _record(draw, table, number, owners)
                for number in range(int(most * self.share))
            }
            for table, most in SIZES.items()
        }
        for day in range(DAYS):
            for table, held in populations.items():
                lines = (
                    _first(draw, records[table]) if day == 0 else _next(draw, table, records[table], owners)
                )
                held.advance(lines)
                yield day, table, write_records(Place(table, ACCOUNT, REGION), lines), held


def _first(draw: random.Random, records: dict[str, Any]) -> list[Line]:
    return [Whole(key, encode(records[key]), draw.randbytes(16)) for key in sorted(records)]


def _next(draw: random.Random, table: str, records: dict[str, Any], owners: list[str]) -> list[Line]:
    lines: list[Line] = []
    for key in sorted(draw.sample(sorted(records), len(records) // 100)):
        after = _changed(draw, table, records[key], owners)
        lines.append(Patched(key, difference(records[key], after), draw.randbytes(16)))
        records[key] = after
    return lines


def collection(day: int, statements: list[dict[str, Any]], calls: str) -> dict[str, Any]:
    """A collection's body (formats.md, section 8)."""
    at = instant_text(day_at(day))
    return {
        "asked_by": "ada",
        "calls": {"count": 0, "failed": 0, "object": calls, "root": EMPTY_ROOT.hex()},
        "collector": {"specs": {name: spec.digest for name, spec in SPECS.items()}, "version": "bench"},
        "complete": True,
        "ended": at,
        "format": 1,
        "gaps": [],
        "populations": statements,
        "principal": None,
        "settings": {},
        "skew_ms": None,
        "source": {"id": "aws", "kind": "aws"},
        "started": at,
    }


def statement(table: str, records: str, held: Held) -> dict[str, Any]:
    return {
        "account": ACCOUNT,
        "added": 0,
        "changed": 0,
        "made": {},
        "records": records,
        "region": REGION,
        "removed": 0,
        "root": held.root().hex(),
        "size": len(held),
        "table": table,
    }


def day_at(day: int) -> datetime:
    return FIRST + timedelta(days=day)


def _arn(table: str, number: int) -> str:
    id_ = hashlib.sha256(f"{table}{number}".encode()).hexdigest()[:17]
    return f"arn:aws:bench:{REGION}:{ACCOUNT}:{table.removeprefix('aws_')}/{id_}"


def _record(draw: random.Random, table: str, number: int, owners: list[str]) -> dict[str, Any]:
    detail = {
        f"{word}Configuration": {
            "Enabled": number % 3 == 0,
            "Mode": "standard",
            "Arn": f"arn:aws:bench:{REGION}:{ACCOUNT}:{word.lower()}/{number % 40}",
            "Description": f"Managed by the platform team; for changes see the {word.lower()} runbook",
        }
        for word in ("Logging", "Backup", "Network", "Monitoring")
    }
    return {
        PARTS[table]: {
            "Arn": _arn(table, number),
            "Class": f"class-{draw.randrange(8)}",
            "Created": instant_text(FIRST - timedelta(seconds=draw.randrange(200 * 86_400))),
            "Detail": detail,
            "Encryption": {"Algorithm": "aws:kms" if draw.random() < 0.5 else "AES256"},
            "Name": f"{table}-{number}",
            "Owner": draw.choice(owners),
            "Public": draw.random() < 0.05,
            "RetentionDays": draw.randrange(100),
            "Size": draw.randrange(1, 16_000),
            "State": draw.choice(["available", "in-use"]),
            "Version": f"{draw.randrange(5)}.{draw.randrange(20)}",
        }
    }


def _changed(draw: random.Random, table: str, record: dict[str, Any], owners: list[str]) -> dict[str, Any]:
    part = dict(record[PARTS[table]])
    field = draw.choice(
        [
            "Class",
            "Created",
            "Encryption",
            "Name",
            "Owner",
            "Public",
            "RetentionDays",
            "Size",
            "State",
            "Version",
        ]
    )
    part[field] = {
        "Class": lambda: f"class-{draw.randrange(8)}",
        "Created": lambda: instant_text(FIRST - timedelta(seconds=draw.randrange(200 * 86_400))),
        "Encryption": lambda: {"Algorithm": "aws:kms" if draw.random() < 0.5 else "AES256"},
        "Name": lambda: f"{table}-{draw.randrange(10**6)}",
        "Owner": lambda: draw.choice(owners),
        "Public": lambda: draw.random() < 0.05,
        "RetentionDays": lambda: draw.randrange(100),
        "Size": lambda: draw.randrange(1, 16_000),
        "State": lambda: draw.choice(["available", "in-use", "error"]),
        "Version": lambda: f"{draw.randrange(5)}.{draw.randrange(20)}",
    }[field]()
    return {PARTS[table]: part}
