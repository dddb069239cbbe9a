"""Access reviews as pages show them: how far each is, filtered lines in pages, who still has some, and what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from assay_web.queries.people import names_of
from assay_web.queries.review_lines import HIDDEN, Said, every_text, opened
from assay_web.records.accounts import Account
from assay_web.records.reviews import (
    Decision,
    RemovalState,
    Review,
    ReviewEvent,
    ReviewLine,
    ReviewState,
    ReviewSystem,
)

PAGE = 50
RECORD_PAGE = 200
"""How many lines of the record stand on one page."""
KINDS = {
    "privileged": "Privileged",
    "unmatched": "Nobody’s",
    "dormant": "Unused",
    "alone": "Reviewer’s own",
    "late": "Late",
}
FLAGS = ("privileged", "unmatched", "dormant", "alone")
DECISIONS = {"open": "Not decided", **{str(one): str(one.label) for one in Decision}}
REMOVALS = {str(one): str(one.label) for one in RemovalState if one}
ACTS = {
    "review.started": "Started",
    "review.decided": "Decided",
    "review.delegated": "Given to another reviewer",
    "review.due_changed": "Another due day",
    "review.signed": "Signed off",
    "review.ended": "Called off",
    "review.removal_shown": "The change is shown",
    "review.removal_still_there": "Still there",
    "review.removal_unseen": "Not seen: a gap proves nothing",
    "review.removal_back": "There again",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How many lines of something are decided, and as what; how the changes stand."""

    total: int
    keep: int
    change: int
    remove: int
    shown: int
    still: int
    unseen: int

    @property
    def left(self) -> int:
        return self.total - self.keep - self.change - self.remove

    @property
    def decided(self) -> int:
        return self.total - self.left

    @property
    def asked(self) -> int:
        """How many changes were asked for."""
        return self.change + self.remove

    @property
    def waiting(self) -> int:
        """How many changes no look has spoken about yet."""
        return self.asked - self.shown - self.still - self.unseen


@dataclass(frozen=True, slots=True)
class ListedReview:
    """A review in the list."""

    review: Review
    progress: Progress


@dataclass(frozen=True, slots=True)
class Filter:
    """What of a review is shown."""

    system: int = 0
    reviewer: str = ""
    decision: str = ""
    removal: str = ""
    kind: str = ""
    words: str = ""
    number: int = 1


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with what it says."""

    line: ReviewLine
    said: Said
    late: bool


@dataclass(frozen=True, slots=True)
class LinePage:
    """One page of lines."""

    lines: tuple[ShownLine, ...]
    matching: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A review in which somebody still has lines to decide."""

    review: Review
    lines: int
    late: bool


def listed() -> list[ListedReview]:
    """Give every review, those under way first, then the newest."""
    reviews = Review.objects.select_related("started_by", "signed_by").order_by("-started", "pk")
    counts = _counted(ReviewLine.objects.all(), "review_id")
    order = {ReviewState.OPEN: 0, ReviewState.SIGNED: 1, ReviewState.ENDED: 2}
    found = [ListedReview(one, _progress(counts, one.pk)) for one in reviews]
    return sorted(found, key=lambda one: order[ReviewState(one.review.state)])


def tallied(review: Review) -> Tally:
    """Count the lines of a review by system, reviewer, decision and how the change stands: one look at an index, from which the rest is added up."""
    rows = review.lines.order_by().values_list("system_id", "reviewer_id", "decision", "removal")
    return tuple((*row[:4], row[4]) for row in rows.annotate(number=Count("pk")))


def progress(tally: Tally) -> Progress:
    return _progress(_grouped(tally, None), "")


def progress_of(review: Review, account: Account) -> Progress:
    """Give how far somebody is with their lines."""
    mine = review.lines.filter(reviewer=account.pk)
    return _progress(_counted(mine, "reviewer_id"), account.pk)


def by_system(review: Review, tally: Tally) -> list[tuple[ReviewSystem, Progress]]:
    """Give the systems of a review with how far each is."""
    counts = _grouped(tally, 0)
    systems = review.systems.select_related("reviewer", "remover").order_by("number")
    return [(one, _progress(counts, one.pk)) for one in systems]


