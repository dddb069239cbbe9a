"""What is remembered of a provider for a while, how often it is asked anew, and how many can wait for it at once."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache

from assay.evidence.canonical import Json, encode
from assay_web.openid.id_token import has_key
from assay_web.openid.provider import Client, Provider, discover, keys_of
from assay_web.openid.refusing import BeginAgainError

HOLDS_SECONDS = 3_600
ASKED_AGAIN_SECONDS = 60
"""How long an unknown name of a key asks for the keys no second time: whoever makes up names does not make us ask."""
AT_ONCE = 4
_PLACES = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def waiting() -> Iterator[None]:
    """Hold one of the few places in which this process waits for a provider; raises BeginAgainError where all are taken for seconds, so that pages stay quick."""
    if not _PLACES.acquire(timeout=3.0):
        raise BeginAgainError(
            "places", "Too many people are signing in at this moment, so try again in a minute."
        )
    try:
        yield
    finally:
        _PLACES.release()


def asked_anew(client: Client) -> list[Json]:
    """Ask a provider what it is and for its keys, whatever is remembered, and remember that. Gives the keys. Raises AssayError."""
    found = discover(client)
    keys = keys_of(client, found)
    cache.set(_key("provider", client), found, HOLDS_SECONDS)
    cache.set(_key("keys", client, found.keys), keys, HOLDS_SECONDS)
    return keys


def provider_of(client: Client) -> Provider:
    """Give what a provider says of itself, asked at most once an hour while it answers. Raises AssayError."""
    key = _key("provider", client)
    found: Provider | None = cache.get(key)
    if found is None:
        found = discover(client)
        cache.set(key, found, HOLDS_SECONDS)
    return found


def keys_for(client: Client, provider: Provider, name: str) -> list[Json]:
    """Give a provider's keys; asked anew for a name that is not among them, but not again within the minute. Raises AssayError."""
    key = _key("keys", client, provider.keys)
    found: list[Json] | None = cache.get(key)
    if found is not None and (
        has_key(found, name) or not cache.add(f"{key}:again", True, ASKED_AGAIN_SECONDS)
    ):
        return found
    found = keys_of(client, provider)
    cache.set(key, found, HOLDS_SECONDS)
    return found


def spent(state: str) -> bool:
    """Tell whether a state was answered before, in any browser's tab; it is from now on."""
    return not cache.add(
        f"openid:state:{hashlib.sha256(state.encode()).hexdigest()}", True, 2 * HOLDS_SECONDS
    )


def _key(what: str, client: Client, *more: str) -> str:
    said = encode([what, client.issuer, client.inside, *more])
    return f"openid:{hashlib.sha256(said).hexdigest()}"
