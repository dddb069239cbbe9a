"""Time-stamps as lines of a note: read back, told from cosignatures, and never believed for being there."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from standin_authority import HONEST, NOW, ROOT, issue
from witness_world import Log, entries

from assay.evidence.note import MalformedNoteError, Note, parse_note
from assay.evidence.stamped import is_stamp, stamp_line, stamped_digest, stamps, stamps_that_hold
from assay.evidence.timestamp import Authority, TimestampError, timestamp_request

NOTE = parse_note(Log(entries(3)).note(3))
TRUSTED = Authority((ROOT.certificate,))


def stamped(name: str = "tsa.example", **how: object) -> Note:
    token = replace(HONEST, **how).token(timestamp_request(stamped_digest(NOTE), 5))  # type: ignore[arg-type]
    return NOTE.signed_by(stamp_line(name, token))


def test_a_stamp_is_over_the_text_that_the_log_signed() -> None:
    assert stamped_digest(NOTE) == hashlib.sha256(NOTE.text.encode()).digest()
    assert stamped_digest(stamped()) == stamped_digest(NOTE)


def test_a_stamped_note_reads_back_and_its_line_is_told_from_a_signature() -> None:
    note = parse_note(stamped().encode())
    assert [is_stamp(line) for line in note.signatures] == [False, True]
    assert [(one.name, one.at) for one in stamps(note)] == [("tsa.example", NOW)]
    assert (
        note.signatures[1].key_id
        == hashlib.sha256(b"tsa.example\n\xffassay RFC 3161 time-stamp").digest()[:4]
    )


def test_stamps_hold_under_the_roots_that_the_reader_trusts() -> None:
    other = issue("Another root", authority=True)
    both = stamped().signed_by(stamped("other.example", signer=issue("Other", other)).signatures[1])
    assert [one.authority for one in stamps_that_hold(both, TRUSTED)] == ["CN=Stand-in time-stamps"]
    assert [one.authority for one in stamps_that_hold(both, Authority((other.certificate,)))] == ["CN=Other"]
    with pytest.raises(TimestampError, match="carries no time-stamp"):
        stamps_that_hold(NOTE, TRUSTED)
    with pytest.raises(TimestampError, match="another digest"):
        stamps_that_hold(stamped(imprint=bytes(32)), TRUSTED)


def test_no_bytes_in_the_place_of_a_token_are_more_than_no_stamp() -> None:
    token = stamped().signatures[1].signature
    for place in range(len(token)):
        spoiled = bytearray(token)
        spoiled[place] ^= 0x55
        for content in (bytes(spoiled), token[:place] or b"x"):
            note = NOTE.signed_by(stamp_line("tsa.example", content))
            list(stamps(note))
            with pytest.raises(TimestampError):
                stamps_that_hold(note, TRUSTED)


@pytest.mark.parametrize("name", ["", "two words", "a+b"])
def test_a_name_that_no_line_can_have_is_refused(name: str) -> None:
    with pytest.raises(MalformedNoteError):
        stamp_line(name, b"token")
