"""Which key signs for a log at which size: the founding key, and each that a handover put in its place (formats.md, section 7).

A handover is a note that both keys sign. It names the checkpoint that was the older key's last word, so once that key is destroyed nobody can
write the past before it anew, whoever holds the keys that came later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assay.errors import AssayError
from assay.evidence.book import Book, Entry
from assay.evidence.canonical import Json
from assay.evidence.checkpoint import Checkpoint, parse_checkpoint
from assay.evidence.ledger import Kind
from assay.evidence.merkle import root_of_hashes
from assay.evidence.note import (
    Ed25519Key,
    Ed25519Signer,
    MalformedNoteError,
    open_note,
    parse_note,
    sign_note,
)

PURPOSE = "assay key handover"


class HandoverError(AssayError):
    """A handover of the signing key does not hold, or a ledger does not begin with the entry that founds it."""


@dataclass(frozen=True, slots=True)
class Handover:
    """One key's last word: the head that it signed last, and the public key that signs from then on. Nothing about it has been verified."""

    head: Checkpoint
    after: bytes

    def text(self) -> str:
        """Give the text that both keys sign: the purpose, the checkpoint's three lines, the new public key."""
        return f"{PURPOSE}\n{self.head.text()}{self.after.hex()}\n"


@dataclass(frozen=True, slots=True)
class InForce:
    """A public signing key, the ledger index of the entry that put it in force, and the handover in that entry; None for the founding key."""

    public: bytes
    since: int
    handover: Handover | None = None


def make_handover(head: Checkpoint, before: Ed25519PrivateKey, after: Ed25519PrivateKey) -> str:
    """Make the note in which `before` hands over to `after`; `head` is the last checkpoint that `before` signed."""
    text = Handover(head, after.public_key().public_bytes_raw()).text()
    return (
        sign_note(text, Ed25519Signer(head.origin, before), Ed25519Signer(head.origin, after))
        .encode()
        .decode()
    )


def open_handover(note: str, before: bytes) -> Handover:
    """Read a handover that the public key `before` and the one it names signed, and nobody else; raises HandoverError."""
    try:
        said = _read(note)
        keys = [Ed25519Key(said.head.origin, public) for public in (before, said.after)]
        opened, signatures = open_note(note.encode(), keys)
    except (
        AssayError,
        ValueError,
    ) as error:  # a stranger's text may lack lines, or hold no hexadecimal digits
        raise HandoverError(
            f"is not a handover from the signing key before it: {str(error).removesuffix('.')}"
        ) from error
    if len(signatures) != 2 or opened.signatures != signatures or said.after == before:
        raise HandoverError(
            "is not a handover from the signing key before it: both keys sign it, and nobody else"
        )
    return said


def keys_in_force(book: Book) -> list[InForce]:
    """Give every signing key of a log in the order in which they were in force, each proven by the one before it; raises HandoverError."""
    founding = next(book.entries(), None)
    if founding is None or founding.kind != Kind.HOME:
        raise HandoverError("The ledger does not begin with the entry that founds the home.")
    keys = [InForce(bytes.fromhex(book.body(founding)["public_key"]), 0)]
    for entry in book.entries(kind=Kind.KEY):
        try:
            said = open_handover(book.body(entry)["handover"], keys[-1].public)
        except HandoverError as error:
            raise HandoverError(f"Entry {entry.ordinal} of the ledger {error}.") from error
        keys.append(InForce(said.after, entry.ordinal, said))
    return keys


def key_in_force(book: Book, size: int) -> InForce:
    """Give the key that signs for the first `size` entries of a log."""
    return max((one for one in keys_in_force(book) if one.since < max(size, 1)), key=lambda one: one.since)


def unfounded_handovers(book: Book, hashes: Sequence[bytes]) -> Iterator[tuple[int, str]]:
    """Give the index of each handover that names another past than the ledger has, and what is wrong.

    `hashes` are the ledger's leaf hashes. A handover of a log whose later entries a restored backup lacks is held against that epoch, which must say so.
    """
    home = book.body(next(book.entries()))["home"]
    epochs = [(entry, book.body(entry)) for entry in book.entries(kind=Kind.EPOCH)]
    for key in keys_in_force(book)[1:]:
        assert key.handover is not None  # noqa: S101 — only the founding key has none
        problem = _unfounded(key.handover.head, key.since, home, epochs, hashes)
        if problem:
            yield key.since, problem


def _unfounded(
    head: Checkpoint, ordinal: int, home: str, epochs: Sequence[tuple[Entry, Json]], hashes: Sequence[bytes]
) -> str | None:
    before = [body for entry, body in epochs if entry.ordinal < ordinal]
    origins = [f"assay/{home}", *(f"assay/{home}/{number}" for number in range(1, len(before) + 1))]
    if head.origin not in origins:
        return f"is that of another log, {head.origin}"
    since = before[origins.index(head.origin) :]
    if since and head.size > min(body["restored_head"]["size"] for body in since):
        known = since[0]["known_head"]["size"]
        return (
            None
            if head.size <= known
            else f"names {head.size} entries, but the epoch before it says that {known} were known"
        )
    if head.size > ordinal or root_of_hashes(hashes[: head.size]) != head.root:
        return f"was signed over {head.size} other entries than the ledger has: the past was rewritten"
    return None


def _read(note: str) -> Handover:
    purpose, *head, after, rest = parse_note(note.encode()).text.split("\n")
    public = bytes.fromhex(after) if len(after) == 64 else b""
    said = Handover(parse_checkpoint("".join(f"{line}\n" for line in head)), public)
    if purpose != PURPOSE or rest or len(public) != 32 or said.text() != parse_note(note.encode()).text:
        raise MalformedNoteError("The note is not written as a handover is.")
    return said
