"""Tasks as lists and pages show them: filtered, sorted, in pages; and beside the steps that they came from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.utils import timezone

from assay_web.access import PERMISSIONS, May
from assay_web.queries.front import Step
from assay_web.queries.people import names_of
from assay_web.queries.standing import Object, Standing
from assay_web.queries.subjects import address_of, by_ref_now, shown_items, step_text, title_of
from assay_web.records.accounts import Account, Role, State
from assay_web.records.tasks import LIVE_TASKS, Task, TaskEvent, TaskSource, TaskState

PAGE = 50
SORTS = {
    "due": (F("due").asc(nulls_last=True), "made"),
    "made": ("-made",),
    "what": ("what", "made"),
    "owner": (F("owner__name").asc(nulls_last=True), "made"),
}
STATES = ("live", *TaskState.values, "all")
HEADINGS = ("id", "what", "why", "source", "about", "items", "owner", "due", "late", "state", "made")
_ACCOUNT = re.compile(r"account:[0-9a-f]{12}")
ACTS = {
    "task.made": "Made",
    "task.assigned": "Assigned",
    "task.due_changed": "Due day changed",
    "task.changed": "Changed",
    "task.commented": "Wrote",
    "task.done": "Said to be done",
    "task.dropped": "Dropped",
    "task.reopened": "Opened again",
    "task.closed": "Closed by a look",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the list is shown, as its address says."""

    state: str = "live"
    owner: str = ""
    source: str = ""
    words: str = ""
    sort: str = ""
    number: int = 1


@dataclass(frozen=True, slots=True)
class TaskPage:
    tasks: tuple[Task, ...]
    matching: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a task's history, in words."""

    event: TaskEvent
    act: str
    who: str
    said: str


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step of the report, what it is about as an address says it, and the task that someone made of it."""

    step: Step
    about: str
    task: Task | None


def read_filter(given: Mapping[str, str]) -> Filter:
    """Read a filter out of an address; what cannot be meant is as if it were not there."""
    page = given.get("page", "")
    return Filter(
        state=given["state"] if given.get("state") in STATES else "live",
        owner=given.get("owner", "")[:12],
        source=given["source"] if given.get("source") in TaskSource.values else "",
        words=given.get("q", "")[:200],
        sort=given["sort"] if given.get("sort") in SORTS else "",
        number=int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 7 else 1,
    )


def matching_tasks(chosen: Filter, account: Account) -> QuerySet[Task]:
    """Give the tasks of a filter; by default one's own first, and what is due first among them."""
    found = Task.objects.select_related("owner")
    if chosen.state == "live":
        found = found.filter(state__in=LIVE_TASKS)
    elif chosen.state != "all":
        found = found.filter(state=chosen.state)
    if chosen.owner == "none":
        found = found.filter(owner__isnull=True)
    elif chosen.owner:
        found = found.filter(owner=account.pk if chosen.owner == "me" else chosen.owner)
    if chosen.source:
        found = found.filter(source=chosen.source)
    for word in chosen.words.split():
        found = found.filter(
            Q(what__icontains=word) | Q(about__icontains=word) | Q(owner__name__icontains=word)
        )
    mine = Case(When(owner=account.pk, then=Value(0)), default=Value(1))
    order = SORTS[chosen.sort] if chosen.sort else (mine, *SORTS["due"])
    return found.order_by(*order, "pk")


