"""One home: one company's data root (formats.md, section 11). Opens it, makes it, and holds what its verbs share."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from assay.content_tree import Content
from assay.errors import AssayError
from assay.evidence.canonical import Json, instant_text
from assay.evidence.ledger import Kind
from assay.home.database import Database
from assay.home.database_place import founded, has_database, open_database
from assay.home.evidence_place import new_store, store_of
from assay.home.keys import Keys, make_keys, read_keys
from assay.home.ledger import Ledger
from assay.stores import Evidence, make_folder

FORMAT = 1


class NoHomeError(AssayError):
    """There is no home where one was expected, or one where none was."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a home does not reach for by itself: the clock, randomness, the environment's variables."""

    clock: Callable[[], datetime]
    random: Callable[[int], bytes]
    environment: Mapping[str, str]

    @classmethod
    def real(cls) -> Surroundings:
        """Give the machine's own clock, randomness and environment."""
        return cls(lambda: datetime.now(UTC), secrets.token_bytes, os.environ)


@dataclass(frozen=True)
class Home:
    """An open home. Everything that reads or writes one takes this."""

    path: Path
    id: str
    name: str
    database: Database
    evidence: Evidence
    ledger: Ledger
    surroundings: Surroundings

    @property
    def keys(self) -> Keys:
        """The keys as they are now: another process may rotate them while this one has the home open. Raises KeyProblemError."""
        return read_keys(self.path / "keys", self.surroundings.environment)

    @cached_property
    def content(self) -> Content:
        """The content in force: what is shipped, under the home's own overlay."""
        return Content.shipped().overlaid(Content.from_folder(self.path / "content"))

    def close(self) -> None:
        self.database.close()

    def now(self) -> datetime:
        return self.surroundings.clock()

    def cache(self, name: str) -> Path:
        """Give a folder for derived files; whatever is in it may be deleted at any time."""
        folder = self.path / "cache" / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def act(self, what: str, by: str, details: Json) -> int:
        """Append an act: something a person or the system did that matters to the audit."""
        return self.ledger.append(Kind.ACT, act_body(what, by, details))


def act_body(what: str, by: str, details: Json) -> Json:
    """Give the body of an act (formats.md, section 7)."""
    return {"act": what, "by": by, "details": details, "format": FORMAT}


def create_home(path: Path, name: str, surroundings: Surroundings) -> Home:
    """Make a home for the company `name`: folder, keys, database and the ledger's first entry. Raises NoHomeError where one is already."""
    if has_database(path):
        raise NoHomeError(
            f"There is already a home in {path}. Use it, or choose another folder with ASSAY_HOME or --home."
        )
    make_folder(path)
    make_keys(path / "keys", surroundings.random, surroundings.environment)
    keys = read_keys(path / "keys", surroundings.environment)
    evidence = Evidence(new_store(path, surroundings.environment, surroundings.clock))
    home = surroundings.random(8).hex()
    body: Json = {
        "created": instant_text(surroundings.clock()),
        "format": FORMAT,
        "home": home,
        "name": name,
        "public_key": keys.signing[0].public.hex(),
    }
    with founded(path, home, surroundings.environment, surroundings.random) as founding:
        ledger = Ledger(founding.database, evidence, surroundings.clock, surroundings.random)
        ledger.append(Kind.HOME, body)
        founding.remember(path)
        founding.finish()
    return Home(path, home, name, founding.database, evidence, ledger, surroundings)


def open_home(path: Path, surroundings: Surroundings) -> Home:
    """Open the home in `path`; raises NoHomeError when there is none."""
    if not has_database(path):
        raise NoHomeError(
            f"There is no Assay home in {path}. Make one with `assay init`, or name another folder with ASSAY_HOME or --home."
        )
    read_keys(path / "keys", surroundings.environment)  # a home without its keys is not opened
    evidence = Evidence(store_of(path, surroundings.clock))
    database = open_database(path, surroundings.environment)
    ledger = Ledger(database, evidence, surroundings.clock, surroundings.random)
    try:
        body = ledger.body(ledger.entry(0))
    except BaseException:
        database.close()
        raise
    return Home(path, body["home"], body["name"], database, evidence, ledger, surroundings)
