"""Verbs on accounts: the first owner, invitations, roles, disabling, and what ends sessions."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from assay.errors import AssayError
from assay_web.records.accounts import Account, OneTimeLink, Purpose, Role, State
from assay_web.services.acting import acting, person

LINK_HOLDS = {
    Purpose.START: timedelta(days=1),
    Purpose.INVITATION: timedelta(days=7),
    Purpose.RECOVERY: timedelta(hours=1),
}


LINK_IS_OLD = "This link was used or has grown old."


class AccountError(AssayError):
    """Something cannot be done to an account; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Secret:
    """The secret of a new link: shown once, never stored."""

    token: str
    expires: datetime

    @property
    def path(self) -> str:
        return f"/link/{self.token}/"


def start_link() -> Secret:
    """Draw the link by which the first owner comes in; earlier ones stop working. Raises AccountError where there is an owner already."""
    with transaction.atomic():
        _refuse_second_start()
        OneTimeLink.objects.filter(purpose=Purpose.START).delete()
        return _new_link(Purpose.START, None)


def make_first_owner(token: str, *, name: str, email: str, password: str) -> Account:
    """Make the first owner, who holds the start link. Raises AccountError where the link does not work any more, or there is an owner."""
    account = Account(name=name, email=email, role=Role.OWNER, state=State.ACTIVE)
    account.set_password(password)
    with acting("account.made", account, account=account.id, role=account.role) as act:
        _use_link(token, Purpose.START)
        _refuse_second_start()
        _insert(account)
        act.details["holder"] = person(act.home, email, name=name)
    return account


def make_account(
    *,
    by: Account | str,
    name: str,
    email: str,
    role: Role,
    password: str | None = None,
    needs_second_factor: bool = True,
) -> Account:
    """Make an account that can be used at once: for the demonstration, and for a host that makes them itself."""
    account = Account(
        name=name, email=email, role=role, state=State.ACTIVE, needs_second_factor=needs_second_factor
    )
    account.set_password(password)
    with acting(
        "account.made", by, account=account.id, role=account.role, second_factor=needs_second_factor
    ) as act:
        _insert(account)
        act.details["holder"] = person(act.home, email, name=name)
    return account


def renew_password(*, by: Account | str, account: Account, password: str) -> None:
    """Set another password for an account; its sessions end. Nothing else of the account is written, whatever the caller last read of it."""
    with acting("account.password_renewed", by, account=account.id):
        account = locked(account)
        account.set_password(password)
        account.stamp += 1
        account.save(update_fields=["password", "stamp"])


def invite(
    *, by: Account, name: str, email: str, role: Role, ends: datetime | None = None
) -> tuple[Account, Secret]:
    """Invite someone; gives the account and the link to hand over. Raises AccountError where the address is taken."""
    account = Account(name=name, email=email, role=role, state=State.INVITED, ends=ends)
    account.set_unusable_password()
    with acting("account.invited", by, account=account.id, role=role) as act:
        refuse_beyond(by, role)
        if ends is not None:
            act.details["ends"] = ends.isoformat()
        _insert(account)
        act.details["holder"] = person(act.home, email, name=name)
        secret = _new_link(Purpose.INVITATION, account)
    return account, secret


def invite_again(*, by: Account | str, account: Account) -> Secret:
    """Draw another link for someone who has not come yet; the earlier one stops working."""
    with acting("account.invited_again", by, account=account.id):
        account = locked(account)
        refuse_beyond(by, Role(account.role))
        if account.state != State.INVITED:
            raise AccountError(f"{account} has already joined. Give them a link to sign in anew instead.")
        account.links.all().delete()
        return _new_link(Purpose.INVITATION, account)


def join(token: str, *, name: str, password: str) -> Account:
    """Join by an invitation: the account becomes active. Raises AccountError where the link does not work any more."""
    with transaction.atomic():
        link = _use_link(token, Purpose.INVITATION)
        account = locked(link.account)
        with acting("account.joined", account, account=account.id):
            if account.state != State.INVITED or _is_over(account):
                raise AccountError(f"{LINK_IS_OLD} {account} cannot join by it.")
            account.name, account.state = name, State.ACTIVE
            account.set_password(password)
            account.stamp += 1
            account.save(update_fields=["name", "state", "password", "stamp"])
    return account


def recovery_link(*, by: Account | str, account: Account) -> Secret:
    """Draw a link by which someone sets a new password and second factor; what they had ends when it is used."""
    with acting("account.recovery_allowed", by, account=account.id):
        account = locked(account)
        refuse_beyond(by, Role(account.role))
        if account.state != State.ACTIVE:
            raise AccountError(
                f"{account} is {account.get_state_display().lower()}, so there is nothing to recover."
            )
        if _is_over(account):
            raise AccountError(f"The time of {account} is over, so there is nothing to recover.")
        account.links.filter(purpose=Purpose.RECOVERY).delete()
        return _new_link(Purpose.RECOVERY, account)


def recover(token: str, *, password: str) -> Account:
    """Set a new password by a recovery link: every session and second factor from before ends."""
    with transaction.atomic():
        link = _use_link(token, Purpose.RECOVERY)
        account = locked(link.account)
        with acting("account.recovered", account, account=account.id):
            if not account.is_active:
                raise AccountError(f"{LINK_IS_OLD} {account} cannot sign in now.")
            Authenticator.objects.filter(user=account).delete()
            account.set_password(password)
            account.stamp += 1
            account.save(update_fields=["password", "stamp"])
    return account


