"""Who can approve what another asked for. Where nobody else can, the one who asked may, and that is recorded as a lack of segregation of duties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from assay_web.access import PERMISSIONS, May, allowed
from assay_web.records.accounts import Account, Role, State


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who can approve now besides the one who asked; advisers from outside are among them."""

    asked_by: Account
    permission: May
    others: tuple[Account, ...]

    def may(self, account: Account) -> bool:
        """Tell whether an account can approve this: anybody else with the right, or the one who asked where there is nobody else."""
        return allowed(account, self.permission) and (account.pk != self.asked_by.pk or not self.others)

    def alone(self, account: Account) -> bool:
        """Tell whether an approval by this account would be one of its own, for want of anybody else."""
        return account.pk == self.asked_by.pk and self.may(account)

    @property
    def advisers(self) -> tuple[Account, ...]:
        """Those of the others who are advisers."""
        return tuple(one for one in self.others if one.role == Role.ADVISER)


def able(permission: May) -> QuerySet[Account]:
    """Give everyone who has a right and can sign in now."""
    roles = [role for role in Role if permission in PERMISSIONS[role]]
    current = Q(ends__isnull=True) | Q(ends__gt=timezone.now())
    return Account.objects.filter(current, role__in=roles, state=State.ACTIVE).order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class Lack:
    """An approval by the one who asked: what of, its address, who, when, what makes up for it, and the ledger entry."""

    what: str
    address: str
    by: str
    at: datetime
    makes_up: str
    entry: int | None


def approvers_for(permission: May, *, asked_by: Account) -> Approvers:
    """Give who can approve what `asked_by` asked for, where approving takes `permission`."""
    return Approvers(asked_by, permission, tuple(able(permission).exclude(pk=asked_by.pk)))
