"""The connected systems of a home: what they are, how to reach them, and their credentials, sealed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from assay.errors import AssayError
from assay.evidence.canonical import Json, encode, instant_text, parse, parse_instant
from assay.evidence.ledger import Kind
from assay.home.database import Database
from assay.home.keys import open_credential, seal_credential
from assay.home.place import Home, act_body

SourceKind = Literal["aws", "github", "file"]
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class SourceError(AssayError):
    """A source is not there, or cannot be connected as asked."""


@dataclass(frozen=True, slots=True)
class Source:
    """A connected system: its id in this home, its kind, and settings that hold no secret."""

    id: str
    kind: SourceKind
    settings: Json


def connect_source(home: Home, source: Source, credentials: dict[str, str], by: str) -> int:
    """Connect a source, or connect it anew with other settings; gives the act's index. Credentials are sealed and never in the act."""
    if not NAME.fullmatch(source.id):
        raise SourceError(
            f"“{source.id}” is no name for a source; use lower-case letters, digits and hyphens, such as aws-main."
        )
    if source.kind not in get_args(SourceKind):
        raise SourceError(
            f"There is no kind of source “{source.kind}”; there are {', '.join(get_args(SourceKind))}."
        )

    def record(transaction: Database, ordinal: int) -> None:
        transaction.execute(
            "insert into source (id, kind, settings, connected) values (?, ?, ?, ?)"
            " on conflict (id) do update set settings = excluded.settings, kind = excluded.kind, disconnected = null",
            (source.id, source.kind, encode(source.settings).decode(), instant_text(home.now())),
        )
        keys, random = (
            home.keys,
            home.surroundings.random,
        )  # read in the transaction: before a rotation's or after it
        for field, secret in credentials.items():
            sealed = seal_credential(keys, home.id, source.id, field, secret, random)
            transaction.execute(
                "insert or replace into credential (source, field, sealed) values (?, ?, ?)",
                (source.id, field, sealed),
            )

    details = {
        "credentials": sorted(credentials),
        "kind": source.kind,
        "settings": source.settings,
        "source": source.id,
    }
    return home.ledger.append(Kind.ACT, act_body("source.connected", by, details), record)


def disconnect_source(home: Home, source_id: str, by: str) -> int:
    """Disconnect a source: its credentials are deleted, its evidence stays. Gives the act's index."""
    source(home, source_id)

    def record(transaction: Database, ordinal: int) -> None:
        transaction.execute(
            "update source set disconnected = ? where id = ?", (instant_text(home.now()), source_id)
        )
        transaction.execute("delete from credential where source = ?", (source_id,))

    return home.ledger.append(Kind.ACT, act_body("source.disconnected", by, {"source": source_id}), record)


def sources(home: Home) -> list[Source]:
    """Give the connected sources by id."""
    rows = home.database.rows("select id, kind, settings from source where disconnected is null order by id")
    return [Source(name, kind, parse(settings)) for name, kind, settings in rows]


def sources_since(home: Home, instant: datetime) -> list[Source]:
    """Give the sources that were connected at an instant or later, by id, whether or not they still are."""
    rows = home.database.rows("select id, kind, settings, disconnected from source order by id")
    return [
        Source(name, kind, parse(settings))
        for name, kind, settings, disconnected in rows
        if disconnected is None or parse_instant(disconnected) > instant
    ]


def source(home: Home, source_id: str) -> Source:
    """Give one connected source; raises SourceError that lists what there is."""
    found = {one.id: one for one in sources(home)}
    if source_id not in found:
        there = ", ".join(found) or "none yet; connect one with `assay connect`"
        raise SourceError(f"No source “{source_id}” is connected. Connected: {there}.")
    return found[source_id]


def credentials(home: Home, source_id: str) -> dict[str, str]:
    """Open the credentials of a source."""
    rows = home.database.rows("select field, sealed from credential where source = ?", (source_id,))
    return {field: open_credential(home.keys, home.id, source_id, field, sealed) for field, sealed in rows}
