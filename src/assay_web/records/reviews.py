"""Access reviews: what was frozen at the start, what was decided of each line, and what later looks show of it.

What is frozen cannot be changed by anyone: the database refuses it (migration 0008), not only the services.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from assay.audit.access_review import Removal, late_after
from assay_web.records.accounts import Account


class ReviewState(models.TextChoices):
    """How far a review is."""

    OPEN = "open", "Under way"
    SIGNED = "signed", "Signed off"
    ENDED = "ended", "Called off"


class Decision(models.TextChoices):
    """What a reviewer decides of a line."""

    KEEP = "keep", "Keep"
    CHANGE = "change", "Change"
    REMOVE = "remove", "Remove"


class RemovalState(models.TextChoices):
    """What looks show of what was asked for."""

    NONE = Removal.NONE, "Nothing asked for"
    ASKED = Removal.ASKED, "Asked for; no later look yet"
    SHOWN = Removal.SHOWN, "Shown by a later look"
    STILL = Removal.STILL, "Still there"
    UNSEEN = Removal.UNSEEN, "Not seen since"
    BACK = Removal.BACK, "There again"


def new_review_id() -> str:
    """Draw a review's id."""
    return secrets.token_hex(6)


class Review(models.Model):
    """One campaign. `root` is over its lines as they were frozen; `unseen` is what was not seen then, and so is not reviewed."""

    id = models.CharField(primary_key=True, max_length=12, default=new_review_id, editable=False)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=ReviewState.choices, default=ReviewState.OPEN)
    due = models.DateField()
    second = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    instead = models.CharField(max_length=2_000, blank=True)
    parameters = models.JSONField(default=dict)
    lines_frozen = models.PositiveIntegerField(default=0)
    root = models.CharField(max_length=64)
    unseen = models.JSONField(default=list)
    started = models.DateTimeField(default=timezone.now)
    started_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    started_entry = models.BigIntegerField(default=0)
    signed = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    signed_entry = models.BigIntegerField(null=True)
    decisions_root = models.CharField(max_length=64, blank=True)
    said = models.CharField(max_length=2_000, blank=True)
    evidence = models.JSONField(default=list)
    ended = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    ended_entry = models.BigIntegerField(null=True)
    why_ended = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(state__in=ReviewState.values), name="review_state_known"),
            models.CheckConstraint(
                condition=~Q(state=ReviewState.SIGNED) | (Q(signed_by__isnull=False) & ~Q(decisions_root="")),
                name="review_signed_by_someone",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due"], name="review_by_state")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state == ReviewState.OPEN

    @property
    def is_late(self) -> bool:
        """True for what is under way after its due day, in the zone of whoever looks."""
        return self.is_open and self.due < timezone.localdate()

    @property
    def removal_days(self) -> int:
        """Within how many days changes are to be made, as in force at the start."""
        return int(self.parameters["access_review_removal_days"])


class ReviewSystem(models.Model):
    """One table of one source in a review: which populations it was frozen from, what of it was not seen, and who reviews it and makes the changes."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="systems")
    number = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=64)
    table = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    reviewer = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    by_manager = models.BooleanField(default=False)
    remover = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    cites = models.JSONField(default=list)
    gaps = models.JSONField(default=list)
    complete = models.JSONField(null=True)
    lines_frozen = models.PositiveIntegerField(default=0)
    ended_records = models.PositiveIntegerField(default=0)
    erased_records = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "number"], name="review_system_once")
        ]

    def __str__(self) -> str:
        return self.title


class ReviewLine(models.Model):
    """One right of one account. What it says is `body`, sealed where it is about a person; `commitment` is its leaf.

    `holder` is the account here of the person whose access it is. `version` goes up with every change, so that nobody overwrites what
    they have not seen. `looked` is the newest collection that was looked at for its removal.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="lines")
    system = models.ForeignKey(ReviewSystem, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    commitment = models.CharField(max_length=64)
    evidence = models.CharField(max_length=64)
    privileged = models.BooleanField(default=False)
    unmatched = models.BooleanField(default=False)
    dormant = models.BooleanField(default=False)
    holder = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    alone = models.BooleanField(default=False)
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    reason = models.CharField(max_length=1_000, blank=True)
    instead = models.CharField(max_length=1_000, blank=True)
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    decided_entry = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)
    removal = models.CharField(
        max_length=8, choices=RemovalState.choices, blank=True, default=RemovalState.NONE
    )
    removal_entry = models.BigIntegerField(null=True)
    removal_at = models.DateTimeField(null=True)
    looked = models.BigIntegerField(default=-1)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "number"], name="review_line_once"),
            models.CheckConstraint(
                condition=Q(decision="") | Q(decided_by__isnull=False), name="review_line_decided_by_someone"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(holder__isnull=True)
                | ~Q(decided_by=F("holder"))
                | Q(alone=True),
                name="review_line_not_by_its_holder",
            ),
            models.CheckConstraint(
                condition=~Q(decision__in=[Decision.CHANGE, Decision.REMOVE]) | ~Q(reason=""),
                name="review_line_change_has_reason",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["review", "reviewer", "decision", "number"], name="review_line_by_reviewer"),
            models.Index(
                fields=["review", "system", "reviewer", "decision", "removal"], name="review_line_outcome"
            ),
            models.Index(fields=["removal", "review"], name="review_line_by_removal"),
            *(
                models.Index(
                    fields=["review", "number"], name=f"review_line_{one}", condition=Q(**{one: True})
                )
                for one in ("privileged", "unmatched", "dormant", "alone")
            ),
        ]

    def __str__(self) -> str:
        return f"Line {self.number}"

    @property
    def keep_needs_reason(self) -> bool:
        """Whether keeping it needs a reason: it is privileged, nobody's, or unused."""
        return self.privileged or self.unmatched or self.dormant

    def late_on(self, days: int, now: datetime) -> bool:
        """Whether what was asked for was shown late, or is not shown and late by now."""
        if self.decided is None or self.removal == RemovalState.NONE:
            return False
        shown = self.removal_at if self.removal == RemovalState.SHOWN else now
        return shown is not None and shown > late_after(self.decided, days)


class ReviewEvent(models.Model):
    """What happened to a review or one of its lines: the act, who did it, what they wrote, and the ledger entry that holds it. Never changed."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="events")
    line = models.ForeignKey(ReviewLine, null=True, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=64)
    act = models.CharField(max_length=40)
    decision = models.CharField(max_length=8, blank=True)
    said = models.CharField(max_length=2_000, blank=True)
    entry = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["entry", "id"]

    def __str__(self) -> str:
        return self.act
