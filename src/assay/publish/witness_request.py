"""The body of an `add-checkpoint` request (C2SP tlog-witness): old size, consistency proof, empty line, checkpoint."""

from __future__ import annotations

from dataclasses import dataclass

from assay.errors import AssayError
from assay.evidence.checkpoint import CheckpointError, parse_size
from assay.evidence.merkle import HASH_BYTES
from assay.evidence.note import MalformedNoteError, base64_bytes, base64_text

LONGEST_PROOF = 63


class BadRequestError(AssayError):
    """The body of a request is not as C2SP tlog-witness gives it."""


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A checkpoint, with the proof that it continues the one of `old` entries. Nothing in it has been verified."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes

    def encode(self) -> bytes:
        """Give the body of the request."""
        lines = [f"old {self.old}", *(base64_text(each) for each in self.proof), ""]
        return "".join(f"{line}\n" for line in lines).encode() + self.note


def parse_add_checkpoint(body: bytes) -> AddCheckpoint:
    """Read the body of a request; raises BadRequestError unless `encode` gives it back."""
    head, divider, note = body.partition(b"\n\n")
    first, *proof = head.split(b"\n")
    if not divider or not first.startswith(b"old "):
        raise BadRequestError(
            "The request must be an old size line, proof lines, an empty line and a checkpoint."
        )
    if len(proof) > LONGEST_PROOF:
        raise BadRequestError(
            f"The request has {len(proof)} proof lines; at most {LONGEST_PROOF} are allowed."
        )
    try:
        old = parse_size(first.removeprefix(b"old ").decode())
        hashes = tuple(base64_bytes(line.decode()) for line in proof)
    except (CheckpointError, MalformedNoteError, UnicodeDecodeError) as error:
        raise BadRequestError(
            "The request's old size or a proof line is not written as it must be."
        ) from error
    if any(len(each) != HASH_BYTES for each in hashes):
        raise BadRequestError(f"A proof line must hold a hash of {HASH_BYTES} bytes.")
    return AddCheckpoint(old, hashes, note)
