"""Collects the stand-in's organization through the real client, with time that does not pass, and keeps what a home would keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from assay.collectors.github import Earlier, EventEvidence, GithubRun, collect_github, github_http
from assay.collectors.seen import CallMade, NotSeen, PopulationSeen
from assay.content_tree import Content
from assay.demo.github_standin import READ_ALL, GithubStandin, World, serve
from assay.evidence.canonical import encode, parse_instant
from assay.evidence.gaps import Gap
from assay.outbound.http import Allowance, Clock, Patience, Secret
from assay.tables import TableSpec, input_columns, load_tables, row

SPECS: Mapping[str, TableSpec] = {
    name: spec for name, spec in load_tables(Content.shipped()).items() if spec.source == "github"
}
START = datetime(2026, 8, 13, 7, 0, tzinfo=UTC)


@dataclass
class Collected:
    """What one collection gave."""

    populations: dict[str, PopulationSeen] = field(default_factory=dict)
    not_seen: dict[str, Gap] = field(default_factory=dict)
    calls: list[CallMade] = field(default_factory=list)
    events: dict[str, EventEvidence] = field(default_factory=dict)
    skews: list[int] = field(default_factory=list)
    began: datetime = START

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table as checks read them, by column."""
        seen, spec = self.populations[table], SPECS[table]
        names = [name for name, _ in input_columns(spec)]
        return [
            dict(
                zip(names, row(spec, one.key, seen.account, seen.region, one.parent, one.record), strict=True)
            )
            for one in seen.records
        ]

    def keys(self, table: str) -> list[str]:
        return [one.key for one in self.populations[table].records]

    def gaps(self, table: str) -> list[Gap]:
        if table in self.not_seen:
            return [self.not_seen[table]]
        return [
            gap for gap in self.populations[table].gaps if not (gap.parent or "").startswith("time before")
        ]

    def counts(self) -> Counter[str]:
        return Counter(call.call for call in self.calls)

    def earlier(self, table: str) -> Earlier | None:
        """What a home would give to the next collection."""
        seen = self.populations.get(table)
        if seen is None:
            return None
        incomplete = frozenset(gap.parent for gap in seen.gaps if gap.parent is not None and gap.call)
        return Earlier(seen.records, self.began, incomplete)


@contextmanager
def standing(world: World, **settings: Any) -> Iterator[tuple[GithubStandin, str]]:
    standin = GithubStandin(
        world, tokens={"token-canary": dict(READ_ALL)}, clock=lambda: world.now, **settings
    )
    with serve(standin) as url:
        yield standin, url


def collect_world(
    standin: GithubStandin,
    url: str,
    *,
    tables: tuple[str, ...] | None = None,
    before: Collected | None = None,
    credential: Any = None,
    also_allowed: str | None = None,
    **settings: Any,
) -> Collected:
    """Collect some tables, or all; `before` is the collection that came before."""
    collected = Collected(began=standin.world.now)
    passed = [0.0]

    def sleep(seconds: float) -> None:
        passed[0] += seconds

    wall = standin.world.now.timestamp()
    http = github_http(
        url,
        credential or (lambda: Secret("Bearer token-canary")),
        allowance=Allowance.loopback(*(int(one.rpartition(":")[2]) for one in (url, also_allowed) if one)),
        patience=Patience(attempts=3),
        clock=Clock(wall=lambda: wall + passed[0], steady=lambda: passed[0], sleep=sleep),
    )
    run = GithubRun(
        standin.world.login,
        http,
        START,
        root=url,
        earlier=before.earlier if before else (lambda table: None),
        clock=lambda: standin.world.now + timedelta(seconds=passed[0]),
        sleep=sleep,
    )
    wanted = SPECS if tables is None else {name: SPECS[name] for name in tables}
    try:
        for seen in collect_github(
            run,
            wanted,
            on_call=collected.calls.append,
            on_events=lambda evidence: collected.events.__setitem__(evidence.table, evidence),
            on_skew=collected.skews.append,
            **settings,
        ):
            if isinstance(seen, NotSeen):
                collected.not_seen[seen.gap.table] = seen.gap
            else:
                collected.populations[seen.table] = seen
    finally:
        http.close()
    return collected


def everything(collected: Collected) -> bytes:
    """Every byte that a home would keep of a collection."""
    records = [
        {"key": one.key, "parent": one.parent, "record": one.record}
        for seen in collected.populations.values()
        for one in seen.records
    ]
    gaps = [gap.to_json() for seen in collected.populations.values() for gap in seen.gaps]
    gaps += [gap.to_json() for gap in collected.not_seen.values()]
    events = [evidence.to_json() for evidence in collected.events.values()]
    return encode([records, gaps, events, [repr(call) for call in collected.calls]])


def instant(text: str) -> datetime:
    """An instant as a row holds it."""
    return parse_instant(text).replace(tzinfo=None)
