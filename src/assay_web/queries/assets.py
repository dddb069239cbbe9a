"""The inventory: assets as the newest look found them, with whose they are and what they hold by what people said. Read at a look, kept nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assay.audit.assets import AssetKind, Assignment, Reach, assignment_of, load_asset_kinds, vanished
from assay_web.home import current_home
from assay_web.queries.seen_tables import seen_tables
from assay_web.queries.standing import Standing
from assay_web.records.continuity import AssetAssignment

HEADINGS = ("kind", "asset", "key", "account", "region", "owner", "data class", "assigned by", "seen")
_BY = {Reach.ONE: "for itself", Reach.TAG: "by tag", Reach.KIND: "by kind"}


@dataclass(frozen=True, slots=True)
class Asset:
    """An asset as found: its kind, key, name and place, its tags, and the assignment that reaches it."""

    kind: AssetKind
    key: str
    name: str
    account: str
    region: str
    tags: tuple[str, ...]
    said: AssetAssignment | None

    @property
    def owned(self) -> bool:
        return self.said is not None and self.said.owner_id is not None

    @property
    def how(self) -> str:
        """Say by what it is assigned."""
        return _BY[Reach(self.said.reach)] if self.said else ""


@dataclass(frozen=True, slots=True)
class KindFound:
    """A kind with its assets, those without an owner first. `looked` is False where no source has shown it; `hidden` counts people's, for who may not see them."""

    kind: AssetKind
    assets: tuple[Asset, ...]
    looked: bool
    hidden: int = 0

    @property
    def count(self) -> int:
        return len(self.assets) + self.hidden

    @property
    def unowned(self) -> int:
        return sum(not one.owned for one in self.assets)

    @property
    def tags(self) -> list[str]:
        """The tags that its assets carry."""
        return sorted({tag for one in self.assets for tag in one.tags})[:200]


@dataclass(frozen=True, slots=True)
class Inventory:
    """Every kind that was looked at, and the assignments of single assets that were no longer there."""

    kinds: tuple[KindFound, ...]
    vanished: tuple[AssetAssignment, ...]

    @property
    def count(self) -> int:
        return sum(one.count for one in self.kinds)

    @property
    def unowned(self) -> int:
        return sum(one.unowned for one in self.kinds)


def kinds() -> dict[str, AssetKind]:
    """Give the kinds of assets by table."""
    return load_asset_kinds(current_home().content)


def inventory(found: Standing | None, *, named: bool) -> Inventory:
    """Give the inventory of the newest conclusions. Without `named`, people's assets are counted and not shown."""
    said = {one.pk: one for one in AssetAssignment.objects.filter(ended=None).select_related("owner")}
    plain = [Assignment(one.pk, Reach(one.reach), one.kind, one.match) for one in said.values()]
    tables = seen_tables(found.entry, *kinds()) if found else {}
    listed, keys = [], {}
    for table, kind in kinds().items():
        seen = tables.get(table)
        if seen is None or seen.looks is None:
            continue
        rows = [row for row in seen.rows if kind.counts(row)]
        keys[table] = frozenset(str(row["key"]) for row in rows)
        if kind.personal and not named:
            listed.append(KindFound(kind, (), True, len(rows)))
            continue
        assets = [_asset(kind, row, plain, said) for row in rows]
        assets.sort(key=lambda one: (one.owned, one.name))
        listed.append(KindFound(kind, tuple(assets), True))
    gone = tuple(said[one.id] for one in vanished(plain, keys))
    return Inventory(tuple(listed), gone)


def _asset(
    kind: AssetKind, row: Mapping[str, Any], plain: list[Assignment], said: Mapping[int, AssetAssignment]
) -> Asset:
    key, tags = str(row["key"]), tuple(row.get("tags") or ())
    one = assignment_of(kind.table, key, tags, plain)
    return Asset(
        kind,
        key,
        str(row.get(kind.name) or key),
        str(row["account"] or ""),
        str(row["region"] or ""),
        tags,
        said[one.id] if one else None,
    )


def rows_of(found: Inventory) -> Iterable[tuple[Any, ...]]:
    """Give the inventory as rows under HEADINGS; single assets that vanished come last."""
    for kind in found.kinds:
        for one in kind.assets:
            owner = str(one.said.owner or "") if one.said else ""
            data = one.said.get_data_class_display() if one.said else ""
            yield (kind.kind.group, one.name, one.key, one.account, one.region, owner, data, one.how, "yes")
    for gone in found.vanished:
        group = kinds()[gone.kind].group
        yield (
            group,
            gone.label,
            gone.match,
            "",
            "",
            str(gone.owner or ""),
            gone.get_data_class_display(),
            "for itself",
            "no longer",
        )
