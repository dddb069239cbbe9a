"""The world said as GitHub says it: one function for each kind of answer, with every member that its description requires.

The tests hold each answer against GitHub's published OpenAPI description. `base` is the URL under which the stand-in is reached.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeAlias

from assay.demo.github_standin.world import (
    Alert,
    AuditEvent,
    Commit,
    Deployment,
    Hook,
    Installation,
    Protection,
    PullRequest,
    Repository,
    Review,
    Ruleset,
    Run,
    Team,
    World,
    number_of,
    sha_of,
)

Answer: TypeAlias = dict[str, Any]

_USER_LINKS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "organizations_url": "/orgs",
    "received_events_url": "/received_events",
    "repos_url": "/repos",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "events_url": "/events{/privacy}",
}
_REPOSITORY_LINKS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


def at(instant: datetime | None) -> str | None:
    """Write an instant as GitHub does: whole seconds, Z."""
    return None if instant is None else instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _node(*words: object) -> str:
    return f"N_{number_of('node', *words)}"


def user(base: str, login: str) -> Answer:
    """A simple user; a login that ends in [bot] is an app's."""
    bot = login.endswith("[bot]")
    return {
        "login": login,
        "id": number_of("user", login),
        "node_id": _node("user", login),
        "avatar_url": f"{base}/avatars/{number_of('user', login)}",
        "gravatar_id": "",
        "url": f"{base}/users/{login}",
        "html_url": f"{base}/{login}",
        **{name: f"{base}/users/{login}{tail}" for name, tail in _USER_LINKS.items()},
        "type": "Bot" if bot else "User",
        "site_admin": False,
    }


def _owner(base: str, world: World) -> Answer:
    return user(base, world.login) | {"id": world.id, "type": "Organization"}


def organization(base: str, world: World) -> Answer:
    url = f"{base}/orgs/{world.login}"
    private = sum(repository.private for repository in world.repositories)
    return {
        "login": world.login,
        "id": world.id,
        "node_id": _node("organization"),
        "url": url,
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events",
        "hooks_url": f"{url}/hooks",
        "issues_url": f"{url}/issues",
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{base}/avatars/{world.id}",
        "description": "",
        "name": world.name,
        "is_verified": False,
        "has_organization_projects": True,
        "has_repository_projects": True,
        "public_repos": len(world.repositories) - private,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "html_url": f"{base}/{world.login}",
        "type": "Organization",
        "total_private_repos": private,
        "owned_private_repos": private,
        "plan": {
            "name": world.plan,
            "space": 976_562_499,
            "private_repos": 999_999,
            "filled_seats": sum(member.role != "outside" for member in world.members),
            "seats": 25,
        },
        "default_repository_permission": world.base_permission,
        "two_factor_requirement_enabled": world.two_factor_required,
        "members_can_create_repositories": True,
        "members_can_create_public_repositories": world.members_create_public,
        "members_can_create_private_repositories": True,
        "members_can_fork_private_repositories": False,
        "web_commit_signoff_required": False,
        "created_at": at(world.created),
        "updated_at": at(world.created),
        "archived_at": None,
    }


def team(base: str, world: World, one: Team) -> Answer:
    number = number_of("team", one.slug)
    parent = next((other for other in world.teams if other.slug == one.parent), None)
    said = {
        "id": number,
        "node_id": _node("team", one.slug),
        "url": f"{base}/organizations/{world.id}/team/{number}",
        "html_url": f"{base}/orgs/{world.login}/teams/{one.slug}",
        "name": one.name,
        "slug": one.slug,
        "description": one.name,
        "privacy": "closed",
        "notification_setting": "notifications_enabled",
        "permission": "pull",
        "type": "organization",
        "organization_id": world.id,
        "members_url": f"{base}/organizations/{world.id}/team/{number}/members{{/member}}",
        "repositories_url": f"{base}/organizations/{world.id}/team/{number}/repos",
    }
    simple = (
        None
        if parent is None
        else {name: v for name, v in team(base, world, parent).items() if name != "parent"}
    )
    return said | {"parent": simple}


