"""What the stand-in knows of an organization: plain, mutable state without any of GitHub's wording. `answers` says it as GitHub does."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Plan = Literal["free", "team", "enterprise"]


def number_of(*words: object) -> int:
    """Give the same eight-digit id for the same words, in every process."""
    return (
        int.from_bytes(hashlib.sha256("/".join(map(str, words)).encode()).digest()[:4], "big") % 90_000_000
        + 10_000_000
    )


def sha_of(*words: object) -> str:
    """Give the same commit id for the same words."""
    return hashlib.sha256("/".join(map(str, words)).encode()).hexdigest()[:40]


@dataclass(slots=True)
class Member:
    """A person of the organization, or an outside collaborator."""

    login: str
    role: Literal["admin", "member", "outside"] = "member"
    two_factor: bool = True


@dataclass(slots=True)
class Team:
    slug: str
    name: str
    members: list[str]
    parent: str | None = None


@dataclass(slots=True)
class Protection:
    """Classic protection of the default branch; `approvals` None means that no review is required."""

    approvals: int | None = 1
    dismiss_stale: bool = True
    code_owners: bool = False
    checks: list[str] = field(default_factory=lambda: ["test"])
    enforce_admins: bool = True
    force_pushes: bool = False
    deletions: bool = False
    bypass_users: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Ruleset:
    """A ruleset over default branches, of one repository or of the whole organization. `bypass` holds kinds of actors."""

    name: str
    organization_wide: bool = False
    enforcement: Literal["active", "evaluate", "disabled"] = "active"
    approvals: int | None = 1
    checks: list[str] = field(default_factory=lambda: ["test"])
    bypass: list[tuple[str, int]] = field(default_factory=list)
    repositories: list[str] = field(default_factory=list)

    @property
    def id(self) -> int:
        return number_of("ruleset", self.name)


@dataclass(slots=True)
class Review:
    by: str
    state: Literal["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED"]
    at: datetime


@dataclass(slots=True)
class PullRequest:
    number: int
    title: str
    author: str
    opened: datetime
    merged: datetime | None = None
    closed: datetime | None = None
    updated: datetime | None = None
    reviews: list[Review] = field(default_factory=list)


@dataclass(slots=True)
class Commit:
    """A commit on the default branch; `pull_request` is the number of the change that brought it."""

    sha: str
    author: str
    at: datetime
    pull_request: int | None = None


@dataclass(slots=True)
class Deployment:
    sha: str
    environment: str
    by: str
    at: datetime


@dataclass(slots=True)
class Run:
    """One run of a workflow."""

    sha: str
    event: str
    conclusion: str | None
    at: datetime
    number: int
    attempt: int = 1


@dataclass(slots=True)
class Alert:
    """An alert of Dependabot, code scanning or secret scanning."""

    number: int
    kind: Literal["dependabot", "code", "secret"]
    what: str
    severity: str
    opened: datetime
    closed: datetime | None = None
    how: Literal["fixed", "dismissed", "resolved"] | None = None
    by: str | None = None


@dataclass(slots=True)
class Repository:
    name: str
    private: bool = True
    archived: bool = False
    fork: bool = False
    default_branch: str = "main"
    created: datetime | None = None
    pushed: datetime | None = None
    empty: bool = False
    protection: Protection | None = None
    dependabot: bool = True
    code_scanning: bool = False
    secret_scanning: bool = False
    collaborators: dict[str, str] = field(default_factory=dict)
    pull_requests: list[PullRequest] = field(default_factory=list)
    commits: list[Commit] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)


@dataclass(slots=True)
class Hook:
    url: str
    events: list[str]
    active: bool = True
    insecure_ssl: bool = False
    secret: bool = True


@dataclass(slots=True)
class Installation:
    slug: str
    permissions: dict[str, str]
    selection: Literal["all", "selected"] = "selected"
    suspended: datetime | None = None


@dataclass(slots=True)
class AuditEvent:
    action: str
    actor: str
    at: datetime
    repository: str | None = None
    user: str | None = None


@dataclass(slots=True)
class World:
    """One organization and what it has been told to let callers do."""

    login: str
    name: str
    now: datetime
    created: datetime
    plan: Plan = "team"
    two_factor_required: bool = True
    base_permission: Literal["none", "read", "write", "admin"] = "read"
    members_create_public: bool = False
    actions_allowed: Literal["all", "local_only", "selected"] = "selected"
    workflow_permission: Literal["read", "write"] = "read"
    workflows_approve: bool = False
    members: list[Member] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    repositories: list[Repository] = field(default_factory=list)
    rulesets: list[Ruleset] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)
    installations: list[Installation] = field(default_factory=list)
    audit: list[AuditEvent] = field(default_factory=list)

    @property
    def id(self) -> int:
        return number_of("organization", self.login)

    def repository(self, name: str) -> Repository:
        """Give a repository by its name; raises KeyError."""
        return {repository.name: repository for repository in self.repositories}[name]

    def member(self, login: str) -> Member:
        """Give a person by login; raises KeyError."""
        return {member.login: member for member in self.members}[login]

    def rulesets_of(self, repository: Repository) -> list[Ruleset]:
        """Give the rulesets that name a repository, or all of the organization's."""
        return [
            ruleset
            for ruleset in self.rulesets
            if ruleset.organization_wide or repository.name in ruleset.repositories
        ]
