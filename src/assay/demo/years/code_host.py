"""What happens on GitHub: each verb of the storyline about it, and the pull request that every working day brings."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from random import Random
from typing import Any

from assay.demo.github_standin import ORGANIZATION
from assay.demo.years.company import Company
from assay.demo.years.storyline import Event

AUTHORS = (
    "sana-ito",
    "tomas-kral",
    "priya-raman",
    "emil-sorensen",
    "noor-haddad",
    "greta-wolff",
    "ben-achterberg",
)
REPOSITORIES = ("metrics-api", "metrics-web", "ingest-pipeline")
FRIDAY = 4


def pull_request_of_the_day(company: Company, day: int, draw: Random) -> None:
    """Merge one pull request on a working day, reviewed by somebody else, tested, and deployed."""
    if company.at(day).weekday() <= FRIDAY:
        author, reviewer = draw.sample(AUTHORS, 2)
        _merge(company, day, draw.choice(REPOSITORIES), author, reviewer)


def change_alone(company: Company, event: Event) -> None:
    """Someone merges their own pull request on their own approval: about = repository, more = who."""
    _merge(company, event.day, event.about, event.more, event.more, minute=50)


def repository_created(company: Company, event: Event) -> None:
    full = f"{ORGANIZATION}/{event.about}"
    record = copy.deepcopy(company.code_host("github_repo")[f"{ORGANIZATION}/metrics-web"].record)
    record["repos"] |= {
        "created_at": company.text(event.day),
        "full_name": full,
        "id": _number(full),
        "name": event.about,
    }
    company.answers.put("github", "github_repo", full, None, record)


def repository_archived(company: Company, event: Event) -> None:
    record = company.code_host("github_repo")[f"{ORGANIZATION}/{event.about}"].record
    record["repos"]["archived"] = True
    record.pop("vulnerability_alerts", None)


def alert_opened(company: Company, event: Event) -> None:
    """Dependabot raises an alert: about = repository/number, more = severity|package."""
    name, number = event.about.split("/")
    severity, package = event.parts
    alert: dict[str, Any] = {
        "created_at": company.text(event.day),
        "dependency": {
            "manifest_path": "requirements.txt",
            "package": {"ecosystem": "pip", "name": package},
            "scope": "runtime",
        },
        "dismissed_at": None,
        "dismissed_by": None,
        "dismissed_reason": None,
        "fixed_at": None,
        "full_name": f"{ORGANIZATION}/{name}",
        "number": int(number),
        "security_advisory": {"cve_id": None, "ghsa_id": f"GHSA-{_sha(event.about)[:4]}-demo-year"},
        "security_vulnerability": {"severity": severity},
        "state": "open",
    }
    company.answers.put(
        "github", "github_dependabot_alert", _alert(event), f"{ORGANIZATION}/{name}", {"alerts": alert}
    )


def alert_fixed(company: Company, event: Event) -> None:
    company.code_host("github_dependabot_alert")[_alert(event)].record["alerts"] |= {
        "fixed_at": company.text(event.day),
        "state": "fixed",
    }


def not_collected(company: Company, event: Event) -> None:
    company.unasked.add(event.about)


def collected(company: Company, event: Event) -> None:
    company.unasked.discard(event.about)


def _merge(company: Company, day: int, name: str, author: str, reviewer: str, minute: int = 0) -> None:
    full, number = f"{ORGANIZATION}/{name}", 1000 + 2 * day + (minute > 0)
    key, at = f"{full}#{number}", {hour: company.text(day, hour, minute) for hour in range(4)}
    head, merge = _sha(f"{key} head"), _sha(f"{key} merge")
    base = {"default_branch": "main", "full_name": full, "name": name}
    put: Callable[..., None] = company.answers.put
    pull = {
        **base, "base": {"ref": "main"}, "closed_at": at[2], "created_at": at[0], "head": {"sha": head},
        "merge_commit_sha": merge, "merged_at": at[2], "number": number, "user": {"login": author, "type": "User"},
    }  # fmt: skip
    put("github", "github_pull_request", key, full, {"pulls": pull})
    review = {
        "commit_id": head, "full_name": full, "id": _number(key), "number": number, "state": "APPROVED",
        "submitted_at": at[1], "user": {"login": reviewer, "type": "User"},
    }  # fmt: skip
    put("github", "github_pull_request_review", f"{key}/{_number(key)}", key, {"reviews": review})
    commit = {
        **base, "author": {"login": author}, "commit": {"committer": {"date": at[2]}, "verification": {"verified": True}},
        "committer": {"login": "web-flow"}, "parents": [{"sha": head}], "sha": merge,
    }  # fmt: skip
    put("github", "github_commit_on_default", f"{full}@{merge}", full, {"commits": commit})
    run = {
        "conclusion": "success", "created_at": at[1], "event": "pull_request", "full_name": full, "head_branch": "change",
        "head_sha": head, "id": _number(head), "name": "test", "path": ".github/workflows/test.yml", "run_attempt": 1,
        "run_number": number, "status": "completed", "workflow_id": _number(full),
    }  # fmt: skip
    put("github", "github_workflow_run", f"{full}/runs/{_number(head)}", full, {"runs": run})
    deployment = {
        "created_at": at[3], "creator": {"login": "northwind-deploy[bot]"}, "environment": "production", "full_name": full,
        "id": _number(merge), "production_environment": True, "ref": "main", "sha": merge, "task": "deploy",
    }  # fmt: skip
    put(
        "github",
        "github_deployment",
        f"{full}/deployments/{_number(merge)}",
        full,
        {"deployments": deployment},
    )


def _alert(event: Event) -> str:
    name, number = event.about.split("/")
    return f"{ORGANIZATION}/{name}/dependabot/{number}"


def _sha(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def _number(text: str) -> int:
    return int(_sha(text)[:8], 16) % 100_000_000


VERBS = {
    "alert-fixed": alert_fixed,
    "alert-opened": alert_opened,
    "change-alone": change_alone,
    "collected": collected,
    "not-collected": not_collected,
    "repository-archived": repository_archived,
    "repository-created": repository_created,
}
