"""Proving: a check is run over its own cases, and they must reach every conclusion that it can give, unknown by a gap included.

Cases with a `recording` are answers to be played through the real collector; they are data here, and proved by the collectors' tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.checks.check import Case, Check, Kind
from assay.checks.conclusion import Conclusion
from assay.checks.errors import EvaluationError
from assay.checks.evaluate import Evaluator, Judged, Moment
from assay.checks.loaded import TableInput
from assay.checks.observed import observed
from assay.checks.specs import Spec, column_types
from assay.evidence.canonical import Json
from assay.evidence.gaps import Gap, Reason

_MEMORY_MB = 256
_SECONDS = 10.0
_SHOWN = ("item", "conclusion", "reason", "changes_at")


@dataclass(frozen=True, slots=True)
class CaseFailure:
    """A case that does not hold, or what no case shows (`case` None). `says` is a sentence, `table` expected and got side by side."""

    check: str
    case: str | None
    says: str
    table: str = ""

    def __str__(self) -> str:
        place = f"{self.check}, case “{self.case}”" if self.case else self.check
        return f"{place}: {self.says}" + (f"\n{self.table}" if self.table else "")


def prove(check: Check, specs: Mapping[str, Spec]) -> list[CaseFailure]:
    """Run every case of `check` that brings its own rows; an empty list means that all hold and every conclusion is reached."""
    failures: list[CaseFailure] = []
    reached: set[str] = set()
    with Evaluator((), {}, memory_mb=_MEMORY_MB, seconds=_SECONDS, threads=1) as evaluator:
        for case in check.cases:
            if case.recording:
                continue
            try:
                judged = _judged(evaluator, check, case, specs)
            except EvaluationError as error:
                failures.append(CaseFailure(check.id, case.name, str(error)))
                continue
            reached |= _reached(case, judged)
            failures += compare(check, case, judged)
    return failures + [CaseFailure(check.id, None, sentence) for sentence in _unreached(check, reached)]


def _judged(evaluator: Evaluator, check: Check, case: Case, specs: Mapping[str, Spec]) -> list[Judged]:
    """Judge a case's rows under its gaps; a table that the case does not name is known to be empty."""
    used = {table: specs[table] for table in check.tables}
    evaluator.load_again(case_inputs(case, used), used)
    return evaluator.judge(check, case_moment(check, case), case.parameters, case_gaps(case, used))


def case_inputs(case: Case, specs: Mapping[str, Spec]) -> Iterator[TableInput]:
    """Give a case's rows as inputs of an evaluator."""
    for table, spec in specs.items():
        types = column_types(spec)
        rows = [tuple(row[column] for column in types) for row in case.rows.get(table, ())]
        yield TableInput(table, tuple(types.items()), rows)


def case_moment(check: Check, case: Case) -> Moment:
    """Give when a case judges; only a population check has a period."""
    start, end = case.period if case.period and check.kind is Kind.POPULATION else (None, None)
    return Moment(as_of=case.as_of, zone=case.zone, period_start=start, period_end=end)


def case_gaps(case: Case, specs: Mapping[str, Spec]) -> list[Gap]:
    """Give a case's gaps. Account and region that it does not say are those of rows: 111122223333, and eu-west-1 for a table by region."""
    return [_gap(said, specs[said["table"]]) for said in case.gaps]


def _gap(said: Mapping[str, Any], spec: Spec) -> Gap:
    columns = said.get("columns")
    return Gap(
        table=spec.name,
        reason=Reason(said["reason"]),
        account=said.get("account", "111122223333"),
        region=said.get("region", "eu-west-1" if spec.reach == "region" else ""),
        parent=said.get("parent"),
        key=said.get("key"),
        columns=None if columns is None else frozenset(columns),
    )


def compare(check: Check, case: Case, judged: Sequence[Judged]) -> list[CaseFailure]:
    """Hold what was judged to what the case expects: the same items, and for each the values that the case names."""
    expected = list(case.expect) if not isinstance(case.expect, Mapping) else []
    left = list(judged)
    wrong = False
    for item in expected:
        match = next((got for got in left if _fits(item, got)), None)
        wrong = wrong or match is None
        if match is not None:
            left.remove(match)
    if not wrong and not left:
        return []
    says = f"{len(expected)} expected, {len(judged)} judged, and they are not the same."
    return [CaseFailure(check.id, case.name, says, _side_by_side(expected, judged))]


def _fits(expected: Mapping[str, Any], got: Judged) -> bool:
    said = _said(got)
    return "item" in expected and all(
        name in said and said[name] == observed(value) for name, value in expected.items()
    )


def _said(got: Judged) -> dict[str, Json]:
    """A judged item by the names that a case may use."""
    saw = {f"saw_{name}": value for name, value in got.saw.items()}
    place = {"table": got.table, "account": got.account, "region": got.region}
    main = {
        "item": got.item,
        "conclusion": str(got.conclusion),
        "reason": got.reason,
        "changes_at": got.changes_at,
    }
    return {**main, **place, **saw}


def _side_by_side(expected: Sequence[Mapping[str, Any]], judged: Sequence[Judged]) -> str:
    named = sorted({name for item in expected for name in item} - set(_SHOWN))
    names = [*_SHOWN, *named]
    lines = [["", *names]]
    lines += [["expected", *(_cell(item, name) for name in names)] for item in expected]
    lines += [["got", *(_cell(_said(got), name) for name in names)] for got in judged]
    widths = [max(len(line[index]) for line in lines) for index in range(len(names) + 1)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cell(values: Mapping[str, Any], name: str) -> str:
    return str(observed(values[name])) if name in values else "·"


def _reached(case: Case, judged: Sequence[Judged]) -> set[str]:
    """What a case shows; unknown counts only where a gap made it."""
    found = {str(got.conclusion) for got in judged}
    return found if case.gaps else found - {Conclusion.UNKNOWN.value}


def _unreached(check: Check, reached: set[str]) -> Iterator[str]:
    for conclusion in Conclusion:
        if conclusion.value in check.plan.literals - reached and conclusion is not Conclusion.UNKNOWN:
            yield f"No case reaches {conclusion}, which the SQL can give; add one that does, or take it out of the SQL."
    if Conclusion.UNKNOWN.value not in reached:
        yield "No case reaches UNKNOWN by a gap; add one with `gaps:` over something that the check reads."
