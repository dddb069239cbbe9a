"""Asking an identity provider: where it is asked, its keys, and the token for a code. Every call is short, bounded and by the one HTTP client."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode

from assay.errors import AssayError
from assay.evidence.canonical import Json
from assay.outbound.http import (
    NO_ALLOWANCE,
    Allowance,
    Http,
    Limits,
    Patience,
    Secret,
    parse_url,
    read_json,
)
from assay_web.openid.id_token import ALGORITHMS, LONGEST_TOKEN
from assay_web.openid.refusing import ProviderError

LIMITS = Limits(bytes=256 * 1024, seconds=5.0, connect_seconds=3.0)
ONCE = Patience(attempts=1, attempts_after_timeout=1, longest_told=0.0, in_all=0.0)
"""A person waits in front of the page: nothing is tried again by itself."""
WELL_KNOWN = "/.well-known/openid-configuration"
MOST_KEYS = 50
LONGEST_CODE = 4_096


@dataclass(frozen=True, slots=True)
class Client:
    """What we are to a provider. `inside` says that it is in the company's own network, and so alone may have a private address."""

    issuer: str
    client_id: str
    secret: Secret = field(repr=False)
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Provider:
    """What a provider says of itself, checked: where it is asked for what, how we show who we are, and whether its answers name it."""

    authorization: str
    token: str
    keys: str
    by_header: bool
    names_itself: bool
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a code is given back for: the ID token as it came, and what asks for the profile."""

    id_token: str = field(repr=False)
    access: Secret = field(repr=False)


def allowance_of(issuer: str, inside: bool) -> Allowance:
    """Give what may be reached for a provider that is not on the public internet. Raises RefusedUrlError for an address that is none."""
    if not inside:
        return NO_ALLOWANCE
    url = parse_url(issuer, Allowance(frozenset(range(1, 65_536))))
    return Allowance.loopback(url.port) if url.scheme == "http" else Allowance.inside()


def checked_issuer(issuer: str, inside: bool) -> str:
    """Give an issuer in its one accepted spelling. Raises RefusedUrlError or ProviderError that says what to write."""
    url = parse_url(issuer, allowance_of(issuer, inside))
    if url.query or issuer.endswith(WELL_KNOWN):
        raise ProviderError(
            "issuer",
            f"The issuer is the address before {WELL_KNOWN}, without a query. Write it as the provider does.",
        )
    return issuer


def discover(client: Client) -> Provider:
    """Ask a provider what it is (OpenID Connect Discovery 1.0, section 4). Raises AssayError with a sentence that says what is wrong."""
    with _asking(client) as http:
        found = _get(http, client.issuer.rstrip("/") + WELL_KNOWN, "its description")
    if found.get("issuer") != client.issuer:
        raise ProviderError(
            "issuer of the description",
            "The provider calls itself by another issuer than the one that was entered. Enter exactly what its description says under “issuer”.",
        )
    _check_abilities(found)
    return Provider(
        authorization=_endpoint(found, "authorization_endpoint", client),
        token=_endpoint(found, "token_endpoint", client),
        keys=_endpoint(found, "jwks_uri", client),
        by_header=_by_header(found),
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        profile=_endpoint(found, "userinfo_endpoint", client) if "userinfo_endpoint" in found else None,
    )


def keys_of(client: Client, provider: Provider) -> list[Json]:
    """Ask for a provider's keys. Raises AssayError."""
    with _asking(client) as http:
        found = _get(http, provider.keys, "its keys").get("keys")
    if not isinstance(found, list) or not 0 < len(found) <= MOST_KEYS:
        raise ProviderError("list of keys", "The provider gives no list of keys that can be used.")
    return found


