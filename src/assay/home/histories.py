"""History kept in the cache: for each table one Parquet file of versions, and one JSON file that says what it was made of and what was not seen.

Both are derived: they can be made again from the evidence, and are whenever they are missing, unreadable or made of something else. A personal table's
history is never written, so that no derived file outlives an erasure.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from assay.checks.over_time import GapSpan, VersionsInput, write_parquet
from assay.conclusions import CollectionEntry, histories
from assay.conclusions.versions import History, Opener, columns_of_history
from assay.errors import AssayError
from assay.evidence.canonical import Json, encode, instant_text, parse, parse_instant
from assay.evidence.gaps import Gap
from assay.evidence.times import Times
from assay.home.place import Home
from assay.tables import TableSpec

FORMAT = 1
CACHE = "history"


def histories_of(
    home: Home,
    collections: list[CollectionEntry],
    upto: Mapping[str, int],
    specs: Mapping[str, TableSpec],
    opened: Opener,
    holds: Callable[[str], timedelta],
) -> tuple[list[VersionsInput], list[GapSpan]]:
    """Give the versions and gaps of every table of `specs` that was ever asked for, from the cache where it is whole, and keep what had to be made."""
    inputs: list[VersionsInput] = []
    gaps: list[GapSpan] = []
    missing: dict[str, TableSpec] = {}
    times = home.ledger.times()
    stamps = {name: _stamp(name, spec, collections, upto, holds, times) for name, spec in specs.items()}
    for name, spec in specs.items():
        kept = None if spec.personal else _kept(home, spec, stamps[name])
        if kept is None:
            missing[name] = spec
        else:
            inputs.append(kept[0])
            gaps += kept[1]
    made = histories(collections, upto, missing, home.ledger.object, opened, holds, times)
    for name, history in made.items():
        inputs.append(history.as_input())
        gaps += history.gaps
        if not history.spec.personal:
            _keep(home, history, stamps[name])
    return inputs, gaps


def _stamp(
    table: str,
    spec: TableSpec,
    collections: list[CollectionEntry],
    upto: Mapping[str, int],
    holds: Callable[[str], timedelta],
    times: Times,
) -> Json:
    """What a history is made of: the spec, the collections that asked for the table, each with the instant by which it had ended, and what is unsure."""
    asked = [
        [entry.ordinal, instant_text(times.by(entry.ordinal, parse_instant(entry.body["ended"])))]
        for entry in collections
        if entry.ordinal <= upto.get(entry.body["source"]["id"], -1)
        and any(one["table"] == table for one in (*entry.body["populations"], *entry.body["gaps"]))
    ]
    return {
        "collections": asked,
        "format": FORMAT,
        "holds_days": holds(spec.source).days,
        "spec": spec.digest,
        "unsure": [[instant_text(one.start), instant_text(one.end)] for one in times.unsure()],
    }


def _kept(home: Home, spec: TableSpec, stamp: Json) -> tuple[VersionsInput, list[GapSpan]] | None:
    parquet, told = _files(home, spec.name)
    try:
        said = parse(told.read_bytes())
        if said["stamp"] != stamp or said["parquet"] != _digest(parquet):
            return None
        gaps = [_gap(one) for one in said["gaps"]]
    except (OSError, ValueError, KeyError, TypeError, AssayError):
        return None
    columns = columns_of_history(spec)
    return VersionsInput(spec.name, columns, parquet=str(parquet)), gaps


def _keep(home: Home, history: History, stamp: Json) -> None:
    """Keep a history. Nothing is lost when this is: it can be made again."""
    parquet, told = _files(home, history.spec.name)
    temporary = parquet.with_name(f".{secrets.token_hex(8)}")
    with contextlib.suppress(OSError):
        try:
            write_parquet(history.as_input(), str(temporary))
            digest = _digest(temporary)
            os.replace(temporary, parquet)
            said = {"gaps": [_told(one) for one in history.gaps], "parquet": digest, "stamp": stamp}
            temporary.write_bytes(encode(said))
            os.replace(temporary, told)
        except OSError:
            temporary.unlink(missing_ok=True)


def _digest(file: Path) -> str:
    """SHA-256 of a kept file: one that was changed since says what nobody saw."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _files(home: Home, table: str) -> tuple[Path, Path]:
    folder = home.cache(CACHE)
    return folder / f"{table}.parquet", folder / f"{table}.json"


def _told(span: GapSpan) -> Json:
    return {"end": instant_text(span.end), "gap": span.gap.to_json(), "start": instant_text(span.start)}


def _gap(said: Json) -> GapSpan:
    return GapSpan(Gap.from_json(said["gap"]), parse_instant(said["start"]), parse_instant(said["end"]))
