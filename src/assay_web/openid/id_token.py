"""Reading an ID token: the signature by a key of the provider, then every claim that says for whom, from whom and when (OpenID Connect Core 1.0, section 3.1.3.7).

Nothing of a token is believed that was not asked for here, and the token never says by which key it is to be checked beyond that key's name.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from assay.errors import AssayError
from assay.evidence.canonical import Json
from assay.outbound.http import parse_json
from assay_web.openid.refusing import ProviderError

ALGORITHMS = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
"""What a token may be signed by, with the kind of key. Never `none`, never one whose key both sides hold."""
LONGEST_TOKEN = 16_384
LONGEST_SUBJECT = 255
SKEW_SECONDS = 60
MOST_AUDIENCES = 10
MICROSOFT = "https://login.microsoftonline.com/"
GOOGLE = "https://accounts.google.com"

Claims = Mapping[str, Any]

_PART = re.compile(r"[A-Za-z0-9_-]+")
_REFUSED_HEADERS = frozenset({"b64", "crit", "cty", "enc", "jku", "jwk", "x5c", "x5u", "zip"})
"""What would change how a token is read, or bring its own key along (RFC 7515, section 4.1; RFC 7797)."""
_KEY_PARTS = {"RSA": ("kty", "n", "e"), "EC": ("kty", "crv", "x", "y")}
_LONGEST_PART = 1_400
"""Characters of a number in a key: 8,192 bits."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say: from whom, for whom, of which sign-in, begun when (epoch seconds), and from which domains people come."""

    issuer: str
    client_id: str
    nonce: str = field(repr=False)
    begun: float
    domains: frozenset[str]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is to a provider. `by_password_alone` is true where the provider itself says that nothing else was asked for."""

    issuer: str
    subject: str = field(repr=False)
    email: str = field(repr=False)
    by_password_alone: bool = False


def key_name(token: object) -> tuple[str, str]:
    """Give the algorithm and the name of the key that a token is signed with. Raises ProviderError for any that is not taken, whatever its signature."""
    header = _header(token)
    if _REFUSED_HEADERS & header.keys():
        raise ProviderError("token header")
    if header.get("typ") is not None and str(header["typ"]).upper() != "JWT":
        raise ProviderError("token type")
    algorithm, name = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise ProviderError("algorithm")
    if not isinstance(name, str) or not 0 < len(name) <= 256:
        raise ProviderError("key name")
    return algorithm, name


def has_key(keys: Sequence[Json], name: str) -> bool:
    """Tell whether a provider's keys hold one of a name."""
    return any(isinstance(one, dict) and one.get("kid") == name for one in keys)


def read_id_token(token: str, keys: Sequence[Json], expected: Expected, now: float) -> Claims:
    """Give what a token says that came from the provider's token endpoint. Raises ProviderError that names the first check that failed.

    1. The header. 2. The key of that name. 3. The signature. 4. From whom, for whom. 5. When. 6. Of which sign-in. 7. About whom.
    """
    algorithm, name = key_name(token)  # 1
    key = _key(keys, name, algorithm)  # 2
    claims = _claims(token, key, algorithm)  # 3
    _check_parties(claims, expected)  # 4
    _check_times(claims, expected, now)  # 5
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):  # 6
        raise ProviderError("nonce")
    _subject(claims)  # 7
    return claims


def lacks_address(claims: Claims) -> bool:
    """Tell whether a token leaves out the address or whether it is verified, as of providers that say so only where they are asked for the profile."""
    return "email" not in claims or not {"email_verified", "xms_edov"} & claims.keys()


def with_profile(claims: Claims, profile: Claims) -> Claims:
    """Give a token's claims with what it leaves out from the profile of the same person (OpenID Connect Core 1.0, section 5.3.2); what the token says stands.

    Raises ProviderError for the profile of somebody else, or with another address.
    """
    if profile.get("sub") != claims["sub"]:
        raise ProviderError("subject of the profile")
    if "email" in claims and profile.get("email") != claims["email"]:
        raise ProviderError("address of the profile")
    said = {name: profile[name] for name in ("email", "email_verified") if name in profile}
    return {**said, **claims}


def identity_of(claims: Claims, expected: Expected) -> Identity:
    """Give who somebody is by what a token, and where need be the profile, says. Raises ProviderError where that is nobody whom we can know."""
    return Identity(expected.issuer, _subject(claims), _email(claims, expected), claims.get("amr") == ["pwd"])


def _header(token: object) -> dict[str, Any]:
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        raise ProviderError("token size")
    parts = token.split(".")
    if len(parts) != 3 or not all(map(_PART.fullmatch, parts)):
        raise ProviderError("token form")
    return _object(base64.urlsafe_b64decode(parts[0] + "=" * (-len(parts[0]) % 4)), "token form")


