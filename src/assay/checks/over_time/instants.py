"""Judging by instants: everything, whole, whenever anything that the check reads changes. Slower than by moments, and right for every check."""

# ruff: noqa: S608 - names of tables and columns come from linted checks and loaded specs; values are always bound
from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlglot import exp

from assay.checks.dialect import parse_select
from assay.checks.over_time.episodes import Episode, Item
from assay.checks.over_time.judging import Judging
from assay.checks.over_time.rewriting import FROM, UNTIL
from assay.checks.plan import OFFSET
from assay.checks.specs import ORDINAL

_FOUND = "_found"
_HELD = f"{FROM} <= $_at AND {UNTIL} > $_at"


class ByInstants:
    """One check, judged as it stood at each instant. `judged` counts the items of all instants."""

    def __init__(self, on: Judging) -> None:
        self.on = on
        self.judged = 0

    def found(self) -> Iterator[tuple[Item, Episode]]:
        """Judge everything at every instant at which anything that the check reads changes, or time alone flips a conclusion."""
        pending = deque(self._instants())
        at = self.on.start
        while at < self.on.end:
            found, flip = self._at(at)
            while pending and pending[0] <= at:
                pending.popleft()
            upcoming = [
                one for one in (pending[0] if pending else None, flip, self.on.end) if one is not None
            ]
            until = min(upcoming)
            for item, episode in found:
                yield item, episode._replace(start=at, end=until)
            at = until

    def _instants(self) -> list[datetime]:
        ends = " UNION ".join(
            f'SELECT {column} AS b FROM "{self.on.told_apart(table)}"'
            for table in self.on.check.tables
            for column in (FROM, UNTIL)
        )
        return [
            row[0]
            for row in self.on.select(f"SELECT b FROM ({ends}) WHERE b > $_start AND b < $_end ORDER BY b")
        ]

    def _at(self, at: datetime) -> tuple[list[tuple[Item, Episode]], datetime | None]:
        """Give what does not conform at one instant, and the next at which time alone flips something."""
        values = {**self.on.values, "_at": at, "as_of": at, **self._offsets()}
        there = " UNION ALL ".join(
            f'SELECT {place} AS _table, key, {ORDINAL} AS _version, {ORDINAL} + ${OFFSET}{table} AS {ORDINAL} FROM "{self.on.told_apart(table)}" WHERE {_HELD}'
            for place, table in enumerate(self.on.check.items)
        )
        self.on.versions.keep(_FOUND, self._snapshot(there), values)
        total = self.on.select(f"SELECT count(*) FROM ({there})", values)[0][0]
        self.judged += total
        self.on.hold_sound(f"SELECT * FROM {_FOUND}", total, max(total, self._highest(there, values)), values)
        saw = "".join(f', f."{name}"' for name in sorted(self.on.check.plan.saw))
        found = self.on.episodes(
            f"SELECT m._table, m._version, CAST($_start AS TIMESTAMP), CAST($_end AS TIMESTAMP), f.conclusion, f.reason{saw}"
            f" FROM {_FOUND} AS f JOIN ({there}) AS m ON m.{ORDINAL} = f.{ORDINAL} WHERE f.conclusion <> 'CONFORMS'",
            values,
        )
        if not self.on.check.plan.timed:
            return found, None
        return found, self.on.select(f"SELECT min(changes_at) FROM {_FOUND} WHERE changes_at > $_at", values)[
            0
        ][0]

    def _highest(self, there: str, values: Mapping[str, Any]) -> int:
        return int(self.on.select(f"SELECT coalesce(max({ORDINAL}), 0) FROM ({there})", values)[0][0])

    def _offsets(self) -> dict[str, int]:
        offset, offsets = 0, {}
        for table in self.on.check.items:
            offsets[OFFSET + table] = offset
            own = self.on.told_apart(table)
            offset += self.on.select(f'SELECT coalesce(max({ORDINAL}) + 1, 0) FROM "{own}"')[0][0]
        return offsets

    def _snapshot(self, there: str) -> str:
        """The check's SQL over what was there at `$_at`, with the ordinal of each item's version."""
        tree = parse_select(self.on.check.plan.sql)
        for scan in list(tree.find_all(exp.Table)):
            if scan.name in self.on.check.tables:
                alias = scan.alias_or_name
                versions = exp.table_(self.on.told_apart(scan.name), quoted=True)
                held = exp.select("*").from_(versions).where(_HELD, dialect="duckdb").subquery(alias)
                scan.replace(held)
        sql = tree.sql("duckdb", comments=False)
        if self.on.check.plan.ordinals:
            return sql
        return f"SELECT r.*, k.{ORDINAL} FROM ({sql}) AS r LEFT JOIN ({there}) AS k ON k.key = r.item"
