"""The container of a pack: a BagIt 1.0 bag (RFC 8493) whose tag manifest the home's key signs, as a folder or as one zip.

Nothing is read out of a container before the whole of it was checked: every file's digest, no file too few, no file too many.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assay.errors import AssayError
from assay.evidence.note import (
    Ed25519Key,
    Ed25519Signer,
    MalformedNoteError,
    NoteError,
    open_sole,
    parse_note,
    sign_note,
)

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
TAGGED = ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")
NOTE = "pack.note"
TAG_MANIFEST = "tagmanifest-sha256.txt"
PURPOSE = "assay pack 1"
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
LARGEST_FILE = 2**31


class ContainerError(AssayError):
    """A pack's container is not whole. `file` names what lies or is missing."""

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(f"{file}: {problem}")
        self.file = file


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed a container: the home's id, and the note as it was."""

    home: str
    note: bytes


def make_bag(payload: Mapping[str, bytes], made: str, signer: Ed25519Signer, home: str) -> dict[str, bytes]:
    """Give every file of a bag around `payload` (paths below `data/`), signed by the home's key."""
    files = {f"data/{path}": content for path, content in payload.items()}
    octets = sum(len(content) for content in files.values())
    files["bag-info.txt"] = (
        f"Bagging-Date: {made[:10]}\nPayload-Oxum: {octets}.{len(payload)}\nExternal-Identifier: assay/{home}\n".encode()
    )
    files["bagit.txt"] = DECLARATION
    files["manifest-sha256.txt"] = _manifest(
        (path, files[path]) for path in sorted(files) if path.startswith("data/")
    )
    files[TAG_MANIFEST] = _manifest((path, files[path]) for path in TAGGED)
    files[NOTE] = sign_note(_note_text(home, files[TAG_MANIFEST]), signer).encode()
    return files


def check_container(files: Mapping[str, bytes]) -> None:
    """Check a whole bag; raises ContainerError that names the file which lies, is missing or does not belong.

    From the top down, so that what is named is what lies: 1. The signed note is over this tag manifest. 2. The tag manifest lists exactly the
    three tag files, as they are. 3. The manifest lists exactly the payload, as it is. 4. The declaration and the oxum are exact.
    """
    signed_container(files)  # 1
    _check_listing(files, TAG_MANIFEST, TAGGED)  # 2
    payload = sorted(path for path in files if path.startswith("data/"))
    _check_listing(files, "manifest-sha256.txt", payload)  # 3
    for path in files:
        if not path.startswith("data/") and path not in (*TAGGED, TAG_MANIFEST, NOTE):
            raise ContainerError(path, "does not belong into a pack")
    if files["bagit.txt"] != DECLARATION:  # 4
        raise ContainerError("bagit.txt", "is not the declaration of a BagIt 1.0 bag")
    oxum = f"Payload-Oxum: {sum(len(files[path]) for path in payload)}.{len(payload)}\n".encode()
    if oxum not in files["bag-info.txt"]:
        raise ContainerError("bag-info.txt", "counts other files than there are")


def signed_container(files: Mapping[str, bytes]) -> Signed:
    """Give who the note says signed this container; raises ContainerError when the note is over another one. The signature is not checked."""
    for path in (NOTE, TAG_MANIFEST):
        if path not in files:
            raise ContainerError(path, "is missing")
    try:
        text = parse_note(files[NOTE]).text
    except MalformedNoteError as error:
        raise ContainerError(NOTE, "is not a signed note") from error
    lines = text.splitlines()
    if len(lines) == 3 and text == _note_text(lines[1], files[TAG_MANIFEST]):
        return Signed(lines[1], files[NOTE])
    if len(lines) == 3 and text == _note_text(lines[1], _manifest_of_tags(files)):
        raise ContainerError(TAG_MANIFEST, "is not the one that was signed")
    raise ContainerError(NOTE, "was made for other contents")


def check_signature(signed: Signed, key: Ed25519Key) -> None:
    """Check that `key` signed the container; raises ContainerError."""
    try:
        open_sole(signed.note, key)
    except NoteError as error:
        raise ContainerError(NOTE, f"is not signed by the key {key.name}") from error


def read_container(path: Path) -> dict[str, bytes]:
    """Read a bag from a folder or a zip; raises ContainerError for anything a bag of ours cannot have."""
    if path.is_dir():
        return dict(_read_folder(path))
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ContainerError(path.name, f"cannot be read ({error.strerror})") from error
    files = read_zip(path.name, content)
    if zip_bytes(files) != content:
        raise ContainerError(
            path.name,
            "is not the zip that its members make: something was added, reordered or changed outside of them",
        )
    return files


def read_zip(name: str, content: bytes) -> dict[str, bytes]:
    """Read the members of a stored zip, bounded; raises ContainerError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > len(content):
                raise ContainerError(name, "says that its members are larger than the zip itself")
            for member in members:
                if member.compress_type != zipfile.ZIP_STORED:
                    raise ContainerError(name, f"holds {member.filename!r}, which is compressed")
            return {member.filename: _member(archive, member) for member in members}
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
        EOFError,
        OverflowError,
    ) as error:
        raise ContainerError(name, "is not a zip that can be read") from error


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(member)
    except zipfile.BadZipFile as error:
        raise ContainerError(member.filename, "is not what the zip says of it") from error


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """Give the one zip that these files make: sorted, stored, without times (formats.md, section 10)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            member = zipfile.ZipInfo(path, ZIP_TIME)
            member.external_attr = 0o100644 << 16
            member.create_system = 3
            archive.writestr(member, files[path])
    return buffer.getvalue()


def _check_listing(files: Mapping[str, bytes], listing: str, listed: Iterable[str]) -> None:
    if listing not in files:
        raise ContainerError(listing, "is missing")
    claims = dict(_claims(listing, files[listing]))
    for path in listed:
        if path not in claims:
            raise ContainerError(path, f"is not listed in {listing}")
        if path not in files:
            raise ContainerError(path, "is missing")
        if hashlib.sha256(files[path]).hexdigest() != claims.pop(path):
            raise ContainerError(path, f"is not what {listing} says")
    for path in claims:
        raise ContainerError(path, f"is listed in {listing}, but missing")
    if files[listing] != _manifest((path, files[path]) for path in sorted(listed)):
        raise ContainerError(listing, "is not written as a manifest is")


def _claims(listing: str, content: bytes) -> Iterator[tuple[str, str]]:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise ContainerError(listing, "is not text") from error
    for line in text.splitlines():
        digest, separator, path = line.partition("  ")
        if not separator or len(digest) != 64:
            raise ContainerError(listing, "is not written as a manifest is")
        yield path, digest


def _manifest(files: Iterable[tuple[str, bytes]]) -> bytes:
    return "".join(f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in files).encode()


def _manifest_of_tags(files: Mapping[str, bytes]) -> bytes:
    return _manifest((path, files[path]) for path in TAGGED if path in files)


def _note_text(home: str, tag_manifest: bytes) -> str:
    return f"{PURPOSE}\n{home}\n{hashlib.sha256(tag_manifest).hexdigest()}\n"


def _read_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise ContainerError(name, "is a link, which no pack holds")
        if path.is_dir():
            continue
        if not path.is_file() or path.stat().st_size > LARGEST_FILE:
            raise ContainerError(name, "is no file that a pack can hold")
        yield name, path.read_bytes()
