"""Judging by moments: each version of an item once, at the instants at which what it rests on changes (`assay.checks.over_time.rewriting`)."""

# ruff: noqa: S608 - names of tables and columns come from linted checks and loaded specs; values are always bound
from __future__ import annotations

from datetime import datetime

from assay.checks.over_time.episodes import Episode, Item
from assay.checks.over_time.judging import Judging
from assay.checks.over_time.rewriting import AT, END, FROM, UNTIL, OverTime, moments_name
from assay.checks.specs import ORDINAL

ROUNDS = 64
"""How often a conclusion may flip by time alone while nothing else changes, before the check is taken for one that never settles."""


class ByMoments:
    """The moments of one check's items, and what the check says of each. `judged` counts them."""

    def __init__(self, on: Judging) -> None:
        self.on = on
        self.judged = 0

    def found(self, rewritten: OverTime) -> list[tuple[Item, Episode]]:
        """Give what does not conform, in order of time for each item."""
        for table in self.on.check.tables:
            self.on.told_apart(table)
        offset = 0
        for place, table in enumerate(self.on.check.items):
            offset = self._moments(place, table, rewritten, offset)
        found: list[tuple[Item, Episode]] = []
        for turn in range(ROUNDS):
            self._hold_one_row_each(rewritten.sql, offset)
            found += self._brought(rewritten.sql)
            if not self.on.check.plan.timed or not self._flipped(rewritten.sql, turn):
                return found if turn == 0 else sorted(found, key=lambda one: one[1].start)
        raise self.on.error(f"its conclusion flips more than {ROUNDS} times while nothing but time changes")

    def _moments(self, place: int, table: str, rewritten: OverTime, offset: int) -> int:
        """Show the moments of an items table: its versions, cut where what they rest on changes. Gives where the next table's ordinals begin."""
        own = self.on.told_apart(table)
        start, end = _literal(self.on.start), _literal(self.on.end)
        within = f"v.{FROM} < {end} AND v.{UNTIL} > {start}"
        cuts = [one.sql for one in rewritten.boundaries if one.table == table]
        if not cuts:
            self.on.versions.show(
                moments_name(table),
                f"SELECT v.* REPLACE (CAST(v.{ORDINAL} + {offset} AS INTEGER) AS {ORDINAL}), v.{ORDINAL} AS _version, {place} AS _table,"
                f' greatest(v.{FROM}, {start}) AS {AT}, least(v.{UNTIL}, {end}) AS {END} FROM "{own}" AS v WHERE {within}',
            )
        else:
            changes = " UNION ".join(
                f"SELECT {ORDINAL}, b FROM ({sql}) WHERE b > {start} AND b < {end}" for sql in cuts
            )
            points = f'SELECT v.{ORDINAL}, greatest(v.{FROM}, {start}) AS b FROM "{own}" AS v WHERE {within} UNION {changes}'
            numbered = f"CAST(row_number() OVER (ORDER BY v.{ORDINAL}, p.b) - 1 + {offset} AS INTEGER)"
            following = f"lead(p.b, 1, least(v.{UNTIL}, {end})) OVER (PARTITION BY v.{ORDINAL} ORDER BY p.b)"
            cut = self.on.versions.kept(
                f"SELECT v.* REPLACE ({numbered} AS {ORDINAL}), v.{ORDINAL} AS _version, {place} AS _table, p.b AS {AT}, {following} AS {END}"
                f' FROM "{own}" AS v JOIN ({points}) AS p ON p.{ORDINAL} = v.{ORDINAL} WHERE {within}',
                self.on.values,
            )
            self.on.versions.show(moments_name(table), f'SELECT * FROM "{cut}"')
        last = self.on.select(
            f'SELECT coalesce(max({ORDINAL}) + 1, {offset}) FROM "{moments_name(table)}"', {}
        )
        return int(last[0][0])

    def _all_moments(self) -> str:
        columns = f"{ORDINAL}, _table, _version, {AT}, {END}"
        return " UNION ALL ".join(
            f'SELECT {columns} FROM "{moments_name(table)}"' for table in self.on.check.items
        )

    def _hold_one_row_each(self, sql: str, highest: int) -> None:
        """Hold the SQL to exactly one row for each moment, each with a known conclusion and a reason."""
        total = self.on.select(f"SELECT count(*) FROM ({self._all_moments()})", {})[0][0]
        self.judged += total
        self.on.hold_sound(sql, total, highest, self.on.values)

    def _brought(self, sql: str) -> list[tuple[Item, Episode]]:
        """Bring what does not conform, each until the instant at which time alone flips it, or what it rests on changes."""
        until = f"m.{END}"
        if self.on.check.plan.timed:
            until = f"CASE WHEN f.changes_at > m.{AT} AND f.changes_at < m.{END} THEN f.changes_at ELSE m.{END} END"
        saw = "".join(f', f."{name}"' for name in sorted(self.on.check.plan.saw))
        return self.on.episodes(
            f"SELECT m._table, m._version, m.{AT}, {until}, f.conclusion, f.reason{saw}"
            f" FROM (SELECT * FROM ({sql}) WHERE conclusion <> 'CONFORMS') AS f JOIN ({self._all_moments()}) AS m ON m.{ORDINAL} = f.{ORDINAL}"
            f" ORDER BY m.{ORDINAL}",
            self.on.values,
        )

    def _flipped(self, sql: str, turn: int) -> bool:
        """Show as moments those whose conclusion flips by time alone, at the instant at which it does; says whether there are any."""
        flips = f"SELECT {ORDINAL}, changes_at FROM ({sql}) WHERE changes_at IS NOT NULL"
        any_left = False
        for table in self.on.check.items:
            kept = f"_flips_{table}_{turn}"
            self.on.versions.keep(
                kept,
                f'SELECT m.* REPLACE (f.changes_at AS {AT}) FROM "{moments_name(table)}" AS m JOIN ({flips}) AS f ON f.{ORDINAL} = m.{ORDINAL}'
                f" WHERE f.changes_at > m.{AT} AND f.changes_at < m.{END}",
                self.on.values,
            )
        for table in self.on.check.items:  # only now: a check over several tables reads all of them
            kept = f"_flips_{table}_{turn}"
            self.on.versions.show(moments_name(table), f'SELECT * FROM "{kept}"')
            any_left = any_left or bool(self.on.select(f'SELECT count(*) FROM "{kept}"', {})[0][0])
        return any_left


def _literal(instant: datetime) -> str:
    return f"TIMESTAMP '{instant.isoformat(sep=' ')}'"
