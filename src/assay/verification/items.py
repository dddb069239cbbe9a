"""Every item of one check, conforming ones too: what it was concluded to be, why, and what had been seen of it. For pages and exports; the report names fewer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from assay.audit.items import place_of, short_name
from assay.checks import Check
from assay.conclusions import Basis, CollectionEntry, observed
from assay.conclusions.inputs import table_input
from assay.errors import AssayError
from assay.evidence.book import Entry
from assay.evidence.canonical import Json, parse
from assay.evidence.ledger import Kind
from assay.tables import TableSpec
from assay.verification.report import ReadableBook, plain_value

_LETTERS = {"C": "CONFORMS", "D": "DEVIATES", "N": "NOT_APPLICABLE", "U": "UNKNOWN"}
_ENGINE = ("key", "account", "region", "parent")
_NAMES = ("name", "login", "email", "user", "username", "title")
"""Columns that name a record to a person, best first."""


@dataclass(frozen=True, slots=True)
class ItemSeen:
    """One item of a check. `name` is for people; `values` are the columns that the check reads, None where a value was not seen.

    `key` is None for what was never seen as a record: a place, or a table that nobody asked for.
    """

    table: str
    key: str | None
    name: str
    account: str
    region: str
    conclusion: str
    reason: str
    values: Mapping[str, Json]


def items_of(
    book: ReadableBook, conclusions: Entry, check: Check, specs: Mapping[str, TableSpec]
) -> list[ItemSeen]:
    """Give every item of `check` in the conclusions of an entry, in the order of its set: records first, then what was never seen.

    Raises AssayError where the set and the evidence do not agree on how many there are: a letter is never given to another item.

    Items of personal tables are named, as far as their records can still be opened: whoever shows them answers for who may look.
    """
    body = book.body(conclusions)
    found = next((one for one in body["sets"] if one["check"] == check.id), None)
    if found is None:
        return []
    stated = parse(book.object(found["object"]))
    notes = {(one["table"], one.get("item") or one.get("commitment")): one for one in stated["notes"]}
    rows = [
        (table, row)
        for table in check.items
        for row in rows_of(book, body, specs[table], check.occurs.get(table))
    ]
    codes = stated["codes"]
    if codes and len(codes) != len(rows):
        raise AssayError(
            f"The conclusions of {check.id} speak of {len(codes)} items, and the evidence under them holds {len(rows)}. Run `assay fsck`; no item is shown until they agree."
        )
    records = [
        _item(row, letter, notes.pop((table, row["key"]), None), check, table)
        for (table, row), letter in zip(
            rows, codes, strict=False
        )  # none where the check could not be evaluated
    ]
    return [*records, *(_never_seen(note) for note in notes.values())]


def rows_of(
    book: ReadableBook, body: Json, spec: TableSpec, occurs: str | None = None
) -> list[dict[str, Any]]:
    """Give a table's rows as conclusions with this `body` saw them, in the order of the set's letters: of events, those that `occurs` places in the period."""
    collections = (
        CollectionEntry(entry.ordinal, book.body(entry)) for entry in book.entries(kind=Kind.COLLECTION)
    )
    basis = Basis.from_json(body)
    seen = observed(collections, basis.collections)
    if spec.name not in seen:
        return []
    given, _ = table_input(spec, seen[spec.name], book)
    names = [name for name, _ in given.columns]
    rows = [dict(zip(names, row, strict=True)) for row in given.rows]
    if occurs is not None:
        start, end = (
            one.astimezone(UTC).replace(tzinfo=None) for one in basis.period
        )  # rows hold instants in UTC, without saying so
        rows = [row for row in rows if row[occurs] is not None and start <= row[occurs] < end]
    return sorted(rows, key=lambda row: (row["key"].encode(), row["account"], row["region"]))


def _item(row: Mapping[str, Any], letter: str, note: Json | None, check: Check, table: str) -> ItemSeen:
    read = check.reads.get(table, frozenset()) - set(_ENGINE)
    conclusion = _LETTERS[letter]
    return ItemSeen(
        table,
        row["key"],
        _name(row),
        row["account"] or "",
        row["region"] or "",
        conclusion,
        "" if note is None else str(note["reason"] or ""),
        {name: plain_value(row[name]) for name in sorted(read) if name in row},
    )


def _name(row: Mapping[str, Any]) -> str:
    """Give what a person calls the record: of an ARN its resource, of a sealed record a column that names it."""
    key = str(row["key"])
    if len(key) == 64 and set(key) <= set("0123456789abcdef"):
        return next((str(row[one]) for one in _NAMES if row.get(one)), f"record {key[:8]}")
    return short_name(key)


def _never_seen(note: Json) -> ItemSeen:
    key = note.get("item")
    account, region = place_of(key) if key else ("", "")
    return ItemSeen(
        note["table"],
        key,
        short_name(key) if key else "everything of this kind",
        note.get("account") or account,
        note.get("region") or region,
        note["conclusion"],
        str(note["reason"] or ""),
        dict(note["saw"]),
    )


def conclusions_of(book: ReadableBook) -> Iterator[tuple[Entry, str]]:
    """Give each entry of conclusions with its as-of instant, oldest first."""
    for entry in book.entries(kind=Kind.CONCLUSIONS):
        yield entry, str(book.body(entry)["as_of"])
