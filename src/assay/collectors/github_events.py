"""Events, collected step by step: from when they are wanted, what of earlier collections stays, and what shows that none is missing.

An event that was once seen stays in its population. GitHub is asked again only for a window that overlaps the last collection, since
events arrive late: a run is tried again, a commit bears an old date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from assay.collectors.asking import Ask
from assay.collectors.listing import gaps_in_order
from assay.collectors.seen import PopulationSeen, SeenRecord
from assay.evidence.canonical import Json, NotCanonicalError, instant_text, parse_instant
from assay.evidence.gaps import Gap, Reason
from assay.tables import TableSpec, unseen_columns


@dataclass(frozen=True, slots=True)
class EventRule:
    """How one list of events is walked: the member that orders it, newest first, and how far a window reaches back into the last one.

    `since` names the argument by which GitHub itself leaves out what is older; `sequence` the member that counts without a hole.
    `whole` lists are walked to their end at first, whatever their age: an alert raised long ago may still be open.
    """

    ordered_by: str | None
    overlap: timedelta
    since: str | None = None
    sequence: str | None = None
    whole: bool = False


EVENTS: Mapping[str, EventRule] = {
    "GET /repos/{owner}/{repo}/pulls": EventRule("updated_at", timedelta(days=1)),
    "GET /repos/{owner}/{repo}/commits": EventRule(None, timedelta(days=30), since="since"),
    "GET /repos/{owner}/{repo}/deployments": EventRule("created_at", timedelta(days=1)),
    "GET /repos/{owner}/{repo}/actions/runs": EventRule(
        "created_at", timedelta(days=30), sequence="run_number"
    ),
    "GET /repos/{owner}/{repo}/dependabot/alerts": EventRule(
        "updated_at", timedelta(days=1), sequence="number", whole=True
    ),
    "GET /repos/{owner}/{repo}/code-scanning/alerts": EventRule(
        "updated_at", timedelta(days=1), sequence="number", whole=True
    ),
    "GET /repos/{owner}/{repo}/secret-scanning/alerts": EventRule(
        "updated_at", timedelta(days=1), sequence="number", whole=True
    ),
    "GET /orgs/{org}/audit-log": EventRule(None, timedelta(days=1), since="phrase"),
}
REVIEWS = "github_pull_request_review"
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


def is_event(spec: TableSpec) -> bool:
    """Say whether a table holds events, which stay once seen."""
    return spec.list.call.name in EVENTS or spec.name == REVIEWS


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the last collection left of a table: its records, when it began, and the parents of which it could not see everything."""

    records: list[SeenRecord]
    began: datetime
    incomplete: frozenset[str] = frozenset()


def bound_by_reviews(pulls: Earlier, reviews: Earlier | None, start: datetime) -> Earlier:
    """Give what was left of pull requests, as far as their reviews were seen too: reviews are asked for with their pull request only."""
    if reviews is None:
        return replace(pulls, began=start)
    torn = frozenset(key.rpartition("#")[0] for key in reviews.incomplete)
    return replace(pulls, began=min(pulls.began, reviews.began), incomplete=pulls.incomplete | torn)


@dataclass(frozen=True, slots=True)
class Window:
    """From when events are wanted. `start` bounds the first collection; `earlier` gives by call what a collection before left."""

    start: datetime
    earlier: Mapping[str, Earlier] = field(default_factory=dict)
    listed_before: frozenset[str] = frozenset()

    def floor(self, call: str, parent: str | None) -> datetime:
        """Give the instant from which the events of a call are asked: 1. the start, 2. later where they were seen whole before."""
        start = _EVER if EVENTS[call].whole else self.start
        before = self.earlier.get(call)
        if before is None or (
            parent is not None and (parent in before.incomplete or parent not in self.listed_before)
        ):
            return start
        return max(start, before.began - EVENTS[call].overlap)

    def arguments(self, ask: Ask) -> dict[str, str]:
        """Give the arguments that let GitHub leave older events away."""
        rule = EVENTS.get(ask.call)
        if rule is None or rule.since is None:
            return {}
        floor = instant_text(self.floor(ask.call, _parent(ask)).replace(microsecond=0))
        return {rule.since: f"created:>={floor}" if rule.since == "phrase" else floor}

    def cut(self, ask: Ask, page: Json) -> tuple[Json, bool]:
        """Give the part of a page inside the window, and whether the next page can still hold any; other shapes are left as they are."""
        rule = EVENTS.get(ask.call)
        items = page.get("workflow_runs") if isinstance(page, dict) else page
        if rule is None or rule.ordered_by is None or not isinstance(items, list):
            return page, True
        floor = self.floor(ask.call, _parent(ask))
        within = [item for item in items if not _is_before(item, rule.ordered_by, floor)]
        cut = {**page, "workflow_runs": within} if isinstance(page, dict) else within
        return cut, len(within) == len(items)


