"""Personal records are sealed to their place, subject and commitment; what was changed or moved does not open."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assay.evidence.canonical import encode
from assay.evidence.records import Place, Sealed, Whole, record_commitment
from assay.evidence.sealing import BrokenSealError, Subject, open_sealed, seal

PEOPLE = Place("hr_person", "people", "")
ADA = Subject("00112233445566778899aabbccddeeff", bytes(range(32)))


def ada(salt: bytes = b"s" * 16) -> Whole:
    return Whole(
        "ada@northwind.example", encode({"file": {"email": "ada@northwind.example", "name": "Ada"}}), salt
    )


def test_sealed_bytes_are_as_the_format_says() -> None:
    line = seal(PEOPLE, ADA, ada(), b"n" * 12)
    commitment = record_commitment(b"s" * 16, ada().key, ada().record)
    bound = (
        b'["assay sealed record",1,"hr_person","people","","00112233445566778899aabbccddeeff","'
        + commitment.hex().encode()
        + b'"]'
    )
    plain = (
        b'{"key":"ada@northwind.example","record":{"file":{"email":"ada@northwind.example","name":"Ada"}},'
        b'"salt":"73737373737373737373737373737373"}'
    )

    assert (line.commitment, line.subject) == (commitment, ADA.id)
    assert line.sealed[:12] == b"n" * 12
    assert AESGCM(ADA.key).decrypt(b"n" * 12, line.sealed[12:], bound) == plain


def test_what_was_sealed_opens_at_its_place() -> None:
    assert open_sealed(PEOPLE, seal(PEOPLE, ADA, ada(), b"n" * 12), ADA.key) == ada()


@pytest.mark.parametrize(
    "place",
    [
        Place("account", "people", ""),
        Place("hr_person", "others", ""),
        Place("hr_person", "people", "eu-west-1"),
    ],
    ids=["another table", "another account", "another region"],
)
def test_a_ciphertext_moved_to_another_place_does_not_open(place: Place) -> None:
    with pytest.raises(BrokenSealError, match="changed or moved"):
        open_sealed(place, seal(PEOPLE, ADA, ada(), b"n" * 12), ADA.key)


def test_a_ciphertext_under_another_commitment_or_subject_does_not_open() -> None:
    line = seal(PEOPLE, ADA, ada(), b"n" * 12)
    other = seal(PEOPLE, ADA, ada(b"t" * 16), b"n" * 12)

    for forged in (replace(line, commitment=other.commitment), replace(line, subject="ff" * 16)):
        with pytest.raises(BrokenSealError):
            open_sealed(PEOPLE, forged, ADA.key)


def test_every_changed_byte_and_every_cut_is_found() -> None:
    line = seal(PEOPLE, ADA, ada(), b"n" * 12)
    changed = [
        line.sealed[:at] + bytes([line.sealed[at] ^ 1]) + line.sealed[at + 1 :]
        for at in range(len(line.sealed))
    ]
    cut = [line.sealed[:length] for length in range(len(line.sealed))]

    for sealed in changed + cut:
        with pytest.raises(BrokenSealError):
            open_sealed(PEOPLE, replace(line, sealed=sealed), ADA.key)


@pytest.mark.parametrize(
    "plain",
    [
        Whole("ada@northwind.example", encode({"file": {"name": "Eve"}}), b"s" * 16).encode(),
        Whole("ada@northwind.example", encode({}), b"short").encode(),
        ada().encode() + b" ",
        b"[1]",
        b'{"key":"ada@northwind.example"}',
    ],
    ids=["another record", "a short salt", "trailing bytes", "no object", "members missing"],
)
def test_a_key_holder_cannot_seal_anything_else_under_a_commitment(plain: bytes) -> None:
    commitment = ada().commitment()
    bound = encode(["assay sealed record", 1, "hr_person", "people", "", ADA.id, commitment.hex()])
    forged = Sealed(commitment, b"n" * 12 + AESGCM(ADA.key).encrypt(b"n" * 12, plain, bound), ADA.id)

    with pytest.raises(BrokenSealError):
        open_sealed(PEOPLE, forged, ADA.key)
