"""What the stand-in answers to: path, the permission that GitHub asks for it, and the function that finds the answer in the world."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from assay.demo.github_standin import answers
from assay.demo.github_standin.world import Alert, Repository, Ruleset, World, number_of

_UPGRADE = "Upgrade to GitHub Pro or make this repository public to enable this feature."


class Refused(Exception):  # noqa: N818 — an answer, not an error of ours
    """An answer that is no success, with GitHub's message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


@dataclass(frozen=True, slots=True)
class Paged:
    """A list to be cut into pages; `wrap` names the member that holds it, `cursor` that pages go by cursor."""

    items: list[Any]
    wrap: str | None = None
    cursor: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: the world, the URL under which it is reached, the query, and what the caller may do."""

    world: World
    base: str
    query: Mapping[str, str]
    granted: Mapping[str, str] = field(repr=False)

    def repository(self, name: str) -> Repository:
        try:
            return self.world.repository(name)
        except KeyError:
            raise Refused(404, "Not Found") from None


Given: TypeAlias = Paged | dict[str, Any] | None
"""A list, an object, or nothing: 204."""
Handler: TypeAlias = Callable[..., Given]
ROUTES: list[tuple[re.Pattern[str], str, Handler]] = []


def _route(path: str, permission: str) -> Callable[[Handler], Handler]:
    pattern = re.compile("^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "$")

    def add(handler: Handler) -> Handler:
        ROUTES.append((pattern, permission, handler))
        return handler

    return add


@_route("/orgs/{org}", "metadata")
def _organization(asked: Asked, org: str) -> Given:
    whole = answers.organization(asked.base, asked.world)
    if "organization_administration" in asked.granted:
        return whole
    private = ("plan", "default_repository_permission", "two_factor_requirement_enabled")
    return {
        name: value
        for name, value in whole.items()
        if name not in private and not name.startswith("members_can")
    }


@_route("/orgs/{org}/members", "members")
def _members(asked: Asked, org: str) -> Given:
    role, narrow = asked.query.get("role", "all"), asked.query.get("filter", "all")
    return Paged(
        [
            answers.user(asked.base, member.login)
            for member in asked.world.members
            if member.role != "outside"
            and role in ("all", member.role)
            and not (narrow == "2fa_disabled" and member.two_factor)
        ]
    )


@_route("/orgs/{org}/outside_collaborators", "members")
def _outside(asked: Asked, org: str) -> Given:
    narrow = asked.query.get("filter", "all")
    outside = [member for member in asked.world.members if member.role == "outside"]
    return Paged(
        [
            answers.user(asked.base, one.login)
            for one in outside
            if not (narrow == "2fa_disabled" and one.two_factor)
        ]
    )


@_route("/orgs/{org}/teams", "members")
def _teams(asked: Asked, org: str) -> Given:
    return Paged([answers.team(asked.base, asked.world, team) for team in asked.world.teams])


@_route("/orgs/{org}/teams/{slug}/members", "members")
def _team_members(asked: Asked, org: str, slug: str) -> Given:
    found = [team for team in asked.world.teams if team.slug == slug]
    if not found:
        raise Refused(404, "Not Found")
    return Paged([answers.user(asked.base, login) for login in found[0].members])


@_route("/orgs/{org}/repos", "metadata")
def _repositories(asked: Asked, org: str) -> Given:
    return Paged([answers.repository(asked.base, asked.world, one) for one in asked.world.repositories])


@_route("/orgs/{org}/actions/permissions", "organization_administration")
def _actions(asked: Asked, org: str) -> Given:
    return {"enabled_repositories": "all", "allowed_actions": asked.world.actions_allowed}


@_route("/orgs/{org}/actions/permissions/workflow", "organization_administration")
def _workflow_permission(asked: Asked, org: str) -> Given:
    return {
        "default_workflow_permissions": asked.world.workflow_permission,
        "can_approve_pull_request_reviews": asked.world.workflows_approve,
    }


@_route("/orgs/{org}/hooks", "organization_hooks")
def _hooks(asked: Asked, org: str) -> Given:
    return Paged([answers.hook(asked.base, asked.world, hook) for hook in asked.world.hooks])


@_route("/orgs/{org}/installations", "organization_administration")
def _installations(asked: Asked, org: str) -> Given:
    return Paged(
        [answers.installation(asked.base, asked.world, one) for one in asked.world.installations],
        wrap="installations",
    )


@_route("/orgs/{org}/audit-log", "organization_administration")
def _audit_log(asked: Asked, org: str) -> Given:
    if asked.world.plan != "enterprise":
        raise Refused(404, "Not Found")
    since = re.search(r"created:>=(\S+)", asked.query.get("phrase", ""))
    floor = datetime.fromisoformat(since[1]) if since else asked.world.created
    events = sorted((event for event in asked.world.audit if event.at >= floor), key=lambda event: event.at)
    if asked.query.get("order", "desc") == "desc":
        events.reverse()
    return Paged([answers.audit_event(asked.world, event) for event in events], cursor=True)


@_route("/repos/{owner}/{repo}/vulnerability-alerts", "administration")
def _vulnerability_alerts(asked: Asked, owner: str, repo: str) -> Given:
    if not asked.repository(repo).dependabot:
        raise Refused(404, "Vulnerability alerts are disabled.")
    return None


@_route("/repos/{owner}/{repo}/branches/{branch}/protection", "administration")
def _protection(asked: Asked, owner: str, repo: str, branch: str) -> Given:
    repository = asked.repository(repo)
    _needs_plan(asked.world, repository)
    if repository.empty or branch != repository.default_branch:
        raise Refused(404, "Branch not found")
    if repository.protection is None:
        raise Refused(404, "Branch not protected")
    return answers.protection(asked.base, asked.world, repository, repository.protection)


@_route("/repos/{owner}/{repo}/rules/branches/{branch}", "metadata")
def _rules(asked: Asked, owner: str, repo: str, branch: str) -> Given:
    repository = asked.repository(repo)
    _needs_plan(asked.world, repository)
    active = [ruleset for ruleset in asked.world.rulesets_of(repository) if ruleset.enforcement == "active"]
    return Paged([rule for ruleset in active for rule in answers.rules(asked.world, repository, ruleset)])


@_route("/repos/{owner}/{repo}/rulesets/{ruleset}", "metadata")
def _ruleset(asked: Asked, owner: str, repo: str, ruleset: str) -> Given:
    repository = asked.repository(repo)
    _needs_plan(asked.world, repository)
    found: list[Ruleset] = [one for one in asked.world.rulesets_of(repository) if str(one.id) == ruleset]
    if not found:
        raise Refused(404, "Not Found")
    may_write = asked.granted.get("administration") == "write"
    return answers.ruleset(asked.base, asked.world, repository, found[0], may_write=may_write)


@_route("/repos/{owner}/{repo}/collaborators", "metadata")
def _collaborators(asked: Asked, owner: str, repo: str) -> Given:
    held = asked.repository(repo).collaborators
    return Paged([answers.collaborator(asked.base, login, role) for login, role in held.items()])


@_route("/repos/{owner}/{repo}/pulls", "pull_requests")
def _pull_requests(asked: Asked, owner: str, repo: str) -> Given:
    repository = asked.repository(repo)
    said = [
        answers.pull_request(asked.base, asked.world, repository, one) for one in repository.pull_requests
    ]
    state = asked.query.get("state", "open")
    by = "updated_at" if asked.query.get("sort") == "updated" else "created_at"
    wanted = [one for one in said if state in ("all", one["state"])]
    return Paged(
        sorted(
            wanted, key=lambda one: (one[by], one["number"]), reverse=asked.query.get("direction") == "desc"
        )
    )


@_route("/repos/{owner}/{repo}/pulls/{number}/reviews", "pull_requests")
def _reviews(asked: Asked, owner: str, repo: str, number: str) -> Given:
    repository = asked.repository(repo)
    found = [one for one in repository.pull_requests if str(one.number) == number]
    if not found:
        raise Refused(404, "Not Found")
    return Paged(
        [answers.review(asked.base, asked.world, repository, int(number), one) for one in found[0].reviews]
    )


@_route("/repos/{owner}/{repo}/commits", "contents")
def _commits(asked: Asked, owner: str, repo: str) -> Given:
    repository = asked.repository(repo)
    if repository.empty:
        raise Refused(409, "Git Repository is empty.")
    since = asked.query.get("since")
    wanted = [one for one in repository.commits if since is None or (answers.at(one.at) or "") >= since]
    wanted.sort(key=lambda one: one.at, reverse=True)
    return Paged([answers.commit(asked.base, asked.world, repository, one) for one in wanted])


@_route("/repos/{owner}/{repo}/commits/{sha}/pulls", "pull_requests")
def _pulls_of_commit(asked: Asked, owner: str, repo: str, sha: str) -> Given:
    repository = asked.repository(repo)
    numbers = {one.pull_request for one in repository.commits if one.sha == sha}
    found = [one for one in repository.pull_requests if one.number in numbers]
    return Paged([answers.pull_request(asked.base, asked.world, repository, one) for one in found])


@_route("/repos/{owner}/{repo}/deployments", "deployments")
def _deployments(asked: Asked, owner: str, repo: str) -> Given:
    repository = asked.repository(repo)
    newest = sorted(repository.deployments, key=lambda one: one.at, reverse=True)
    return Paged([answers.deployment(asked.base, asked.world, repository, one) for one in newest])


@_route("/repos/{owner}/{repo}/actions/runs", "actions")
def _runs(asked: Asked, owner: str, repo: str) -> Given:
    repository = asked.repository(repo)
    newest = sorted(repository.runs, key=lambda one: (one.at, one.number), reverse=True)
    return Paged(
        [answers.run(asked.base, asked.world, repository, one) for one in newest], wrap="workflow_runs"
    )


@_route("/repos/{owner}/{repo}/dependabot/alerts", "vulnerability_alerts")
def _dependabot(asked: Asked, owner: str, repo: str) -> Given:
    repository = asked.repository(repo)
    if repository.archived:
        raise Refused(403, "Dependabot alerts are not available for archived repositories.")
    if not repository.dependabot:
        raise Refused(403, "Dependabot alerts are disabled for this repository.")
    found = [
        answers.dependabot_alert(asked.base, asked.world, repository, one)
        for one in _alerts(repository, "dependabot")
    ]
    return Paged(_newest_change_first(found), cursor=True)


@_route("/repos/{owner}/{repo}/code-scanning/alerts", "security_events")
def _code_scanning(asked: Asked, owner: str, repo: str) -> Given:
    repository = asked.repository(repo)
    if repository.private and not repository.code_scanning:
        raise Refused(403, "Code Security must be enabled for this repository to use code scanning.")
    if not repository.code_scanning:
        raise Refused(404, "no analysis found")
    found = [
        answers.code_alert(asked.base, asked.world, repository, one) for one in _alerts(repository, "code")
    ]
    return Paged(_newest_change_first(found))


@_route("/repos/{owner}/{repo}/secret-scanning/alerts", "secret_scanning_alerts")
def _secret_scanning(asked: Asked, owner: str, repo: str) -> Given:
    repository = asked.repository(repo)
    if not repository.secret_scanning:
        raise Refused(404, "Secret scanning is disabled on this repository.")
    hidden = asked.query.get("hide_secret") == "true"
    found = [
        answers.secret_alert(asked.base, asked.world, repository, one, hidden=hidden)
        for one in _alerts(repository, "secret")
    ]
    return Paged(_newest_change_first(found))


def _alerts(repository: Repository, kind: str) -> list[Alert]:
    return [alert for alert in repository.alerts if alert.kind == kind]


def _newest_change_first(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(found, key=lambda alert: (alert["updated_at"], alert["number"]), reverse=True)


def _needs_plan(world: World, repository: Repository) -> None:
    if world.plan == "free" and repository.private:
        raise Refused(403, _UPGRADE)


def canonical_path(world: World, path: str) -> str | None:
    """Turn GitHub's own numeric paths, which its page links use, into the named ones; None for another organization's."""
    by_number = {str(number_of("repository", one.name)): one.name for one in world.repositories}
    if found := re.fullmatch(r"/repositories/(\d+)(/.*)?", path):
        name = by_number.get(found[1])
        return None if name is None else f"/repos/{world.login}/{name}{found[2] or ''}"
    if found := re.fullmatch(r"/organizations/(\d+)(/.*)?", path):
        return f"/orgs/{world.login}{found[2] or ''}" if found[1] == str(world.id) else None
    owner = re.fullmatch(r"/(?:orgs|repos)/([^/]+)(?:/.*)?", path)
    return path if owner and owner[1].lower() == world.login.lower() else None


def numeric_path(world: World, path: str) -> str:
    """Write a path as GitHub's page links do."""
    if found := re.fullmatch(r"/repos/[^/]+/([^/]+)(/.*)?", path):
        return f"/repositories/{number_of('repository', found[1])}{found[2] or ''}"
    return re.sub(r"^/orgs/[^/]+", f"/organizations/{world.id}", path)
