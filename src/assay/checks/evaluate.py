"""Judge checks over loaded records: exactly one row for each item, gaps over the SQL's word, and only exceptions brought into Python."""

# ruff: noqa: S608 - names of tables and columns come from linted checks and loaded specs; values are always bound
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from assay.checks.canonical_sql import instant_of
from assay.checks.check import Check, Kind, Value
from assay.checks.conclusion import Conclusion
from assay.checks.conclusion_set import ConclusionSet, Items, Note
from assay.checks.errors import EvaluationError
from assay.checks.gap_rules import Reach, reaches, relevant
from assay.checks.loaded import Loaded, TableInput
from assay.checks.observed import observed_columns
from assay.checks.plan import OFFSET
from assay.checks.sealed import Sealed
from assay.checks.side_by_side import side_by_side
from assay.checks.specs import ORDINAL, Spec
from assay.evidence.gaps import Gap, Reason

_CONCLUSIONS = {str(conclusion): conclusion for conclusion in Conclusion}
_LETTERS = {conclusion: ord(conclusion.letter) for conclusion in Conclusion}


@dataclass(frozen=True, slots=True)
class Moment:
    """When a check judges: the as-of instant, the company's zone (IANA name), and for population checks the period, half-open, in UTC."""

    as_of: datetime
    zone: str = "UTC"
    period_start: datetime | None = None
    period_end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One item with everything the check said of it, conforming items included."""

    table: str
    item: str | None
    conclusion: Conclusion
    reason: str
    saw: Mapping[str, Any]
    changes_at: str | None
    account: str | None
    region: str | None


class Evaluator:
    """Inputs loaded once into a sealed engine; any number of checks judged over them.

    A table of a check that has no input at all was never asked for: it counts as a gap over everything, reason `not_connected`.
    """

    def __init__(
        self,
        inputs: Iterable[TableInput],
        specs: Mapping[str, Spec],
        *,
        memory_mb: int = 1024,
        seconds: float = 60.0,
        threads: int = 2,
    ) -> None:
        """Load and seal. `memory_mb` bounds the engine, `seconds` each query; raises EvaluationError for inputs that do not fit their specs."""
        self._specs = specs
        self._engine = Sealed(memory_mb=memory_mb, seconds=seconds, threads=threads)
        self._loaded = Loaded(inputs, specs, self._engine)

    def load_again(self, inputs: Iterable[TableInput], specs: Mapping[str, Spec]) -> None:
        """Put other inputs, as rows, in the place of all that were loaded: many small worlds, such as cases, take one engine."""
        self._engine.begin_again()
        self._specs = specs
        self._loaded = Loaded(inputs, specs, self._engine)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the engine's memory back."""
        self._engine.close()

    def evaluate(
        self, check: Check, moment: Moment, parameters: Mapping[str, Value], gaps: Sequence[Gap] = ()
    ) -> ConclusionSet:
        """Judge every item of `check` and give its conclusion set.

        1. Say which records are items. 2. Run the SQL, bounded, and hold it to one sound row for each item. 3. Bring what does not conform.
        4. Put UNKNOWN over everything that rests on a gap. Raises EvaluationError naming the check and the item.
        """
        run = _Run(self._loaded, self._specs, check, moment, parameters)
        run.hold_one_row_each()
        return run.concluded(gaps)

    def evaluate_each(
        self,
        work: Iterable[tuple[Check, Mapping[str, Value]]],
        moment: Moment,
        gaps: Sequence[Gap] = (),
        *,
        workers: int = 2,
    ) -> Iterator[ConclusionSet | EvaluationError]:
        """Judge many checks, each with its parameters, and give the sets in the order of `work`; an error stands in for its own check alone.

        The engine works on one check while Python puts together what it gave for another; few sets are held at a time.
        """
        return side_by_side(lambda one: self.evaluate(one[0], moment, one[1], gaps), work, workers)

    def judge(
        self, check: Check, moment: Moment, parameters: Mapping[str, Value], gaps: Sequence[Gap] = ()
    ) -> list[Judged]:
        """Judge like `evaluate`, and give every item whole, conforming ones included: for cases, `check try` and `show`."""
        run = _Run(self._loaded, self._specs, check, moment, parameters)
        run.hold_one_row_each()
        return run.judged(gaps)


