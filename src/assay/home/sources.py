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
    """Connect a source, or connect it anew; gives the act's index. Settings and credentials take the place of all that were there.

    Credentials are sealed and never in the act. What changes can be said before: `changes`.
    """
    _known_name(source.id)
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
        transaction.execute("delete from credential where source = ?", (source.id,))
        # Keys are read in the transaction: it comes before a rotation's or after it.
        keys, random = home.keys, home.surroundings.random
        for field, secret in credentials.items():
            sealed = seal_credential(keys, home.id, source.id, field, secret, random)
            transaction.execute(
                "insert into credential (source, field, sealed) values (?, ?, ?)",
                (source.id, field, sealed),
            )

    details = {
        "credentials": sorted(credentials),
        "kind": source.kind,
        "settings": source.settings,
        "source": source.id,
    }
    return home.ledger.append(Kind.ACT, act_body("source.connected", by, details), record)


def _known_name(source_id: str) -> None:
    if not NAME.fullmatch(source_id):
        raise SourceError(
            f"“{source_id}” is no name for a source; use lower-case letters, digits and hyphens, such as aws-main."
        )


def disconnect_source(home: Home, source_id: str, by: str) -> int:
    """Disconnect a source: its credentials are deleted, its evidence stays. Gives the act's index."""
    source(home, source_id)

    def record(transaction: Database, ordinal: int) -> None:
        transaction.execute(
            "update source set disconnected = ? where id = ?", (instant_text(home.now()), source_id)
        )
        transaction.execute("delete from credential where source = ?", (source_id,))

    return home.ledger.append(Kind.ACT, act_body("source.disconnected", by, {"source": source_id}), record)


def external_id(home: Home, source_id: str) -> str:
    """Give the id that must come with every request to take on the source's role (IAM User Guide, “access to accounts owned by third parties”).

    1. The source's own. 2. Otherwise that of another source on AWS: it tells companies apart, not accounts, so that one StackSet serves an
    organization. 3. Otherwise a new one of 128 random bits. What is given is kept for the source, connected or not yet, until it is
    disconnected. Raises SourceError for a name of something else.
    """
    _known_name(source_id)
    connected = {one.id: one.kind for one in sources(home)}
    if connected.get(source_id, "aws") != "aws":
        raise SourceError(
            f"“{source_id}” is connected as a source of {connected[source_id]}. Give the account another --name."
        )
    rows = home.database.rows("select id from source where id = ? or kind = 'aws' order by id", (source_id,))
    kept = {name: credentials(home, name).get("external_id") for (name,) in rows}
    if (own := kept.pop(source_id, None)) is not None:  # 1
        return own
    others = [one for one in kept.values() if one is not None]
    given = others[0] if others else new_external_id(home)  # 2, 3
    now = instant_text(home.now())
    with home.database.transaction() as transaction:
        sealed = seal_credential(
            home.keys, home.id, source_id, "external_id", given, home.surroundings.random
        )
        transaction.execute(
            "insert into source (id, kind, settings, connected, disconnected) values (?, 'aws', '{}', ?, ?) on conflict do nothing",
            (source_id, now, now),
        )
        transaction.execute(
            "insert into credential (source, field, sealed) values (?, 'external_id', ?)"
            " on conflict (source, field) do update set sealed = excluded.sealed",
            (source_id, sealed),
        )
    return given


def new_external_id(home: Home) -> str:
    """Make an external id: 32 hexadecimal digits, nobody's guess."""
    return home.surroundings.random(16).hex()


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that connecting anew would change: its old value and its new one, None where there is none."""

    setting: str
    old: Json
    new: Json


def changes(before: Source, after: Source) -> list[Change]:
    """Give what connecting `after` in the place of `before` changes, by setting. No credential is among them."""
    old = {"kind": before.kind, **flat(before.settings)}
    new = {"kind": after.kind, **flat(after.settings)}
    return [
        Change(name, old.get(name), new.get(name))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def flat(settings: Json, within: str = "") -> dict[str, Json]:
    """Give settings, those within settings by their path, such as `exported.at`."""
    found: dict[str, Json] = {}
    for name, value in settings.items():
        found |= flat(value, f"{within}{name}.") if isinstance(value, dict) else {within + name: value}
    return found


def sources(home: Home) -> list[Source]:
    """Give the connected sources by id."""
    rows = home.database.rows("select id, kind, settings from source where disconnected is null order by id")
    return [Source(name, kind, parse(settings)) for name, kind, settings in rows]


def sources_since(home: Home, instant: datetime) -> list[Source]:
    """Give the sources that were connected at an instant or later, by id, whether or not they still are."""
    rows = home.database.rows("select id, kind, settings, connected, disconnected from source order by id")
    return [
        Source(name, kind, parse(settings))
        for name, kind, settings, connected, disconnected in rows
        if disconnected is None or max(instant, parse_instant(connected)) < parse_instant(disconnected)
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