def simple_repository(base: str, world: World, repository: Repository) -> Answer:
    full_name = f"{world.login}/{repository.name}"
    url = f"{base}/repos/{full_name}"
    return {
        "id": number_of("repository", repository.name),
        "node_id": _node("repository", repository.name),
        "name": repository.name,
        "full_name": full_name,
        "owner": _owner(base, world),
        "private": repository.private,
        "html_url": f"{base}/{full_name}",
        "description": None,
        "fork": repository.fork,
        "url": url,
        **{name: url + tail for name, tail in _REPOSITORY_LINKS.items()},
    }


def repository(base: str, world: World, one: Repository) -> Answer:
    scanning = {"status": "enabled" if one.secret_scanning else "disabled"}
    return simple_repository(base, world, one) | {
        "default_branch": one.default_branch,
        "size": 0 if one.empty else 1_024,
        "archived": one.archived,
        "disabled": False,
        "visibility": "private" if one.private else "public",
        "is_template": False,
        "topics": [],
        "allow_forking": False,
        "open_issues_count": 0,
        "created_at": at(one.created or world.created),
        "pushed_at": at(one.pushed or one.created or world.created),
        "updated_at": at(one.pushed or one.created or world.created),
        "permissions": {"admin": False, "maintain": False, "push": False, "triage": False, "pull": True},
        "security_and_analysis": {
            "dependabot_security_updates": {"status": "enabled" if one.dependabot else "disabled"},
            "secret_scanning": scanning,
            "secret_scanning_push_protection": scanning,
        },
    }


def protection(base: str, world: World, repository: Repository, one: Protection) -> Answer:
    url = f"{base}/repos/{world.login}/{repository.name}/branches/{repository.default_branch}/protection"
    said: Answer = {
        "url": url,
        "enforce_admins": {"url": f"{url}/enforce_admins", "enabled": one.enforce_admins},
        "required_signatures": {"url": f"{url}/required_signatures", "enabled": False},
        "required_linear_history": {"enabled": False},
        "allow_force_pushes": {"enabled": one.force_pushes},
        "allow_deletions": {"enabled": one.deletions},
        "block_creations": {"enabled": False},
        "required_conversation_resolution": {"enabled": False},
        "lock_branch": {"enabled": False},
        "allow_fork_syncing": {"enabled": False},
    }
    if one.checks:
        said["required_status_checks"] = {
            "url": f"{url}/required_status_checks",
            "strict": True,
            "contexts": one.checks,
            "contexts_url": f"{url}/required_status_checks/contexts",
            "checks": [{"context": name, "app_id": 15368} for name in one.checks],
        }
    if one.approvals is not None:
        said["required_pull_request_reviews"] = {
            "url": f"{url}/required_pull_request_reviews",
            "dismiss_stale_reviews": one.dismiss_stale,
            "require_code_owner_reviews": one.code_owners,
            "require_last_push_approval": False,
            "required_approving_review_count": one.approvals,
        }
        if one.bypass_users:
            said["required_pull_request_reviews"]["bypass_pull_request_allowances"] = {
                "users": [user(base, login) for login in one.bypass_users],
                "teams": [],
                "apps": [],
            }
    return said


