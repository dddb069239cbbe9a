"""Record files: what changed in one population since the previous collection, one canonical line a record (formats.md, section 3).

Lines are values; nothing here reads a file. A sealed line is opened and made by `assay.evidence.sealing`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from assay.errors import AssayError
from assay.evidence.canonical import Json, NotCanonicalError, decode, encode, encode_read
from assay.evidence.commitment import commit_bytes

FORMAT = 1


class BadRecordFileError(AssayError):
    """A record file that does not say what it must. The text names the line."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a population was asked for: table, account, region (empty where the table is not regional)."""

    table: str
    account: str
    region: str

    def header(self) -> bytes:
        """Give the first line of this place's record files, without its line feed."""
        member = {
            "account": self.account,
            "format": FORMAT,
            "kind": "records",
            "region": self.region,
            "table": self.table,
        }
        return encode(member)


@dataclass(frozen=True, slots=True)
class Whole:
    """A version of a record given whole: canonical bytes of the record, and the salt of its commitment."""

    key: str
    record: bytes
    salt: bytes

    def commitment(self) -> bytes:
        """SHA-256(0x00 ‖ salt ‖ canonical{key, record}): the name of this version that a population holds."""
        return record_commitment(self.salt, self.key, self.record)

    def encode(self) -> bytes:
        return b'{"key":%b,"record":%b,"salt":"%b"}' % (
            encode(self.key),
            self.record,
            self.salt.hex().encode(),
        )


@dataclass(frozen=True, slots=True)
class Patched:
    """A version given by what changed since the version before: members set and unset by path."""

    key: str
    patch: Json
    salt: bytes

    def encode(self) -> bytes:
        return encode({"key": self.key, "patch": self.patch, "salt": self.salt.hex()})


@dataclass(frozen=True, slots=True)
class Removed:
    """A record that a complete answer no longer holds."""

    key: str

    def encode(self) -> bytes:
        return encode({"key": self.key, "removed": True})


@dataclass(frozen=True, slots=True)
class Sealed:
    """A version of a personal record: key, record and salt inside the sealed bytes, the commitment outside."""

    commitment: bytes
    sealed: bytes
    subject: str

    def encode(self) -> bytes:
        return encode(
            {"commitment": self.commitment.hex(), "sealed": self.sealed.hex(), "subject": self.subject}
        )


@dataclass(frozen=True, slots=True)
class SealedRemoved:
    """A personal record that a complete answer no longer holds."""

    commitment: bytes

    def encode(self) -> bytes:
        return encode({"commitment": self.commitment.hex(), "removed": True})


@dataclass(frozen=True, slots=True)
class Erased:
    """A version that was here and was erased; its commitment keeps the population's root whole.

    Outside of personal tables the key stays, since the population's order hangs on it.
    """

    commitment: bytes
    key: str | None = None

    def encode(self) -> bytes:
        named = {} if self.key is None else {"key": self.key}
        return encode({"commitment": self.commitment.hex(), "erased": True, **named})


Line: TypeAlias = Whole | Patched | Removed | Sealed | SealedRemoved | Erased


def record_commitment(salt: bytes, key: str, record: bytes) -> bytes:
    """Commit to a record version; `record` is its canonical bytes (formats.md, section 3)."""
    return commit_bytes(salt, b'{"key":%b,"record":%b}' % (encode(key), record))


def write_records(place: Place, lines: Iterable[Line]) -> bytes:
    """Give the bytes of a record file; the caller has the lines in their order."""
    return b"".join(part + b"\n" for part in (place.header(), *(line.encode() for line in lines)))


def read_records(content: bytes) -> tuple[Place, list[Line]]:
    """Read a record file; raises BadRecordFileError that names the line which is not as written by `write_records`."""
    if not content.endswith(b"\n"):
        raise BadRecordFileError("The record file does not end with a line feed: it was cut off.")
    header, *lines = content[:-1].split(b"\n")
    return _read_header(header), [_read_line(number, line) for number, line in enumerate(lines, start=2)]


def difference(before: Json, after: Json) -> Json:
    """Give the patch that makes `before` into `after`, both records: objects are walked, everything else is set whole."""
    changed: list[Json] = []
    gone: list[Json] = []
    _walk(before, after, [], changed, gone)
    return {"set": sorted(changed, key=lambda entry: [str(step) for step in entry[0]]), "unset": sorted(gone)}


