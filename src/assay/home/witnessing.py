"""Letting somebody else remember the ledger's head: the newest checkpoint is sent to a witness, and its cosignature is kept beside ours."""

from __future__ import annotations

from assay.evidence.cosignature import Cosigned, CosignerKey
from assay.evidence.ledger import consistency_proof
from assay.home.place import Home
from assay.home.publishing import POINTER, publish
from assay.publish import Transport, send_checkpoint


def send_to_witness(home: Home, transport: Transport, url: str, witness: CosignerKey) -> Cosigned:
    """Have a witness cosign the newest checkpoint, keep it with the cosignature, and give that. Raises WitnessError and its kinds."""
    signed = publish(home)
    cosigned = send_checkpoint(
        transport,
        url,
        signed.note.encode(),
        witness,
        lambda old, new: consistency_proof(home.ledger, old, new),
    )
    kept = signed.note.signed_by(cosigned.line)
    home.evidence.store.replace(POINTER, kept.encode())
    return cosigned
