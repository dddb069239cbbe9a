"""Having somebody else remember the ledger's head: sends the newest checkpoint to a witness and keeps what it cosigned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assay.errors import AssayError
from assay.evidence.cosignature import Cosigned, Cosigner, CosignerKey, cosigned_at
from assay.evidence.ledger import consistency_proof
from assay.evidence.note import Ed25519Key, Note, NoteError, verified_signatures
from assay.evidence.stamped import Stamp, is_stamp, stamps
from assay.home.keys import write_secret
from assay.home.place import Home, Surroundings
from assay.home.publishing import keep_cosigned, own_key, publish, published, stored_tiles
from assay.publish import Transport, Witness, WitnessFile, send_checkpoint

KEY_SUFFIX = ".key"


class WitnessSetUpError(AssayError):
    """A witness cannot be made or opened as asked."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far others remember the ledger: its size, the size of the newest checkpoint, who says to have cosigned that one, and when, and its time-stamps."""

    entries: int
    checkpoint: int | None
    cosigned: tuple[tuple[str, datetime], ...]
    stamps: tuple[Stamp, ...] = ()


def have_cosigned(
    home: Home, transport: Transport, url: str, witness: CosignerKey, known: int = 0
) -> Cosigned:
    """Publish, have a witness cosign that checkpoint, keep the cosignature with it, and give it. Raises a WitnessError that says what to do.

    `known` is the size that this witness cosigned last, as far as we know. It is shown the home's own signature alone: what others added is not its matter.
    """
    signed = publish(home)
    tiles = stored_tiles(home, signed.checkpoint.size)

    def prove(old: int, new: int) -> Sequence[bytes]:
        return consistency_proof(home.ledger, old, new, tiles)

    own = verified_signatures(signed.note, [own_key(home, signed.checkpoint.size)])
    checkpoint = Note(signed.note.text, own).encode()
    cosigned = send_checkpoint(transport, url, checkpoint, witness, prove, known)
    keep_cosigned(home, signed.note.signed_by(cosigned.line))
    return cosigned


def standing(home: Home) -> Standing:
    """Give how far the newest checkpoint reaches and whose cosignatures it carries; they are not verified, for that takes the witnesses' keys."""
    newest = published(home)
    if newest is None:
        return Standing(home.ledger.size(), None, ())
    own = own_key(home, newest.checkpoint.size)
    others = [line for line in newest.note.signatures if (line.name, line.key_id) != (own.name, own.key_id)]
    found = []
    for line in others:
        if is_stamp(line):
            continue
        try:
            found.append((line.name, cosigned_at(line)))
        except NoteError:
            continue  # another kind of signature than a cosignature
    return Standing(home.ledger.size(), newest.checkpoint.size, tuple(found), tuple(stamps(newest.note)))


def make_witness(state: Path, name: str, surroundings: Surroundings) -> CosignerKey:
    """Make a new witness: its memory in `state`, its key beside it (mode 0600); gives its public key."""
    key_file = _key_file(state)
    if key_file.exists():
        raise WitnessSetUpError(
            f"There is already a witness's key in {key_file}. Use that witness, or name another file."
        )
    seed = surroundings.random(32)
    cosigner = Cosigner(name, Ed25519PrivateKey.from_private_bytes(seed))
    CosignerKey.parse(cosigner.key.text())
    WitnessFile.create(state)
    write_secret(key_file, f"{name}\n{seed.hex()}\n")
    return cosigner.key


def read_cosigner(state: Path) -> Cosigner:
    """Read the key of the witness whose memory is `state`."""
    key_file = _key_file(state)
    try:
        name, seed = key_file.read_text().splitlines()
        return Cosigner(name, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed)))
    except FileNotFoundError as error:
        raise WitnessSetUpError(
            f"There is no witness's key in {key_file}. Make a witness with `assay witness key --state {state} --name NAME`."
        ) from error
    except (OSError, ValueError) as error:
        raise WitnessSetUpError(
            f"The witness's key in {key_file} cannot be read. Restore the file."
        ) from error


def witness_of(state: Path, logs: Sequence[Ed25519Key], surroundings: Surroundings) -> Witness:
    """Open the witness whose memory is `state`, to cosign the logs whose keys are given."""
    trusted: dict[str, tuple[Ed25519Key, ...]] = {}
    for key in logs:
        trusted[key.name] = (*trusted.get(key.name, ()), key)
    return Witness(read_cosigner(state), trusted, WitnessFile.open(state), surroundings.clock)


def _key_file(state: Path) -> Path:
    return state.with_name(state.name + KEY_SUFFIX)
