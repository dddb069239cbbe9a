"""A pack out of a home: everything somebody else needs to perform every conclusion again (formats.md, section 10)."""

from __future__ import annotations

from pathlib import Path

from assay.content_tree import Content
from assay.errors import AssayError
from assay.evidence.bag import make_bag, zip_bytes
from assay.evidence.book import Entry, erasure_of, erasure_of_body
from assay.evidence.canonical import Json, encode, instant_text, parse
from assay.evidence.ledger import Kind
from assay.evidence.records import Sealed, read_records
from assay.evidence.sealing import SubjectKeys
from assay.home.place import Home
from assay.home.publishing import publish, signer
from assay.verification import PackBook, Reporter
from assay.verification.inventory import objects_of, population_listings
from assay.verification.pack_book import LEDGER, SUBJECTS, body_path, object_path

FORMAT = 1
RECORDS = b'{"account":"'
"""How every record file begins; a call log, which begins with a list, does not."""


class PackTargetError(AssayError):
    """The pack cannot be written where it was asked for."""


def pack_files(home: Home, subjects: SubjectKeys | None, report: Reporter | None = None) -> dict[str, bytes]:
    """Give every file of a pack up to a checkpoint made now; with `subjects` personal records can be opened by whoever holds the pack.

    1. The checkpoint and the envelopes under it. 2. Every body. 3. The objects that they need. 4. The content, file by file.
    5. Commitments by population. 6. The report. 7. The signed container.
    """
    signed = publish(home)  # 1
    size = signed.checkpoint.size
    entries = [entry for entry in home.ledger.entries() if entry.ordinal < size]
    payload = {
        "checkpoint": signed.note.encode(),
        "ledger.jsonl": b"".join(entry.envelope.encode() + b"\n" for entry in entries),
    }
    for entry in entries:  # 2
        if home.evidence.has_body(entry.body) or erasure_of_body(home.ledger, entry) is None:
            payload[body_path(entry.body).removeprefix("data/")] = home.evidence.body_bytes(entry.body)
        for digest in objects_of(entry.kind, home.ledger.body(entry)):  # 3
            if erasure_of(home.ledger, digest) is None:
                payload[object_path(digest).removeprefix("data/")] = home.evidence.object(digest)
    if subjects is not None:
        payload[SUBJECTS.removeprefix("data/")] = encode(_disclosed_keys(payload, subjects))
    newest = max(
        (entry for entry in entries if entry.kind == Kind.CONCLUSIONS),
        key=lambda entry: entry.ordinal,
        default=None,
    )
    content = home.content if newest is None else _content_of(home, newest)
    payload |= {f"content/{path}": text for path, text in content.files.items()}  # 4
    made = instant_text(home.now())
    payload["pack.json"] = encode(
        {
            "as_of": None if newest is None else home.ledger.body(newest)["as_of"],
            "checkpoint_size": size,
            "disclosed": ["personal"] if subjects is not None else [],
            "format": FORMAT,
            "home": home.id,
            "made": made,
        }
    )
    book = PackBook({f"data/{path}": content for path, content in payload.items()}, _keys_in(payload))
    payload |= {
        path.removeprefix("data/"): listing for path, listing in population_listings(book).items()
    }  # 5
    if report is not None and newest is not None:
        payload["report.json"] = report(book, newest, payload["checkpoint"])  # 6
    return make_bag(payload, made, signer(home, size), home.id)  # 7


def write_pack(files: dict[str, bytes], target: Path) -> None:
    """Write a pack as one zip where `target` ends in .zip, otherwise as a folder that must not be there yet."""
    if target.exists():
        raise PackTargetError(f"{target} is already there. Name another file or folder, or remove it first.")
    if target.suffix == ".zip":
        target.write_bytes(zip_bytes(files))
        return
    for path, content in files.items():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _content_of(home: Home, conclusions: Entry) -> Content:
    """Give the content that conclusions were drawn with; what changed since is not what they rest on."""
    return Content.from_archive(home.evidence.object(home.ledger.body(conclusions)["content"]))


def _disclosed_keys(payload: dict[str, bytes], subjects: SubjectKeys) -> Json:
    """Give the keys of every subject in the packed record files; destroyed ones have none any more."""
    found: dict[str, str] = {}
    for path, content in payload.items():
        if path.startswith("objects/") and content.startswith(RECORDS):
            for line in read_records(content)[1]:
                if isinstance(line, Sealed) and (key := subjects.key(line.subject)) is not None:
                    found[line.subject] = key.hex()
    return found


def _keys_in(payload: dict[str, bytes]) -> dict[str, bytes]:
    listed = parse(payload.get(SUBJECTS.removeprefix("data/"), b"{}"))
    return {subject: bytes.fromhex(key) for subject, key in listed.items()}


__all__ = ["LEDGER", "PackTargetError", "pack_files", "write_pack"]
