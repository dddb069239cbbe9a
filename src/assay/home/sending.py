"""How a checkpoint is sent by each kind of way out (`assay.home.ways_out`); what reaches the outside is passed in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from assay.evidence.canonical import Json
from assay.evidence.cosignature import CosignerKey
from assay.evidence.stamped import stamp_line, stamped_digest, stamps_that_hold
from assay.evidence.timestamp import Authority, TimestampError, read_roots
from assay.home.place import Home
from assay.home.publishing import keep_cosigned, stored_tiles
from assay.home.ways_out import Parcel, Sender, WayOut, WayOutKind
from assay.home.witnessing import have_cosigned
from assay.outbound.http import NO_ALLOWANCE, Allowance, Http, parse_url
from assay.outbound.s3 import LockMode, Retention, S3Address, S3Bucket
from assay.outbound.secret import Secret
from assay.publish import Transport, request_timestamp
from assay.publish.bucket import LockedBucket, deposit
from assay.publish.mailbox import MailServer, Security, checkpoint_message, send_message
from assay.publish.tile_files import growth_files

HELD_DAYS = 400
"""How long a bucket holds what was put there, unless told otherwise: a year of observation, and the weeks of the audit after it."""
OUTBOX = "outbox"


class ClosableTransport(Transport, Protocol):
    """A transport whose connections end with `close`."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Outside:
    """What reaches other hosts: HTTP under an allowance, a bucket, a mail server."""

    http: Callable[[Allowance], ClosableTransport]
    bucket: Callable[[S3Address], LockedBucket]
    mail: Callable[[EmailMessage, MailServer], None]

    @classmethod
    def real(cls) -> Outside:
        """Give the real ways, all of them through `assay.outbound` but for mail."""
        return cls(lambda allowance: Http(allowance=allowance), S3Bucket, send_message)


def senders(outside: Outside) -> Mapping[WayOutKind, Sender]:
    """Give the sender of each kind of way out."""
    return {
        WayOutKind.WITNESS: lambda parcel: _to_witness(parcel, outside),
        WayOutKind.TIMESTAMP: lambda parcel: _to_authority(parcel, outside),
        WayOutKind.BUCKET: lambda parcel: _to_bucket(parcel, outside),
        WayOutKind.MAILBOX: lambda parcel: _to_mailbox(parcel, outside),
    }


def authority_of(way: WayOut) -> Authority:
    """Give the time-stamp authority of a way out as its settings trust it; raises TimestampError for certificates that cannot be read."""
    policy = way.settings.get("policy")
    return Authority(read_roots(way.settings["roots"].encode()), frozenset([policy] if policy else []))


def held_until(home: Home, settings: Json) -> Retention:
    """Give the retention that a bucket is asked for now."""
    return Retention(
        LockMode(settings["mode"]), (home.now() + timedelta(days=settings["days"])).replace(microsecond=0)
    )


def _to_witness(parcel: Parcel, outside: Outside) -> str:
    settings = parcel.way.settings
    with _http(outside, settings) as transport:
        cosigned = have_cosigned(
            parcel.home, transport, settings["url"], CosignerKey.parse(settings["key"]), parcel.known
        )
    return f"{cosigned.witness} cosigned it at {cosigned.at:%Y-%m-%d %H:%M:%S} UTC"


def _to_authority(parcel: Parcel, outside: Outside) -> str:
    """Have the checkpoint's text stamped, unless it carries a stamp by this authority already; the stamp becomes a line of the checkpoint."""
    home, way, note = parcel.home, parcel.way, parcel.signed.note
    authority = authority_of(way)
    try:
        stamp = stamps_that_hold(note, authority)[0]
    except TimestampError:
        with _http(outside, way.settings) as transport:
            stamp = request_timestamp(
                transport,
                way.settings["url"],
                stamped_digest(note),
                authority,
                random=home.surroundings.random,
                clock=home.now,
                policy=way.settings.get("policy"),
            )
        keep_cosigned(home, note.signed_by(stamp_line(way.name, stamp.token)))
    return f"{stamp.authority} stamped it at {stamp.at:%Y-%m-%d %H:%M:%S} UTC"


def _to_bucket(parcel: Parcel, outside: Outside) -> str:
    home, settings = parcel.home, parcel.way.settings
    secret = parcel.credentials.get("secret_access_key")
    address = S3Address(
        settings["bucket"],
        settings["prefix"],
        settings.get("region"),
        settings.get("endpoint"),
        None if secret is None else (settings["access_key_id"], Secret(secret)),
    )
    size = parcel.signed.checkpoint.size
    files = growth_files(home.ledger, min(parcel.known, size), size, stored_tiles(home, size))
    done = deposit(
        outside.bucket(address),
        settings["bucket"],
        files,
        parcel.signed.note.encode(),
        held_until(home, settings),
    )
    return (
        f"{done.written + done.there} files lie in the bucket {settings['bucket']}, each read back; "
        f"those written now ({done.written}) are held until {done.retention.until:%Y-%m-%d}"
    )


def _to_mailbox(parcel: Parcel, outside: Outside) -> str:
    """Write the message into the home's outbox, and hand it in where a mail server is set up."""
    home, settings = parcel.home, parcel.way.settings
    message = checkpoint_message(
        parcel.signed.note.encode(),
        company=home.name,
        sender=settings["from"],
        to=settings["to"],
        at=home.now(),
    )
    file = _into_outbox(
        home, f"checkpoint-{parcel.signed.checkpoint.size}-{settings['to']}.eml", message.as_bytes()
    )
    server = settings.get("server")
    if server is None:
        return f"wrote {file}; no mail server is set up, so send that file on yourself"
    outside.mail(
        message,
        MailServer(
            server["host"],
            server["port"],
            Security(server["security"]),
            server.get("user"),
            parcel.credentials.get("password"),
        ),
    )
    return f"the mail server {server['host']} took the message to {settings['to']}"


def _into_outbox(home: Home, name: str, content: bytes) -> Path:
    folder = home.path / OUTBOX
    folder.mkdir(mode=0o700, exist_ok=True)
    file, partial = folder / name.replace("/", "_"), folder / f".{name.replace('/', '_')}.partial"
    partial.write_bytes(content)
    os.replace(partial, file)
    return file


@contextmanager
def _http(outside: Outside, settings: Json) -> Iterator[Transport]:
    transport = outside.http(allowance_of(settings["url"], settings.get("loopback", False)))
    try:
        yield transport
    finally:
        transport.close()


def allowance_of(url: str, loopback: bool) -> Allowance:
    """Give the allowance under which a URL is reached: its loopback port where that is wanted, otherwise none. Raises RefusedUrlError."""
    every_port = Allowance(frozenset(range(1, 65536)))
    allowance = Allowance.loopback(parse_url(url, every_port).port) if loopback else NO_ALLOWANCE
    parse_url(url, allowance)
    return allowance
