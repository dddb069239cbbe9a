"""Northwind Metrics on GitHub: what a company of twenty has there on a first day, and what a week changes. The same each time.

Most changes go as they should. A few do not, so that every check of the source has something to find.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from assay.demo import northwind
from assay.demo.github_standin.answers import head_sha, merge_sha
from assay.demo.github_standin.app import READ_ALL
from assay.demo.github_standin.world import (
    Alert,
    AuditEvent,
    Commit,
    Deployment,
    Hook,
    Installation,
    Member,
    Plan,
    Protection,
    PullRequest,
    Repository,
    Review,
    Ruleset,
    Run,
    Team,
    World,
    sha_of,
)

ORGANIZATION = "northwind-metrics"
ASSAY_APP = "assay-northwind"
ENGINEERS = (
    "sana-ito",
    "tomas-kral",
    "priya-raman",
    "emil-sorensen",
    "noor-haddad",
    "greta-wolff",
    "ben-achterberg",
)
_OWNERS = ("jonah-marsh", "ben-achterberg", "sana-ito")
_CHANGES = (
    "Cache the usage roll-up",
    "Bump the HTTP library",
    "Reject events from the future",
    "Page the customer list",
    "Name the tenant in every log line",
    "Retry the ingest queue",
    "Round money half to even",
    "Drop the unused index",
)


def small_company(plan: Plan = "team") -> World:
    """Give the organization as it is on the first day."""
    world = World(
        login=ORGANIZATION,
        name=northwind.COMPANY,
        now=northwind.DAY_ONE,
        created=datetime(2021, 3, 2, 9, 0, tzinfo=UTC),
        plan=plan,
        base_permission="write",
        members=_members(),
        teams=[
            Team("engineering", "Engineering", [*ENGINEERS, "jonah-marsh", "lyle-okoro"]),
            Team("platform", "Platform", ["ben-achterberg", "noor-haddad"], parent="engineering"),
            Team("product", "Product", ["oskar-lind", "yuki-tanabe"]),
        ],
        repositories=_repositories(),
        rulesets=[
            Ruleset("public-repositories", repositories=["status-page", "sdk-python"]),
            Ruleset("web", repositories=["metrics-web"], bypass=[("RepositoryRole", 5)]),
            Ruleset("signed-tags-trial", organization_wide=True, enforcement="evaluate"),
        ],
        hooks=[
            Hook("https://hooks.northwind-metrics.example/github", ["push", "pull_request"]),
            Hook("https://old-ci.northwind-metrics.example/hook", ["push"], insecure_ssl=True, secret=False),
        ],
        installations=[
            Installation(ASSAY_APP, dict(READ_ALL), selection="all"),
            Installation("renovate", {"contents": "write", "pull_requests": "write", "metadata": "read"}),
        ],
        audit=[
            AuditEvent(
                "org.add_member", "jonah-marsh", northwind.DAY_ONE - timedelta(days=60), user="anton-weiss"
            ),
            AuditEvent(
                "protected_branch.policy_override",
                "ben-achterberg",
                northwind.DAY_ONE - timedelta(days=9),
                "metrics-api",
            ),
        ],
    )
    for repository in world.repositories:
        _give_history(repository, northwind.DAY_ONE)
    _plant_deviations(world)
    return world


def change_to_day_two(world: World) -> None:
    """Let a week pass: fixes and regressions, both of which a report must show."""
    day = northwind.DAY_TWO
    world.now = day
    world.base_permission = "read"
    world.members = [member for member in world.members if member.login != "lyle-okoro"]
    world.teams[0].members.remove("lyle-okoro")
    api, web = world.repository("metrics-api"), world.repository("metrics-web")
    _merge(api, 201, "tomas-kral", day - timedelta(days=3), approver=None)
    _merge(web, 202, "priya-raman", day - timedelta(days=2), approver="greta-wolff")
    _deploy_latest(api, day - timedelta(days=2))
    hasty = sha_of("metrics-web", "hasty", 2)
    web.commits.append(Commit(hasty, "emil-sorensen", day - timedelta(days=1)))
    web.deployments.append(Deployment(hasty, "production", "emil-sorensen", day - timedelta(hours=20)))
    alert = api.alerts[0]
    alert.closed, alert.how = day - timedelta(days=4), "fixed"
    infra = world.repository("infra-terraform")
    infra.protection = Protection(approvals=0, enforce_admins=False, force_pushes=True)
    world.repository("ingest-pipeline").protection = Protection()
    world.repositories = [one for one in world.repositories if one.name != "legacy-importer"]
    world.audit.append(
        AuditEvent("org.remove_member", "ben-achterberg", day - timedelta(days=5), user="lyle-okoro")
    )
    world.audit.append(AuditEvent("repo.destroy", "jonah-marsh", day - timedelta(days=4), "legacy-importer"))


def _members() -> list[Member]:
    others = ("lyle-okoro", "oskar-lind", "yuki-tanabe", "rafael-duarte", "ada-lindqvist")
    logins = [*_OWNERS, *(login for login in (*ENGINEERS, *others) if login not in _OWNERS)]
    members = [Member(login, "admin" if login in _OWNERS else "member") for login in logins]
    return [*members, Member("marcus-bell", "outside"), Member("femi-adeyemi", "outside", two_factor=False)]


def _repositories() -> list[Repository]:
    day = datetime(2021, 3, 8, 10, 0, tzinfo=UTC)
    return [
        Repository(
            "metrics-api", created=day, protection=Protection(), collaborators={"marcus-bell": "read"}
        ),
        Repository("metrics-web", created=day),
        Repository(
            "ingest-pipeline",
            created=day,
            protection=Protection(enforce_admins=False, bypass_users=["noor-haddad"]),
        ),
        Repository("infra-terraform", created=day, protection=Protection(approvals=2, checks=["plan"])),
        Repository("data-notebooks", created=day, dependabot=False, collaborators={"femi-adeyemi": "write"}),
        Repository("handbook", created=day, dependabot=False),
        Repository("status-page", created=day, private=False, secret_scanning=True),
        Repository("sdk-python", created=day, private=False, secret_scanning=True, code_scanning=True),
        Repository("legacy-importer", created=day, archived=True, dependabot=False),
        Repository("next-experiment", created=day, empty=True, default_branch="main"),
    ]


def _give_history(repository: Repository, day: datetime) -> None:
    """Merge a change every eight days or so for the last hundred, each approved by somebody else and deployed where it is a service."""
    if repository.archived or repository.empty or repository.name == "handbook":
        return
    for step in range(12):
        merged = day - timedelta(days=100 - 8 * step, hours=len(repository.name) % 7)
        author, approver = (
            ENGINEERS[(len(repository.name) + step + shift) % len(ENGINEERS)] for shift in (0, 1)
        )
        _merge(repository, 101 + step, author, merged, approver)
        if repository.name in ("metrics-api", "metrics-web", "ingest-pipeline"):
            _deploy_latest(repository, merged + timedelta(hours=1))


def _merge(repository: Repository, number: int, author: str, merged: datetime, approver: str | None) -> None:
    title = _CHANGES[number % len(_CHANGES)]
    change = PullRequest(number, title, author, merged - timedelta(days=1), merged)
    if approver is not None:
        change.reviews.append(Review(approver, "APPROVED", merged - timedelta(hours=2)))
    repository.pull_requests.append(change)
    repository.commits.append(Commit(merge_sha(repository, change), author, merged, number))
    runs = len(repository.runs)
    repository.runs.append(
        Run(head_sha(repository, change), "pull_request", "success", merged - timedelta(hours=3), runs + 1)
    )
    repository.pushed = merged


def _deploy_latest(repository: Repository, when: datetime) -> None:
    latest = repository.commits[-1]
    repository.deployments.append(
        Deployment(latest.sha, "staging", "northwind-deploy[bot]", when - timedelta(minutes=30))
    )
    repository.deployments.append(Deployment(latest.sha, "production", "northwind-deploy[bot]", when))


def _plant_deviations(world: World) -> None:
    """One of each: no review, approval after the merge, approval withdrawn, a failed run, a direct push, alerts in every state."""
    day = world.now
    api, web, ingest = (world.repository(name) for name in ("metrics-api", "metrics-web", "ingest-pipeline"))
    api.pull_requests[9].reviews.clear()
    late = web.pull_requests[8]
    late.reviews = [Review("greta-wolff", "APPROVED", (late.merged or day) + timedelta(hours=5))]
    late.updated = (late.merged or day) + timedelta(hours=5)
    ingest.pull_requests[10].reviews[0].state = "DISMISSED"
    ingest.runs[7].conclusion = "failure"
    web.commits.append(Commit(sha_of("metrics-web", "hasty", 1), "lyle-okoro", day - timedelta(days=30)))
    open_change = PullRequest(150, "Try the new scheduler", "tomas-kral", day - timedelta(days=2))
    abandoned = PullRequest(
        149,
        "Rewrite in another language",
        "emil-sorensen",
        day - timedelta(days=20),
        closed=day - timedelta(days=12),
    )
    api.pull_requests += [open_change, abandoned]
    api.alerts = [
        Alert(1, "dependabot", "httpcraft", "high", day - timedelta(days=41)),
        Alert(
            2,
            "dependabot",
            "yamlite",
            "critical",
            day - timedelta(days=20),
            day - timedelta(days=17),
            "fixed",
        ),
        Alert(3, "dependabot", "leftpadding", "low", day - timedelta(days=80)),
    ]
    web.alerts = [
        Alert(
            1,
            "dependabot",
            "domtree",
            "critical",
            day - timedelta(days=33),
            day - timedelta(days=11),
            "fixed",
        ),
        Alert(
            2,
            "dependabot",
            "minirouter",
            "medium",
            day - timedelta(days=60),
            day - timedelta(days=58),
            "dismissed",
            "priya-raman",
        ),
    ]
    world.repository("sdk-python").alerts = [
        Alert(
            1, "code", "py/path-injection", "high", day - timedelta(days=25), day - timedelta(days=5), "fixed"
        ),
        Alert(2, "code", "py/weak-hash", "medium", day - timedelta(days=10)),
        Alert(
            1,
            "secret",
            "aws_access_key_id",
            "high",
            day - timedelta(days=14),
            day - timedelta(days=14) + timedelta(hours=6),
            "resolved",
            "ben-achterberg",
        ),
    ]
    world.repository("status-page").alerts = [
        Alert(
            1,
            "secret",
            "slack_incoming_webhook_url",
            "high",
            day - timedelta(days=8),
            day - timedelta(days=3),
            "resolved",
            "noor-haddad",
        ),
    ]
