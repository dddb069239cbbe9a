"""Ways out of a checkpoint: witnesses, time-stamp authorities, buckets with Object Lock, mailboxes; set up, sent to, and how each went.

Each is a setting of the home (`way_out.NAME`), so setting one up and taking one away are acts. A try that fails stops neither the others nor the
ledger: it is kept and shown by `assay doctor`, and the next try makes it good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from assay.errors import AssayError
from assay.evidence.canonical import Json, instant_text, parse_instant
from assay.evidence.checkpoint import SignedCheckpoint
from assay.evidence.note import is_key_name
from assay.home.database import Database
from assay.home.keys import open_credential, seal_credential
from assay.home.place import Home
from assay.home.publishing import publish, published
from assay.home.settings import set_setting, settings_at

PREFIX = "way_out."


class WayOutError(AssayError):
    """A way out is not there, or cannot be set up as asked."""


class WayOutKind(StrEnum):
    """What can hold a checkpoint for us."""

    WITNESS = "witness"
    TIMESTAMP = "timestamp"
    BUCKET = "bucket"
    MAILBOX = "mailbox"


@dataclass(frozen=True, slots=True)
class WayOut:
    """One way out: its name in this home, its kind, and settings that hold no secret."""

    name: str
    kind: WayOutKind
    settings: Json


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the last try ended: `error` None where it went well. `size` and `sent` are those of the last success, None when there never was one."""

    name: str
    tried: datetime
    said: str
    error: str | None
    size: int | None
    sent: datetime | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a sender is given: the checkpoint, the size it last sent by this way, and the way's opened credentials."""

    home: Home
    way: WayOut
    signed: SignedCheckpoint
    known: int
    credentials: Mapping[str, str] = field(repr=False)


Sender = Callable[[Parcel], str]
"""Sends a checkpoint and gives a sentence that says what was done; raises an AssayError that says what to do."""


def add_way_out(home: Home, way: WayOut, credentials: Mapping[str, str], by: str) -> int:
    """Set up a way out, or the same one anew; gives the act's index. Credentials are sealed and never in the act."""
    if not is_key_name(way.name) or len(way.name) > 200:
        raise WayOutError(
            f"“{way.name}” is no name for a way out; use letters, digits, dots, slashes and hyphens, without blanks."
        )

    def also(transaction: Database) -> None:
        _forget(transaction, way.name)
        keys, random = (
            home.keys,
            home.surroundings.random,
        )  # read in the transaction: before a rotation or after it
        for one, secret in credentials.items():
            sealed = seal_credential(keys, home.id, _place(way.name), one, secret, random)
            transaction.execute(
                "insert into way_out_credential (way_out, field, sealed) values (?, ?, ?)",
                (way.name, one, sealed),
            )

    value = {"credentials": sorted(credentials), "kind": str(way.kind), "settings": way.settings}
    return set_setting(home, PREFIX + way.name, value, home.now(), by, also)


def remove_way_out(home: Home, name: str, by: str) -> int:
    """Take a way out away with its credentials; gives the act's index. What it holds already stays there."""
    way_out(home, name)
    return set_setting(
        home, PREFIX + name, None, home.now(), by, lambda transaction: _forget(transaction, name)
    )


def ways_out(home: Home) -> list[WayOut]:
    """Give the ways out that are set up, by name."""
    found = settings_at(home, PREFIX, home.now())
    return [
        WayOut(name, WayOutKind(value["kind"]), value["settings"])
        for name, value in sorted(found.items())
        if value is not None
    ]


def way_out(home: Home, name: str) -> WayOut:
    """Give one way out; raises WayOutError that lists what there is."""
    found = {one.name: one for one in ways_out(home)}
    if name not in found:
        there = ", ".join(found) or "none yet; add one with `assay witness add`"
        raise WayOutError(f"There is no way out “{name}”. There is: {there}.")
    return found[name]


