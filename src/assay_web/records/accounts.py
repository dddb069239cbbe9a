"""Accounts: who can sign in, as what, and the one-time links by which they come in."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac


class Role(models.TextChoices):
    """What an account is to the company; `assay_web.access` says what each may do."""

    OWNER = "owner", "Owner"
    LEAD = "lead", "Compliance lead"
    ENGINEER = "engineer", "Engineer"
    READER = "reader", "Reader"
    WORKER = "worker", "Worker"
    AUDITOR = "auditor", "Auditor"
    ADVISER = "adviser", "Adviser"


class State(models.TextChoices):
    """Whether an account can be used: invited ones have no credentials yet, disabled ones keep their history."""

    INVITED = "invited", "Invited"
    ACTIVE = "active", "Active"
    DISABLED = "disabled", "Disabled"


REAL_FACTORS = ("totp", "webauthn")
"""What counts as a second factor, by allauth's names. Recovery codes alone are none: they stand in for one that is lost."""


def new_account_id() -> str:
    """Draw an account's id: what the ledger names it by, so that the ledger holds no name."""
    return secrets.token_hex(6)


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by address, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(email__iexact=username or "")


class Account(AbstractBaseUser):
    """Someone who can sign in. `stamp` goes up whenever sessions and tokens made before must end."""

    id = models.CharField(primary_key=True, max_length=12, default=new_account_id, editable=False)
    email = models.EmailField("E-mail address", max_length=254, unique=True)
    name = models.CharField("Name", max_length=120)
    role = models.CharField(max_length=16, choices=Role.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.INVITED)
    ends = models.DateTimeField(null=True, blank=True)
    stamp = models.PositiveIntegerField(default=0)
    needs_second_factor = models.BooleanField(default=True)
    made = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("email"), name="account_email_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="account_role_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="account_state_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """True while the account can be used: active, and not past its end."""
        return self.state == State.ACTIVE and (self.ends is None or timezone.now() < self.ends)

    @property
    def actor(self) -> str:
        """Give who acts, as the ledger says it."""
        return f"account:{self.id}"

    def get_session_auth_hash(self) -> str:
        """Give what a session is bound to: the password, and the stamp that goes up with every change of role, state or second factor."""
        return self._bound(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._bound(secret)

    def _bound(self, secret: str | None) -> str:
        return salted_hmac(
            "assay_web.records.Account.session",
            f"{self.password}\n{self.stamp}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class Purpose(models.TextChoices):
    """What a one-time link is for."""

    START = "start", "First run"
    INVITATION = "invitation", "Invitation"
    RECOVERY = "recovery", "Lost password or second factor"


class OneTimeLink(models.Model):
    """A link that works once, for a while. Only its digest is kept."""

    digest = models.CharField(max_length=64, primary_key=True)
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="links")
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="link_purpose_known"),
            models.CheckConstraint(
                condition=Q(purpose=Purpose.START, account__isnull=True)
                | (~Q(purpose=Purpose.START) & Q(account__isnull=False)),
                name="link_leads_to_an_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {'used' if self.used else 'open'}"
