"""What is refused, late, broken or hostile becomes a gap over exactly that; nothing crashes and the token goes nowhere else."""

from __future__ import annotations

import pytest
from github_world import Collected, collect_world, everything, standing

from assay.collectors.github_errors import refusal, throttled
from assay.demo.github_standin import Fault, small_company
from assay.evidence.gaps import Reason
from assay.outbound.http import Response

ORG = "northwind-metrics"
FEW = (
    "github_repo",
    "github_branch_protection",
    "github_pull_request",
    "github_pull_request_review",
    "github_team",
    "github_team_member",
)


def with_faults(*faults: Fault, tables: tuple[str, ...] | None = FEW) -> tuple[Collected, Collected]:
    """The same tables without and with faults."""
    world = small_company()
    world.repository("metrics-web").pull_requests.pop(
        0
    )  # it is older than the window, which would end the walk there
    with standing(world) as (standin, url):
        good = collect_world(standin, url, tables=tables)
        standin.faults.extend(faults)
        return good, collect_world(standin, url, tables=tables)


def unchanged(good: Collected, bad: Collected, but: set[str]) -> None:
    for table in set(good.populations) - but:
        assert bad.populations[table].records == good.populations[table].records
        assert [gap.reason for gap in bad.gaps(table)] == [gap.reason for gap in good.gaps(table)]


def test_a_denied_list_is_a_table_not_seen_and_touches_nothing_else() -> None:
    good, bad = with_faults(Fault("/teams$", "deny"))
    assert bad.not_seen["github_team"].reason is Reason.DENIED
    assert bad.not_seen["github_team_member"].reason is Reason.DENIED
    unchanged(good, bad, {"github_team", "github_team_member"})


def test_a_denied_parent_is_a_gap_over_what_belongs_to_it() -> None:
    good, bad = with_faults(Fault("/metrics-api/pulls$", "deny"))
    [gap] = bad.gaps("github_pull_request")
    assert (gap.parent, gap.reason, gap.columns, gap.call) == (
        f"{ORG}/metrics-api",
        Reason.DENIED,
        None,
        "GET /repos/{owner}/{repo}/pulls",
    )
    assert bad.keys("github_pull_request") == [
        key for key in good.keys("github_pull_request") if "/metrics-api#" not in key
    ]
    [torn] = bad.gaps("github_pull_request_review")
    assert torn.parent == f"{ORG}/metrics-api"
    unchanged(good, bad, {"github_pull_request", "github_pull_request_review"})


def test_a_denied_call_of_a_record_is_a_gap_over_its_columns() -> None:
    good, bad = with_faults(Fault("/vulnerability-alerts$", "deny"))
    gaps = bad.gaps("github_repo")
    assert {gap.key for gap in gaps} == set(good.keys("github_repo")) - {f"{ORG}/legacy-importer"}
    assert {(gap.reason, gap.columns) for gap in gaps} == {(Reason.DENIED, frozenset({"dependabot_alerts"}))}
    assert bad.keys("github_repo") == good.keys("github_repo")


def test_a_missing_answer_is_not_read_as_there_is_none() -> None:
    good, bad = with_faults(Fault("/metrics-api/branches/main/protection$", "missing"))
    [gap] = bad.gaps("github_branch_protection")
    assert (gap.parent, gap.reason, gap.detail) == (f"{ORG}/metrics-api", Reason.DENIED, "NotFound")
    assert len(bad.keys("github_branch_protection")) == len(good.keys("github_branch_protection")) - 1


@pytest.mark.parametrize("kind", ["throttle", "secondary"])
def test_throttling_that_ends_changes_nothing(kind: str) -> None:
    good, bad = with_faults(Fault("/pulls/10[0-9]/reviews$", kind, times=2))  # type: ignore[arg-type]
    assert {name: one.records for name, one in bad.populations.items()} == {
        name: one.records for name, one in good.populations.items()
    }
    assert len(bad.calls) <= 1.5 * len(good.calls)


@pytest.mark.parametrize("kind", ["throttle", "secondary"])
def test_throttling_without_end_is_a_gap_and_ends(kind: str) -> None:
    good, bad = with_faults(Fault("/metrics-web/pulls", kind))  # type: ignore[arg-type]
    [gap] = bad.gaps("github_pull_request")
    assert (gap.parent, gap.reason) == (f"{ORG}/metrics-web", Reason.THROTTLED)
    assert len(bad.calls) <= 1.5 * len(good.calls)


@pytest.mark.parametrize(
    ("kind", "reason", "detail"),
    [
        ("html", Reason.MALFORMED, "MalformedAnswer"),
        ("half", Reason.MALFORMED, "MalformedAnswer"),
        ("wrong", Reason.MALFORMED, "NoList"),
        ("error", Reason.FAILED, "Status502"),
        ("elsewhere", Reason.MALFORMED, "LinkElsewhere"),
        ("loop", Reason.MALFORMED, "RepeatedPage"),
    ],
)
def test_a_broken_answer_is_a_gap_over_exactly_that(kind: str, reason: Reason, detail: str) -> None:
    good, bad = with_faults(Fault("/(metrics-web|repositories/[0-9]+)/pulls$", kind))  # type: ignore[arg-type]
    [gap] = bad.gaps("github_pull_request")
    assert (gap.parent, gap.reason, gap.detail) == (f"{ORG}/metrics-web", reason, detail)
    assert bad.keys("github_pull_request") == [
        key for key in good.keys("github_pull_request") if "/metrics-web#" not in key
    ]
    unchanged(good, bad, {"github_pull_request", "github_pull_request_review"})


