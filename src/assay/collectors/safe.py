"""Values that canonical JSON can carry, out of what a client library gives (docs/reference/formats.md, section 1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from assay.evidence.canonical import DEEPEST, LARGEST_INTEGER, Json, instant_text

MOST_DIGITS = 64
# A record puts its parts one level down, and a home puts the record two levels further.
_DEEPEST_ANSWER = DEEPEST - 4


class UnsafeAnswerError(ValueError):
    """An answer holds something that no record may hold."""


def safe(value: object) -> Json:
    """Give a copy of `value` in which instants are RFC 3339 text and fractions and large integers are their digits.

    Raises UnsafeAnswerError for bytes, half of a surrogate pair, a key that is no text, a number of more than 64 digits, or nesting deeper than 60.
    """
    return _safe(value, _DEEPEST_ANSWER)


def _safe(value: object, left: int) -> Json:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return value if -LARGEST_INTEGER <= value <= LARGEST_INTEGER else _digits(value)
    if left == 0:
        raise UnsafeAnswerError("nested too deeply")
    if isinstance(value, Mapping):
        return {_text(name): _safe(member, left - 1) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_safe(member, left - 1) for member in value]
    return _scalar(value)


def _scalar(value: object) -> Json:
    if isinstance(value, datetime):
        return instant_text(value if value.tzinfo is not None else value.replace(tzinfo=UTC))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | float):
        return _digits(value)
    raise UnsafeAnswerError(f"a {type(value).__name__} is not kept")


def _digits(value: int | float | Decimal) -> str:
    if isinstance(value, int) and value.bit_length() > 4 * MOST_DIGITS:
        raise UnsafeAnswerError("a number is too long")
    digits = str(value)
    if len(digits) > MOST_DIGITS:
        raise UnsafeAnswerError("a number is too long")
    return digits


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise UnsafeAnswerError("a key is no text")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise UnsafeAnswerError("a text holds half of a surrogate pair") from None
    return value