def patched(before: Json, patch: Json) -> Json:
    """Apply a patch to a record and give the new one; raises BadRecordFileError where the patch does not fit."""
    result = dict(before)
    own = {id(result)}
    try:
        for path in patch["unset"]:
            del _parent_of(result, path, own)[path[-1]]
        for path, value in patch["set"]:
            _parent_of(result, path, own)[path[-1]] = value
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise BadRecordFileError(f"A patch does not fit the record before it: {error!r}.") from error
    return result


def _walk(before: Json, after: Json, path: list[str], changed: list[Json], gone: list[Json]) -> None:
    gone.extend([*path, name] for name in before.keys() - after.keys())
    for name, value in after.items():
        old = before.get(name, _ABSENT)
        if isinstance(old, dict) and isinstance(value, dict):
            _walk(old, value, [*path, name], changed, gone)
        elif old is _ABSENT or encode(old) != encode(value):  # in Python [True] == [1]; in bytes it is not
            changed.append([[*path, name], value])


_ABSENT = object()


def _parent_of(record: Json, path: list[str], own: set[int]) -> Json:
    """The object that holds the end of a path; each object on the way is copied once before anything in it changes, the rest is shared."""
    for step in path[:-1]:
        member = record[step]
        if not isinstance(member, dict):
            raise TypeError(f"{path} does not end in an object")
        if id(member) not in own:
            member = record[step] = dict(member)
            own.add(id(member))
        record = member
    return record


def _read_header(line: bytes) -> Place:
    try:
        member = decode(line)
        place = Place(member["table"], member["account"], member["region"])
    except (NotCanonicalError, KeyError, TypeError) as error:
        raise BadRecordFileError("Line 1 of the record file is not its header.") from error
    if isinstance(member.get("format"), int) and member["format"] > FORMAT:
        raise BadRecordFileError(
            f"The record file has format {member['format']}; this version of Assay reads up to {FORMAT}. Use a newer one."
        )
    if line != place.header():
        raise BadRecordFileError("Line 1 of the record file is not its header.")
    return place


def _read_line(number: int, line: bytes) -> Line:
    try:
        return _line_of(decode(line), line)
    except (NotCanonicalError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadRecordFileError(f"Line {number} of the record file is not a record.") from error


def _line_of(member: Json, line: bytes) -> Line:
    match sorted(member):
        case ["key", "record", "salt"]:
            return Whole(_text(member["key"]), _record(member, line), _salt(member["salt"]))
        case ["key", "patch", "salt"]:
            return Patched(_text(member["key"]), member["patch"], _salt(member["salt"]))
        case ["key", "removed"] if member["removed"] is True:
            return Removed(_text(member["key"]))
        case ["commitment", "sealed", "subject"]:
            return Sealed(_digest(member["commitment"]), _hex(member["sealed"]), _text(member["subject"]))
        case ["commitment", "removed"] if member["removed"] is True:
            return SealedRemoved(_digest(member["commitment"]))
        case ["commitment", "erased"] if member["erased"] is True:
            return Erased(_digest(member["commitment"]))
        case ["commitment", "erased", "key"] if member["erased"] is True:
            return Erased(_digest(member["commitment"]), _text(member["key"]))
    raise ValueError("no line has these members")


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise TypeError("a key and a subject are texts")
    return value


def _record(member: Json, line: bytes) -> bytes:
    """The record's canonical bytes, out of a line that was found canonical: between its key and its salt."""
    if not isinstance(member["record"], dict):
        raise TypeError("a record is an object")
    before = len(b'{"key":,"record":') + len(encode_read(member["key"]))
    after = len(b',"salt":}') + len(encode_read(member["salt"]))
    return line[before:-after]


def _hex(text: str) -> bytes:
    data = bytes.fromhex(text)
    if data.hex() != text:
        raise ValueError("hexadecimal is written in lower case, without spaces")
    return data


def _salt(text: str) -> bytes:
    salt = _hex(text)
    if len(salt) != 16:
        raise ValueError("a salt has 16 bytes")
    return salt


def _digest(text: str) -> bytes:
    digest = _hex(text)
    if len(digest) != 32:
        raise ValueError("a commitment has 32 bytes")
    return digest
