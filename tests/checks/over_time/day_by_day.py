"""The plain way to judge a time: every day on its own, by the evaluator that judges one instant. What is judged by versions must say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from assay.checks import Check, Evaluator, Moment, TableInput
from assay.checks.over_time import (
    INTERVAL,
    EpisodeSet,
    GapSpan,
    OverTimeEvaluator,
    Span,
    Stretch,
    VersionsInput,
)
from assay.checks.specs import column_types
from assay.evidence.canonical import encode, parse_instant
from assay.evidence.gaps import Gap

Rows = Mapping[str, Sequence[tuple[Any, ...]]]
Said = tuple[str | None, ...]
"""Table, item, account, region, conclusion, reason, and the canonical JSON of what was seen."""


@dataclass(frozen=True)
class World:
    """What was there: from each instant on (until the next), the rows of each table and the gaps."""

    days: tuple[tuple[datetime, Rows, tuple[Gap, ...]], ...]
    end: datetime

    @property
    def start(self) -> datetime:
        return self.days[0][0]

    def at(self, instant: datetime) -> tuple[Rows, tuple[Gap, ...]]:
        return next((rows, gaps) for begins, rows, gaps in reversed(self.days) if begins <= instant)

    def versions(self, table: str) -> Iterator[tuple[Any, ...]]:
        """A row for each version: the same row from day to day is one."""
        open_since: dict[tuple[Any, ...], datetime] = {}
        for begins, rows, _ in self.days:
            now = {_frozen(row): row for row in rows.get(table, ())}
            for gone in [one for one in open_since if one not in now]:
                yield (*_thawed(gone), open_since.pop(gone), begins)
            for row in now:
                open_since.setdefault(row, begins)
        for row, since in open_since.items():
            yield (*_thawed(row), since, None)

    def gaps(self) -> list[GapSpan]:
        ends = [*(begins for begins, _, _ in self.days[1:]), self.end]
        return [
            GapSpan(gap, begins, end)
            for (begins, _, gaps), end in zip(self.days, ends, strict=True)
            for gap in gaps
        ]


def by_versions(
    world: World, check: Check, specs: Mapping[str, Any], parameters: Mapping[str, Any]
) -> EpisodeSet:
    inputs = [
        VersionsInput(table, (*column_types(specs[table]).items(), *INTERVAL), list(world.versions(table)))
        for table in check.tables
    ]
    with OverTimeEvaluator(inputs, specs, world.gaps(), memory_mb=256, threads=1) as evaluator:
        return evaluator.evaluate(check, Span(world.start, world.end), [Stretch(world.start, parameters)])


def told_at(found: EpisodeSet, instant: datetime) -> set[Said]:
    """What the episodes say of one instant: of everything that does not conform its place, the conclusion, the reason and what was seen."""
    return {
        (
            *(one[name] for name in ("table", "item", "account", "region", "conclusion", "reason")),
            encode(one["saw"]).decode(),
        )
        for one in found.episodes
        if parse_instant(one["from"]) <= instant < parse_instant(one["until"])
    }


def judged_at(
    world: World, instant: datetime, check: Check, specs: Mapping[str, Any], parameters: Mapping[str, Any]
) -> set[Said]:
    rows, gaps = world.at(instant)
    inputs = [
        TableInput(table, tuple(column_types(specs[table]).items()), list(rows.get(table, ())))
        for table in check.tables
    ]
    with Evaluator(inputs, specs, memory_mb=256, threads=1) as evaluator:
        judged = evaluator.judge(check, Moment(instant), parameters, gaps)
    return {
        (
            *(one.table, one.item, one.account, one.region, str(one.conclusion), one.reason),
            encode(dict(one.saw)).decode(),
        )
        for one in judged
        if str(one.conclusion) != "CONFORMS"
    }


def instants(world: World, found: EpisodeSet) -> list[datetime]:
    """Where the two must agree: when anything changes, a moment before, halfway between."""
    edges = {begins for begins, _, _ in world.days} | {
        parse_instant(edge) for one in found.episodes for edge in (one["from"], one["until"])
    }
    ordered = sorted(edge for edge in edges if world.start <= edge < world.end)
    between = [
        first + (second - first) / 2 for first, second in zip(ordered, [*ordered[1:], world.end], strict=True)
    ]
    before = [edge - timedelta(microseconds=1) for edge in ordered[1:]]
    return sorted({*ordered, *between, *before})


def _frozen(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(tuple(value) if isinstance(value, list) else value for value in row)


def _thawed(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(list(value) if isinstance(value, tuple) else value for value in row)
