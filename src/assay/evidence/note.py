"""Signed notes (C2SP signed-note): a text, and lines that say who signed it.

The parser takes exactly what `Note.encode` writes and nothing else, so a note has one spelling: bytes that differ are another note, or none.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from assay.errors import AssayError

LARGEST_NOTE = 1_000_000
MOST_SIGNATURES = 100
KEY_ID_BYTES = 4
ED25519 = b"\x01"
"""The signature type of a plain Ed25519 signature."""


class NoteError(AssayError):
    """Bytes that are not a note, a key that is not one, or a note whose signatures do not hold."""


class MalformedNoteError(NoteError):
    """Bytes or a key string outside the form that C2SP signed-note gives."""


class UnsignedNoteError(NoteError):
    """A note that no known key signed, or with a signature by a known key that does not hold."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who says to have signed, and the bytes after the key id."""

    name: str
    key_id: bytes
    signature: bytes

    def encode(self) -> str:
        """Give the line, with its line feed."""
        return f"— {self.name} {base64_text(self.key_id + self.signature)}\n"


class Verifier(Protocol):
    """A public key that is trusted for a name."""

    @property
    def name(self) -> str:
        """The key's name, as in a signature line."""
        ...

    @property
    def key_id(self) -> bytes:
        """The key's id, four bytes."""
        ...

    def verify(self, text: bytes, signature: bytes) -> bool:
        """Tell whether this key signed the text of a note."""
        ...


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a line feed, and its signatures. Nothing about them has been verified."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """Give the note's bytes."""
        return f"{self.text}\n{''.join(line.encode() for line in self.signatures)}".encode()

    def signed_by(self, *more: Signature) -> Note:
        """Give the note with further signatures; a line that it already has is not written twice."""
        return Note(self.text, tuple(dict.fromkeys([*self.signatures, *more])))


@dataclass(frozen=True, slots=True)
class Ed25519Key:
    """A plain Ed25519 verifier key: its name, and the 32 bytes of the public key."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, vkey: str) -> Ed25519Key:
        """Read `name+id+key`; raises MalformedNoteError when any part is not as written by `text`."""
        return cls(*parse_vkey(vkey, ED25519))

    @property
    def key_id(self) -> bytes:
        """SHA-256(name ‖ LF ‖ 0x01 ‖ public)[:4]."""
        return key_id(self.name, ED25519, self.public)

    def text(self) -> str:
        """Give the key in its C2SP form, for a configuration file or a letter."""
        return vkey_text(self.name, ED25519, self.public)

    def verify(self, text: bytes, signature: bytes) -> bool:
        """Tell whether this key signed `text` (RFC 8032)."""
        return verify_ed25519(self.public, text, signature)


@dataclass(frozen=True, slots=True, repr=False)
class Ed25519Signer:
    """A key that signs notes under a name. Its repr shows the name alone."""

    name: str
    private: Ed25519PrivateKey

    @property
    def key(self) -> Ed25519Key:
        """The verifier key that others need."""
        return Ed25519Key(self.name, self.private.public_key().public_bytes_raw())

    def sign(self, text: str) -> Signature:
        """Sign a note's text, which must end in a line feed."""
        return Signature(self.name, self.key.key_id, self.private.sign(text.encode()))

    def __repr__(self) -> str:
        return f"Ed25519Signer({self.name!r})"


def sign_note(text: str, *signers: Ed25519Signer) -> Note:
    """Make a note; raises MalformedNoteError when the text or a name cannot be in one."""
    note = Note(text, tuple(signer.sign(text) for signer in signers))
    if parse_note(note.encode()) != note:
        raise MalformedNoteError("The text of a note must end in a line feed.")
    return note


def parse_note(data: bytes) -> Note:
    """Read a note without verifying it; raises MalformedNoteError."""
    if len(data) > LARGEST_NOTE:
        raise MalformedNoteError(f"The note has {len(data)} bytes; more than {LARGEST_NOTE} are not read.")
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise MalformedNoteError("The note is not UTF-8.") from error
    if any(character < " " and character != "\n" for character in whole):
        raise MalformedNoteError("The note holds a control character.")
    text, divider, block = whole.rpartition("\n\n")
    if not divider or not block.endswith("\n"):
        raise MalformedNoteError(
            "The note has no block of signatures after its last empty line, or it was cut off."
        )
    return Note(text + "\n", parse_signatures(block))


