"""A time-stamp on a checkpoint: an RFC 3161 token over the checkpoint's text, carried as a signature line of its note (formats.md, section 7).

So it goes wherever the checkpoint goes. The line's type is C2SP signed-note's 0xff, for types without an assigned number, followed by a name of ours; a reader that
does not know the type passes over the line. What a line says is believed only after `stamps_that_hold`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from assay.evidence.note import MalformedNoteError, Note, Signature, is_key_name, key_id
from assay.evidence.timestamp import Authority, Timestamp, TimestampError, unverified, verify_timestamp

STAMP = b"\xffassay RFC 3161 time-stamp"
"""The signature type of a line that carries a token."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A token on a note, and what it states of itself; nothing of it is verified."""

    name: str
    at: datetime
    token: bytes


def stamped_digest(note: Note) -> bytes:
    """Give what an authority is asked to stamp: SHA-256 of the checkpoint's text, the bytes that its log signed."""
    return hashlib.sha256(note.text.encode()).digest()


def stamp_line(name: str, token: bytes) -> Signature:
    """Give the line that carries a token under the name by which the home calls its authority; raises MalformedNoteError for a name that no line can have."""
    if not is_key_name(name):
        raise MalformedNoteError(f"“{name}” cannot name a time-stamp: it may hold no blank and no plus.")
    return Signature(name, key_id(name, STAMP, b""), token)


def is_stamp(line: Signature) -> bool:
    """Tell whether a signature line carries a token."""
    return line.key_id == key_id(line.name, STAMP, b"")


def stamps(note: Note) -> Iterator[Stamp]:
    """Give the tokens on a note that can be read, unverified."""
    for line in note.signatures:
        if not is_stamp(line):
            continue
        try:
            yield Stamp(line.name, unverified(line.signature).at, line.signature)
        except TimestampError:
            continue


def stamps_that_hold(note: Note, authority: Authority) -> tuple[Timestamp, ...]:
    """Verify the tokens on a note against trusted roots and give those that hold, oldest first.

    Raises TimestampError when there is none, or when none holds, for the reason of the last. A token of an authority under other roots does no harm.
    """
    held, reason = [], TimestampError("The checkpoint carries no time-stamp.")
    for line in note.signatures:
        if is_stamp(line):
            try:
                held.append(verify_timestamp(line.signature, stamped_digest(note), authority))
            except TimestampError as error:
                reason = error
    if not held:
        raise reason
    return tuple(sorted(held, key=lambda one: one.at))
