"""Changes and deployments as they come: populations of a period out of the collected tables, by month, with how each was made. Nothing here judges."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from assay.audit.changes import Month, Reach, Seen, months
from assay.evidence.canonical import Json, parse_instant
from assay.evidence.gaps import Gap, Reason
from assay_web.queries.seen_tables import Row, SeenTable, seen_tables
from assay_web.queries.standing import Object, Standing

_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_BEFORE = "time before "
REVIEWS = "github_pull_request_review"


@dataclass(frozen=True, slots=True)
class ChangeKind:
    """A kind of change: the word in addresses, its words, the table, the column that says when it was, which rows count, and the columns shown."""

    name: str
    one: str
    many: str
    table: str
    when: str
    columns: tuple[tuple[str, str], ...]
    counts: Callable[[Row], bool] = lambda row: True


KINDS = {
    one.name: one
    for one in (
        ChangeKind(
            "merged",
            "merged pull request",
            "merged pull requests",
            "github_pull_request",
            "merged_at",
            (
                ("key", "Change"),
                ("merged_at", "Merged"),
                ("author", "Author"),
                ("approved by", "Approved by"),
                ("reviewed by", "Reviewed by"),
                ("base_branch", "Into"),
                ("to_default_branch", "Default branch"),
            ),
            lambda row: row["merged"] is True,
        ),
        ChangeKind(
            "deployed",
            "deployment",
            "deployments",
            "github_deployment",
            "created",
            (
                ("key", "Deployment"),
                ("created", "Asked for"),
                ("creator", "By"),
                ("environment", "Environment"),
                ("production", "Production"),
                ("ref", "Of"),
                ("sha", "Commit"),
            ),
        ),
        ChangeKind(
            "committed",
            "commit on a default branch",
            "commits on default branches",
            "github_commit_on_default",
            "committed",
            (
                ("key", "Commit"),
                ("committed", "Committed"),
                ("author", "Author"),
                ("committer", "Committer"),
                ("verified", "Signed"),
                ("pull_requests", "Brought by"),
            ),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Changes:
    """The population of a period: its months, its rows in the order of time, how it was made, and what was not seen."""

    kind: ChangeKind
    first: date
    last: date
    months: tuple[Month, ...]
    rows: tuple[dict[str, Any], ...]
    undated: int
    made: tuple[dict[str, Json], ...]
    gaps: tuple[Gap, ...]
    reach: Reach | None

    @property
    def unseen(self) -> list[Month]:
        """The months of which nothing, or not all, was seen."""
        return [one for one in self.months if one.seen is not Seen.WHOLE]


def changes(found: Standing | None, kind: ChangeKind, first: date, last: date, zone: ZoneInfo) -> Changes:
    """Give the population of the days from `first` to `last`, both included, in the company's zone.

    1. What was seen up to the newest conclusions. 2. Those that count, by when they were. 3. Those of the period, with reviews beside them.
    """
    tables = seen_tables(found.entry, kind.table, REVIEWS) if found else {}  # 1
    table = tables.get(kind.table, SeenTable((), None))
    counting = [row for row in table.rows if kind.counts(row)]  # 2
    dated = [(row[kind.when].replace(tzinfo=UTC), row) for row in counting if row[kind.when] is not None]
    reach = reach_of(table)
    start = datetime.combine(first, time(), zone)
    stop = datetime.combine(last + timedelta(days=1), time(), zone)
    inside = sorted(
        ((at, row) for at, row in dated if start <= at < stop), key=lambda one: (one[0], one[1]["key"])
    )
    beside = _reviews(tables[REVIEWS]) if kind.name == "merged" and tables else {}  # 3
    return Changes(
        kind,
        first,
        last,
        months((at for at, _ in inside), reach, first=first, last=last, zone=zone),
        tuple(_shown(kind, row, beside) for _, row in inside),
        len(counting) - len(dated),
        tuple(table.made()),
        table.looks.gaps if table.looks else (),
        reach,
    )


def reach_of(table: SeenTable) -> Reach | None:
    """Give from when to when a table of events was surely seen; None where it never was. Of several populations, what all of them saw."""
    if table.looks is None or not table.looks.populations:
        return None
    ends = [parse_instant(one.statement["made"]["started"]) for one in table.looks.populations]
    whole = [gap for gap in table.looks.gaps if gap.columns is None]
    before = [
        gap for gap in whole if gap.reason is Reason.NOT_COVERED and (gap.parent or "").startswith(_BEFORE)
    ]
    starts = [parse_instant(gap.at) for gap in before if gap.at]
    return Reach(max(starts, default=_EVER), min(ends), holes=len(before) < len(whole))


def _reviews(table: SeenTable) -> dict[tuple[str, int], list[Row]] | None:
    """Give reviews by what they are of; None where they were not seen."""
    if table.looks is None:
        return None
    found: dict[tuple[str, int], list[Row]] = {}
    for row in table.rows:
        found.setdefault((row["repo"], row["number"]), []).append(row)
    return found


def _shown(kind: ChangeKind, row: Row, beside: dict[tuple[str, int], list[Row]] | None) -> dict[str, Any]:
    shown = {name: row[name] for name, _ in kind.columns if name in row}
    if kind.name == "merged":
        given = None if beside is None else beside.get((row["repo"], row["number"]), [])
        shown["approved by"] = _reviewers(given, "APPROVED")
        shown["reviewed by"] = _reviewers(given)
    return {name: shown[name] for name, _ in kind.columns}


def _reviewers(reviews: list[Row] | None, state: str = "") -> list[str] | None:
    if reviews is None:
        return None
    return sorted(
        {one["reviewer"] or "an account that is gone" for one in reviews if state in ("", one["state"])}
    )


def change_checks(found: Standing | None) -> list[Object]:
    """Give the checks on changes as they conclude now: what is judged is judged there."""
    if found is None:
        return []
    return [one for one in found.report["checks"] if any(id_.startswith("CHG-") for id_ in one["controls"])]


def period_of(first: date | None, last: date | None) -> tuple[date, date]:
    """Give the period asked for; without one, the twelve months up to today, the running one included."""
    end = last or timezone.localdate()
    start = first or (end.replace(day=1) - timedelta(days=330)).replace(day=1)
    return (start, end) if start <= end else (end, start)


def export_rows(population: Changes) -> Iterable[tuple[Any, ...]]:
    """Give the population's rows for other programs."""
    for row in population.rows:
        yield tuple(_plain(value) for value in row.values())


def _plain(value: Any) -> Any:
    if value is None:
        return "not seen"
    return f"{value.isoformat()}Z" if isinstance(value, datetime) else value
