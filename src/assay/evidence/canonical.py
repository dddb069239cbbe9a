"""Canonical JSON: the one way a value becomes bytes (RFC 8785 over the values of docs/reference/formats.md, section 1).

What cannot be said canonically is refused here, so that no digest is ever made of a value that two programs read differently.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from assay.errors import AssayError

Json: TypeAlias = Any
"""An object, array, string, integer, boolean or null; kept loose because answers come from strangers."""

LARGEST_INTEGER = 2**53 - 1
DEEPEST = 64


class NotCanonicalError(AssayError):
    """A value, or bytes, outside the canonical form. The text says which."""


def encode(value: Json) -> bytes:
    """Give the canonical bytes of `value`.

    Raises NotCanonicalError for a fraction, an integer beyond ±(2^53−1), a lone surrogate, a key that is no string, or nesting deeper than 64.
    """
    if value.__class__ is not str:
        _refuse_strangers(value, DEEPEST)
    return _written(value)


def _written(value: Json) -> bytes:
    text = _WRITER.encode(value)
    if not text.isascii() and value.__class__ is not str:
        # RFC 8785 3.2.3 orders keys by UTF-16 code units; Python orders by code points. They differ only beyond the BMP.
        text = json.dumps(_in_utf16_order(value), separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonicalError(
            "A text holds half of a surrogate pair, which no canonical JSON can carry."
        ) from error


def decode(data: bytes) -> Json:
    """Read canonical bytes; raises NotCanonicalError unless `encode` of the result gives the same bytes.

    What this refuses is what `parse` and `encode` refuse: a key that occurs twice is lost on reading, a fraction becomes text, and neither is written
    as it was read.
    """
    value = read_canonical(data)
    if _nested_at_most(data) > DEEPEST:
        _refuse_strangers(value, DEEPEST)
    if _written(value) != data:
        raise NotCanonicalError("The bytes are JSON, but not in canonical form.")
    return value


def read_canonical(data: bytes | str) -> Json:
    """Read bytes that `encode` gave, or that `decode` has read before: nothing is checked again."""
    try:
        return _READER.decode(data if isinstance(data, str) else data.decode())
    except RecursionError as error:
        raise NotCanonicalError("The JSON is nested too deeply to be read.") from error
    except (ValueError, UnicodeDecodeError) as error:
        raise NotCanonicalError(f"This is not JSON: {error}.") from error


def encode_read(value: Json) -> bytes:
    """Give the canonical bytes of a value that is made of what `decode` and `read_canonical` gave, and so holds nothing that has none."""
    return _written(value)


def parse(data: bytes | str) -> Json:
    """Read JSON as a stranger sent it: duplicate keys refused, fractions and large integers kept as the digits they were written in."""
    try:
        return json.loads(
            data, object_pairs_hook=_unique, parse_float=str, parse_int=_integer, parse_constant=_no_constant
        )
    except RecursionError as error:
        raise NotCanonicalError("The JSON is nested too deeply to be read.") from error
    except (ValueError, UnicodeDecodeError) as error:
        raise NotCanonicalError(f"This is not JSON: {error}.") from error


def instant_text(instant: datetime) -> str:
    """Write an aware instant as RFC 3339 in UTC, with six digits of a fraction or none (formats.md, section 1)."""
    if instant.tzinfo is None:
        raise NotCanonicalError(f"The instant {instant} has no zone, so it names no moment.")
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def parse_instant(text: str) -> datetime:
    """Read an RFC 3339 instant; raises NotCanonicalError when it is none or has no offset."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotCanonicalError(f"“{text}” is not an instant; write it as 2026-11-23T06:12:48Z.") from error
    if instant.tzinfo is None:
        raise NotCanonicalError(f"“{text}” has no zone; end it with Z for UTC.")
    return instant.astimezone(UTC)


def _nested_at_most(data: bytes) -> int:
    """A bound on the depth of JSON, without reading it."""
    return data.count(b"{") + data.count(b"[")


def _refuse_strangers(value: Json, depth: int) -> None:
    if depth < 0:
        raise NotCanonicalError(f"The value is nested deeper than {DEEPEST}.")
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            raise NotCanonicalError(f"The integer {str(value)[:40]} is beyond 2^53−1; keep it as text.")
    elif isinstance(value, Mapping):
        for key, member in value.items():
            if not isinstance(key, str):
                raise NotCanonicalError(f"The key {key!r} is not text.")
            _refuse_strangers(member, depth - 1)
    elif isinstance(value, list | tuple):
        for member in value:
            _refuse_strangers(member, depth - 1)
    else:
        raise NotCanonicalError(f"A {type(value).__name__} has no canonical form; keep it as text.")


def _in_utf16_order(value: Json) -> Json:
    if isinstance(value, Mapping):
        ordered = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be", "surrogatepass"))
        return {key: _in_utf16_order(member) for key, member in ordered}
    if isinstance(value, list | tuple):
        return [_in_utf16_order(member) for member in value]
    return value


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key occurs twice in one object")
    return members


def _integer(digits: str) -> int | str:
    if len(digits) > 17 or not -LARGEST_INTEGER <= int(digits) <= LARGEST_INTEGER:
        return digits
    return int(digits)


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")


_READER = json.JSONDecoder(parse_float=str, parse_int=_integer, parse_constant=_no_constant)
_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
