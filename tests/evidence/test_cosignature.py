"""Cosignatures: form and instant from the example of C2SP tlog-cosignature, and statements that do not hold."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assay.evidence.checkpoint import Checkpoint, CheckpointError, sign_checkpoint
from assay.evidence.cosignature import Cosigner, CosignerKey, cosignatures, cosigned_at
from assay.evidence.note import (
    Ed25519Key,
    Ed25519Signer,
    MalformedNoteError,
    Note,
    Signature,
    UnsignedNoteError,
    parse_note,
    sign_note,
)

PRIVATE = Ed25519PrivateKey.from_private_bytes(b"\x05" * 32)
CHLOE = Cosigner("witness.example/chloe", PRIVATE)
LOG = Ed25519Signer("assay/0f3c", Ed25519PrivateKey.from_private_bytes(b"\x06" * 32))
NOTE = sign_checkpoint(Checkpoint("assay/0f3c", 7, b"\x07" * 32), LOG)
AT = datetime(2026, 11, 23, 6, 12, 48, 999999, tzinfo=UTC)
SPEC_NOTE = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)


def test_the_published_example_carries_the_instant_that_the_specification_names() -> None:
    line = parse_note(SPEC_NOTE.encode()).signatures[1]

    assert cosigned_at(line).timestamp() == 1679315147


def test_a_cosignature_is_over_two_lines_and_the_text() -> None:
    line = CHLOE.cosign(NOTE.text, AT)

    message = f"cosignature/v1\ntime 1795414368\n{NOTE.text}".encode()
    assert int.from_bytes(line.signature[:8], "big") == 1795414368
    PRIVATE.public_key().verify(line.signature[8:], message)


def test_a_cosignature_holds_beside_the_logs_signature() -> None:
    note = NOTE.signed_by(CHLOE.cosign(NOTE.text, AT))

    (cosigned,) = cosignatures(parse_note(note.encode()), [CHLOE.key])

    assert (cosigned.witness, cosigned.at) == (
        "witness.example/chloe",
        datetime(2026, 11, 23, 6, 12, 48, tzinfo=UTC),
    )


def test_the_newest_cosignature_comes_last() -> None:
    later = CHLOE.cosign(NOTE.text, AT.replace(year=2027))
    note = NOTE.signed_by(later, CHLOE.cosign(NOTE.text, AT))

    assert [each.at.year for each in cosignatures(note, [CHLOE.key])] == [2026, 2027]


def test_a_changed_instant_is_found() -> None:
    line = CHLOE.cosign(NOTE.text, AT)
    shifted = replace(
        line,
        signature=(int.from_bytes(line.signature[:8], "big") + 1).to_bytes(8, "big") + line.signature[8:],
    )

    with pytest.raises(UnsignedNoteError):
        cosignatures(NOTE.signed_by(shifted), [CHLOE.key])


def test_a_cosignature_of_another_checkpoint_is_found() -> None:
    other = Checkpoint("assay/0f3c", 8, b"\x07" * 32).text()

    with pytest.raises(UnsignedNoteError):
        cosignatures(NOTE.signed_by(CHLOE.cosign(other, AT)), [CHLOE.key])


@pytest.mark.parametrize("seconds", [0, 2**63])
def test_an_instant_of_zero_or_beyond_the_specification_does_not_hold(seconds: int) -> None:
    signed = PRIVATE.sign(b"cosignature/v1\ntime %d\n" % seconds + NOTE.text.encode())
    line = Signature(CHLOE.name, CHLOE.key.key_id, seconds.to_bytes(8, "big") + signed)

    with pytest.raises(UnsignedNoteError):
        cosignatures(NOTE.signed_by(line), [CHLOE.key])


@pytest.mark.parametrize("length", [1, 64, 71, 73])
def test_a_signature_of_another_length_does_not_hold(length: int) -> None:
    line = Signature(CHLOE.name, CHLOE.key.key_id, b"\x00" * length)

    with pytest.raises(UnsignedNoteError):
        cosignatures(NOTE.signed_by(line), [CHLOE.key])
    with pytest.raises(MalformedNoteError):
        cosigned_at(line)


def test_an_instant_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(MalformedNoteError, match="beyond the calendar"):
        cosigned_at(Signature(CHLOE.name, CHLOE.key.key_id, b"\x7f" * 72))


def test_a_plain_signature_by_the_same_key_is_no_cosignature() -> None:
    plain = Ed25519Signer(CHLOE.name, PRIVATE)

    assert plain.key.key_id != CHLOE.key.key_id
    with pytest.raises(UnsignedNoteError):
        cosignatures(sign_note(NOTE.text, plain), [CHLOE.key])


def test_only_checkpoints_are_cosigned() -> None:
    with pytest.raises(CheckpointError):
        CHLOE.cosign("hello\n", AT)
    with pytest.raises(CheckpointError):
        cosignatures(Note("hello\n", (CHLOE.cosign(NOTE.text, AT),)), [CHLOE.key])


def test_a_witness_key_is_written_with_its_own_type() -> None:
    text = CHLOE.key.text()

    assert CosignerKey.parse(text) == CHLOE.key
    assert base64.b64decode(text.split("+", 2)[2])[0] == 4
    with pytest.raises(MalformedNoteError):
        Ed25519Key.parse(text)
    with pytest.raises(MalformedNoteError):
        CosignerKey.parse(LOG.key.text())


def test_a_cosigner_does_not_show_its_key() -> None:
    assert repr(CHLOE) == "Cosigner('witness.example/chloe')"
