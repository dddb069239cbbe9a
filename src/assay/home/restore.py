"""Restoring a backup into an empty folder. Where something newer is known, a new epoch says what was lost; it is never papered over.

The ledger goes on from the restored head, under an origin of its own: there are never two roots for one size of one log.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from assay.errors import AssayError
from assay.evidence.canonical import Json, decode
from assay.evidence.checkpoint import Checkpoint, parse_checkpoint
from assay.evidence.ledger import Envelope, Kind
from assay.evidence.merkle import root_of_hashes
from assay.evidence.note import parse_note
from assay.home.backup import TABLES, Backup, BackupError, Head, read_backup
from assay.home.database import Database
from assay.home.place import Home, Surroundings, open_home
from assay.stores import FolderStore


class RestoreError(AssayError):
    """A backup cannot be restored here. The text says why, and nothing was changed."""


@dataclass(frozen=True, slots=True)
class Known:
    """The newest head that somebody knows of, and the entries behind the restored head where they can still be read."""

    head: Head
    lost: tuple[Json, ...] = ()


def restore(
    backup_file: Path, target: Path, keys: Path, surroundings: Surroundings, known: Known | None = None
) -> Home:
    """Restore a backup into `target`, with the keys in folder `keys`, and open the home.

    1. The whole backup is checked. 2. Objects, then rows, into a folder beside the target. 3. The ledger must give the manifest's root.
    4. The folder takes its place. 5. When more than the backup holds is known, an epoch says what was lost.
    """
    backup = read_backup(backup_file)  # 1
    if target.exists() and any(target.iterdir()):
        raise RestoreError(
            f"{target} is not empty. Restore into a new folder; what is in this one stays as it is, in case it is needed."
        )
    if not (keys / "signing.key").exists():
        raise RestoreError(
            f"There is no signing.key in {keys}. A backup holds no keys: give the folder where you keep them with --keys."
        )
    partial = target.with_name(f".{target.name}.restoring")
    shutil.rmtree(partial, ignore_errors=True)
    _write(backup, partial)  # 2
    shutil.copytree(keys, partial / "keys")
    _check(backup, partial)  # 3
    if target.exists():
        target.rmdir()
    os.rename(partial, target)  # 4
    home = open_home(target, surroundings)
    if known is not None and known.head.size > backup.head.size:
        _open_epoch(home, backup.head, known)  # 5
    return home


def known_of(home: Home) -> Known:
    """Give what a home that is still readable knows: its head, and every entry, so that an epoch can name what a backup lacks."""
    entries = [
        {"at": decode(entry.envelope.encode())["at"], "kind": str(entry.kind), "ordinal": entry.ordinal}
        for entry in home.ledger.entries()
    ]
    size = home.ledger.size()
    return Known(Head(size, root_of_hashes(home.ledger.leaf_hashes(0, size)).hex()), tuple(entries))


def known_checkpoint(data: bytes) -> Known:
    """Give what a checkpoint kept outside knows: the head only."""
    checkpoint: Checkpoint = parse_checkpoint(parse_note(data).text)
    return Known(Head(checkpoint.size, checkpoint.root.hex()))


def _open_epoch(home: Home, restored: Head, known: Known) -> None:
    behind = [entry for entry in known.lost if entry["ordinal"] >= restored.size]
    lost = behind or [{"from": restored.size, "to": known.head.size - 1}]
    home.evidence.store.remove("log/checkpoint")
    body = {
        "format": 1,
        "known_head": known.head.to_json(),
        "lost": lost,
        "reason": "A backup older than the known head was restored.",
        "restored_head": restored.to_json(),
    }
    home.ledger.append(Kind.EPOCH, body)


def _write(backup: Backup, folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True)
    store = FolderStore(folder / "evidence")
    database = Database(folder / "assay.db")
    database.prepare()
    rows: dict[str, list[Json]] = {}
    for name, content in backup.members():
        kind, _, rest = name.partition("/")
        if kind == "store":
            store.put(rest, content)
        elif kind == "rows":
            rows[rest.removesuffix(".jsonl")] = [decode(line) for line in content.splitlines()]
    with database.transaction() as transaction:
        for table in TABLES:
            _insert(transaction, table, rows.get(table, []))
    database.close()


def _insert(transaction: Database, table: str, rows: Iterable[Json]) -> None:
    columns = TABLES[table]
    for row in rows:
        values = {name: row[name] for name in columns}
        if table == "ledger_entry":
            envelope = row["envelope"].encode()
            values = {
                "ordinal": row["ordinal"],
                "envelope": envelope,
                "leaf_hash": Envelope.decode(envelope).leaf_hash(),
            }
        statement = f"insert into {table} ({', '.join(values)}) values ({', '.join('?' * len(values))})"  # noqa: S608 — names from TABLES
        transaction.execute(statement, tuple(values.values()))


def _check(backup: Backup, folder: Path) -> None:
    database = Database(folder / "assay.db")
    hashes = [row[0] for row in database.rows("select leaf_hash from ledger_entry order by ordinal")]
    database.close()
    if Head(len(hashes), root_of_hashes(hashes).hex()) != backup.head:
        shutil.rmtree(folder, ignore_errors=True)
        raise BackupError(
            f"{backup.path} does not give the ledger that its manifest names. Nothing was restored."
        )
