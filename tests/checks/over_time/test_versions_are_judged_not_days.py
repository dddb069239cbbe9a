"""Every shipped check, over a time in which its proving cases follow each other, says at every instant what it says of that instant alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.checks.over_time.day_by_day import World, by_versions, instants, judged_at, told_at

from assay.checks import Check, Kind, load_checks
from assay.checks.cases import case_gaps
from assay.checks.over_time import over_time
from assay.checks.specs import column_types
from assay.content_tree import Content
from assay.tables import load_tables

SPECS = load_tables(Content.shipped())
CHECKS = {
    check.id: check for check in load_checks(Content.shipped(), SPECS).values() if check.kind is Kind.ITEM
}
MOST_CASES = 6


def world_of(check: Check) -> World:
    """The cases of a check, one after the other, 9 days apart, the first where its own as-of instant is."""
    cases = [case for case in check.cases if case.recording is None][:MOST_CASES]
    used = {table: SPECS[table] for table in check.tables}
    days = []
    for number, case in enumerate([*cases, cases[0]]):
        rows = {
            table: [tuple(row[column] for column in column_types(spec)) for row in case.rows.get(table, ())]
            for table, spec in used.items()
        }
        days.append((cases[0].as_of + timedelta(days=9 * number), rows, tuple(case_gaps(case, used))))
    return World(tuple(days), days[-1][0] + timedelta(days=200))


def agree(check: Check) -> None:
    world = world_of(check)
    parameters = next(case.parameters for case in check.cases if case.recording is None)
    specs = {table: SPECS[table] for table in check.tables}
    found = by_versions(world, check, specs, parameters)
    for instant in instants(world, found):
        told, alone = told_at(found, instant), judged_at(world, instant, check, specs, parameters)
        if check.plan.timed:  # time can change the words of a reason without the conclusion; an episode keeps those of its start
            told, alone = {one[:5] for one in told}, {one[:5] for one in alone}
        assert told == alone, instant


OF_EACH_SHAPE = (
    "aws.acm.expiry",  # timed, through a CTE
    "aws.s3.encryption",  # one table
    "aws.rds.tls",  # two items tables, a subquery, a join
    "aws.iam.admin_mfa",  # judged whole, at every instant at which anything changes
    "aws.sso.leaver",
    "aws.ec2.sg_unused",
    "aws.iam.group_admin",
    "aws.backup.coverage",
    "cross.account_shared",
    "cross.alert_open_past_limit",
    "aws.rds.deprecated",
    "file.worker.training",
)


@pytest.mark.parametrize("name", OF_EACH_SHAPE)
def test_a_check_of_each_shape(name: str) -> None:
    agree(CHECKS[name])


def test_nearly_all_shipped_checks_are_judged_by_versions() -> None:
    by_versions = [check for check in CHECKS.values() if over_time(check) is not None]
    assert len(by_versions) >= 145


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(CHECKS))
def test_every_shipped_check(name: str) -> None:
    agree(CHECKS[name])
