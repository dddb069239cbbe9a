"""What the company promised customers, and what the system must do so that the promises hold."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from assay_web.records.accounts import Account


class Source(models.TextChoices):
    """Where a commitment is written."""

    CONTRACT = "contract", "Contract"
    SLA = "sla", "Service level agreement"
    DPA = "dpa", "Data processing agreement"
    NOTICE = "notice", "Notice or policy to customers"


class Sort(models.TextChoices):
    """What it is."""

    COMMITMENT = "commitment", "Service commitment"
    REQUIREMENT = "requirement", "System requirement"


class Commitment(models.Model):
    """One line of the register. `version` goes up with every change, so that nobody overwrites what they have not seen."""

    sort = models.CharField(max_length=16, choices=Sort.choices, default=Sort.COMMITMENT)
    source = models.CharField(max_length=16, choices=Source.choices)
    reference = models.CharField(max_length=200, blank=True)
    dated = models.DateField()
    text = models.TextField(max_length=4_000)
    criteria = models.JSONField(default=list)
    controls = models.JSONField(default=list)
    retired = models.DateTimeField(null=True)
    why_retired = models.CharField(max_length=400, blank=True)
    version = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    changed = models.DateTimeField()
    changed_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(sort__in=Sort.values), name="commitment_sort_known"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="commitment_source_known"),
            models.CheckConstraint(
                condition=Q(retired__isnull=True) | ~Q(why_retired=""), name="commitment_retired_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"C-{self.pk}"
