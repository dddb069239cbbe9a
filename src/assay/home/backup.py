"""A backup: one file with the rows, the objects and a manifest; made while others write, refused whole when a byte of it is missing.

Rows are those of the home's own tables, and sealed those of every other table in its database (`assay.home.further_rows`).

What was published of the log is copied first, then rows are read in one snapshot, then the objects are copied. So no checkpoint in a backup is
over more entries than it holds; and an object is durable before the entry that names it, so every object that the snapshot needs is there by
then. Keys are not in it: a backup without them is useless to a thief, and they are kept apart.
"""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from assay.errors import AssayError
from assay.evidence.canonical import Json, NotCanonicalError, decode, encode, instant_text
from assay.evidence.ledger import Envelope
from assay.evidence.merkle import root_of_hashes
from assay.home.database import Database
from assay.home.further_rows import sealed_rows, states
from assay.home.place import Home
from assay.stores import sync_folder

FORMAT = 2
"""1 held no rows but those of the home's own tables; it is still read."""
MANIFEST = "manifest.json"
SEALED = "sealed"
"""Under this lie the rows of other packages' tables, a member for each."""
TABLES = {
    "ledger_entry": ("ordinal", "envelope"),
    "source": ("id", "kind", "settings", "connected", "disconnected"),
    "credential": ("source", "field", "sealed"),
    "cursor_position": ("source", "name", "position"),
    "current_population": ("source", "table_name", "account", "region", "entry", "root"),
    "setting": ("entry", "name", "effective", "value"),
    "way_out_credential": ("way_out", "field", "sealed"),
}


class BackupError(AssayError):
    """A backup cannot be made, or a file is no whole backup."""


@dataclass(frozen=True, slots=True)
class Head:
    """A ledger's size and root."""

    size: int
    root: str

    def to_json(self) -> Json:
        return {"root": self.root, "size": self.size}


def back_up(home: Home, target: Path) -> Head:
    """Write a backup to `target`, a file that is not there yet; gives the ledger's head in it.

    1. The log. 2. The rows in one snapshot. 3. The objects. 4. The manifest, last: a backup without it was cut off. 5. Durable, then named.
    """
    if target.exists():
        raise BackupError(f"{target} is already there. Name another file; backups are never overwritten.")
    partial = target.with_name(f".{target.name}.partial")
    members: dict[str, str] = {}
    try:
        with partial.open("wb") as file:
            os.fchmod(file.fileno(), 0o600)
            with tarfile.open(fileobj=file, mode="w") as archive:
                members |= _add_stored(archive, home, "log")  # 1
                rows = _rows(home)  # 2
                for name, content in rows.members.items():
                    members[name] = _add(archive, name, content)
                for prefix in ("bodies", "objects"):  # 3
                    members |= _add_stored(archive, home, prefix)
                head = _head_of(rows.members["rows/ledger_entry.jsonl"])
                _add(archive, MANIFEST, encode(_manifest(home, head, members, rows.states)))  # 4
            file.flush()
            os.fsync(file.fileno())  # 5
        os.rename(partial, target)
        sync_folder(target.absolute().parent)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise BackupError(
            f"The backup could not be written to {target} ({error.strerror}). Nothing in the home was changed."
        ) from error
    return head


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was read whole: its manifest, and its files on demand."""

    path: Path
    manifest: Json

    @property
    def head(self) -> Head:
        return Head(self.manifest["head"]["size"], self.manifest["head"]["root"])

    def members(self) -> Iterator[tuple[str, bytes]]:
        """Give every member but the manifest, in the order of the file."""
        with self.path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as archive:
            for member in archive:
                if member.name != MANIFEST:
                    yield member.name, _content(archive, member)


def read_backup(path: Path) -> Backup:
    """Read a backup whole and check it; raises BackupError that says what is wrong. Nothing is restored from a part of one."""
    try:
        with path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as archive:
            digests, manifest = _digests(archive)
            _refuse_trailing(file, archive)
    except (tarfile.TarError, OSError, EOFError, ValueError, NotCanonicalError) as error:
        raise BackupError(
            f"{path} is not a whole backup: it was cut off or changed ({error}). Nothing was restored."
        ) from error
    if manifest is None:
        raise BackupError(
            f"{path} is not a whole backup: it was cut off before its manifest. Nothing was restored."
        )
    if manifest.get("format", 0) > FORMAT:
        raise BackupError(
            f"{path} has format {manifest['format']}; this version of Assay reads up to {FORMAT}. Use a newer one."
        )
    if digests != manifest["members"]:
        wrong = sorted(
            name
            for name in digests.keys() | manifest["members"].keys()
            if digests.get(name) != manifest["members"].get(name)
        )
        raise BackupError(
            f"{path} is not a whole backup: {wrong[0]} is missing or was changed. Nothing was restored."
        )
    return Backup(path, manifest)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The members that hold rows, and how far other packages had made their tables."""

    members: dict[str, bytes]
    states: Json


