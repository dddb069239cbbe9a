"""What was not seen while a gap stood: the items that it makes unknown, whatever the SQL says, and what stands in where none is known."""

# ruff: noqa: S608 - names of tables and columns come from linted checks and loaded specs; values are always bound
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from assay.checks.conclusion import Conclusion
from assay.checks.gap_rules import Reach, reaches, relevant
from assay.checks.over_time.episodes import Episode, Item, without_overlaps
from assay.checks.over_time.judging import Judging, plain
from assay.checks.over_time.rewriting import FROM, UNTIL
from assay.checks.over_time.versions import GapSpan
from assay.checks.specs import ORDINAL
from assay.evidence.gaps import Gap, Reason


class Unseen:
    """The gaps over what one check reads. `stand_ins` are the places and records of which nothing was seen."""

    def __init__(self, on: Judging) -> None:
        self.on = on
        self.stand_ins: set[Item] = set()

    def episodes(self, gaps: Sequence[GapSpan]) -> dict[Item, list[Episode]]:
        """Give for each item the times in which a gap makes it unknown."""
        spans: dict[Item, list[Episode]] = {}
        for span in self._bearing(gaps):
            for reach in reaches(span.gap, self.on.check, self.on.specs):
                for item, episode in self._covered(span, reach):
                    spans.setdefault(item, []).append(episode)
        return {item: without_overlaps(episodes) for item, episodes in spans.items()}

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
        return sorted(bearing, key=_precedence)

    def _covered(self, span: GapSpan, reach: Reach) -> Iterator[tuple[Item, Episode]]:
        """The items that a gap makes unknown, each for as long as it was there while the gap stood; or what stands in where none is known."""
        covered = Episode(span.start, span.end, Conclusion.UNKNOWN, str(span.gap.reason), {})
        known = False
        for key, account, region, start, end in self._reached(span, reach):
            known = True
            if not reach.known_stay:
                yield Item(reach.table, key, account, region), covered._replace(start=start, end=end)
        if reach.stands_in and (reach.known_stay or not known):
            item = Item(reach.table, reach.name, span.gap.account, span.gap.region)
            self.stand_ins.add(item)
            yield item, covered

    def _reached(self, span: GapSpan, reach: Reach) -> list[tuple[Any, ...]]:
        values: dict[str, Any] = {"_a": span.start, "_b": span.end}
        where = [f"{FROM} < $_b", f"{UNTIL} > $_a"]
        for number, (column, value) in enumerate(reach.where):
            values[f"_v{number}"] = value
            where.append(f'"{column}" = $_v{number}')
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
        return self.on.select(
            f"SELECT key, account, region, greatest({FROM}, CAST($_a AS TIMESTAMP)), least({UNTIL}, CAST($_b AS TIMESTAMP))"
            f" FROM {items} WHERE {' AND '.join(where)} ORDER BY {ORDINAL}",
            values,
        )


def _precedence(span: GapSpan) -> tuple[Any, ...]:
    """Which reason wins where several gaps make one item unknown: one that was met while asking, before one that only says that nothing is there."""
    lacking = span.gap.reason is Reason.NOT_COVERED and span.gap.key is not None
    return (lacking, span.gap.order(), span.gap.reason, span.start)