def rules(world: World, repository: Repository, one: Ruleset) -> list[Answer]:
    """The rules that one active ruleset lays on a default branch, each with the ruleset it comes from."""
    wide = one.organization_wide
    origin = {
        "ruleset_source_type": "Organization" if wide else "Repository",
        "ruleset_source": world.login if wide else f"{world.login}/{repository.name}",
        "ruleset_id": one.id,
    }
    said: list[Answer] = [{"type": "deletion"}, {"type": "non_fast_forward"}]
    if one.approvals is not None:
        parameters = {
            "allowed_merge_methods": ["merge", "squash"],
            "dismiss_stale_reviews_on_push": True,
            "require_code_owner_review": False,
            "require_last_push_approval": False,
            "required_approving_review_count": one.approvals,
            "required_review_thread_resolution": False,
        }
        said.append({"type": "pull_request", "parameters": parameters})
    if one.checks:
        checks = [{"context": name, "integration_id": 15368} for name in one.checks]
        parameters = {"strict_required_status_checks_policy": True, "required_status_checks": checks}
        said.append({"type": "required_status_checks", "parameters": parameters})
    return [rule | origin for rule in said]


def ruleset(base: str, world: World, repository: Repository, one: Ruleset, *, may_write: bool) -> Answer:
    """A ruleset; who may bypass it is shown only to those who may write it, as GitHub does."""
    origins = ("ruleset_source_type", "ruleset_source", "ruleset_id")
    said = {
        "id": one.id,
        "name": one.name,
        "target": "branch",
        "source_type": "Organization" if one.organization_wide else "Repository",
        "source": world.login if one.organization_wide else f"{world.login}/{repository.name}",
        "enforcement": one.enforcement,
        "node_id": _node("ruleset", one.name),
        "_links": {"self": {"href": f"{base}/repos/{world.login}/{repository.name}/rulesets/{one.id}"}},
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "rules": [
            {name: value for name, value in rule.items() if name not in origins}
            for rule in rules(world, repository, one)
        ],
        "created_at": at(world.created),
        "updated_at": at(world.created),
    }
    actors = [
        {"actor_id": number, "actor_type": kind, "bypass_mode": "always"} for kind, number in one.bypass
    ]
    return said | ({"bypass_actors": actors, "current_user_can_bypass": "never"} if may_write else {})


def collaborator(base: str, login: str, role: str) -> Answer:
    order = ("read", "triage", "write", "maintain", "admin")
    names = ("pull", "triage", "push", "maintain", "admin")
    held = dict(zip(names, (index <= order.index(role) for index in range(5)), strict=True))
    return user(base, login) | {"role_name": role, "permissions": held}


def _head_and_base(
    base: str, world: World, repository: Repository, one: PullRequest
) -> tuple[Answer, Answer]:
    whole = _full_repository(base, world, repository)
    head = f"change-{one.number}"
    owner = _owner(base, world)
    sides = [
        (head, head_sha(repository, one)),
        (repository.default_branch, sha_of(repository.name, "base", one.number)),
    ]
    first, second = (
        {"label": f"{world.login}:{ref}", "ref": ref, "sha": sha, "user": owner, "repo": whole}
        for ref, sha in sides
    )
    return first, second


def head_sha(repository: Repository, one: PullRequest) -> str:
    """The last commit of a change before its merge, on which its workflows run."""
    return sha_of(repository.name, "head", one.number)


def merge_sha(repository: Repository, one: PullRequest) -> str:
    """The commit that a merged change left on the default branch."""
    return sha_of(repository.name, "merge", one.number)


def _full_repository(base: str, world: World, one: Repository) -> Answer:
    name = f"{world.login}/{one.name}"
    counts = ("forks", "forks_count", "open_issues", "watchers", "stargazers_count", "watchers_count")
    return repository(base, world, one) | {
        "clone_url": f"{base}/{name}.git",
        "git_url": f"git://localhost/{name}.git",
        "ssh_url": f"git@localhost:{name}.git",
        "svn_url": f"{base}/{name}",
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "license": None,
        "has_issues": True,
        "has_projects": False,
        "has_wiki": False,
        "has_pages": False,
        "has_downloads": False,
        **dict.fromkeys(counts, 0),
    }


