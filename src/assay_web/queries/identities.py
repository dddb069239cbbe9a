"""Whether an item of one look is the item of another. What is a person's goes by a commitment, which is another with every version of its record, so it is told by the key that is sealed inside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assay.conclusions import Basis, CollectionEntry, observed
from assay.evidence.ledger import Kind
from assay.evidence.records import Sealed
from assay.home.judging import HomeBook
from assay.home.personal import personal
from assay.tables import load_tables
from assay.verification.items import ItemSeen
from assay_web.home import current_home
from assay_web.memory import remembered
from assay_web.queries.checks import items
from assay_web.queries.standing import Object, Standing

Identity = tuple[str, str, str, str]
"""Table, account, region and key of a record."""


@dataclass(frozen=True, slots=True)
class Matched:
    """What a kept item is now: the item as it reads, None where it is not there; `known` is False where nobody can tell, because it was erased."""

    now: ItemSeen | None
    known: bool = True


def matched(found: Standing, about: str, kept: Sequence[Object]) -> list[Matched]:
    """Give what each kept item of a check is in the newest conclusions. `seen` of a kept item is the ledger's index of those in which it was chosen."""
    if not kept:
        return []
    sealed = frozenset(name for name, one in load_tables(current_home().content).items() if one.personal)
    there = {
        identity: one
        for one in items(found, about, named=True)
        if one.key is not None
        and (identity := identity_of(one.table, one.account, one.region, one.key, found.entry, sealed))
    }
    identities = [
        identity_of(one["table"], one["account"], one["region"], one["key"], one["seen"], sealed)
        for one in kept
    ]
    return [Matched(None, known=False) if one is None else Matched(there.get(one)) for one in identities]


def identity_of(
    table: str, account: str, region: str, key: str, entry: int, sealed: Collection[str]
) -> Identity | None:
    """Give the identity of an item as conclusions saw it; `sealed` names the tables of people. None for an item of those that cannot be opened any more."""
    if table not in sealed:
        return table, account, region, key
    inside = _sealed_keys(str(current_home().path), entry, table).get(key)
    return None if inside is None else (table, account, region, inside)


@remembered(64)
def _sealed_keys(path: str, entry: int, table: str) -> Mapping[str, str]:
    """Give the keys sealed in a person's records as conclusions saw them, by commitment. In memory alone: no file on disk holds them."""
    home = current_home()
    basis = Basis.from_json(home.ledger.body(home.ledger.entry(entry)))
    entries = (
        CollectionEntry(one.ordinal, home.ledger.body(one))
        for one in home.ledger.entries(kind=Kind.COLLECTION)
    )
    seen = observed(entries, basis.collections).get(table)
    keys: dict[str, str] = {}
    with personal(home) as people:
        book = HomeBook(home, people.sealer)
        for population in seen.populations if seen else ():
            for line in book.lines(population):
                opened = book.open(population, line) if isinstance(line, Sealed) else None
                if opened is not None and isinstance(line, Sealed):
                    keys[line.commitment.hex()] = opened.key
    return keys
