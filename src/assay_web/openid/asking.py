"""One sign-in by a provider from its beginning to its answer: what only this browser knows of it, and what its answer must bring back."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from urllib.parse import urlencode

from assay_web.openid.provider import LONGEST_CODE, Provider
from assay_web.openid.refusing import BeginAgainError, ProviderError

HOLDS_SECONDS = 600
MOST_BEGUN = 5
"""How many sign-ins one browser can have under way: one for each tab."""
SCOPE = "openid email"


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way: its state, its nonce, its verifier (RFC 7636), since when in epoch seconds, at which provider, and where it leads."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    at: float
    issuer: str
    client_id: str
    there: str = ""


def begin(issuer: str, client_id: str, there: str, now: float) -> Begun:
    """Begin one."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Begun(state, nonce, verifier, now, issuer, client_id, there)


def address_to_ask(provider: Provider, begun: Begun, back: str) -> str:
    """Give where the browser goes (OpenID Connect Core 1.0, section 3.1.2.1)."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).rstrip(b"=")
    asked = {
        "response_type": "code",
        "response_mode": "query",
        "client_id": begun.client_id,
        "redirect_uri": back,
        "scope": SCOPE,
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
    }
    return provider.authorization + ("&" if "?" in provider.authorization else "?") + urlencode(asked)


def kept_with(begun: Begun, kept: object) -> list[dict[str, object]]:
    """Give what a session keeps of its sign-ins under way, with one more: the newest last, no more than a few."""
    before = kept if isinstance(kept, list) else []
    return [*before, asdict(begun)][-MOST_BEGUN:]


def taken_out(state: str, kept: object, now: float) -> tuple[Begun, list[dict[str, object]]]:
    """Take the sign-in of a state out of what a session keeps. Raises ProviderError where it did not begin here, was answered, or grew old."""
    before = kept if isinstance(kept, list) else []
    found = [one for one in before if one["state"] == state]
    if not found:
        raise BeginAgainError("state", NOT_BEGUN)
    begun = Begun(**found[0])
    if not begun.at - 1 <= now < begun.at + HOLDS_SECONDS:
        raise BeginAgainError("age of the state", NOT_BEGUN)
    return begun, [one for one in before if one["state"] != state]


NOT_BEGUN = "This sign-in was not begun in this browser or has grown old, so begin once more."
NOT_SIGNED_IN = "The identity provider did not sign you in, so begin once more."


def one_value(given: Mapping[str, Sequence[str]], name: str, most: int = LONGEST_CODE) -> str | None:
    """Give a parameter of an answer, None where it is not there. Raises ProviderError where it comes twice, or is no plain text."""
    values = given.get(name, [])
    if not values:
        return None
    if (
        len(values) > 1
        or not 0 < len(values[0]) <= most
        or not values[0].isascii()
        or not values[0].isprintable()
    ):
        raise ProviderError(f"parameter {name}")
    return values[0]


def code_of(given: Mapping[str, Sequence[str]], begun: Begun, *, names_itself: bool) -> str:
    """Give the code of an answer. Raises ProviderError where another provider answered (RFC 9207, section 2.4), or this one refused."""
    issuer = one_value(given, "iss")
    if issuer is None and names_itself:
        raise ProviderError("issuer of the answer")
    if issuer is not None and issuer != begun.issuer:
        raise ProviderError("issuer of the answer")
    if "error" in given:
        raise BeginAgainError("error of the provider", NOT_SIGNED_IN)
    code = one_value(given, "code")
    if code is None:
        raise ProviderError("parameter code")
    return code