def change_role(*, by: Account | str, account: Account, role: Role) -> None:
    """Give an account another role; its sessions end. Raises AccountError for the last owner, oneself, or a role above one's own."""
    with acting("account.role_changed", by, account=account.id, after=role) as act:
        account = _locked_with_owners(account)
        _refuse_self(by, account, "change your own role")
        refuse_beyond(by, role)
        refuse_beyond(by, Role(account.role))
        _refuse_last_owner(account)
        act.details["before"] = account.role
        account.role = role
        account.stamp += 1
        account.save(update_fields=["role", "stamp"])


def disable(*, by: Account | str, account: Account) -> None:
    """Disable an account: its sessions end, its history stays."""
    with acting("account.disabled", by, account=account.id):
        account = _locked_with_owners(account)
        _refuse_self(by, account, "disable your own account")
        refuse_beyond(by, Role(account.role))
        _refuse_last_owner(account)
        if account.state == State.DISABLED:
            raise AccountError(f"{account} is disabled already.")
        account.links.all().delete()
        account.state = State.DISABLED
        account.stamp += 1
        account.save(update_fields=["state", "stamp"])


def enable(*, by: Account | str, account: Account) -> None:
    """Enable a disabled account again; who never joined needs another invitation."""
    with acting("account.enabled", by, account=account.id):
        account = locked(account)
        refuse_beyond(by, Role(account.role))
        if account.state != State.DISABLED:
            raise AccountError(f"{account} is not disabled.")
        account.state = State.ACTIVE if account.has_usable_password() else State.INVITED
        account.stamp += 1
        account.save(update_fields=["state", "stamp"])


def end_other_sessions(account: Account) -> None:
    """End every session of an account; whoever calls this binds the one at hand anew. No act: sessions are operational log."""
    with transaction.atomic():
        bump(account)


def bump(account: Account) -> Account:
    """Raise an account's stamp, in the caller's transaction: what was signed in or half signed in before, ends. Gives the account, held."""
    account = locked(account)
    account.stamp += 1
    account.save(update_fields=["stamp"])
    return account


def open_link(token: str) -> OneTimeLink | None:
    """Give the link of a token while it works, without using it."""
    link = OneTimeLink.objects.select_related("account").filter(digest=_digest(token)).first()
    return link if link is not None and link.used is None and timezone.now() < link.expires else None


def _new_link(purpose: Purpose, account: Account | None) -> Secret:
    secret = Secret(secrets.token_urlsafe(32), timezone.now() + LINK_HOLDS[purpose])
    OneTimeLink.objects.create(
        digest=_digest(secret.token), purpose=purpose, account=account, expires=secret.expires
    )
    return secret


def _use_link(token: str, purpose: Purpose) -> OneTimeLink:
    used = OneTimeLink.objects.filter(
        digest=_digest(token), purpose=purpose, used__isnull=True, expires__gt=timezone.now()
    ).update(used=timezone.now())
    if not used:
        raise AccountError(f"{LINK_IS_OLD} Ask for another.")
    return OneTimeLink.objects.select_related("account").get(digest=_digest(token))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _insert(account: Account) -> None:
    """Save a new account. Raises AccountError where the address is taken, also by someone who was quicker."""
    if Account.objects.filter(email__iexact=account.email).exists():
        raise _taken(account.email)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise _taken(account.email) from error


def _taken(email: str) -> AccountError:
    return AccountError(
        f"{email} has an account already. Look for it in the list; a disabled one can be enabled."
    )


def locked(account: Account | None) -> Account:
    """Give an account as it is now, held until the transaction ends."""
    if account is None:
        raise AccountError(f"{LINK_IS_OLD} It leads to no account; ask for another.")
    return Account.objects.select_for_update().get(pk=account.pk)


def _locked_with_owners(account: Account) -> Account:
    """Give an account as it is now, held with every owner in one order, so that two owners cannot remove each other at once."""
    held = Account.objects.select_for_update().filter(Q(pk=account.pk) | Q(role=Role.OWNER)).order_by("pk")
    return next(one for one in list(held) if one.pk == account.pk)


def _is_over(account: Account) -> bool:
    return account.ends is not None and account.ends <= timezone.now()


def _refuse_second_start() -> None:
    if Account.objects.filter(role=Role.OWNER).exists():
        raise AccountError(
            "This home has an owner. Sign in, or let `assay account link ADDRESS` print a link for an account."
        )


def _refuse_self(by: Account | str, account: Account, deed: str) -> None:
    if isinstance(by, Account) and by.pk == account.pk:
        raise AccountError(f"You cannot {deed}. Ask another owner or compliance lead.")


def refuse_beyond(by: Account | str, role: Role) -> None:
    """Owners are made and changed by owners alone, or by the machine's own command line."""
    if isinstance(by, Account) and role == Role.OWNER and by.role != Role.OWNER:
        raise AccountError("Only an owner makes or changes an owner. Ask one.")


def _refuse_last_owner(account: Account) -> None:
    others = Account.objects.filter(role=Role.OWNER, state=State.ACTIVE).exclude(pk=account.pk)
    able = others.filter(Q(ends__isnull=True) | Q(ends__gt=timezone.now()))
    if account.role == Role.OWNER and account.state == State.ACTIVE and not able.exists():
        raise AccountError(f"{account} is the only owner. Make another owner first.")
