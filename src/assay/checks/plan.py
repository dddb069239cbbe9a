"""From a linted query to what the engine runs: SQL written anew from the tree, with the ordinal of the item's record beside each row."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from assay.checks.check import Plan
from assay.checks.conclusion import Conclusion
from assay.checks.dialect import Reading
from assay.checks.specs import ORDINAL

OFFSET = "_offset_"
"""Prefix of the engine's parameter that holds where the ordinals of an items table begin."""


def make_plan(reading: Reading, items: tuple[str, ...]) -> Plan:
    """Plan a linted query over its items tables.

    The ordinal is carried from the item's own row where `item` is the key of an items table, be it through CTEs and subqueries; otherwise
    the engine finds the record by its key, which is slower and needs keys that are unique across places.
    """
    tree = reading.tree.copy()
    carried = carried_items(tree, items)
    owners = [found.table if found else items[0] if len(items) == 1 else None for found in carried]
    across = frozenset(table for table in items if _reads_across(reading, table, owners))
    ordinals = all(found is not None for found in carried)
    for found in carried if ordinals else ():
        if found is not None:
            carry(found, ORDINAL, several=len(items) > 1)
    return Plan(
        sql=tree.sql("duckdb", comments=False, pretty=False),
        ordinals=ordinals,
        outputs=reading.outputs,
        across=across,
        literals=frozenset(
            node.this
            for node in tree.find_all(exp.Literal)
            if node.is_string and node.this in set(Conclusion)
        ),
    )


def carried_items(tree: exp.Query, items: tuple[str, ...]) -> list[Carried | None]:
    """Follow the column `item` of each branch of a query to the record that it names; None for a branch where it cannot be followed."""
    ctes = _ctes(tree)
    return [_carried(branch, "item", items, ctes) for branch in Reading(tree, {}, frozenset(), ()).branches]


@dataclass(frozen=True, slots=True)
class Carried:
    """The items table whose key a column is, and the SELECTs that hand it on, innermost first, each with the alias it comes from."""

    table: str
    through: tuple[tuple[exp.Select, str], ...]


def _carried(
    select: exp.Select, name: str, items: tuple[str, ...], ctes: dict[str, exp.Expr]
) -> Carried | None:
    """Follow a column of a SELECT to the key of an items table; None where it is anything else on the way, or rows are put together."""
    column = next(
        (projection.unalias() for projection in select.selects if projection.alias_or_name == name), None
    )
    sources = sources_of(select)
    if not isinstance(column, exp.Column) or select.args.get("distinct") or not _keeps_rows(select, column):
        return None
    alias = column.table or (next(iter(sources)) if len(sources) == 1 else "")
    source = sources.get(alias)
    if isinstance(source, exp.Table) and source.name in items:
        return Carried(source.name, ((select, alias),)) if column.name == "key" else None
    inner = (
        ctes.get(source.name)
        if isinstance(source, exp.Table)
        else source.this
        if source is not None
        else None
    )
    found = _carried(inner, column.name, items, ctes) if isinstance(inner, exp.Select) else None
    return Carried(found.table, (*found.through, (select, alias))) if found else None


def _keeps_rows(select: exp.Select, column: exp.Column) -> bool:
    """Whether each row of a SELECT is about one value of the column: nothing is aggregated, or the column is what it is grouped by."""
    group = select.args.get("group")
    return any(expression == column for expression in group.expressions) if group else not _aggregates(select)


def carry(found: Carried, column: str, *, several: bool) -> None:
    """Add a column of the item's record to every SELECT on the way; the outermost of several items tables adds where its ordinals begin."""
    for depth, (select, alias) in enumerate(found.through, start=1):
        if column in (projection.alias for projection in select.selects):
            continue  # a CTE that two branches share has it already
        value: exp.Expr = exp.column(column, table=alias)
        if select.args.get("group"):
            value = exp.AnyValue(this=value)
        if several and depth == len(found.through):
            value = exp.Add(this=value, expression=exp.Placeholder(this=OFFSET + found.table))
        select.select(exp.alias_(value, column), append=True, copy=False)


def _ctes(tree: exp.Expr) -> dict[str, exp.Expr]:
    return {cte.alias: cte.this for cte in tree.find_all(exp.CTE)}


def _reads_across(reading: Reading, table: str, owners: list[str | None]) -> bool:
    """Whether an item's conclusion can rest on another record of an items table: a self-join, a window, or a sum over many records."""
    ctes = _ctes(reading.tree)
    for branch, owner in zip(reading.branches, owners, strict=True):
        if _uses(branch, table, ctes) > (owner == table):
            return True
    return any(_mixes(select) for select in reading.tree.find_all(exp.Select) if _uses(select, table, ctes))


def _uses(query: exp.Expr, table: str, ctes: dict[str, exp.Expr]) -> int:
    """How often a query reads a table, each reading of a CTE counted as its own."""
    count = 0
    for node in _outside_ctes(query):
        count += node.name == table
        if node.name in ctes:
            count += _uses(ctes[node.name], table, ctes)
    return count


def _outside_ctes(query: exp.Expr) -> list[exp.Table]:
    return [node for node in query.find_all(exp.Table) if not _within_cte(node, query)]


def _within_cte(node: exp.Expr, top: exp.Expr) -> bool:
    parent = node.parent
    while parent is not None and parent is not top:
        if isinstance(parent, exp.CTE):
            return True
        parent = parent.parent
    return False


def _mixes(select: exp.Select) -> bool:
    """Whether a SELECT puts several rows together other than by an item's own key."""
    if any(_nearest(window) is select for window in select.find_all(exp.Window)) or select.args.get(
        "distinct"
    ):
        return True
    group = select.args.get("group")
    own_key = group is not None and any(
        isinstance(column, exp.Column) and column.name == "key" for column in group.expressions
    )
    return not own_key and (group is not None or _aggregates(select))


def _aggregates(select: exp.Select) -> bool:
    return any(
        _nearest(call) is select and not isinstance(call.parent, exp.Window)
        for call in select.find_all(exp.AggFunc)
    )


def _nearest(node: exp.Expr) -> exp.Select | None:
    return node.find_ancestor(exp.Select)


def sources_of(select: exp.Select) -> dict[str, exp.Expr]:
    """The tables and subqueries of a SELECT's FROM and joins, by alias."""
    origin = select.args.get("from_") or select.args.get("from")
    places = ([origin.this] if origin else []) + [join.this for join in select.args.get("joins") or []]
    return {place.alias_or_name: place for place in places}