def redeem(client: Client, provider: Provider, code: str, verifier: str, back: str) -> Tokens:
    """Give a code back for tokens (OpenID Connect Core 1.0, section 3.1.3; RFC 7636). Raises AssayError."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": verifier,
    }
    if not provider.by_header:
        form |= {"client_id": client.client_id, "client_secret": client.secret.reveal()}
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    credentials = {_origin(client, provider.token): lambda: _basic(client)} if provider.by_header else {}
    with _asking(client, credentials) as http:
        answer = http.request("POST", provider.token, headers, urlencode(form).encode())
        if answer.status != 200:
            raise ProviderError("token answer")
        said = read_json(answer)
    if not isinstance(said, dict) or str(said.get("token_type", "")).lower() != "bearer":
        raise ProviderError("token answer")
    token, access = said.get("id_token"), said.get("access_token", "")
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN or not _is_header_text(access):
        raise ProviderError("token answer")
    return Tokens(token, Secret(access))


def profile_of(client: Client, provider: Provider, tokens: Tokens) -> dict[str, Any]:
    """Ask for the profile of whom the tokens are about (OpenID Connect Core 1.0, section 5.3); empty where the provider has no place for that. Raises AssayError."""
    if provider.profile is None:
        return {}
    shown = Secret(f"Bearer {tokens.access.reveal()}")
    with _asking(client, {_origin(client, provider.profile): lambda: shown}) as http:
        return _get(http, provider.profile, "the profile")


def _is_header_text(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable() and len(value) <= LONGEST_TOKEN


@contextmanager
def _asking(client: Client, credentials: Mapping[str, Callable[[], Secret]] | None = None) -> Iterator[Http]:
    """Give one HTTP client for one question; what it shows goes to the origin that it is for, and nowhere else."""
    allowance = allowance_of(client.issuer, client.inside)
    http = Http(allowance=allowance, limits=LIMITS, patience=ONCE, credentials=credentials)
    try:
        yield http
    finally:
        http.close()


def _origin(client: Client, address: str) -> str:
    url = parse_url(address, allowance_of(client.issuer, client.inside))
    return f"{url.scheme}://{url.authority}"


def _basic(client: Client) -> Secret:
    """Give the header's value: both parts are encoded as in a form first (RFC 6749, section 2.3.1)."""
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.secret.reveal())}"
    return Secret("Basic " + base64.b64encode(pair.encode()).decode())


def _get(http: Http, url: str, what: str) -> dict[str, Any]:
    answer = http.request("GET", url, {"Accept": "application/json"})
    if answer.status != 200:
        raise ProviderError(
            what,
            f"The provider answered {answer.status} where {what} should be. Check the issuer; nothing is followed to another address.",
        )
    found = read_json(answer)
    if not isinstance(found, dict):
        raise ProviderError(what, f"The provider gives no JSON object where {what} should be.")
    return found


def _endpoint(found: Mapping[str, Any], name: str, client: Client) -> str:
    """Give an address that a description names: https, and of a provider in the own network only its own origin."""
    address = found.get(name)
    if not isinstance(address, str):
        raise ProviderError(name, f"The provider's description has no {name}.")
    allowance = allowance_of(client.issuer, client.inside)
    url = parse_url(address, allowance)
    if client.inside and url.origin != parse_url(client.issuer, allowance).origin:
        raise ProviderError(
            name,
            f"The {name} is on another host than the issuer, which a provider in the own network may not say.",
        )
    return address


def _check_abilities(found: Mapping[str, Any]) -> None:
    """A code, checked by SHA-256, and a token signed in a way that we take. What a description leaves out is not held against it where the standard lets it."""
    wanted = {
        "response_types_supported": {"code"},
        "code_challenge_methods_supported": {"S256"},
        "id_token_signing_alg_values_supported": set(ALGORITHMS),
    }
    for name, ours in wanted.items():
        theirs = found.get(name, sorted(ours))
        if not isinstance(theirs, list) or not ours & {str(one) for one in theirs}:
            raise ProviderError(
                name, f"The provider does nothing of what Assay asks of {name}: {', '.join(sorted(ours))}."
            )


def _by_header(found: Mapping[str, Any]) -> bool:
    """Tell whether we show who we are in a header, or else in the form; the header is what a provider does that says nothing."""
    methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if isinstance(methods, list) and "client_secret_basic" in methods:
        return True
    if isinstance(methods, list) and "client_secret_post" in methods:
        return False
    raise ProviderError(
        "token_endpoint_auth_methods_supported",
        "The provider takes no client secret, and Assay has nothing else.",
    )


def plain_reason(error: AssayError) -> str:
    """Name why for a log: the check, or the kind of error."""
    return error.check if isinstance(error, ProviderError) else type(error).__name__
