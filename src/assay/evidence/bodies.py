"""The body behind a ledger entry: a value and its salt, named by the commitment that the entry's envelope carries (formats.md, section 2)."""

from __future__ import annotations

from assay.errors import AssayError
from assay.evidence.canonical import Json, NotCanonicalError, decode, encode
from assay.evidence.commitment import commit


class BodyMismatchError(AssayError):
    """A body says something else than the ledger committed to."""


def body_bytes(salt: bytes, body: Json) -> bytes:
    """Give the bytes of a body file."""
    return encode({"body": body, "salt": salt.hex()})


def open_body(content: bytes, commitment: bytes) -> Json:
    """Give the body in the bytes of a body file; raises BodyMismatchError unless it has this commitment."""
    try:
        member = decode(content)
        body, salt = member["body"], bytes.fromhex(member["salt"])
    except (NotCanonicalError, KeyError, TypeError, ValueError) as error:
        raise BodyMismatchError(f"The body {commitment.hex()} is not written as a body must be.") from error
    if set(member) != {"body", "salt"} or salt.hex() != member["salt"] or commit(salt, body) != commitment:
        raise BodyMismatchError(
            f"The body {commitment.hex()} says something else than the ledger committed to."
        )
    return body