def _rows(home: Home) -> _Rows:
    """Read every row that belongs into a backup in one snapshot."""
    with home.database.snapshot() as snapshot:
        members = {f"rows/{table}.jsonl": _own_rows(snapshot, table) for table in TABLES}
        members |= {f"{SEALED}/{table}": content for table, content in sealed_rows(home, snapshot)}
        return _Rows(members, states(snapshot))


def _own_rows(snapshot: Database, table: str) -> bytes:
    columns = TABLES[table]
    rows = snapshot.rows(f"select {', '.join(columns)} from {table} order by 1, 2")  # noqa: S608 — names from TABLES above
    said = (dict(zip(columns, map(_text, row), strict=True)) for row in rows)
    return b"".join(encode(one) + b"\n" for one in said)


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def _add_stored(archive: tarfile.TarFile, home: Home, prefix: str) -> dict[str, str]:
    """Add what the store holds under `prefix`, the pointer to the newest checkpoint before the tiles; gives name to digest."""
    found = ((name, home.evidence.store.get(name)) for name in home.evidence.store.names(prefix))
    return {
        f"store/{name}": _add(archive, f"store/{name}", stored)
        for name, stored in found
        if stored is not None
    }


def _head_of(ledger_rows: bytes) -> Head:
    hashes = [
        Envelope.decode(decode(line)["envelope"].encode()).leaf_hash() for line in ledger_rows.splitlines()
    ]
    return Head(len(hashes), root_of_hashes(hashes).hex())


def _manifest(home: Home, head: Head, members: dict[str, str], tables: Json) -> Json:
    return {
        "format": FORMAT,
        "head": head.to_json(),
        "home": home.id,
        "made": instant_text(home.now()),
        "members": members,
        "name": home.name,
        "tables": tables,
    }


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> str:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    member.mode = 0o600
    archive.addfile(member, io.BytesIO(content))
    return hashlib.sha256(content).hexdigest()


def _digests(archive: tarfile.TarFile) -> tuple[dict[str, str], Json | None]:
    digests: dict[str, str] = {}
    manifest: Json | None = None
    for member in archive:
        if manifest is not None or not member.isfile() or member.name in digests:
            raise ValueError(f"{member.name!r} does not belong into a backup")
        content = _content(archive, member)
        if member.name == MANIFEST:
            manifest = decode(content)
        else:
            digests[member.name] = hashlib.sha256(content).hexdigest()
    return digests, manifest


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = archive.extractfile(member)
    content = b"" if stream is None else stream.read()
    if len(content) != member.size:
        raise ValueError(f"{member.name} is shorter than it says")
    return content


def _refuse_trailing(file: IO[bytes], archive: tarfile.TarFile) -> None:
    """A tar ends in two empty blocks, filled up to a whole record; anything else was added, and less means that it was cut off."""
    end = archive.offset + 2 * tarfile.BLOCKSIZE
    whole = -(-end // tarfile.RECORDSIZE) * tarfile.RECORDSIZE
    file.seek(archive.offset)
    if file.read() != bytes(whole - archive.offset):
        raise ValueError("its end is not the end of a backup")