@pytest.mark.parametrize(
    "kind", ["html", "half", "wrong", "error", "elsewhere", "loop", "deny", "missing", "secondary"]
)
def test_every_call_broken_in_one_way_is_all_gaps_and_no_crash(kind: str) -> None:
    with standing(small_company()) as (standin, url):
        standin.faults.append(Fault(".", kind))  # type: ignore[arg-type]
        bad = collect_world(standin, url)
    by_kind = {"wrong": {"github_actions_permission"}}
    by_kind |= dict.fromkeys(("elsewhere", "loop"), {"github_org", "github_actions_permission"})
    alone = by_kind.get(kind, set())
    assert set(bad.not_seen) | set(bad.populations) >= {
        "github_org",
        "github_repo",
        "github_commit_on_default",
    }
    assert {table for table, seen in bad.populations.items() if seen.records} <= alone
    assert b"token-canary" not in everything(bad)


def test_permission_lost_in_mid_run_keeps_what_was_seen() -> None:
    good, bad = with_faults(Fault("/reviews$", "deny", after=20))
    gaps = bad.gaps("github_pull_request_review")
    assert len(gaps) == 77 - 20
    assert {gap.reason for gap in gaps} == {Reason.DENIED}
    torn = {gap.parent for gap in gaps}
    seen = [one for one in good.populations["github_pull_request_review"].records if one.parent not in torn]
    assert bad.populations["github_pull_request_review"].records == seen
    unchanged(good, bad, {"github_pull_request_review"})


def test_settings_that_github_hides_are_denied_columns_not_values() -> None:
    with standing(small_company()) as (standin, url):
        del standin.tokens["token-canary"]["organization_administration"]
        bad = collect_world(standin, url, tables=("github_org", "github_org_member"))
    [gap] = bad.gaps("github_org")
    assert (gap.reason, gap.columns) == (
        Reason.DENIED,
        frozenset({"plan", "two_factor_required", "base_permission"}),
    )


def test_members_without_the_list_of_second_factors_lack_that_column_alone() -> None:
    with standing(small_company()) as (standin, url):
        standin.faults.append(Fault("/members$", "deny", after=2))
        bad = collect_world(standin, url, tables=("github_org_member",))
    assert len(bad.keys("github_org_member")) == 13
    assert {(gap.reason, gap.columns) for gap in bad.gaps("github_org_member")} == {
        (Reason.DENIED, frozenset({"two_factor_disabled"}))
    }


def test_a_bad_token_is_denied_everywhere_and_named_nowhere() -> None:
    with standing(small_company()) as (standin, url):
        standin.tokens.clear()
        bad = collect_world(standin, url)
    assert {gap.reason for gap in bad.not_seen.values()} == {Reason.DENIED}
    assert bad.populations == {}
    assert b"token-canary" not in everything(bad)


@pytest.mark.parametrize(
    ("status", "message", "code", "reason"),
    [
        (404, "Branch not protected", "BranchNotProtected", Reason.FAILED),
        (404, "Not Found", "NotFound", Reason.DENIED),
        (404, "no analysis found", "NotEnabled", Reason.NOT_ENABLED),
        (403, "Dependabot alerts are disabled for this repository.", "NotEnabled", Reason.NOT_ENABLED),
        (
            403,
            "Upgrade to GitHub Pro or make this repository public to enable this feature.",
            "PlanLacksFeature",
            Reason.UNAVAILABLE,
        ),
        (403, "Resource not accessible by personal access token", "Forbidden", Reason.DENIED),
        (403, "Resource protected by organization SAML enforcement.", "SingleSignOnNeeded", Reason.DENIED),
        (401, "Bad credentials", "BadCredentials", Reason.DENIED),
        (409, "Git Repository is empty.", "EmptyRepository", Reason.FAILED),
        (301, "Moved Permanently", "Moved", Reason.NOT_COVERED),
        (451, "Repository access blocked", "TakenDown", Reason.NOT_COVERED),
        (500, "<script>canary</script>", "Status500", Reason.FAILED),
    ],
)
def test_refusals_have_codes_of_ours(status: int, message: str, code: str, reason: Reason) -> None:
    error = refusal("GET /x", Response(status, {}, f'{{"message": "{message}"}}'.encode()))
    assert (error.code, error.reason) == (code, reason)
    assert "canary" not in str(error)


def test_a_secondary_limit_is_known_by_its_message_alone() -> None:
    assert throttled(Response(403, {}, b'{"message": "You have exceeded a secondary rate limit."}'))
    assert not throttled(Response(403, {}, b'{"message": "Resource not accessible by integration"}'))
    assert not throttled(Response(403, {}, b"<html>rate limit"))
