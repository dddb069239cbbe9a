"""One check over one span of time: its versions, its values, and how what the engine finds becomes episodes."""

# ruff: noqa: S608 - names of tables and columns come from linted checks and loaded specs; values are always bound
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assay.checks.check import Check, Kind, Value
from assay.checks.conclusion import Conclusion
from assay.checks.errors import EvaluationError
from assay.checks.over_time.versions import Versions
from assay.checks.specs import ORDINAL, Spec


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

    def hold_sound(self, sql: str, total: int, highest: int, values: Mapping[str, Any]) -> dict[str, str]:
        """Hold a SELECT to exactly one row for each of `total` things, ordinals up to `highest`, each with a known conclusion and a reason.

        Gives the SQL type of each observed value; none where there are no rows.
        """
        saw = sorted(self.check.plan.saw)
        known = ", ".join(f"'{conclusion}'" for conclusion in Conclusion)
        distinct = f"bit_count(bitstring_agg({ORDINAL}, 0, {highest}))" if total else "0"
        kinds = "".join(f', any_value(typeof("{name}"))' for name in saw)
        row = self.select(
            f"SELECT count(*), count({ORDINAL}), {distinct}, count(*) FILTER (WHERE conclusion IN ({known})), count(reason){kinds} FROM ({sql})",
            values,
        )[0]
        if any((count or 0) != total for count in row[:5]):
            raise self.error(
                "it does not give exactly one row with a conclusion and a reason for each item; try it with `assay check try`, which names the item"
            )
        return dict(zip(saw, row[5:], strict=True)) if total else {}

    def error(self, sentence: str) -> EvaluationError:
        """Give the error that names the check."""
        return EvaluationError(f"The check {self.check.id} cannot be concluded over time: {sentence}.")


def plain(instant: datetime) -> datetime:
    """Give an instant in UTC without its zone, as the engine keeps instants."""
    return instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant
