"""Restoring a backup into an empty folder. Where something newer is known, a new epoch says what was lost; it is never papered over.

The ledger goes on from the restored head, under an origin of its own: there are never two roots for one size of one log.

The signing key that is given may have come after the backup. Its file holds the handovers, so the restored ledger can say why it signs.

Erasures stay: what the backup's own ledger says is erased goes again even when the keys that were given are older, and erasures made after the backup are carried over
from the home that is replaced or from a list kept beside. What nobody here knows of cannot be erased again; `Restored` says so.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.errors import AssayError
from assay.evidence.canonical import Json, decode
from assay.evidence.checkpoint import Checkpoint, parse_checkpoint
from assay.evidence.handover import Handover
from assay.evidence.ledger import Envelope, Kind
from assay.evidence.merkle import root_of_hashes
from assay.evidence.note import parse_note
from assay.home.backup import SEALED, TABLES, Backup, BackupError, Head, read_backup
from assay.home.database import Database
from assay.home.database_place import founded
from assay.home.erasure import finish_erasures
from assay.home.erasure_list import ErasureList, carry_over
from assay.home.evidence_place import new_store
from assay.home.further_rows import make_tables, opened_rows, put_back
from assay.home.keys import KeyProblemError
from assay.home.place import Home, Surroundings, open_home
from assay.home.publishing import POINTER, signer
from assay.home.rotating import carry_handovers, lacking_handovers
from assay.stores import CorruptObjectError, Evidence, MissingObjectError, sync_folder
from assay.stores.evidence import body_name, object_name


class RestoreError(AssayError):
    """A backup cannot be restored here. The text says why, and nothing was changed."""


@dataclass(frozen=True, slots=True)
class Known:
    """The newest head that somebody knows of, and the entries behind the restored head where they can still be read.

    `whole` says that nothing came after that head: it is that of the home which the backup replaces.
    """

    head: Head
    lost: tuple[Json, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Restored:
    """The restored home, open; how many erasures were carried over; how many keys and objects were taken away; sentences, or “”: on erasures that are not
    known, and that the given keys cannot sign for this ledger."""

    home: Home
    carried: int
    taken_away: int
    not_known: str
    cannot_sign: str


def restore(
    backup_file: Path,
    target: Path,
    keys: Path,
    surroundings: Surroundings,
    known: Known | None = None,
    erasures: ErasureList | None = None,
) -> Restored:
    """Restore a backup into `target`, with the keys in folder `keys`, and open the home.

    1. The whole backup is checked. 2. Objects, then rows, into a folder beside the target. 3. The ledger must give the manifest's root; rows of other
    packages follow into the tables that those make.
    4. When more than the backup holds is known, an epoch says what was lost; then the handovers by which the given signing key came after the
    ledger's are entered again. 5. Known erasures are carried over and done again.
    6. The folder takes its place, so nobody ever sees a home in which the erased are back.
    """
    backup = read_backup(backup_file)  # 1
    _refuse(backup, target, keys, erasures)
    partial = target.with_name(f".{target.name}.restoring")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700, parents=True)
    with founded(partial, backup.manifest["home"], surroundings.environment, surroundings.random) as founding:
        _write(backup, partial, founding.database, surroundings)  # 2
        shutil.copytree(keys, partial / "keys")
        _check(backup, partial, founding.database)  # 3
        founding.database.close()
        founding.remember(partial)
        make_tables(partial, backup.manifest.get("tables", {}), surroundings.environment)
        home = open_home(partial, surroundings)
        try:
            put_back(home, _further_rows(backup, home))
            lacking = lacking_handovers(home)
            known = _newest(known, erasures, lacking)
            if known is not None and (known.head.size > backup.head.size or lacking):
                _open_epoch(home, backup.head, known, lacking)  # 4
            carry_handovers(home, lacking)
            carried = 0 if erasures is None else carry_over(home, erasures)  # 5
            taken_away = finish_erasures(home)
        finally:
            home.close()
        if target.exists():
            target.rmdir()
        os.rename(partial, target)  # 6
        sync_folder(target.absolute().parent)
        founding.finish()
    restored = open_home(target, surroundings)
    return Restored(
        restored, carried, taken_away, _not_known(backup, known, erasures), _cannot_sign(restored)
    )


def _cannot_sign(home: Home) -> str:
    try:
        signer(home)
    except KeyProblemError as error:
        return str(error)
    return ""


def _refuse(backup: Backup, target: Path, keys: Path, erasures: ErasureList | None) -> None:
    if target.exists() and any(target.iterdir()):
        raise RestoreError(
            f"{target} is not empty. Restore into a new folder; what is in this one stays as it is, in case it is needed."
        )
    if not (keys / "signing.key").exists():
        raise RestoreError(
            f"There is no signing.key in {keys}. A backup holds no keys: give the folder where you keep them with --keys."
        )
    if erasures is not None and erasures.home != backup.manifest["home"]:
        raise RestoreError(
            f"The erasures that were given are those of the home {erasures.home}, the backup is of {backup.manifest['home']}. Nothing was restored; give the ones of the same home."
        )


def _newest(known: Known | None, erasures: ErasureList | None, lacking: Sequence[Handover]) -> Known | None:
    """Give what knows most: what was given, the head that the list of erasures was made at, or the last that a replaced signing key signed."""
    heads = [Head(one.head.size, one.head.root.hex()) for one in lacking]
    heads += [] if erasures is None else [Head(erasures.size, erasures.root)]
    best = max(heads, key=lambda head: head.size, default=None)
    if best is None or (known is not None and known.head.size >= best.size):
        return known
    return Known(best, known.lost if known is not None else ())


def _not_known(backup: Backup, known: Known | None, erasures: ErasureList | None) -> str:
    """Say which erasures after the backup cannot be done again here, because nothing that was given tells of them."""
    back = "their people and records are back. Erase them again when you know who they are"
    if erasures is not None and erasures.unreadable:
        entries, one = ", ".join(map(str, erasures.unreadable)), len(erasures.unreadable) == 1
        what = (
            "1 erasure after this backup is"
            if one
            else f"{len(erasures.unreadable)} erasures after this backup are"
        )
        return (
            f"{what} not known here: the {'body of entry' if one else 'bodies of entries'} {entries} cannot be read. "
            f"If the keys are older than that, {back}."
        )
    size = backup.head.size if erasures is None else max(erasures.size, backup.head.size)
    if known is not None and known.whole and known.head.size <= size:
        return ""
    return (
        f"Erasures made after entry {size - 1} of the old ledger are not known here. If there were any, and the keys are older than they are, {back}; "
        "or restore anew with `--known-home` or a later `--known-erasures`."
    )


def known_of(home: Home) -> Known:
    """Give what a home that is still readable knows: its head, and every entry, so that an epoch can name what a backup lacks."""
    entries = [
        {"at": decode(entry.envelope.encode())["at"], "kind": str(entry.kind), "ordinal": entry.ordinal}
        for entry in home.ledger.entries()
    ]
    size = home.ledger.size()
    return Known(
        Head(size, root_of_hashes(home.ledger.leaf_hashes(0, size)).hex()), tuple(entries), whole=True
    )


def known_checkpoint(data: bytes) -> Known:
    """Give what a checkpoint kept outside knows: the head only."""
    checkpoint: Checkpoint = parse_checkpoint(parse_note(data).text)
    return Known(Head(checkpoint.size, checkpoint.root.hex()))


def _open_epoch(home: Home, restored: Head, known: Known, lacking: Sequence[Handover]) -> None:
    """Say what the restored ledger lacks; each handover was entered after the head that it names."""
    size = max([known.head.size, *(one.head.size + 1 for one in lacking)])
    behind = [entry for entry in known.lost if entry["ordinal"] >= restored.size]
    lost = behind or [{"from": restored.size, "to": size - 1}]
    home.evidence.store.remove(POINTER)
    body = {
        "format": 1,
        "known_head": known.head.to_json(),
        "lost": lost,
        "reason": "A backup older than the known head was restored.",
        "restored_head": restored.to_json(),
    }
    home.ledger.append(Kind.EPOCH, body)


def _write(backup: Backup, folder: Path, database: Database, surroundings: Surroundings) -> None:
    store = new_store(folder, surroundings.environment, surroundings.clock)
    lasting: set[str] = set()
    conclusions: set[str] = set()
    rows: dict[str, list[Json]] = {}
    for name, content in backup.members():
        kind, _, rest = name.partition("/")
        if kind == "store":
            store.put(rest, content, lasting=_lasts(rest) or rest in lasting)
            lasting.update(_objects_behind(rest, Evidence(store)) if rest in conclusions else ())
        elif kind == "rows":
            rows[rest.removesuffix(".jsonl")] = [decode(line) for line in content.splitlines()]
            conclusions = conclusions or _conclusions_in(rows.get("ledger_entry", []))
    with database.transaction() as transaction:
        for table in TABLES:
            _insert(transaction, table, rows.get(table, []))


def _further_rows(backup: Backup, home: Home) -> dict[str, bytes]:
    """Give the opened rows of other packages' tables, by table."""
    parts = ((name.partition("/"), content) for name, content in backup.members())
    return {table: opened_rows(home, table, content) for (kind, _, table), content in parts if kind == SEALED}


