"""Judging by moments: each version of an item once, at the instants at which what it rests on changes (`assay.checks.over_time.rewriting`)."""

# ruff: noqa: S608 - names of tables and columns come from linted checks and loaded specs; values are always bound
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from assay.checks.over_time.judging import Judging
from assay.checks.over_time.pieces import Pieces
from assay.checks.over_time.rewriting import AT, END, FROM, UNTIL, OverTime, moments_name
from assay.checks.over_time.versions import ITEM
from assay.checks.specs import ORDINAL

ROUNDS = 64
"""How often a conclusion may flip by time alone while nothing else changes, before the check is taken for one that never settles."""


class ByMoments:
    """The moments of one check's items, and what the check says of each."""

    def __init__(self, on: Judging, pieces: Pieces) -> None:
        self.on = on
        self.pieces = pieces

    def judge(self, rewritten: OverTime) -> int:
        """Add what does not conform to the pieces; gives how many moments were judged."""
        for table in self.on.check.tables:
            self.on.told_apart(table)
        offset = total = judged = 0
        for table in self.on.check.items:
            offset, count = self._moments(table, rewritten, offset)
            total += count
        for turn in range(ROUNDS):
            kinds = self.on.hold_sound(rewritten.sql, total, offset, self.on.values)
            self._conclude(rewritten.sql, kinds)
            judged += total
            total = self._flipped(rewritten.sql, turn) if self.on.check.plan.timed else 0
            if not total:
                return judged
        raise self.on.error(f"its conclusion flips more than {ROUNDS} times while nothing but time changes")

    def _moments(self, table: str, rewritten: OverTime, offset: int) -> tuple[int, int]:
        """Show the moments of an items table: its versions, cut where what they rest on changes.

        Gives where the next table's ordinals begin, and how many moments there are.
        """
        own = self.on.told_apart(table)
        start, end = _literal(self.on.start), _literal(self.on.end)
        within = f"v.{FROM} < {end} AND v.{UNTIL} > {start}"
        cuts = [one.sql for one in rewritten.boundaries if one.table == table]
        if not cuts:
            self.on.versions.show(
                moments_name(table),
                f"SELECT v.* REPLACE (CAST(v.{ORDINAL} + {offset} AS INTEGER) AS {ORDINAL}), '{table}' AS _table,"
                f' greatest(v.{FROM}, {start}) AS {AT}, least(v.{UNTIL}, {end}) AS {END} FROM "{own}" AS v WHERE {within}',
            )
        else:
            changes = " UNION ".join(
                f"SELECT {ORDINAL}, b FROM ({sql}) WHERE b > {start} AND b < {end}" for sql in cuts
            )
            points = f'SELECT v.{ORDINAL}, greatest(v.{FROM}, {start}) AS b FROM "{own}" AS v WHERE {within} UNION {changes}'
            numbered = f"CAST(row_number() OVER (ORDER BY v.{ORDINAL}, p.b) - 1 + {offset} AS INTEGER)"
            until = f"lead(p.b, 1, least(v.{UNTIL}, {end})) OVER (PARTITION BY v.{ORDINAL} ORDER BY p.b)"
            cut = self.on.versions.kept(
                f"SELECT v.* REPLACE ({numbered} AS {ORDINAL}), '{table}' AS _table, p.b AS {AT}, {until} AS {END}"
                f' FROM "{own}" AS v JOIN ({points}) AS p ON p.{ORDINAL} = v.{ORDINAL} WHERE {within}',
                self.on.values,
            )
            self.on.versions.show(moments_name(table), f'SELECT * FROM "{cut}"')
        following, count = self.on.select(
            f'SELECT coalesce(max({ORDINAL}) + 1, {offset}), count(*) FROM "{moments_name(table)}"', {}
        )[0]
        return following, count

    def _all_moments(self) -> str:
        columns = f"{ORDINAL}, _table, key, account, region, {ITEM}, {AT}, {END}"
        return " UNION ALL ".join(
            f'SELECT {columns} FROM "{moments_name(table)}"' for table in self.on.check.items
        )

    def _conclude(self, sql: str, kinds: Mapping[str, str]) -> None:
        """Add what does not conform, each until the instant at which time alone flips it, or what it rests on changes."""
        until = f"m.{END}"
        if self.on.check.plan.timed:
            until = f"CASE WHEN f.changes_at > m.{AT} AND f.changes_at < m.{END} THEN f.changes_at ELSE m.{END} END"
        saw = "".join(f', f."{name}"' for name in kinds)
        self.pieces.conclude(
            f"SELECT m._table, m.key, m.account, m.region, m.{ITEM}, m.{AT} AS {FROM}, {until} AS {UNTIL}, f.conclusion, f.reason, f.{ORDINAL}{saw}"
            f" FROM (SELECT * FROM ({sql}) WHERE conclusion <> 'CONFORMS') AS f JOIN ({self._all_moments()}) AS m ON m.{ORDINAL} = f.{ORDINAL}",
            kinds,
            self.on.values,
        )

    def _flipped(self, sql: str, turn: int) -> int:
        """Show as moments those whose conclusion flips by time alone, at the instant at which it does; gives how many there are."""
        flips = f"SELECT {ORDINAL}, changes_at FROM ({sql}) WHERE changes_at IS NOT NULL"
        total = 0
        for table in self.on.check.items:
            total += self.on.versions.keep(
                f"_flips_{table}_{turn}",
                f'SELECT m.* REPLACE (f.changes_at AS {AT}) FROM "{moments_name(table)}" AS m JOIN ({flips}) AS f ON f.{ORDINAL} = m.{ORDINAL}'
                f" WHERE f.changes_at > m.{AT} AND f.changes_at < m.{END}",
                self.on.values,
            )
        for table in self.on.check.items:  # only now: a check over several tables reads all of them
            self.on.versions.show(moments_name(table), f'SELECT * FROM "_flips_{table}_{turn}"')
        return total


def _literal(instant: datetime) -> str:
    return f"TIMESTAMP '{instant.isoformat(sep=' ')}'"
