"""What the company promised customers, and what the system must do so that the promises hold."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from assay_web.records.registers import Line


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


class Commitment(Line):
    """One line of the register."""

    PREFIX = "C"
    END = "retired"
    SAYS = ("sort", "source", "reference", "dated", "text", "criteria", "controls")

    sort = models.CharField(max_length=16, choices=Sort.choices, default=Sort.COMMITMENT)
    source = models.CharField(max_length=16, choices=Source.choices)
    reference = models.CharField(max_length=200, blank=True)
    dated = models.DateField()
    text = models.TextField(max_length=4_000)
    criteria = models.JSONField(default=list)
    controls = models.JSONField(default=list)

    class Meta(Line.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.CheckConstraint(condition=Q(sort__in=Sort.values), name="commitment_sort_known"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="commitment_source_known"),
        ]
