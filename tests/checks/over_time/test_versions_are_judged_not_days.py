"""Every shipped check, over a time in which its proving cases follow each other, says at every instant what it says of that instant alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from tests.checks.over_time.day_by_day import World, by_versions, instants, judged_at, told_at

from assay.checks import Case, Check, Kind, load_checks
from assay.checks.cases import case_gaps
from assay.checks.over_time import EpisodeSet, over_time
from assay.checks.specs import column_types
from assay.content_tree import Content
from assay.evidence.canonical import decode, parse_instant
from assay.tables import load_tables

SPECS = load_tables(Content.shipped())
CHECKS = {
    check.id: check for check in load_checks(Content.shipped(), SPECS).values() if check.kind is Kind.ITEM
}
MOST_CASES = 6


def world_of(check: Check, cases: Sequence[Case]) -> World:
    """Cases of a check, one after the other, 9 days apart, the first where its own as-of instant is."""
    used = {table: SPECS[table] for table in check.tables}
    days = []
    for number, case in enumerate([*cases, cases[0]]):
        rows = {
            table: [tuple(row[column] for column in column_types(spec)) for row in case.rows.get(table, ())]
            for table, spec in used.items()
        }
        days.append((cases[0].as_of + timedelta(days=9 * number), rows, tuple(case_gaps(case, used))))
    return World(tuple(days), days[-1][0] + timedelta(days=200))


def agree(check: Check, gaps_only: bool = False) -> None:
    cases = [case for case in check.cases if not case.recording and (case.gaps or not gaps_only)]
    world = world_of(check, cases[:MOST_CASES])
    parameters = next(case.parameters for case in check.cases if not case.recording)
    specs = {table: SPECS[table] for table in check.tables}
    found = by_versions(world, check, specs, parameters)
    hold_canonical(found)
    personal = any(spec.personal for spec in specs.values())
    for instant in instants(world, found):
        told, alone = told_at(found, instant), judged_at(world, instant, check, specs, parameters)
        if check.plan.timed:  # time can change the words of a reason without the conclusion; an episode keeps those of its start
            told, alone = {one[:5] for one in told}, {one[:5] for one in alone}
        elif personal:  # nothing is kept of what was seen of a person
            assert {one[6] for one in told} <= {"{}"}, instant
            told, alone = {one[:6] for one in told}, {one[:6] for one in alone}
        assert told == alone, instant


def hold_canonical(found: EpisodeSet) -> None:
    """The bytes are what `encode` gives of what they say: in order, episodes of one item apart from each other, counted as they are."""
    stored = decode(found.encoded())
    episodes = stored["episodes"]
    assert len(episodes) == found.length
    of_each: dict[tuple[str, ...], list[Any]] = {}
    for one in episodes:
        of_each.setdefault(_order(one), []).append(one)
    assert list(of_each) == sorted(of_each)
    for own in of_each.values():
        times = [parse_instant(one[end]) for one in own for end in ("from", "until")]
        assert times == sorted(times)
        assert all(parse_instant(one["from"]) < parse_instant(one["until"]) for one in own)
    for conclusion in ("DEVIATES", "NOT_APPLICABLE", "UNKNOWN"):
        counted = sum(any(one["conclusion"] == conclusion for one in own) for own in of_each.values())
        assert found.counts[conclusion] == counted
    assert found.counts["CONFORMS"] == max(stored["items"] - (len(of_each) - stored["unseen"]), 0)


def _order(one: Mapping[str, Any]) -> tuple[str, ...]:
    """Table, item (none first), account, region (formats.md, section 9)."""
    item = "" if one["item"] is None else f"={one['item']}"
    return (one["table"], item, one["account"] or "", one["region"] or "")


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


@pytest.mark.parametrize(
    "name", ["aws.ec2.sg_ssh", "aws.ec2.ssm", "aws.ec2.volume_snap", "aws.rds.deprecated", "aws.rds.tls"]
)
def test_a_link_reaches_the_same_items_over_a_time(name: str) -> None:
    agree(CHECKS[name], gaps_only=True)


def test_nearly_all_shipped_checks_are_judged_by_versions() -> None:
    by_versions = [check for check in CHECKS.values() if over_time(check) is not None]
    assert len(by_versions) >= 145


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(CHECKS))
def test_every_shipped_check(name: str) -> None:
    agree(CHECKS[name])