def task_page(chosen: Filter, account: Account) -> TaskPage:
    every = matching_tasks(chosen, account)
    count = every.count()
    pages = max(1, -(-count // PAGE))
    number = min(max(1, chosen.number), pages)
    return TaskPage(tuple(every[(number - 1) * PAGE : number * PAGE]), count, number, pages)


def counts(account: Account) -> dict[str, int]:
    """Count what the list's first sentence says: open, waiting, one's own, late, without anybody."""
    live = Q(state__in=LIVE_TASKS)
    is_open = Q(state=TaskState.OPEN)
    return Task.objects.aggregate(
        live=Count("pk", filter=live),
        open=Count("pk", filter=is_open),
        waiting=Count("pk", filter=Q(state=TaskState.WAITING)),
        done=Count("pk", filter=Q(state=TaskState.DONE)),
        dropped=Count("pk", filter=Q(state=TaskState.DROPPED)),
        all=Count("pk"),
        mine=Count("pk", filter=live & Q(owner=account.pk)),
        none=Count("pk", filter=live & Q(owner__isnull=True)),
        late=Count("pk", filter=is_open & Q(due__lt=timezone.localdate())),
    )


def open_of(account: Account) -> int:
    """Count a person's open tasks."""
    return Task.objects.filter(owner=account.pk, state=TaskState.OPEN).count()


def can_own() -> QuerySet[Account]:
    """Give everyone who can be given a task."""
    roles = [role for role in Role if May.DO_TASKS in PERMISSIONS[role]]
    current = Q(ends__isnull=True) | Q(ends__gt=timezone.now())
    return Account.objects.filter(current, role__in=roles, state=State.ACTIVE).order_by("name", "pk")


def history(task: Task) -> list[Happened]:
    """Give what happened to a task, oldest first, with names in the place of ids."""
    events = list(task.events.all())
    mentioned = {one for event in events for one in _ACCOUNT.findall(event.said)} | {one.by for one in events}
    names = names_of(mentioned)
    return [
        Happened(
            one,
            ACTS.get(one.act, one.act),
            names.get(one.by, "Assay" if one.by == "assay" else one.by),
            _ACCOUNT.sub(lambda found: names.get(found[0], found[0]), one.said)
            if one.act != "task.commented"
            else one.said,
        )
        for one in events
    ]


def with_tasks(steps: Sequence[Step], reported: Sequence[Object]) -> list[StepShown]:
    """Put beside each step the task for all of it, or else the one that is due first for a part of it."""
    texts = [step_text(one) for one in reported]
    abouts = [text.partition(":")[2] for text in texts]
    live = Task.objects.select_related("owner").filter(state__in=LIVE_TASKS, about__in=abouts)
    found: dict[str, Task] = {}
    for task in live.order_by(*SORTS["due"], "pk"):
        text = f"{task.source}:{task.about}"
        if text not in found or (found[text].items and not task.items):
            found[text] = task
    return [StepShown(step, text, found.get(text)) for step, text in zip(steps, texts, strict=True)]


def without_task(found: Standing) -> list[Object]:
    """Give the steps of which nobody has made a task, each with what addresses say for it."""
    texts = [step_text(one) for one in found.report["next_steps"]]
    abouts = [text.partition(":")[2] for text in texts]
    taken = Task.objects.filter(state__in=LIVE_TASKS, about__in=abouts).values_list("source", "about")
    made = {f"{source}:{about}" for source, about in taken}
    return [
        {**one, "text": text}
        for one, text in zip(found.report["next_steps"], texts, strict=True)
        if text not in made
    ]


def of_subject(source: str, about: str) -> list[Task]:
    """Give the open and waiting tasks of a check, gap or control."""
    return list(
        Task.objects.select_related("owner")
        .filter(source=source, about=about, state__in=LIVE_TASKS)
        .order_by(*SORTS["due"], "pk")
    )


def by_item(found: Standing, about: str, tasks: Iterable[Task]) -> dict[str, Task]:
    """Give the tasks of a check by the short names that their items have now."""
    return by_ref_now(found, about, [(item, one) for one in tasks for item in one.items])


def subject(found: Standing | None, task: Task, *, named: bool) -> dict[str, Any] | None:
    """Give what a task came from: its words, its page, its items as they read now; None for one made by hand."""
    if task.source == TaskSource.HAND:
        return None
    shown = shown_items(found, task.about, task.items, named=named) if task.source == TaskSource.CHECK else []
    return {
        "address": address_of(task.source, task.about),
        "items": shown,
        "title": title_of(found, task.source, task.about),
    }


def rows_of(found: Standing | None, tasks: Iterable[Task], *, named: bool) -> Iterable[tuple[Any, ...]]:
    """Give tasks as lines for other programs."""
    for one in tasks:
        about = subject(found, one, named=named)
        yield (
            one.pk,
            one.what,
            one.why,
            one.get_source_display(),
            one.about,
            [item["name"] for item in about["items"]] if about else [],
            str(one.owner or ""),
            one.due and one.due.isoformat(),
            one.is_late,
            one.get_state_display(),
            one.made.isoformat(),
        )
