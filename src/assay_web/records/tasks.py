"""What is to be done, by whom and until when; and what was done about it. A task that came from a look is closed by a look."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from assay_web.records.accounts import Account


class TaskState(models.TextChoices):
    """How far a task is. Somebody who says that it is done lets it wait for the look that shows it."""

    OPEN = "open", "Open"
    WAITING = "waiting", "Waiting for the next look"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


class TaskSource(models.TextChoices):
    """Where a task comes from."""

    CHECK = "check", "Check"
    GAP = "gap", "Not seen"
    CONTROL = "control", "Control"
    HAND = "hand", "By hand"
    REVIEW = "review", "Access review"


LIVE_TASKS = (TaskState.OPEN, TaskState.WAITING)


def new_task_id() -> str:
    """Draw a task's id."""
    return secrets.token_hex(6)


class Task(models.Model):
    """One thing to do. `about` is the id of the check, gap or control; `items` are those of the check, none for all of it.

    `watch` says what else the closing look must show. `since` is the ledger entry of the newest act on the state: only later looks
    speak about it. `version` goes up with every change, so that nobody overwrites what they have not seen.
    """

    id = models.CharField(primary_key=True, max_length=12, default=new_task_id, editable=False)
    what = models.CharField(max_length=300)
    why = models.TextField(max_length=2_000, blank=True)
    source = models.CharField(max_length=8, choices=TaskSource.choices)
    about = models.CharField(max_length=200, blank=True)
    items = models.JSONField(default=list)
    watch = models.JSONField(default=list)
    owner = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="tasks")
    due = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=TaskState.choices, default=TaskState.OPEN)
    why_dropped = models.CharField(max_length=400, blank=True)
    made = models.DateTimeField(default=timezone.now)
    since = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(state__in=TaskState.values), name="task_state_known"),
            models.CheckConstraint(condition=Q(source__in=TaskSource.values), name="task_source_known"),
            models.CheckConstraint(
                condition=Q(source=TaskSource.HAND, about="") | (~Q(source=TaskSource.HAND) & ~Q(about="")),
                name="task_says_what_it_is_about",
            ),
            models.CheckConstraint(
                condition=~Q(state=TaskState.DROPPED) | ~Q(why_dropped=""), name="task_dropped_with_reason"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due"], name="task_by_state"),
            models.Index(fields=["source", "about"], name="task_by_source"),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_TASKS

    @property
    def is_late(self) -> bool:
        """True for what is open after its due day, in the zone of whoever looks."""
        return self.state == TaskState.OPEN and self.due is not None and self.due < timezone.localdate()


class TaskEvent(models.Model):
    """What happened to a task: the act, who did it, what they wrote, and the ledger entry that holds it. Never changed."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=64)
    act = models.CharField(max_length=40)
    said = models.TextField(blank=True)
    entry = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["entry", "id"]

    def __str__(self) -> str:
        return self.act
