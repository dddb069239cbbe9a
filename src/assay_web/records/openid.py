"""The identity provider that a company signs in by, and whose accounts are linked to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from assay_web.records.accounts import Account
from assay_web.records.auditor import ONLY
from assay_web.records.registers import Line


class Provider(Line):
    """How people sign in by a provider: its issuer, what we are to it, whose addresses it vouches for. The client's secret stands sealed in `SealedSecret`."""

    PREFIX = "OP"
    SAYS = ("enabled", "label", "issuer", "client_id", "domains", "inside", "factor_counts")

    enabled = models.BooleanField(default=False)
    label = models.CharField(max_length=40)
    issuer = models.CharField(max_length=400)
    client_id = models.CharField(max_length=200)
    domains = models.JSONField(default=list)
    inside = models.BooleanField(default=False)
    factor_counts = models.BooleanField(default=False)

    class Meta(Line.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.CheckConstraint(condition=Q(id=ONLY), name="provider_is_one"),
        ]


class ProviderLink(models.Model):
    """Whom the provider knows an account by: a digest of issuer and subject, which is all that is compared."""

    account = models.OneToOneField(
        Account, primary_key=True, on_delete=models.CASCADE, related_name="provider_link"
    )
    digest = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.account_id)
