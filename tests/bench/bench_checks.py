"""Speed of checks (docs/reference/promises.md): 150 checks, each over 100,000 records, 15 million conclusions stored by item, at most 10 s on 2 cores."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest
import zstandard

from assay.checks import ConclusionSet, Evaluator, Moment, TableInput, parse_check
from assay.evidence.canonical import parse_instant

RECORDS = 100_000
CHECKS = 150
LONGEST = 10.0

COLUMNS = {
    "name": "text",
    "encryption": "text",
    "encrypted": "boolean",
    "public": "boolean",
    "retention_days": "integer",
    "created": "instant",
    "owner": "text",
    "tags": "texts",
}


@dataclass(frozen=True)
class Spec:
    name: str
    source: str = "aws"
    reach: str = "region"
    columns: dict[str, str] = field(default_factory=lambda: COLUMNS)
    personal: tuple[str, ...] = ()


SPECS = {name: Spec(name) for name in ("aws_thing", "aws_owner")}

HEADER = """/*
title: Bench
controls: [IAM-04]
tables: [{tables}]
parameters: [{parameter}]
kind: item
severity: low
shows: Bench.
does_not_show: Bench.
remedy: {{cli: none}}
cases: [{{name: none, expect: []}}]
*/
"""

PLAIN = """select t.key as item,
  case when t.retention_days >= $days then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when t.retention_days >= $days then 'kept long enough' else 'kept too short' end as reason,
  t.retention_days as saw_retention_days, t.encryption as saw_encryption, t.name as saw_name
from aws_thing as t"""

TIMED = """select t.key as item,
  case when t.created + to_days($days) > $as_of then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when t.created + to_days($days) > $as_of then 'young' else 'old' end as reason,
  case when t.created + to_days($days) > $as_of then t.created + to_days($days) end as changes_at,
  t.created as saw_created
from aws_thing as t"""

JOINING = """select t.key as item,
  case when o.public then 'DEVIATES' else 'CONFORMS' end as conclusion,
  case when o.public then 'its owner is public' else 'its owner is not public' end as reason,
  o.name as saw_owner, t.tags as saw_tags
from aws_thing as t left join aws_owner as o on o.key = t.owner and o.retention_days >= $days"""


def check(index: int) -> Any:
    """15 of 150 are timed and 15 join, in the proportion of the shipped checks; the threshold makes about 5 % deviate."""
    sql = TIMED if index % 10 == 1 else JOINING if index % 10 == 2 else PLAIN
    parameter, tables = ("days", "aws_thing, aws_owner" if sql is JOINING else "aws_thing")
    data = HEADER.format(tables=tables, parameter=parameter) + sql
    return parse_check(f"checks/bench/c{index}.sql", data.encode(), SPECS), sql


def make_parquet(folder: Path) -> dict[str, str]:
    made = {}
    for name in SPECS:
        path = folder / f"{name}.parquet"
        duckdb.connect().execute(
            f"""copy (select 'arn:aws:thing:eu-west-1:111122223333:' || lpad(i::text, 8, '0') as key,
              '111122223333' as account, 'eu-west-1' as region, null::varchar as parent, 'thing-' || i as name,
              case when i % 3 = 0 then 'aws:kms' else 'AES256' end as encryption, i % 20 > 0 as encrypted,
              i % 20 = 0 as public, (i * 7919) % 100 as retention_days,
              timestamp '2026-01-01' + to_seconds((i * 31) % 100 * 86400 + i % 86400) as created,
              'arn:aws:thing:eu-west-1:111122223333:' || lpad(((i * 13) % {RECORDS})::text, 8, '0') as owner,
              ['team:' || i % 10, 'env:prod'] as tags
            from range({RECORDS}) r(i)) to '{path}' (format parquet)"""
        )
        made[name] = str(path)
    return made


@pytest.mark.bench
def test_fifteen_million_conclusions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = make_parquet(tmp_path)
    columns = (("key", "text"), ("account", "text"), ("region", "text"), ("parent", "text"), *COLUMNS.items())
    checks = [check(index) for index in range(CHECKS)]
    moment = Moment(parse_instant("2026-04-06T00:00:00Z"))
    stored = conclusions = notes = 0
    started, cpu = time.perf_counter(), time.process_time()
    with Evaluator(
        [TableInput(name, columns, parquet=path) for name, path in paths.items()], SPECS
    ) as evaluator:
        loaded = time.perf_counter()
        work = [(one, {"days": 90 if sql is TIMED else 0 if sql is JOINING else 5}) for one, sql in checks]
        for result in evaluator.evaluate_each(work, moment):
            assert isinstance(result, ConclusionSet)
            content = zstandard.ZstdCompressor(level=3).compress(result.encoded())
            (tmp_path / f"{result.check}.zst").write_bytes(content)
            stored += len(content)
            conclusions += len(result.codes)
            notes += len(result.notes)
    took, cpu = time.perf_counter() - started, time.process_time() - cpu
    with capsys.disabled():
        print(
            f"\n{CHECKS} checks × {RECORDS:,} records: {conclusions:,} conclusions, {notes:,} notes, {stored / 1e6:.1f} MB stored, "
            f"{took:.1f} s ({cpu:.1f} s of CPU), of which loading {loaded - started:.1f} s"
        )
    assert conclusions == CHECKS * RECORDS
    assert took <= LONGEST
