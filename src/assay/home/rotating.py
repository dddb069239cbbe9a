"""Rotating the home's keys: another key signs from a ledger entry on; another key seals what the database holds (formats.md, sections 7 and 11).

Each rotation can be cut off anywhere: what was written first is read beside what was there, so the home signs and opens everything at every step,
and the same command run again finishes it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assay.evidence.book import origin
from assay.evidence.canonical import Json
from assay.evidence.handover import (
    Handover,
    HandoverError,
    InForce,
    key_in_force,
    keys_in_force,
    make_handover,
    open_handover,
)
from assay.evidence.ledger import Kind
from assay.evidence.note import Ed25519Key
from assay.home.database import Database
from assay.home.database.columns import further_tables
from assay.home.keys import (
    LOOKUP,
    MASTER,
    NEXT,
    SIGNING,
    KeyProblemError,
    Keys,
    SigningKey,
    master_is_outside,
    master_key,
    open_credential,
    seal_credential,
    write_secret,
)
from assay.home.locks import KEYS_LOCK, PUBLISH_LOCK, locked
from assay.home.personal import lookup_key, sealed_lookup
from assay.home.place import Home, act_body
from assay.home.publishing import publish_locked
from assay.home.ways_out import PREFIX
from assay.stores import sync_folder

FORMAT = 1
MASTER_ROTATED = "master_key.rotated"
SEALED = {"credential": ("source", ""), "way_out_credential": ("way_out", PREFIX)}
"""Tables of sealed credentials: the column that says whose one is, and what stands before it in the place that it is bound to."""
FURTHER_SEALED = {"records_sealedsecret": ("place", "")}
"""The same of other packages; a home that they were never used on has no such table."""


@dataclass(frozen=True, slots=True)
class KeyRotated:
    """A rotation of the signing key: the public keys before and after, and the index of the entry that put the new one in force."""

    before: Ed25519Key
    after: Ed25519Key
    entry: int


@dataclass(frozen=True, slots=True)
class MasterRotated:
    """A rotation of the master key: the act's index, how many credentials were sealed anew, and which did not open with the key before."""

    entry: int
    sealed: int
    unopened: tuple[str, ...]


def rotate_signing_key(home: Home, by: str, why: str) -> KeyRotated:
    """Have another key sign from now on; the one before hands over and is gone when this returns.

    1. The old key's last word, a checkpoint. 2. The new key is durable, with the handover that both sign. 3. The entry that puts it in force.
    4. It takes the old one's place. 5. Its first checkpoint.
    """
    with locked(home.path / KEYS_LOCK, wait=True), locked(home.path / PUBLISH_LOCK, wait=True):
        settle_signing_key(home)
        head = publish_locked(home).checkpoint  # 1
        old = home.keys.signing_key(key_in_force(home.ledger, home.ledger.size()).public)
        private = Ed25519PrivateKey.from_private_bytes(home.surroundings.random(32))
        note = make_handover(head, old.private, private)
        new = SigningKey(private, (*old.handovers, note))
        write_secret(home.path / "keys" / (SIGNING + NEXT), new.text())  # 2
        entry = append_handover(home, note, by, why)  # 3
        settle_signing_key(home)  # 4
        publish_locked(home)  # 5
    name = origin(home.id, home.ledger)
    return KeyRotated(Ed25519Key(name, old.public), Ed25519Key(name, new.public), entry)


def append_handover(home: Home, note: str, by: str, why: str) -> int:
    """Append the entry that puts a handover in force and give its index."""
    return home.ledger.append(Kind.KEY, {"by": by, "format": FORMAT, "handover": note, "why": why})


def lacking_handovers(home: Home) -> list[Handover]:
    """Give the handovers of the home's signing key that its ledger does not have: it was restored from a backup made before them. Raises HandoverError."""
    public = key_in_force(home.ledger, home.ledger.size()).public
    lacking: list[Handover] = []
    for note in home.keys.signing[0].handovers:
        with suppress(HandoverError):
            lacking.append(open_handover(note, lacking[-1].after if lacking else public))
    return lacking


def carry_handovers(home: Home, lacking: Sequence[Handover]) -> None:
    """Enter again the handovers that a restored ledger lacks, so that it says why another key signs now."""
    for note in home.keys.signing[0].handovers[-len(lacking) :] if lacking else ():
        append_handover(home, note, "assay restore", "It came after the backup that was restored.")


