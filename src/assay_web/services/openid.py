"""Verbs on signing in by an identity provider: how it is set up, whom it knows an account by, and what ends that."""

from __future__ import annotations

import hashlib

from django.db import IntegrityError, transaction

from assay.evidence.canonical import encode
from assay.home.keys import seal_credential
from assay_web.home import current_home
from assay_web.openid.id_token import Identity
from assay_web.queries.openid import FIELD, PLACE
from assay_web.records.accounts import Account, Role
from assay_web.records.auditor import ONLY
from assay_web.records.notices import SealedSecret
from assay_web.records.openid import Provider, ProviderLink
from assay_web.services.accounts import AccountError, bump, locked, refuse_beyond
from assay_web.services.acting import acting
from assay_web.services.planning import keep
from assay_web.services.registers import Says, values_of

_ONLY_SHOWN = {"label"}
"""What can change without any sign-in being another than before."""


def set_provider(says: Says, secret: str | None, *, version: int, by: Account) -> Provider:
    """Keep how people sign in by a provider, and a new client secret where one is given. Sessions of who signs in by it end, unless only words changed.

    Another issuer knows nobody by the names of the one before, so links end with it. Raises LineMovedError where someone was faster.
    """
    home = current_home()
    with transaction.atomic():
        found = Provider.objects.filter(pk=ONLY).first()
        before = values_of(found) if found else {}
        kept = keep(Provider, says, version=version, by=by)
        after = values_of(kept)
        changed = {name for name in after if before.get(name) != after[name]} - _ONLY_SHOWN
        if secret:
            with acting("provider.secret_set", by, provider=str(kept)):
                sealed = seal_credential(home.keys, home.id, PLACE, FIELD, secret, home.surroundings.random)
                SealedSecret.objects.update_or_create(place=PLACE, field=FIELD, defaults={"sealed": sealed})
        if changed:
            _end_sessions_by_provider()
        if "issuer" in changed:
            ProviderLink.objects.all().delete()
    return kept


def account_for(identity: Identity) -> Account | None:
    """Give the account that someone is, whom the provider vouches for; the first time it is linked, which is an act of theirs.

    None where there is none that can be used, and where the account of that address is linked to somebody else: an address that was given to
    another person opens nothing of the first one's.
    """
    current_home()
    digest = _digest(identity)
    for _ in range(2):
        link = ProviderLink.objects.select_related("account").filter(digest=digest).first()
        if link is not None:
            return link.account if link.account.is_active else None
        found = Account.objects.filter(email__iexact=identity.email, provider_link=None).first()
        if found is None or not found.is_active:
            return None
        try:
            return _linked(found, identity.issuer, digest)
        except (IntegrityError, AccountError):
            continue  # someone was faster; what they did decides
    return None


def _linked(account: Account, issuer: str, digest: str) -> Account:
    with acting("account.linked", account, account=account.id, issuer=issuer):
        held = locked(account)
        if not held.is_active:
            raise AccountError(f"{held} cannot sign in now.")
        ProviderLink.objects.create(account=held, digest=digest)
    return held


def unlink(*, by: Account, account: Account) -> None:
    """Let the provider know an account by nobody any more: its sessions end. Raises AccountError where it is not linked."""
    with acting("account.unlinked", by, account=account.id):
        if by.pk != account.pk:
            refuse_beyond(by, Role(account.role))
        held = bump(account)
        if not ProviderLink.objects.filter(account=held).delete()[0]:
            raise AccountError(f"{held} is not linked to the identity provider.")


def _end_sessions_by_provider() -> None:
    """A part of the act of whoever calls it."""
    for account in Account.objects.filter(provider_link__isnull=False).order_by("pk"):
        bump(account)


def _digest(identity: Identity) -> str:
    return hashlib.sha256(encode(["assay provider link", 1, identity.issuer, identity.subject])).hexdigest()
