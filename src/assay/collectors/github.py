"""Collects a GitHub organization: table specs by the common engine, events joined with what earlier collections saw.

1. Everything but the commits. 2. The commits, when the lists of pull requests have said which commits are merges.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from assay.collectors.engine import Account, Done, Known, Seen, collect, tables_needed
from assay.collectors.github_errors import throttled
from assay.collectors.github_events import (
    REVIEWS,
    Earlier,
    EarlierOf,
    EventEvidence,
    Repositories,
    Window,
    bound_by_reviews,
    evidence_of,
    is_event,
    with_earlier,
)
from assay.collectors.github_source import GithubSource, merge_of
from assay.collectors.seen import CallMade, NotSeen, PopulationSeen, Progress, SeenRecord
from assay.collectors.work import Run, Settings
from assay.evidence.canonical import Json
from assay.evidence.gaps import Gap, Reason
from assay.outbound.http import NO_ALLOWANCE, Allowance, Clock, Http, Patience, Secret, parse_url
from assay.tables import TableSpec

ROOT = "https://api.github.com"
LEAST_WAIT = 60.0
"""Seconds that GitHub asks to wait, at least, after a secondary limit (“Rate limits for the REST API”)."""
REPOSITORIES, PULL_REQUESTS, COMMITS = "github_repo", "github_pull_request", "github_commit_on_default"
_HIDDEN = {
    "github_org": frozenset({"plan", "two_factor_required", "base_permission"}),
    "github_org_member": frozenset({"two_factor_disabled"}),
    "github_repo": frozenset({"secret_scanning"}),
    "github_ruleset": frozenset({"bypass_actors"}),
}
"""Columns that GitHub leaves out of an answer for who may not see them: their absence is a refusal, not a malformed answer."""


@dataclass(frozen=True, slots=True)
class GithubRun:
    """One collection: organization, client, API root, from when events are wanted, and what the last collection left.

    `earlier` must also know `github_repo`, so that a repository that is gone is noticed.
    """

    organization: str
    http: Http
    events_from: datetime
    root: str = ROOT
    earlier: EarlierOf = lambda table: None
    settings: Settings = field(default_factory=lambda: Settings(places_at_once=4, records_at_once=8))
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep


def collect_github(
    run: GithubRun,
    specs: Mapping[str, TableSpec],
    *,
    on_call: Callable[[CallMade], None] = lambda call: None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    on_events: Callable[[EventEvidence], None] = lambda evidence: None,
    on_skew: Callable[[int], None] = lambda milliseconds: None,
    done: Done = frozenset(),
    known: Known = lambda table, account, region: [],
) -> Iterator[Seen]:
    """Collect the GitHub tables of `specs`; gives each once, as a population or as not seen.

    `on_events` is told what speaks for each population of events being whole, `on_skew` GitHub's clock minus ours in milliseconds, once
    for each answer. `done` and `known` resume a run that broke off.
    """
    wanted = {name: spec for name, spec in specs.items() if spec.source == "github"}
    resumed = (
        known(PULL_REQUESTS, run.organization, "") if (PULL_REQUESTS, run.organization, "") in done else []
    )
    source = _source(run, wanted, on_call, resumed)
    engine_run = Run(source, run.settings, run.clock, run.sleep)
    account = Account(run.organization)
    state = _State(run, wanted, source, known, on_events, frozenset(one.key for one in resumed))
    first = {name: spec for name, spec in wanted.items() if name != COMMITS}
    for seen in collect(engine_run, first, account, done=done, known=known, on_progress=on_progress):
        yield state.finish(seen)
    if COMMITS in wanted and (COMMITS, run.organization, "") not in done:
        last = tables_needed(specs, [COMMITS])
        yield from map(state.finish, state.commits(engine_run, last, account, on_progress))
    for skew in source.skews:
        on_skew(skew)


def github_http(
    root: str,
    credential: Callable[[], Secret],
    *,
    allowance: Allowance = NO_ALLOWANCE,
    patience: Patience | None = None,
    clock: Clock | None = None,
) -> Http:
    """Give the client for an organization's API at `root`: its credential goes there alone, and GitHub's ways of throttling are known."""
    parts = parse_url(root, allowance)
    return Http(
        credentials={f"{parts.scheme}://{parts.authority}": credential},
        allowance=allowance,
        patience=patience or Patience(first_guess_throttled=LEAST_WAIT),
        clock=clock,
        throttled=throttled,
    )


def _source(
    run: GithubRun,
    specs: Mapping[str, TableSpec],
    on_call: Callable[[CallMade], None],
    known_pulls: list[SeenRecord],
) -> GithubSource:
    before = run.earlier(REPOSITORIES)
    tables = {name: left for name, spec in specs.items() if is_event(spec) and (left := run.earlier(name))}
    if PULL_REQUESTS in tables and REVIEWS in specs:
        tables[PULL_REQUESTS] = bound_by_reviews(tables[PULL_REQUESTS], tables.get(REVIEWS), run.events_from)
    earlier = {specs[name].list.call.name: left for name, left in tables.items()}
    window = Window(
        run.events_from, earlier, frozenset(one.key for one in before.records) if before else frozenset()
    )
    source = GithubSource(run.http, run.root, window, on_call, run.clock().timestamp())
    pulls = run.earlier(PULL_REQUESTS)
    for one in [*(pulls.records if pulls else ()), *known_pulls]:
        part = one.record.get("pulls") or {}
        source.merges.update(merge_of(str(part.get("name")), part))
    return source


class _State:
    """What finishing a population needs to know of others: the repositories of now and before, the pull requests asked about."""

    def __init__(
        self,
        run: GithubRun,
        specs: Mapping[str, TableSpec],
        source: GithubSource,
        known: Known,
        on_events: Callable[[EventEvidence], None],
        asked_again: frozenset[str],
    ) -> None:
        self.run, self.specs, self.source, self.on_events = run, specs, source, on_events
        self._repositories: NotSeen | list[SeenRecord] = known(REPOSITORIES, run.organization, "")
        self._asked_again = asked_again

    def finish(self, seen: Seen) -> Seen:
        """Give what the engine saw as evidence may hold it: refusals named as such, events whole."""
        if not isinstance(seen, PopulationSeen):
            if seen.gap.table == REPOSITORIES:
                self._repositories = seen
            return replace(seen, gap=_with_alternative(seen.gap, self.specs[seen.gap.table]))
        spec = self.specs[seen.table]
        if seen.table == REPOSITORIES:
            self._repositories = seen.records
        if seen.table == PULL_REQUESTS:
            self._asked_again = frozenset(one.key for one in seen.records)
        seen = replace(seen, gaps=[_with_alternative(gap, spec) for gap in named_refusals(seen, spec)])
        return self._with_earlier(seen, spec) if is_event(spec) else seen

    def _with_earlier(self, seen: PopulationSeen, spec: TableSpec) -> PopulationSeen:
        now = self._repositories if isinstance(self._repositories, list) else []
        before = self.run.earlier(REPOSITORIES)
        repositories = Repositories.compare(now, before.records if before and now else ())
        earlier = self.run.earlier(seen.table)
        asked_again = self._asked_again if seen.table == REVIEWS else frozenset()
        whole = with_earlier(seen, spec, self.source.window, earlier, repositories, asked_again)
        self.on_events(
            evidence_of(whole, spec, self.source.window, sorted(repositories.now), self.source.totals)
        )
        return whole

    def commits(
        self,
        run: Run,
        specs: Mapping[str, TableSpec],
        account: Account,
        on_progress: Callable[[Progress], None],
    ) -> Iterator[Seen]:
        """Collect the commits for the repositories that the first part saw; without these, say why there are none."""
        listed = self._repositories
        if not isinstance(listed, list):
            yield NotSeen(replace(listed.gap, table=COMMITS))
            return
        done = frozenset({(REPOSITORIES, account.name, "")})
        yield from collect(
            run, specs, account, done=done, known=lambda table, where, region: listed, on_progress=on_progress
        )


def named_refusals(seen: PopulationSeen, spec: TableSpec) -> list[Gap]:
    """Give the gaps of a population, those over columns that GitHub hides from this token named as denied."""
    hidden = _HIDDEN.get(seen.table, frozenset())
    records = {one.key: one.record for one in seen.records}
    found: list[Gap] = []
    for gap in seen.gaps:
        left_out = frozenset(
            name
            for name in (gap.columns or frozenset()) & hidden
            if _is_left_out(spec, name, records.get(gap.key or ""))
        )
        if gap.reason is not Reason.MALFORMED or not left_out:
            found.append(gap)
            continue
        found.append(replace(gap, reason=Reason.DENIED, columns=left_out, detail="not shown to this token"))
        if gap.columns and gap.columns != left_out:
            found.append(replace(gap, columns=gap.columns - left_out))
    return found


def _is_left_out(spec: TableSpec, name: str, record: Mapping[str, Json] | None) -> bool:
    column = spec.columns[name]
    part = (record or {}).get(column.of)
    return isinstance(part, dict) and column.extract(part) is None


def _with_alternative(gap: Gap, spec: TableSpec) -> Gap:
    """Name the evidence that can stand in where the plan of the vendor, or a setting, leaves nothing to see."""
    if gap.reason not in (Reason.UNAVAILABLE, Reason.NOT_ENABLED) or spec.plan is None:
        return gap
    return replace(gap, detail=f"{gap.detail}. {spec.plan.says}")


__all__ = [
    "ROOT",
    "Earlier",
    "EventEvidence",
    "GithubRun",
    "collect_github",
    "github_http",
    "named_refusals",
]
