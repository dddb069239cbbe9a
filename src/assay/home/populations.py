"""The current lines of each population: kept in the cache by root, made again from the record files when they are not there."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

import zstandard

from assay.evidence.book import place_of, replayed
from assay.evidence.canonical import Json
from assay.evidence.ledger import Kind
from assay.evidence.records import BadRecordFileError, Line, Place, read_records, write_records
from assay.home.place import Home

CACHE = "current"


@dataclass(frozen=True, slots=True)
class Located:
    """Where a population stands: its place, the source it came from, the collection that saw it, and what that collection says of it."""

    source: str
    place: Place
    entry: int
    statement: Json


def current_lines(home: Home, located: Located) -> list[Line]:
    """Give the lines of a population as its collection left it, in the order of their keys."""
    root = located.statement["root"]
    kept = _read_cache(home, root)
    if kept is not None:
        return kept
    lines = replayed(home.ledger, located.source, located.place, located.entry)
    keep_lines(home, root, located.place, lines)
    return lines


def keep_lines(home: Home, root: str, place: Place, lines: Iterable[Line]) -> None:
    """Keep current lines in the cache. Nothing is lost when this is: they can be replayed."""
    content = zstandard.ZstdCompressor(level=3, write_checksum=True).compress(write_records(place, lines))
    with contextlib.suppress(OSError):
        folder = home.cache(CACHE)
        temporary = folder / f".{secrets.token_hex(8)}"
        try:
            temporary.write_bytes(content)
            os.replace(temporary, folder / root)
        except OSError:
            temporary.unlink(missing_ok=True)


def forget_lines(home: Home, root: str) -> None:
    """Drop lines from the cache that no newest population has any more."""
    if home.database.one("select 1 from current_population where root = ?", (root,)) is None:
        with contextlib.suppress(OSError):
            (home.cache(CACHE) / root).unlink()


def newest(home: Home) -> list[Located]:
    """Give the newest population of each source, table and place."""
    found: dict[tuple[str, Place], Located] = {}
    for entry in home.ledger.entries(kind=Kind.COLLECTION):
        body = home.ledger.body(entry)
        for statement in body["populations"]:
            place = place_of(statement)
            found[body["source"]["id"], place] = Located(
                body["source"]["id"], place, entry.ordinal, statement
            )
    return list(found.values())


def _read_cache(home: Home, root: str) -> list[Line] | None:
    try:
        stored = (home.cache(CACHE) / root).read_bytes()
        return read_records(zstandard.ZstdDecompressor().decompress(stored))[1]
    except (OSError, zstandard.ZstdError, BadRecordFileError):
        return None
