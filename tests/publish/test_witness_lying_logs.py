"""Logs that lie. Each is refused with the status that C2SP tlog-witness gives, nothing is cosigned, and the witness remembers what it did before."""

from __future__ import annotations

from pathlib import Path

import pytest
from witness_world import LOG_KEY, ORIGIN, OTHER_KEY, Log, entries, submit, witness_in

from assay.evidence.checkpoint import Checkpoint, sign_checkpoint
from assay.evidence.merkle import EMPTY_ROOT
from assay.evidence.note import Ed25519Signer, Signature, parse_note, sign_note
from assay.publish import Witness
from assay.publish.witness_app import LARGEST_REQUEST
from assay.publish.witness_request import AddCheckpoint

HONEST = Log(entries(40))
SEEN = 20


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    """A witness that has cosigned the honest log at 20 entries."""
    made = witness_in(tmp_path)
    assert submit(made, HONEST.request(0, SEEN)).status == 200
    return made


def refused(witness: Witness, body: bytes) -> int:
    """Submit a lie, make sure that it left no trace, and give the status."""
    before = witness.state.latest(ORIGIN)
    answer = submit(witness, body)
    assert "—".encode() not in answer.body
    assert witness.state.latest(ORIGIN) == before
    assert submit(witness, HONEST.request(SEEN, 40)).status == 200, "the honest log must still be cosigned"
    return answer.status


def checkpoint(size: int, root: bytes, signer: Ed25519Signer = LOG_KEY, origin: str = ORIGIN) -> bytes:
    return sign_checkpoint(Checkpoint(origin, size, root), signer).encode()


def test_a_split_view_is_refused(witness: Witness) -> None:
    """Another history of the same length before, grown further, with its own valid proof."""
    assert refused(witness, Log(entries(40, "other")).request(SEEN, 30)) == 422


def test_a_rewritten_entry_is_refused(witness: Witness) -> None:
    rewritten = Log([*entries(7), b"rewritten", *entries(40)[8:]])

    assert refused(witness, rewritten.request(SEEN, 30)) == 422


def test_a_dropped_entry_is_refused(witness: Witness) -> None:
    assert refused(witness, Log([*entries(7), *entries(40)[8:]]).request(SEEN, 30)) == 422


def test_a_back_dated_entry_is_refused(witness: Witness) -> None:
    assert refused(witness, Log([*entries(7), b"back-dated", *entries(40)[7:]]).request(SEEN, 30)) == 422


def test_two_swapped_entries_are_refused(witness: Witness) -> None:
    swapped = entries(40)
    swapped[3], swapped[4] = swapped[4], swapped[3]

    assert refused(witness, Log(swapped).request(SEEN, 30)) == 422


def test_another_root_for_the_same_size_is_refused(witness: Witness) -> None:
    assert refused(witness, Log(entries(40, "other")).request(SEEN, SEEN)) == 422


def test_a_stale_checkpoint_is_refused_and_the_newest_size_named(witness: Witness) -> None:
    answer = submit(witness, HONEST.request(5, 10))

    assert (answer.status, answer.body, answer.headers["content-type"]) == (409, b"20\n", "text/x.tlog.size")
    assert refused(witness, HONEST.request(5, 10)) == 409


def test_a_rewound_log_is_refused(witness: Witness) -> None:
    """A smaller tree, with the old size that the witness remembers."""
    assert refused(witness, AddCheckpoint(SEEN, (), HONEST.note(10)).encode()) == 400


def test_a_log_that_begins_anew_is_refused(witness: Witness) -> None:
    assert refused(witness, Log(entries(40, "other")).request(0, 30)) == 409


def test_an_old_size_that_was_never_cosigned_is_refused(witness: Witness) -> None:
    assert refused(witness, HONEST.request(25, 30)) == 409


def test_a_wrong_size_is_refused(witness: Witness) -> None:
    """The root of 30 entries, signed as that of 33."""
    body = AddCheckpoint(SEEN, tuple(HONEST.prove(SEEN, 30)), checkpoint(33, HONEST.head(30).root)).encode()

    assert refused(witness, body) == 422


def test_a_wrong_size_that_no_proof_can_tell_binds_the_log_that_signed_it(witness: Witness) -> None:
    """From 20 the proofs to 30 and to 31 have one shape, so RFC 6962 cannot tell them apart; the log is then held to what it signed."""
    body = AddCheckpoint(SEEN, tuple(HONEST.prove(SEEN, 30)), checkpoint(31, HONEST.head(30).root)).encode()

    assert submit(witness, body).status == 200
    assert submit(witness, HONEST.request(31, 31)).status == 422
    assert submit(witness, HONEST.request(31, 40)).status == 422


def test_a_proof_for_other_sizes_is_refused(witness: Witness) -> None:
    body = AddCheckpoint(SEEN, tuple(HONEST.prove(19, 30)), HONEST.note(30)).encode()

    assert refused(witness, body) == 422


def test_a_proof_with_a_changed_hash_is_refused(witness: Witness) -> None:
    first, *rest = HONEST.prove(SEEN, 30)
    body = AddCheckpoint(SEEN, (bytes([first[0] ^ 1]) + first[1:], *rest), HONEST.note(30)).encode()

    assert refused(witness, body) == 422


