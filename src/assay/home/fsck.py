"""Looks through a home for damage, mends what follows from what is whole, and invents nothing.

Mendable: leftovers of interrupted writes, objects that nothing needs, cached files, tiles and the checkpoint's pointer. Not mendable: a body or
object that the ledger needs and the store lacks; that is restored from a backup, or recorded as lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from assay.errors import AssayError
from assay.evidence.book import Entry, advance_state, in_order, place_of
from assay.evidence.canonical import Json, parse
from assay.evidence.ledger import Kind
from assay.evidence.merkle import root_of_data
from assay.evidence.population import commitment_of
from assay.evidence.records import Line, Place
from assay.home.erasure import finish_erasures, unfinished
from assay.home.place import Home
from assay.home.publishing import LedgerBehindError, publish, published, rewritten
from assay.outbound.s3 import LockedObjectError
from assay.stores import MissingObjectError, S3Store
from assay.wording import counted

GRACE = timedelta(days=1)
_DIGEST = re.compile(r"[0-9a-f]{64}")
"""How old a leftover must be before it is removed: what is younger may belong to a write under way in another process."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is wrong: which, a sentence, and whether `fsck` mends it."""

    thing: str
    problem: str
    mendable: bool = False


def examine(home: Home) -> Iterator[Damage]:
    """Look through the whole home and give what is wrong.

    1. Entries and their hashes, without holes. 2. Bodies. 3. Objects that bodies need. 4. Populations replayed to their roots.
    5. What was published. 6. Leftovers. 7. How the database is kept.
    """
    erased = _erased(home)
    yield from _ledger(home)  # 1
    for entry in home.ledger.entries():
        try:
            body = home.ledger.body(entry)  # 2
        except AssayError as error:
            yield Damage(f"entry {entry.ordinal} ({entry.kind})", str(error))
            continue
        yield from _objects(home, entry, body, erased)  # 3
    yield from _populations(home)  # 4
    yield from _log(home)  # 5
    yield from _leftovers(home)  # 6
    yield from (Damage("database", problem) for problem in home.database.condition().wrong)  # 7


def mend(home: Home, grace: timedelta = GRACE) -> list[str]:
    """Mend what can be mended and say what was done, a sentence each. Leftovers younger than `grace` are left alone."""
    done = []
    before = home.now() - grace
    store = home.evidence.store
    if isinstance(store, S3Store) and (covers := store.uncover()):
        done.append(f"Took away {counted(covers, 'thing')} that lay over what is written once.")
    if left := home.evidence.store.sweep(before):
        done.append(f"Removed {counted(left, 'leftover')} of interrupted writes.")
    old = [name for name in orphans(home) if (home.evidence.store.written(name) or before) < before]
    held = [name for name in old if not _removed(home, name)]
    if len(old) > len(held):
        done.append(f"Removed {counted(len(old) - len(held), 'stored thing')} that no entry needs.")
    if held:
        done.append(f"Left {counted(len(held), 'stored thing')} that no entry needs, under Object Lock.")
    if gone := finish_erasures(home):
        done.append(
            f"Took away {counted(gone, 'thing')} that {'was' if gone == 1 else 'were'} erased before and had come back or stayed."
        )
    cached = [path for path in home.cache("current").iterdir() if path.is_file()]
    for path in cached:
        path.unlink()
    done.append(
        f"Dropped {counted(len(cached), 'cached file')}; what is cached is made again from the evidence when it is needed."
    )
    try:
        checkpoint = publish(home).checkpoint
        done.append(f"Published the checkpoint over {counted(checkpoint.size, 'entry', 'entries')}.")
    except LedgerBehindError as error:
        done.append(str(error))
    return done


def _removed(home: Home, name: str) -> bool:
    try:
        home.evidence.store.remove(name)
    except LockedObjectError:
        return False
    return True


def orphans(home: Home) -> list[str]:
    """Give the names of bodies and objects that neither an entry nor a collection under way needs: what interrupted work left behind."""
    needed: set[str] = set()
    for entry in home.ledger.entries():
        needed.add(entry.body.hex())
        with suppress(MissingObjectError):
            needed.update(digest for digest, _ in needed_objects(home.ledger.body(entry), entry.kind))
    for (staged,) in home.database.rows("select body from staged_place"):
        population = parse(staged)["population"]
        needed.update([population["records"]] if population and population["records"] else [])
    names = [name for prefix in ("bodies", "objects") for name in home.evidence.store.names(prefix)]
    return [name for name in names if name.rpartition("/")[2] not in needed]


