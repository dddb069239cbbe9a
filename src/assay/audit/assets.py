"""Assets as found: which tables hold them (content files `assets/<table>.yaml`), and whose each is by the narrowest assignment that reaches it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assay.catalogue.reading import CatalogueError, Fields, read_fields, stem
from assay.content_tree import Content, read_once
from assay.tables import load_tables


class Reach(StrEnum):
    """What an assignment speaks for; of several, the first of these counts."""

    ONE = "one"
    TAG = "tag"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class AssetKind:
    """A table that holds assets: the group that readers think in, the column that names one, the states in which one is no longer there.

    `personal` says that its records are people's: they are shown to those who may see people, and assigned as a whole.
    """

    table: str
    group: str
    order: int
    name: str
    leave_out: Mapping[str, tuple[str, ...]]
    personal: bool
    tagged: bool

    def counts(self, row: Mapping[str, Any]) -> bool:
        """Tell whether a record is an asset that is there."""
        return all(row.get(column) not in values for column, values in self.leave_out.items())


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whose assets are, by its id: all of a `kind`, those with the tag `match` (key:value), or the one with the key `match`."""

    id: int
    reach: Reach
    kind: str
    match: str


def assignment_of(
    kind: str, key: str, tags: Iterable[str], assignments: Iterable[Assignment]
) -> Assignment | None:
    """Give the narrowest assignment that reaches an asset: its own, then by the first of its tags, then by its kind; None where nobody said."""
    own = [one for one in assignments if one.kind == kind]
    tagged = {one.match: one for one in own if one.reach is Reach.TAG}
    by_key = next((one for one in own if one.reach is Reach.ONE and one.match == key), None)
    by_tag = next((tagged[tag] for tag in sorted(tags) if tag in tagged), None)
    by_kind = next((one for one in own if one.reach is Reach.KIND), None)
    return by_key or by_tag or by_kind


def vanished(assignments: Iterable[Assignment], seen: Mapping[str, frozenset[str]]) -> list[Assignment]:
    """Give the assignments of single assets that were not there at the last look. `seen` holds the keys of each kind that was looked at at all."""
    return [
        one
        for one in assignments
        if one.reach is Reach.ONE and one.kind in seen and one.match not in seen[one.kind]
    ]


def load_asset_kinds(content: Content) -> dict[str, AssetKind]:
    """Read the kinds by table, in their order. Raises CatalogueError, which names file, field and remedy."""
    return read_once("assets", content, lambda: _load(content))


def _load(content: Content) -> dict[str, AssetKind]:
    kinds = [_read(read_fields(content, path), content) for path in content.paths("assets/", ".yaml")]
    return {one.table: one for one in sorted(kinds, key=lambda one: (one.order, one.table))}


def _read(fields: Fields, content: Content) -> AssetKind:
    table = stem(fields.path)
    spec = load_tables(content).get(table)
    if spec is None:
        raise CatalogueError(f"{fields.path}: There is no table {table}; name the file after one.")
    group, order, name = fields.text("group"), fields.integer("order"), fields.text("name")
    leave_out = fields.fields("leave_out") if "leave_out" in fields else None
    left = {column: leave_out.texts(column) for column in leave_out.names()} if leave_out else {}
    fields.done()
    for column in (name, *left):
        if column not in spec.columns:
            raise fields.error(column, f"is no column of {table}; mend the name")
    return AssetKind(table, group, order, name, left, bool(spec.personal), "tags" in spec.columns)
