"""Evidence kept in a bucket of S3: the same write-once names as in a folder, durable when S3 has acknowledged them.

What holds nothing personal (tiles, checkpoints, conclusion sets, content) is put under Object Lock, so that nobody takes it away before its day. Record files, attachments, call
logs and bodies are not locked: an erasure must be able to take them away, every version of them. A put that is interrupted leaves nothing, or an object that nothing needs yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from assay.outbound.s3 import LockMode, LockState, Retention, S3Address, S3Bucket, how_to_lock
from assay.stores.folder import StoreError

DAYS = 400
"""How long what is locked is held, unless told otherwise: a year of observation, and the weeks of the audit after it."""
REMEMBERED = 8 << 20
"""Bytes of bodies that are kept in memory: they are read again and again, and never change under their names."""
WRITTEN_ONCE = ("bodies/", "log/tile/", "objects/")
_OFF = "off"
_OPTIONS = frozenset({"days", "endpoint", "lock", "region"})


@dataclass(frozen=True, slots=True)
class EvidenceUrl:
    """Where evidence is kept: `s3://bucket/prefix?region=…&lock=governance&days=400&endpoint=…`. `mode` None: without Object Lock."""

    address: S3Address
    mode: LockMode | None
    days: int

    @classmethod
    def parse(cls, text: str) -> EvidenceUrl:
        """Read EVIDENCE_URL; raises StoreError that says how it is written."""
        try:
            return cls(*_parts(text))
        except ValueError as error:
            raise StoreError(
                "EVIDENCE_URL is written s3://BUCKET/PREFIX, with ?region=, lock=governance, compliance or off, days= and endpoint= where they are needed. "
                "Credentials are not part of it: boto3 finds them."
            ) from error


def _parts(text: str) -> tuple[S3Address, LockMode | None, int]:
    url = urlsplit(text)
    pairs = parse_qsl(url.query, keep_blank_values=True, strict_parsing=bool(url.query))
    options = dict(pairs)
    if url.scheme != "s3" or not url.netloc or "@" in url.netloc or url.fragment:
        raise ValueError("not the address of a bucket")
    if len(options) != len(pairs) or not options.keys() <= _OPTIONS:
        raise ValueError("an option that is not known, or twice")
    days, lock = int(options.get("days", str(DAYS))), options.get("lock", "governance")
    if days < 1:
        raise ValueError("no day")
    address = S3Address(url.netloc, url.path.strip("/"), options.get("region"), options.get("endpoint"))
    return address, None if lock == _OFF else LockMode(lock.upper()), days


class S3Store:
    """A store of named byte strings in a bucket. `clock` says from when a retention counts. `put` may be called by several threads."""

    at_once = 8

    def __init__(
        self,
        url: EvidenceUrl,
        clock: Callable[[], datetime],
        on_call: Callable[[str], None] = lambda call: None,
    ) -> None:
        self.url = url
        self._bucket = S3Bucket(url.address, on_call)
        self._clock = clock
        self._bodies: dict[str, bytes] = {}
        self._remembered = 0

    def put(self, name: str, content: bytes, *, lasting: bool = False) -> None:
        """Keep `content` under `name`, durably, and locked where it is `lasting`. A name that is already there is left as it is."""
        _check(name)
        if name not in self._bodies:
            self._bucket.put_once(name, content, self._retention(lasting))

    def replace(self, name: str, content: bytes) -> None:
        """Keep `content` under `name` whether or not it was there; each version is locked, for only checkpoints are ever replaced."""
        _check(name)
        self._bucket.replace(name, content, self._retention(lasting=True))

    def get(self, name: str) -> bytes | None:
        """Give what is kept under `name`, or None."""
        _check(name)
        if name in self._bodies:
            return self._bodies[name]
        content = self._bucket.get(name)
        if content is not None and name.startswith("bodies/"):
            self._remember(name, content)
        return content

    def names(self, prefix: str) -> Iterator[str]:
        """Give the names below `prefix`, sorted."""
        return self._bucket.names(f"{prefix.rstrip('/')}/" if prefix else "")

    def remove(self, name: str) -> None:
        """Remove every version of `name`; raises LockedObjectError while one is held."""
        _check(name)
        self._remembered -= len(self._bodies.pop(name, b""))
        self._bucket.remove(name)

    def written(self, name: str) -> datetime | None:
        """Give when `name` was written, or None when it is not there."""
        _check(name)
        return self._bucket.written(name)

    def sweep(self, before: datetime) -> int:
        """An object is put whole or not at all, so an interrupted put leaves nothing to sweep."""
        return 0

    def covered(self) -> list[tuple[str, str]]:
        """Give name and version of whatever lies over something that is written once: a lock keeps a version, not what is put or marked as deleted after it."""
        return [one for prefix in WRITTEN_ONCE for one in self._bucket.covers(prefix)]

    def uncover(self) -> int:
        """Take away what lies over things that are written once, and give how much there was; raises LockedObjectError where that is held itself."""
        found = self.covered()
        self._bucket.uncover(found)
        return len(found)

    def retention(self, name: str) -> Retention | None:
        """Give until when `name` is held; None where it is not."""
        return self._bucket.retention(name)

    def problem(self) -> str | None:
        """Say what is wrong with the bucket's Object Lock for what this store promises, and what to do; None where nothing is."""
        if self.url.mode is None:
            return None
        return _problem(self.url.address.bucket, self._bucket.lock_state())

    def _retention(self, lasting: bool) -> Retention | None:
        if not lasting or self.url.mode is None:
            return None
        until = (self._clock() + timedelta(days=self.url.days)).replace(microsecond=0)
        return Retention(self.url.mode, until)

    def _remember(self, name: str, content: bytes) -> None:
        while self._bodies and self._remembered + len(content) > REMEMBERED:
            self._remembered -= len(self._bodies.pop(next(iter(self._bodies))))
        self._bodies[name] = content
        self._remembered += len(content)


def new_s3_store(url: EvidenceUrl, clock: Callable[[], datetime]) -> S3Store:
    """Give the store of a home that is made or restored; raises StoreError unless the bucket is fit and nothing lies below the prefix."""
    store = S3Store(url, clock)
    if (problem := store.problem()) is not None:
        raise StoreError(problem)
    if next(store.names(""), None) is not None:
        where = f"s3://{url.address.bucket}/{url.address.prefix}"
        raise StoreError(
            f"Something lies below {where} already, and what it keeps is never mixed. Name another prefix in EVIDENCE_URL."
        )
    return store


def _problem(bucket: str, state: LockState) -> str | None:
    if not state.enabled:
        return (
            f"The bucket {bucket} has no Object Lock, so evidence in it could be taken away. Turn it on: {how_to_lock(bucket)}; "
            "or write lock=off into EVIDENCE_URL, where that is meant."
        )
    if state.by_default:
        return (
            f"The bucket {bucket} locks whatever is put there, personal records among it, which could then not be erased. "
            f"Take its default retention away, for Assay locks by itself what may be locked: {how_to_lock(bucket)}."
        )
    return None


def _check(name: str) -> None:
    parts = name.split("/")
    if not all(parts) or any(part.startswith(".") for part in parts) or "\0" in name:
        raise StoreError(f"“{name}” is no name for an object.")
