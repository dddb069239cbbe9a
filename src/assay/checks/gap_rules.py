"""Which items a gap makes UNKNOWN, as small pure rules. They hold whatever the SQL says, and make no more unknown than they must.

A rule gives reaches: descriptions of items, never items themselves, so that the rules need no data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from assay.checks.check import Check, Kind
from assay.checks.specs import Spec, column_types
from assay.evidence.gaps import Gap, Reason


@dataclass(frozen=True, slots=True)
class Reach:
    """The items of `table` whose columns have the values of `where` (all items when it is empty).

    `points`: instead, the items whose column names a record that lies in the place, or one that no record known is: (column, joined table, place).
    `stands_in`: where no such item is known, one row says that something is unknown, named by `name`, or by the place when that is None.
    `known_stay`: the known items keep their conclusions, and the row stands in for what was not seen beside them.
    """

    table: str
    where: tuple[tuple[str, str], ...]
    stands_in: bool = False
    name: str | None = None
    known_stay: bool = False
    points: tuple[str, str, tuple[tuple[str, str], ...]] | None = None


def is_read(gap: Gap, check: Check) -> bool:
    """A gap matters only when it covers a column that the check reads; one without columns covers the whole record."""
    if gap.table not in check.tables:
        return False
    return gap.columns is None or bool(gap.columns & check.reads.get(gap.table, frozenset()))


def relevant(gaps: Iterable[Gap], check: Check) -> list[Gap]:
    """Give the gaps that matter to the check, in their fixed order, so that the first reason wins whatever order they came in."""
    return sorted((gap for gap in gaps if is_read(gap, check)), key=lambda gap: (gap.order(), gap.reason))


def reaches(gap: Gap, check: Check, specs: Mapping[str, Spec]) -> Iterator[Reach]:
    """Give what a relevant gap makes unknown: items that it covers itself, and items that rest on what it covers."""
    if gap.table in check.items:
        yield own_reach(gap, check)
    if gap.table not in check.items or gap.table in check.plan.across:
        for table in check.items:
            link = check.links.get(gap.table)
            if link is None or link.items in (None, table):
                yield joined_reach(gap, table, check, specs)
                yield from pointing_reach(gap, table, check, specs)


def own_reach(gap: Gap, check: Check) -> Reach:
    """A gap in an items table: its record; or what belongs to its parent; or every item of its place.

    Time that is not covered hides events beside the known ones: there the known events of a period keep their conclusions.
    """
    where = tuple(
        (column, value) for column, value in (("account", gap.account), ("region", gap.region)) if value
    )
    if gap.key is not None:
        return Reach(gap.table, (("key", gap.key), *where), stands_in=True, name=gap.key)
    beside = check.kind is Kind.POPULATION and gap.reason is Reason.NOT_COVERED and gap.columns is None
    if gap.parent is not None:
        return Reach(
            gap.table, (("parent", gap.parent), *where), stands_in=True, name=gap.parent, known_stay=beside
        )
    return Reach(gap.table, where, stands_in=True, known_stay=beside)


def joined_reach(gap: Gap, items: str, check: Check, specs: Mapping[str, Spec]) -> Reach:
    """A gap in a table that items rest on: the items that a link ties to it; otherwise the account's, and the region's where both have regions.

    Where the sources differ nothing says which items rest on it, so all do. Items that are not known need no row: their own table is whole.
    """
    link = check.links.get(gap.table)
    if link is not None:
        value = gap.key if link.end == "key" else gap.parent
        if link.column is None:
            return Reach(items, ())
        if value is not None and link.column in column_types(specs[items]):
            place = _shared_place(gap, specs[gap.table], specs[items]) if link.in_place else ()
            return Reach(items, ((link.column, value), *place))
    return Reach(items, _shared_place(gap, specs[gap.table], specs[items]))


def pointing_reach(gap: Gap, items: str, check: Check, specs: Mapping[str, Spec]) -> Iterator[Reach]:
    """A whole place of a linked table that was not seen, beside `joined_reach`: items of any account that point into it, or at a record that
    nobody knows and that may lie there. An item that points at a record known elsewhere rests on that one and is left alone; one that points only
    within its own place is reached by `joined_reach`."""
    link = check.links.get(gap.table)
    if link is None or link.column is None or link.end != "key" or link.in_place:
        return
    if gap.key is not None or gap.account is None:
        return
    if link.column in column_types(specs[items]):
        place = (("account", gap.account), *((("region", gap.region),) if gap.region else ()))
        yield Reach(items, (), points=(link.column, gap.table, place))


def _shared_place(gap: Gap, joined: Spec, items: Spec) -> tuple[tuple[str, str], ...]:
    if joined.source != items.source or gap.account is None:
        return ()
    if joined.reach == items.reach == "region" and gap.region:
        return (("account", gap.account), ("region", gap.region))
    return (("account", gap.account),)
