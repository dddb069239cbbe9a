"""Cases of checks that name a recording: its answers go through the real collector, and the check concludes on what comes out."""

from __future__ import annotations

import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from assay.checks import Case, Check, Evaluator, Moment, TableInput, load_checks
from assay.collectors import NotSeen, PopulationSeen
from assay.collectors.aws import AwsAccount, Machine, collect_aws
from assay.collectors.engine import tables_needed
from assay.collectors.work import Settings
from assay.content_tree import Content
from assay.outbound.aws import AwsAccess
from assay.outbound.secret import Secret
from assay.tables import TableSpec, input_columns, load_tables, row

sys.path.insert(0, str(Path(__file__).parents[1] / "collectors"))

from aws_answers import Answers


@cache
def tables() -> dict[str, TableSpec]:
    return load_tables(Content.shipped())


@cache
def recorded() -> dict[str, tuple[Check, Case]]:
    """Cases that play a recording of AWS, by check and name."""
    return {
        f"{check.id}: {case.name}": (check, case)
        for check in load_checks(Content.shipped(), tables()).values()
        for case in check.cases
        if case.recording is not None and case.recording.startswith("aws/")
    }


def played(check: Check, case: Case) -> list[PopulationSeen | NotSeen]:
    access = AwsAccess(
        "recorded", region="us-east-1", endpoint_url="http://127.0.0.1:9", keys=("AKIAEXAMPLE", Secret("x"))
    )
    named = {name: value for name, value in case.parameters.items() if isinstance(value, str)}
    with Answers.of(str(case.recording)).playing():
        return list(
            collect_aws(
                tables_needed(tables(), check.tables),
                [AwsAccount(access)],
                settings=Settings(named),
                machine=Machine(sleep=lambda seconds: None),
            )
        )


def inputs(check: Check, seen: list[PopulationSeen | NotSeen]) -> list[TableInput]:
    populations = [one for one in seen if isinstance(one, PopulationSeen)]
    return [
        TableInput(
            table,
            input_columns(tables()[table]),
            [
                row(tables()[table], record.key, one.account, one.region, record.parent, record.record)
                for one in populations
                if one.table == table
                for record in one.records
            ],
        )
        for table in check.tables
    ]


@pytest.mark.parametrize("name", sorted(recorded()))
def test_a_recording_through_the_collector(name: str) -> None:
    check, case = recorded()[name]
    seen = played(check, case)
    gaps = [one.gap for one in seen if isinstance(one, NotSeen)]
    gaps += [gap for one in seen if isinstance(one, PopulationSeen) for gap in one.gaps]
    start, end = case.period or (None, None)
    moment = Moment(as_of=case.as_of, zone=case.zone, period_start=start, period_end=end)
    with Evaluator(inputs(check, seen), tables()) as evaluator:
        judged = evaluator.judge(check, moment, case.parameters, gaps)
    assert dict(Counter(str(one.conclusion) for one in judged)) == case.expect