def _lasts(name: str) -> bool:
    """Tiles and checkpoints may be locked; the pointer to the newest one not before it is published anew, for an epoch takes it away."""
    return name.startswith("log/") and name != POINTER


def _conclusions_in(entries: list[Json]) -> set[str]:
    """Give the names of the bodies of conclusions among the rows of a ledger."""
    envelopes = (Envelope.decode(row["envelope"].encode()) for row in entries)
    return {body_name(one.body) for one in envelopes if one.kind in (Kind.CONCLUSIONS, Kind.EPISODES)}


def _objects_behind(name: str, evidence: Evidence) -> Iterator[str]:
    """Give the names of the objects behind a body of conclusions, which hold nothing that may have to be erased; none where the body was damaged before."""
    try:
        body = evidence.body(bytes.fromhex(name.rpartition("/")[2]))
    except (CorruptObjectError, MissingObjectError):
        return
    for digest in (body["content"], *(one["object"] for one in body["sets"])):
        yield object_name(digest)


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


def _check(backup: Backup, folder: Path, database: Database) -> None:
    hashes = [row[0] for row in database.rows("select leaf_hash from ledger_entry order by ordinal")]
    if Head(len(hashes), root_of_hashes(hashes).hex()) != backup.head:
        shutil.rmtree(folder, ignore_errors=True)
        raise BackupError(
            f"{backup.path} does not give the ledger that its manifest names. Nothing was restored."
        )
