"""Signing in by a stand-in of an identity provider, step by step, and what it left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tests.fakes.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from assay_web.records.accounts import Account
    from assay_web.records.openid import Provider

START, BACK = "/sign-in/provider/", "/sign-in/provider/back/"
ORIGIN = "http://localhost:8321"


def set_up(
    provider: IdentityProvider, by: Account, *, secret: str | None = CLIENT_SECRET, **otherwise: Any
) -> Provider:
    """Let the owner set the provider up, or change how it is."""
    from assay_web.queries.openid import provider as kept
    from assay_web.services.openid import set_provider

    line = kept()
    says = {
        "enabled": True,
        "label": "Northwind",
        "issuer": provider.origin,
        "client_id": CLIENT_ID,
        "domains": ["northwind.example"],
        "inside": True,
        "factor_counts": False,
        **otherwise,
    }
    return set_provider(says, secret, version=line.version if line else 0, by=by)


def go(client: Client, **asked: str) -> HttpResponse:
    """Press the button: away to the provider."""
    return client.get(START, asked)


def come_back(client: Client, brought: dict[str, Any]) -> HttpResponse:
    """Come back with what the provider gave the browser."""
    return client.get(f"{BACK}?{urlencode(brought, doseq=True)}")


def sign_in(client: Client, provider: IdentityProvider, **asked: str) -> HttpResponse:
    """Go and come back, as an honest person's browser does."""
    gone = go(client, **asked)
    assert gone.headers["Location"].startswith(f"{provider.origin}/authorize?"), gone.headers["Location"]
    return come_back(client, provider.answer_to(gone.headers["Location"]))


def ledger_size() -> int:
    from assay_web.home import current_home

    return current_home().ledger.size()


def acts() -> list[tuple[str, str]]:
    """Give what each act in the ledger is and who did it, the oldest first."""
    from assay.evidence.ledger import Envelope, Kind
    from assay_web.home import current_home

    home = current_home()
    found = [Envelope.decode(one) for one in home.ledger.envelopes(0, home.ledger.size())]
    bodies = [home.evidence.body(one.body) for one in found if one.kind is Kind.ACT]
    return [(body["act"], body["by"]) for body in bodies]


def said_on(client: Client) -> str:
    """Give what the sign-in page says to whoever was sent back to it."""
    text = client.get("/sign-in/").content.decode()
    return text.partition('<p class="say-err" role="alert">')[2].partition("</p>")[0]