def _object(content: bytes, check: str) -> dict[str, Any]:
    try:
        found = parse_json(content)
    except AssayError as error:
        raise ProviderError(check) from error
    if not isinstance(found, dict):
        raise ProviderError(check)
    return found


def _key(keys: Sequence[Json], name: str, algorithm: str) -> RSAPublicKey | EllipticCurvePublicKey:
    """Give the one key of a name, where it is for signing by this algorithm and long enough (RFC 7518, sections 3.3 and 3.4)."""
    kind = ALGORITHMS[algorithm]
    named = [one for one in keys if isinstance(one, dict) and one.get("kid") == name]
    if len(named) != 1:
        raise ProviderError("key of this name")
    found = named[0]
    if (
        found.get("kty") != kind
        or found.get("use", "sig") != "sig"
        or found.get("alg", algorithm) != algorithm
    ):
        raise ProviderError("kind of key")
    parts = {part: found.get(part) for part in _KEY_PARTS[kind]}
    if not all(isinstance(part, str) and len(part) <= _LONGEST_PART for part in parts.values()):
        raise ProviderError("form of key")
    try:
        key = (RSAAlgorithm if kind == "RSA" else ECAlgorithm).from_jwk(parts)
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise ProviderError("form of key") from error
    if isinstance(key, RSAPublicKey) and key.key_size >= 2_048:
        return key
    if isinstance(key, EllipticCurvePublicKey) and key.curve.name == "secp256r1":
        return key
    raise ProviderError("strength of key")


def _claims(token: str, key: RSAPublicKey | EllipticCurvePublicKey, algorithm: str) -> dict[str, Any]:
    try:
        checked = jwt.PyJWS(algorithms=[algorithm]).decode_complete(token, key, algorithms=[algorithm])
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise ProviderError("signature") from error
    return _object(checked["payload"], "claims")


def _check_parties(claims: Mapping[str, Any], expected: Expected) -> None:
    """From this provider; for us; and where for others too, or where it says whom it was made for, made for us."""
    if claims.get("iss") != expected.issuer:
        raise ProviderError("issuer of the token")
    audience = claims.get("aud")
    named = [audience] if isinstance(audience, str) else audience
    if not isinstance(named, list) or len(named) > MOST_AUDIENCES or expected.client_id not in named:
        raise ProviderError("audience")
    if (len(named) > 1 or "azp" in claims) and claims.get("azp") != expected.client_id:
        raise ProviderError("authorized party")


def _check_times(claims: Mapping[str, Any], expected: Expected, now: float) -> None:
    ends, made = _instant(claims, "exp"), _instant(claims, "iat")
    if ends + SKEW_SECONDS <= now:
        raise ProviderError("expiry")
    if made - SKEW_SECONDS > now or made + SKEW_SECONDS < expected.begun:
        raise ProviderError("when the token was made")
    if "nbf" in claims and _instant(claims, "nbf") - SKEW_SECONDS > now:
        raise ProviderError("not yet valid")


def _instant(claims: Mapping[str, Any], name: str) -> int:
    value = claims.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ProviderError(f"claim {name}")
    return value


def _subject(claims: Mapping[str, Any]) -> str:
    found = claims.get("sub")
    if not isinstance(found, str) or not found.isascii() or not found.isprintable():
        raise ProviderError("subject")
    if not 0 < len(found) <= LONGEST_SUBJECT or found != found.strip():
        raise ProviderError("subject")
    return found


def _email(claims: Mapping[str, Any], expected: Expected) -> str:
    """Give the address, which the provider must have verified. Only ASCII is read, so that no letter looks like another."""
    if not _verified(claims, expected.issuer):
        raise ProviderError("verified address")
    found = claims.get("email")
    if not isinstance(found, str) or len(found) > 254 or not re.fullmatch(r"[!-?A-~]+@[a-zA-Z0-9.-]+", found):
        raise ProviderError("address")
    if found.rpartition("@")[2].lower() not in expected.domains:
        raise ProviderError("domain of the address")
    if expected.issuer == GOOGLE and claims.get("hd") not in expected.domains:
        # Anybody can have a private account at Google under an address at work, and keep it after leaving.
        raise ProviderError("hosted domain")
    return found


def _verified(claims: Mapping[str, Any], issuer: str) -> bool:
    """Tell whether the provider says that the address is the person's. Microsoft never sends the standard claim, but this one of its own where it is asked to."""
    if "email_verified" not in claims and issuer.startswith(MICROSOFT):
        return claims.get("xms_edov") in (True, "1")
    return claims.get("email_verified") is True
