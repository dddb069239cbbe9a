"""For whoever writes a check: the text to begin with, and a check explained as plain values for the command line."""

from __future__ import annotations

from typing import Any

from assay.checks.check import Check, Link
from assay.checks.parse import check_id
from assay.checks.specs import Spec, column_types

_TEMPLATE = """\
/*
title: Say the condition that conforms, as in “Every bucket denies requests without TLS”
controls: [{control}]
tables: [{table}]
kind: item
severity: medium
shows: Say what a conforming item shows, in one sentence.
does_not_show: Say what it cannot show, in one sentence.
remedy:
  console: Say the steps in the console.
  cli: Give the command.
  terraform: Give the resource and its argument.
cases:
  - name: one that conforms
    {table}: [{{key: one, {column}: {good}}}]
    expect: [{{item: one, conclusion: CONFORMS}}]
  - name: one that deviates
    like: one that conforms
    change: {{{table}: [{{{column}: {bad}}}]}}
    expect: [{{item: one, conclusion: DEVIATES}}]
  - name: one that could not be read
    like: one that conforms
    gaps: [{{table: {table}, key: one, columns: [{column}], reason: denied}}]
    expect: [{{item: one, conclusion: UNKNOWN, reason: denied}}]
*/
select
  seen.key as item,
  case when {condition} then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when {condition} then '{column} is set' else '{column} is not set' end as reason,
  seen.{column} as saw_{column}
from {table} as seen
"""

_EXAMPLES = {
    "text": "example",
    "boolean": "true",
    "integer": "1",
    "decimal": "1",
    "instant": "2026-01-01T00:00:00Z",
    "date": "2026-01-01",
    "texts": "[example]",
}


def template(id: str, table: str, spec: Spec, control: str = "IAM-04") -> str:  # noqa: A002 - a check's id is its name everywhere
    """Give the text of a new check over `table`; it parses and proves as it is, and every sentence in it asks to be replaced.

    Raises CheckError when `id` cannot be one.
    """
    check_id(f"checks/{id.replace('.', '/')}.sql")
    types = {name: kind for name, kind in column_types(spec).items() if name in spec.columns}
    column = next((name for name, kind in types.items() if kind == "boolean"), next(iter(types), "parent"))
    kind = types.get(column, "text")
    truth = kind == "boolean"
    return _TEMPLATE.format(
        control=control,
        table=table,
        column=column,
        good=_EXAMPLES[kind],
        bad="false" if truth else "null",
        condition=f"coalesce(seen.{column}, false)" if truth else f"seen.{column} is not null",
    )


def explain(check: Check) -> dict[str, Any]:
    """Give a check as plain values, safe for JSON: what it reads, what it can conclude, what to do, and its SQL."""
    remedy = {"console": check.remedy.console, "cli": check.remedy.cli, "terraform": check.remedy.terraform}
    return {
        "id": check.id,
        "title": check.title,
        "controls": list(check.controls),
        "severity": str(check.severity),
        "kind": str(check.kind),
        "timed": check.plan.timed,
        "needs": check.needs,
        "items": list(check.items),
        "reads": {table: sorted(columns) for table, columns in sorted(check.reads.items())},
        "links": {table: _link(link) for table, link in check.links.items()},
        "parameters": list(check.parameters),
        "concludes": sorted(check.plan.literals),
        "shows": check.shows,
        "does_not_show": check.does_not_show,
        "remedy": {means: steps for means, steps in remedy.items() if steps},
        "cases": [case.name for case in check.cases],
        "digest": check.digest,
        "sql": check.sql,
    }


def _link(link: Link) -> str:
    if link.column is None:
        return "everywhere"
    only = f" of {link.items}" if link.items else ""
    return f"{link.end} = {link.column}{only}{', same account and region' if link.in_place else ''}"