def needed_objects(body: Json, kind: Kind) -> Iterator[tuple[str, str]]:
    """Give each object that a body needs, with what it is."""
    match kind:
        case Kind.COLLECTION:
            yield from (
                (one["records"], f"records of {one['table']}")
                for one in body["populations"]
                if one["records"] is not None
            )
            yield body["calls"]["object"], "call log"
        case Kind.CONCLUSIONS | Kind.EPISODES:
            yield body["content"], "content"
            yield from ((one["object"], f"conclusions of {one['check']}") for one in body["sets"])
        case Kind.EVIDENCE if body.get("attachment") is not None:
            yield body["attachment"], "attachment"
        case Kind.ACT if _DIGEST.fullmatch(str((body.get("details") or {}).get("file") or "")):
            yield body["details"]["file"], "file"
        case Kind.ERASURE:
            left = [*body["objects"].values(), *body.get("bodies", {}).values()]
            yield from ((new, "what an erasure left") for new in left if new is not None)


def _ledger(home: Home) -> Iterator[Damage]:
    for ordinal, envelope, leaf_hash in home.database.rows(
        "select ordinal, envelope, leaf_hash from ledger_entry order by ordinal"
    ):
        try:
            entry = home.ledger.entry(ordinal)
        except AssayError as error:
            yield Damage(f"entry {ordinal}", str(error))
            continue
        if entry.envelope.leaf_hash() != leaf_hash or entry.envelope.encode() != envelope:
            yield Damage(f"entry {ordinal}", "its hash is not that of its envelope")
    rows = home.database.rows("select count(*), coalesce(max(ordinal) + 1, 0) from ledger_entry")
    if rows[0][0] != rows[0][1]:
        yield Damage("ledger", f"holds {rows[0][0]} entries, but the last has index {rows[0][1] - 1}")


def _objects(home: Home, entry: Entry, body: Json, erased: frozenset[str]) -> Iterator[Damage]:
    for digest, what in needed_objects(body, entry.kind):
        try:
            if digest not in erased:
                home.evidence.object(digest)
        except AssayError as error:
            yield Damage(f"{what}, entry {entry.ordinal}", str(error))


def _erased(home: Home) -> frozenset[str]:
    found: set[str] = set()
    for entry in home.ledger.entries(kind=Kind.ERASURE):
        found |= set(home.ledger.body(entry)["objects"])
    return frozenset(found)


def _populations(home: Home) -> Iterator[Damage]:
    """Replay every population once, in the ledger's order; what follows a broken record file cannot be told from it and is named too."""
    held: dict[tuple[str, Place], dict[bytes, Line]] = {}
    for entry in home.ledger.entries(kind=Kind.COLLECTION):
        try:
            body = home.ledger.body(entry)
            for statement in body["populations"]:
                state = held.setdefault((body["source"]["id"], place_of(statement)), {})
                advance_state(home.ledger, statement, state)
                if root_of_data([commitment_of(line) for line in in_order(state)]).hex() != statement["root"]:
                    yield Damage(
                        f"population of {statement['table']}, entry {entry.ordinal}",
                        "its records do not give its root",
                    )
        except AssayError as error:
            yield Damage(f"collection, entry {entry.ordinal}", str(error))


def _log(home: Home) -> Iterator[Damage]:
    try:
        before = published(home)
        if before is None or before.checkpoint.size < home.ledger.size():
            yield Damage("log", "the newest entries are not under a checkpoint yet", mendable=True)
        if (
            before is not None
            and before.checkpoint.size <= home.ledger.size()
            and rewritten(home, before.checkpoint)
        ):
            yield Damage(
                "log", "the ledger is not the one that was published: an entry of the past was changed"
            )
        publish(home)
    except AssayError as error:
        yield Damage("log", str(error))


def _leftovers(home: Home) -> Iterator[Damage]:
    left = [path for path in (home.path / "evidence").rglob(".tmp-*") if path.is_file()]
    if left:
        yield Damage("store", f"{counted(len(left), 'leftover')} of interrupted writes", mendable=True)
    store = home.evidence.store
    if isinstance(store, S3Store) and (covered := store.covered()):
        problem = f"{counted(len(covered), 'object')} put over what is written once, or marking it as deleted"
        yield Damage("store", problem, mendable=True)
    if unfinished(home):
        yield Damage("erasure", "something that an entry says is erased is still there", mendable=True)
    if unneeded := orphans(home):
        yield Damage("store", f"{counted(len(unneeded), 'stored thing')} that no entry needs", mendable=True)
