"""Judge checks over a period: versions are judged, not days."""

# ruff: noqa: S608 - names of tables and columns come from linted checks and loaded specs; values are always bound
from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from sqlglot import exp

from assay.checks.check import Check, Kind, Value
from assay.checks.conclusion import Conclusion
from assay.checks.dialect import parse_select
from assay.checks.errors import EvaluationError
from assay.checks.gap_rules import Reach, reaches, relevant
from assay.checks.observed import observed_columns
from assay.checks.over_time.episodes import Episode, EpisodeSet, Item, joined, overlaid, without_overlaps
from assay.checks.over_time.rewriting import AT, END, FROM, UNTIL, OverTime, moments_name, over_time
from assay.checks.over_time.versions import GapSpan, Versions, VersionsInput
from assay.checks.plan import OFFSET
from assay.checks.specs import ORDINAL, Spec
from assay.evidence.gaps import Gap, Reason

ROUNDS = 64
"""How often a conclusion may flip by time alone while nothing else changes, before the check is taken for one that never settles."""

_CONCLUSIONS = {str(conclusion): conclusion for conclusion in Conclusion}
_FOUND = "_found"


@dataclass(frozen=True, slots=True)
class Span:
    """The time over which a check judges, half-open, UTC; and the company's zone."""

    start: datetime
    end: datetime
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Parameters, and the instant from which they were in force."""

    start: datetime
    parameters: Mapping[str, Value]


class OverTimeEvaluator:
    """Versions loaded once into a sealed engine; any number of checks judged over them."""

    def __init__(
        self,
        inputs: Iterable[VersionsInput],
        specs: Mapping[str, Spec],
        gaps: Sequence[GapSpan] = (),
        *,
        memory_mb: int = 2048,
        seconds: float = 120.0,
        threads: int = 2,
    ) -> None:
        """Load and seal. `gaps` say what was not seen, and when; `memory_mb` bounds the engine, `seconds` each query. Raises EvaluationError."""
        self._specs = specs
        self._versions = Versions(inputs, specs, memory_mb=memory_mb, seconds=seconds, threads=threads)
        self._gaps = gaps

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the engine's memory back."""
        self._versions.close()

    def evaluate(self, check: Check, span: Span, stretches: Sequence[Stretch]) -> EpisodeSet:
        """Judge every version of every item of `check` in `span`, under the parameters of each stretch; the first begins with the span, or before.

        1. Versions, and the instants at which what they rest on changes. 2. The SQL once over all of them, again where time alone flips a
        conclusion. 3. UNKNOWN over everything that rests on a gap while it stood. Raises EvaluationError naming the check.
        """
        found: list[tuple[Item, Episode]] = []
        ends = [*(_plain(one.start) for one in stretches[1:]), _plain(span.end)]
        judged = 0
        for stretch, end in zip(stretches, ends, strict=True):
            part = Span(max(_plain(stretch.start), _plain(span.start)), end, span.zone)
            run = _Run(self._versions, self._specs, check, part, stretch.parameters)
            found += run.found()
            judged += run.judged
        whole = _Run(self._versions, self._specs, check, span, stretches[0].parameters)
        episodes, unknown = joined(found), whole.unknown(self._gaps)
        over = {item: tuple(below) for item, below in episodes.items()}
        over |= {item: overlaid(episodes.get(item, []), above) for item, above in unknown.items()}
        return EpisodeSet(check.id, whole.items(), judged, over, frozenset(whole.stand_ins))

    def evaluate_each(
        self, work: Iterable[tuple[Check, Sequence[Stretch]]], span: Span, *, workers: int = 2
    ) -> Iterator[EpisodeSet | EvaluationError]:
        """Judge many checks and give the sets in the order of `work`; an error stands in for its own check alone."""
        with ThreadPoolExecutor(workers) as pool:
            ahead: deque[Future[EpisodeSet | EvaluationError]] = deque()
            for check, stretches in work:
                ahead.append(pool.submit(self._set_or_error, check, span, stretches))
                if len(ahead) > workers:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()

    def _set_or_error(
        self, check: Check, span: Span, stretches: Sequence[Stretch]
    ) -> EpisodeSet | EvaluationError:
        try:
            return self.evaluate(check, span, stretches)
        except EvaluationError as error:
            return error


