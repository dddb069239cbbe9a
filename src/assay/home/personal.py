"""The home's subject keys: what seals personal records, kept apart from the evidence (formats.md, section 4)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from assay.evidence.canonical import encode, parse
from assay.evidence.records import Place, Sealed, Whole
from assay.evidence.sealing import SubjectSealer
from assay.home.keys import LOOKUP, KeyProblemError, seal, unseal
from assay.home.place import Home
from assay.home.subject_keys import SqliteSubjectKeys
from assay.stores import disk_under

ABOUT_A_PERSON = Place("assay_person", "", "")
"""Where what acts say about people is sealed: no table of a source can have this name."""
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Personal:
    """The open store of subject keys, and the sealer over it."""

    keys: SqliteSubjectKeys
    sealer: SubjectSealer


@contextmanager
def personal(home: Home) -> Iterator[Personal]:
    """Open the home's subject keys for a while. People are looked up under a key of the home, so the file names nobody."""
    path, disk = home.path / "keys" / "subjects.db", disk_under(home.path)
    with SqliteSubjectKeys(path, lookup_key(home), home.surroundings.random, disk=disk) as keys:
        yield Personal(keys, SubjectSealer(keys, home.surroundings.random))


def lookup_key(home: Home) -> bytes:
    """Give the key under which people are looked up: derived from the first master key, and kept, sealed, once that was rotated. Raises KeyProblemError."""
    masters = home.keys.masters
    try:
        sealed = (home.path / "keys" / LOOKUP).read_text().split()
    except FileNotFoundError:
        return hmac.digest(masters[-1], b"assay subject lookup 1", hashlib.sha256)
    except OSError as error:
        raise KeyProblemError(
            f"The key file {LOOKUP} cannot be read ({error.strerror}). Restore it from where you keep it apart from backups."
        ) from error
    found = (unseal(masters, one, _place(home)) for one in sealed)
    key = next((one for one in found if one is not None), None)
    if key is None:
        raise KeyProblemError(
            f"The key file {LOOKUP} does not open with this master key. Give the master key that belongs to it, or both files from the same copy of the keys."
        )
    return key


def sealed_lookup(home: Home, master: bytes, key: bytes) -> str:
    """Seal the key under which people are looked up."""
    return seal(master, key, _place(home), home.surroundings.random)


def _place(home: Home) -> bytes:
    return encode(["assay subject lookup", 1, home.id])


def sealed_person(home: Home, person: str, about: dict[str, str]) -> dict[str, str]:
    """Seal what an act says about a person (formats.md, section 7): under their own key, bound to its commitment.

    `person` is how the person is looked up (an e-mail address); gives `commitment`, `sealed` and `subject` in hexadecimal digits.
    """
    version = Whole(person, encode(about), home.surroundings.random(SALT_BYTES))
    with personal(home) as people:
        line = people.sealer.seal(ABOUT_A_PERSON, person, version)
    return {"commitment": line.commitment.hex(), "sealed": line.sealed.hex(), "subject": line.subject}


def opened_person(home: Home, sealed: dict[str, str]) -> dict[str, str] | None:
    """Open what an act says about a person; None once the person was erased. Raises BrokenSealError."""
    line = Sealed(bytes.fromhex(sealed["commitment"]), bytes.fromhex(sealed["sealed"]), sealed["subject"])
    with personal(home) as people:
        whole = people.sealer.open(ABOUT_A_PERSON, line)
    return None if whole is None else parse(whole.record)
