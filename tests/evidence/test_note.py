"""Signed notes: the examples of C2SP signed-note and of Go's package, and bytes that are almost notes."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assay.evidence.note import (
    Ed25519Key,
    Ed25519Signer,
    MalformedNoteError,
    Note,
    Signature,
    UnsignedNoteError,
    open_note,
    open_sole,
    parse_note,
    sign_note,
)

SPEC_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
ADA = Ed25519Signer("assay/ada", Ed25519PrivateKey.from_private_bytes(b"\x01" * 32))
EVE = Ed25519Signer("assay/eve", Ed25519PrivateKey.from_private_bytes(b"\x02" * 32))


@pytest.mark.parametrize(("vkey", "data"), [(SPEC_KEY, SPEC_NOTE), (GO_KEY, GO_NOTE)])
def test_a_published_example_opens_under_its_published_key(vkey: str, data: bytes) -> None:
    key = Ed25519Key.parse(vkey)

    note, signatures = open_note(data, [key])

    assert key.text() == vkey
    assert [line.name for line in signatures] == [key.name]
    assert note.encode() == data


def test_what_is_signed_opens_and_keeps_its_text() -> None:
    data = sign_note("one\n\ntwo\n\n", ADA, EVE).encode()

    note, signatures = open_note(data, [ADA.key])

    assert note.text == "one\n\ntwo\n\n"
    assert [line.name for line in note.signatures] == ["assay/ada", "assay/eve"]
    assert [line.name for line in signatures] == ["assay/ada"]


def test_a_signature_by_an_unknown_key_is_ignored_even_under_a_known_name() -> None:
    impostor = Ed25519Signer("assay/ada", EVE.private)

    note, signatures = open_note(sign_note("text\n", ADA, impostor).encode(), [ADA.key])

    assert signatures == (note.signatures[0],)
    with pytest.raises(UnsignedNoteError, match="not signed by a known key"):
        open_note(sign_note("text\n", impostor).encode(), [ADA.key])


def test_a_known_key_whose_signature_does_not_hold_spoils_the_note() -> None:
    forged = Signature(EVE.name, EVE.key.key_id, b"\x00" * 64)
    data = sign_note("text\n", ADA).signed_by(forged).encode()

    with pytest.raises(UnsignedNoteError, match="assay/eve does not hold"):
        open_note(data, [ADA.key, EVE.key])


def test_without_keys_nothing_is_believed() -> None:
    with pytest.raises(UnsignedNoteError, match="no key"):
        open_note(SPEC_NOTE, [])


def test_every_changed_byte_of_a_note_is_found() -> None:
    key = Ed25519Key.parse(SPEC_KEY)

    for place in range(len(SPEC_NOTE)):
        for change in (0x01, 0x20, 0x80):
            data = bytearray(SPEC_NOTE)
            data[place] ^= change
            with pytest.raises((MalformedNoteError, UnsignedNoteError)):
                open_sole(bytes(data), key)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing at all"),
        pytest.param(b"text\n", id="no empty line"),
        pytest.param(b"text\n\n", id="no signature"),
        pytest.param(SPEC_NOTE[:-1], id="no final line feed"),
        pytest.param(SPEC_NOTE + b"x", id="a byte after the end"),
        pytest.param(SPEC_NOTE + b"\n", id="a line feed after the end"),
        pytest.param(SPEC_NOTE.replace(b"message.\n", b"message.\r\n"), id="a carriage return"),
        pytest.param(SPEC_NOTE.replace(b"example message", b"example\tmessage"), id="a tab"),
        pytest.param(SPEC_NOTE.replace(b"example message", b"example\x00message"), id="a null byte"),
        pytest.param(SPEC_NOTE.replace(b"example message", b"example\xffmessage"), id="no UTF-8"),
        pytest.param(SPEC_NOTE.replace("—".encode(), b"-"), id="a hyphen for the dash"),
        pytest.param(SPEC_NOTE.replace(b"foo Uw", b"foo  Uw"), id="two spaces"),
        pytest.param(SPEC_NOTE.replace(b" example.com/foo ", b"  "), id="no key name"),
        pytest.param(SPEC_NOTE.replace(b"com/foo", b"com+foo"), id="a plus in the key name"),
        pytest.param(
            SPEC_NOTE.replace(b"com/foo", "com\u00a0foo".encode()), id="a no-break space in the key name"
        ),
        pytest.param(SPEC_NOTE.replace(b"=\n", b"\n"), id="no padding"),
        pytest.param(SPEC_NOTE.replace(b"aQM=\n", b"aQN=\n"), id="other bits behind the padding"),
        pytest.param(SPEC_NOTE.replace(b"IneyaQM=", b"IneyaQ_="), id="URL-safe base64"),
        pytest.param(
            b"text\n\n" + "— a ".encode() + base64.b64encode(b"1234") + b"\n", id="a signature of no bytes"
        ),
        pytest.param(SPEC_NOTE + SPEC_NOTE.split(b"\n\n")[1], id="the same signature twice"),
        pytest.param(
            b"text\n\n" + b"".join(f"— k{n} AAAAAAA=\n".encode() for n in range(101)),
            id="too many signatures",
        ),
        pytest.param(b"x" * 1_000_000 + SPEC_NOTE, id="more bytes than are read"),
    ],
)
def test_bytes_that_are_almost_a_note_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedNoteError):
        parse_note(data)


def test_sixteen_long_signatures_are_read() -> None:
    lines = tuple(Signature(f"witness{number}", b"\x00" * 4, b"\x01" * 5000) for number in range(16))
    note = Note("text\n", lines)

    assert parse_note(note.encode()) == note


def test_a_note_for_one_signer_takes_no_other_line() -> None:
    alone = sign_note("text\n", ADA).encode()
    assert open_sole(alone, ADA.key).text == "text\n"

    for data in (sign_note("text\n", ADA, EVE).encode(), sign_note("text\n", EVE).encode()):
        with pytest.raises(UnsignedNoteError):
            open_sole(data, ADA.key)


@pytest.mark.parametrize("text", ["no end", "", "control\x07\n", "carriage\r\n"])
def test_a_text_that_no_note_can_hold_is_not_signed(text: str) -> None:
    with pytest.raises(MalformedNoteError):
        sign_note(text, ADA)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb", "thin\u2009space"])
def test_a_name_that_no_key_can_have_does_not_sign(name: str) -> None:
    with pytest.raises(MalformedNoteError):
        sign_note("text\n", Ed25519Signer(name, ADA.private))


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "example.com/foo",
        SPEC_KEY[:-1],
        SPEC_KEY + "=",
        SPEC_KEY.replace("530d903a", "530d903b"),
        SPEC_KEY.replace("530d903a", "530D903A"),
        SPEC_KEY.replace("example.com/foo", "example.com/bar"),
        SPEC_KEY.replace("+Aeky", "+Beky"),
        " " + SPEC_KEY,
        SPEC_KEY + "\n",
    ],
)
def test_a_key_that_is_not_whole_is_refused(vkey: str) -> None:
    with pytest.raises(MalformedNoteError):
        Ed25519Key.parse(vkey)


def test_a_signer_does_not_show_its_key() -> None:
    assert repr(ADA) == "Ed25519Signer('assay/ada')"
