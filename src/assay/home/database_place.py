"""Where a home keeps its database: the file `assay.db` in its folder, or PostgreSQL, which DATABASE_URL named when it was made or restored.

A home whose database is elsewhere says so in its file `database.json`, `{"format", "home", "mark"}`, without any secret: the address comes from DATABASE_URL each
time, and a database with another mark is refused. To move, restore a backup.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from assay.evidence.canonical import Json, NotCanonicalError, decode, encode
from assay.home.database import Database, DatabaseError
from assay.home.database.postgres import PostgresDatabase
from assay.home.database.postgres_address import PostgresAddress
from assay.home.database.postgres_founding import claim, finish, refuse_other
from assay.home.database.sqlite import FILE, SqliteDatabase
from assay.stores import disk_under, sync_folder

FORMAT = 1
PLACE_FILE = "database.json"
VARIABLE = "DATABASE_URL"
MARK_BYTES = 16


def has_database(path: Path) -> bool:
    """Tell whether there is a home in the folder `path`: its database, or the word where that is."""
    return (path / FILE).exists() or is_elsewhere(path)


def is_elsewhere(path: Path) -> bool:
    """Tell whether the home in the folder `path` says that its database is in PostgreSQL."""
    return (path / PLACE_FILE).exists()


def open_database(path: Path, environment: Mapping[str, str]) -> Database:
    """Open the database of the home in the folder `path`; raises DatabaseError where DATABASE_URL does not name it."""
    place = _read_place(path)
    if place is None:
        database: Database = SqliteDatabase(path / FILE, disk_under(path))
        database.prepare()
        return database
    if (path / FILE).exists():
        raise DatabaseError(
            f"{path} holds both {FILE} and {PLACE_FILE}, which says that the database is in PostgreSQL. Put the one that does not belong there elsewhere."
        )
    if not environment.get(VARIABLE):
        raise DatabaseError(
            f"The database of the home in {path} is in PostgreSQL, and {VARIABLE} does not say where. Set {VARIABLE} to its address, then run the command again."
        )
    found = PostgresDatabase(PostgresAddress.parse(environment[VARIABLE]))
    try:
        found.prepare()
        refuse_other(found, place["home"], place["mark"])
    except BaseException:
        found.close()
        raise
    return found


def disagreement(path: Path, environment: Mapping[str, str]) -> str | None:
    """Say that DATABASE_URL is set although this home keeps its database in its folder; None where it is not. The address is not repeated."""
    if not environment.get(VARIABLE) or is_elsewhere(path):
        return None
    return (
        f"{VARIABLE} is set, but this home keeps its database in its own folder, and goes on to. "
        f"To move it, make a backup and restore it with {VARIABLE} set into a new folder."
    )


@dataclass(frozen=True, slots=True)
class Founding:
    """A database that is being made for a home: prepared and empty. Whoever makes the home closes it."""

    database: Database
    remember: Callable[[Path], None]
    """Writes into the folder, wherever it lies now, that this is its database."""
    finish: Callable[[], None]
    """Says in the database that the folder is in its place."""


@contextmanager
def founded(
    path: Path, home: str, environment: Mapping[str, str], random: Callable[[int], bytes]
) -> Iterator[Founding]:
    """Give a new database for the home with the id `home` in the folder `path`: where DATABASE_URL says, otherwise in the folder.

    Raises DatabaseError where a home is already. Until the block ends no other process makes one there; where it raises, the database is closed.
    """
    url = environment.get(VARIABLE)
    with _elsewhere(home, url, random(MARK_BYTES).hex()) if url else _in_folder(path) as founding:
        try:
            yield founding
        except BaseException:
            founding.database.close()
            raise


@contextmanager
def _in_folder(path: Path) -> Iterator[Founding]:
    database = SqliteDatabase(path / FILE, disk_under(path))
    database.prepare()
    yield Founding(database, lambda folder: None, lambda: None)


@contextmanager
def _elsewhere(home: str, url: str, mark: str) -> Iterator[Founding]:
    address = PostgresAddress.parse(url)
    place = {"format": FORMAT, "home": home, "mark": mark}
    with closing(PostgresDatabase(address)) as holder:
        claim(holder, home, mark)
        yield Founding(
            PostgresDatabase(address), lambda folder: _write_place(folder, place), lambda: finish(holder)
        )


def _write_place(folder: Path, place: Json) -> None:
    partial = folder / f".{PLACE_FILE}.new"
    with partial.open("wb") as file:
        file.write(encode(place) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    os.rename(partial, folder / PLACE_FILE)
    sync_folder(folder)


def _read_place(folder: Path) -> Json | None:
    """Give what the folder says of a database elsewhere; None where it says nothing."""
    file = folder / PLACE_FILE
    try:
        place = decode(file.read_bytes().rstrip(b"\n"))
        known = {"format": FORMAT, "home": str(place["home"]), "mark": str(place["mark"])}
    except FileNotFoundError:
        return None
    except (OSError, NotCanonicalError, ValueError, KeyError, TypeError) as error:
        raise DatabaseError(
            f"{file}, which says where the database is, cannot be read ({type(error).__name__}). See that you may read it, or restore a backup."
        ) from error
    if place != known:
        raise DatabaseError(
            f"{file} has format {place.get('format')}; this version of Assay reads {FORMAT}. Install the newer version."
        )
    return known
