"""Answers of GitHub's API that were recorded, played through the real client and collector on a loopback port.

A recording is one file, tests/recordings/github/NAME.jsonl; a check names it as `github/NAME`. Its first line says the organization, the
instant of the collection, and from when events are wanted; each other line is one answer:

    {"get": "/orgs/…?per_page=100", "status": 200, "link": "<{root}/…>; rel=\\"next\\"", "body": …}

`{root}` stands for the address of the API. What a recording does not answer is refused with status 501. `python -m tests.recordings.github_answers` records the organization of
`recorded_organization` anew; the test beside the recordings holds every answer against GitHub's published description.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from assay.collectors import NotSeen, PopulationSeen
from assay.collectors.github import GithubRun, collect_github, github_http
from assay.demo.github_standin import READ_ALL, GithubStandin, World, serve, small_company
from assay.demo.github_standin.world import Commit, Deployment, Protection, Repository, sha_of
from assay.evidence.canonical import parse_instant
from assay.outbound.http import Allowance, Clock, Patience, Secret
from assay.tables import TableSpec

RECORDINGS = Path(__file__).parent
KEPT = {"metrics-api": (105, 110, 112), "metrics-web": (109, 112), "ingest-pipeline": (108, 111)}
"""The pull requests that the recording keeps, by repository: as they should be, and one of each kind that is not."""


@dataclass(frozen=True)
class Recorded:
    """A recording: whose answers, at what instant, events from when, and answers by path and query."""

    organization: str
    at: datetime
    events_from: datetime
    answers: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, name: str) -> Recorded:
        """Read the recording `name`, such as `github/small-company`."""
        first, *answers = map(json.loads, (RECORDINGS / f"{name}.jsonl").read_text().splitlines())
        return cls(
            first["organization"],
            parse_instant(first["at"]),
            parse_instant(first["events_from"]),
            {one["get"]: one for one in answers},
        )

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        """Answer as a WSGI application."""
        asked = environ["PATH_INFO"] + (f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else "")
        root = f"http://{environ['HTTP_HOST']}"
        given = self.answers.get(asked, {"status": 501, "body": {"message": f"not recorded: {asked}"}})
        headers = [("Content-Type", "application/json; charset=utf-8"), ("X-GitHub-Request-Id", "RECORDED")]
        if "link" in given:
            headers.append(("Link", given["link"].replace("{root}", root)))
        body = b"" if given["body"] is None else json.dumps(given["body"]).replace("{root}", root).encode()
        start_response(f"{given['status']} Recorded", [*headers, ("Content-Length", str(len(body)))])
        return [body]


def collect_recorded(name: str, specs: Mapping[str, TableSpec]) -> list[PopulationSeen | NotSeen]:
    """Collect the GitHub tables of `specs` from a recording."""
    recorded = Recorded.of(name)
    with serve(recorded) as url:
        return _collected(url, recorded.organization, recorded.at, recorded.events_from, specs)


def _collected(
    url: str, organization: str, at: datetime, events_from: datetime, specs: Mapping[str, TableSpec]
) -> list[PopulationSeen | NotSeen]:
    http = github_http(
        url,
        lambda: Secret("Bearer recorded"),
        allowance=Allowance.loopback(int(url.rpartition(":")[2])),
        patience=Patience(attempts=1),
        clock=Clock(wall=at.timestamp, steady=lambda: 0.0, sleep=lambda seconds: None),
    )
    run = GithubRun(organization, http, events_from, root=url, clock=lambda: at, sleep=lambda seconds: None)
    try:
        return list(collect_github(run, specs))
    finally:
        http.close()


def recorded_organization() -> World:
    """The demonstration's organization with a few changes of each kind, a deployment past the pull request, and a branch open to rewriting."""
    world = small_company()
    world.repository("infra-terraform").protection = Protection(
        approvals=0, enforce_admins=False, force_pushes=True
    )
    for repository in world.repositories:
        _keep_a_few(repository, world.now)
    web = world.repository("metrics-web")
    hasty = sha_of("metrics-web", "hasty", 2)
    web.commits.append(Commit(hasty, "emil-sorensen", world.now - timedelta(days=1)))
    web.deployments.append(Deployment(hasty, "production", "emil-sorensen", world.now - timedelta(hours=20)))
    return world


def _keep_a_few(repository: Repository, now: datetime) -> None:
    numbers = KEPT.get(repository.name, ())
    order = [change.number for change in repository.pull_requests]
    repository.runs = [run for number, run in zip(order, repository.runs, strict=False) if number in numbers]
    repository.pull_requests = [one for one in repository.pull_requests if one.number in numbers]
    repository.commits = [
        one
        for one in repository.commits
        if one.pull_request in numbers or (one.pull_request is None and one.at > now - timedelta(days=90))
    ]
    kept = {one.sha for one in repository.commits}
    repository.deployments = [one for one in repository.deployments if one.sha in kept]


def record(world: World, events_from: datetime, specs: Mapping[str, TableSpec]) -> Iterator[str]:
    """Give the lines of a recording of a world, in the order of path and query."""
    standin = GithubStandin(
        world, tokens={"recorded": {**READ_ALL, "administration": "write"}}, clock=lambda: world.now
    )
    given: dict[str, dict[str, Any]] = {}

    def listening(environ: Any, start_response: Any) -> Any:
        asked = environ["PATH_INFO"] + (f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else "")
        heard: dict[str, Any] = {"get": asked}

        def start(status: str, headers: list[tuple[str, str]]) -> Any:
            link = dict(headers).get("Link")
            heard.update({"status": int(status[:3])}, **({"link": link} if link else {}))
            return start_response(status, headers)

        body = b"".join(standin(environ, start))
        given[asked] = {**heard, "body": json.loads(body) if body else None}
        return [body]

    with serve(listening) as url:
        _collected(url, world.login, world.now, events_from, specs)
    said = {"organization": world.login, "at": world.now.isoformat(), "events_from": events_from.isoformat()}
    yield json.dumps(said)
    for asked in sorted(given):
        yield json.dumps(given[asked], separators=(",", ":")).replace(url, "{root}")


if __name__ == "__main__":
    from assay.content_tree import Content
    from assay.tables import load_tables

    organization = recorded_organization()
    tables = {name: one for name, one in load_tables(Content.shipped()).items() if one.source == "github"}
    lines = record(organization, organization.now - timedelta(days=95), tables)
    (RECORDINGS / "github" / "small-company.jsonl").write_text("\n".join(lines) + "\n")
