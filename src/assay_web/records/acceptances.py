"""Risks that the company takes for a while: what of, why, what makes up for it, who asked, who approved, until when."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from assay_web.records.accounts import Account


class AcceptanceState(models.TextChoices):
    """What was decided. Whether an approved one is still in force is a matter of its day."""

    ASKED = "asked", "Waiting for approval"
    APPROVED = "approved", "Accepted"
    REFUSED = "refused", "Refused"
    ENDED = "ended", "Ended"


class AcceptanceSource(models.TextChoices):
    """What a risk can be accepted of."""

    CHECK = "check", "Items of a check"
    CONTROL = "control", "Control"


def new_acceptance_id() -> str:
    """Draw an acceptance's id."""
    return secrets.token_hex(6)


class Acceptance(models.Model):
    """One acceptance. `until` is its last day, in the company's zone. `alone` says that the one who asked also approved, for want of anyone else.

    It changes no conclusion: what deviates still reads so.
    """

    id = models.CharField(primary_key=True, max_length=12, default=new_acceptance_id, editable=False)
    source = models.CharField(max_length=8, choices=AcceptanceSource.choices)
    about = models.CharField(max_length=200)
    items = models.JSONField(default=list)
    reason = models.TextField(max_length=2_000)
    instead = models.TextField(max_length=2_000)
    until = models.DateField()
    state = models.CharField(max_length=8, choices=AcceptanceState.choices, default=AcceptanceState.ASKED)
    asked = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_entry = models.BigIntegerField(default=0)
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    decided_entry = models.BigIntegerField(null=True)
    said = models.CharField(max_length=400, blank=True)
    alone = models.BooleanField(default=False)
    ended = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    ended_entry = models.BigIntegerField(null=True)
    why_ended = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state__in=AcceptanceState.values), name="acceptance_state_known"
            ),
            models.CheckConstraint(
                condition=Q(source__in=AcceptanceSource.values), name="acceptance_source_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[AcceptanceState.APPROVED, AcceptanceState.REFUSED])
                | Q(decided_by__isnull=False),
                name="acceptance_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state=AcceptanceState.APPROVED) | ~Q(decided_by=F("asked_by")) | Q(alone=True),
                name="acceptance_approved_by_another",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "until"], name="acceptance_by_state"),
            models.Index(fields=["source", "about"], name="acceptance_by_source"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} until {self.until}"

    @property
    def is_past(self) -> bool:
        """True after its last day, in the zone of whoever looks."""
        return self.until < timezone.localdate()