def test_a_missing_proof_is_refused(witness: Witness) -> None:
    assert refused(witness, AddCheckpoint(SEEN, (), HONEST.note(30)).encode()) == 422


def test_a_proof_that_is_cut_short_or_padded_is_refused(witness: Witness) -> None:
    proof = tuple(HONEST.prove(SEEN, 40))

    assert submit(witness, AddCheckpoint(SEEN, proof[:-1], HONEST.note(40)).encode()).status == 422
    assert refused(witness, AddCheckpoint(SEEN, (*proof, proof[0]), HONEST.note(40)).encode()) == 422


def test_a_proof_from_nothing_is_refused(tmp_path: Path) -> None:
    fresh = witness_in(tmp_path)

    assert submit(fresh, AddCheckpoint(0, (EMPTY_ROOT,), HONEST.note(5)).encode()).status == 422
    assert fresh.state.latest(ORIGIN) is None


def test_an_empty_log_with_the_root_of_something_is_refused(tmp_path: Path) -> None:
    fresh = witness_in(tmp_path)

    assert submit(fresh, AddCheckpoint(0, (), checkpoint(0, HONEST.head(1).root)).encode()).status == 422
    assert submit(fresh, AddCheckpoint(0, (), checkpoint(0, EMPTY_ROOT)).encode()).status == 200


def test_a_foreign_origin_is_refused(witness: Witness) -> None:
    stranger = Ed25519Signer("assay/eve", LOG_KEY.private)
    body = AddCheckpoint(0, (), checkpoint(30, HONEST.head(30).root, stranger, "assay/eve")).encode()

    assert refused(witness, body) == 404


def test_a_foreign_origin_signed_by_the_known_key_is_refused(witness: Witness) -> None:
    assert (
        refused(
            witness, AddCheckpoint(0, (), checkpoint(30, HONEST.head(30).root, origin="assay/eve")).encode()
        )
        == 404
    )


def test_an_unknown_key_is_refused(witness: Witness) -> None:
    assert refused(witness, Log(entries(40), OTHER_KEY).request(SEEN, 30)) == 403


def test_a_bad_signature_under_the_known_key_is_refused(witness: Witness) -> None:
    note = parse_note(HONEST.note(30))
    forged = Signature(ORIGIN, LOG_KEY.key.key_id, bytes(64))
    body = AddCheckpoint(
        SEEN, tuple(HONEST.prove(SEEN, 30)), type(note)(note.text, (forged,)).encode()
    ).encode()

    assert refused(witness, body) == 403


def test_a_good_and_a_bad_signature_under_the_known_key_are_refused(witness: Witness) -> None:
    note = parse_note(HONEST.note(30)).signed_by(Signature(ORIGIN, LOG_KEY.key.key_id, bytes(64)))

    assert refused(witness, AddCheckpoint(SEEN, tuple(HONEST.prove(SEEN, 30)), note.encode()).encode()) == 403


def test_the_signature_of_another_checkpoint_is_refused(witness: Witness) -> None:
    signature = parse_note(HONEST.note(31)).signatures[0]
    note = parse_note(HONEST.note(30))
    body = AddCheckpoint(
        SEEN, tuple(HONEST.prove(SEEN, 30)), type(note)(note.text, (signature,)).encode()
    ).encode()

    assert refused(witness, body) == 403


def test_a_signed_text_that_is_no_checkpoint_is_refused(witness: Witness) -> None:
    assert (
        refused(witness, AddCheckpoint(SEEN, (), sign_note(f"{ORIGIN}\n30\n", LOG_KEY).encode()).encode())
        == 400
    )


def test_every_truncation_is_refused(witness: Witness) -> None:
    body = HONEST.request(SEEN, 30)

    statuses = {submit(witness, body[:length]).status for length in range(len(body))}
    assert statuses == {400}
    assert refused(witness, body[:-1]) == 400


def test_trailing_bytes_are_refused(witness: Witness) -> None:
    assert refused(witness, HONEST.request(SEEN, 30) + b"\n") == 400


def test_an_oversized_request_is_refused(witness: Witness) -> None:
    assert refused(witness, HONEST.request(SEEN, 30) + b"x" * LARGEST_REQUEST) == 413


def test_an_oversized_proof_is_refused(witness: Witness) -> None:
    assert refused(witness, AddCheckpoint(SEEN, (EMPTY_ROOT,) * 64, HONEST.note(30)).encode()) == 400


@pytest.mark.parametrize("old", ["020", "+20", "-1", "20 ", "", "٢٠", "2e1", str(2**64)])
def test_an_old_size_in_another_spelling_is_refused(witness: Witness, old: str) -> None:
    body = HONEST.request(SEEN, 30).replace(b"old 20\n", f"old {old}\n".encode())

    assert refused(witness, body) == 400


def test_proof_lines_in_another_spelling_are_refused(witness: Witness) -> None:
    lines = HONEST.request(SEEN, 30).split(b"\n")

    for bad in (
        lines[1][:-1],
        b" " + lines[1],
        lines[1] + b"=",
        lines[1] + b"\r",
        b"AAAA",
        lines[1].replace(b"=", b""),
    ):
        assert submit(witness, b"\n".join([lines[0], bad, *lines[2:]])).status == 400
    assert refused(witness, b"\n".join([lines[0].replace(b"old", b"new"), *lines[1:]])) == 400
