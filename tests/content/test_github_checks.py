"""Checks of the code host and of exported lists, over what the real collectors bring from the stand-in's organization on its two days."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assay.catalogue import load_catalogue
from assay.checks import Check, Evaluator, Judged, Moment, TableInput, load_checks
from assay.collectors import NotSeen, PopulationSeen
from assay.collectors.files import Delivery, Exported, collect_files, load_headings, propose, read_sheet
from assay.content_tree import Content
from assay.demo import company_files
from assay.demo.github_standin import change_to_day_two, small_company
from assay.demo.northwind import DAY_ONE, DAY_TWO
from assay.evidence.gaps import Gap
from assay.tables import TableSpec, input_columns, load_tables, row

sys.path.insert(0, str(Path(__file__).parents[1] / "collectors"))

from github_world import collect_world, standing

SPECS: dict[str, TableSpec] = load_tables(Content.shipped())
HEADINGS = load_headings(Content.shipped())
CHECKS: dict[str, Check] = load_checks(Content.shipped(), SPECS)
DEFAULTS = {name: one.default for name, one in load_catalogue(Content.shipped()).parameters.items()}
ORG = "northwind-metrics"
Seen = Sequence[PopulationSeen | NotSeen]


@dataclass(frozen=True)
class Day:
    """What was collected for one day, and the instant as of which it is judged."""

    as_of: datetime
    inputs: list[TableInput]
    gaps: list[Gap]

    def concludes(self, check_id: str, **parameters: Any) -> dict[str, tuple[str, str]]:
        """Conclusion and reason of every item by its short name: the organization's name in front is left out."""
        return {
            (one.item or "").removeprefix(f"{ORG}/"): (str(one.conclusion), one.reason)
            for one in self.judged(check_id, **parameters)
        }

    def judged(self, check_id: str, **parameters: Any) -> list[Judged]:
        check = CHECKS[check_id]
        specs = {name: SPECS[name] for name in check.tables}
        start = self.as_of - timedelta(days=90)
        with Evaluator([one for one in self.inputs if one.name in specs], specs) as evaluator:
            moment = Moment(self.as_of, "Europe/Berlin", start, self.as_of)
            return evaluator.judge(check, moment, {**DEFAULTS, **parameters}, self.gaps)


def _inputs(seen: Seen) -> Iterator[TableInput]:
    for one in seen:
        if isinstance(one, PopulationSeen):
            spec = SPECS[one.table]
            rows = [row(spec, it.key, one.account, one.region, it.parent, it.record) for it in one.records]
            yield TableInput(one.table, tuple(input_columns(spec)), rows)


def _gaps(seen: Seen) -> Iterator[Gap]:
    for one in seen:
        yield from one.gaps if isinstance(one, PopulationSeen) else [one.gap]


def _day(as_of: datetime, seen: Seen) -> Day:
    return Day(as_of, list(_inputs(seen)), list(_gaps(seen)))


def _files() -> Seen:
    deliveries = []
    for table in company_files.FILES:
        content = company_files.file_of(table)
        mapping = propose(SPECS[table], read_sheet(content), HEADINGS, "Europe/Berlin").mapping
        exported = Exported("demo", "ada@northwind-metrics.example", DAY_ONE)
        deliveries.append(Delivery(table, f"{table}.csv", mapping, exported, lambda content=content: content))
    return list(collect_files(deliveries, SPECS, HEADINGS, clock=lambda: DAY_ONE))


@pytest.fixture(scope="module")
def days() -> tuple[Day, Day]:
    world, files = small_company(), _files()
    with standing(world) as (standin, url):
        standin.tokens["token-canary"]["administration"] = "write"
        one = collect_world(standin, url)
        first = [*one.populations.values(), *map(NotSeen, one.not_seen.values())]
        change_to_day_two(world)
        two = collect_world(standin, url, before=one)
        second = [*two.populations.values(), *map(NotSeen, two.not_seen.values())]
    return _day(DAY_ONE, [*first, *files]), _day(DAY_TWO, [*second, *files])


def _deviating(found: dict[str, tuple[str, str]]) -> dict[str, str]:
    return {item: reason for item, (conclusion, reason) in found.items() if conclusion == "DEVIATES"}


