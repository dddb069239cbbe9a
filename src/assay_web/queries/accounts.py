"""The accounts as a list says them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from assay_web.records.accounts import Account, Role, State


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """One line of the list; `state` says `expired` where an account's time is over."""

    id: str
    email: str
    name: str
    role: str
    state: str
    second_factor: bool

    def to_object(self) -> dict[str, Any]:
        return asdict(self)


def listed() -> list[ListedAccount]:
    """Give every account, by state and name."""
    factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    found = Account.objects.annotate(factors=Exists(factors)).order_by("state", "name")
    return [ListedAccount(one.id, one.email, one.name, one.role, _state(one), one.factors) for one in found]


def active_accounts() -> QuerySet[Account]:
    """Give everyone of the company who can sign in now, by name; auditors are not."""
    current = Q(ends__isnull=True) | Q(ends__gt=timezone.now())
    return Account.objects.filter(current, state=State.ACTIVE).exclude(role=Role.AUDITOR).order_by("name")


def _state(account: Account) -> str:
    return "expired" if account.state == "active" and not account.is_active else account.state
