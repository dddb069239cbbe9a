"""Sends a checkpoint to a witness and brings back its cosignature (C2SP tlog-witness). The witness's answer is a stranger's: it is verified."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assay.errors import AssayError
from assay.evidence.checkpoint import CheckpointError, parse_checkpoint, parse_size
from assay.evidence.cosignature import Cosigned, CosignerKey, cosignatures
from assay.evidence.note import Note, NoteError, parse_note, parse_signatures
from assay.publish.transport import Answer, Transport, content_type
from assay.publish.witness_request import AddCheckpoint

LARGEST_ANSWER = 256 * 1024
_TRIES = 3
_REASONS = {
    400: "It could not read the request.",
    403: "It trusts another key for this log. If the signing key was handed over, give its operator the new one, beside the one before (`assay keys list`).",
    404: "It does not know this log, or the address is not a witness's. Give the witness this home's origin and key, and check the address.",
    422: "It remembers another history of this log: this home was restored from a backup or changed. Do not go on before it is known why.",
}


class WitnessError(AssayError):
    """A witness did not cosign, or its answer does not hold."""


class WitnessRefusedError(WitnessError):
    """A witness refused a checkpoint with `status`."""

    def __init__(self, name: str, status: int) -> None:
        reason = _REASONS.get(status, "Try again later; if it stays so, ask who runs it.")
        super().__init__(f"The witness {name} refused the checkpoint with status {status}. {reason}")
        self.status = status


class WitnessAheadError(WitnessError):
    """A witness has cosigned a larger ledger than this one: entries that others have seen are missing here."""

    def __init__(self, name: str, theirs: int, ours: int) -> None:
        super().__init__(
            f"The witness {name} has cosigned {theirs} entries of this ledger, but it holds {ours}: "
            "this home is an older copy. Restore the newer one, or open a new epoch that names what is lost."
        )
        self.theirs = theirs


def send_checkpoint(
    transport: Transport,
    url: str,
    checkpoint: bytes,
    witness: CosignerKey,
    prove: Callable[[int, int], Sequence[bytes]],
    known: int = 0,
) -> Cosigned:
    """Have a witness cosign a signed checkpoint and give its verified cosignature.

    `url` is the witness's submission prefix, `prove(old, new)` gives a consistency proof, `known` is the size last cosigned by this witness
    as far as we know. Raises WitnessAheadError, WitnessRefusedError, or WitnessError for an answer that does not hold.
    """
    note = parse_note(checkpoint)
    size = parse_checkpoint(note.text).size
    old = min(known, size)
    for _ in range(_TRIES):
        request = AddCheckpoint(old, tuple(prove(old, size)), checkpoint)
        answer = transport.request(
            "POST",
            f"{url.rstrip('/')}/add-checkpoint",
            {"content-type": "text/plain; charset=utf-8"},
            request.encode(),
        )
        if len(answer.body) > LARGEST_ANSWER:
            raise WitnessError(
                f"The witness {witness.name} answered {len(answer.body)} bytes; more than {LARGEST_ANSWER} are not read."
            )
        if answer.status == 200:
            return _cosigned(answer, note, witness)
        if answer.status != 409:
            raise WitnessRefusedError(witness.name, answer.status)
        old = _newest(answer, witness, size)
    raise WitnessError(
        f"The witness {witness.name} names a newer size at every try. Try again later; if it stays so, ask who runs it."
    )


def _newest(answer: Answer, witness: CosignerKey, ours: int) -> int:
    body = answer.body if content_type(answer) == "text/x.tlog.size" else b""
    try:
        theirs = parse_size(body.decode().removesuffix("\n"))
    except (CheckpointError, UnicodeDecodeError) as error:
        raise WitnessError(
            f"The witness {witness.name} says that its size differs, but not which it is. Check the address."
        ) from error
    if theirs > ours:
        raise WitnessAheadError(witness.name, theirs, ours)
    return theirs


def _cosigned(answer: Answer, note: Note, witness: CosignerKey) -> Cosigned:
    try:
        lines = parse_signatures(answer.body.decode())
        return cosignatures(Note(note.text, lines), [witness])[-1]
    except (NoteError, UnicodeDecodeError) as error:
        raise WitnessError(
            f"The witness {witness.name} answered with a cosignature that does not hold. Check its key and its address."
        ) from error