def test_the_organization_as_a_whole(days: tuple[Day, Day]) -> None:
    first, second = days
    assert first.concludes("github.org.mfa") == {ORG: ("CONFORMS", "required of everyone")}
    assert first.concludes("github.org.base_perm") == {ORG: ("DEVIATES", "wider than allowed")}
    assert second.concludes("github.org.base_perm") == {ORG: ("CONFORMS", "no wider than allowed")}
    assert first.concludes("github.admin.count") == {ORG: ("CONFORMS", "as many owners as allowed")}
    assert first.concludes("github.admin.count", admin_max_people=2) == {
        ORG: ("DEVIATES", "more owners than allowed")
    }


def test_people_who_should_not_be_there(days: tuple[Day, Day]) -> None:
    first, second = days
    assert _deviating(first.concludes("github.member.leaver")) == {
        "lyle-okoro": "its worker left longer ago than the limit"
    }
    members = second.concludes("github.member.leaver")
    assert len(members) == 12
    assert set(members.values()) == {("CONFORMS", "belongs to a current worker")}
    assert first.concludes("github.outside.reviewed") == {
        "marcus-bell": ("CONFORMS", "an approved access ticket names this log-in"),
        "femi-adeyemi": ("DEVIATES", "no access ticket names this log-in"),
    }


def test_a_hidden_bypass_list_makes_only_its_own_repositories_unknown() -> None:
    """GitHub shows who may bypass a ruleset to nobody but who may change it: three repositories have one, and only these are unknown."""
    with standing(small_company()) as (standin, url):
        tables = ("github_repo", "github_branch_protection", "github_ruleset")
        seen = collect_world(standin, url, tables=tables).populations.values()
    found = _day(DAY_ONE, list(seen)).concludes("github.branch.admins")
    assert {item for item, told in found.items() if told == ("UNKNOWN", "denied")} == {
        "metrics-web",
        "sdk-python",
        "status-page",
    }
    assert len(found) == 10


UNRULED = {"data-notebooks", "handbook", "next-experiment"}


@pytest.mark.parametrize(
    ("check_id", "more_on_day_one", "more_on_day_two"),
    [
        ("github.branch.protected", {}, {}),
        ("github.branch.status", {}, {}),
        ("github.branch.reviews", {}, {"infra-terraform": "no approval is needed"}),
        ("github.branch.force", {}, {"infra-terraform": "history can be rewritten"}),
        (
            "github.branch.admins",
            {
                "ingest-pipeline": "administrators are not bound",
                "metrics-web": "someone who is not approved may bypass the rules",
            },
            {
                "infra-terraform": "administrators are not bound",
                "metrics-web": "someone who is not approved may bypass the rules",
            },
        ),
    ],
)
def test_rules_of_default_branches(
    days: tuple[Day, Day], check_id: str, more_on_day_one: dict[str, str], more_on_day_two: dict[str, str]
) -> None:
    for day, more in zip(days, (more_on_day_one, more_on_day_two), strict=True):
        deviating = _deviating(day.concludes(check_id))
        assert set(deviating) == UNRULED | set(more)
        assert {item: deviating[item] for item in more} == more
    assert days[0].concludes(check_id)["legacy-importer"] == ("NOT_APPLICABLE", "archived")
    assert "legacy-importer" not in days[1].concludes(check_id)


def test_an_approved_actor_may_bypass(days: tuple[Day, Day]) -> None:
    approved = days[0].concludes("github.branch.admins", approved_bypass_actors=["RepositoryRole:5"])
    assert approved["metrics-web"] == ("CONFORMS", "only approved actors may bypass the rules")


def test_changes_merged_in_the_period(days: tuple[Day, Day]) -> None:
    first, second = days
    unreviewed = {
        "ingest-pipeline#111": "the approval was withdrawn",
        "metrics-api#110": "no approval by another person",
        "metrics-web#109": "no approval by another person",  # its author approved it, and only after the merge
    }
    assert _deviating(first.concludes("github.pr.reviewed")) == unreviewed
    assert _deviating(second.concludes("github.pr.reviewed")) == {
        **unreviewed,
        "metrics-api#201": "no approval by another person",
    }
    for day in days:
        assert _deviating(day.concludes("github.pr.ci_passed")) == {
            "ingest-pipeline#108": "a workflow did not succeed"
        }


def test_pushes_past_the_pull_request_and_what_was_deployed_of_them(days: tuple[Day, Day]) -> None:
    for day, pushes in zip(days, (["lyle-okoro"], ["emil-sorensen", "lyle-okoro"]), strict=True):
        pushed = [one for one in day.judged("github.pr.direct_push") if str(one.conclusion) == "DEVIATES"]
        assert sorted(one.saw["author"] for one in pushed) == pushes
        assert {one.reason for one in pushed} == {"pushed without a pull request"}
    assert _deviating(days[0].concludes("cross.deployment_without_change")) == {}
    for check_id in ("cross.deployment_without_change", "github.deployment.merged"):
        [deployed] = [one for one in days[1].judged(check_id) if str(one.conclusion) == "DEVIATES"]
        assert deployed.saw["deployed_by"] == "emil-sorensen"


