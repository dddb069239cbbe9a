"""What connecting to GitHub takes: the permissions of each call, the App manifest derived from the specs, and what each plan lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assay.errors import AssayError
from assay.evidence.canonical import Json
from assay.tables import Given, TableSpec

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


PLANS = ("free", "team", "enterprise")
"""GitHub's plans for organizations, least first, as specs name them."""
_ALSO_CALLED = {"business": "enterprise", "business_plus": "enterprise"}
"""Plans that an API answer names otherwise: what is Enterprise now was sold as Business before."""


@dataclass(frozen=True, slots=True)
class PlanLack:
    """A table, or some columns of it, that a plan does not give whole: how much it gives, what is needed, and what can show it instead."""

    table: str
    columns: tuple[str, ...]
    given: Given
    needs: str
    instead: str


def what_a_plan_lacks(specs: Iterable[TableSpec], plan: str) -> list[PlanLack] | None:
    """Give, by table, what a plan of GitHub lacks, from the specs alone and so before connecting; None for a plan that no spec knows.

    `plan` is a name of `PLANS`, or as `GET /orgs/{org}` gives it. What is bought apart counts as lacking: whether it is there shows in a run.
    """
    name = _ALSO_CALLED.get(plan, plan)
    if name not in PLANS:
        return None
    found = []
    for spec in specs:
        need = spec.plan
        given = Given.ALL if need is None else need.given.get(name, Given.ALL)
        if spec.source == "github" and need is not None and given is not Given.ALL:
            found.append(PlanLack(spec.name, need.columns, given, need.needs, need.instead))
    return sorted(found, key=lambda lack: lack.table)
