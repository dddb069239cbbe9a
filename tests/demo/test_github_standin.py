"""The stand-in answers as GitHub publishes it, holds what the demonstration tells, and refuses what GitHub refuses."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from openapi_shapes import OPERATIONS, operation_of, problems

from assay.collectors.github_auth import sign_jwt
from assay.demo.github_standin import (
    ASSAY_APP,
    ORGANIZATION,
    READ_ALL,
    Fault,
    GithubStandin,
    World,
    change_to_day_two,
    number_of,
    small_company,
)

BASE = "http://127.0.0.1:1"


class Caller:
    """Asks the stand-in without a socket."""

    def __init__(self, standin: GithubStandin, token: str = "all") -> None:
        self.standin, self.token = standin, token
        self.status = 0
        self.headers: dict[str, str] = {}

    def get(self, url: str) -> Any:
        return self.ask("GET", url)

    def ask(self, method: str, url: str, content: bytes = b"") -> Any:
        path, _, query = url.removeprefix(BASE).partition("?")

        def start(status: str, headers: list[tuple[str, str]]) -> None:
            self.status, self.headers = int(status[:3]), dict(headers)

        environ = {
            "REQUEST_METHOD": method,
            "CONTENT_LENGTH": str(len(content)),
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": BASE.removeprefix("http://"),
            "HTTP_AUTHORIZATION": f"Bearer {self.token}" if self.token else "",
            "wsgi.input": io.BytesIO(content),
        }
        body = b"".join(self.standin(environ, start))  # type: ignore[arg-type]
        return json.loads(body) if body else None

    def all(self, url: str) -> list[Any]:
        found: list[Any] = []
        following: str | None = BASE + url
        while following:
            found += self.get(following)
            link = self.headers.get("Link")
            following = link[1 : link.index(">")] if link else None
        return found


def standin(world: World | None = None) -> GithubStandin:
    clock = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
    return GithubStandin(world or small_company(), tokens={"all": dict(READ_ALL)}, clock=lambda: clock)


def urls(world: World) -> list[str]:
    """One URL of every operation for every thing that the world holds."""
    org = f"/orgs/{world.login}"
    found = [
        org,
        *(
            f"{org}/{tail}"
            for tail in (
                "members",
                "outside_collaborators",
                "teams",
                "repos",
                "hooks",
                "installations",
                "audit-log",
            )
        ),
        f"{org}/actions/permissions",
        f"{org}/actions/permissions/workflow",
        *(f"{org}/teams/{team.slug}/members" for team in world.teams),
    ]
    for repository in world.repositories:
        repo = f"/repos/{world.login}/{repository.name}"
        tails = [
            "branches/main/protection",
            "rules/branches/main",
            "collaborators",
            "pulls?state=all",
            "commits",
            "deployments",
        ]
        tails += [
            "actions/runs",
            "vulnerability-alerts",
            "dependabot/alerts",
            "code-scanning/alerts",
            "secret-scanning/alerts",
        ]
        tails += [f"rulesets/{ruleset.id}" for ruleset in world.rulesets_of(repository)]
        tails += [f"pulls/{one.number}/reviews" for one in repository.pull_requests]
        tails += [f"commits/{one.sha}/pulls" for one in repository.commits]
        found += [f"{repo}/{tail}" for tail in tails]
    return found


@pytest.mark.parametrize("plan", ["free", "team", "enterprise"])
@pytest.mark.parametrize("day", [1, 2])
def test_every_good_answer_is_as_github_publishes_it(plan: Any, day: int) -> None:
    world = small_company(plan)
    if day == 2:
        change_to_day_two(world)
    caller = Caller(standin(world))
    wrong, seen = [], set()
    for url in urls(world):
        value = caller.get(url)
        if caller.status < 400:
            operation = operation_of("GET", url.partition("?")[0])
            seen.add(operation)
            wrong += [f"{url}: {problem}" for problem in problems(operation, caller.status, value)]
    assert wrong == []
    never = {"POST /app/installations/{installation_id}/access_tokens"}
    if plan != "enterprise":
        never |= {"GET /orgs/{org}/audit-log"}
    if plan == "free":
        never |= {"GET /repos/{owner}/{repo}/branches/{branch}/protection"}
    assert set(OPERATIONS) - seen == never


def test_the_comparison_finds_a_wrong_answer() -> None:
    world = small_company()
    good = Caller(standin(world)).get(f"/orgs/{ORGANIZATION}/members")
    operation = "GET /orgs/{org}/members"
    assert problems(operation, 200, good) == []
    assert problems(operation, 200, [{**good[0], "id": "7"}]) == ["$[0].id is no integer: '7'"]
    assert problems(operation, 200, {"members": good}) == [f"$ is no array: { ({'members': good})!r}"]
    del good[0]["login"]
    assert problems(operation, 200, good) == ["$[0].login is missing"]
    assert problems("GET /repos/{owner}/{repo}/pulls", 418, []) == [
        "status 418 is not published for GET /repos/{owner}/{repo}/pulls"
    ]


def test_the_world_is_the_same_each_time_and_the_second_day_differs() -> None:
    def said(world: World) -> list[Any]:
        caller = Caller(standin(world))
        return [caller.get(url) for url in urls(world)]

    assert said(small_company()) == said(small_company())
    later = small_company()
    change_to_day_two(later)
    assert said(later) != said(small_company())


def test_what_the_second_day_changes() -> None:
    world = small_company()
    caller = Caller(standin(world))
    members = {one["login"] for one in caller.all(f"/orgs/{ORGANIZATION}/members")}
    assert "lyle-okoro" in members
    api, web = f"/repos/{ORGANIZATION}/metrics-api", f"/repos/{ORGANIZATION}/metrics-web"
    commits = len(caller.all(f"{web}/commits"))
    change_to_day_two(world)
    assert members - {one["login"] for one in caller.all(f"/orgs/{ORGANIZATION}/members")} == {"lyle-okoro"}
    assert caller.get(f"{api}/pulls/201/reviews") == []
    assert caller.get(f"{api}/dependabot/alerts?sort=updated&direction=desc")[0]["state"] == "fixed"
    assert len(caller.all(f"{web}/commits")) == commits + 2
    protection = caller.get(f"/repos/{ORGANIZATION}/infra-terraform/branches/main/protection")
    assert protection["required_pull_request_reviews"]["required_approving_review_count"] == 0
    assert protection["allow_force_pushes"] == {"enabled": True}
    caller.get(f"/repos/{ORGANIZATION}/legacy-importer/pulls")
    assert caller.status == 404


@pytest.mark.parametrize("path", ["members", "repos", "audit-log"])
@pytest.mark.parametrize("size", [1, 3, 100])
def test_pages_together_are_the_whole(path: str, size: int) -> None:
    world = small_company("enterprise")
    caller = Caller(standin(world))
    whole = caller.get(f"/orgs/{ORGANIZATION}/{path}?per_page=100")
    assert caller.all(f"/orgs/{ORGANIZATION}/{path}?per_page={size}") == whole
    assert len(whole) > 1


def test_page_links_use_numeric_paths_as_github_does() -> None:
    caller = Caller(standin())
    caller.get(f"/repos/{ORGANIZATION}/metrics-api/pulls?state=all&per_page=2")
    assert f"/repositories/{number_of('repository', 'metrics-api')}/pulls?" in caller.headers["Link"]
    assert 'page=2>; rel="next"' in caller.headers["Link"]


@pytest.mark.parametrize(
    ("plan", "url", "status", "message"),
    [
        ("free", "/repos/{org}/metrics-api/branches/main/protection", 403, "Upgrade to GitHub Pro"),
        ("free", "/repos/{org}/metrics-api/rules/branches/main", 403, "Upgrade to GitHub Pro"),
        ("free", "/repos/{org}/status-page/branches/main/protection", 404, "Branch not protected"),
        ("team", "/repos/{org}/metrics-api/branches/main/protection", 200, ""),
        ("team", "/repos/{org}/metrics-web/branches/main/protection", 404, "Branch not protected"),
        ("team", "/repos/{org}/metrics-api/code-scanning/alerts", 403, "must be enabled"),
        ("team", "/repos/{org}/status-page/code-scanning/alerts", 404, "no analysis found"),
        ("team", "/repos/{org}/metrics-api/secret-scanning/alerts", 404, "disabled"),
        ("team", "/repos/{org}/handbook/dependabot/alerts", 403, "disabled"),
        ("team", "/repos/{org}/legacy-importer/dependabot/alerts", 403, "archived"),
        ("team", "/repos/{org}/handbook/vulnerability-alerts", 404, "disabled"),
        ("team", "/repos/{org}/next-experiment/commits", 409, "empty"),
        ("team", "/orgs/{org}/audit-log", 404, "Not Found"),
        ("enterprise", "/orgs/{org}/audit-log", 200, ""),
        ("team", "/orgs/somebody-else", 404, "Not Found"),
    ],
)
def test_what_a_plan_or_a_setting_lacks_is_refused_as_github_refuses_it(
    plan: Any, url: str, status: int, message: str
) -> None:
    caller = Caller(standin(small_company(plan)))
    value = caller.get(url.format(org=ORGANIZATION))
    assert caller.status == status
    assert message in (value["message"] if status >= 400 else "")


def test_tokens_and_permissions_are_asked_for() -> None:
    world = standin()
    world.tokens["narrow"] = {"metadata": "read"}
    assert (Caller(world, "").get("/orgs/x"), Caller(world, "wrong").get("/orgs/x"))[0]["status"] == "401"
    narrow = Caller(world, "narrow")
    assert narrow.get(f"/orgs/{ORGANIZATION}/members")["message"] == "Resource not accessible by integration"
    assert "two_factor_requirement_enabled" not in narrow.get(f"/orgs/{ORGANIZATION}")


def test_the_answer_that_gives_a_token_is_as_github_publishes_it() -> None:
    world, key = standin(), rsa.generate_private_key(65537, 2048)
    app, installation = str(number_of("app", ASSAY_APP)), number_of("installation", ASSAY_APP)
    world.app_keys[app] = key.public_key()
    caller = Caller(world, sign_jwt(key, app, int(world.clock().timestamp())).reveal())
    value = caller.ask(
        "POST", f"/app/installations/{installation}/access_tokens", b'{"permissions": {"members": "read"}}'
    )
    assert problems("POST /app/installations/{installation_id}/access_tokens", caller.status, value) == []
    assert world.tokens[value["token"]] == {"members": "read"}


def test_bypass_actors_are_shown_only_to_who_may_write() -> None:
    world = standin()
    ruleset = next(one.id for one in world.world.rulesets if one.name == "web")
    url = f"/repos/{ORGANIZATION}/metrics-web/rulesets/{ruleset}"
    assert "bypass_actors" not in Caller(world).get(url)
    world.tokens["writer"] = {"metadata": "read", "administration": "write"}
    assert Caller(world, "writer").get(url)["bypass_actors"][0]["actor_type"] == "RepositoryRole"


def test_a_secret_is_given_only_to_who_does_not_ask_to_hide_it() -> None:
    url = f"/repos/{ORGANIZATION}/sdk-python/secret-scanning/alerts"
    caller = Caller(standin())
    assert "canary" in caller.get(url)[0]["secret"]
    assert "secret" not in caller.get(f"{url}?hide_secret=true")[0]


def test_faults_happen_as_often_as_asked() -> None:
    world = standin()
    world.faults.append(Fault("/members", "throttle", times=1))
    caller = Caller(world)
    caller.get(f"/orgs/{ORGANIZATION}/members")
    assert (caller.status, caller.headers["X-RateLimit-Remaining"]) == (403, "0")
    caller.get(f"/orgs/{ORGANIZATION}/members")
    assert caller.status == 200


def test_the_rate_limit_runs_out() -> None:
    world = GithubStandin(small_company(), tokens={"all": dict(READ_ALL)}, limit=2)
    caller = Caller(world)
    statuses = []
    for _ in range(3):
        caller.get(f"/orgs/{ORGANIZATION}")
        statuses.append((caller.status, caller.headers["X-RateLimit-Remaining"]))
    assert statuses == [(200, "1"), (200, "0"), (403, "0")]