def outcome(home: Home, name: str) -> Outcome | None:
    """Give how the last try by a way out ended, or None when there was none."""
    row = home.database.one(
        "select tried, said, error, size, sent from way_out_outcome where way_out = ?", (name,)
    )
    if row is None:
        return None
    tried, said, error, size, sent = row
    return Outcome(
        name, parse_instant(tried), said, error, size, None if sent is None else parse_instant(sent)
    )


def send_everywhere(
    home: Home, senders: Mapping[WayOutKind, Sender], names: Sequence[str] = ()
) -> list[Outcome]:
    """Publish a checkpoint and send it by every way out, or by those named; gives how each went.

    1. The checkpoint is published. 2. Each way is tried, whatever became of those before. 3. How it went is kept.
    Time-stamps come first, so that what the others are given carries them.
    """
    chosen = [way_out(home, name) for name in names] or ways_out(home)
    publish(home)  # 1
    return [_sent(home, way, senders) for way in sorted(chosen, key=_first_stamps)]  # 2


def credentials_of(home: Home, name: str) -> dict[str, str]:
    """Open the credentials of a way out."""
    rows = home.database.rows("select field, sealed from way_out_credential where way_out = ?", (name,))
    return {one: open_credential(home.keys, home.id, _place(name), one, sealed) for one, sealed in rows}


def unsent(home: Home) -> Iterator[tuple[WayOut, Outcome | None]]:
    """Give the ways out that do not hold the newest checkpoint, with how the last try ended."""
    newest = published(home)
    size = home.ledger.size() if newest is None else newest.checkpoint.size
    for way in ways_out(home):
        last = outcome(home, way.name)
        if last is None or last.error is not None or (last.size or 0) < size:
            yield way, last


def _sent(home: Home, way: WayOut, senders: Mapping[WayOutKind, Sender]) -> Outcome:
    signed = published(home)
    assert signed is not None  # noqa: S101 — published just before
    before = outcome(home, way.name)
    size, sent = (None, None) if before is None else (before.size, before.sent)
    tried = home.now()
    try:
        parcel = Parcel(home, way, signed, size or 0, credentials_of(home, way.name))
        said = senders[way.kind](parcel)
        result = Outcome(way.name, tried, said, None, signed.checkpoint.size, tried)
    except AssayError as error:
        result = Outcome(way.name, tried, "", str(error), size, sent)
    except Exception as error:
        # A stranger's server may make any library stumble; the other ways out must be tried all the same. Its text may hold a secret.
        said = f"It could not be sent ({type(error).__name__}). Check how this way out is set up, then publish again."
        result = Outcome(way.name, tried, "", said, size, sent)
    _keep(home, result)  # 3
    return result


def _keep(home: Home, result: Outcome) -> None:
    with home.database.transaction() as transaction:
        transaction.execute("delete from way_out_outcome where way_out = ?", (result.name,))
        transaction.execute(
            "insert into way_out_outcome (way_out, tried, said, error, size, sent) values (?, ?, ?, ?, ?, ?)",
            (
                result.name,
                instant_text(result.tried),
                _text(result.said),
                None if result.error is None else _text(result.error),
                result.size,
                None if result.sent is None else instant_text(result.sent),
            ),
        )


def _text(said: str) -> str:
    """Give a text that any database keeps: what a stranger's server said may hold a NUL, which PostgreSQL has in no text."""
    return said.replace("\0", "")


def _first_stamps(way: WayOut) -> tuple[bool, bool, str]:
    return way.kind is not WayOutKind.TIMESTAMP, way.kind is not WayOutKind.WITNESS, way.name


def _forget(transaction: Database, name: str) -> None:
    transaction.execute("delete from way_out_credential where way_out = ?", (name,))
    transaction.execute("delete from way_out_outcome where way_out = ?", (name,))


def _place(name: str) -> str:
    """Name the way out apart from sources, so that a credential sealed for one does not open for the other."""
    return f"{PREFIX}{name}"
