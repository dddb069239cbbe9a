"""What was not seen while a gap stood: the items that it makes unknown, whatever the SQL says, and what stands in where none is known."""

# ruff: noqa: S608 - names of tables and columns come from linted checks and loaded specs; values are always bound
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assay.checks.gap_rules import Reach, reaches, relevant
from assay.checks.over_time.episodes import Item
from assay.checks.over_time.judging import Judging, plain
from assay.checks.over_time.pieces import Pieces
from assay.checks.over_time.rewriting import FROM, UNTIL
from assay.checks.over_time.versions import GapSpan
from assay.checks.specs import column_types
from assay.evidence.gaps import Gap, Reason


class Unseen:
    """The gaps over what one check reads."""

    def __init__(self, on: Judging, pieces: Pieces) -> None:
        self.on = on
        self.pieces = pieces

    def cover(self, gaps: Sequence[GapSpan]) -> None:
        """Put UNKNOWN over the pieces for as long as a gap makes an item unknown; where several do, the reason that comes first counts."""
        ranks: dict[tuple[Any, ...], int] = {}
        for span in self._bearing(gaps):
            rank = ranks.setdefault(_precedence(span), len(ranks))
            for reach in reaches(span.gap, self.on.check, self.on.specs):
                self._cover(span, reach, rank)

    def _bearing(self, gaps: Sequence[GapSpan]) -> list[GapSpan]:
        never = [
            GapSpan(Gap(table=table, reason=Reason.NOT_CONNECTED), self.on.start, self.on.end)
            for table in self.on.check.tables
            if not self.on.versions.given(table)
        ]
        found = [
            GapSpan(one.gap, max(plain(one.start), self.on.start), min(plain(one.end), self.on.end))
            for one in (*gaps, *never)
            if one.gap.table in self.on.check.tables
        ]
        read = {id(gap) for gap in relevant((one.gap for one in found), self.on.check)}
        bearing = [one for one in found if id(one.gap) in read and one.start < one.end]
        return sorted(bearing, key=lambda one: (*_precedence(one), one.start))

    def _cover(self, span: GapSpan, reach: Reach, rank: int) -> None:
        """Cover the items that a gap makes unknown, each for as long as it was there while the gap stood; or what stands in where none is known."""
        reason = str(span.gap.reason)
        known = 0
        if not reach.known_stay:
            known = self.pieces.cover(rank, reason, reach.table, *self._reached(span, reach))
        if reach.stands_in and not known:
            item = Item(reach.table, reach.name, span.gap.account, span.gap.region)
            self.pieces.stand_in(rank, reason, item, span.start, span.end)

    def _reached(self, span: GapSpan, reach: Reach) -> tuple[str, dict[str, Any]]:
        """SQL, with its values, for the items that a gap reaches, and from when until when."""
        values: dict[str, Any] = {"_a": span.start, "_b": span.end}
        where = [f"{FROM} < $_b", f"{UNTIL} > $_a"]
        for number, (column, value) in enumerate(reach.where):
            values[f"_v{number}"] = value
            where.append(self._has(reach.table, column, f"$_v{number}"))
        if reach.points is not None:
            column, pointed, place = reach.points
            there = [f"{FROM} < $_b", f"{UNTIL} > $_a"]
            for number, (name, value) in enumerate(place):
                values[f"_p{number}"] = value
                there.append(f'"{name}" = $_p{number}')
            table = f'"{pointed}"' if self.on.versions.given(pointed) else f'"{self.on.told_apart(pointed)}"'
            # Whoever points at a record that was not known all the while may point at one that was not seen.
            known = f"SELECT key FROM {table} WHERE {FROM} <= $_a AND {UNTIL} >= $_b"
            where.append(
                f'"{column}" IS NOT NULL AND ("{column}" IN (SELECT key FROM {table} WHERE {" AND ".join(there)}) OR "{column}" NOT IN ({known}))'
            )
        items = (
            f'"{reach.table}"'
            if self.on.versions.given(reach.table)
            else f'"{self.on.told_apart(reach.table)}"'
        )
        sql = (
            f"SELECT key, account, region, greatest({FROM}, CAST($_a AS TIMESTAMP)) AS {FROM}, least({UNTIL}, CAST($_b AS TIMESTAMP)) AS {UNTIL}"
            f" FROM {items} WHERE {' AND '.join(where)}"
        )
        return sql, values

    def _has(self, table: str, column: str, value: str) -> str:
        """The condition that a column has a value, a list among its members."""
        listed = column_types(self.on.specs[table])[column] == "texts"
        return f'list_contains("{column}", {value})' if listed else f'"{column}" = {value}'


def _precedence(span: GapSpan) -> tuple[Any, ...]:
    """Which reason wins where several gaps make one item unknown: one that was met while asking, before one that only says that nothing is there."""
    lacking = span.gap.reason is Reason.NOT_COVERED and span.gap.key is not None
    return (lacking, span.gap.order(), span.gap.reason)
