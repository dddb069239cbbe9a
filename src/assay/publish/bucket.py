"""A bucket with Object Lock as a way out: tiles and checkpoints that neither we nor an administrator of the host can take back before a day.

The bucket should belong to an account that the host's administrator does not rule. A name is written once; what lies there is read back and compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from assay.errors import AssayError
from assay.evidence.checkpoint import parse_checkpoint
from assay.evidence.note import parse_note
from assay.outbound.s3 import LockState, Retention, how_to_lock
from assay.publish.tile_files import TileFile

NEWEST = "checkpoint"


class BucketError(AssayError):
    """A bucket is not fit to keep checkpoints, or what it holds is not what this home publishes."""


class LockedBucket(Protocol):
    """What is asked of the bucket; `assay.outbound.s3.S3Bucket` does it."""

    def lock_state(self) -> LockState: ...
    def put_once(self, name: str, content: bytes, retention: Retention | None = None) -> bool: ...
    def replace(self, name: str, content: bytes, retention: Retention | None = None) -> None: ...
    def get(self, name: str) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Deposit:
    """What one deposit did: how many files it wrote, how many lay there already, and until when they are held."""

    written: int
    there: int
    retention: Retention


def deposit(
    bucket: LockedBucket, name: str, files: Iterable[TileFile], checkpoint: bytes, retention: Retention
) -> Deposit:
    """Put tiles and a signed checkpoint into a bucket under its log's origin, and read every one of them back.

    1. The bucket has Object Lock. 2. Tiles, write-once. 3. The checkpoint under its size, write-once, so that there are never two for one size.
    4. The newest checkpoint, each version of it held. `name` is the bucket's, for messages. Raises BucketError, or S3Error.
    """
    if not bucket.lock_state().enabled:  # 1
        raise BucketError(
            f"The bucket {name} has no Object Lock, so whoever may write there could take checkpoints back. Turn it on: {how_to_lock(name)}."
        )
    head = parse_checkpoint(parse_note(checkpoint).text)
    results = [
        _put(bucket, name, f"{head.origin}/{file.path}", file.content, retention) for file in files
    ]  # 2
    results.append(
        _put_checkpoint(bucket, name, f"{head.origin}/checkpoints/{head.size}", checkpoint, retention)
    )  # 3
    if bucket.get(f"{head.origin}/{NEWEST}") != checkpoint:
        bucket.replace(f"{head.origin}/{NEWEST}", checkpoint, retention)  # 4
    if bucket.get(f"{head.origin}/{NEWEST}") != checkpoint:
        raise BucketError(
            f"The bucket {name} gives back another newest checkpoint than was put there. Publish again."
        )
    return Deposit(sum(results), len(results) - sum(results), retention)


def _put(bucket: LockedBucket, name: str, path: str, content: bytes, retention: Retention) -> bool:
    written = bucket.put_once(path, content, retention)
    if bucket.get(path) != content:
        raise BucketError(
            f"The bucket {name} holds other bytes under {path} than this ledger has: it keeps another history of it. "
            "Do not go on before it is known why: was this home restored from a backup, or changed?"
        )
    return written


def _put_checkpoint(
    bucket: LockedBucket, name: str, path: str, checkpoint: bytes, retention: Retention
) -> bool:
    """A checkpoint that lies there may carry fewer signatures, but must be over the same text."""
    written = bucket.put_once(path, checkpoint, retention)
    found = bucket.get(path)
    if found is None or parse_note(found).text != parse_note(checkpoint).text:
        raise BucketError(
            f"The bucket {name} holds another checkpoint under {path} than this ledger's: it keeps another history of it. "
            "Do not go on before it is known why: was this home restored from a backup, or changed?"
        )
    return written
