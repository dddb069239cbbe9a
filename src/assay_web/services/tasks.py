"""Verbs on tasks. Each is one act; `settle` lets a look close or reopen what came from one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from assay.errors import AssayError
from assay.evidence.canonical import Json
from assay.evidence.ledger import Kind
from assay_web.home import current_home
from assay_web.queries.standing import Object, Standing
from assay_web.queries.subjects import Look, item_ref, look_at, sources_of
from assay_web.records.accounts import Account
from assay_web.records.tasks import LIVE_TASKS, Task, TaskEvent, TaskSource, TaskState
from assay_web.services.acting import acting

BY_ASSAY = "assay"
"""Who acts when a look closes or reopens a task."""


class TaskMovedError(AssayError):
    """Someone else changed a task since it was read."""


class TaskError(AssayError):
    """Something cannot be done to a task; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task to be made. `personal` says that its items are people, whom no act names."""

    what: str
    why: str = ""
    source: str = TaskSource.HAND
    about: str = ""
    items: tuple[Object, ...] = ()
    watch: tuple[str, ...] = ()
    owner: Account | None = None
    due: date | None = None
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """Which tasks a look closed, and which it reopened, by their ids."""

    closed: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()


def make_tasks(wanted: Sequence[Wanted], *, by: Account) -> list[Task]:
    """Make tasks: one act, however many. Raises TaskError where there is nothing to make."""
    if not wanted:
        raise TaskError("Nothing was chosen. Choose at least one.")
    made = [_new(one) for one in wanted]
    said = [_said_of(task, one) for task, one in zip(made, wanted, strict=True)]
    with transaction.atomic():
        with acting("task.made", by, tasks=said) as act:
            for task in made:
                task.save(force_insert=True)
        _note(made, "task.made", by.actor, act.entry)
        _from_now_on(made, act.entry)
    return made


def change(
    task: Task, *, version: int, by: Account, what: str, why: str, owner: Account | None, due: date | None
) -> None:
    """Change what was read as `version`; nothing where nothing differs. Raises TaskMovedError where it was changed since."""
    with transaction.atomic():
        found = _unmoved(task, version)
        before = _fields(found)
        found.what, found.why, found.owner, found.due = what, why, owner, due
        after = _fields(found)
        differs = {name: after[name] for name in after if after[name] != before[name]}
        if not differs:
            return
        act_name = _ACTS.get(tuple(differs), "task.changed")
        with acting(
            act_name, by, task=task.pk, before={name: before[name] for name in differs}, after=differs
        ) as act:
            found.version += 1
            found.save(force_update=True)
        _note([found], act_name, by.actor, act.entry, _changes(differs, owner, due))


def assign(ids: Iterable[str], *, by: Account, owner: Account | None) -> int:
    """Give many tasks to one person: one act over their ids; gives how many it moved. Raises TaskError where there is nothing to give."""
    with transaction.atomic():
        found = list(
            Task.objects.select_for_update().filter(pk__in=set(ids), state__in=LIVE_TASKS).order_by("pk")
        )
        found = [one for one in found if one.owner_id != (owner and owner.pk)]
        if not found:
            raise TaskError(
                "None of the chosen tasks can be given to this person: they are theirs, or ended."
            )
        details = {"owner": owner and owner.actor, "tasks": [one.pk for one in found]}
        with acting("task.assigned", by, **details) as act:
            Task.objects.filter(pk__in=[one.pk for one in found]).update(
                owner=owner, version=F("version") + 1
            )
        _note(found, "task.assigned", by.actor, act.entry, _to(owner))
    return len(found)


def comment(task: Task, text: str, *, by: Account) -> None:
    """Write something below a task."""
    with transaction.atomic():
        with acting("task.commented", by, task=task.pk, text=text) as act:
            pass
        _note([task], "task.commented", by.actor, act.entry, text)


def say_done(task: Task, *, version: int, by: Account, said: str = "") -> None:
    """Say that a task is done. One that came from a look waits for the next one. Raises TaskMovedError and TaskError."""
    with transaction.atomic():
        with acting("task.done", by, task=task.pk, text=said) as act:
            found = _unmoved(task, version)
            _refuse_unless(found, TaskState.OPEN)
            found.state = TaskState.DONE if found.source == TaskSource.HAND else TaskState.WAITING
            found.version += 1
            found.save(force_update=True)
        _note([found], "task.done", by.actor, act.entry, said)
        _from_now_on([found], act.entry)


def drop(task: Task, *, version: int, by: Account, why: str) -> None:
    """Drop a task for a reason. Raises TaskMovedError and TaskError."""
    with transaction.atomic():
        with acting("task.dropped", by, task=task.pk, why=why) as act:
            found = _unmoved(task, version)
            _refuse_unless(found, TaskState.OPEN, TaskState.WAITING)
            found.state, found.why_dropped = TaskState.DROPPED, why
            found.version += 1
            found.save(force_update=True)
        _note([found], "task.dropped", by.actor, act.entry, why)
        _from_now_on([found], act.entry)


def reopen(task: Task, *, version: int, by: Account, why: str = "") -> None:
    """Open a task again. Raises TaskMovedError and TaskError."""
    with transaction.atomic():
        with acting("task.reopened", by, task=task.pk, why=why) as act:
            found = _unmoved(task, version)
            _refuse_unless(found, TaskState.WAITING, TaskState.DONE, TaskState.DROPPED)
            found.state, found.why_dropped = TaskState.OPEN, ""
            found.version += 1
            found.save(force_update=True)
        _note([found], "task.reopened", by.actor, act.entry, why)
        _from_now_on([found], act.entry)


def settle(found: Standing) -> Settled:
    """Let the newest conclusions close tasks whose cause is gone, and reopen those said to be done whose cause is still there.

    Acts cite the ledger entry of the conclusions. What is unknown does neither; a second call with the same conclusions does nothing.
    1. Look at what came from a look and was last touched before this one. 2. Close. 3. Reopen, where its sources were collected since.
    """
    tasks = list(
        Task.objects.exclude(source__in=[TaskSource.HAND, TaskSource.REVIEW])
        .exclude(state=TaskState.DROPPED)
        .filter(since__lt=found.entry)
        .order_by("pk")
    )
    looks = {one.pk: look_at(found, one.source, one.about, one.items, one.watch) for one in tasks}  # 1
    gone = [one for one in tasks if one.is_live and looks[one.pk] is Look.GONE]
    live = {_cause(one) for one in tasks if one.is_live}
    back = [
        one
        for one in tasks
        if looks[one.pk] is Look.THERE
        and (one.state == TaskState.WAITING or (one.state == TaskState.DONE and _cause(one) not in live))
    ]
    collected = _collected_since(min((one.since for one in back), default=found.entry), found.entry)
    seen_again = [
        one
        for one in back
        if all(collected.get(kind, -1) > one.since for kind in sources_of(one.source, one.about))
    ]
    return Settled(
        _moved_by_look("task.closed", gone, TaskState.DONE, found),  # 2
        _moved_by_look("task.reopened", seen_again, TaskState.OPEN, found),  # 3
    )


def _moved_by_look(
    act_name: str, tasks: Sequence[Task], state: TaskState, found: Standing
) -> tuple[str, ...]:
    """Move tasks to a state by one act of Assay; those that someone touched meanwhile are left to the next look."""
    with transaction.atomic():
        still = dict(
            Task.objects.select_for_update()
            .filter(pk__in=[one.pk for one in tasks])
            .values_list("pk", "version")
        )
        moved = [one for one in tasks if still.get(one.pk) == one.version]
        if not moved:
            return ()
        ids = [one.pk for one in moved]
        with acting(act_name, BY_ASSAY, tasks=ids, conclusions=found.entry) as act:
            Task.objects.filter(pk__in=ids).update(state=state, version=F("version") + 1)
        _note(moved, act_name, BY_ASSAY, act.entry, _WHY[state].format(entry=found.entry))
        _from_now_on(moved, act.entry)
    return tuple(ids)


_WHY = {
    TaskState.DONE: "The look of ledger entry {entry} shows that it is gone.",
    TaskState.OPEN: "The look of ledger entry {entry} shows that it is still there.",
}
_ACTS: dict[tuple[str, ...], str] = {("owner",): "task.assigned", ("due",): "task.due_changed"}


def _cause(task: Task) -> tuple[str, ...]:
    """Give what tells whether two tasks came from the same thing, chosen in the same look: of those only one is open."""
    return (task.source, task.about, *sorted(item_ref(one) for one in task.items))


def _collected_since(start: int, end: int) -> dict[str, int]:
    """Give the ledger's index of the newest collection of each kind of source, after `start` and before `end`."""
    ledger = current_home().ledger
    return {
        ledger.body(entry)["source"]["kind"]: entry.ordinal
        for entry in ledger.entries(start, Kind.COLLECTION)
        if entry.ordinal < end
    }


