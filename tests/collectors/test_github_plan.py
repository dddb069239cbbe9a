"""The App manifest follows from the tables, reads only, and what a plan lacks is known before connecting."""

from __future__ import annotations

from dataclasses import replace

import pytest
from github_world import SPECS

from assay.collectors.github_plan import (
    PLANS,
    GithubPermissionError,
    app_manifest,
    permissions_of,
    what_a_plan_lacks,
)


def test_the_manifest_holds_exactly_what_the_tables_read() -> None:
    manifest = app_manifest(
        SPECS.values(), name="Assay for Northwind", url="https://assay.northwind-metrics.example"
    )
    assert manifest["default_permissions"] == dict.fromkeys(
        [
            "actions",
            "administration",
            "contents",
            "deployments",
            "members",
            "metadata",
            "organization_administration",
            "organization_hooks",
            "pull_requests",
            "secret_scanning_alerts",
            "security_events",
            "vulnerability_alerts",
        ],
        "read",
    )
    assert (manifest["public"], manifest["default_events"]) == (False, [])
    assert manifest["hook_attributes"] == {"url": "https://assay.northwind-metrics.example", "active": False}


def test_a_table_left_out_takes_its_permission_along() -> None:
    left = [spec for name, spec in SPECS.items() if name != "github_commit_on_default"]
    assert "contents" not in permissions_of(left)


@pytest.mark.parametrize(
    "permissions", [("members:write",), ("members:read", "contents:read"), ("metadata:read",)]
)
def test_a_table_that_lists_other_permissions_than_its_calls_need_is_refused(
    permissions: tuple[str, ...],
) -> None:
    with pytest.raises(GithubPermissionError, match="github_team"):
        permissions_of([replace(SPECS["github_team"], permissions=permissions)])


def test_a_call_whose_permission_is_not_known_is_refused() -> None:
    team = SPECS["github_team"]
    unknown = replace(team.list.call, name="GET /orgs/{org}/secrets")
    with pytest.raises(GithubPermissionError, match="no permission is known"):
        permissions_of([replace(team, list=replace(team.list, call=unknown))])


def test_every_call_reads() -> None:
    assert {call.name.partition(" ")[0] for spec in SPECS.values() for call in spec.calls} == {"GET"}


PRIVATE = {
    "github_branch_protection": "public",
    "github_code_scanning_alert": "public",
    "github_repo": "public",
    "github_ruleset": "public",
    "github_secret_scanning_alert": "public",
}
BOUGHT = {
    "github_code_scanning_alert": "bought",
    "github_repo": "bought",
    "github_secret_scanning_alert": "bought",
}


@pytest.mark.parametrize(
    ("plan", "tables"),
    [
        ("free", {"github_audit_log_event": "none", **PRIVATE}),
        ("team", {"github_audit_log_event": "none", **BOUGHT}),
        ("enterprise", BOUGHT),
        ("business", BOUGHT),
    ],
)
def test_what_a_plan_lacks_is_known_before_connecting(plan: str, tables: dict[str, str]) -> None:
    lacks = what_a_plan_lacks(SPECS.values(), plan)
    assert lacks is not None
    assert {one.table: str(one.given) for one in lacks} == tables
    assert all(one.needs.endswith(".") and one.instead.endswith(".") for one in lacks)


def test_of_a_plan_that_nobody_knows_nothing_is_claimed() -> None:
    assert what_a_plan_lacks(SPECS.values(), "galactic") is None


def test_every_need_says_what_each_plan_gives() -> None:
    needs = [spec.plan for spec in SPECS.values() if spec.plan]
    assert {tuple(need.given) for need in needs} == {PLANS}
    columns = {spec.name: spec.plan.columns for spec in SPECS.values() if spec.plan and spec.plan.columns}
    assert columns == {"github_repo": ("secret_scanning", "push_protection")}
    assert all(set(names) <= set(SPECS[table].columns) for table, names in columns.items())


def test_a_table_that_needs_a_plan_says_what_to_give_instead() -> None:
    with_plan = {name for name, spec in SPECS.items() if spec.plan}
    assert with_plan == {
        "github_audit_log_event",
        "github_branch_protection",
        "github_code_scanning_alert",
        "github_dependabot_alert",
        "github_repo",
        "github_ruleset",
        "github_secret_scanning_alert",
    }
