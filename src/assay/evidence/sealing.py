"""Personal records, sealed under a key of the person they are about (formats.md, section 4). Where the keys are kept is the home's business.

Destroying a person's key makes key, record and salt unreadable wherever the sealed bytes were copied to; the commitment stays.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assay.errors import AssayError
from assay.evidence.canonical import decode, encode
from assay.evidence.records import Place, Sealed, Whole

FORMAT = 1
KEY_BYTES = 32
NONCE_BYTES = 12

Random = Callable[[int], bytes]


class BrokenSealError(AssayError):
    """Sealed bytes that do not open at their place: changed, moved, or sealed under another key."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A person as the evidence knows them: a random id of 32 hexadecimal digits, and the key that seals what is about them."""

    id: str
    key: bytes = field(repr=False)


class SubjectKeys(Protocol):
    """The keys of the people whom sealed records are about."""

    def subject(self, person: str) -> Subject:
        """Give the subject of an identifying text such as an e-mail address; drawn at random, and durable on return, if there is none."""
        ...

    def find(self, person: str) -> str | None:
        """Give the subject id of an identifying text, None if there is none (any more)."""
        ...

    def key(self, subject: str) -> bytes | None:
        """Give the key of a subject id; None when it was destroyed or never drawn."""
        ...

    def destroy(self, subjects: Collection[str]) -> int:
        """Destroy the keys of these subject ids for good and give how many there were."""
        ...


@dataclass(frozen=True, slots=True)
class SubjectSealer:
    """Seals and opens record versions under subject keys; the `Sealer` that `assay.evidence.population.advance` asks for."""

    keys: SubjectKeys
    random: Random = secrets.token_bytes

    def seal(self, place: Place, subject: str, version: Whole) -> Sealed:
        """Seal a version for `subject`, an identifying text; its key is drawn if there is none."""
        return seal(place, self.keys.subject(subject), version, self.random(NONCE_BYTES))

    def open(self, place: Place, line: Sealed) -> Whole | None:
        """Open a sealed line; None when its subject's key was destroyed. Raises BrokenSealError."""
        key = self.keys.key(line.subject)
        return None if key is None else open_sealed(place, line, key)


def seal(place: Place, subject: Subject, version: Whole, nonce: bytes) -> Sealed:
    """Seal a version to its place, subject and commitment: AES-256-GCM under the subject's key; `nonce` is 12 fresh random bytes."""
    commitment = version.commitment()
    ciphertext = AESGCM(subject.key).encrypt(
        nonce, version.encode(), _bound_to(place, subject.id, commitment)
    )
    return Sealed(commitment, nonce + ciphertext, subject.id)


def open_sealed(place: Place, line: Sealed, key: bytes) -> Whole:
    """Open a sealed line found at `place`; raises BrokenSealError unless it was sealed there, for this subject and commitment, with `key`."""
    nonce, ciphertext = line.sealed[:NONCE_BYTES], line.sealed[NONCE_BYTES:]
    try:
        plain = AESGCM(key).decrypt(nonce, ciphertext, _bound_to(place, line.subject, line.commitment))
        member = decode(plain)
        version = Whole(member["key"], encode(member["record"]), bytes.fromhex(member["salt"]))
        if version.commitment() == line.commitment:
            return version
    except (InvalidTag, AssayError, KeyError, TypeError, ValueError) as error:
        raise BrokenSealError(_broken(place, line)) from error
    raise BrokenSealError(_broken(place, line))


def _bound_to(place: Place, subject: str, commitment: bytes) -> bytes:
    return encode(
        ["assay sealed record", FORMAT, place.table, place.account, place.region, subject, commitment.hex()]
    )


def _broken(place: Place, line: Sealed) -> str:
    return (
        f"The sealed record {line.commitment.hex()} of {place.table} does not open at {place.account} {place.region}".rstrip()
        + ": it was changed or moved, or its key is another one. Run `assay fsck`, and restore the object from a backup."
    )
