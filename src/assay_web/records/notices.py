"""Whom Assay tells of what besides the pages, what it told, and secrets that the workspace keeps sealed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from assay_web.records.accounts import Account
from assay_web.records.auditor import ONLY
from assay_web.records.registers import Line


class Notices(Line):
    """Whom Assay tells what, besides the pages. The addresses stand sealed in `SealedSecret`; here stands since when they are kept."""

    PREFIX = "NO"
    SAYS = (
        "mail_alarm",
        "mail_digest",
        "digest_day",
        "webhook",
        "dead_man",
        "webhook_since",
        "dead_man_since",
    )

    mail_alarm = models.BooleanField(default=True)
    mail_digest = models.BooleanField(default=True)
    digest_day = models.PositiveSmallIntegerField(default=0)
    webhook = models.BooleanField(default=False)
    dead_man = models.BooleanField(default=False)
    webhook_since = models.DateTimeField(null=True)
    dead_man_since = models.DateTimeField(null=True)

    class Meta(Line.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.CheckConstraint(condition=Q(id=ONLY), name="notices_are_one"),
            models.CheckConstraint(condition=Q(digest_day__lte=6), name="notices_day_of_a_week"),
        ]


class SealedSecret(models.Model):
    """A secret under the home's master key, bound to its place and field (formats.md, section 11); a rotation seals it anew."""

    place = models.CharField(max_length=40)
    field = models.CharField(max_length=24)
    sealed = models.TextField(max_length=4_000)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["place", "field"], name="sealed_secret_by_place"),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.field}"


class Told(models.Model):
    """That something was told: what kind, for which slot (a day, a week), to whom (empty for a place), when, and what did not work. Once for each."""

    kind = models.CharField(max_length=16)
    slot = models.CharField(max_length=32)
    to = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=timezone.now)
    problem = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "slot", "to"], name="told_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"], name="told_by_instant")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slot}"


class OptOut(models.Model):
    """An account that wants no weekly digest."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return str(self.account_id)