def parse_signatures(block: str) -> tuple[Signature, ...]:
    """Read signature lines, each ended by a line feed and none twice; raises MalformedNoteError."""
    lines = block.removesuffix("\n").split("\n")
    if not block.endswith("\n") or len(lines) > MOST_SIGNATURES:
        raise MalformedNoteError(
            f"A note has between 1 and {MOST_SIGNATURES} signature lines, each ended by a line feed."
        )
    signatures = tuple(_parse_line(line) for line in lines)
    if len(set(signatures)) != len(signatures):
        raise MalformedNoteError("The note has the same signature line twice.")
    return signatures


def open_note(data: bytes, keys: Iterable[Verifier]) -> tuple[Note, tuple[Signature, ...]]:
    """Read a note and give it with the signatures by known keys, all of which hold; signatures by others are ignored.

    Raises MalformedNoteError, or UnsignedNoteError when a signature by a known key does not hold or when there is none.
    """
    note = parse_note(data)
    return note, verified_signatures(note, keys)


def open_sole(data: bytes, key: Verifier) -> Note:
    """Read a note that must have one signature, by `key`: for files whose bytes nothing else protects."""
    note, signatures = open_note(data, [key])
    if note.signatures != signatures or len(signatures) != 1:
        raise UnsignedNoteError(f"The note must be signed by {key.name} and nobody else, and once.")
    return note


def verified_signatures(note: Note, keys: Iterable[Verifier]) -> tuple[Signature, ...]:
    """Give the signatures of a note by known keys; raises UnsignedNoteError when one does not hold or when there is none."""
    known = {(key.name, key.key_id): key for key in keys}
    signatures = tuple(line for line in note.signatures if (line.name, line.key_id) in known)
    for line in signatures:
        if not known[line.name, line.key_id].verify(note.text.encode(), line.signature):
            raise UnsignedNoteError(
                f"The signature by {line.name} does not hold: the text was changed, or another key signed it."
            )
    if not signatures:
        names = ", ".join(sorted({name for name, _ in known})) or "no key"
        raise UnsignedNoteError(
            f"The note is not signed by a known key ({names}). Check that the key given is the one that should have signed."
        )
    return signatures


def key_id(name: str, algorithm: bytes, public: bytes) -> bytes:
    """SHA-256(name ‖ LF ‖ signature type ‖ public key)[:4]."""
    return hashlib.sha256(name.encode() + b"\n" + algorithm + public).digest()[:KEY_ID_BYTES]


def vkey_text(name: str, algorithm: bytes, public: bytes) -> str:
    """Give a verifier key as `name+id+base64(type ‖ public key)`."""
    return f"{name}+{key_id(name, algorithm, public).hex()}+{base64_text(algorithm + public)}"


def parse_vkey(vkey: str, algorithm: bytes) -> tuple[str, bytes]:
    """Read a verifier key of a 32-byte kind and give name and public key; raises MalformedNoteError."""
    name, _, rest = vkey.partition("+")
    _, _, encoded = rest.partition("+")
    public = base64_bytes(encoded)[1:]
    if not is_key_name(name) or len(public) != 32 or vkey_text(name, algorithm, public) != vkey:
        raise MalformedNoteError(
            f"“{vkey[:200]}” is not a key of the form name+id+key with signature type {algorithm[0]}; copy it whole."
        )
    return name, public


def verify_ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether an Ed25519 signature holds (RFC 8032, section 5.1.7)."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_key_name(name: str) -> bool:
    """Tell whether a key may have this name: not empty, no space, no plus, no control character."""
    return bool(name) and not any(
        character.isspace() or character == "+" or character < " " for character in name
    )


def base64_text(data: bytes) -> str:
    """Give standard base64 (RFC 4648, section 4)."""
    return base64.b64encode(data).decode()


def base64_bytes(text: str) -> bytes:
    """Read standard base64 in its one canonical spelling; raises MalformedNoteError for any other."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedNoteError(f"“{text[:100]}” is not base64.") from error
    if base64_text(data) != text:
        raise MalformedNoteError(f"“{text[:100]}” is base64, but not in its canonical spelling.")
    return data


def _parse_line(line: str) -> Signature:
    parts: Sequence[str] = line.split(" ")
    if len(parts) != 3 or parts[0] != "—" or not is_key_name(parts[1]):
        raise MalformedNoteError(f"“{line[:100]}” is not a signature line.")
    data = base64_bytes(parts[2])
    if len(data) <= KEY_ID_BYTES:
        raise MalformedNoteError(f"The signature by {parts[1]} is too short to be one.")
    return Signature(parts[1], data[:KEY_ID_BYTES], data[KEY_ID_BYTES:])
