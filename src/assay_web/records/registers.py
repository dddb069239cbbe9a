"""A register: lines that people keep by hand, each with a number, a version and a history that cites the ledger."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assay_web.records.accounts import Account


class Line(models.Model):
    """One line of a register. What it says are the fields in SAYS and no others; it is ended, never deleted.

    `version` goes up with every change, so that nobody overwrites what they have not seen. PERSON names those fields that tell who a person is,
    the one that they are found by first: acts hold them sealed under that person's key. UNTOLD names those that no act holds at all.
    """

    PREFIX: ClassVar[str]
    END: ClassVar[str] = "ended"
    SAYS: ClassVar[tuple[str, ...]]
    PERSON: ClassVar[tuple[str, ...]] = ()
    UNTOLD: ClassVar[tuple[str, ...]] = ()

    version = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    changed = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    ended = models.DateTimeField(null=True)
    why_ended = models.CharField(max_length=400, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ended__isnull=True) | ~Q(why_ended=""), name="%(class)s_ended_with_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.PREFIX}-{self.pk}"

    @classmethod
    def register(cls) -> str:
        """Give the register's name, as acts and events hold it: the model's, in small letters."""
        return cls.__name__.lower()


class LineEvent(models.Model):
    """What happened to a line: the deed, who did it, which fields it changed from what to what, what they wrote, and the ledger entry that holds it.

    Never changed. Fields that tell who a person is stand in `changes` by name alone.
    """

    register = models.CharField(max_length=24)
    line = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=64)
    deed = models.CharField(max_length=24)
    changes = models.JSONField(default=dict)
    said = models.TextField(blank=True)
    entry = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["entry", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["register", "line"], name="event_of_line")
        ]

    def __str__(self) -> str:
        return f"{self.register}.{self.deed}"
