"""A passkey in software: what a browser and its authenticator would hand over, with every part open to lying."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

ORIGIN = "http://localhost:8321"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Passkey:
    """One credential for `localhost`."""

    id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def registration(self, challenge: str, *, flags: int = PRESENT | VERIFIED, origin: str = ORIGIN) -> str:
        """Give what a browser sends after making the credential."""
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        authenticator = _head("localhost", flags | ATTESTED) + attested
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": authenticator})
        client = _client("webauthn.create", challenge, origin, False)
        return self._said({"clientDataJSON": _text(client), "attestationObject": _text(attestation)})

    def assertion(
        self,
        challenge: str,
        *,
        user: str | None,
        origin: str = ORIGIN,
        flags: int = PRESENT | VERIFIED,
        site: str = "localhost",
        kind: str = "webauthn.get",
        framed: bool = False,
        spoilt: bool = False,
    ) -> str:
        """Give what a browser sends to sign in."""
        authenticator = _head(site, flags)
        client = _client(kind, challenge, origin, framed)
        signed = authenticator + hashlib.sha256(client).digest()
        signature = self.key.sign(signed + b"!" if spoilt else signed, ec.ECDSA(hashes.SHA256()))
        return self._said(
            {
                "clientDataJSON": _text(client),
                "authenticatorData": _text(authenticator),
                "signature": _text(signature),
                "userHandle": None if user is None else _text(user.encode()),
            }
        )

    def _said(self, response: dict[str, Any]) -> str:
        return json.dumps(
            {
                "type": "public-key",
                "id": _text(self.id),
                "rawId": _text(self.id),
                "clientExtensionResults": {},
                "authenticatorAttachment": "platform",
                "response": response,
            }
        )


def _head(site: str, flags: int) -> bytes:
    return hashlib.sha256(site.encode()).digest() + bytes([flags]) + (7).to_bytes(4, "big")


def _client(kind: str, challenge: str, origin: str, framed: bool) -> bytes:
    return json.dumps(
        {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": framed}
    ).encode()


def _text(data: bytes) -> str:
    return str(websafe_encode(data))