def by_reviewer(tally: Tally) -> list[tuple[Account, Progress]]:
    """Give the reviewers with how far each is, those with the most left first."""
    counts = _grouped(tally, 1)
    accounts = Account.objects.in_bulk(list({who for who, *_ in counts}))
    pairs = [(one, _progress(counts, pk)) for pk, one in accounts.items()]
    return sorted(pairs, key=lambda pair: (-pair[1].left, pair[0].name, pair[0].pk))


def kinds_of(review: Review) -> dict[str, int]:
    """Count the lines that need a closer look."""
    return {name: review.lines.filter(**{name: True}).count() for name in FLAGS}


def read_filter(given: Mapping[str, str]) -> Filter:
    """Read a filter out of an address; what cannot be meant is as if it were not there."""
    return Filter(
        system=_number(given.get("system", ""), 0),
        reviewer=given.get("reviewer", "")[:12],
        decision=given["decision"] if given.get("decision") in DECISIONS else "",
        removal=given["removal"] if given.get("removal") in REMOVALS else "",
        kind=given["kind"] if given.get("kind") in KINDS else "",
        words=given.get("q", "")[:200],
        number=_number(given.get("page", ""), 1),
    )


def matching(review: Review, chosen: Filter, *, named: bool) -> QuerySet[ReviewLine]:
    """Give the lines of a filter, in their order. Words look in what those may read who may see people."""
    found = review.lines.order_by("number")
    if chosen.system:
        found = found.filter(system__number=chosen.system)
    if chosen.reviewer:
        found = found.filter(reviewer=chosen.reviewer)
    if chosen.decision:
        found = found.filter(decision="" if chosen.decision == "open" else chosen.decision)
    if chosen.removal:
        found = found.filter(removal=chosen.removal)
    if chosen.kind == "late":
        found = _late(review)(found)
    elif chosen.kind:
        found = found.filter(**{chosen.kind: True})
    if chosen.words.strip():
        found = found.filter(number__in=_with_words(review, chosen.words)) if named else found.none()
    return found


def _numbers(review: Review, chosen: Filter, *, named: bool) -> list[int] | QuerySet[ReviewLine, int]:
    """Give the numbers of the lines of a filter; words are looked for in memory, where a database would take a list of thousands."""
    found = matching(review, replace(chosen, words=""), named=named).values_list("number", flat=True)
    if not chosen.words.strip():
        return found
    with_words = set(_with_words(review, chosen.words)) if named else set()
    return [one for one in found if one in with_words]


