"""Background work: what was asked for, how far it is, and who holds it until when."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone


class JobKind(models.TextChoices):
    COLLECT = "collect", "Collect and judge"
    JUDGE = "judge", "Judge"
    TELL = "tell", "Tell people"


class JobState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class JobStep(models.TextChoices):
    """What a running job is at."""

    COLLECTING = "collecting", "Collecting"
    JUDGING = "judging", "Judging"
    PUBLISHING = "publishing", "Publishing"
    TELLING = "telling", "Telling"


LIVE = (JobState.WAITING, JobState.RUNNING)


def new_job_id() -> str:
    """Draw a job's id."""
    return secrets.token_hex(8)


class Job(models.Model):
    """One piece of background work. A worker holds it by a lease; a lease that runs out lets another go on with it.

    `since` is the ledger's size when it was first begun: what the ledger holds from there on need not be done again. `again_by` is who asked for the
    same while it ran: another job follows for them. `attempts` counts how often it was begun, `failures` how often it did not work. Of the step that
    it is at, `done` parts `of` all are done, and `doing` says more.
    """

    id = models.CharField(primary_key=True, max_length=16, default=new_job_id, editable=False)
    kind = models.CharField(max_length=16, choices=JobKind.choices)
    sources = models.JSONField(default=list)
    asked_by = models.CharField(max_length=64)
    slot = models.CharField(max_length=32, null=True)
    state = models.CharField(max_length=16, choices=JobState.choices, default=JobState.WAITING)
    asked = models.DateTimeField(default=timezone.now)
    due = models.DateTimeField(default=timezone.now)
    begun = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    since = models.BigIntegerField(null=True)
    worker = models.CharField(max_length=32, default="", blank=True)
    lease = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    again_by = models.CharField(max_length=64, default="", blank=True)
    step = models.CharField(max_length=16, choices=JobStep.choices, default="", blank=True)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    doing = models.CharField(max_length=200, default="", blank=True)
    outcomes = models.JSONField(default=dict)
    said = models.TextField(default="", blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(kind__in=JobKind.values), name="job_kind_known"),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(state__in=[one.value for one in LIVE]),
                name="job_one_live_of_a_kind",
            ),
            models.UniqueConstraint(fields=["kind", "slot"], name="job_once_a_slot"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "due"], name="job_by_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_state_display().lower()}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE
