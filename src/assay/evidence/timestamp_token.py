"""The inside of a time-stamp token: TSTInfo (RFC 3161, section 2.4.2) in CMS SignedData (RFC 5652), read strictly and not yet believed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm

from assay.errors import AssayError
from assay.evidence.der import (
    BOOLEAN,
    GENERALIZED_TIME,
    INTEGER,
    NULL,
    OCTET_STRING,
    SEQUENCE,
    SET,
    DerError,
    Element,
    read_one,
)

SHA256_OID = "2.16.840.1.101.3.4.2.1"
HASHES: dict[str, Callable[[], HashAlgorithm]] = {
    SHA256_OID: SHA256,
    "2.16.840.1.101.3.4.2.2": SHA384,
    "2.16.840.1.101.3.4.2.3": SHA512,
}
TST_INFO = "1.2.840.113549.1.9.16.1.4"
CONTEXT_0_PRIMITIVE = 0x80
_SIGNED_DATA = "1.2.840.113549.1.7.2"
_CONTEXT_0, _CONTEXT_1, _CONTEXT_1_PRIMITIVE = 0xA0, 0xA1, 0x81
_TIME = re.compile(rb"([0-9]{14})(?:\.([0-9]{0,5}[1-9]))?Z")


class TimestampError(AssayError):
    """A time-stamp was refused, or does not show what it should. The text says which part."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a TSTInfo states."""

    policy: str
    hash_oid: str
    digest: bytes
    serial: int
    at: datetime
    accuracy: timedelta | None
    nonce: int | None


@dataclass(frozen=True, slots=True)
class Signed:
    """The one signature of a token and what it was made over: `attributes` by object identifier, `attribute_bytes` as they were signed."""

    content: bytes
    certificates: tuple[x509.Certificate, ...]
    signer: Element
    hash_oid: str
    attributes: dict[str, Element]
    attribute_bytes: bytes
    signature_oid: str
    signature: bytes


def read_token(token: bytes) -> Signed:
    """Read a token that one signer signed; raises TimestampError, DerError or ValueError for anything else or more."""
    kind, wrapped = read_one(token).exactly(2)
    (data,) = wrapped.exactly(1, _CONTEXT_0)
    version, digests, encapsulated, certificates, signers = data.exactly(5)
    content_kind, wrapped_content = encapsulated.exactly(2)
    (content,) = wrapped_content.exactly(1, _CONTEXT_0)
    if (kind.oid(), content_kind.oid(), version.integer()) != (_SIGNED_DATA, TST_INFO, 3):
        raise TimestampError("The token is not a signed time-stamp.")
    (signer,) = signers.exactly(1, SET)
    signer_version, name, digest, attributes, algorithm, signature = signer.exactly(6)
    if signer_version.integer() != (1 if name.tag == SEQUENCE else 3):
        raise TimestampError("The token has a signer of an unknown version.")
    hash_oid = _algorithm(digest)
    if hash_oid not in HASHES or hash_oid not in [_algorithm(each) for each in digests.members(SET)]:
        raise TimestampError(
            f"The token's digest algorithm {hash_oid} is not SHA-256, SHA-384 or SHA-512, or is not announced."
        )
    return Signed(
        content.content_of(OCTET_STRING),
        tuple(_certificate(each) for each in certificates.members(_CONTEXT_0)),
        name,
        hash_oid,
        _attributes(attributes.members(_CONTEXT_0)),
        attributes.content,
        _algorithm(algorithm),
        signature.content_of(OCTET_STRING),
    )


def read_tst_info(content: bytes) -> Stated:
    """Read what was signed; raises TimestampError, DerError or ValueError where it cannot be understood whole."""
    version, policy, imprint, serial, time, *optional = read_one(content).members(least=5)
    if version.integer() != 1:
        raise TimestampError(f"The time-stamp has version {version.integer()}; version 1 can be read.")
    algorithm, digest = imprint.exactly(2)
    accuracy, _ordering = _take(optional, SEQUENCE), _take(optional, BOOLEAN)
    nonce, _authority = _take(optional, INTEGER), _take(optional, _CONTEXT_0)
    extensions = _take(optional, _CONTEXT_1)
    if optional or (extensions is not None and _any_critical(extensions.children())):
        raise TimestampError("The time-stamp carries something that must be understood and is not.")
    return Stated(
        policy.oid(),
        _algorithm(algorithm),
        digest.content_of(OCTET_STRING),
        serial.integer(),
        _instant(time.content_of(GENERALIZED_TIME)),
        None if accuracy is None else _accuracy(accuracy),
        None if nonce is None else nonce.integer(),
    )


def _certificate(element: Element) -> x509.Certificate:
    """Read a certificate; its serial number is looked at first, because `cryptography` takes one below 1 with a warning (RFC 5280, 4.1.2.2)."""
    first, second, *_ = element.members(least=3)[0].members(least=2)
    if (second if first.tag == _CONTEXT_0 else first).integer() < 1:
        raise TimestampError("The token holds a certificate without a valid serial number.")
    return x509.load_der_x509_certificate(element.whole)


def _algorithm(element: Element) -> str:
    """Read an algorithm that has no parameters: absent, or NULL."""
    oid, *parameters = element.members(least=1)
    if parameters and [(each.tag, each.content) for each in parameters] != [(NULL, b"")]:
        raise DerError("An algorithm has parameters that are not known.")
    return oid.oid()


def _attributes(elements: Iterable[Element]) -> dict[str, Element]:
    found: dict[str, Element] = {}
    for attribute in elements:
        kind, values = attribute.exactly(2)
        if kind.oid() in found:
            raise TimestampError("The token has a signed attribute twice.")
        (found[kind.oid()],) = values.exactly(1, SET)
    return found


def _any_critical(extensions: Iterable[Element]) -> bool:
    return any(each.members(least=2)[1].tag == BOOLEAN for each in extensions)


def _take(elements: list[Element], tag: int) -> Element | None:
    return elements.pop(0) if elements and elements[0].tag == tag else None


def _instant(content: bytes) -> datetime:
    match = _TIME.fullmatch(content)
    if match is None:
        raise DerError("The time is not a GeneralizedTime in UTC.")
    seconds, fraction = match.groups()
    at = datetime.strptime(seconds.decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return at + timedelta(microseconds=int((fraction or b"0").ljust(6, b"0")))


def _accuracy(element: Element) -> timedelta:
    parts = {part.tag: int.from_bytes(part.content, "big", signed=True) for part in element.members()}
    return timedelta(
        seconds=parts.get(INTEGER, 0),
        milliseconds=parts.get(CONTEXT_0_PRIMITIVE, 0),
        microseconds=parts.get(_CONTEXT_1_PRIMITIVE, 0),
    )
