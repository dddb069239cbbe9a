"""An identity provider on loopback that does as OpenID Connect says, and lies where a test tells it to.

It signs by `cryptography` alone, so that nothing which reads its tokens also wrote them. Browsers are not needed: `answer_to` does what a person's
browser and a signed-in person at the provider would do, and gives the parameters that the browser brings back.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

CLIENT_ID, CLIENT_SECRET = "assay-at-northwind", "a-client:secret/with+signs"
JSON = "application/json"
Claims = dict[str, Any]


@dataclass
class Reply:
    """What the provider answers in place of the truth."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": JSON})
    after: threading.Event | None = None
    """Answered only once this is set: a provider that is slow."""


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """Give the RSA key of a name; made once, since it takes a while."""
    return rsa.generate_private_key(65_537, 1_024 if name == "short" else 2_048)


@cache
def ec_key(name: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def text(content: bytes) -> str:
    """Give bytes as a token holds them (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def number(value: int) -> str:
    return text(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def rsa_public(name: str, **more: str) -> Claims:
    numbers = rsa_key(name).public_key().public_numbers()
    return {"kty": "RSA", "kid": name, "use": "sig", "n": number(numbers.n), "e": number(numbers.e), **more}


def ec_public(name: str) -> Claims:
    numbers = ec_key(name).public_key().public_numbers()
    at = {"x": text(numbers.x.to_bytes(32, "big")), "y": text(numbers.y.to_bytes(32, "big"))}
    return {"kty": "EC", "crv": "P-256", "kid": name, "use": "sig", **at}


def signed(header: Claims, payload: bytes, key: str) -> str:
    """Give a compact token, signed as its header says by the key of a name (RFC 7518)."""
    said = f"{text(json.dumps(header).encode())}.{text(payload)}"
    return f"{said}.{text(_signature(header['alg'], said.encode(), key))}"


def _signature(algorithm: str, said: bytes, key: str) -> bytes:
    match algorithm:
        case "RS256":
            return rsa_key(key).sign(said, padding.PKCS1v15(), SHA256())
        case "PS256":
            return rsa_key(key).sign(said, padding.PSS(padding.MGF1(SHA256()), 32), SHA256())
        case "ES256":
            pair = decode_dss_signature(ec_key(key).sign(said, ec.ECDSA(SHA256())))
            return b"".join(one.to_bytes(32, "big") for one in pair)
        case "HS256":
            return hmac.digest(key.encode(), said, "sha256")
        case "none":
            return b""
        case _:
            return b"any"


class IdentityProvider:
    """The provider: a WSGI application at `origin`. What it says otherwise than it should stands in `description`, `claims`, `header`, `keys`, `replies`, `token`."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.origin = ""
        self.person: Claims = {"sub": "ada-at-the-provider", "email": "ada@northwind.example"}
        self.honest()

    def honest(self) -> None:
        """Tell the truth again."""
        self.algorithm, self.key = "RS256", "main"
        self.description: Claims = {}
        self.claims: Claims = {}
        self.header: Claims = {}
        self.keys: list[Any] = [rsa_public("main"), rsa_public("second"), ec_public("curve")]
        self.replies: dict[str, Reply] = {}
        self.token: Callable[[Claims], str] | None = None
        self.brings: Claims = {}
        self.profile: Claims = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self._codes: dict[str, dict[str, str]] = {}

    def answer_to(self, address: str) -> dict[str, str]:
        """Sign the person in who was sent to `address`, and give what their browser brings back."""
        given = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = secrets.token_urlsafe(16)
        self._codes[code] = given
        brought = {"code": code, "state": given["state"], "iss": self.origin, **self.brings}
        return {name: value for name, value in brought.items() if value is not None}

    def __call__(self, environ: Any, start: Any) -> Iterable[bytes]:
        path, body = environ["PATH_INFO"], environ["wsgi.input"].read().decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.asked.append((path, environ["HTTP_AUTHORIZATION"], form))
        reply = self.replies.get(path) or self._truth(path, environ["HTTP_AUTHORIZATION"], form)
        if reply.after is not None:
            reply.after.wait(20)
        start(f"{reply.status} -", [*reply.headers.items(), ("Content-Length", str(len(reply.body)))])
        return [reply.body]

    def times_asked(self, path: str) -> int:
        return sum(asked == path for asked, *_ in self.asked)

    def _truth(self, path: str, authorization: str, form: dict[str, str]) -> Reply:
        match path:
            case "/.well-known/openid-configuration":
                return _reply(self._description())
            case "/profile" if authorization == "Bearer an-access-token":
                return _reply({**self.person, "email_verified": True, **self.profile})
            case "/keys":
                return _reply({"keys": self.keys})
            case "/token":
                return self._redeemed(authorization, form)
            case _:
                return Reply(404)

    def _description(self) -> Claims:
        said = {
            "issuer": self.origin,
            "authorization_endpoint": f"{self.origin}/authorize",
            "token_endpoint": f"{self.origin}/token",
            "jwks_uri": f"{self.origin}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            **self.description,
        }
        return {name: value for name, value in said.items() if value is not None}

    def _redeemed(self, authorization: str, form: dict[str, str]) -> Reply:
        """Each code once, to who asked for it, with its verifier and the address it was sent to."""
        begun = self._codes.pop(form.get("code", ""), None)
        if begun is None or not self._is_client(authorization, form):
            return _reply({"error": "invalid_grant"}, 400)
        challenge = text(hashlib.sha256(form["code_verifier"].encode()).digest())
        if (challenge, form["redirect_uri"]) != (begun["code_challenge"], begun["redirect_uri"]):
            return _reply({"error": "invalid_grant"}, 400)
        said = {"access_token": "an-access-token", "token_type": "Bearer", "expires_in": 300}
        return _reply({**said, "id_token": self.id_token(begun["nonce"])})

    def _is_client(self, authorization: str, form: dict[str, str]) -> bool:
        if "client_secret_post" in self.description.get("token_endpoint_auth_methods_supported", []):
            return (form["client_id"], form["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)
        return (
            authorization
            == "Basic " + base64.b64encode(b"assay-at-northwind:a-client%3Asecret%2Fwith%2Bsigns").decode()
        )

    def id_token(self, nonce: str) -> str:
        now = int(self.now())
        said = {
            "iss": self.origin,
            "aud": CLIENT_ID,
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
            "email_verified": True,
            **self.person,
            **self.claims,
        }
        claims = {name: value for name, value in said.items() if value is not None}
        if self.token is not None:
            return self.token(claims)
        header = {"alg": self.algorithm, "kid": self.key, "typ": "JWT", **self.header}
        header = {name: value for name, value in header.items() if value is not None}
        return signed(header, json.dumps(claims).encode(), self.key)


def _reply(said: Claims, status: int = 200) -> Reply:
    return Reply(status, json.dumps(said).encode())
