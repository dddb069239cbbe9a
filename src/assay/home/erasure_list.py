"""The list of a home's erasures, so that a restored older backup does not bring erased people and records back (formats.md, section 12).

It names commitments and objects, never people, and holds what erasures left in the place of erased objects. It is read out of a home that can still be read, or kept
as a file beside the backups. Carrying it over appends each erasure that the restored ledger does not know, after the epoch that says what was lost; then
`finish_erasures` takes away what they name: subject keys, objects.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from assay.errors import AssayError
from assay.evidence.canonical import Json, NotCanonicalError, decode, encode, instant_text
from assay.evidence.ledger import Kind
from assay.evidence.merkle import root_of_hashes
from assay.home.keys import write_private
from assay.home.place import Home

FORMAT = 1


class ErasureListError(AssayError):
    """A file is no list of erasures, or is another home's. The text says what to do."""


@dataclass(frozen=True, slots=True)
class KnownErasure:
    """One erasure entry of the home that the list is from: its index, its instant, and its body."""

    ordinal: int
    at: str
    body: Json

    def to_json(self) -> Json:
        return {"at": self.at, "body": self.body, "ordinal": self.ordinal}


@dataclass(frozen=True, slots=True)
class ErasureList:
    """What a home knew to be erased when its ledger had `size` entries and `root`; `unreadable` are erasure entries whose body could not be read."""

    home: str
    size: int
    root: str
    erasures: tuple[KnownErasure, ...]
    left: Mapping[str, bytes]
    unreadable: tuple[int, ...] = ()


def erasures_of(home: Home) -> ErasureList:
    """Give the erasures of a home; what cannot be read any more is named, and the rest is still given."""
    size = home.ledger.size()
    found: list[KnownErasure] = []
    left: dict[str, bytes] = {}
    unreadable: list[int] = []
    for entry in reversed(list(home.ledger.entries(kind=Kind.ERASURE))):
        try:
            body = home.ledger.body(entry)
            gone_later = {digest for one in found for digest in one.body["objects"]}
            left_of = (*body["objects"].values(), *body.get("bodies", {}).values())
            needed = {new for new in left_of if new is not None} - gone_later
            left |= {new: home.evidence.object(new) for new in needed}
        except AssayError:
            unreadable.insert(0, entry.ordinal)
        else:
            found.insert(0, KnownErasure(entry.ordinal, instant_text(entry.at), body))
    root = root_of_hashes(home.ledger.leaf_hashes(0, size)).hex()
    return ErasureList(home.id, size, root, tuple(found), left, tuple(unreadable))


def write_erasure_list(known: ErasureList, target: Path) -> None:
    """Write a list as a file, replacing an older one only when the new one is durable."""
    body = {
        "erasures": [one.to_json() for one in known.erasures],
        "format": FORMAT,
        "head": {"root": known.root, "size": known.size},
        "home": known.home,
        "left": {digest: content.decode() for digest, content in known.left.items()},
        "unreadable": list(known.unreadable),
    }
    try:
        write_private(target, encode({"digest": _digest(body), "list": body}))
    except OSError as error:
        raise ErasureListError(
            f"The list of erasures could not be written to {target} ({error.strerror})."
        ) from error


def read_erasure_list(path: Path) -> ErasureList:
    """Read a list; raises ErasureListError when it was cut off or changed, or is of a newer format."""
    try:
        return _list_in(path.read_bytes())
    except (OSError, KeyError, TypeError, ValueError, NotCanonicalError) as error:
        raise ErasureListError(
            f"{path} is not a whole list of erasures ({error}). Nothing was restored; give another copy of it."
        ) from error


def _list_in(data: bytes) -> ErasureList:
    wrapped = decode(data)
    body = wrapped["list"]
    if wrapped["digest"] != _digest(body):
        raise ValueError("its digest is another")
    if body["format"] > FORMAT:
        raise ErasureListError(
            f"The list of erasures has format {body['format']}; this version of Assay reads up to {FORMAT}. Use a newer one."
        )
    erasures = tuple(KnownErasure(one["ordinal"], one["at"], one["body"]) for one in body["erasures"])
    left = {digest: content.encode() for digest, content in body["left"].items()}
    head = body["head"]
    return ErasureList(body["home"], head["size"], head["root"], erasures, left, tuple(body["unreadable"]))


def carry_over(home: Home, known: ErasureList) -> int:
    """Append the erasures of a list that the home's ledger does not hold yet; gives how many. Their keys and objects go by `finish_erasures`."""
    before = home.ledger.size()
    news = list(_unknown_to(home, known))
    came: set[str] = set()
    here = {entry.body.hex() for entry in home.ledger.entries()} if news else set()
    for one in news:
        gone = {
            digest: new
            for digest, new in one.body["objects"].items()
            if digest in came or home.evidence.store.written(f"objects/{digest[:2]}/{digest}") is not None
        }
        came.update(new for new in gone.values() if new is not None)
        bodies = {
            commitment: new for commitment, new in one.body.get("bodies", {}).items() if commitment in here
        }
        came.update(new for new in bodies.values() if new is not None)
        for new in came & known.left.keys():
            home.evidence.put_object(known.left[new])
        body = {
            **one.body,
            "carried": {"at": one.at, "entry": one.ordinal},
            "entries": [entry for entry in one.body["entries"] if entry < before],
            "objects": gone,
        }
        if "bodies" in one.body:
            body["bodies"] = bodies
        home.ledger.append(Kind.ERASURE, body)
    return len(news)


def both(one: ErasureList | None, other: ErasureList | None) -> ErasureList | None:
    """Join what two lists of one home know."""
    if one is None or other is None:
        return one or other
    newer = max(one, other, key=lambda known: known.size)
    erasures = {(known.ordinal, known.at): known for known in (*one.erasures, *other.erasures)}
    read = {ordinal for ordinal, _ in erasures}
    return replace(
        newer,
        erasures=tuple(erasures[key] for key in sorted(erasures)),
        left={**one.left, **other.left},
        unreadable=tuple(sorted({*one.unreadable, *other.unreadable} - read)),
    )


def _unknown_to(home: Home, known: ErasureList) -> Iterator[KnownErasure]:
    held: set[str] = set()
    for entry in home.ledger.entries(kind=Kind.ERASURE):
        body = home.ledger.body(entry)
        held |= _named(body)
    for one in known.erasures:
        if not held.issuperset(_named(one.body)):
            yield one


def _named(body: Json) -> set[str]:
    """Give what an erasure is told by: what it names, and its mark."""
    return {
        *body["commitments"],
        *body["objects"],
        *body.get("bodies", {}),
        *filter(None, [body.get("mark")]),
    }


def _digest(body: Json) -> str:
    return hashlib.sha256(encode(body)).hexdigest()