def line_page(review: Review, chosen: Filter, *, named: bool, size: int = PAGE) -> LinePage:
    numbers = _numbers(review, chosen, named=named)
    count = len(numbers) if isinstance(numbers, list) else numbers.count()
    pages = max(1, -(-count // size))
    number = min(max(1, chosen.number), pages)
    there = review.lines.filter(number__in=list(numbers[(number - 1) * size : number * size]))
    lines = list(there.select_related("system", "reviewer", "decided_by").order_by("number"))
    return LinePage(tuple(shown(review, lines, named=named)), count, number, pages)


def shown(review: Review, lines: Sequence[ReviewLine], *, named: bool) -> list[ShownLine]:
    """Give lines with what they say, for those who may see people or review these."""
    said = opened(lines) if named else [HIDDEN] * len(lines)
    now = timezone.now()
    return [
        ShownLine(one, text, one.late_on(review.removal_days, now))
        for one, text in zip(lines, said, strict=True)
    ]


def count_late(review: Review) -> int:
    return _late(review)(review.lines.all()).count()


def waiting_on(account: Account) -> list[Waiting]:
    """Give the reviews in which somebody still has lines to decide, what is due first: for their tasks, reminders and their own page."""
    rows = (
        ReviewLine.objects.filter(reviewer=account.pk, decision="", review__state=ReviewState.OPEN)
        .order_by()
        .values("review_id")
        .annotate(number=Count("pk"))
    )
    counts = {row["review_id"]: row["number"] for row in rows}
    reviews = Review.objects.filter(pk__in=list(counts)).order_by("due", "pk") if counts else ()
    return [Waiting(one, counts[one.pk], one.is_late) for one in reviews]


def count_waiting(account: Account) -> int:
    """Count the lines that somebody still has to decide."""
    return ReviewLine.objects.filter(reviewer=account.pk, decision="", review__state=ReviewState.OPEN).count()


def whom_to_remind(today: date) -> list[tuple[Account, Waiting]]:
    """Give everyone who still has lines in a review under way, what is due first."""
    rows = (
        ReviewLine.objects.filter(decision="", review__state=ReviewState.OPEN)
        .order_by()
        .values("review_id", "reviewer_id")
        .annotate(number=Count("pk"))
    )
    found = list(rows)
    reviews = Review.objects.in_bulk([row["review_id"] for row in found])
    accounts = Account.objects.in_bulk([row["reviewer_id"] for row in found])
    waiting = [
        (
            accounts[row["reviewer_id"]],
            Waiting(one := reviews[row["review_id"]], row["number"], one.due < today),
        )
        for row in found
    ]
    return sorted(waiting, key=lambda pair: (pair[1].review.due, pair[0].name, pair[0].pk))


def history(events: QuerySet[ReviewEvent]) -> list[dict[str, Any]]:
    """Give what happened, oldest first, with names in the place of ids."""
    found = list(events.select_related("line"))
    names = names_of(
        {one.by for one in found} | {word.rstrip(".") for one in found for word in one.said.split()[1:2]}
    )
    return [
        {
            "event": one,
            "says": ACTS.get(one.act, one.act),
            "by": names.get(one.by, "Assay" if one.by == "assay" else one.by),
            "decision": DECISIONS.get(one.decision, ""),
            "said": _named(one, names),
        }
        for one in found
    ]


def _named(one: ReviewEvent, names: Mapping[str, str]) -> str:
    if one.act != "review.delegated":
        return one.said
    to, _, rest = one.said.removeprefix("To ").partition(".")
    return f"To {names.get(to, to)}.{rest}"


def _late(review: Review) -> Callable[[QuerySet[ReviewLine]], QuerySet[ReviewLine]]:
    """Give what keeps of lines those whose change was shown late, or is not shown and late by now."""
    days = timedelta(days=review.removal_days)
    shown = Q(removal=RemovalState.SHOWN, removal_at__gt=F("decided") + days)
    others = [one for one in RemovalState.values if one not in {RemovalState.NONE, RemovalState.SHOWN}]
    waiting = Q(removal__in=others, decided__lt=timezone.now() - days)
    return lambda lines: lines.filter(shown | waiting)


def _with_words(review: Review, words: str) -> list[int]:
    wanted = words.casefold().split()
    return [number for number, text in every_text(review.pk).items() if all(word in text for word in wanted)]


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 7 else otherwise


def _grouped(tally: Tally, by: int | None) -> Counts:
    """Add a tally up by one of its columns, or altogether."""
    found: Counts = Counter()
    for row in tally:
        found["" if by is None else row[by], row[2], row[3]] += row[4]
    return found


Tally = tuple[tuple[int, str, str, str, int], ...]
"""How many lines there are by system, reviewer, decision and removal."""
Counts = dict[tuple[Any, str, str], int]
"""How many lines there are by whatever they were grouped by, decision and removal."""


def _counted(lines: QuerySet[ReviewLine], group: str) -> Counts:
    rows = lines.order_by().values_list(group, "decision", "removal").annotate(number=Count("pk"))
    return {(one, decision, removal): number for one, decision, removal, number in rows}


def _progress(counts: Counts, group: Any) -> Progress:
    mine = {
        (decision, removal): number for (one, decision, removal), number in counts.items() if one == group
    }

    def decided(wanted: str) -> int:
        return sum(number for (decision, _), number in mine.items() if decision == wanted)

    def removed(*wanted: str) -> int:
        return sum(number for (_, removal), number in mine.items() if removal in wanted)

    return Progress(
        total=sum(mine.values()),
        keep=decided(Decision.KEEP),
        change=decided(Decision.CHANGE),
        remove=decided(Decision.REMOVE),
        shown=removed(RemovalState.SHOWN),
        still=removed(RemovalState.STILL, RemovalState.BACK),
        unseen=removed(RemovalState.UNSEEN),
    )