def settle_signing_key(home: Home) -> None:
    """Put a key that a rotation has begun with in its place where an entry names it; where none does, the rotation never was and the key goes."""
    keys = home.keys
    if len(keys.signing) == 1:
        return
    path = home.path / "keys" / SIGNING
    begun = path.with_name(SIGNING + NEXT)
    if keys.signing[1].public == key_in_force(home.ledger, home.ledger.size()).public:
        os.replace(begun, path)
    else:
        begun.unlink()
    sync_folder(path.parent)


def rotate_master_key(home: Home, by: str, why: str, outside: str | None = None) -> MasterRotated:
    """Seal every credential under another master key, and the key by which people are looked up, which itself stays.

    `outside` is the new key, 64 hexadecimal digits, where the present one comes from outside the home; it is not kept. Raises KeyProblemError.
    1. The new key is durable. 2. The lookup key, sealed under both. 3. Credentials and the act, in one transaction. 4. The old key goes.
    """
    if master_is_outside(home.surroundings.environment) != (outside is not None):
        raise KeyProblemError(
            "The master key comes from outside this home, so the new one must, too: name the file that holds it."
            if outside is None
            else "The master key lies in this home, so a new one is drawn here; leave the file out."
        )
    with locked(home.path / KEYS_LOCK, wait=True):
        lookup = lookup_key(home)
        new = _new_master(home, outside)  # 1
        both = [new, *(one for one in home.keys.masters if one != new)]
        path = home.path / "keys" / LOOKUP
        write_secret(path, "".join(f"{sealed_lookup(home, one, lookup)}\n" for one in both))  # 2
        unopened: list[str] = []
        counted: list[int] = []

        def record(transaction: Database, ordinal: int) -> None:
            resealed = list(_resealed(home, transaction, new, unopened))
            counted.append(len(resealed))
            for statement, values in resealed:
                transaction.execute(statement, values)

        details: Json = {"from_outside": outside is not None, "why": why}
        entry = home.ledger.append(Kind.ACT, act_body(MASTER_ROTATED, by, details), record)  # 3
        if outside is None:
            master = home.path / "keys" / MASTER
            os.replace(master.with_name(MASTER + NEXT), master)
            sync_folder(master.parent)
        write_secret(path, f"{sealed_lookup(home, new, lookup)}\n")  # 4
    return MasterRotated(entry, counted[0], tuple(unopened))


def begun(home: Home) -> Iterator[tuple[str, str]]:
    """Give the rotations that were cut off: the key's file, and the word by which the command knows it."""
    for name, word in ((SIGNING, "signing"), (MASTER, "master")):
        if (home.path / "keys" / (name + NEXT)).exists():
            yield name, word


def signing_keys(home: Home) -> list[InForce]:
    """Give every signing key of the home in the order in which they were in force."""
    return keys_in_force(home.ledger)


def _new_master(home: Home, outside: str | None) -> bytes:
    """Give the new master key, durable where it lies in the home; one that a rotation had begun with is gone on with."""
    if outside is not None:
        return master_key(outside)
    masters = home.keys.masters
    if len(masters) == 1:
        write_secret(home.path / "keys" / (MASTER + NEXT), f"{home.surroundings.random(32).hex()}\n")
        masters = home.keys.masters
    return masters[0]


def _resealed(
    home: Home, transaction: Database, new: bytes, unopened: list[str]
) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """Give the statement and values that seal each credential anew; one that does not open stays as it is and is named in `unopened`."""
    keys, random = home.keys, home.surroundings.random
    target = Keys(keys.signing, (new,))
    there = {one.name for one in further_tables(transaction)}
    further = {name: held for name, held in FURTHER_SEALED.items() if name in there}
    for table, (owner, prefix) in {**SEALED, **further}.items():
        for name, field, sealed in transaction.rows(f"select {owner}, field, sealed from {table}"):  # noqa: S608 — names from SEALED
            place = prefix + name
            try:
                secret = open_credential(keys, home.id, place, field, sealed)
            except KeyProblemError:
                unopened.append(f"{name}: {field}")
                continue
            again = seal_credential(target, home.id, place, field, secret, random)
            yield f"update {table} set sealed = ? where {owner} = ? and field = ?", (again, name, field)  # noqa: S608
