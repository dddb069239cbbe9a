"""Commitments: a digest that names a value, and tells nothing about it without its salt (formats.md, section 1)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from assay.errors import AssayError
from assay.evidence.canonical import Json, encode

SALT_BYTES = 16


class BadSaltError(AssayError):
    """A salt that is not 16 bytes long."""


def new_salt(random: Callable[[int], bytes]) -> bytes:
    """Draw a salt from `random`, which gives as many random bytes as it is asked for."""
    return _checked(random(SALT_BYTES))


def commit(salt: bytes, value: Json) -> bytes:
    """Give SHA-256(0x00 ‖ salt ‖ canonical(value)); raises BadSaltError, or NotCanonicalError for a value without a canonical form."""
    return commit_bytes(salt, encode(value))


def commit_bytes(salt: bytes, canonical: bytes) -> bytes:
    """Give the commitment to a value whose canonical bytes are at hand."""
    return hashlib.sha256(b"\x00" + _checked(salt) + canonical).digest()


def _checked(salt: bytes) -> bytes:
    if len(salt) != SALT_BYTES:
        raise BadSaltError(f"A salt has {SALT_BYTES} bytes, this one has {len(salt)}.")
    return salt
