"""Plays the recordings that a check's case names through the real collectors, and judges what comes out."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from assay.checks import Case, Check, Evaluator, Moment, TableInput
from assay.collectors import NotSeen, PopulationSeen
from assay.collectors.aws import AwsAccount, Machine, collect_aws
from assay.collectors.engine import tables_needed
from assay.collectors.files import load_headings
from assay.collectors.work import Settings
from assay.content_tree import Content
from assay.evidence.gaps import Gap, matters
from assay.outbound.aws import AwsAccess
from assay.outbound.secret import Secret
from assay.tables import TableSpec, input_columns, load_tables, row
from tests.recordings.exported_files import collect_exported
from tests.recordings.github_answers import collect_recorded

sys.path.insert(0, str(Path(__file__).parents[1] / "collectors"))

from aws_answers import Answers

Seen = Sequence[PopulationSeen | NotSeen]


@cache
def tables() -> dict[str, TableSpec]:
    """The shipped tables."""
    return load_tables(Content.shipped())


def played(check: Check, case: Case) -> list[PopulationSeen | NotSeen]:
    """Collect what the check reads from each recording of the case; a recording of a kind that nobody plays is a LookupError."""
    named = tuple(sorted((name, value) for name, value in case.parameters.items() if isinstance(value, str)))
    return [one for name in case.recording for one in _played(name, _wanted(check, name), named)]


def _wanted(check: Check, recording: str) -> tuple[str, ...]:
    source = recording.partition("/")[0]
    if source not in ("aws", "github", "file"):
        raise LookupError(
            f"{check.id}: no collector plays “{recording}”; begin it with aws/, github/ or file/."
        )
    return tuple(sorted(table for table in check.tables if tables()[table].source == source))


@cache
def _played(
    recording: str, wanted: tuple[str, ...], parameters: tuple[tuple[str, str], ...]
) -> list[PopulationSeen | NotSeen]:
    """One collection, which checks that read the same tables share."""
    needed = tables_needed(tables(), wanted)
    match recording.partition("/")[0]:
        case "aws":
            return play_aws(Answers.of(recording), needed, dict(parameters))
        case "github":
            return collect_recorded(recording, needed)
        case _:
            return collect_exported(recording, needed, load_headings(Content.shipped()))


def play_aws(
    answers: Answers, specs: Mapping[str, TableSpec], parameters: Mapping[str, object]
) -> list[PopulationSeen | NotSeen]:
    """Collect tables of AWS from recorded answers."""
    access = AwsAccess(
        "recorded", region="us-east-1", endpoint_url="http://127.0.0.1:9", keys=("AKIAEXAMPLE", Secret("x"))
    )
    named = {name: value for name, value in parameters.items() if isinstance(value, str)}
    with answers.playing():
        return list(
            collect_aws(
                dict(specs),
                [AwsAccount(access)],
                settings=Settings(named),
                machine=Machine(sleep=lambda seconds: None),
            )
        )


def inputs_of(check: Check, seen: Seen) -> list[TableInput]:
    """The rows that the check reads of what was seen; a table that no recording gave is not connected."""
    asked = {one.table if isinstance(one, PopulationSeen) else one.gap.table for one in seen}
    return [
        TableInput(
            table,
            input_columns(tables()[table]),
            [
                row(tables()[table], record.key, one.account, one.region, record.parent, record.record)
                for one in seen
                if isinstance(one, PopulationSeen) and one.table == table
                for record in one.records
            ],
        )
        for table in check.tables
        if table in asked
    ]


def gaps_of(seen: Seen) -> list[Gap]:
    """Every gap of what was seen."""
    return [gap for one in seen for gap in (one.gaps if isinstance(one, PopulationSeen) else [one.gap])]


def counted(check: Check, case: Case) -> dict[str, int]:
    """Play a case and count its conclusions, as the case expects them."""
    return dict(Counter(conclusion for conclusion, _, _ in concluded(check, case)))


def concluded(check: Check, case: Case) -> list[tuple[str, str | None, str]]:
    """Play a case; gives conclusion, item and reason of each item."""
    seen = played(check, case)
    start, end = case.period or (None, None)
    moment = Moment(as_of=case.as_of, zone=case.zone, period_start=start, period_end=end)
    with Evaluator(inputs_of(check, seen), {name: tables()[name] for name in check.tables}) as evaluator:
        gaps = [gap for gap in gaps_of(seen) if start is None or matters(gap, start)]
        judged = evaluator.judge(check, moment, case.parameters, gaps)
    return [(str(one.conclusion), one.item, one.reason) for one in judged]
