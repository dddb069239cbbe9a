"""The call log of a collection: one object of columns, since request ids are most of it and pack far better side by side (formats.md, section 8)."""

from __future__ import annotations

from collections.abc import Iterable

from assay.evidence.canonical import Json, decode, encode, parse

COLUMNS = ("call", "account", "region", "started_ms", "took_ms", "status", "bytes", "request_id", "error")


def call_log(calls: Iterable[bytes]) -> bytes:
    """Give the bytes of a call log out of its calls, each the canonical array of COLUMNS."""
    rows = [parse(call) for call in calls]
    return encode({name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)})


def calls_in(content: bytes) -> list[bytes]:
    """Give the calls of a log as canonical arrays, in order: the leaf data of the log's root. Raises NotCanonicalError, KeyError or ValueError."""
    member: Json = decode(content)
    return [encode(list(row)) for row in zip(*(member[name] for name in COLUMNS), strict=True)]
