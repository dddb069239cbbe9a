"""The 21 tables over the stand-in: what each holds of a world whose truth is known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from github_world import SPECS, Collected, collect_world, everything, instant, standing

from assay.collectors.github_plan import PERMISSION_OF
from assay.demo.github_standin import Fault, World, app, small_company
from assay.evidence.gaps import Reason

ORG = "northwind-metrics"
TABLES = (
    "org org_member outside_collaborator team team_member repo branch_protection ruleset repo_collaborator pull_request "
    "pull_request_review commit_on_default deployment workflow_run actions_permission dependabot_alert code_scanning_alert "
    "secret_scanning_alert org_webhook app_installation audit_log_event"
)


@pytest.fixture(scope="module")
def seen() -> Iterator[Collected]:
    with standing(small_company("enterprise")) as (standin, url):
        collected = collect_world(standin, url)
        collected.standin = standin  # type: ignore[attr-defined]
        yield collected


def test_there_are_the_21_tables_and_each_has_records(seen: Collected) -> None:
    assert set(SPECS) == {f"github_{name}" for name in TABLES.split()}
    assert seen.not_seen == {}
    assert {table for table, population in seen.populations.items() if population.records} == set(SPECS)


def test_the_organization(seen: Collected) -> None:
    [org] = seen.rows("github_org")
    assert (org["key"], org["plan"], org["two_factor_required"], org["base_permission"]) == (
        ORG,
        "enterprise",
        True,
        "write",
    )


def test_members_have_their_role_and_second_factor(seen: Collected) -> None:
    roles = {one["login"]: one["role"] for one in seen.rows("github_org_member")}
    assert sorted(login for login, role in roles.items() if role == "admin") == [
        "ben-achterberg",
        "jonah-marsh",
        "sana-ito",
    ]
    assert len(roles) == 13
    assert roles["lyle-okoro"] == "member"
    assert {one["two_factor_disabled"] for one in seen.rows("github_org_member")} == {False}
    assert seen.keys("github_outside_collaborator") == ["femi-adeyemi", "marcus-bell"]


def test_teams_and_rights_in_one_repository(seen: Collected) -> None:
    assert [(one["slug"], one["parent_team"]) for one in seen.rows("github_team")] == [
        ("engineering", None),
        ("platform", "engineering"),
        ("product", None),
    ]
    assert [one["login"] for one in seen.rows("github_team_member") if one["team"] == "platform"] == [
        "ben-achterberg",
        "noor-haddad",
    ]
    assert [(one["repo"], one["login"], one["role"]) for one in seen.rows("github_repo_collaborator")] == [
        (f"{ORG}/data-notebooks", "femi-adeyemi", "write"),
        (f"{ORG}/metrics-api", "marcus-bell", "read"),
    ]


def test_repositories_and_their_scanners(seen: Collected) -> None:
    repos = {one["name"]: one for one in seen.rows("github_repo")}
    assert len(repos) == 10
    assert [name for name, one in repos.items() if not one["dependabot_alerts"]] == [
        "data-notebooks",
        "handbook",
        "legacy-importer",
    ]
    assert [name for name, one in repos.items() if one["secret_scanning"] == "enabled"] == [
        "sdk-python",
        "status-page",
    ]
    assert (repos["sdk-python"]["private"], repos["metrics-api"]["private"]) == (False, True)
    assert repos["legacy-importer"]["archived"]


def test_protection_of_default_branches(seen: Collected) -> None:
    rows = {one["repo"].partition("/")[2]: one for one in seen.rows("github_branch_protection")}
    assert sorted(rows) == ["infra-terraform", "ingest-pipeline", "metrics-api"]
    assert {
        name: (one["approvals"], one["status_checks"], one["binds_admins"]) for name, one in rows.items()
    } == {
        "infra-terraform": (2, ["plan"], True),
        "ingest-pipeline": (1, ["test"], False),
        "metrics-api": (1, ["test"], True),
    }
    assert rows["ingest-pipeline"]["bypass_actors"] == ["User:noor-haddad"]
    assert rows["metrics-api"]["bypass_actors"] == []
    assert rows["metrics-api"]["parent"] == f"{ORG}/metrics-api"


def test_rules_of_active_rulesets_and_the_bypass_that_a_reader_is_not_shown(seen: Collected) -> None:
    rules = {(one["repo"].partition("/")[2], one["type"]): one for one in seen.rows("github_ruleset")}
    assert sorted({repo for repo, _ in rules}) == ["metrics-web", "sdk-python", "status-page"]
    assert rules["metrics-web", "pull_request"]["approvals"] == 1
    assert rules["metrics-web", "required_status_checks"]["status_checks"] == ["test"]
    gaps = seen.gaps("github_ruleset")
    assert {(gap.parent, gap.key) for gap in gaps} == {
        (one.parent, one.key) for one in seen.populations["github_ruleset"].records
    }
    assert {(gap.reason, gap.columns) for gap in gaps} == {(Reason.DENIED, frozenset({"bypass_actors"}))}


def test_who_may_write_sees_the_bypass() -> None:
    with standing(small_company()) as (standin, url):
        standin.tokens["token-canary"]["administration"] = "write"
        collected = collect_world(standin, url, tables=("github_repo", "github_ruleset"))
    web = [one for one in collected.rows("github_ruleset") if one["repo"].endswith("metrics-web")]
    assert {tuple(one["bypass_actors"]) for one in web} == {("RepositoryRole:5",)}
    assert collected.gaps("github_ruleset") == []
    assert collected.counts()["GET /repos/{owner}/{repo}/rulesets/{ruleset_id}"] == 3


def test_pull_requests_and_reviews(seen: Collected) -> None:
    pulls = {one["key"]: one for one in seen.rows("github_pull_request")}
    one = pulls[f"{ORG}/metrics-api#102"]
    assert (one["merged"], one["merged_at"], one["to_default_branch"]) == (
        True,
        instant("2026-08-16T03:00:00Z"),
        True,
    )
    assert f"{ORG}/metrics-api#101" not in pulls, "it was merged before events are collected"
    assert not pulls[f"{ORG}/metrics-api#149"]["merged"]
    assert f"{ORG}/metrics-api#150" not in pulls
    reviews = seen.rows("github_pull_request_review")
    numbers = {review["number"] for review in reviews if review["repo"].endswith("metrics-api")}
    assert numbers == set(range(102, 113)) - {110}
    late = next(review for review in reviews if review["parent"] == f"{ORG}/metrics-web#109")
    assert late["submitted"] > pulls[f"{ORG}/metrics-web#109"]["merged_at"]
    assert [review["state"] for review in reviews if review["parent"] == f"{ORG}/ingest-pipeline#111"] == [
        "DISMISSED"
    ]


def test_commits_know_the_pull_request_that_brought_them(seen: Collected) -> None:
    rows = [one for one in seen.rows("github_commit_on_default") if one["repo"].endswith("metrics-web")]
    merged = {one["merge_sha"] for one in seen.rows("github_pull_request")}
    assert [(one["author"], one["pull_requests"]) for one in rows if one["sha"] not in merged] == [
        ("lyle-okoro", [])
    ]
    assert all(len(one["pull_requests"]) == 1 for one in rows if one["sha"] in merged)


def test_deployments_and_runs(seen: Collected) -> None:
    deployments = seen.rows("github_deployment")
    assert {one["environment"] for one in deployments} == {"production", "staging"}
    commits = {one["sha"] for one in seen.rows("github_commit_on_default")}
    assert {one["sha"] for one in deployments} <= commits
    failed = [one for one in seen.rows("github_workflow_run") if one["conclusion"] == "failure"]
    assert [(one["repo"], one["run_number"]) for one in failed] == [(f"{ORG}/ingest-pipeline", 8)]


def test_alerts_and_where_scanners_are_off(seen: Collected) -> None:
    alerts = {one["key"].partition("/")[2]: one for one in seen.rows("github_dependabot_alert")}
    assert sorted(alerts) == [
        "metrics-api/dependabot/1",
        "metrics-api/dependabot/2",
        "metrics-api/dependabot/3",
        "metrics-web/dependabot/1",
        "metrics-web/dependabot/2",
    ]
    assert (alerts["metrics-api/dependabot/1"]["state"], alerts["metrics-api/dependabot/1"]["severity"]) == (
        "open",
        "high",
    )
    assert alerts["metrics-web/dependabot/1"]["fixed_at"] == instant("2026-11-05T07:00:00Z")
    off = {gap.parent for gap in seen.gaps("github_dependabot_alert")}
    assert off == {f"{ORG}/data-notebooks", f"{ORG}/handbook"}
    assert {gap.reason for gap in seen.gaps("github_secret_scanning_alert")} == {Reason.NOT_ENABLED}
    assert len(seen.gaps("github_secret_scanning_alert")) == 7
    [secret] = [
        one for one in seen.rows("github_secret_scanning_alert") if one["repo"].endswith("sdk-python")
    ]
    assert (secret["resolution"], secret["resolved_at"]) == ("revoked", instant("2026-11-02T13:00:00Z"))


def test_settings_of_the_organization(seen: Collected) -> None:
    [actions] = seen.rows("github_actions_permission")
    assert (actions["allowed_actions"], actions["default_permission"], actions["may_approve"]) == (
        "selected",
        "read",
        False,
    )
    assert [(one["active"], one["checks_certificate"]) for one in seen.rows("github_org_webhook")].count(
        (True, False)
    ) == 1
    assert [one["app"] for one in seen.rows("github_app_installation")].count("renovate") == 1
    events = seen.rows("github_audit_log_event")
    assert sorted(one["action"] for one in events) == ["org.add_member", "protected_branch.policy_override"]


def test_calls_and_permissions_agree(seen: Collected) -> None:
    assert set(seen.counts()) == set(PERMISSION_OF)
    assert seen.standin.used_permissions == set(PERMISSION_OF.values())  # type: ignore[attr-defined]


def test_every_call_is_stated_by_the_population_that_it_was_made_for(seen: Collected) -> None:
    """What another answer had said already (which pull request brought a commit, a ruleset of two branches) is no call."""
    unseen = sum(1 for gap in seen.not_seen.values() if gap.call)
    stated = sum(one.made.calls for one in seen.populations.values())
    assert stated + unseen == sum(seen.counts().values())


def test_nothing_that_should_not_be_kept_is_kept(seen: Collected) -> None:
    kept = everything(seen)
    for text in (
        b"canary",
        b"hooks.northwind-metrics",
        b"noreply",
        b"Bump the HTTP library",
        b"Mend in haste",
        b"avatar",
    ):
        assert text not in kept


def test_the_same_world_gives_the_same_bytes() -> None:
    def once() -> bytes:
        with standing(small_company()) as (standin, url):
            collected = collect_world(standin, url)
        collected.calls.clear()
        return everything(collected)

    assert once() == once()


@pytest.mark.parametrize("plan", ["free", "team"])
def test_what_the_plan_lacks_is_unavailable_with_the_alternative_named(plan: str) -> None:
    with standing(small_company(plan)) as (standin, url):  # type: ignore[arg-type]
        collected = collect_world(standin, url)
    gap = collected.not_seen["github_audit_log_event"]
    assert gap.reason is Reason.UNAVAILABLE
    assert "export the log" in (gap.detail or "")
    lacking = [gap for gap in collected.gaps("github_branch_protection") if gap.reason is Reason.UNAVAILABLE]
    private = {
        f"{ORG}/{one.name}" for one in small_company().repositories if one.private and not one.archived
    }
    assert {gap.parent for gap in lacking} == (private if plan == "free" else set())
    assert all("github.pr.reviewed" in (gap.detail or "") for gap in lacking)


def test_pages_of_one_are_followed_to_their_end(monkeypatch: pytest.MonkeyPatch) -> None:
    world: World = small_company()
    with standing(world) as (standin, url):
        whole = collect_world(standin, url, tables=("github_repo", "github_pull_request"))
        real = app._page
        monkeypatch.setattr(
            app, "_page", lambda given, at, query, fault: real(given, at, {**query, "per_page": "1"}, fault)
        )
        paged = collect_world(standin, url, tables=("github_repo", "github_pull_request"))
    for table in ("github_repo", "github_pull_request"):
        assert paged.populations[table].records == whole.populations[table].records
    assert paged.populations["github_repo"].made.pages == 10


def test_skew_against_githubs_clock_is_told() -> None:
    with standing(small_company()) as (standin, url):
        standin.faults.append(Fault("/teams$", "error", times=1))
        collected = collect_world(standin, url, tables=("github_org", "github_team"))
    assert len(collected.skews) == len(collected.calls) == 3
    assert max(map(abs, collected.skews)) <= 10_000
