"""What a stranger answered, taken in within bounds: bytes on the wire, bytes after decompression, JSON depth and digits."""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from assay.errors import AssayError
from assay.evidence.canonical import LARGEST_INTEGER, Json
from assay.evidence.gaps import Reason
from assay.outbound.large import LARGE, has_too_many_things

DEEPEST = 64
_LARGE_ONES = threading.Lock()
MOST_DIGITS = 64


class HttpError(AssayError):
    """A call that gave no usable answer. The text names host and cause, never a header, a token or a piece of the answer."""

    reason = Reason.FAILED


class ConnectionFailedError(HttpError):
    """No connection, or it broke."""


class AnswerTimeoutError(HttpError):
    """The answer was not whole within its time."""

    reason = Reason.TIMEOUT


class ThrottledError(HttpError):
    """The source still asked us to wait when our patience was over."""

    reason = Reason.THROTTLED


class MalformedAnswerError(HttpError):
    """The answer is not what was asked for: not JSON, too deep, cut off, wrongly encoded."""

    reason = Reason.MALFORMED


class AnswerTooLargeError(MalformedAnswerError):
    """The answer is larger than the bound, on the wire or after decompression."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: status, headers by lower-case name (repeated ones joined by a comma), and the whole body, decompressed."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    attempts: int = 1
    took_ms: int = 0


def take_in(chunks: Iterable[bytes], encoding: str, most: int) -> bytes:
    """Collect a body of at most `most` bytes, decompressing gzip as it comes in, never holding more than that.

    Raises AnswerTooLargeError, and MalformedAnswerError for another encoding or a broken stream.
    """
    if encoding in ("", "identity"):
        return _collect(chunks, most)
    if encoding == "gzip":
        return _collect(_gunzip(chunks, most), most)
    raise MalformedAnswerError("The answer is compressed in a way that was not asked for.")


def _collect(chunks: Iterable[bytes], most: int) -> bytes:
    whole = bytearray()
    for chunk in chunks:
        if len(whole) + len(chunk) > most:
            raise AnswerTooLargeError(f"The answer is larger than {most} bytes, so it was not read.")
        whole += chunk
    return bytes(whole)


def _gunzip(chunks: Iterable[bytes], most: int) -> Iterable[bytes]:
    stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    taken = 0
    for chunk in chunks:
        taken += len(chunk)
        if taken > most:
            raise AnswerTooLargeError(f"The answer is larger than {most} bytes, so it was not read.")
        try:
            yield stream.decompress(chunk, most + 1)
        except zlib.error:
            raise MalformedAnswerError("The compressed answer cannot be read.") from None
        if stream.unconsumed_tail:
            raise AnswerTooLargeError(
                f"The answer is larger than {most} bytes after decompression, so it was not read."
            )
    if taken and (not stream.eof or stream.unused_data):
        raise MalformedAnswerError("The compressed answer was cut off, or something follows it.")


def read_json(response: Response) -> Json:
    """Read a JSON answer as evidence may hold it: fractions and integers beyond ±(2^53−1) as the digits that were sent.

    Raises MalformedAnswerError for another content type, bytes that are no UTF-8 JSON, a duplicate key, NaN, half of a surrogate pair,
    a number of more than 64 digits, or nesting deeper than 64.
    """
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise MalformedAnswerError("The answer is not JSON by its content type.")
    return parse_json(response.body)


def parse_json(body: bytes) -> Json:
    """Read JSON bytes under the rules of `read_json`; large ones one at a time. Raises AnswerTooLargeError for too many members."""
    if len(body) <= LARGE:
        return _parsed(body)
    if has_too_many_things(body):
        raise AnswerTooLargeError("The JSON of the answer has too many members, so it was not read.")
    with _LARGE_ONES:
        return _parsed(body)


def _parsed(body: bytes) -> Json:
    try:
        value = json.loads(
            body.decode(),
            object_pairs_hook=_object,
            parse_float=_fraction,
            parse_int=_integer,
            parse_constant=_constant,
        )
        _refuse_depth(value, DEEPEST)
    except RecursionError:
        raise MalformedAnswerError("The JSON of the answer is nested too deeply.") from None
    except ValueError:
        raise MalformedAnswerError("The answer is not JSON.") from None
    if b"\\ud" in body.lower():
        _refuse_half_surrogates(value)
    return value


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise MalformedAnswerError("The JSON of the answer holds a key twice in one object.")
    return members


def _fraction(digits: str) -> str:
    if len(digits) > MOST_DIGITS:
        raise MalformedAnswerError(
            f"The JSON of the answer holds a number of more than {MOST_DIGITS} digits."
        )
    return digits


def _integer(digits: str) -> int | str:
    if len(_fraction(digits)) > 17 or not -LARGEST_INTEGER <= int(digits) <= LARGEST_INTEGER:
        return digits
    return int(digits)


def _constant(name: str) -> NoReturn:
    raise MalformedAnswerError(f"The answer holds {name}, which is not JSON.")


def _refuse_depth(value: Json, left: int) -> None:
    if isinstance(value, dict):
        members = value.values()
    elif isinstance(value, list):
        members = value  # type: ignore[assignment]  # both are walked alike
    else:
        return
    if left == 0:
        raise MalformedAnswerError(f"The JSON of the answer is nested deeper than {DEEPEST}.")
    for member in members:
        if isinstance(member, dict | list):
            _refuse_depth(member, left - 1)


def _refuse_half_surrogates(value: Json) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise MalformedAnswerError("The answer holds half of a surrogate pair, which is no text.") from None
