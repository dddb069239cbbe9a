"""What an answer of GitHub must hold before it counts: the right kind, and the members whose absence would read as “no”.

A member that is null says that there is none; one that is missing says nothing, and must not be taken for none.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.collectors.asking import CallError
from assay.evidence.canonical import Json
from assay.evidence.gaps import Reason

_ORGANIZATION, _REPOSITORY = "GET /orgs/{org}", "GET /repos/{owner}/{repo}"
_EMPTY = frozenset({f"{_REPOSITORY}/vulnerability-alerts"})
"""Calls that say yes by an empty answer."""
_OBJECTS: Mapping[str, tuple[str, ...]] = {
    _ORGANIZATION: ("login",),
    f"{_ORGANIZATION}/actions/permissions": ("enabled_repositories",),
    f"{_ORGANIZATION}/actions/permissions/workflow": (
        "default_workflow_permissions",
        "can_approve_pull_request_reviews",
    ),
    f"{_REPOSITORY}/branches/{{branch}}/protection": (
        "enforce_admins",
        "allow_force_pushes",
        "allow_deletions",
    ),
    f"{_REPOSITORY}/rulesets/{{ruleset_id}}": ("name", "enforcement"),
}
"""Calls that answer with one object, and the members that it must have."""
_WRAPPED: Mapping[str, str] = {
    f"{_ORGANIZATION}/installations": "installations",
    f"{_REPOSITORY}/actions/runs": "workflow_runs",
}
"""Calls whose list is a member of an object. Every call that is not named in one of these three answers with a list."""
_MEMBERS: Mapping[str, tuple[str, ...]] = {
    f"{_ORGANIZATION}/repos": ("archived", "fork", "visibility", "default_branch"),
    f"{_ORGANIZATION}/installations": ("permissions", "suspended_at"),
    f"{_ORGANIZATION}/hooks": ("config", "events"),
    f"{_REPOSITORY}/rules/branches/{{branch}}": ("type", "ruleset_id"),
    f"{_REPOSITORY}/pulls": ("user", "merged_at", "closed_at", "merge_commit_sha", "head", "base"),
    f"{_REPOSITORY}/pulls/{{pull_number}}/reviews": ("user", "state"),
    f"{_REPOSITORY}/commits": ("sha", "author", "committer", "parents"),
    f"{_REPOSITORY}/commits/{{commit_sha}}/pulls": ("number", "merged_at", "base"),
    f"{_REPOSITORY}/deployments": ("sha", "environment"),
    f"{_REPOSITORY}/actions/runs": ("status", "conclusion", "head_sha"),
    f"{_REPOSITORY}/dependabot/alerts": ("state", "fixed_at", "dismissed_at"),
    f"{_REPOSITORY}/code-scanning/alerts": ("state", "dismissed_at"),
    f"{_REPOSITORY}/secret-scanning/alerts": ("state", "resolution", "resolved_at"),
}
"""Members that each item of a list must have, whether null or not."""
_RULES_WITH_PARAMETERS = ("pull_request", "required_status_checks")


def check_shape(call: str, body: Json) -> None:
    """Raise CallError, as malformed, for an answer that is not of the kind the call gives, or lacks a member that it must have."""
    if call in _EMPTY:
        if body != {"answered": True}:
            raise CallError(call, Reason.MALFORMED, "NotEmpty")
        return
    if call in _OBJECTS:
        _check_object(call, body, _OBJECTS[call])
        return
    wrap = _WRAPPED.get(call)
    items = body if wrap is None else body.get(wrap) if isinstance(body, dict) else None
    if not isinstance(items, list):
        raise CallError(call, Reason.MALFORMED, "NoList")
    for item in items:
        _check_object(call, item, _MEMBERS.get(call, ()))
        if item.get("type") in _RULES_WITH_PARAMETERS and "ruleset_id" in item:
            _check_object(call, item.get("parameters"), ())


def _check_object(call: str, value: Json, members: tuple[str, ...]) -> None:
    if not isinstance(value, dict):
        raise CallError(call, Reason.MALFORMED, "NoObject")
    if any(member not in value for member in members):
        raise CallError(call, Reason.MALFORMED, "MemberMissing")
