"""Tokens of the programming interface, and what was answered to requests that may come again."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from assay_web.records.accounts import Account

MARK = "assay_"
"""How tokens begin, so that scanners for leaked secrets know one."""


def digest_of(secret: str) -> str:
    """Give what is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


class TokenScope(models.TextChoices):
    """How far a token goes; never further than the account that it stands for."""

    READ = "read", "Read"
    WORK = "work", "Read, and do the daily work: tasks, evidence, collecting"
    MANAGE = "manage", "All that the account may do"


class ApiToken(models.Model):
    """A token that stands for an account. Only its digest is kept; `stamp` is the account's as it was made, so that what ends sessions ends it."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=8, choices=TokenScope.choices)
    stamp = models.PositiveIntegerField()
    made = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(scope__in=TokenScope.values), name="token_scope_known")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def holds(self) -> bool:
        """True while the token can be used."""
        return (
            self.revoked is None
            and timezone.now() < self.expires
            and self.account.is_active
            and self.stamp == self.account.stamp
        )


class ApiAnswer(models.Model):
    """What was answered to a request that named itself by a key, so that the same request sent again has one effect."""

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="answers")
    key = models.CharField(max_length=120)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    content = models.BinaryField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["token", "key"], name="answer_once_for_each_key")
        ]

    def __str__(self) -> str:
        return self.key
