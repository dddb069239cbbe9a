"""The restricted dialect of checks, held by allow-lists over sqlglot's tree: what is not named here is refused.

One SELECT over declared tables and columns; no clock, randomness, JSON digging, file or setting; so the same file gives the same answer
on another day and on another engine. `read_query` also finds which columns each table is read for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from assay.checks.errors import DialectError

ENGINE_VALUES = frozenset({"as_of", "period_start", "period_end", "zone"})
"""Values that the engine binds: instants as TIMESTAMP in UTC, and the company's zone as text."""

MACROS = frozenset({"matches_any", "tagged", "without", "unmatched", "local_date", "local_midnight"})
"""Functions that the engine defines, see `assay.checks.sealed`."""

PLAIN_FUNCTIONS = MACROS | {"list_has_all", "list_distinct", "to_hours", "to_minutes", "to_seconds"}
"""Functions that sqlglot has no class for."""

_STRUCTURE = """
    Select Union With CTE Subquery From Join Table TableAlias Where Group Having Order Ordered Window WindowSpec Filter Distinct
    Alias Column Identifier Placeholder Literal Boolean Null Star Paren Tuple Cast DataType DataTypeParam Interval Var
"""
_OPERATORS = """
    And Or Not EQ NEQ GT GTE LT LTE Is In Between Like ILike Escape Exists NullSafeEQ NullSafeNEQ Add Sub Mul Div IntDiv Mod Neg DPipe
    Case If Array Bracket
"""
_FUNCTIONS = """
    Coalesce Nullif Greatest Least Abs Round Floor Ceil Lower Upper Trim Length StartsWith EndsWith Contains SplitPart Replace Concat
    Substring StrPosition ArrayContains ArrayOverlaps ArraySort ArrayToString ArrayConcat Count CountIf Sum Min Max Avg LogicalOr
    LogicalAnd GroupConcat ArrayAgg AnyValue RowNumber Lag Lead ToDays DateDiff TimestampTrunc DateTrunc Anonymous
"""
ALLOWED = frozenset(f"{_STRUCTURE} {_OPERATORS} {_FUNCTIONS}".split())
"""Names of the sqlglot classes that may stand in a check."""

CAST_TYPES = frozenset(
    {"TEXT", "VARCHAR", "BOOLEAN", "INT", "BIGINT", "DECIMAL", "TIMESTAMP", "DATE", "LIST"}
)
JOIN_KINDS = frozenset({"", "INNER", "CROSS"})
JOIN_SIDES = frozenset({"", "LEFT", "FULL"})

_PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]*")

