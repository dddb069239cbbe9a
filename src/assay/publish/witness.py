"""A witness (C2SP tlog-witness): somebody else who remembers the newest head of a log and cosigns only what continues it.

The rules are here; who calls, and where the memory is kept, is passed in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Protocol

from assay.errors import AssayError
from assay.evidence.checkpoint import Checkpoint, CheckpointError, parse_checkpoint
from assay.evidence.cosignature import Cosigner
from assay.evidence.merkle import EMPTY_ROOT, ProofError, verify_consistency
from assay.evidence.note import (
    Ed25519Key,
    MalformedNoteError,
    Note,
    Signature,
    UnsignedNoteError,
    parse_note,
    verified_signatures,
)
from assay.publish.witness_request import BadRequestError, parse_add_checkpoint


class RefusedError(AssayError):
    """The witness does not cosign. `status` is the HTTP status that C2SP tlog-witness gives to the reason."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class OutOfStepError(RefusedError):
    """The request builds on another size than the newest one cosigned, which is `size`."""

    def __init__(self, size: int) -> None:
        super().__init__(HTTPStatus.CONFLICT, f"The newest checkpoint cosigned has size {size}.")
        self.size = size


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest head cosigned of one log, with its note: signed by the log, cosigned by the witness."""

    size: int
    root: bytes
    note: bytes


class WitnessState(Protocol):
    """What a witness remembers, by the log's origin."""

    def latest(self, origin: str) -> Seen | None:
        """Give the newest head cosigned; None when there was none."""
        ...

    def advance(self, origin: str, before: Seen | None, after: Seen) -> bool:
        """Put `after` in the place of `before`, durably; False, and nothing changed, when `before` is no longer the newest."""
        ...


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness's key, the logs it knows with their keys, its memory and its clock."""

    cosigner: Cosigner
    logs: Mapping[str, tuple[Ed25519Key, ...]]
    state: WitnessState
    clock: Callable[[], datetime]

    def add_checkpoint(self, body: bytes) -> Signature:
        """Cosign the checkpoint in a request, or raise RefusedError.

        1. The request and its note are well formed. 2. The origin is known. 3. A trusted key of the log signed. 4. The old size is no larger
        than the new one, and is the newest cosigned. 5. The new tree continues the old one. 6. What is seen is durable before the
        cosignature is given.
        """
        old, proof, note, checkpoint = _read(body)  # 1
        text_signatures = self._verified(checkpoint.origin, note)  # 2, 3
        before = self.state.latest(checkpoint.origin)
        _check_step(old, checkpoint.size, before)  # 4
        _check_continues(before, checkpoint, proof)  # 5
        cosignature = self.cosigner.cosign(note.text, self.clock())
        after = Seen(
            checkpoint.size, checkpoint.root, Note(note.text, (*text_signatures, cosignature)).encode()
        )
        if not self.state.advance(checkpoint.origin, before, after):  # 6
            newest = self.state.latest(checkpoint.origin)
            raise OutOfStepError(newest.size if newest else 0)
        return cosignature

    def checkpoint_of(self, origin_digest: str) -> bytes | None:
        """Give the newest cosigned checkpoint of the log whose origin has this SHA-256, in hex; None when there is none."""
        for origin in self.logs:
            if hashlib.sha256(origin.encode()).hexdigest() == origin_digest:
                seen = self.state.latest(origin)
                return None if seen is None else seen.note
        return None

    def _verified(self, origin: str, note: Note) -> tuple[Signature, ...]:
        if origin not in self.logs:
            raise RefusedError(
                HTTPStatus.NOT_FOUND,
                "This witness does not know the log. Give the witness the log's origin and key.",
            )
        try:
            return verified_signatures(note, self.logs[origin])
        except UnsignedNoteError as error:
            raise RefusedError(HTTPStatus.FORBIDDEN, str(error)) from error


def _read(body: bytes) -> tuple[int, tuple[bytes, ...], Note, Checkpoint]:
    try:
        request = parse_add_checkpoint(body)
        note = parse_note(request.note)
        return request.old, request.proof, note, parse_checkpoint(note.text)
    except (BadRequestError, MalformedNoteError, CheckpointError) as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, str(error)) from error


def _check_step(old: int, size: int, before: Seen | None) -> None:
    if old > size:
        raise RefusedError(
            HTTPStatus.BAD_REQUEST, f"The old size {old} is larger than the checkpoint's, {size}."
        )
    newest = before.size if before else 0
    if old != newest:
        raise OutOfStepError(newest)


def _check_continues(before: Seen | None, checkpoint: Checkpoint, proof: tuple[bytes, ...]) -> None:
    old, old_root = (before.size, before.root) if before else (0, EMPTY_ROOT)
    try:
        verify_consistency(old, old_root, checkpoint.size, checkpoint.root, proof)
    except ProofError as error:
        raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error
