"""A small invented world for the tests of checks: three tables of two sources, and checks over them. Account ids are the example ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from assay.checks import Check, Evaluator, Moment, TableInput, parse_check
from assay.checks.specs import column_types
from assay.evidence.gaps import Gap, Reason

HERE = "111122223333"
THERE = "444455556666"
AS_OF = datetime(2026, 3, 1, tzinfo=UTC)
MOMENT = Moment(AS_OF)


@dataclass(frozen=True)
class Spec:
    """A table spec as far as checks need one."""

    name: str
    source: str
    reach: str
    columns: Mapping[str, str]
    personal: frozenset[str] = field(default=frozenset())


SPECS = {
    spec.name: spec
    for spec in (
        Spec(
            "aws_bucket",
            "aws",
            "region",
            {
                "name": "text",
                "public": "boolean",
                "owner": "text",
                "created": "instant",
                "tags": "texts",
                "size": "integer",
            },
        ),
        Spec("aws_owner", "aws", "region", {"arn": "text", "trusted": "boolean", "email": "text"}),
        Spec("hr_person", "file", "account", {"email": "text", "ended": "date"}, frozenset({"email"})),
    )
}

HEADER = """/*
title: A check of the tests
controls: [IAM-04]
{fields}
severity: low
shows: What the tests need.
does_not_show: Anything else.
remedy: {{cli: none}}
cases:
{cases}
*/
"""
NO_CASES = "  - {name: none, period: {start: 2026-01-01T00:00:00Z, end: 2026-02-01T00:00:00Z}, expect: []}"


def check(sql: str, fields: str = "tables: [aws_bucket]\nkind: item", cases: str = NO_CASES) -> Check:
    """Parse a check with this SQL and these header fields."""
    return parse_check(
        "checks/test/one.sql", (HEADER.format(fields=fields, cases=cases) + sql).encode(), SPECS
    )


PUBLIC = """select b.key as item,
  case when b.public is null then 'NOT_APPLICABLE' when b.public then 'DEVIATES' else 'CONFORMS' end as conclusion,
  case when b.public then 'public' else 'private' end as reason, b.name as saw_name
from aws_bucket as b"""

OWNED = """select b.key as item, case when o.trusted then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when o.trusted then 'trusted' else 'not trusted' end as reason, o.arn as saw_owner
from aws_bucket as b left join aws_owner as o on o.key = b.owner"""
OWNED_FIELDS = "tables: [aws_bucket, aws_owner]\nkind: item"


def bucket(key: str, *, account: str = HERE, region: str = "eu-west-1", **columns: Any) -> dict[str, Any]:
    return {"key": key, "account": account, "region": region, "name": key, "public": False, **columns}


def table(name: str, *rows: Mapping[str, Any]) -> TableInput:
    """An input with these rows by column name; what a row does not say is null."""
    types = column_types(SPECS[name])
    return TableInput(
        name, tuple(types.items()), [tuple(row.get(column) for column in types) for row in rows]
    )


def evaluator(*inputs: TableInput, **bounds: Any) -> Evaluator:
    return Evaluator(inputs, SPECS, **{"memory_mb": 256, "seconds": 20.0, "threads": 1, **bounds})


def gap(
    table: str,
    reason: Reason = Reason.DENIED,
    *,
    account: str | None = HERE,
    region: str | None = "eu-west-1",
    **rest: Any,
) -> Gap:
    return Gap(table=table, reason=reason, account=account, region=region, **rest)