def _parent(ask: Ask) -> str | None:
    repo = ask.arguments.get("repo")
    return None if repo is None else f"{ask.account}/{repo}"


def _is_before(item: Json, member: str, floor: datetime) -> bool:
    """What has no readable instant is not left away: the engine names it as malformed."""
    value = item.get(member) if isinstance(item, dict) else None
    try:
        return isinstance(value, str) and parse_instant(value) < floor
    except NotCanonicalError:
        return False


@dataclass(frozen=True, slots=True)
class Repositories:
    """Which repositories are listed now, which were before, and which of those are gone: deleted, moved away, or hidden from us."""

    now: frozenset[str]
    gone: frozenset[str]
    renamed: frozenset[str]

    @classmethod
    def compare(cls, now: Iterable[SeenRecord], before: Iterable[SeenRecord]) -> Repositories:
        """Compare two lists by name and by number: a number that stays under another name was renamed, and is collected anew."""
        names, numbers = {one.key for one in now}, {_number(one) for one in now}
        left = [one for one in before if one.key not in names]
        renamed = frozenset(one.key for one in left if _number(one) in numbers)
        return cls(frozenset(names), frozenset(one.key for one in left) - renamed, renamed)


def _number(record: SeenRecord) -> Json:
    part = record.record.get("repos")
    return part.get("id") if isinstance(part, dict) else None


def with_earlier(
    seen: PopulationSeen,
    spec: TableSpec,
    window: Window,
    earlier: Earlier | None,
    repositories: Repositories,
    asked_again: frozenset[str],
) -> PopulationSeen:
    """Give the whole population of events: 1. what was seen now, 2. what was seen before and not now, 3. gaps for
    what was not seen of these, and for time and repositories not covered.

    `asked_again` are the pull requests whose reviews were asked for now: of these only what was seen now counts.
    """
    records = {one.key: one for one in seen.records}  # 1
    failed = {gap.parent for gap in seen.gaps if gap.key is None}
    for one in earlier.records if earlier else ():  # 2
        replaced = one.parent in asked_again and one.parent not in failed
        if one.key not in records and not replaced and repository_of(one) not in repositories.renamed:
            records[one.key] = one
    new = {one.key for one in seen.records}
    kept = [one for key, one in records.items() if key not in new]
    gaps = [
        *seen.gaps,
        *still_unseen(seen, spec, kept),
        *not_covered(seen, spec, window, earlier, repositories),
    ]  # 3
    ordered = [records[key] for key in sorted(records, key=str.encode)]
    return replace(seen, records=ordered, gaps=gaps_in_order(gaps))


def still_unseen(seen: PopulationSeen, spec: TableSpec, kept: Iterable[SeenRecord]) -> list[Gap]:
    """Give a gap for each event of before that was not seen whole then and is not asked for any more."""
    return [
        Gap(
            seen.table,
            Reason.FAILED,
            seen.account,
            seen.region,
            parent=one.parent,
            key=one.key,
            columns=unseen,
            detail="not seen when it was collected",
        )
        for one in kept
        if (unseen := unseen_columns(spec, one.record))
    ]