def _new(one: Wanted) -> Task:
    return Task(
        what=one.what,
        why=one.why,
        source=one.source,
        about=one.about,
        items=list(one.items),
        watch=list(one.watch),
        owner=one.owner,
        due=one.due,
    )


def _said_of(task: Task, one: Wanted) -> Json:
    """What the act says of a task. Items that are people are counted, not named."""
    said: dict[str, Any] = {"source": task.source, "task": task.pk, **_fields(task)}
    if one.about:
        said["about"] = one.about
    if one.items:
        said["items"] = len(one.items) if one.personal else [item["key"] for item in one.items]
    return said


def _fields(task: Task) -> dict[str, Any]:
    return {
        "due": task.due and task.due.isoformat(),
        "owner": f"account:{task.owner_id}" if task.owner_id else None,
        "what": task.what,
        "why": task.why,
    }


def _changes(differs: Iterable[str], owner: Account | None, due: date | None) -> str:
    words = {
        "owner": _to(owner),
        "due": f"Due {due}." if due else "Due on no day.",
        "what": "Other words for what is to be done.",
        "why": "Another reason.",
    }
    return " ".join(words[name] for name in differs)


def _to(owner: Account | None) -> str:
    """Say whose it is now, by id: pages put the name there."""
    return f"To {owner.actor if owner else 'nobody'}."


def _unmoved(task: Task, version: int) -> Task:
    found = Task.objects.select_for_update().get(pk=task.pk)
    if found.version != version:
        raise TaskMovedError(
            "Someone changed this task since you opened it. Both versions are below; nothing of yours is lost."
        )
    return found


def _refuse_unless(task: Task, *states: TaskState) -> None:
    if task.state not in states:
        raise TaskError(f"This task reads “{task.get_state_display()}” by now. Look at its history below.")


def _note(tasks: Sequence[Task], act: str, by: str, entry: int, said: str = "") -> None:
    at = timezone.now()
    TaskEvent.objects.bulk_create(
        TaskEvent(task_id=task.pk, at=at, by=by, act=act, said=said, entry=entry) for task in tasks
    )


def _from_now_on(tasks: Sequence[Task], entry: int) -> None:
    """Only looks after an act on the state speak about it."""
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(since=entry)
