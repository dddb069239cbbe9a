"""What connecting to GitHub takes: the permissions of each call, the App manifest derived from the specs, and what the plan lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assay.errors import AssayError
from assay.evidence.canonical import Json
from assay.tables import TableSpec

_ORGANIZATION, _REPOSITORY = "GET /orgs/{org}", "GET /repos/{owner}/{repo}"
PERMISSION_OF: Mapping[str, str] = {
    _ORGANIZATION: "organization_administration",
    f"{_ORGANIZATION}/members": "members",
    f"{_ORGANIZATION}/outside_collaborators": "members",
    f"{_ORGANIZATION}/teams": "members",
    f"{_ORGANIZATION}/teams/{{team_slug}}/members": "members",
    f"{_ORGANIZATION}/repos": "metadata",
    f"{_ORGANIZATION}/actions/permissions": "organization_administration",
    f"{_ORGANIZATION}/actions/permissions/workflow": "organization_administration",
    f"{_ORGANIZATION}/hooks": "organization_hooks",
    f"{_ORGANIZATION}/installations": "organization_administration",
    f"{_ORGANIZATION}/audit-log": "organization_administration",
    f"{_REPOSITORY}/vulnerability-alerts": "administration",
    f"{_REPOSITORY}/branches/{{branch}}/protection": "administration",
    f"{_REPOSITORY}/rules/branches/{{branch}}": "metadata",
    f"{_REPOSITORY}/rulesets/{{ruleset_id}}": "metadata",
    f"{_REPOSITORY}/collaborators": "metadata",
    f"{_REPOSITORY}/pulls": "pull_requests",
    f"{_REPOSITORY}/pulls/{{pull_number}}/reviews": "pull_requests",
    f"{_REPOSITORY}/commits": "contents",
    f"{_REPOSITORY}/commits/{{commit_sha}}/pulls": "pull_requests",
    f"{_REPOSITORY}/deployments": "deployments",
    f"{_REPOSITORY}/actions/runs": "actions",
    f"{_REPOSITORY}/dependabot/alerts": "vulnerability_alerts",
    f"{_REPOSITORY}/code-scanning/alerts": "security_events",
    f"{_REPOSITORY}/secret-scanning/alerts": "secret_scanning_alerts",
}
"""The permission that GitHub's reference names for each call, by its name in an App's manifest."""


class GithubPermissionError(AssayError):
    """A table's permissions and its calls do not agree, or are more than reading."""


def permissions_of(specs: Iterable[TableSpec]) -> dict[str, str]:
    """Give the permissions that tables need, all of them to read, `metadata` always (GitHub adds it by itself).

    Raises GithubPermissionError where a spec lists another permission than its calls need, or one that is more than read.
    """
    granted = {"metadata"}
    for spec in specs:
        if spec.source != "github":
            continue
        needed = {f"{_permission(spec, call.name)}:read" for call in spec.calls} | {"metadata:read"}
        listed = {*spec.permissions, "metadata:read"}
        if needed != listed:
            odd = ", ".join(sorted(needed ^ listed))
            raise GithubPermissionError(
                f"The table {spec.name} lists other permissions than its calls need: {odd}. Mend its `permissions`."
            )
        granted |= {permission.partition(":")[0] for permission in listed}
    return dict.fromkeys(sorted(granted), "read")


def _permission(spec: TableSpec, call: str) -> str:
    try:
        return PERMISSION_OF[call]
    except KeyError:
        raise GithubPermissionError(
            f"The table {spec.name} makes the call “{call}”, of which no permission is known. Use one of GitHub's calls that Assay knows."
        ) from None


def app_manifest(specs: Iterable[TableSpec], *, name: str, url: str) -> dict[str, Json]:
    """Give the manifest by which GitHub makes an App with exactly the tables' permissions; `url` is where the company's Assay lives.

    The App gets no webhook and is told of no event. Source: “Registering a GitHub App from a manifest”.
    """
    return {
        "name": name,
        "url": url,
        "public": False,
        "default_permissions": permissions_of(specs),
        "default_events": [],
        "hook_attributes": {"url": url, "active": False},
    }


@dataclass(frozen=True, slots=True)
class PlanLack:
    """Something that an organization's plan does not give: the tables it concerns, what is lacking, and what can show it instead."""

    tables: tuple[str, ...]
    lacks: str
    instead: str


_AUDIT_LOG = PlanLack(
    ("github_audit_log_event",),
    "The audit log by API is given to Enterprise organizations only.",
    "An owner exports the log from the organization's settings, as evidence by hand.",
)
_PROTECTION = PlanLack(
    ("github_branch_protection", "github_ruleset"),
    "Branch protection and rulesets of private repositories need the Team or Enterprise plan.",
    "Show by hand who can push; github.pr.reviewed and github.pr.direct_push show what was done.",
)
_CODE_SCANNING = PlanLack(
    ("github_code_scanning_alert",),
    "Code scanning of private repositories needs GitHub Code Security, which is bought apart from Team and Enterprise.",
    "The findings of another scanner come in as the file table vulnerability.",
)
_SECRET_SCANNING = PlanLack(
    ("github_secret_scanning_alert", "github_repo"),
    "Secret scanning of private repositories needs GitHub Secret Protection, which is bought apart from Team and Enterprise.",
    "The reports of another secret scanner are given as evidence by hand.",
)
_UNKNOWN = PlanLack(
    ("github_org",),
    "GitHub did not tell the organization's plan, so what it lacks is not known.",
    "Let the App or token read the organization's administration, then ask again.",
)


def what_the_plan_lacks(org_answer: Mapping[str, Json]) -> list[PlanLack]:
    """Give what an organization's plan lacks, known before connecting from the one answer of `GET /orgs/{org}`.

    Whether the products that are bought apart are there is told by the collection itself; here they are named for every plan.
    """
    plan = org_answer.get("plan")
    name = plan.get("name") if isinstance(plan, Mapping) else None
    if not isinstance(name, str):
        return [_UNKNOWN]
    private = org_answer.get("total_private_repos")
    lacks = [] if name == "enterprise" else [_AUDIT_LOG]
    if private == 0:
        return lacks
    return [*lacks, *([_PROTECTION] if name == "free" else []), _CODE_SCANNING, _SECRET_SCANNING]