def pull_request(base: str, world: World, repository: Repository, one: PullRequest) -> Answer:
    name = f"{world.login}/{repository.name}"
    url, issue = f"{base}/repos/{name}/pulls/{one.number}", f"{base}/repos/{name}/issues/{one.number}"
    page = f"{base}/{name}/pull/{one.number}"
    closed = one.merged or one.closed
    head, into = _head_and_base(base, world, repository, one)
    links = {
        "self": url,
        "html": page,
        "issue": issue,
        "comments": f"{issue}/comments",
        "review_comments": f"{url}/comments",
        "review_comment": f"{base}/repos/{name}/pulls/comments{{/number}}",
        "commits": f"{url}/commits",
        "statuses": f"{base}/repos/{name}/statuses/{head['sha']}",
    }
    return {
        "url": url,
        "id": number_of("pull", repository.name, one.number),
        "node_id": _node("pull", repository.name, one.number),
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "issue_url": issue,
        "commits_url": links["commits"],
        "review_comments_url": links["review_comments"],
        "review_comment_url": links["review_comment"],
        "comments_url": links["comments"],
        "statuses_url": links["statuses"],
        "number": one.number,
        "state": "closed" if closed else "open",
        "locked": False,
        "title": one.title,
        "user": user(base, one.author),
        "body": None,
        "labels": [],
        "milestone": None,
        "created_at": at(one.opened),
        "updated_at": at(one.updated or closed or one.opened),
        "closed_at": at(closed),
        "merged_at": at(one.merged),
        "merge_commit_sha": merge_sha(repository, one) if one.merged else None,
        "assignee": None,
        "head": head,
        "base": into,
        "_links": {relation: {"href": href} for relation, href in links.items()},
        "author_association": "MEMBER",
        "auto_merge": None,
        "draft": False,
    }


def review(base: str, world: World, repository: Repository, number: int, one: Review) -> Answer:
    url = f"{base}/repos/{world.login}/{repository.name}/pulls/{number}"
    page = f"{base}/{world.login}/{repository.name}/pull/{number}"
    identity = number_of("review", repository.name, number, one.by, at(one.at))
    return {
        "id": identity,
        "node_id": _node("review", identity),
        "user": user(base, one.by),
        "body": "",
        "state": one.state,
        "html_url": f"{page}#pullrequestreview-{identity}",
        "pull_request_url": url,
        "author_association": "MEMBER",
        "_links": {"html": {"href": page}, "pull_request": {"href": url}},
        "submitted_at": at(one.at),
        "commit_id": sha_of(repository.name, "head", number),
    }


def commit(base: str, world: World, repository: Repository, one: Commit) -> Answer:
    url = f"{base}/repos/{world.login}/{repository.name}/commits/{one.sha}"
    signature = {
        "name": one.author,
        "email": f"{one.author}@users.noreply.github.example",
        "date": at(one.at),
    }
    return {
        "sha": one.sha,
        "node_id": _node("commit", one.sha),
        "commit": {
            "author": signature,
            "committer": signature,
            "message": f"Merge change {one.pull_request}" if one.pull_request else "Mend in haste",
            "tree": {"sha": sha_of("tree", one.sha), "url": f"{base}/trees/{one.sha}"},
            "url": url,
            "comment_count": 0,
            "verification": {
                "verified": False,
                "reason": "unsigned",
                "signature": None,
                "payload": None,
                "verified_at": None,
            },
        },
        "url": url,
        "html_url": url,
        "comments_url": f"{url}/comments",
        "author": user(base, one.author),
        "committer": user(base, one.author),
        "parents": [],
    }


def deployment(base: str, world: World, repository: Repository, one: Deployment) -> Answer:
    repository_url = f"{base}/repos/{world.login}/{repository.name}"
    identity = number_of("deployment", repository.name, one.sha, one.environment, at(one.at))
    return {
        "url": f"{repository_url}/deployments/{identity}",
        "id": identity,
        "node_id": _node("deployment", identity),
        "sha": one.sha,
        "ref": repository.default_branch,
        "task": "deploy",
        "payload": {},
        "original_environment": one.environment,
        "environment": one.environment,
        "description": None,
        "creator": user(base, one.by),
        "created_at": at(one.at),
        "updated_at": at(one.at),
        "statuses_url": f"{repository_url}/deployments/{identity}/statuses",
        "repository_url": repository_url,
        "transient_environment": False,
        "production_environment": one.environment == "production",
    }


