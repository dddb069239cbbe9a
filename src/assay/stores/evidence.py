"""Objects and bodies in a store (formats.md, section 2): named by what they hold, compressed, checked at every read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Protocol

import zstandard

from assay.errors import AssayError
from assay.evidence.bodies import BodyMismatchError, body_bytes, open_body
from assay.evidence.canonical import Json
from assay.evidence.commitment import commit

SMALL = 1 << 20
LARGEST_OBJECT = 2**31  # bytes after decompression; what claims more is refused unread


class MissingObjectError(AssayError):
    """The ledger names something that the store does not hold."""


class CorruptObjectError(AssayError):
    """What is stored under a name is not what the name says."""


class Store(Protocol):
    """Named byte strings, write-once but for `replace`; `put` returns when the content is durable.

    `lasting` says that the content holds nothing that may have to be erased, so that a store may lock it against removal. `at_once` is how many
    puts it takes at the same time.
    """

    at_once: int

    def put(self, name: str, content: bytes, *, lasting: bool = False) -> None: ...
    def replace(self, name: str, content: bytes) -> None: ...
    def get(self, name: str) -> bytes | None: ...
    def names(self, prefix: str) -> Iterator[str]: ...
    def remove(self, name: str) -> None: ...
    def written(self, name: str) -> datetime | None: ...
    def sweep(self, before: datetime) -> int: ...


class Evidence:
    """Objects by digest and bodies by commitment over a `Store`."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def put_object(self, content: bytes, *, lasting: bool = False) -> str:
        """Keep content durably; gives its object id, SHA-256 in hex. `lasting` content holds nothing that may have to be erased."""
        digest = hashlib.sha256(content).hexdigest()
        self.store.put(object_name(digest), _compress(content), lasting=lasting)
        return digest

    def put_objects(self, contents: Iterable[bytes], *, lasting: bool = False) -> None:
        """Keep several contents durably, as many at once as the store takes; when it raises, some may be kept, which is no harm."""
        if self.store.at_once == 1:
            for content in contents:
                self.put_object(content, lasting=lasting)
            return
        with ThreadPoolExecutor(self.store.at_once) as pool:
            for _ in pool.map(lambda content: self.put_object(content, lasting=lasting), contents):
                pass

    def object(self, digest: str) -> bytes:
        """Give the content of an object; raises MissingObjectError or CorruptObjectError."""
        content = self._get(object_name(digest), f"object {digest}")
        if hashlib.sha256(content).hexdigest() != digest:
            raise CorruptObjectError(
                f"The object {digest} holds other bytes than its name says. Run `assay fsck`."
            )
        return content

    def put_body(self, body: Json, salt: bytes) -> bytes:
        """Keep a ledger entry's body durably; gives its commitment."""
        commitment = commit(salt, body)
        self.store.put(body_name(commitment), _compress(body_bytes(salt, body)))
        return commitment

    def body(self, commitment: bytes) -> Json:
        """Give the body behind a commitment; raises MissingObjectError or CorruptObjectError."""
        try:
            return open_body(self.body_bytes(commitment), commitment)
        except BodyMismatchError as error:
            raise CorruptObjectError(f"{error} Run `assay fsck`.") from error

    def body_bytes(self, commitment: bytes) -> bytes:
        """Give the canonical bytes of body and salt, unchecked: what a pack discloses."""
        return self._get(body_name(commitment), f"body {commitment.hex()}")

    def has_body(self, commitment: bytes) -> bool:
        return self.store.get(body_name(commitment)) is not None

    def _get(self, name: str, what: str) -> bytes:
        stored = self.store.get(name)
        if stored is None:
            raise MissingObjectError(
                f"The {what} is not in the store. Run `assay fsck` to see what else is missing, then restore it from a backup."
            )
        try:
            return zstandard.ZstdDecompressor().decompress(stored, max_output_size=LARGEST_OBJECT)
        except zstandard.ZstdError as error:
            raise CorruptObjectError(
                f"The {what} cannot be read: its stored bytes were changed. Run `assay fsck`."
            ) from error


def _compress(content: bytes) -> bytes:
    level = (
        19 if len(content) <= SMALL else 9
    )  # level 19 is slow, and pays where salts and request ids are most of the bytes
    return zstandard.ZstdCompressor(level=level, write_content_size=True).compress(content)


def object_name(digest: str) -> str:
    """Give the name under which an object is kept (formats.md, section 2)."""
    return f"objects/{digest[:2]}/{digest}"


def body_name(commitment: bytes) -> str:
    """Give the name under which a body is kept (formats.md, section 2)."""
    return f"bodies/{commitment.hex()[:2]}/{commitment.hex()}"
