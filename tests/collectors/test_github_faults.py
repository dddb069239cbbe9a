"""What is refused, late, broken or hostile becomes a gap over exactly that; nothing crashes and the token goes nowhere else."""

from __future__ import annotations

import pytest
from github_world import Collected, collect_world, everything, standing

from assay.collectors.asking import CallError
from assay.collectors.github_errors import refusal, throttled
from assay.collectors.github_shapes import check_shape
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
    "kind", ["html", "half", "wrong", "error", "elsewhere", "loop", "deny", "missing", "secondary", "drop"]
)
def test_every_call_broken_in_one_way_is_all_gaps_and_no_crash(kind: str) -> None:
    with standing(small_company()) as (standin, url):
        standin.faults.append(Fault(".", kind))  # type: ignore[arg-type]
        bad = collect_world(standin, url)
    by_kind = {other: {"github_org", "github_actions_permission"} for other in ("elsewhere", "loop")}
    alone = by_kind.get(kind, set())
    assert set(bad.not_seen) | set(bad.populations) >= {
        "github_org",
        "github_repo",
        "github_commit_on_default",
    }
    assert {table for table, seen in bad.populations.items() if seen.records} <= alone
    assert b"token-canary" not in everything(bad)


HOSTILE = {
    "nothing": b"",
    "null": b"null",
    "a text": b'"repository"',
    "a list of null": b"[null]",
    "a list of lists": b"[[1], [2]]",
    "missing keys": b"[{}]",
    "null for every key": b'[{"id": null, "name": null, "full_name": null, "login": null, "slug": null, "number": null, "sha": null}]',
    "objects for texts": b'[{"id": {}, "name": {}, "full_name": [], "login": {}, "slug": {}, "number": [], "sha": {}}]',
    "10^400": b'[{"id": 1' + b"0" * 400 + b"}]",
    "depth 10,000": b"[" * 10_000 + b"]" * 10_000,
    "a lone surrogate": b'[{"login": "\\ud800", "full_name": "\\ud800", "id": 1}]',
    "duplicate keys": b'[{"login": "a", "login": "b"}]',
    "a byte-order mark": b"\xef\xbb\xbf[]",
    "NaN": b'[{"id": NaN}]',
    "17 MB": b'["' + b"x" * 17 * 2**20 + b'"]',
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_answer_to_every_call_leaves_gaps_and_no_record(kind: str) -> None:
    with standing(small_company()) as (standin, url):
        standin.faults.append(Fault(".", "body", body=HOSTILE[kind]))
        bad = collect_world(standin, url)
    assert [table for table, seen in bad.populations.items() if seen.records] == []
    assert {gap.reason for gap in bad.not_seen.values()} == {Reason.MALFORMED}
    assert len(bad.not_seen) + len(bad.populations) == 21


@pytest.mark.parametrize("kind", [kind for kind in HOSTILE if kind != "17 MB"])
def test_a_hostile_answer_below_good_ones_is_a_gap_for_each_repository(kind: str) -> None:
    below = "/(protection|pulls|commits|deployments|runs|alerts|collaborators|vulnerability-alerts)$|/rules/"
    with standing(small_company()) as (standin, url):
        standin.faults.append(Fault(below, "body", body=HOSTILE[kind]))
        bad = collect_world(standin, url)
    assert len(bad.keys("github_repo")) == 10
    repositories = {f"{ORG}/{one.name}" for one in small_company().repositories}
    unarchived = repositories - {f"{ORG}/legacy-importer"}
    unknown = {gap.key for gap in bad.gaps("github_repo") if gap.columns == {"dependabot_alerts"}}
    assert unknown == unarchived
    for table in (
        "github_pull_request",
        "github_commit_on_default",
        "github_deployment",
        "github_workflow_run",
    ):
        assert bad.keys(table) == []
        assert {(gap.parent, gap.reason) for gap in bad.gaps(table)} == {
            (name, Reason.MALFORMED) for name in repositories
        }
    for table in (
        "github_branch_protection",
        "github_ruleset",
        "github_dependabot_alert",
        "github_repo_collaborator",
    ):
        assert bad.keys(table) == []
        assert {(gap.parent, gap.reason) for gap in bad.gaps(table)} == {
            (name, Reason.MALFORMED) for name in unarchived
        }


@pytest.mark.parametrize(
    ("call", "item", "member"),
    [
        (
            "GET /repos/{owner}/{repo}/pulls",
            {
                "user": None,
                "merged_at": None,
                "closed_at": "x",
                "merge_commit_sha": None,
                "head": {},
                "base": {},
            },
            "merged_at",
        ),
        (
            "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls",
            {"number": 1, "merged_at": None, "base": {}},
            "merged_at",
        ),
        (
            "GET /repos/{owner}/{repo}/dependabot/alerts",
            {"state": "open", "fixed_at": None, "dismissed_at": None},
            "fixed_at",
        ),
        (
            "GET /repos/{owner}/{repo}/secret-scanning/alerts",
            {"state": "open", "resolution": None, "resolved_at": None},
            "resolved_at",
        ),
        (
            "GET /orgs/{org}/repos",
            {"archived": False, "fork": False, "visibility": "private", "default_branch": "main"},
            "archived",
        ),
        (
            "GET /repos/{owner}/{repo}/rules/branches/{branch}",
            {"type": "pull_request", "ruleset_id": 1, "parameters": {}},
            "parameters",
        ),
    ],
)
def test_a_member_that_is_missing_is_not_taken_for_none(
    call: str, item: dict[str, object], member: str
) -> None:
    check_shape(call, [item])
    del item[member]
    with pytest.raises(CallError) as raised:
        check_shape(call, [item])
    assert raised.value.reason is Reason.MALFORMED


def test_yes_is_an_empty_answer_and_no_other() -> None:
    call = "GET /repos/{owner}/{repo}/vulnerability-alerts"
    check_shape(call, {"answered": True})
    for body in ({}, [], {"answered": True, "more": 1}, None):
        with pytest.raises(CallError):
            check_shape(call, body)


def test_the_token_is_not_sent_where_a_page_link_leads() -> None:
    with standing(small_company()) as (other, elsewhere), standing(small_company()) as (standin, url):
        standin.faults.append(Fault("/teams$", "elsewhere", to=f"{elsewhere}/orgs/{ORG}/teams"))
        bad = collect_world(standin, url, tables=("github_team",), also_allowed=elsewhere)
    assert bad.not_seen["github_team"].detail == "LinkElsewhere"
    assert other.calls == []


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
