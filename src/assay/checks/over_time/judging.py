"""One check over one span of time: its versions, its values, and how what the engine finds becomes episodes."""

# ruff: noqa: S608 - names of tables and columns come from linted checks and loaded specs; values are always bound
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assay.checks.check import Check, Kind, Value
from assay.checks.conclusion import Conclusion
from assay.checks.errors import EvaluationError
from assay.checks.observed import observed_columns
from assay.checks.over_time.episodes import Episode, Item
from assay.checks.over_time.versions import Versions
from assay.checks.specs import ORDINAL, Spec

_CONCLUSIONS = {str(conclusion): conclusion for conclusion in Conclusion}


@dataclass(frozen=True, slots=True)
class Span:
    """The time over which a check judges, half-open, UTC; and the company's zone."""

    start: datetime
    end: datetime
    zone: str = "UTC"


class Judging:
    """What judging by moments, judging by instants and what was not seen all work on."""

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
        self.start, self.end = plain(span.start), plain(span.end)
        self.values: dict[str, Any] = {
            **{name: parameters[name] for name in check.parameters},
            "zone": span.zone,
            "_start": self.start,
            "_end": self.end,
        }

    def told_apart(self, table: str) -> str:
        """Give the name of a table's versions as far as the check can tell them apart."""
        return self.versions.told_apart(table, self.check)

    def select(self, sql: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Run one bounded SELECT, with the check's values unless others are given."""
        return self.versions.select(sql, self.values if values is None else values).rows

    def hold_sound(self, sql: str, total: int, highest: int, values: Mapping[str, Any]) -> None:
        """Hold a SELECT to exactly one row for each of `total` things, ordinals up to `highest`, each with a known conclusion and a reason."""
        known = ", ".join(f"'{conclusion}'" for conclusion in Conclusion)
        distinct = f"bit_count(bitstring_agg({ORDINAL}, 0, {highest}))" if total else "0"
        row = self.select(
            f"SELECT count(*), count({ORDINAL}), {distinct}, count(*) FILTER (WHERE conclusion IN ({known})), count(reason) FROM ({sql})",
            values,
        )[0]
        if any((count or 0) != total for count in row):
            raise self.error(
                "it does not give exactly one row with a conclusion and a reason for each item; try it with `assay check try`, which names the item"
            )

    def episodes(self, sql: str, values: Mapping[str, Any]) -> list[tuple[Item, Episode]]:
        """Bring rows of (place of the table, version, start, end, conclusion, reason, saw …) as episodes of their items."""
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

    def error(self, sentence: str) -> EvaluationError:
        """Give the error that names the check."""
        return EvaluationError(f"The check {self.check.id} cannot be concluded over time: {sentence}.")


def plain(instant: datetime) -> datetime:
    """Give an instant in UTC without its zone, as the engine keeps instants."""
    return instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant
