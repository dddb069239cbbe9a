"""Items of a conclusion set: how they are named in a report, and how many concluded what. Items of personal tables are counted, never named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assay.audit.inputs import Object

CONCLUSIONS = ("CONFORMS", "DEVIATES", "NOT_APPLICABLE", "UNKNOWN")
_LETTERS = {"C": "CONFORMS", "D": "DEVIATES", "N": "NOT_APPLICABLE", "U": "UNKNOWN"}

SHORT_ROOT = 12
"""Hex digits of a root that a person reads; the whole stands in the pack."""


@dataclass(frozen=True, slots=True)
class Item:
    """One note of a conclusion set, as a report may show it: `name` for people, `key` for whoever looks it up; both None where it is personal,
    and where nothing is known but the table and the place of what was not seen."""

    table: str
    name: str | None
    key: str | None
    account: str
    region: str
    reason: str
    saw: tuple[tuple[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        """Give the member object of the report."""
        return {
            "account": self.account,
            "key": self.key,
            "name": self.name,
            "reason": self.reason,
            "region": self.region,
            "saw": dict(self.saw),
            "table": self.table,
        }


def short_name(key: str) -> str:
    """Give the part of a key that a person recognises: the resource of an ARN without its kind, otherwise the key.

    >>> short_name("arn:aws:iam::111122223333:user/staff/ben")
    'ben'
    """
    if not key.startswith("arn:"):
        return key
    resource = key.split(":", 5)[-1]
    return resource.rsplit("/", 1)[-1].rsplit(":", 1)[-1] or key


def place_of(key: str) -> tuple[str, str]:
    """Give account and region that an ARN carries, empty where it does not."""
    parts = key.split(":", 5)
    return (parts[4], parts[3]) if key.startswith("arn:") and len(parts) == 6 else ("", "")


def counts_of(conclusions: Object) -> dict[str, int]:
    """Give how many items reached each conclusion; placeholders for what is unknown without an item count as unknown."""
    notes = conclusions.get("notes", ())
    if "counts" in conclusions:
        given: Mapping[str, int] = conclusions["counts"]
        counts = {name: given.get(name, 0) for name in CONCLUSIONS}
    else:
        codes = conclusions.get("codes", "")
        counts = {name: codes.count(letter) for letter, name in _LETTERS.items()}
    unknown = sum(1 for note in notes if note["conclusion"] == "UNKNOWN")
    counts["UNKNOWN"] = max(counts["UNKNOWN"], unknown)
    return counts


def notes_with(conclusions: Object, conclusion: str) -> list[Object]:
    """Give the notes of one conclusion, in the order of the set."""
    return [note for note in conclusions.get("notes", ()) if note["conclusion"] == conclusion]


def item_of(note: Object, *, personal: bool) -> Item:
    """Give the item of a note; an item of a personal table, and every item named by a commitment, keeps neither name nor observed value."""
    key = note.get("item")
    hidden = personal or note.get("commitment") is not None
    account, region = place_of(key) if key else ("", "")
    return Item(
        table=str(note["table"]),
        name=None if hidden or key is None else short_name(key),
        key=None if hidden else key,
        account="" if hidden else note.get("account") or account,
        region="" if hidden else note.get("region") or region,
        reason=str(note.get("reason") or ""),
        saw=() if hidden else tuple(sorted((note.get("saw") or {}).items())),
    )


def names(items: Iterable[Item]) -> list[str]:
    """Give the names that may be shown, each once, in order."""
    return list(dict.fromkeys(item.name for item in items if item.name is not None))


def short_root(root: str) -> str:
    """Give the first digits of a root, enough for a person to compare."""
    return root[:SHORT_ROOT]