class _Run:
    """One check over one span."""

    def __init__(
        self,
        versions: Versions,
        specs: Mapping[str, Spec],
        check: Check,
        span: Span,
        parameters: Mapping[str, Value],
    ) -> None:
        if check.kind is Kind.POPULATION:
            raise EvaluationError(
                f"The check {check.id} judges the events of a period, which do not change: evaluate it once, at the period's end."
            )
        missing = [name for name in check.parameters if name not in parameters]
        if missing:
            raise EvaluationError(
                f"The check {check.id} cannot be concluded: the parameter {missing[0]} has no value; give it one with `assay parameter set {missing[0]} VALUE`."
            )
        self.versions = versions
        self.specs = specs
        self.check = check
        self.start, self.end = _plain(span.start), _plain(span.end)
        self.values: dict[str, Any] = {
            **{name: parameters[name] for name in check.parameters},
            "zone": span.zone,
            "_start": self.start,
            "_end": self.end,
        }
        self.judged = 0
        self.stand_ins: set[Item] = set()

    def found(self) -> list[tuple[Item, Episode]]:
        """Give what does not conform, in order of time for each item."""
        rewritten = over_time(self.check)
        return self._by_versions(rewritten) if rewritten is not None else list(self._by_instants())

    def items(self) -> int:
        """Give how many items were there at some time."""
        return self.versions.there(self.check.items, self.start, self.end)

    def _told_apart(self, table: str) -> str:
        return self.versions.told_apart(table, self.check)

    # -- versions

    def _by_versions(self, rewritten: OverTime) -> list[tuple[Item, Episode]]:
        for table in self.check.tables:
            self._told_apart(table)
        offset = 0
        for place, table in enumerate(self.check.items):
            offset = self._moments(place, table, rewritten, offset)
        found: list[tuple[Item, Episode]] = []
        for turn in range(ROUNDS):
            self._hold_one_row_each(rewritten.sql, offset)
            found += self._brought(rewritten.sql)
            if not self.check.plan.timed or not self._flipped(rewritten.sql, turn):
                return found if turn == 0 else sorted(found, key=lambda one: one[1].start)
        raise self._error(f"its conclusion flips more than {ROUNDS} times while nothing but time changes")

    def _moments(self, place: int, table: str, rewritten: OverTime, offset: int) -> int:
        """Show the moments of an items table: its versions, cut where what they rest on changes. Gives where the next table's ordinals begin."""
        own = self._told_apart(table)
        start, end = _literal(self.start), _literal(self.end)
        within = f"v.{FROM} < {end} AND v.{UNTIL} > {start}"
        cuts = [one.sql for one in rewritten.boundaries if one.table == table]
        if not cuts:
            self.versions.show(
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
            cut = self.versions.kept(
                f"SELECT v.* REPLACE ({numbered} AS {ORDINAL}), v.{ORDINAL} AS _version, {place} AS _table, p.b AS {AT}, {following} AS {END}"
                f' FROM "{own}" AS v JOIN ({points}) AS p ON p.{ORDINAL} = v.{ORDINAL} WHERE {within}',
                self.values,
            )
            self.versions.show(moments_name(table), f'SELECT * FROM "{cut}"')
        last = self._select(f'SELECT coalesce(max({ORDINAL}) + 1, {offset}) FROM "{moments_name(table)}"', {})
        return int(last[0][0])

    def _all_moments(self) -> str:
        columns = f"{ORDINAL}, _table, _version, {AT}, {END}"
        return " UNION ALL ".join(
            f'SELECT {columns} FROM "{moments_name(table)}"' for table in self.check.items
        )

    def _hold_one_row_each(self, sql: str, highest: int) -> None:
        """Hold the SQL to exactly one row for each moment, each with a known conclusion and a reason."""
        total = self._select(f"SELECT count(*) FROM ({self._all_moments()})", {})[0][0]
        self.judged += total
        self._sound(sql, total, highest, self.values)

    def _sound(self, sql: str, total: int, highest: int, values: Mapping[str, Any]) -> None:
        known = ", ".join(f"'{conclusion}'" for conclusion in Conclusion)
        distinct = f"bit_count(bitstring_agg({ORDINAL}, 0, {highest}))" if total else "0"
        row = self._select(
            f"SELECT count(*), count({ORDINAL}), {distinct}, count(*) FILTER (WHERE conclusion IN ({known})), count(reason) FROM ({sql})",
            values,
        )[0]
        if any((count or 0) != total for count in row):
            raise self._error(
                "it does not give exactly one row with a conclusion and a reason for each item; try it with `assay check try`, which names the item"
            )

    def _brought(self, sql: str) -> list[tuple[Item, Episode]]:
        """Bring what does not conform, each until the instant at which time alone flips it, or what it rests on changes."""
        until = f"m.{END}"
        if self.check.plan.timed:
            until = f"CASE WHEN f.changes_at > m.{AT} AND f.changes_at < m.{END} THEN f.changes_at ELSE m.{END} END"
        saw = "".join(f', f."{name}"' for name in sorted(self.check.plan.saw))
        return self._episodes(
            f"SELECT m._table, m._version, m.{AT}, {until}, f.conclusion, f.reason{saw}"
            f" FROM (SELECT * FROM ({sql}) WHERE conclusion <> 'CONFORMS') AS f JOIN ({self._all_moments()}) AS m ON m.{ORDINAL} = f.{ORDINAL}"
            f" ORDER BY m.{ORDINAL}",
            self.values,
        )

    def _flipped(self, sql: str, turn: int) -> bool:
        """Show as moments those whose conclusion flips by time alone, at the instant at which it does; says whether there are any."""
        flips = f"SELECT {ORDINAL}, changes_at FROM ({sql}) WHERE changes_at IS NOT NULL"
        any_left = False
        for table in self.check.items:
            kept = f"_flips_{table}_{turn}"
            self.versions.keep(
                kept,
                f'SELECT m.* REPLACE (f.changes_at AS {AT}) FROM "{moments_name(table)}" AS m JOIN ({flips}) AS f ON f.{ORDINAL} = m.{ORDINAL}'
                f" WHERE f.changes_at > m.{AT} AND f.changes_at < m.{END}",
                self.values,
            )
        for table in self.check.items:  # only now: a check over several tables reads all of them
            kept = f"_flips_{table}_{turn}"
            self.versions.show(moments_name(table), f'SELECT * FROM "{kept}"')
            any_left = any_left or bool(self._select(f'SELECT count(*) FROM "{kept}"', {})[0][0])
        return any_left

    def _episodes(self, sql: str, values: Mapping[str, Any]) -> list[tuple[Item, Episode]]:
        rows = self.versions.select(sql, values)
        if not rows.rows:
            return []
        tables, versions, starts, ends, conclusions, reasons, *seen = zip(*rows.rows, strict=True)
        names = [name.removeprefix("saw_") for name in sorted(self.check.plan.saw)]
        observed = observed_columns(rows.types[6:], seen)
        saws: Iterable[dict[str, Any]] = (
            [dict(zip(names, row, strict=True)) for row in zip(*observed, strict=True)]
            if names
            else [{}] * len(versions)
        )
        items = self._whose(tables, versions)
        kinds = map(_CONCLUSIONS.__getitem__, conclusions)
        episodes = map(Episode._make, zip(starts, ends, kinds, reasons, saws, strict=True))
        return list(zip(items, episodes, strict=True))

    def _whose(self, tables: Sequence[int], versions: Sequence[int]) -> Iterator[Item]:
        """Give whose versions these are, each by the place of its table among the items tables and its ordinal."""
        if len(self.check.items) == 1:
            return map(self.versions.items(self.check.items[0], versions).__getitem__, versions)
        pairs = list(zip(tables, versions, strict=True))
        known = [
            self.versions.items(name, [version for table, version in pairs if table == place])
            for place, name in enumerate(self.check.items)
        ]
        return (known[table][version] for table, version in pairs)

    # -- instants

    def _by_instants(self) -> Iterator[tuple[Item, Episode]]:
        """Judge everything at every instant at which anything that the check reads changes, or time alone flips a conclusion."""
        pending = deque(self._instants())
        at = self.start
        while at < self.end:
            found, flip = self._at(at)
            while pending and pending[0] <= at:
                pending.popleft()
            upcoming = [one for one in (pending[0] if pending else None, flip, self.end) if one is not None]
            until = min(upcoming)
            for item, episode in found:
                yield item, episode._replace(start=at, end=until)
            at = until

    def _instants(self) -> list[datetime]:
        ends = " UNION ".join(
            f'SELECT {column} AS b FROM "{self._told_apart(table)}"'
            for table in self.check.tables
            for column in (FROM, UNTIL)
        )
        return [
            row[0]
            for row in self._select(f"SELECT b FROM ({ends}) WHERE b > $_start AND b < $_end ORDER BY b")
        ]

    def _at(self, at: datetime) -> tuple[list[tuple[Item, Episode]], datetime | None]:
        """Give what does not conform at one instant, and the next at which time alone flips something."""
        values = {**self.values, "_at": at, "as_of": at, **self._offsets()}
        there = " UNION ALL ".join(
            f'SELECT {place} AS _table, key, {ORDINAL} AS _version, {ORDINAL} + ${OFFSET}{table} AS {ORDINAL} FROM "{self._told_apart(table)}" WHERE {_HELD}'
            for place, table in enumerate(self.check.items)
        )
        self.versions.keep(_FOUND, self._snapshot(there), values)
        total = self._select(f"SELECT count(*) FROM ({there})", values)[0][0]
        self.judged += total
        self._sound(f"SELECT * FROM {_FOUND}", total, max(total, self._highest(there, values)), values)
        saw = "".join(f', f."{name}"' for name in sorted(self.check.plan.saw))
        found = self._episodes(
            f"SELECT m._table, m._version, CAST($_start AS TIMESTAMP), CAST($_end AS TIMESTAMP), f.conclusion, f.reason{saw}"
            f" FROM {_FOUND} AS f JOIN ({there}) AS m ON m.{ORDINAL} = f.{ORDINAL} WHERE f.conclusion <> 'CONFORMS'",
            values,
        )
        if not self.check.plan.timed:
            return found, None
        return found, self._select(f"SELECT min(changes_at) FROM {_FOUND} WHERE changes_at > $_at", values)[
            0
        ][0]

    def _highest(self, there: str, values: Mapping[str, Any]) -> int:
        return int(self._select(f"SELECT coalesce(max({ORDINAL}), 0) FROM ({there})", values)[0][0])

    def _offsets(self) -> dict[str, int]:
        offset, offsets = 0, {}
        for table in self.check.items:
            offsets[OFFSET + table] = offset
            own = self._told_apart(table)
            offset += self._select(f'SELECT coalesce(max({ORDINAL}) + 1, 0) FROM "{own}"')[0][0]
        return offsets

    def _snapshot(self, there: str) -> str:
        """The check's SQL over what was there at `$_at`, with the ordinal of each item's version."""
        tree = parse_select(self.check.plan.sql)
        for scan in list(tree.find_all(exp.Table)):
            if scan.name in self.check.tables:
                alias = scan.alias_or_name
                versions = exp.table_(self._told_apart(scan.name), quoted=True)
                held = exp.select("*").from_(versions).where(_HELD, dialect="duckdb").subquery(alias)
                scan.replace(held)
        sql = tree.sql("duckdb", comments=False)
        if self.check.plan.ordinals:
            return sql
        return f"SELECT r.*, k.{ORDINAL} FROM ({sql}) AS r LEFT JOIN ({there}) AS k ON k.key = r.item"

    # -- what was not seen

    def unknown(self, gaps: Sequence[GapSpan]) -> dict[Item, list[Episode]]:
        """Give for each item the times in which a gap makes it unknown."""
        spans: dict[Item, list[Episode]] = {}
        for span in self._bearing(gaps):
            for reach in reaches(span.gap, self.check, self.specs):
                for item, episode in self._covered(span, reach):
                    spans.setdefault(item, []).append(episode)
        return {item: without_overlaps(episodes) for item, episodes in spans.items()}

    def _bearing(self, gaps: Sequence[GapSpan]) -> list[GapSpan]:
        never = [
            GapSpan(Gap(table=table, reason=Reason.NOT_CONNECTED), self.start, self.end)
            for table in self.check.tables
            if not self.versions.given(table)
        ]
        found = [
            GapSpan(one.gap, max(_plain(one.start), self.start), min(_plain(one.end), self.end))
            for one in (*gaps, *never)
            if one.gap.table in self.check.tables
        ]
        read = {id(gap) for gap in relevant((one.gap for one in found), self.check)}
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
            table = f'"{pointed}"' if self.versions.given(pointed) else f'"{self._told_apart(pointed)}"'
            # Whoever points at a record that was not known all the while may point at one that was not seen.
            known = f"SELECT key FROM {table} WHERE {FROM} <= $_a AND {UNTIL} >= $_b"
            where.append(
                f'"{column}" IS NOT NULL AND ("{column}" IN (SELECT key FROM {table} WHERE {" AND ".join(there)}) OR "{column}" NOT IN ({known}))'
            )
        items = (
            f'"{reach.table}"' if self.versions.given(reach.table) else f'"{self._told_apart(reach.table)}"'
        )
        return self._select(
            f"SELECT key, account, region, greatest({FROM}, CAST($_a AS TIMESTAMP)), least({UNTIL}, CAST($_b AS TIMESTAMP))"
            f" FROM {items} WHERE {' AND '.join(where)} ORDER BY {ORDINAL}",
            values,
        )

    def _select(self, sql: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return self.versions.select(sql, self.values if values is None else values).rows

    def _error(self, sentence: str) -> EvaluationError:
        return EvaluationError(f"The check {self.check.id} cannot be concluded over time: {sentence}.")


def _precedence(span: GapSpan) -> tuple[Any, ...]:
    """Which reason wins where several gaps make one item unknown: one that was met while asking, before one that only says that nothing is there."""
    lacking = span.gap.reason is Reason.NOT_COVERED and span.gap.key is not None
    return (lacking, span.gap.order(), span.gap.reason, span.start)


_HELD = f"{FROM} <= $_at AND {UNTIL} > $_at"


def _literal(instant: datetime) -> str:
    return f"TIMESTAMP '{instant.isoformat(sep=' ')}'"


def _plain(instant: datetime) -> datetime:
    """UTC without its zone, as the engine keeps instants."""
    return instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant
