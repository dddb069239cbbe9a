"""Time-stamps (RFC 3161): an authority's word that a digest existed at an instant. Requests, answers and tokens are values here; nothing is sent.

A token is believed only as far as its signature, its certificate and the roots that the reader trusts carry it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from assay.evidence.der import (
    BOOLEAN,
    NULL,
    OCTET_STRING,
    SEQUENCE,
    SET,
    DerError,
    Element,
    read_one,
    write,
    write_integer,
    write_oid,
)
from assay.evidence.timestamp_token import (
    CONTEXT_0_PRIMITIVE,
    HASHES,
    SHA256_OID,
    TST_INFO,
    Signed,
    Stated,
    TimestampError,
    read_token,
    read_tst_info,
)

__all__ = [
    "Authority",
    "Timestamp",
    "TimestampError",
    "read_roots",
    "timestamp_request",
    "token_in_answer",
    "unverified",
    "verify_timestamp",
]

_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
_RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
_SIGNATURE_HASHES: dict[str, Callable[[], HashAlgorithm]] = {
    "1.2.840.113549.1.1.11": SHA256,
    "1.2.840.113549.1.1.12": SHA384,
    "1.2.840.113549.1.1.13": SHA512,
    "1.2.840.10045.4.3.2": SHA256,
    "1.2.840.10045.4.3.3": SHA384,
    "1.2.840.10045.4.3.4": SHA512,
}
_GRANTED = (0, 1)
_UNREADABLE = (
    DerError,
    ValueError,
    TypeError,
    OverflowError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What `cryptography` raises for a certificate that it cannot read, partly only when a part of it is asked for."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A time-stamp authority as the reader trusts it: its root certificates, and the policies that are accepted (empty: any)."""

    roots: tuple[x509.Certificate, ...]
    policies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Timestamp:
    """What a verified token says: the digest existed at `at`, give or take `accuracy`, by the authority named in its certificate."""

    at: datetime
    accuracy: timedelta | None
    policy: str
    serial: int
    authority: str
    token: bytes


def read_roots(pem: bytes) -> tuple[x509.Certificate, ...]:
    """Read root certificates in PEM; raises TimestampError when there is none."""
    try:
        return tuple(x509.load_pem_x509_certificates(pem))
    except _UNREADABLE as error:
        raise TimestampError(
            "The file of root certificates holds no certificate in PEM. Get the authority's root certificate from its own site."
        ) from error


def timestamp_request(digest: bytes, nonce: int, policy: str | None = None) -> bytes:
    """Give a TimeStampReq for a SHA-256 digest, asking for the certificate (RFC 3161, section 2.4.1)."""
    imprint = write(
        SEQUENCE, write(SEQUENCE, write_oid(SHA256_OID), write(NULL)), write(OCTET_STRING, digest)
    )
    wanted = b"" if policy is None else write_oid(policy)
    return write(SEQUENCE, write_integer(1), imprint, wanted, write_integer(nonce), write(BOOLEAN, b"\xff"))


def token_in_answer(answer: bytes) -> bytes:
    """Give the token inside a TimeStampResp; raises TimestampError when the authority refused or the answer is none (section 2.4.2)."""
    try:
        status, *token = read_one(answer).members(least=1)
        code = status.members(least=1)[0].integer()
    except DerError as error:
        raise TimestampError(f"The authority's answer is not a time-stamp response: {error}") from error
    if code not in _GRANTED:
        raise TimestampError(
            f"The authority refused the time-stamp with status {code}. Check the request's policy, or ask another authority."
        )
    if len(token) != 1:
        raise TimestampError("The authority granted a time-stamp, but sent none.")
    return token[0].whole


def verify_timestamp(
    token: bytes,
    digest: bytes,
    authority: Authority,
    *,
    nonce: int | None = None,
    earliest: datetime | None = None,
    latest: datetime | None = None,
) -> Timestamp:
    """Verify a token for a SHA-256 digest; raises TimestampError that says what does not hold.

    1. The token is SignedData over a TSTInfo with one signer, in DER. 2. Digest, policy and, if given, nonce are those expected.
    3. The signed attributes name this content and the signer's certificate. 4. The signature holds. 5. The certificate is for time-stamping
    alone (RFC 3161, section 2.3) and leads to a trusted root, valid at the instant stated. 6. The instant lies in the window, if one is given.
    """
    try:
        signed = read_token(token)  # 1
        stated = read_tst_info(signed.content)
        _check_stated(stated, digest, authority, nonce)  # 2
        certificate = _check_attributes(signed)  # 3
        _check_signature(signed, certificate)  # 4
        _check_purpose(certificate)  # 5
        _check_chain(certificate, signed.certificates, authority, stated.at)
    except _UNREADABLE as error:
        raise TimestampError(f"The time-stamp token cannot be read: {error}") from error
    _check_window(stated.at, earliest, latest)  # 6
    subject = certificate.subject.rfc4514_string()
    return Timestamp(stated.at, stated.accuracy, stated.policy, stated.serial, subject, token)


def unverified(token: bytes) -> Stated:
    """Read what a token states of itself, believing none of it; raises TimestampError when it cannot be read."""
    try:
        return read_tst_info(read_token(token).content)
    except _UNREADABLE as error:
        raise TimestampError(f"The time-stamp token cannot be read: {error}") from error


def _check_stated(stated: Stated, digest: bytes, authority: Authority, nonce: int | None) -> None:
    if (stated.hash_oid, stated.digest) != (SHA256_OID, digest):
        raise TimestampError("The time-stamp is over another digest than the one it is shown for.")
    if nonce is not None and stated.nonce != nonce:
        raise TimestampError("The time-stamp answers another request: its nonce is not ours.")
    if authority.policies and stated.policy not in authority.policies:
        raise TimestampError(
            f"The time-stamp was made under the policy {stated.policy}, which is not among those accepted."
        )


def _check_attributes(signed: Signed) -> x509.Certificate:
    """Check the signed attributes against content and certificates and give the signer's certificate (RFC 5652, section 11; RFC 5816)."""
    attributes = signed.attributes
    if not {_CONTENT_TYPE, _MESSAGE_DIGEST} <= attributes.keys():
        raise TimestampError("The token's signature covers no content type or no digest.")
    if attributes[_CONTENT_TYPE].oid() != TST_INFO:
        raise TimestampError("The token's signature is over content of another type.")
    content_digest = hashlib.new(HASHES[signed.hash_oid]().name, signed.content).digest()
    if attributes[_MESSAGE_DIGEST].content_of(OCTET_STRING) != content_digest:
        raise TimestampError("The time-stamp was changed after it was signed.")
    certificate = _signing_certificate(attributes, signed.certificates)
    if not _names(signed.signer, certificate):
        raise TimestampError("The token names another signer than the certificate that its signature covers.")
    return certificate


def _signing_certificate(
    attributes: dict[str, Element], certificates: tuple[x509.Certificate, ...]
) -> x509.Certificate:
    second, first = attributes.get(_SIGNING_CERTIFICATE_V2), attributes.get(_SIGNING_CERTIFICATE)
    attribute = second or first
    if attribute is None:
        raise TimestampError("The token's signature covers no certificate.")
    entry = attribute.members(least=1)[0].members(least=1)[0].members(least=1)
    # ESSCertID is SHA-1 by definition; what is trusted rests on the chain, not on this digest.
    name = "sha1" if second is None else _hash_name(entry)
    wanted = next((each.content for each in entry if each.tag == OCTET_STRING), b"")
    for certificate in certificates:
        if hashlib.new(name, _der(certificate), usedforsecurity=False).digest() == wanted:
            return certificate
    raise TimestampError("The certificate that the token's signature covers is not in the token.")


