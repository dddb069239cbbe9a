"""Tiles and checkpoints: the ledger's head, signed, and the static files that anybody can check it with (formats.md, section 7).

Published after commit by one process at a time; idempotent, so whoever comes next finishes what was left. Never two roots for one size.
"""

from __future__ import annotations

from assay.errors import AssayError
from assay.evidence.book import origin
from assay.evidence.checkpoint import Checkpoint, SignedCheckpoint, open_checkpoint, sign_checkpoint
from assay.evidence.ledger import ledger_root
from assay.evidence.merkle import Nodes
from assay.evidence.note import Ed25519Signer
from assay.evidence.tiles import TiledNodes, bundle_bytes, bundles_for_growth, tile_bytes, tiles_for_growth
from assay.home.locks import locked
from assay.home.place import Home

POINTER = "log/checkpoint"


class LedgerBehindError(AssayError):
    """The ledger is not the continuation of what was published of it: a backup was restored beneath it, or it was changed."""


def signer(home: Home) -> Ed25519Signer:
    """Give the home's signer; its name is the log's origin."""
    return Ed25519Signer(origin(home.id, home.ledger), home.keys.signing)


def published(home: Home) -> SignedCheckpoint | None:
    """Give the newest published checkpoint, or None."""
    key = signer(home).key
    data = home.evidence.store.get(POINTER)
    return None if data is None else open_checkpoint(data, key.name, [key])


def publish(home: Home) -> SignedCheckpoint:
    """Publish a checkpoint over every entry so far, and give it.

    1. One publisher at a time. 2. The ledger must continue what was published. 3. Tiles, write-once. 4. The pointer, last.
    """
    with locked(home.path / "publish.lock", wait=True):  # 1
        before = published(home)
        signing = signer(home)
        size = home.ledger.size()
        old = 0 if before is None else before.checkpoint.size
        if before is not None:
            _refuse_other_past(home, before, size)  # 2
            if old == size:
                return before
        nodes = _nodes(home)
        store = home.evidence.store
        for tile in tiles_for_growth(old, size):  # 3
            store.put(f"log/{tile.path}", tile_bytes(tile, nodes))
        for bundle in bundles_for_growth(old, size):
            store.put(f"log/{bundle.path}", bundle_bytes(home.ledger.envelopes(bundle.start, bundle.end)))
        checkpoint = Checkpoint(signing.name, size, ledger_root(home.ledger, size))
        note = sign_checkpoint(checkpoint, signing)
        store.replace(POINTER, note.encode())  # 4
        return SignedCheckpoint(checkpoint, note)


def _refuse_other_past(home: Home, before: SignedCheckpoint, size: int) -> None:
    checkpoint = before.checkpoint
    if checkpoint.size > size:
        raise LedgerBehindError(
            f"The ledger has {size} entries, but a checkpoint over {checkpoint.size} was published. If you restored a backup by hand, restore it with `assay restore` so that an epoch records what was lost."
        )
    if ledger_root(home.ledger, checkpoint.size) != checkpoint.root:
        raise LedgerBehindError(
            f"The first {checkpoint.size} entries of the ledger are not those that were published. Nothing is signed over them. Run `assay fsck`, and restore a backup with `assay restore`."
        )


def _nodes(home: Home) -> Nodes:
    return TiledNodes(0, lambda _: None, home.ledger.leaf_hashes)