class _Run:
    """One check at one moment over loaded tables."""

    def __init__(
        self,
        loaded: Loaded,
        specs: Mapping[str, Spec],
        check: Check,
        moment: Moment,
        parameters: Mapping[str, Value],
    ) -> None:
        self.loaded = loaded
        self.specs = specs
        self.check = check
        self.offsets = loaded.offsets(check.items)
        self.total = sum(loaded.size(table) for table in check.items)
        self.values = self._values(moment, parameters)
        self.universe = self._universe()
        self.sql = self._identified()

    def _values(self, moment: Moment, parameters: Mapping[str, Value]) -> dict[str, Any]:
        missing = [name for name in self.check.parameters if name not in parameters]
        if missing:
            raise self._error(
                f"the parameter {missing[0]} has no value; give it one with `assay parameter set {missing[0]} VALUE`"
            )
        if self.check.kind is Kind.POPULATION and (moment.period_start is None or moment.period_end is None):
            raise self._error(
                "it judges the events of a period, and no period was given; name one with --period"
            )
        return {
            **{name: parameters[name] for name in self.check.parameters},
            **{OFFSET + table: offset for table, offset in self.offsets.items()},
            "as_of": moment.as_of,
            "zone": moment.zone,
            "period_start": moment.period_start,
            "period_end": moment.period_end,
        }

    def _universe(self) -> list[int] | None:
        """Ordinals of the items where not every record is one (a population check); None where all are."""
        if self.check.kind is not Kind.POPULATION:
            return None
        found: list[int] = []
        for table in self.check.items:
            column = self.check.occurs[table]
            where = f'"{column}" >= $period_start AND "{column}" < $period_end'
            rows = self.loaded.select(
                f'SELECT {ORDINAL} FROM "{table}" WHERE {where} ORDER BY 1', self.values
            )
            found += [self.offsets[table] + row[0] for row in rows.rows]
        return found

    def _identified(self) -> str:
        """The check's SQL with the ordinal of each row's record, found by its key where the plan could not take it from the row."""
        if self.check.plan.ordinals:
            return self.check.plan.sql
        keys = " UNION ALL ".join(
            f'SELECT key, {ORDINAL} + ${OFFSET}{table} AS {ORDINAL} FROM "{table}"'
            for table in self.check.items
        )
        return f"SELECT r.*, k.{ORDINAL} FROM ({self.check.plan.sql}) AS r LEFT JOIN ({keys}) AS k ON k.key = r.item"

    def hold_one_row_each(self) -> None:
        """Hold the SQL to exactly one row for each item, each with a known conclusion and a reason."""
        known = ", ".join(f"'{conclusion}'" for conclusion in Conclusion)
        distinct = f"bit_count(bitstring_agg({ORDINAL}, 0, {self.total - 1}))" if self.total else "0"
        row = self._select(
            f"SELECT count(*), count({ORDINAL}), {distinct}, count(*) FILTER (WHERE conclusion IN ({known})), count(reason) FROM ({self.sql})"
        )[0]
        rows, placed, different, concluded, reasoned = (count or 0 for count in row)
        if (
            not (rows == placed == different == self.size and rows == concluded == reasoned)
            or self._strangers()
        ):
            raise self._unsound()

    @property
    def size(self) -> int:
        """How many items there are."""
        return self.total if self.universe is None else len(self.universe)

    def _strangers(self) -> bool:
        """Whether a population check gives a row for a record that is no event of the period."""
        if self.universe is None:
            return False
        return {row[0] for row in self._select(f"SELECT {ORDINAL} FROM ({self.sql})")} != set(self.universe)

    def _unsound(self) -> EvaluationError:
        """Say which item has no row, several, or an unsound one; the second look is taken only when something is wrong."""
        rows = self._select(f"SELECT {ORDINAL}, item, conclusion, reason FROM ({self.sql})")
        count = Counter(row[0] for row in rows)
        items = set(range(self.total)) if self.universe is None else set(self.universe)
        for ordinal, item, conclusion, reason in rows:
            if ordinal not in items:
                return self._error(
                    f"it gives a row for “{item}”, which is no item; give a row for each record of {', '.join(self.check.items)}"
                )
            if count[ordinal] > 1:
                return self._error(
                    f"it gives {count[ordinal]} rows for “{item}”; use exists, or group what is joined, so that each item has one"
                )
            if conclusion not in set(Conclusion):
                return self._error(
                    f"it concludes “{conclusion}” on “{item}”; conclude CONFORMS, DEVIATES or NOT_APPLICABLE"
                )
            if reason is None:
                return self._error(f"it gives no reason for “{item}”; give one in every branch, with else")
        missing = min(items - set(count))
        return self._error(
            f"it gives no row for “{self._name(missing)[1]}”; use a left join, and conclude NOT_APPLICABLE instead of leaving it out"
        )

    def concluded(self, gaps: Sequence[Gap]) -> ConclusionSet:
        """Give the conclusion set."""
        unknown, beside = self._unknown(gaps)
        places, noted = self._noted("conclusion <> 'CONFORMS'")
        codes = bytearray(b"C" * self.size)
        for place, note in zip(places, noted, strict=True):
            codes[place] = _LETTERS[note.conclusion]
        if unknown:
            for place in unknown:
                codes[place] = _LETTERS[Conclusion.UNKNOWN]
            over = {**dict(zip(places, noted, strict=True)), **unknown}
            noted = [over[place] for place in sorted(over)]
        return ConclusionSet(
            check=self.check.id,
            items=self._items(),
            codes=codes.decode(),
            notes=(*noted, *beside),
            flips_text=self._flips(unknown),
            counts=_counted(codes, beside),
        )

    def judged(self, gaps: Sequence[Gap]) -> list[Judged]:
        """Give every item whole, then what is unknown beside them."""
        unknown, beside = self._unknown(gaps)
        notes = {**dict(zip(*self._noted("true"), strict=True)), **unknown}
        places = self._places()
        whole = [_judged(note, *places[at]) for at, note in sorted(notes.items())]
        return whole + [_judged(note, note.account, note.region) for note in beside]

    def _noted(self, where: str) -> tuple[list[int], list[Note]]:
        """Notes of the rows that `where` selects, with their places in `codes`. Worked by column: there may be many."""
        saw = sorted(self.check.plan.saw)
        timed = "changes_at" if self.check.plan.timed else "CAST(NULL AS VARCHAR)"
        columns = ", ".join([ORDINAL, "conclusion", "reason", timed, *(f'"{name}"' for name in saw)])
        found = self.loaded.select(
            f"SELECT {columns} FROM ({self.sql}) WHERE {where} ORDER BY {ORDINAL}", self.values
        )
        if not found.rows:
            return [], []
        ordinals, conclusions, reasons, *seen = zip(*found.rows, strict=True)
        changes, *values = observed_columns(found.types[3:], seen)
        names = [name.removeprefix("saw_") for name in saw]
        saws = (
            [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]
            if names
            else [{}] * len(ordinals)
        )
        tables, items = self._names(ordinals)
        kinds = [_CONCLUSIONS[conclusion] for conclusion in conclusions]
        notes = [
            Note._make((*note, None, None, False))
            for note in zip(items, tables, kinds, reasons, saws, changes, strict=True)
        ]
        place_of = self._place_of()
        return list(ordinals) if place_of is None else [place_of[ordinal] for ordinal in ordinals], notes

    def _flips(self, unknown: Mapping[int, Note]) -> str:
        """When conforming items change by themselves, as JSON that the engine puts together: a timed check has nearly one an item."""
        if not self.check.plan.timed:
            return "[]"
        pair = f"""'[' || {ORDINAL} || ',"' || {instant_of("changes_at")} || 'Z"]'"""
        given = f"SELECT {ORDINAL}, changes_at FROM ({self.sql}) WHERE conclusion = 'CONFORMS' AND changes_at IS NOT NULL"
        pairs = self._select(f"SELECT string_agg({pair}, ',' ORDER BY {ORDINAL}) FROM ({given})")[0][0]
        text = f"[{pairs or ''}]"
        place_of = self._place_of()
        if not unknown and place_of is None:
            return text
        flips = [[place_of[at] if place_of is not None else at, instant] for at, instant in json.loads(text)]
        return json.dumps([flip for flip in flips if flip[0] not in unknown], separators=(",", ":"))

    def _unknown(self, gaps: Sequence[Gap]) -> tuple[dict[int, Note], list[Note]]:
        """What the gaps make unknown: notes by place in `codes`, and notes for what has no letter."""
        unknown: dict[int, Note] = {}
        beside: dict[tuple[str, ...], Note] = {}
        for gap in self._relevant(gaps):
            for reach in reaches(gap, self.check, self.specs):
                self._cover(gap, reach, unknown, beside)
        return unknown, [beside[order] for order in sorted(beside)]

    def _relevant(self, gaps: Sequence[Gap]) -> list[Gap]:
        never_asked = [
            Gap(table=table, reason=Reason.NOT_CONNECTED)
            for table in self.check.tables
            if not self.loaded.given(table)
        ]
        return relevant([*self.loaded.gaps_of(gaps, self.check.tables), *never_asked], self.check)

    def _cover(
        self, gap: Gap, reach: Reach, unknown: dict[int, Note], beside: dict[tuple[str, ...], Note]
    ) -> None:
        place_of = self._place_of()
        offset = self.offsets[reach.table]
        known = undated = False
        for ordinal in self._reached(reach):
            place = offset + ordinal if place_of is None else place_of.get(offset + ordinal)
            if place is None:
                if self._may_have_occurred(gap, reach, ordinal):
                    undated = True
                    _stand_in(gap, reach.table, self.loaded.keys(reach.table)[ordinal], beside)
                continue
            known = True
            if not reach.known_stay:
                item = self.loaded.keys(reach.table)[ordinal]
                unknown.setdefault(
                    place, Note(item, reach.table, Conclusion.UNKNOWN, str(gap.reason), {}, None)
                )
        dated_outside = (
            gap.key is not None and not known and place_of is not None and bool(self._reached(reach))
        )
        if reach.stands_in and (reach.known_stay or not known) and not undated and not dated_outside:
            _stand_in(gap, reach.table, reach.name, beside)

    def _reached(self, reach: Reach) -> Sequence[int]:
        if reach.points is None:
            return self.loaded.find(reach.table, reach.where)
        column, joined, place = reach.points
        return self.loaded.pointing(reach.table, column, joined, place)

    def _may_have_occurred(self, gap: Gap, reach: Reach, ordinal: int) -> bool:
        """Whether a record that is no event of the period may be one, because the gap hides when it occurred."""
        if reach.table != gap.table or reach.known_stay:
            return False
        column = self.check.occurs[reach.table]
        return (gap.columns is None or column in gap.columns) and ordinal in self.loaded.nulls(
            reach.table, column
        )

    def _names(self, ordinals: Sequence[int]) -> tuple[Iterable[str], list[str]]:
        """Table and key of records by their ordinals over all items tables."""
        if len(self.check.items) > 1:
            named = [self._name(ordinal) for ordinal in ordinals]
            return [table for table, _ in named], [key for _, key in named]
        keys = self.loaded.keys(self.check.items[0])
        return [self.check.items[0]] * len(ordinals), [keys[ordinal] for ordinal in ordinals]

    def _place_of(self) -> dict[int, int] | None:
        if self.universe is None:
            return None
        return {ordinal: place for place, ordinal in enumerate(self.universe)}

    def _name(self, ordinal: int) -> tuple[str, str]:
        """Table and key of a record by its ordinal over all items tables."""
        if len(self.check.items) == 1:
            table = self.check.items[0]
            return table, self.loaded.keys(table)[ordinal]
        table = next(name for name in reversed(self.check.items) if self.offsets[name] <= ordinal)
        return table, self.loaded.keys(table)[ordinal - self.offsets[table]]

    def _items(self) -> tuple[Items, ...]:
        if self.universe is None:
            return tuple(
                Items(table, self.loaded.keys(table), bool(self.specs[table].personal))
                for table in self.check.items
            )
        named: dict[str, list[str]] = {table: [] for table in self.check.items}
        for ordinal in self.universe:
            table, key = self._name(ordinal)
            named[table].append(key)
        return tuple(
            Items(table, tuple(keys), bool(self.specs[table].personal)) for table, keys in named.items()
        )

    def _places(self) -> list[tuple[str | None, str | None]]:
        places = [place for table in self.check.items for place in self.loaded.places(table)]
        return places if self.universe is None else [places[ordinal] for ordinal in self.universe]

    def _select(self, sql: str) -> list[tuple[Any, ...]]:
        return self.loaded.select(sql, self.values).rows

    def _error(self, sentence: str) -> EvaluationError:
        return EvaluationError(f"The check {self.check.id} cannot be concluded: {sentence}.")


def _stand_in(gap: Gap, table: str, name: str | None, beside: dict[tuple[str, ...], Note]) -> None:
    """Add the row for what is unknown without a known item, once for each name and place."""
    order = (table, gap.account or "", gap.region or "", "" if name is None else f"={name}")
    beside.setdefault(
        order,
        Note(
            name, table, Conclusion.UNKNOWN, str(gap.reason), {}, None, gap.account, gap.region, placed=True
        ),
    )


def _judged(note: Note, account: str | None, region: str | None) -> Judged:
    return Judged(
        note.table, note.item, note.conclusion, note.reason, note.saw, note.changes_at, account, region
    )


def _counted(codes: bytearray, beside: list[Note]) -> dict[Conclusion, int]:
    counts = {conclusion: codes.count(conclusion.letter.encode()) for conclusion in Conclusion}
    counts[Conclusion.UNKNOWN] += len(beside)
    return counts
