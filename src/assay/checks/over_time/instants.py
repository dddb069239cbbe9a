"""Judging by instants: everything, whole, whenever anything that the check reads changes. Slower than by moments, and right for every check."""

# ruff: noqa: S608 - names of tables and columns come from linted checks and loaded specs; values are always bound
from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlglot import exp

from assay.checks.dialect import parse_select
from assay.checks.over_time.judging import Judging
from assay.checks.over_time.pieces import Pieces
from assay.checks.over_time.rewriting import FROM, UNTIL
from assay.checks.over_time.versions import ITEM
from assay.checks.plan import OFFSET
from assay.checks.specs import ORDINAL

_FOUND = "_found"
_HELD = f"{FROM} <= $_at AND {UNTIL} > $_at"


class ByInstants:
    """One check, judged as it stood at each instant."""

    def __init__(self, on: Judging, pieces: Pieces) -> None:
        self.on = on
        self.pieces = pieces

    def judge(self) -> int:
        """Add to the pieces what does not conform at every instant at which anything that the check reads changes, or time alone flips a conclusion.

        Gives how many items were judged, all instants together.
        """
        judged = 0
        pending = deque(self._instants())
        at = self.on.start
        while at < self.on.end:
            while pending and pending[0] <= at:
                pending.popleft()
            total, at = self._at(at, pending[0] if pending else self.on.end)
            judged += total
        return judged

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

    def _at(self, at: datetime, change: datetime) -> tuple[int, datetime]:
        """Judge one instant until the next `change`, or until time alone flips something. Gives how many items there were, and until when it counts."""
        values = {**self.on.values, "_at": at, "as_of": at, **self._offsets()}
        there = " UNION ALL ".join(
            f"SELECT '{table}' AS _table, key, account, region, {ITEM}, {ORDINAL} + ${OFFSET}{table} AS {ORDINAL} FROM \"{self.on.told_apart(table)}\" WHERE {_HELD}"
            for table in self.on.check.items
        )
        self.on.versions.keep(_FOUND, self._snapshot(there), values)
        total = self.on.select(f"SELECT count(*) FROM ({there})", values)[0][0]
        highest = max(total, self._highest(there, values))
        kinds = self.on.hold_sound(f"SELECT * FROM {_FOUND}", total, highest, values)
        until = min(change, self._flip(values) or change)
        saw = "".join(f', f."{name}"' for name in kinds)
        self.pieces.conclude(
            f"SELECT m._table, m.key, m.account, m.region, m.{ITEM}, CAST($_at AS TIMESTAMP) AS {FROM}, CAST($_until AS TIMESTAMP) AS {UNTIL},"
            f" f.conclusion, f.reason, f.{ORDINAL}{saw} FROM {_FOUND} AS f JOIN ({there}) AS m ON m.{ORDINAL} = f.{ORDINAL} WHERE f.conclusion <> 'CONFORMS'",
            kinds,
            {**values, "_until": until},
        )
        return total, until

    def _flip(self, values: Mapping[str, Any]) -> datetime | None:
        """The next instant at which time alone flips something."""
        if not self.on.check.plan.timed:
            return None
        found = self.on.select(f"SELECT min(changes_at) FROM {_FOUND} WHERE changes_at > $_at", values)
        flip: datetime | None = found[0][0]
        return flip

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
