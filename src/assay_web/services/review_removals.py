"""Lets later looks speak about what an access review asked for: shown only by a complete collection that began after the decision, never by a gap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from assay.audit.access_review import Removal
from assay_web.queries.review_lines import erased_commitments
from assay_web.queries.review_looks import Looked, looks_at
from assay_web.records.reviews import RemovalState, Review, ReviewLine, ReviewState
from assay_web.records.tasks import LIVE_TASKS, Task, TaskEvent, TaskSource, TaskState
from assay_web.services.acting import acting
from assay_web.services.reviews import BATCH, note
from assay_web.services.tasks import BY_ASSAY

_ACTS = {
    Removal.SHOWN: "review.removal_shown",
    Removal.STILL: "review.removal_still_there",
    Removal.UNSEEN: "review.removal_unseen",
    Removal.BACK: "review.removal_back",
}


@dataclass(frozen=True, slots=True)
class Moved:
    """A line that a look moves: to what, and by which collection."""

    line: ReviewLine
    to: Removal
    look: Looked


def settle_reviews() -> int:
    """Let every collection since the last call speak; gives how many lines moved. A second call with the same ledger does nothing.

    What was erased is emptied first. 1. What was asked for and is under way or signed off. 2. One act for each review and outcome. 3. Tasks whose changes are all shown close.
    """
    empty_what_was_erased()
    asked = ReviewLine.objects.exclude(removal=RemovalState.NONE).exclude(review__state=ReviewState.ENDED)
    by_system: dict[int, list[ReviewLine]] = defaultdict(list)
    for one in asked.select_related("system", "review").order_by("system_id", "number"):  # 1
        by_system[one.system_id].append(one)
    moved = 0
    for lines in by_system.values():
        for look, spoken in looks_at(lines[0].system, lines):
            moved += _settle(lines[0].review, look, spoken)  # 2
    _settle_tasks()  # 3
    return moved


def empty_what_was_erased() -> int:
    """Empty the lines whose evidence an erasure entry names; gives how many. Their commitments stay, so that the root does."""
    gone = erased_commitments()
    if not gone:
        return 0
    lines = ReviewLine.objects.exclude(body={}).values_list("pk", "evidence")
    found = [pk for pk, evidence in lines.iterator() if evidence in gone]
    for start in range(0, len(found), BATCH):
        ReviewLine.objects.filter(pk__in=found[start : start + BATCH]).update(body={})
    return len(found)


def _settle(review: Review, look: Looked, spoken: Sequence[tuple[ReviewLine, Removal]]) -> int:
    """Move the lines that one collection speaks about; those that somebody decided anew meanwhile are left to the next call."""
    with transaction.atomic():
        still = dict(
            ReviewLine.objects.select_for_update(of=("self",))
            .filter(pk__in=[one.pk for one, _ in spoken])
            .values_list("pk", "version")
        )
        current = [(one, to) for one, to in spoken if still.get(one.pk) == one.version]
        changed = [(one, to) for one, to in current if to != one.removal]
        for outcome, act in _ACTS.items():
            lines = [one for one, to in changed if to is outcome]
            if lines:
                _move(review, look, lines, outcome, act)
        ReviewLine.objects.filter(pk__in=[one.pk for one, _ in current]).update(looked=look.entry)
    for one, to in current:
        one.removal, one.looked = to, look.entry
    return len(changed)


def _move(review: Review, look: Looked, lines: Sequence[ReviewLine], outcome: Removal, act_name: str) -> None:
    """One act over lines with the same outcome, which cites the collection."""
    numbers = [one.number for one in lines]
    with acting(act_name, BY_ASSAY, review=review.pk, lines=numbers, collection=look.entry) as act:
        ReviewLine.objects.filter(pk__in=[one.pk for one in lines]).update(
            removal=outcome, removal_entry=look.entry, removal_at=look.held
        )
    said = f"Collection of ledger entry {look.entry}."
    note(review, act_name, BY_ASSAY, act.entry, said, [(one.pk, "") for one in lines])


def _settle_tasks() -> None:
    """Close tasks of which nothing is left to be shown; open again those said to be done while something is still there."""
    tasks = list(Task.objects.filter(source=TaskSource.REVIEW, state__in=LIVE_TASKS).order_by("pk"))
    if not tasks:
        return
    left = _left({one.about.partition(".")[0] for one in tasks})
    close = [one for one in tasks if not left.get(one.about)]
    back = [
        one
        for one in tasks
        if one.state == TaskState.WAITING and {Removal.STILL, Removal.BACK} & left.get(one.about, set())
    ]
    _tasks("task.closed", close, TaskState.DONE, "A look shows all that the access review asked for.")
    _tasks("task.reopened", back, TaskState.OPEN, "A look shows that something of it is still there.")


def _left(reviews: Iterable[str]) -> dict[str, set[Removal]]:
    """Give how what is not shown yet stands, by the task's subject."""
    found: dict[str, set[Removal]] = defaultdict(set)
    rows = (
        ReviewLine.objects.filter(review__in=list(reviews))
        .exclude(review__state=ReviewState.ENDED)
        .exclude(removal__in=[RemovalState.NONE, RemovalState.SHOWN])
        .values_list("review_id", "system__number", "removal")
        .distinct()
    )
    for review, number, removal in rows:
        found[f"{review}.{number}"].add(Removal(removal))
    return found


def _tasks(act_name: str, tasks: Sequence[Task], state: TaskState, says: str) -> None:
    if not tasks:
        return
    ids = [one.pk for one in tasks]
    with transaction.atomic():
        with acting(act_name, BY_ASSAY, tasks=ids) as act:
            Task.objects.filter(pk__in=ids).update(state=state, version=F("version") + 1)
        Task.objects.filter(pk__in=ids).update(since=act.entry)
        TaskEvent.objects.bulk_create(
            TaskEvent(task_id=one, by=BY_ASSAY, act=act_name, said=says, entry=act.entry) for one in ids
        )
