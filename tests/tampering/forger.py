"""Somebody with the database, the files and the signing key: takes a pack apart, changes what they like, and puts it together signed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assay.conclusions import Basis, conclude
from assay.conclusions.over_time import PeriodBasis
from assay.content_tree import Content
from assay.errors import AssayError
from assay.evidence.bag import make_bag
from assay.evidence.bodies import body_bytes
from assay.evidence.book import Entry
from assay.evidence.canonical import Json, decode, encode
from assay.evidence.checkpoint import Checkpoint, sign_checkpoint
from assay.evidence.commitment import commit
from assay.evidence.ledger import Envelope, Kind
from assay.evidence.merkle import root_of_hashes
from assay.evidence.note import Ed25519Signer
from assay.evidence.records import read_records, write_records
from assay.evidence.times import Times
from assay.home import Home, signer
from assay.verification import PackBook, report_again
from assay.verification.inventory import objects_of, population_listings
from assay.verification.pack_book import states
from assay.verification.performing import ReadContent, concluded_over
from assay.verification.verify import subject_keys
from tests.tampering.small_home import small_pack

MADE = "2026-03-02T09:00:00Z"


@dataclass
class Leaf:
    """One entry as the forger sees it: all of it can be changed."""

    at: datetime
    kind: Kind
    body: Any
    salt: bytes

    def commitment(self) -> bytes:
        return commit(self.salt, self.body)

    def envelope(self) -> Envelope:
        return Envelope(self.at, self.commitment(), self.kind)


@dataclass
class Forger:
    """A pack taken apart. `files` is its payload below `data/`, as it was; `leaves` and `objects` what is made new when it is put together."""

    signer: Ed25519Signer
    home: str
    leaves: list[Leaf]
    objects: dict[str, bytes]
    files: dict[str, bytes]
    original: dict[str, bytes]

    @classmethod
    def of(cls, home: Home) -> Forger:
        """Take a pack of this home apart; the forger has its key."""
        return cls.taking(small_pack(home), signer(home))

    @classmethod
    def taking(cls, files: dict[str, bytes], key: Ed25519Signer) -> Forger:
        book = PackBook(files)
        leaves = [
            Leaf(entry.at, entry.kind, book.body(entry), _salt(files, entry)) for entry in book.entries()
        ]
        payload = {
            path.removeprefix("data/"): content for path, content in files.items() if path.startswith("data/")
        }
        objects = {
            path.removeprefix("objects/"): content
            for path, content in payload.items()
            if path.startswith("objects/")
        }
        return cls(key, leaves[0].body["home"], leaves, objects, payload, dict(payload))

    def last(self, kind: Kind) -> Leaf:
        return [leaf for leaf in self.leaves if leaf.kind == kind][-1]

    def put(self, content: bytes) -> str:
        """Add an object; gives its id."""
        digest = hashlib.sha256(content).hexdigest()
        self.objects[digest] = content
        return digest

    def edit_object(self, digest: str, change: Callable[[Json], Json]) -> str:
        """Make another object out of a JSON one; gives its id."""
        return self.put(encode(change(decode(self.objects[digest]))))

    def rebuilt(self) -> dict[str, bytes]:
        """Put everything together so that each digest, root, listing and signature fits again; verdicts and report stay as they are."""
        commitments = [leaf.commitment().hex() for leaf in self.leaves]
        needed = {digest for leaf in self.leaves for digest in objects_of(leaf.kind, leaf.body)}
        payload = {
            path: content
            for path, content in self.files.items()
            if not path.startswith(("bodies/", "objects/", "populations/", "content/"))
        }
        payload |= {
            f"bodies/{name}.json": body_bytes(leaf.salt, leaf.body)
            for name, leaf in zip(commitments, self.leaves, strict=True)
        }
        payload |= {
            f"objects/{digest}": content for digest, content in self.objects.items() if digest in needed
        }
        payload["ledger.jsonl"] = b"".join(leaf.envelope().encode() + b"\n" for leaf in self.leaves)
        payload["checkpoint"] = self.checkpoint()
        content = Content.from_archive(self.objects[self.last(Kind.CONCLUSIONS).body["content"]])
        payload |= {f"content/{path}": text for path, text in content.files.items()}
        described = decode(payload["pack.json"])
        as_of = self.last(Kind.CONCLUSIONS).body["as_of"]
        payload["pack.json"] = encode({**described, "as_of": as_of, "checkpoint_size": len(self.leaves)})
        self.files = payload
        self.files |= self._listings()
        return self.signed()

    def as_it_is(self) -> dict[str, bytes]:
        """Put bodies, objects, ledger and checkpoint together whatever they hold, and sign; nothing is read."""
        bodies = {
            f"bodies/{leaf.commitment().hex()}.json": body_bytes(leaf.salt, leaf.body) for leaf in self.leaves
        }
        kept = {path: content for path, content in self.original.items() if not path.startswith("bodies/")}
        objects = {f"objects/{digest}": content for digest, content in self.objects.items()}
        ledger = b"".join(leaf.envelope().encode() + b"\n" for leaf in self.leaves)
        self.files = {**kept, **bodies, **objects, "ledger.jsonl": ledger, "checkpoint": self.checkpoint()}
        return self.signed()

    def _listings(self) -> dict[str, bytes]:
        """Give the listings of commitments that fit; those that came with the pack where the record files do not fit each other."""
        try:
            return {
                path.removeprefix("data/"): listing
                for path, listing in population_listings(self.book()).items()
            }
        except AssayError:
            return {
                path: listing for path, listing in self.original.items() if path.startswith("populations/")
            }

    def reported(self) -> dict[str, bytes]:
        """Make the report anew and sign."""
        newest = list(self.book().entries(kind=Kind.CONCLUSIONS))[-1]
        self.files["report.json"] = report_again(self.book(), newest, self.files["checkpoint"])
        return self.signed()

    def signed(self) -> dict[str, bytes]:
        """Sign the payload as it is: the container holds, whatever is in it."""
        return make_bag(self.files, MADE, self.signer, self.home)

    def checkpoint(self) -> bytes:
        """Give a checkpoint over the leaves as they are now."""
        hashes = [leaf.envelope().leaf_hash() for leaf in self.leaves]
        return sign_checkpoint(
            Checkpoint(self.signer.name, len(hashes), root_of_hashes(hashes)), self.signer
        ).encode()

    def book(self) -> PackBook:
        files = {f"data/{path}": content for path, content in self.files.items()}
        return PackBook(files, subject_keys(files))

    def lived_through_again(self) -> dict[str, bytes]:
        """Rewrite the past with care: populations, verdicts and report are all what honest software would have made of it."""
        self._restate_populations()
        self.rebuilt()
        for ordinal, leaf in enumerate(self.leaves):
            if leaf.kind in (Kind.CONCLUSIONS, Kind.EPISODES):
                self._conclude_again(ordinal)
                self.rebuilt()
        return self.reported()

    def change_records(self, leaf: Leaf, table: str, change: Callable[[list[Any]], list[Any]]) -> None:
        """Change the lines of the record file of one table in a collection; the statement names the new file."""
        statement = next(one for one in leaf.body["populations"] if one["table"] == table)
        place, lines = read_records(self.objects[statement["records"]])
        statement["records"] = self.put(write_records(place, change(lines)))

    def _restate_populations(self) -> None:
        self._payload_for_reading()
        for collection, statement, held, _ in states(self.book()):
            mine = next(
                one
                for one in self.leaves[collection.ordinal].body["populations"]
                if (one["table"], one["region"]) == (statement["table"], statement["region"])
            )
            mine["size"], mine["root"] = len(held), held.root().hex()

    def _payload_for_reading(self) -> None:
        self.files |= {
            f"bodies/{leaf.commitment().hex()}.json": body_bytes(leaf.salt, leaf.body) for leaf in self.leaves
        }
        self.files |= {f"objects/{digest}": content for digest, content in self.objects.items()}
        self.files["ledger.jsonl"] = b"".join(leaf.envelope().encode() + b"\n" for leaf in self.leaves)

    def _conclude_again(self, ordinal: int) -> None:
        body = self.leaves[ordinal].body
        read = ReadContent(Content.from_archive(self.objects[body["content"]]))
        book = self.book()
        if self.leaves[ordinal].kind == Kind.EPISODES:
            concluded = concluded_over(
                book, PeriodBasis.from_json(body), read, book.collections(), Times.of(book, ordinal)
            )
        else:
            concluded = conclude(Basis.from_json(body), read.checks, read.specs, book.collections(), book)
        body["sets"] = [one.to_json() for one in concluded]
        for one in concluded:
            self.put(one.content)


def _salt(files: dict[str, bytes], entry: Entry) -> bytes:
    return bytes.fromhex(decode(files[f"data/bodies/{entry.body.hex()}.json"])["salt"])
