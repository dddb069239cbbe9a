"""Checkpoints (C2SP tlog-checkpoint): the head of a log in three lines, signed as a note."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assay.errors import AssayError
from assay.evidence.merkle import HASH_BYTES
from assay.evidence.note import (
    Ed25519Signer,
    MalformedNoteError,
    Note,
    Verifier,
    base64_bytes,
    base64_text,
    open_note,
    sign_note,
)

LARGEST_SIZE = 2**63 - 1
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class CheckpointError(AssayError):
    """A checkpoint that is not one, or is of another log than expected."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: who it is (its origin), how many entries, and the Merkle root over them."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """Give the text that is signed."""
        lines = (self.origin, str(self.size), base64_text(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint whose note a trusted key of its log signed."""

    checkpoint: Checkpoint
    note: Note


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint's note; raises CheckpointError unless `Checkpoint.text` gives it back."""
    origin, size, root, *extensions = _lines(text)
    try:
        checkpoint = Checkpoint(origin, parse_size(size), base64_bytes(root), tuple(extensions))
    except MalformedNoteError as error:
        raise CheckpointError("The third line of the checkpoint is not a root hash in base64.") from error
    if len(checkpoint.root) != HASH_BYTES:
        raise CheckpointError(
            f"The root hash of the checkpoint has {len(checkpoint.root)} bytes; SHA-256 has {HASH_BYTES}."
        )
    return checkpoint


def parse_size(text: str) -> int:
    """Read a tree size: ASCII digits, no leading zero, at most 2^63−1; raises CheckpointError."""
    if not _DECIMAL.fullmatch(text) or int(text) > LARGEST_SIZE:
        raise CheckpointError(f"“{text[:40]}” is not a tree size.")
    return int(text)


def sign_checkpoint(checkpoint: Checkpoint, signer: Ed25519Signer) -> Note:
    """Sign a checkpoint. The caller has made sure that it never signs two roots for one size."""
    if parse_checkpoint(checkpoint.text()) != checkpoint:
        raise CheckpointError(
            "An origin or extension holds a line feed, so the checkpoint would read as another one."
        )
    return sign_note(checkpoint.text(), signer)


def open_checkpoint(data: bytes, origin: str, keys: Iterable[Verifier]) -> SignedCheckpoint:
    """Read a signed checkpoint of the log `origin`, whose keys are `keys`.

    Raises CheckpointError for another log's, NoteError when it is no note or its signature does not hold. Further signatures, such as
    cosignatures, stay in the note and are not verified here.
    """
    note, _ = open_note(data, keys)
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != origin:
        raise CheckpointError(f"The checkpoint is of the log “{checkpoint.origin}”, not of “{origin}”.")
    return SignedCheckpoint(checkpoint, note)


def _lines(text: str) -> list[str]:
    *lines, rest = text.split("\n")
    if rest or len(lines) < 3 or not all(lines):
        raise CheckpointError(
            "The text is not a checkpoint: origin, size and root, each on a line of its own that is not empty."
        )
    return lines
