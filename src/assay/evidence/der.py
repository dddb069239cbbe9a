"""DER (X.690), the small part that time-stamps need. The reader takes the one encoding that the writer gives: short lengths, no trailing bytes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from assay.errors import AssayError

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
GENERALIZED_TIME, SEQUENCE, SET = 0x18, 0x30, 0x31


class DerError(AssayError):
    """Bytes that are not DER, or not the element that was expected."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its tag byte, its content, and the whole of it as it stood."""

    tag: int
    content: bytes
    whole: bytes

    def children(self) -> list[Element]:
        """Read the elements inside; raises DerError where they are not DER."""
        found, at = [], 0
        while at < len(self.content):
            element = _read(self.content, at)
            found.append(element)
            at += len(element.whole)
        return found

    def content_of(self, tag: int) -> bytes:
        """Give the content; raises DerError unless the element has this tag."""
        if self.tag != tag:
            raise DerError(f"An element has the tag {self.tag:#04x} where {tag:#04x} must be.")
        return self.content

    def members(self, tag: int = SEQUENCE, least: int = 0) -> list[Element]:
        """Read the elements inside a sequence, set or tagged element; raises DerError for another tag or fewer than `least`."""
        self.content_of(tag)
        found = self.children()
        if len(found) < least:
            raise DerError(f"An element holds {len(found)} others; it must hold at least {least}.")
        return found

    def exactly(self, count: int, tag: int = SEQUENCE) -> list[Element]:
        """Read the elements inside, which must be `count`; raises DerError."""
        found = self.members(tag)
        if len(found) != count:
            raise DerError(f"An element holds {len(found)} others; it must hold {count}.")
        return found

    def integer(self) -> int:
        """Read an INTEGER."""
        value = int.from_bytes(self.content_of(INTEGER), "big", signed=True)
        if write_integer(value) != self.whole:
            raise DerError("An integer is not written in its shortest form.")
        return value

    def oid(self) -> str:
        """Read an OBJECT IDENTIFIER, dotted."""
        content = self.content_of(OID)
        if not content or content[-1] & 0x80:
            raise DerError("An object identifier is cut off.")
        arcs, value = [], 0
        for octet in content:
            value = value << 7 | octet & 0x7F
            if not octet & 0x80:
                arcs.append(value)
                value = 0
        first = min(arcs[0] // 40, 2)
        dotted = ".".join(str(arc) for arc in (first, arcs[0] - 40 * first, *arcs[1:]))
        if write_oid(dotted) != self.whole:
            raise DerError("An object identifier is not written in its shortest form.")
        return dotted


def read_one(data: bytes) -> Element:
    """Read bytes that are one element and nothing else; raises DerError."""
    element = _read(data, 0)
    if len(element.whole) != len(data):
        raise DerError(f"{len(data) - len(element.whole)} bytes follow the end of the DER element.")
    return element


def write(tag: int, *contents: bytes) -> bytes:
    """Write an element around its contents."""
    content = b"".join(contents)
    return bytes([tag]) + _length(len(content)) + content


def write_integer(value: int) -> bytes:
    """Write an INTEGER."""
    size = ((value if value >= 0 else ~value).bit_length() // 8) + 1
    return write(INTEGER, value.to_bytes(size, "big", signed=True))


def write_oid(dotted: str) -> bytes:
    """Write an OBJECT IDENTIFIER."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    return write(OID, b"".join(_base128(arc) for arc in (40 * first + second, *rest)))


def _read(data: bytes, at: int) -> Element:
    if len(data) - at < 2 or data[at] & 0x1F == 0x1F:
        raise DerError("The bytes end within a DER element, or have a tag that time-stamps do not use.")
    start = at + 2
    length = data[at + 1]
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[at + 2 : start], "big")
    end = start + length
    if end > len(data) or data[at + 1 : start] != _length(length):
        raise DerError("A DER element is cut off, or its length is not written in the shortest form.")
    return Element(data[at], data[start:end], data[at:end])


def _length(length: int) -> bytes:
    if length < 0x80:
        return bytes([length])
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets


def _base128(arc: int) -> bytes:
    groups = range(7 * ((max(arc.bit_length(), 1) - 1) // 7), -1, -7)
    return reduce(
        lambda octets, shift: octets + bytes([(arc >> shift & 0x7F) | (0x80 if shift else 0)]), groups, b""
    )