def test_alerts_against_their_limits(days: tuple[Day, Day]) -> None:
    first, second = days
    assert _deviating(first.concludes("github.deps.sla")) == {
        "metrics-api/dependabot/1": "open past the limit",
        "metrics-web/dependabot/1": "closed after the limit",
    }
    assert second.concludes("github.deps.sla")["metrics-api/dependabot/1"] == (
        "DEVIATES",
        "closed after the limit",
    )
    assert first.concludes("github.deps.sla")["handbook"] == ("UNKNOWN", "not_enabled")
    assert _deviating(first.concludes("cross.alert_open_past_limit")) == {
        "SC-4410": "open past the limit",
        "metrics-api/dependabot/1": "open past the limit",
    }
    assert first.concludes("cross.alert_past_limit")[""] == (
        "UNKNOWN",
        "not_connected",
    )  # nobody connected AWS
    assert _deviating(first.concludes("github.secret.sla")) == {
        "status-page/secret-scanning/1": "resolved after the limit"
    }
    assert first.concludes("github.secret.sla")["sdk-python/secret-scanning/1"] == (
        "CONFORMS",
        "resolved within the limit",
    )


def test_scanners_of_repositories(days: tuple[Day, Day]) -> None:
    found = days[0].concludes("github.deps.alerts")
    assert _deviating(found) == {"data-notebooks": "off", "handbook": "off"}
    assert found["legacy-importer"] == ("NOT_APPLICABLE", "archived")
    scanned = days[0].concludes("github.secret.scan")
    assert {name for name, (conclusion, _) in scanned.items() if conclusion == "CONFORMS"} == {
        "sdk-python",
        "status-page",
    }


@pytest.mark.parametrize(
    ("check_id", "deviating"),
    [
        (
            "file.account.leaver",
            {
                "error-tracker/lyle-okoro": "its worker left longer ago than the limit",
                "data-warehouse/femi-adeyemi": "its worker left longer ago than the limit",
            },
        ),
        ("file.worker.device", {"emil-sorensen@northwind-metrics.example": "has no device"}),
        (
            "file.worker.training",
            {
                "anton-weiss@northwind-metrics.example": "never finished",
                "hanna-virtanen@northwind-metrics.example": "last finished longer ago than the interval",
            },
        ),
        ("file.device.protected", {"NW-LT-011": "the disk is not encrypted"}),
        ("file.device.reporting", {"NW-LT-010": "silent longer than the limit"}),
        ("file.change.approved", {"CHG-120": "approved by who asked for it"}),
        ("file.incident.reviewed", {}),
        ("cross.account_dormant", {"crm/oskar-lind": "not used within the limit"}),
        ("cross.access_without_ticket", {"data-warehouse/rafael-duarte": "its ticket is not approved"}),
        ("cross.admin_mfa", {"crm/celia-moreau": "has no second factor"}),
        (
            "cross.account_shared",
            {
                "crm/calendar-sync": "a service account without approval",
                "data-warehouse/femi-adeyemi": "its worker has left",
                "error-tracker/lyle-okoro": "its worker has left",
                "support-desk/support": "a shared account without approval",
            },
        ),
    ],
)
def test_exported_lists(days: tuple[Day, Day], check_id: str, deviating: dict[str, str]) -> None:
    assert _deviating(days[0].concludes(check_id)) == deviating


def test_a_week_makes_a_review_overdue(days: tuple[Day, Day]) -> None:
    [waiting] = [one for one in days[0].judged("file.incident.reviewed") if one.item == "INC-42"]
    assert (str(waiting.conclusion), waiting.changes_at) == ("CONFORMS", "2026-11-21T09:00:00Z")
    assert days[1].concludes("file.incident.reviewed")["INC-42"] == ("DEVIATES", "not reviewed")


def test_a_background_check_that_came_late(days: tuple[Day, Day]) -> None:
    found = days[0].concludes("file.worker.background_check")
    assert found["anton-weiss@northwind-metrics.example"] == ("DEVIATES", "completed too late")
    assert found["ada-lindqvist@northwind-metrics.example"] == ("CONFORMS", "completed in time")
    assert found["lyle-okoro@northwind-metrics.example"] == ("NOT_APPLICABLE", "no longer works here")