def _hash_name(entry: list[Element]) -> str:
    if entry[0].tag != SEQUENCE:
        return "sha256"
    oid = entry[0].members(least=1)[0].oid()
    if oid not in HASHES:
        raise TimestampError(
            f"The token names its certificate by the digest algorithm {oid}, which is not known."
        )
    return HASHES[oid]().name


def _names(signer: Element, certificate: x509.Certificate) -> bool:
    if signer.tag == SEQUENCE:
        issuer, serial = signer.exactly(2)
        return (
            issuer.whole == certificate.issuer.public_bytes()
            and serial.integer() == certificate.serial_number
        )
    try:
        named = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return False
    return signer.content_of(CONTEXT_0_PRIMITIVE) == named


def _check_signature(signed: Signed, certificate: x509.Certificate) -> None:
    message = write(SET, signed.attribute_bytes)
    hashes = HASHES if signed.signature_oid == _RSA_ENCRYPTION else _SIGNATURE_HASHES
    algorithm = hashes.get(
        signed.hash_oid if signed.signature_oid == _RSA_ENCRYPTION else signed.signature_oid
    )
    key = certificate.public_key()
    elliptic = signed.signature_oid.startswith("1.2.840.10045.")
    try:
        if algorithm is not None and isinstance(key, rsa.RSAPublicKey) and not elliptic:
            key.verify(signed.signature, message, padding.PKCS1v15(), algorithm())
            return
        if algorithm is not None and isinstance(key, ec.EllipticCurvePublicKey) and elliptic:
            key.verify(signed.signature, message, ec.ECDSA(algorithm()))
            return
    except InvalidSignature as error:
        raise TimestampError("The token's signature does not hold.") from error
    raise TimestampError(
        f"The token is signed with the algorithm {signed.signature_oid}, which is not accepted for its key."
    )


def _check_purpose(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except (x509.ExtensionNotFound, ValueError) as error:
        raise TimestampError("The signer's certificate is not for time-stamping.") from error
    if not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise TimestampError(
            "The signer's certificate is not for time-stamping alone, marked critical, as RFC 3161 wants it."
        )


def _check_chain(
    certificate: x509.Certificate, others: tuple[x509.Certificate, ...], authority: Authority, at: datetime
) -> None:
    if not authority.roots:
        raise TimestampError("No root certificate is trusted for this time-stamp. Give the authority's root.")
    signer = ExtensionPolicy.permit_all()
    issuer = (
        ExtensionPolicy.permit_all()
        .require_present(x509.BasicConstraints, Criticality.CRITICAL, _is_authority)
        .require_present(x509.KeyUsage, Criticality.AGNOSTIC, _may_issue)
    )
    builder = (
        PolicyBuilder()
        .store(Store(list(authority.roots)))
        .time(at)
        .extension_policies(ca_policy=issuer, ee_policy=signer)
    )
    try:
        builder.build_client_verifier().verify(
            certificate, [other for other in others if other != certificate]
        )
    except VerificationError as error:
        raise TimestampError(
            f"The signer's certificate does not lead to a trusted root at {at:%Y-%m-%d %H:%M:%S} UTC: {error}."
        ) from error


def _is_authority(policy: Policy, certificate: x509.Certificate, constraints: x509.BasicConstraints) -> None:
    if not constraints.ca:
        raise ValueError("the issuer is not a certificate authority")


def _may_issue(policy: Policy, certificate: x509.Certificate, usage: x509.KeyUsage) -> None:
    if not usage.key_cert_sign:
        raise ValueError("the issuer may not sign certificates")


def _check_window(at: datetime, earliest: datetime | None, latest: datetime | None) -> None:
    if (earliest is not None and at < earliest) or (latest is not None and at > latest):
        raise TimestampError(
            f"The time-stamp says {at:%Y-%m-%d %H:%M:%S} UTC, which is not when it was asked for. Check both clocks."
        )


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)
