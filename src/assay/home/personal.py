"""The home's subject keys: what seals personal records, kept apart from the evidence (formats.md, section 4)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from assay.evidence.sealing import SubjectSealer
from assay.home.place import Home
from assay.home.subject_keys import SqliteSubjectKeys
from assay.stores import disk_under


@dataclass(frozen=True, slots=True)
class Personal:
    """The open store of subject keys, and the sealer over it."""

    keys: SqliteSubjectKeys
    sealer: SubjectSealer


@contextmanager
def personal(home: Home) -> Iterator[Personal]:
    """Open the home's subject keys for a while. People are looked up under a key derived from the master key, so the file names nobody."""
    lookup = hmac.digest(home.keys.master, b"assay subject lookup 1", hashlib.sha256)
    path, disk = home.path / "keys" / "subjects.db", disk_under(home.path)
    with SqliteSubjectKeys(path, lookup, home.surroundings.random, disk=disk) as keys:
        yield Personal(keys, SubjectSealer(keys, home.surroundings.random))
