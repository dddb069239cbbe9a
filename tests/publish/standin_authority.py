"""A time-stamp authority of the tests, written after RFC 3161 with a knob for each thing that can be wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from witness_world import Given

from assay.evidence.der import (
    BOOLEAN,
    GENERALIZED_TIME,
    INTEGER,
    NULL,
    OCTET_STRING,
    SEQUENCE,
    SET,
    read_one,
    write,
    write_integer,
    write_oid,
)

NOW = datetime(2026, 11, 23, 6, 12, 48, tzinfo=UTC)
POLICY = "1.3.6.1.4.1.99999.1"
SHA256_OID = "2.16.840.1.101.3.4.2.1"
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Identity:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: PrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


def issue(
    name: str,
    issuer: Identity | None = None,
    *,
    authority: bool = False,
    usages: tuple[ObjectIdentifier, ...] = (ExtendedKeyUsageOID.TIME_STAMPING,),
    critical: bool = True,
    days: tuple[int, int] = (-100, 100),
    key: PrivateKey | None = None,
    cert_sign: bool = True,
) -> Identity:
    """Issue a certificate for a signer, or with `authority` for one who issues others; valid from and to days around NOW."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    by = issuer or Identity(None, key)  # type: ignore[arg-type]
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False
        )
    )
    if authority:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        usage = x509.KeyUsage(not cert_sign, False, False, False, False, cert_sign, False, False, False)
        builder = builder.add_extension(usage, critical=True)
    elif usages:
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=critical)
    return Identity(builder.sign(by.key, SHA256()), key)


ROOT = issue("Stand-in root", authority=True)
SIGNER = issue("Stand-in time-stamps", ROOT)


@dataclass(frozen=True)
class Tsa:
    """An authority that answers requests. Defaults are honest; each field changes one thing."""

    signer: Identity = SIGNER
    certificates: tuple[bytes, ...] | None = None
    at: datetime = NOW
    time: bytes | None = None
    policy: str = POLICY
    status: int = 0
    version: int = 1
    imprint: bytes | None = None
    imprint_oid: str = SHA256_OID
    nonce: int | str | None = "asked"
    extension: bytes = b""
    content_type: str = "1.2.840.113549.1.9.16.1.4"
    content_digest: bytes | None = None
    attributes: Mapping[str, bytes | None] = field(default_factory=dict)
    named_serial: int | None = None
    spoil: bool = False
    unsigned: bytes = b""

    def request(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Given:
        """Be a transport: answer the request with a TimeStampResp."""
        status = write(SEQUENCE, write_integer(self.status))
        answer = write(SEQUENCE, status, self.token(body) if self.status in (0, 1) else b"")
        return Given(200, {"content-type": "application/timestamp-reply"}, answer)

    def token(self, request: bytes) -> bytes:
        """Give the token for a TimeStampReq."""
        return self.signed(self.stated(request))

    def stated(self, request: bytes) -> bytes:
        """Give the TSTInfo."""
        members = read_one(request).members()
        asked = next((member.integer() for member in members[2:] if member.tag == INTEGER), None)
        nonce = asked if self.nonce == "asked" else self.nonce
        digest = members[1].members()[1].content if self.imprint is None else self.imprint
        algorithm = write(SEQUENCE, write_oid(self.imprint_oid), write(NULL))
        time = self.time or self.at.strftime("%Y%m%d%H%M%SZ").encode()
        return write(
            SEQUENCE,
            write_integer(self.version),
            write_oid(self.policy),
            write(SEQUENCE, algorithm, write(OCTET_STRING, digest)),
            write_integer(77),
            write(GENERALIZED_TIME, time),
            write(SEQUENCE, write_integer(1), write(0x80, b"\x05")),
            b"" if nonce is None else write_integer(int(nonce)),
            self.extension,
        )

    def signed(self, content: bytes) -> bytes:
        """Wrap the TSTInfo into SignedData and sign it."""
        attributes = b"".join(sorted(self.signed_attributes(content)))
        signature = self.sign(write(SET, attributes))
        issuer = self.signer.certificate.issuer.public_bytes()
        serial = self.signer.certificate.serial_number if self.named_serial is None else self.named_serial
        digest = write(SEQUENCE, write_oid(SHA256_OID))
        info = write(
            SEQUENCE,
            write_integer(1),
            write(SEQUENCE, issuer, write_integer(serial)),
            digest,
            write(0xA0, attributes),
            write(SEQUENCE, write_oid(self.algorithm())),
            write(OCTET_STRING, signature),
            self.unsigned,
        )
        certificates = (self.signer.der,) if self.certificates is None else self.certificates
        data = write(
            SEQUENCE,
            write_integer(3),
            write(SET, digest),
            write(
                SEQUENCE, write_oid("1.2.840.113549.1.9.16.1.4"), write(0xA0, write(OCTET_STRING, content))
            ),
            write(0xA0, *certificates),
            write(SET, info),
        )
        return write(SEQUENCE, write_oid("1.2.840.113549.1.7.2"), write(0xA0, data))

    def signed_attributes(self, content: bytes) -> list[bytes]:
        digest = self.content_digest or hashlib.sha256(content).digest()
        certificate = write(
            SEQUENCE,
            write(SEQUENCE, write(SEQUENCE, write(OCTET_STRING, hashlib.sha256(self.signer.der).digest()))),
        )
        values: dict[str, bytes | None] = {
            "1.2.840.113549.1.9.3": write_oid(self.content_type),
            "1.2.840.113549.1.9.4": write(OCTET_STRING, digest),
            "1.2.840.113549.1.9.16.2.47": certificate,
            **self.attributes,
        }
        return [
            write(SEQUENCE, write_oid(kind), write(SET, value))
            for kind, value in values.items()
            if value is not None
        ]

    def algorithm(self) -> str:
        return (
            "1.2.840.10045.4.3.2"
            if isinstance(self.signer.key, ec.EllipticCurvePrivateKey)
            else "1.2.840.113549.1.1.11"
        )

    def sign(self, message: bytes) -> bytes:
        message = message + b"spoiled" if self.spoil else message
        if isinstance(self.signer.key, ec.EllipticCurvePrivateKey):
            return self.signer.key.sign(message, ec.ECDSA(SHA256()))
        return self.signer.key.sign(message, padding.PKCS1v15(), SHA256())


def critical_extension(critical: bool) -> bytes:
    """Give TSTInfo extensions with one that nobody knows."""
    marked = write(BOOLEAN, b"\xff") if critical else b""
    return write(
        0xA1, write(SEQUENCE, write_oid("1.3.6.1.4.1.99999.2"), marked, write(OCTET_STRING, write(NULL)))
    )


HONEST = Tsa()
__all__ = [
    "HONEST",
    "NOW",
    "POLICY",
    "ROOT",
    "SIGNER",
    "Identity",
    "Tsa",
    "critical_extension",
    "issue",
    "replace",
]
