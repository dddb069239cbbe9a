"""How fast each system has to be back and how much it may lose; and whose what was found is, and what it holds."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from assay_web.records.accounts import Account
from assay_web.records.registers import Line


class Tier(models.IntegerChoices):
    """In which order systems come back."""

    ONE = 1, "1: first, nothing works without it"
    TWO = 2, "2: the same day"
    THREE = 3, "3: when the others run"


class RecoveryObjective(Line):
    """A system with its objectives, in hours: `rto_hours` until it is back, `rpo_hours` of data that may be lost."""

    PREFIX = "S"
    END = "retired"
    SAYS = ("system", "tier", "rto_hours", "rpo_hours", "dependencies", "owner", "note")

    system = models.CharField(max_length=120)
    tier = models.PositiveSmallIntegerField(choices=Tier.choices)
    rto_hours = models.DecimalField(max_digits=7, decimal_places=2)
    rpo_hours = models.DecimalField(max_digits=7, decimal_places=2)
    dependencies = models.CharField(max_length=400, blank=True)
    owner = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.TextField(max_length=2_000, blank=True)

    class Meta(Line.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.CheckConstraint(
                condition=Q(rto_hours__gte=0) & Q(rpo_hours__gte=0), name="recovery_hours_not_negative"
            ),
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="recovery_tier_known"),
        ]


class Reach(models.TextChoices):
    """What an assignment speaks for; the narrower one counts."""

    KIND = "kind", "Everything of a kind"
    TAG = "tag", "What carries a tag"
    ONE = "one", "One asset"


class DataClass(models.TextChoices):
    """What an asset holds, by the company's scheme."""

    PUBLIC = "public", "Public"
    INTERNAL = "internal", "Internal"
    CONFIDENTIAL = "confidential", "Confidential"
    CUSTOMER = "customer", "Customer data"


class AssetAssignment(Line):
    """Whose assets are and what they hold, by kind, tag or one by one. The assets themselves are read from evidence, never kept here.

    `kind` is the table, `match` the tag as key:value or the asset's key; empty for a kind. `label` is how the one asset was called.
    """

    PREFIX = "A"
    END = "ended"
    SAYS = ("reach", "kind", "match", "label", "owner", "data_class")

    reach = models.CharField(max_length=4, choices=Reach.choices)
    kind = models.CharField(max_length=100)
    match = models.CharField(max_length=500, blank=True)
    label = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    data_class = models.CharField(max_length=12, choices=DataClass.choices, blank=True)

    class Meta(Line.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.CheckConstraint(condition=Q(reach__in=Reach.values), name="asset_reach_known"),
            models.UniqueConstraint(
                fields=["reach", "kind", "match"], condition=Q(ended__isnull=True), name="asset_assigned_once"
            ),
        ]
