"""A log of Ada's company, a witness at Chloe's firm, and the ways between them that need no network."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assay.evidence.checkpoint import Checkpoint, sign_checkpoint
from assay.evidence.cosignature import Cosigner
from assay.evidence.merkle import leaf_hash, nodes_of, prove_consistency, root_of_hashes
from assay.evidence.note import Ed25519Signer
from assay.publish import Witness, WitnessFile, witness_app
from assay.publish.witness_request import AddCheckpoint

ORIGIN = "assay/0f3c"
NOW = datetime(2026, 11, 23, 6, 12, 48, tzinfo=UTC)
LOG_KEY = Ed25519Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"\x11" * 32))
OTHER_KEY = Ed25519Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"\x12" * 32))
CHLOE = Cosigner("witness.example/chloe", Ed25519PrivateKey.from_private_bytes(b"\x13" * 32))


@dataclass
class Log:
    """A log over the given entries; with other entries it is another view."""

    entries: list[bytes]
    signer: Ed25519Signer = LOG_KEY

    @property
    def hashes(self) -> list[bytes]:
        return [leaf_hash(entry) for entry in self.entries]

    def head(self, size: int, origin: str = ORIGIN) -> Checkpoint:
        return Checkpoint(origin, size, root_of_hashes(self.hashes[:size]))

    def note(self, size: int) -> bytes:
        return sign_checkpoint(self.head(size), self.signer).encode()

    def prove(self, old: int, new: int) -> list[bytes]:
        return prove_consistency(old, new, nodes_of(self.hashes[:new]))

    def request(self, old: int, new: int) -> bytes:
        return AddCheckpoint(old, tuple(self.prove(old, new)), self.note(new)).encode()


def entries(count: int, word: str = "entry") -> list[bytes]:
    return [f"{word} {number}".encode() for number in range(count)]


def witness_in(folder: Path) -> Witness:
    return Witness(CHLOE, {ORIGIN: (LOG_KEY.key,)}, WitnessFile.create(folder / "witness.db"), lambda: NOW)


@dataclass(frozen=True)
class Given:
    """An answer as a transport gives it."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class InProcess:
    """A transport that calls a witness's WSGI application and remembers what was asked."""

    witness: Witness
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)

    def request(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Given:
        self.asked.append((method, url, body))
        return ask(self.witness, method, "/" + url.split("/", 3)[3], body)


@dataclass
class Scripted:
    """A transport that gives prepared answers, one after the other, the last for ever."""

    answers: list[Given]
    asked: list[bytes] = field(default_factory=list)

    def request(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Given:
        self.asked.append(body)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def ask(witness: Witness, method: str, path: str, body: bytes = b"", **environ: Any) -> Given:
    """Call the application as a WSGI server does; `environ` overrides what the request says of itself."""
    told: list[tuple[str, list[tuple[str, str]]]] = []
    request = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    parts = witness_app(witness)(
        {**request, **environ}, lambda status, headers, *_: told.append((status, headers))
    )  # type: ignore[arg-type,func-returns-value]
    [(status, headers)] = told
    return Given(int(status.split()[0]), {name.lower(): value for name, value in headers}, b"".join(parts))


def submit(witness: Witness, body: bytes) -> Given:
    return ask(witness, "POST", "/add-checkpoint", body)
