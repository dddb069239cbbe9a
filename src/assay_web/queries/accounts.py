"""The accounts as a list says them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from assay_web.records.accounts import Account


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


def _state(account: Account) -> str:
    return "expired" if account.state == "active" and not account.is_active else account.state