_INSTEAD = {
    "Star": "name each column; only count(*) may have a star",
    "TableSample": "a check looks at every record",
    "Limit": "a check gives a row for every item",
    "Offset": "a check gives a row for every item",
    "Rand": "a check gives the same answer every time",
    "Uuid": "a check gives the same answer every time",
    "CurrentDate": "use $as_of, or local_date($as_of, $zone)",
    "CurrentTimestamp": "use $as_of",
    "CurrentTime": "use $as_of",
    "Localtimestamp": "use $as_of",
    "Localtime": "use $as_of",
    "JSONExtract": "give the table spec a typed column for it",
    "JSONExtractScalar": "give the table spec a typed column for it",
    "Dot": "give the table spec a typed column for it",
    "ReadCSV": "read a declared table",
    "ReadParquet": "read a declared table",
    "RegexpLike": "use like, starts_with or matches_any(value, patterns)",
    "Glob": "use matches_any(value, patterns)",
    "Intersect": "use exists",
    "Except": "use not exists",
    "Lateral": "use a join or a subquery",
    "TryCast": "the columns have types already",
    "Unnest": "use list_contains, list_has_any or matches_any",
    "Explode": "use list_contains, list_has_any or matches_any",
    "Qualify": "number the rows in a CTE and filter on it",
    "Lambda": "use matches_any, without or unmatched",
    "Transform": "use matches_any, without or unmatched",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A linted query: its tree, the columns read for each table, the parameters, the output names, and who reads an items table twice."""

    tree: exp.Query
    reads: Mapping[str, frozenset[str]]
    parameters: frozenset[str]
    outputs: tuple[str, ...]

    @property
    def branches(self) -> list[exp.Select]:
        """The top-level SELECTs that UNION ALL puts together."""
        return list(_branches(self.tree))


@dataclass(slots=True)
class _Names:
    """What names mean in one query: declared tables with their columns, and the outputs of each CTE."""

    tables: Mapping[str, Mapping[str, str]]
    ctes: dict[str, exp.Query] = field(default_factory=dict)
    reads: dict[str, set[str]] = field(default_factory=dict)


def parse_select(sql: str) -> exp.Query:
    """Give the tree of the one SELECT in `sql`; raises DialectError for anything else."""
    try:
        trees = [tree for tree in sqlglot.parse(sql, read="duckdb") if tree is not None]
    except (SqlglotError, RecursionError, ValueError) as error:
        first = str(error).split("\n")[0]
        raise DialectError(f"The SQL cannot be read: {first} Write one SELECT.") from error
    if len(trees) != 1:
        raise DialectError(f"There are {len(trees)} statements. Write exactly one SELECT.")
    tree = trees[0]
    if not isinstance(tree, exp.Select | exp.Union):
        raise DialectError(f"The statement is a {_spoken(tree)}. Write exactly one SELECT.")
    return tree


def read_query(sql: str, tables: Mapping[str, Mapping[str, str]]) -> Reading:
    """Lint `sql` against the declared `tables` (name to columns) and say what it reads.

    1. One SELECT, of allowed shapes and functions only. 2. Every table is declared. 3. Every column belongs to a declared table or to a
    subquery. Raises DialectError with what to write instead.
    """
    tree = parse_select(sql)
    for node in tree.walk():
        _check_node(node)
    names = _Names(tables=tables, reads={})
    _collect_ctes(tree, names)
    for table in tree.find_all(exp.Table):
        _check_table(table, names)
    for column in tree.find_all(exp.Column):
        _resolve(column, names)
    return Reading(
        tree=tree,
        reads={table: frozenset(columns) for table, columns in names.reads.items()},
        parameters=frozenset(node.name for node in tree.find_all(exp.Placeholder)),
        outputs=_outputs(tree),
    )


def _check_node(node: exp.Expr) -> None:
    kind = type(node).__name__
    if kind not in ALLOWED:
        raise DialectError(
            f"“{_excerpt(node)}” uses {_spoken(node)}, which checks cannot use{_instead(kind)}."
        )
    match node:
        case exp.Anonymous() if node.name.lower() not in PLAIN_FUNCTIONS:
            raise DialectError(
                f"“{_excerpt(node)}” calls {node.name.lower()}, which checks cannot use; a clock, a file, a setting or a "
                "function of one engine has no place in a check."
            )
        case exp.Star() if not isinstance(node.parent, exp.Count):
            raise DialectError(f"“{_excerpt(node.parent or node)}” takes every column{_instead('Star')}.")
        case exp.Placeholder() if not _PLAIN_NAME.fullmatch(str(node.this or "")):
            raise DialectError(f"“{_excerpt(node)}” is not a parameter with a plain name; write $name.")
        case exp.DataType() if node.this.name not in CAST_TYPES:
            known = ", ".join(sorted(CAST_TYPES))
            raise DialectError(f"“{_excerpt(node)}” is a type that checks cannot use; use {known}.")
        case exp.Identifier() if not _PLAIN_NAME.fullmatch(node.this):
            raise DialectError(
                f"The name “{node.this}” is not plain; write names in lower-case letters, digits and underscores."
            )
        case _:
            _check_shape(node)


def _check_shape(node: exp.Expr) -> None:
    match node:
        case exp.Join():
            _check_join(node)
        case exp.With() if node.args.get("recursive"):
            raise DialectError("A recursive query has no bound; write it without RECURSIVE.")
        case exp.Union() if (
            node.args.get("distinct")
            or node.args.get("by_name")
            or node.args.get("side")
            or node.args.get("kind")
        ):
            raise DialectError(
                "UNION drops or pairs rows; write UNION ALL with the same columns in the same order."
            )
        case exp.Union() if node.args.get("order"):
            raise DialectError("The rows of a UNION ALL need no order; leave ORDER BY out.")
        case exp.Select() if node.args.get("kind") or node.args.get("into") or node.args.get("locks"):
            raise DialectError("Write a plain SELECT, without INTO, AS STRUCT or FOR UPDATE.")
        case exp.Select() if node.args.get("distinct") and node.args["distinct"].args.get("on"):
            raise DialectError(
                "DISTINCT ON picks a row by chance; number the rows with row_number() and keep the first."
            )
        case exp.CTE() if node.args["alias"].args.get("columns"):
            raise DialectError(f"The CTE “{node.alias}” renames its columns; name them inside with AS.")


def _check_join(join: exp.Join) -> None:
    if join.args.get("using"):
        raise DialectError(f"“{_excerpt(join)}” joins by USING; write ON with both columns.")
    if not join.kind and not join.side and not join.args.get("on"):
        raise DialectError(
            f"“{_excerpt(join)}” joins without saying on what; write JOIN … ON, or CROSS JOIN where every pair is meant."
        )
    shape = (join.kind.upper(), join.side.upper(), str(join.args.get("method") or ""))
    if shape[0] not in JOIN_KINDS or shape[1] not in JOIN_SIDES or shape[2]:
        raise DialectError(
            f"“{_excerpt(join)}” is a join that checks cannot use; use JOIN, LEFT JOIN, FULL JOIN or CROSS JOIN, or EXISTS."
        )


def _check_table(table: exp.Table, names: _Names) -> None:
    if not isinstance(table.this, exp.Identifier) or table.args.get("db") or table.args.get("catalog"):
        raise DialectError(
            f"“{_excerpt(table)}” is not a declared table; read the tables that the header declares, by their plain names."
        )
    if table.name in names.ctes:
        return
    if table.name not in names.tables:
        raise DialectError(
            f"The table “{table.name}” is not declared; add it to `tables:` or read one of {', '.join(names.tables)}."
        )
    names.reads.setdefault(table.name, set())


def _collect_ctes(tree: exp.Query, names: _Names) -> None:
    for cte in tree.find_all(exp.CTE):
        if cte.alias in names.tables or cte.alias in names.ctes:
            raise DialectError(f"The CTE “{cte.alias}” has the name of something else; give it another.")
        names.ctes[cte.alias] = cte.this


def _resolve(column: exp.Column, names: _Names) -> None:
    """Find what a column belongs to, nearest SELECT first, and note it as read where that is a table."""
    if column.args.get("db") or column.args.get("catalog"):
        raise DialectError(
            f"“{_excerpt(column)}” digs into a value; give the table spec a typed column for it."
        )
    scopes = list(_scopes(column))
    if not column.table:
        _resolve_bare(column, scopes, names)
        return
    for select in scopes:
        source = _sources(select).get(column.table)
        if source is not None:
            _read(column, source, names)
            return
    raise DialectError(
        f"“{_excerpt(column)}”: nothing here is called “{column.table}”; use an alias of this SELECT's FROM."
    )


def _resolve_bare(column: exp.Column, scopes: list[exp.Select], names: _Names) -> None:
    if not scopes:
        raise DialectError(f"“{_excerpt(column)}” stands outside a SELECT; leave it out.")
    sources = _sources(scopes[0])
    if len(sources) == 1 and column.name in _columns(next(iter(sources.values())), names):
        _read(column, next(iter(sources.values())), names)
        return
    holders = [alias for alias, source in sources.items() if column.name in _columns(source, names)]
    if len(sources) > 1 and holders:
        raise DialectError(
            f"“{column.name}” does not say whose column it is; write {' or '.join(f'{alias}.{column.name}' for alias in holders)}."
        )
    if column.name in {
        projection.alias for projection in scopes[0].selects if isinstance(projection, exp.Alias)
    }:
        return
    raise DialectError(f"No table here has a column “{column.name}”{_known(sources, names)}.")


def _known(sources: Mapping[str, exp.Expr], names: _Names) -> str:
    known = sorted({name for source in sources.values() for name in _columns(source, names)})
    return f"; there are {', '.join(known)}" if known else ""


def _read(column: exp.Column, source: exp.Expr, names: _Names) -> None:
    columns = _columns(source, names)
    if column.name not in columns:
        raise DialectError(
            f"“{_excerpt(column)}”: there is no column “{column.name}”; there are {', '.join(sorted(columns))}."
        )
    if isinstance(source, exp.Table) and source.name in names.tables:
        names.reads.setdefault(source.name, set()).add(column.name)


def _scopes(node: exp.Expr) -> Iterator[exp.Select]:
    """The SELECTs around a node, nearest first."""
    ancestor = node.find_ancestor(exp.Select)
    while ancestor is not None:
        yield ancestor
        ancestor = ancestor.find_ancestor(exp.Select)


def _sources(select: exp.Select) -> dict[str, exp.Expr]:
    """The tables and subqueries of a SELECT's FROM, by alias."""
    origin = select.args.get("from_") or select.args.get("from")
    places = ([origin.this] if origin else []) + [join.this for join in select.args.get("joins") or []]
    return {place.alias_or_name: place for place in places}


def _columns(source: exp.Expr, names: _Names) -> set[str]:
    if isinstance(source, exp.Table):
        if source.name in names.ctes:
            return set(_outputs(names.ctes[source.name]))
        return set(names.tables.get(source.name, ()))
    if isinstance(source, exp.Subquery):
        return set(_outputs(source.this))
    return set()


def _outputs(query: exp.Expr) -> tuple[str, ...]:
    """Names of a query's columns; every branch of a UNION ALL must give the same in the same order."""
    found = [tuple(projection.alias_or_name for projection in branch.selects) for branch in _branches(query)]
    if any(names != found[0] for names in found):
        raise DialectError(
            "The SELECTs of a UNION ALL give different columns; give the same names in the same order in each."
        )
    if len(set(found[0])) != len(found[0]) or "" in found[0]:
        raise DialectError("A column has no name of its own; name each with AS, each name once.")
    return found[0]


def _branches(query: exp.Expr) -> Iterator[exp.Select]:
    match query:
        case exp.Union():
            yield from _branches(query.this)
            yield from _branches(query.expression)
        case exp.Subquery():
            yield from _branches(query.this)
        case exp.Select():
            yield query


def _excerpt(node: exp.Expr) -> str:
    text = " ".join(node.sql("duckdb", comments=False).split())
    return text if len(text) <= 60 else f"{text[:57]}…"


def _spoken(node: exp.Expr) -> str:
    return f"{node.key.upper().replace('_', ' ')}"


def _instead(kind: str) -> str:
    return f"; {_INSTEAD[kind]}" if kind in _INSTEAD else ""
