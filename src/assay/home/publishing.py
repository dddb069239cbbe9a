"""Tiles and checkpoints: the ledger's head, signed, and the static files that anybody can check it with (formats.md, section 7).

Published after commit by one process at a time; idempotent, so whoever comes next finishes what was left. Never two roots for one size.
"""

from __future__ import annotations

from assay.errors import AssayError
from assay.evidence.book import origin
from assay.evidence.checkpoint import (
    Checkpoint,
    SignedCheckpoint,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
)
from assay.evidence.handover import key_in_force
from assay.evidence.ledger import PublishedTiles, ledger_nodes, ledger_root
from assay.evidence.merkle import root_at
from assay.evidence.note import Ed25519Key, Ed25519Signer, Note, parse_note
from assay.evidence.tiles import TileError
from assay.home.locks import PUBLISH_LOCK, locked
from assay.home.place import Home
from assay.publish import growth_files

POINTER = "log/checkpoint"
WITNESSED = "log/witnessed"
"""Under it every checkpoint that others have signed, by size and root, so that what they said outlives the next checkpoint."""


class LedgerBehindError(AssayError):
    """The ledger is not the continuation of what was published of it: a backup was restored beneath it, or it was changed."""


def signer(home: Home, size: int | None = None) -> Ed25519Signer:
    """Give the key that signs over the first `size` entries, by default all; its name is the log's origin. Raises KeyProblemError when it is not here."""
    key = own_key(home, size)
    return Ed25519Signer(key.name, home.keys.signing_key(key.public).private)


def own_key(home: Home, size: int | None = None) -> Ed25519Key:
    """Give the public key in force over the first `size` entries, by default all."""
    at = home.ledger.size() if size is None else size
    return Ed25519Key(origin(home.id, home.ledger), key_in_force(home.ledger, at).public)


def published(home: Home) -> SignedCheckpoint | None:
    """Give the newest published checkpoint, signed by the key that was in force over it, or None."""
    data = home.evidence.store.get(POINTER)
    if data is None:
        return None
    key = own_key(home, parse_checkpoint(parse_note(data).text).size)
    return open_checkpoint(data, key.name, [key])


def publish(home: Home) -> SignedCheckpoint:
    """Publish a checkpoint over every entry so far, and give it.

    1. One publisher at a time. 2. The ledger must continue what was published. 3. Tiles, write-once. 4. The pointer, last.
    """
    with locked(home.path / PUBLISH_LOCK, wait=True):  # 1
        return publish_locked(home)


def publish_locked(home: Home) -> SignedCheckpoint:
    """Publish as `publish` does, for whoever holds the publisher's lock already."""
    before = published(home)
    size = home.ledger.size()
    old = 0 if before is None else before.checkpoint.size
    tiles = None if before is None else _continued(home, before.checkpoint, size)  # 2
    if before is not None and old == size:
        return before
    signing = signer(home, size)
    for file in growth_files(home.ledger, old, size, tiles):  # 3
        home.evidence.store.put(f"log/{file.path}", file.content, lasting=True)
    checkpoint = Checkpoint(signing.name, size, ledger_root(home.ledger, size, tiles))
    note = sign_checkpoint(checkpoint, signing)
    home.evidence.store.replace(POINTER, note.encode())  # 4
    return SignedCheckpoint(checkpoint, note)


def keep_cosigned(home: Home, note: Note) -> None:
    """Put further signatures beside those on a published checkpoint, which stays under its size and root; on the newest one as well if it is that.

    Of several lines by one key the last is kept: a witness's newest word, so that the note does not grow with each.
    """
    with locked(home.path / PUBLISH_LOCK, wait=True):
        newest = published(home)
        head = parse_checkpoint(note.text)
        name = f"{WITNESSED}/{head.size}-{head.root.hex()[:16]}"
        if newest is not None and newest.note.text == note.text:
            note = _last_of_each(newest.note.signed_by(*note.signatures))
            home.evidence.store.replace(POINTER, note.encode())
        before = home.evidence.store.get(name)
        if before is not None and (kept := parse_note(before)).text == note.text:
            note = _last_of_each(kept.signed_by(*note.signatures))
        home.evidence.store.replace(name, note.encode())


def _last_of_each(note: Note) -> Note:
    lines = {(line.name, line.key_id): line for line in note.signatures}
    return Note(note.text, tuple(lines.values()))


def stored_tiles(home: Home, size: int) -> PublishedTiles:
    """Give the tiles that were published at `size` entries."""
    return PublishedTiles(size, lambda tile: home.evidence.store.get(f"log/{tile.path}"))


def rewritten(home: Home, checkpoint: Checkpoint) -> bool:
    """Tell whether the ledger's own leaves, each of them read, are others than a checkpoint was signed over."""
    return ledger_root(home.ledger, checkpoint.size) != checkpoint.root


def _continued(home: Home, published_head: Checkpoint, size: int) -> PublishedTiles | None:
    """Give the stored tiles of what was published, checked against its root; None where they are damaged and the leaves themselves are not.

    What is signed next stands on the tiles, so it continues what was published whatever the database says. Raises LedgerBehindError where the
    ledger is shorter or visibly another one; `assay fsck` compares every leaf.
    """
    if published_head.size > size:
        raise LedgerBehindError(
            f"The ledger has {size} entries, but a checkpoint over {published_head.size} was published. If you restored a backup by hand, restore it with `assay restore` so that an epoch records what was lost."
        )
    tiles = stored_tiles(home, published_head.size)
    if _tiles_hold(home, published_head, tiles):
        return tiles
    if rewritten(home, published_head):
        raise LedgerBehindError(
            f"The first {published_head.size} entries of the ledger are not those that were published. Nothing is signed over them. Run `assay fsck`, and restore a backup with `assay restore`."
        )
    return None


def _tiles_hold(home: Home, published_head: Checkpoint, tiles: PublishedTiles) -> bool:
    """The tiles give the published root, and the ledger's newest published leaf is the one in them."""
    last = published_head.size - 1
    try:
        nodes = ledger_nodes(home.ledger, tiles)
        return root_at(published_head.size, nodes) == published_head.root and [
            nodes(0, last)
        ] == home.ledger.leaf_hashes(last, last + 1)
    except TileError:
        return False