def not_covered(
    seen: PopulationSeen, spec: TableSpec, window: Window, earlier: Earlier | None, repositories: Repositories
) -> list[Gap]:
    """Give the gaps for time before events are collected and for repositories that are gone.

    Each is over a parent that no record has, so no event that was seen becomes unknown by it; `at` is the instant that bounds it. A gap over
    time before an instant says nothing about a period that starts later (`matters`).
    """
    start = instant_text(window.start)
    base = Gap(seen.table, Reason.NOT_COVERED, seen.account, seen.region, call=spec.list.call.name)
    rule = EVENTS.get(spec.list.call.name)
    bounded = rule is None or not rule.whole
    gaps = (
        [replace(base, parent=f"time before {start}", at=start, detail="before events are collected")]
        if bounded
        else []
    )
    for name in sorted(repositories.gone):
        last = instant_text(earlier.began if earlier else window.start)
        gaps.append(
            replace(
                base, parent=f"{name} after {last}", at=last, detail="deleted, moved or hidden from the token"
            )
        )
    return gaps


def repository_of(record: SeenRecord) -> str | None:
    """Give the full name of the repository that an event is of, None for one of the organization."""
    part = next(iter(record.record.values()), None)
    name = part.get("full_name") if isinstance(part, dict) else None
    return name if isinstance(name, str) else None


@dataclass(frozen=True, slots=True)
class EventEvidence:
    """What speaks for a population of events being whole.

    `asked_from` is by repository the instant from which it was asked this time; `counted` what GitHub itself counted; `missing` the numbers
    that a sequence without holes lacks between its lowest and highest, by repository (and workflow).
    """

    table: str
    account: str
    covered_from: str
    asked_from: Mapping[str, str]
    seen: int
    counted: Mapping[str, int]
    missing: Mapping[str, list[int]]

    def to_json(self) -> dict[str, Json]:
        """Give the member object for a collection's body."""
        return {
            "account": self.account,
            "asked_from": dict(sorted(self.asked_from.items())),
            "counted": dict(sorted(self.counted.items())),
            "covered_from": self.covered_from,
            "missing": dict(sorted(self.missing.items())),
            "seen": self.seen,
            "table": self.table,
        }


def evidence_of(
    seen: PopulationSeen,
    spec: TableSpec,
    window: Window,
    repositories: Iterable[str],
    totals: Mapping[tuple[str, str], int],
) -> EventEvidence:
    """Gather the sequence and count evidence of a population of events."""
    call = spec.list.call.name
    rule = EVENTS.get(call)
    parents: dict[str, str | None] = (
        {name: name for name in repositories} if "{repo}" in call else {seen.account: None}
    )
    asked = (
        {}
        if rule is None
        else {name: instant_text(window.floor(call, parent)) for name, parent in parents.items()}
    )
    counted = {
        f"{seen.account}/{repo}": count for (asked_call, repo), count in totals.items() if asked_call == call
    }
    missing = holes(seen.records, spec.part, rule.sequence) if rule is not None and rule.sequence else {}
    start = instant_text(_EVER if rule is not None and rule.whole else window.start)
    return EventEvidence(seen.table, seen.account, start, asked, len(seen.records), counted, missing)


def holes(records: Iterable[SeenRecord], part: str, member: str, most: int = 50) -> dict[str, list[int]]:
    """Give the numbers that are missing in each sequence of the records, at most `most` of each; a workflow's runs are their own sequence."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for one in records:
        kept = one.record[part]
        workflow = f" workflow {kept['workflow_id']}" if "workflow_id" in kept else ""
        if isinstance(kept.get(member), int):
            numbers[f"{kept.get('full_name')}{workflow}"].add(kept[member])
    found = {
        name: [n for n in range(min(seen), max(seen)) if n not in seen][:most]
        for name, seen in numbers.items()
        if max(seen) - min(seen) < 10**6
    }
    return {name: gone for name, gone in found.items() if gone}


EarlierOf = Callable[[str], Earlier | None]
"""Gives by table what the last collection left of it."""
