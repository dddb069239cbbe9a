"""Cosignatures (C2SP tlog-cosignature, `cosignature/v1`, Ed25519): a witness's statement that, at an instant, this was the newest head it had seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assay.evidence.checkpoint import parse_checkpoint
from assay.evidence.note import (
    MalformedNoteError,
    Note,
    Signature,
    key_id,
    parse_vkey,
    verified_signatures,
    verify_ed25519,
    vkey_text,
)

COSIGNATURE = b"\x04"
"""The signature type of a timestamped Ed25519 cosignature."""

_TIME_BYTES = 8
_SIGNATURE_BYTES = 64
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CosignerKey:
    """A witness's public key under its name."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, vkey: str) -> CosignerKey:
        """Read `name+id+key`; raises MalformedNoteError when any part is not as written by `text`."""
        return cls(*parse_vkey(vkey, COSIGNATURE))

    @property
    def key_id(self) -> bytes:
        """SHA-256(name ‖ LF ‖ 0x04 ‖ public)[:4]."""
        return key_id(self.name, COSIGNATURE, self.public)

    def text(self) -> str:
        """Give the key in its C2SP form."""
        return vkey_text(self.name, COSIGNATURE, self.public)

    def verify(self, text: bytes, signature: bytes) -> bool:
        """Tell whether this witness cosigned the checkpoint text, at the time that the signature carries."""
        if len(signature) != _TIME_BYTES + _SIGNATURE_BYTES:
            return False
        seconds = int.from_bytes(signature[:_TIME_BYTES], "big")
        return 0 < seconds < 2**63 and verify_ed25519(
            self.public, _message(seconds, text), signature[_TIME_BYTES:]
        )


@dataclass(frozen=True, slots=True, repr=False)
class Cosigner:
    """A witness's private key under its name. Its repr shows the name alone."""

    name: str
    private: Ed25519PrivateKey

    @property
    def key(self) -> CosignerKey:
        """The verifier key that others need."""
        return CosignerKey(self.name, self.private.public_key().public_bytes_raw())

    def cosign(self, text: str, at: datetime) -> Signature:
        """Cosign a checkpoint's text; `at` is taken to the second. The caller has checked that the checkpoint is consistent."""
        parse_checkpoint(text)
        seconds = (at - _EPOCH) // timedelta(seconds=1)
        signature = self.private.sign(_message(seconds, text.encode()))
        return Signature(self.name, self.key.key_id, seconds.to_bytes(_TIME_BYTES, "big") + signature)

    def __repr__(self) -> str:
        return f"Cosigner({self.name!r})"


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A cosignature that holds: which witness, when by its clock, and the line for the checkpoint's note."""

    witness: str
    at: datetime
    line: Signature


def cosignatures(note: Note, keys: Iterable[CosignerKey]) -> tuple[Cosigned, ...]:
    """Give the cosignatures on a checkpoint's note by known witnesses, oldest first.

    Raises CheckpointError when the note is no checkpoint, UnsignedNoteError when one by a known witness does not hold or when there is none.
    """
    parse_checkpoint(note.text)
    found = [Cosigned(line.name, cosigned_at(line), line) for line in verified_signatures(note, keys)]
    return tuple(sorted(found, key=lambda each: (each.at, each.witness)))


def cosigned_at(line: Signature) -> datetime:
    """Give the instant that a cosignature carries, to the second; raises MalformedNoteError when it carries none."""
    seconds = int.from_bytes(line.signature[:_TIME_BYTES], "big")
    if len(line.signature) != _TIME_BYTES + _SIGNATURE_BYTES:
        raise MalformedNoteError(f"The signature by {line.name} is not a timestamped cosignature.")
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError as error:
        raise MalformedNoteError(f"The cosignature by {line.name} is dated beyond the calendar.") from error


def _message(seconds: int, text: bytes) -> bytes:
    return b"cosignature/v1\ntime %d\n" % seconds + text
