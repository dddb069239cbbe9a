"""The identity provider as it is set up, and since when somebody signs in by it."""

from __future__ import annotations

from datetime import datetime

from assay.home.keys import open_credential
from assay.outbound.http import Secret
from assay_web.home import current_home
from assay_web.openid.provider import Client
from assay_web.records.accounts import Account
from assay_web.records.notices import SealedSecret
from assay_web.records.openid import Provider, ProviderLink

PLACE, FIELD = "openid", "client secret"


def provider() -> Provider | None:
    """Give what the owner set up; None before anyone did."""
    return Provider.objects.select_related("changed_by").first()


def working_provider() -> Provider | None:
    """Give it where people can sign in by it."""
    found = provider()
    return found if found is not None and found.enabled else None


def has_secret() -> bool:
    """Tell whether a client secret is kept."""
    return SealedSecret.objects.filter(place=PLACE, field=FIELD).exists()


def client_of(found: Provider) -> Client:
    """Give what we are to the provider, its secret opened. Raises KeyProblemError where the master key is another."""
    home = current_home()
    row = SealedSecret.objects.filter(place=PLACE, field=FIELD).first()
    secret = "" if row is None else open_credential(home.keys, home.id, PLACE, FIELD, row.sealed)
    return Client(found.issuer, found.client_id, Secret(secret), found.inside)


def linked_since(account: Account) -> datetime | None:
    """Give since when an account is linked to the provider, or None."""
    return ProviderLink.objects.filter(account=account).values_list("since", flat=True).first()