def run(base: str, world: World, repository: Repository, one: Run) -> Answer:
    identity = number_of("run", repository.name, one.number)
    url = f"{base}/repos/{world.login}/{repository.name}/actions/runs/{identity}"
    workflow = number_of("workflow", repository.name)
    small = simple_repository(base, world, repository)
    person = {"name": "ci", "email": "ci@users.noreply.github.example"}
    tails = ("jobs", "logs", "cancel", "rerun", "artifacts")
    return {
        "id": identity,
        "name": "test",
        "node_id": _node("run", identity),
        "head_branch": repository.default_branch if one.event == "push" else "change",
        "head_sha": one.sha,
        "path": ".github/workflows/test.yml",
        "display_title": "test",
        "run_number": one.number,
        "run_attempt": one.attempt,
        "event": one.event,
        "status": "completed" if one.conclusion else "in_progress",
        "conclusion": one.conclusion,
        "workflow_id": workflow,
        "url": url,
        "html_url": url,
        "pull_requests": [],
        "created_at": at(one.at),
        "updated_at": at(one.at),
        "run_started_at": at(one.at),
        **{f"{tail}_url": f"{url}/{tail}" for tail in tails},
        "check_suite_url": f"{url}/check-suite",
        "workflow_url": f"{base}/repos/{world.login}/{repository.name}/actions/workflows/{workflow}",
        "head_commit": {
            "id": one.sha,
            "tree_id": sha_of("tree", one.sha),
            "message": "",
            "timestamp": at(one.at),
            "author": person,
            "committer": person,
        },
        "repository": small,
        "head_repository": small,
    }


def dependabot_alert(base: str, world: World, repository: Repository, one: Alert) -> Answer:
    url = f"{base}/repos/{world.login}/{repository.name}/dependabot/alerts/{one.number}"
    dismissed = one.how == "dismissed"
    package = {"ecosystem": "pip", "name": one.what}
    vulnerability = {
        "package": package,
        "severity": one.severity,
        "vulnerable_version_range": "< 2.0.0",
        "first_patched_version": {"identifier": "2.0.0"},
    }
    advisory = f"GHSA-{number_of('advisory', one.what) % 9000 + 1000}-abcd-efgh"
    return {
        "number": one.number,
        "state": one.how if one.how in ("fixed", "dismissed") else "open",
        "dependency": {"package": package, "manifest_path": "requirements.txt", "scope": "runtime"},
        "security_advisory": {
            "ghsa_id": advisory,
            "cve_id": None,
            "summary": f"A fault in {one.what}",
            "description": f"A fault in {one.what}",
            "vulnerabilities": [vulnerability],
            "severity": one.severity,
            "cvss": {"score": 7.5, "vector_string": None},
            "cwes": [],
            "identifiers": [{"type": "GHSA", "value": advisory}],
            "references": [],
            "published_at": at(one.opened),
            "updated_at": at(one.opened),
            "withdrawn_at": None,
        },
        "security_vulnerability": vulnerability,
        "url": url,
        "html_url": url,
        "created_at": at(one.opened),
        "updated_at": at(one.closed or one.opened),
        "dismissed_at": at(one.closed) if dismissed else None,
        "dismissed_by": user(base, one.by) if dismissed and one.by else None,
        "dismissed_reason": "tolerable_risk" if dismissed else None,
        "dismissed_comment": None,
        "fixed_at": at(one.closed) if one.how == "fixed" else None,
    }


