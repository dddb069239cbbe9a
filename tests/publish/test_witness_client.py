"""Sending a checkpoint: to a witness that keeps to the protocol, and to some that do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from witness_world import CHLOE, NOW, ORIGIN, Given, InProcess, Log, Scripted, entries, submit, witness_in

from assay.evidence.cosignature import Cosigner, cosignatures
from assay.evidence.note import parse_note
from assay.publish import Witness, WitnessAheadError, WitnessError, WitnessRefusedError, send_checkpoint
from assay.publish.witness_request import parse_add_checkpoint

HONEST = Log(entries(40))
URL = "https://witness.example/"
SIZE = {"content-type": "text/x.tlog.size"}
TEXT = {"content-type": "text/plain; charset=utf-8"}


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return witness_in(tmp_path)


def line(size: int, cosigner: Cosigner = CHLOE, at: datetime = NOW) -> bytes:
    return cosigner.cosign(HONEST.head(size).text(), at).encode().encode()


def send(transport: InProcess | Scripted, size: int, known: int = 0) -> datetime:
    return send_checkpoint(transport, URL, HONEST.note(size), CHLOE.key, HONEST.prove, known).at


def test_a_checkpoint_comes_back_cosigned(witness: Witness) -> None:
    transport = InProcess(witness)

    cosigned = send_checkpoint(transport, URL, HONEST.note(20), CHLOE.key, HONEST.prove)

    assert (cosigned.witness, cosigned.at) == (CHLOE.name, NOW)
    assert [(method, url) for method, url, _ in transport.asked] == [
        ("POST", "https://witness.example/add-checkpoint")
    ]
    note = parse_note(HONEST.note(20)).signed_by(cosigned.line)
    assert cosignatures(note, [CHLOE.key]) == (cosigned,)


def test_the_size_that_the_witness_names_is_proved_next(witness: Witness) -> None:
    submit(witness, HONEST.request(0, 7))
    transport = InProcess(witness)

    assert send(transport, 20) == NOW
    assert [parse_add_checkpoint(body).old for _, _, body in transport.asked] == [0, 7]


def test_what_is_known_spares_a_try(witness: Witness) -> None:
    submit(witness, HONEST.request(0, 7))
    transport = InProcess(witness)

    assert send(transport, 20, known=7) == NOW
    assert len(transport.asked) == 1


def test_a_witness_that_has_seen_more_says_that_this_is_an_older_copy(witness: Witness) -> None:
    submit(witness, HONEST.request(0, 30))

    with pytest.raises(
        WitnessAheadError, match=r"has cosigned 30 entries .* holds 20: this home is an older copy"
    ) as caught:
        send(InProcess(witness), 20, known=30)
    assert caught.value.theirs == 30


def test_a_rewritten_home_is_told_so(witness: Witness) -> None:
    submit(witness, HONEST.request(0, 7))
    rewritten = Log(entries(40, "other"))

    with pytest.raises(WitnessRefusedError, match="another history") as caught:
        send_checkpoint(InProcess(witness), URL, rewritten.note(20), CHLOE.key, rewritten.prove)
    assert caught.value.status == 422


def test_a_witness_that_does_not_know_the_log_says_what_to_do(witness: Witness) -> None:
    with pytest.raises(WitnessRefusedError, match="Give the witness this home's origin and key"):
        send(InProcess(replace(witness, logs={})), 20)


@pytest.mark.parametrize("status", [204, 301, 400, 403, 404, 413, 422, 429, 500, 503])
def test_any_other_status_is_a_refusal(status: int) -> None:
    with pytest.raises(WitnessRefusedError) as caught:
        send(Scripted([Given(status, TEXT, line(20))]), 20)
    assert caught.value.status == status


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"OK\n", id="no signature line"),
        pytest.param(b"\xff\n", id="no text"),
        pytest.param(line(20)[:-1], id="cut off"),
        pytest.param(line(20) + b"\n", id="more after the end"),
        pytest.param(line(19), id="cosignature of another checkpoint"),
        pytest.param(line(20, at=datetime(1970, 1, 1, tzinfo=UTC)), id="no instant"),
        pytest.param(line(20, replace(CHLOE, name="witness.example/eve")), id="another name"),
        pytest.param(
            line(20, replace(CHLOE, private=Ed25519PrivateKey.from_private_bytes(b"\x09" * 32))),
            id="another key",
        ),
        pytest.param(parse_note(HONEST.note(20)).signatures[0].encode().encode(), id="our own signature"),
    ],
)
def test_a_cosignature_that_does_not_hold_is_not_believed(body: bytes) -> None:
    with pytest.raises(WitnessError, match="does not hold"):
        send(Scripted([Given(200, TEXT, body)]), 20)


def test_cosignatures_by_others_are_ignored() -> None:
    stranger = Cosigner("witness.example/eve", Ed25519PrivateKey.from_private_bytes(b"\x09" * 32))

    assert send(Scripted([Given(200, TEXT, line(20, stranger) + line(20))]), 20) == NOW


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (SIZE, b""),
        (SIZE, b"seven\n"),
        (SIZE, b"007\n"),
        (SIZE, b"-7\n"),
        (SIZE, b"\xff\n"),
        (SIZE, b"7\n\n"),
        (TEXT, b"7\n"),
        ({}, b"7\n"),
    ],
)
def test_a_conflict_that_names_no_size_is_not_followed(headers: dict[str, str], body: bytes) -> None:
    transport = Scripted([Given(409, headers, body)])

    with pytest.raises(WitnessError, match="not which it is"):
        send(transport, 20)
    assert len(transport.asked) == 1


def test_a_witness_that_never_agrees_is_given_up() -> None:
    transport = Scripted([Given(409, SIZE, b"3\n"), Given(409, SIZE, b"4\n"), Given(409, SIZE, b"5\n")])

    with pytest.raises(WitnessError, match="at every try"):
        send(transport, 20)
    assert [parse_add_checkpoint(body).old for body in transport.asked] == [0, 3, 4]


def test_an_endless_answer_is_not_read() -> None:
    with pytest.raises(WitnessError, match="are not read"):
        send(Scripted([Given(200, TEXT, line(20) * 3000)]), 20)


def test_the_origin_stays_what_it_is() -> None:
    assert parse_note(HONEST.note(20)).text.startswith(f"{ORIGIN}\n20\n")
