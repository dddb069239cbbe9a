"""What belongs into a pack, and what its plain files must say: nothing may lie beside the evidence that does not follow from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assay.conclusions import CollectionEntry
from assay.content_tree import Content
from assay.errors import AssayError
from assay.evidence.book import Entry
from assay.evidence.canonical import Json, decode, encode
from assay.evidence.ledger import Kind
from assay.verification.pack_book import (
    LEDGER,
    SUBJECTS,
    PackBook,
    PackError,
    body_path,
    object_path,
    states,
)
from assay.verification.shapes import CONCLUSION_SET, EPISODE_SET, Shape, ShapeError, check_shape

CHECKPOINT = "data/checkpoint"
DESCRIPTION = "data/pack.json"
REPORT = "data/report.json"
CONTENT = "data/content/"
FORMAT = 1


def strangers(book: PackBook) -> Iterator[str]:
    """Give the paths of files that nothing in the ledger asks for."""
    known = {CHECKPOINT, LEDGER, DESCRIPTION, REPORT, SUBJECTS}
    for entry in book.entries():
        known.add(body_path(entry.body))
        if book.discloses(entry):
            known.update(map(object_path, objects_of(entry.kind, book.body(entry))))
        if entry.kind == Kind.COLLECTION:
            known.add(listing_path(entry.ordinal))
    yield from (
        path
        for path in sorted(book.files)
        if path.startswith("data/") and path not in known and not path.startswith(CONTENT)
    )


def withheld(book: PackBook) -> Iterator[str]:
    """Say which bodies and objects a pack does not disclose, a sentence each."""
    for entry in book.entries():
        if not book.discloses(entry):
            yield f"Entry {entry.ordinal} ({entry.kind}) is not disclosed."
            continue
        body = book.body(entry)
        if (erasure := book.reworded(entry)) is not None:
            yield f"Words of entry {entry.ordinal} ({entry.kind}) were erased (entry {erasure}); nothing proves what stands in their place."
        if (
            entry.kind == Kind.EVIDENCE
            and body["attachment"]
            and object_path(body["attachment"]) not in book.files
        ):
            yield f"The attachment of entry {entry.ordinal} is not disclosed{_because_erased(book, body['attachment'])}."


def objects_of(kind: Kind, body: Json) -> Iterator[str]:
    """Give the objects behind a body that a pack discloses; call logs stay in the home."""
    match kind:
        case Kind.COLLECTION:
            yield from (one["records"] for one in body["populations"] if one["records"] is not None)
        case Kind.CONCLUSIONS | Kind.EPISODES:
            yield body["content"]
            yield from (one["object"] for one in body["sets"])
        case Kind.EVIDENCE if body["attachment"] is not None:
            yield body["attachment"]
        case Kind.ERASURE:
            yield from (
                new
                for kept in ("objects", "bodies")
                for new in body.get(kept, {}).values()
                if new is not None
            )


def listing_path(ordinal: int) -> str:
    """Give where a pack lists the commitments of the populations of a collection."""
    return f"data/populations/{ordinal}.jsonl"


def population_listings(book: PackBook) -> dict[str, bytes]:
    """Give every listing of commitments, path to bytes, as the record files make them."""
    listings: dict[str, bytes] = {}
    for collection, statement, _, given in states(book):
        list_versions(listings, collection, statement, given)
    return listings


def list_versions(
    listings: dict[str, bytes], collection: CollectionEntry, statement: Json, given: list[tuple[str, bytes]]
) -> None:
    """Add one population's versions, those that its record file gives, to the listing of its collection; nothing where nothing changed."""
    if statement["records"] is None:
        return
    line = {
        "account": statement["account"],
        "commitments": [commitment.hex() for _, commitment in given],
        "region": statement["region"],
        "table": statement["table"],
    }
    path = listing_path(collection.ordinal)
    listings[path] = listings.get(path, b"") + encode(line) + b"\n"


def newest_conclusions(book: PackBook) -> Entry | None:
    """Give the newest conclusions of a ledger."""
    return max(book.entries(kind=Kind.CONCLUSIONS), key=lambda entry: entry.ordinal, default=None)


def misdescribed(book: PackBook) -> Iterator[tuple[str, str]]:
    """Give each plain file that says something else than the ledger, with what is wrong: the description, the content, conclusion sets."""
    yield from _description(book)
    newest = newest_conclusions(book)
    if newest is not None:
        yield from _content(book, book.body(newest)["content"])
    for entry in book.entries(kind=Kind.CONCLUSIONS):
        for one in book.body(entry)["sets"]:
            yield from _shaped(book, one["object"], CONCLUSION_SET, "conclusion set")


def _description(book: PackBook) -> Iterator[tuple[str, str]]:
    if DESCRIPTION not in book.files:
        raise PackError(DESCRIPTION, "is missing")
    try:
        said = decode(book.files[DESCRIPTION])
    except AssayError as error:
        raise PackError(DESCRIPTION, str(error)) from error
    if not isinstance(said, Mapping):
        raise PackError(DESCRIPTION, "is not an object")
    number = said.get("format")
    if isinstance(number, int) and number > FORMAT:
        raise PackError(
            DESCRIPTION, f"has format {number}; this version of Assay reads up to {FORMAT}. Use a newer one"
        )
    newest = newest_conclusions(book)
    true = {
        "as_of": None if newest is None else book.body(newest)["as_of"],
        "checkpoint_size": book.size(),
        "disclosed": ["personal"] if SUBJECTS in book.files else [],
        "format": FORMAT,
        "home": book.body(book.entry(0))["home"],
    }
    for name, value in true.items():
        if name not in said or encode(said[name]) != encode(value):
            yield DESCRIPTION, f"says otherwise than the ledger what “{name}” is"


def _content(book: PackBook, digest: str) -> Iterator[tuple[str, str]]:
    """The content that can be read file by file is the content that the newest conclusions were drawn with."""
    if object_path(digest) not in book.files:
        return
    true = Content.from_archive(book.object(digest)).files
    shown = {path.removeprefix(CONTENT): book.files[path] for path in book.files if path.startswith(CONTENT)}
    for path in sorted(true.keys() | shown.keys()):
        if true.get(path) != shown.get(path):
            yield f"{CONTENT}{path}", "is not the content that the newest conclusions were drawn with"


def misshapen_episodes(book: PackBook, digest: str) -> Iterator[tuple[str, str]]:
    """Say whether an object is no set of episodes: for one that cannot be performed again, since all others are compared byte for byte."""
    yield from _shaped(book, digest, EPISODE_SET, "set of episodes")


def _shaped(book: PackBook, digest: str, shape: Shape, name: str) -> Iterator[tuple[str, str]]:
    try:
        check_shape(decode(book.object(digest)), shape)
    except ShapeError as error:
        yield object_path(digest), f"is not a {name}: {error}"


def _because_erased(book: PackBook, digest: str) -> str:
    for entry in book.entries(kind=Kind.ERASURE):
        if digest in book.body(entry)["objects"]:
            return f": it was erased (entry {entry.ordinal})"
    return ""