def code_alert(base: str, world: World, repository: Repository, one: Alert) -> Answer:
    url = f"{base}/repos/{world.login}/{repository.name}/code-scanning/alerts/{one.number}"
    dismissed = one.how == "dismissed"
    return {
        "number": one.number,
        "created_at": at(one.opened),
        "updated_at": at(one.closed or one.opened),
        "url": url,
        "html_url": url,
        "instances_url": f"{url}/instances",
        "state": one.how if one.how in ("fixed", "dismissed") else "open",
        "fixed_at": at(one.closed) if one.how == "fixed" else None,
        "dismissed_by": user(base, one.by) if dismissed and one.by else None,
        "dismissed_at": at(one.closed) if dismissed else None,
        "dismissed_reason": "won't fix" if dismissed else None,
        "rule": {
            "id": one.what,
            "name": one.what,
            "severity": "error",
            "security_severity_level": one.severity,
            "description": one.what,
        },
        "tool": {"name": "CodeQL", "guid": None, "version": "2.20.0"},
        "most_recent_instance": {"ref": f"refs/heads/{repository.default_branch}", "state": "open"},
    }


def secret_alert(base: str, world: World, repository: Repository, one: Alert, *, hidden: bool) -> Answer:
    url = f"{base}/repos/{world.login}/{repository.name}/secret-scanning/alerts/{one.number}"
    said = {
        "number": one.number,
        "created_at": at(one.opened),
        "updated_at": at(one.closed or one.opened),
        "url": url,
        "html_url": url,
        "locations_url": f"{url}/locations",
        "state": "resolved" if one.closed else "open",
        "resolution": ("revoked" if one.how == "resolved" else "false_positive") if one.closed else None,
        "resolved_at": at(one.closed),
        "resolved_by": user(base, one.by) if one.closed and one.by else None,
        "secret_type": one.what,
        "secret_type_display_name": one.what.replace("_", " "),
        "validity": "unknown",
        "publicly_leaked": False,
        "push_protection_bypassed": False,
    }
    return said if hidden else said | {"secret": f"planted-secret-canary-{repository.name}-{one.number}"}


def hook(base: str, world: World, one: Hook) -> Answer:
    identity = number_of("hook", one.url)
    url = f"{base}/orgs/{world.login}/hooks/{identity}"
    config = {"url": one.url, "content_type": "json", "insecure_ssl": "1" if one.insecure_ssl else "0"}
    return {
        "id": identity,
        "url": url,
        "ping_url": f"{url}/pings",
        "name": "web",
        "type": "Organization",
        "active": one.active,
        "events": one.events,
        "config": config | ({"secret": "********"} if one.secret else {}),
        "created_at": at(world.created),
        "updated_at": at(world.created),
    }


def installation(base: str, world: World, one: Installation) -> Answer:
    identity = number_of("installation", one.slug)
    url = f"{base}/app/installations/{identity}"
    return {
        "id": identity,
        "account": _owner(base, world),
        "repository_selection": one.selection,
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": f"{base}/installation/repositories",
        "html_url": f"{base}/organizations/{world.login}/settings/installations/{identity}",
        "app_id": number_of("app", one.slug),
        "app_slug": one.slug,
        "target_id": world.id,
        "target_type": "Organization",
        "permissions": one.permissions,
        "events": [],
        "created_at": at(world.created),
        "updated_at": at(world.created),
        "single_file_name": None,
        "suspended_by": user(base, world.login) if one.suspended else None,
        "suspended_at": at(one.suspended),
    }


def audit_event(world: World, one: AuditEvent) -> Answer:
    moment = int(one.at.timestamp() * 1000)
    said: Answer = {
        "@timestamp": moment,
        "_document_id": sha_of("audit", one.action, one.actor, moment)[:22],
        "action": one.action,
        "actor": one.actor,
        "actor_id": number_of("user", one.actor),
        "created_at": moment,
        "org": world.login,
        "org_id": world.id,
    }
    return said | {
        name: value
        for name, value in (
            ("repo", one.repository and f"{world.login}/{one.repository}"),
            ("user", one.user),
        )
        if value
    }
