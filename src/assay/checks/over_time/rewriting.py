"""A check's SQL written anew so that it judges versions instead of days: each version of an item once, at the instants at which what it rests on changes.

Every relation gets an interval, `_from` to `_until`, in which its rows hold. Items are scanned as moments: a version, and an instant `_at` at which to
judge it. What a moment is joined with is looked at as it was at `_at`, and `$as_of` becomes `_at`. A shape that these rules do not know gives None:
the check is then judged whole at every instant at which anything changed, which is slower and always right.
"""

# ruff: noqa: S608 - names of tables and columns come from linted checks alone
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from assay.checks.check import Check, Kind
from assay.checks.dialect import parse_select
from assay.checks.plan import Carried, carried_items, carry, sources_of
from assay.checks.specs import ENGINE_COLUMNS, ORDINAL

AT, END, FROM, UNTIL = "_at", "_end", "_from", "_until"
"""When a moment is judged, until when it may hold, and from when until when a version was there."""


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Where other records change what an item's conclusion rests on: SQL that gives `_ordinal` of the version and the instant `b`."""

    table: str
    sql: str


@dataclass(frozen=True, slots=True)
class OverTime:
    """A check over versions: `sql` reads `moments_name(table)` for the items and `versions_name(table, columns)` for what they are joined with."""

    sql: str
    boundaries: tuple[Boundaries, ...]


def moments_name(table: str) -> str:
    """The name under which the SQL scans the moments of an items table."""
    return f"_moments_{table}"


def versions_name(table: str, check: Check) -> str:
    """The name of a table's versions, told apart by the columns that the check reads alone."""
    return f"_versions_{table}__{'_'.join(sorted(read_columns(table, check)))}"


def read_columns(table: str, check: Check) -> frozenset[str]:
    """The columns of a table's own that a check reads, the engine's apart."""
    return check.reads.get(table, frozenset()) - set(ENGINE_COLUMNS)


_REWRITTEN: dict[tuple[str, str], OverTime | None] = {}
"""What was rewritten in this process, by the check's id and digest: a check is judged over stretch after stretch."""


def over_time(check: Check) -> OverTime | None:
    """Rewrite a check, or give None where it must be judged whole: a population, items that rest on each other, a shape without a rule."""
    asked = (check.id, check.digest)
    if asked not in _REWRITTEN:
        _REWRITTEN[asked] = _rewritten(check)
    return _REWRITTEN[asked]


def _rewritten(check: Check) -> OverTime | None:
    if check.kind is not Kind.ITEM or check.plan.across:
        return None
    try:
        return _Rewriting(check).rewritten()
    except NoRuleError:
        return None


class NoRuleError(Exception):
    """There is no rule for what the SQL says here; never seen outside of this module."""


@dataclass(slots=True)
class _Rewriting:
    check: Check
    tree: exp.Query = field(init=False)
    ctes: dict[str, exp.Expr] = field(init=False)
    versioned: set[int] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)
    found: list[tuple[str, exp.Expr, list[tuple[str, exp.Expr]]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tree = parse_select(self.check.sql)
        self.ctes = {cte.alias: cte.this for cte in self.tree.find_all(exp.CTE)}
        for column in list(self.tree.find_all(exp.Column)):
            self._qualify(column)

    def _qualify(self, column: exp.Column) -> None:
        """Say whose a bare column is: the dialect leaves it bare only where its SELECT has one source."""
        select = column.find_ancestor(exp.Select)
        sources = {} if column.table or select is None else sources_of(select)
        if len(sources) != 1:
            return
        (alias, source), *_ = sources.items()
        if column.name in self._columns(source):
            column.set("table", exp.to_identifier(alias))

    def _columns(self, source: exp.Expr) -> set[str]:
        if isinstance(source, exp.Table) and source.name not in self.ctes:
            return {*ENGINE_COLUMNS, *self.check.reads.get(source.name, ())}
        query = self.ctes[source.name] if isinstance(source, exp.Table) else source.this
        while isinstance(query, exp.Union):
            query = query.this
        return set() if not isinstance(query, exp.Select) else {one.alias_or_name for one in query.selects}

    def rewritten(self) -> OverTime:
        """1. Follow each item to its record's row. 2. Look at everything else as it was at the moment. 3. Scan moments for items."""
        chains = carried_items(self.tree, self.check.items)
        if any(chain is None for chain in chains):
            raise NoRuleError
        whole = [chain for chain in chains if chain is not None]
        scans = [self._scan(chain) for chain in whole]
        for chain in whole:
            for depth in range(len(chain.through)):
                self._look_back(chain, depth)
        for chain in whole:
            _group_by_moment(chain)
            carry(chain, ORDINAL, several=False)
            carry(chain, AT, several=False)
        self._name_versions({id(scan) for scan in scans})
        for scan in scans:
            _rename(scan, moments_name(scan.name))
        boundaries = tuple(self._boundaries())
        sql = self.tree.sql("duckdb", comments=False)
        if "$as_of" in sql:
            raise NoRuleError
        return OverTime(sql, boundaries)

    def _scan(self, chain: Carried) -> exp.Table:
        select, alias = chain.through[0]
        scan = sources_of(select)[alias]
        if not isinstance(scan, exp.Table):
            raise NoRuleError
        return scan

    def _look_back(self, chain: Carried, depth: int) -> None:
        """Join, within one SELECT on the way of the items, everything as it was at the moment; and make `$as_of` the moment."""
        select, alias = chain.through[depth]
        if id(select) in self.seen:
            return
        self.seen.add(id(select))
        origin = select.args.get("from_") or select.args.get("from")
        if origin is None or origin.this.alias_or_name != alias:
            raise NoRuleError
        for join in select.args.get("joins") or []:
            if (join.side or "").upper() not in ("", "LEFT"):
                raise NoRuleError
            source = join.this
            self._version(source)
            condition = join.args.get("on")
            self._note(chain, depth, source, [*_conjuncts(condition), *_conjuncts(_where(select))])
            held = _held(source.alias_or_name, alias)
            join.set("on", held if condition is None else exp.and_(condition, held, copy=False))
            if (join.kind or "").upper() == "CROSS":
                join.set("kind", None)
        for inner in list(_subqueries(select, self.ctes)):
            self._look_back_within(chain, depth, inner)
        for placeholder in _placeholders(select):
            placeholder.replace(exp.column(AT, table=alias))

    def _look_back_within(self, chain: Carried, depth: int, nested: exp.Select) -> None:
        """The same for a subquery about one item: each of its sources is looked at as it was at the moment."""
        alias = chain.through[depth][1]
        conditions = [*_conjuncts(_where(nested)), *_asked_in(nested)]
        for join in nested.args.get("joins") or []:
            if (join.side or "").upper() not in ("", "LEFT"):
                raise NoRuleError
            conditions += _conjuncts(join.args.get("on"))
        for source in sources_of(nested).values():
            self._version(source)
            self._note(chain, depth, source, conditions)
            held = _held(source.alias_or_name, alias)
            join = next((one for one in nested.args.get("joins") or [] if one.this is source), None)
            if join is not None and join.side:
                join.set("on", exp.and_(join.args["on"], held, copy=False))
            else:
                nested.where(held, copy=False)

    def _version(self, source: exp.Expr) -> None:
        """Give a source an interval for each row: a table has it, a CTE or subquery must be given it."""
        if isinstance(source, exp.Table) and source.name in self.check.tables:
            return
        inner = self.ctes.get(source.name) if isinstance(source, exp.Table) else source.this
        if inner is None or id(inner) in self.seen:  # on the way of an item: it has moments, no interval
            raise NoRuleError
        self._interval(inner)

    def _interval(self, query: exp.Expr) -> None:
        if id(query) in self.versioned:
            return
        self.versioned.add(id(query))
        if isinstance(query, exp.Union):
            self._interval(query.this)
            self._interval(query.expression)
            return
        if not isinstance(query, exp.Select) or _placeholders(query) or any(_subqueries(query, self.ctes)):
            raise NoRuleError
        if any(window.find_ancestor(exp.Select) is query for window in query.find_all(exp.Window)):
            raise NoRuleError
        sources = list(sources_of(query).values())
        for source in sources:
            self._version(source)
        self._only_inner(query)
        begins = [exp.column(FROM, table=source.alias_or_name) for source in sources]
        ends = [exp.column(UNTIL, table=source.alias_or_name) for source in sources]
        if query.args.get("group") or query.args.get("distinct") or _aggregates(query):
            if len(sources) != 1:
                raise NoRuleError
            _segment(query, sources[0])
            return
        first = begins[0] if len(begins) == 1 else exp.func("greatest", *[one.copy() for one in begins])
        last = ends[0] if len(ends) == 1 else exp.func("least", *[one.copy() for one in ends])
        query.select(exp.alias_(first.copy(), FROM), exp.alias_(last.copy(), UNTIL), append=True, copy=False)
        if len(sources) > 1:
            query.where(exp.LT(this=first.copy(), expression=last.copy()), copy=False)

    def _only_inner(self, query: exp.Select) -> None:
        for join in query.args.get("joins") or []:
            if join.side:
                raise NoRuleError

    def _note(self, chain: Carried, depth: int, source: exp.Expr, conditions: list[exp.Expr]) -> None:
        """Remember which rows of a source an item looks at: those for which each column named here equals a value of the item."""
        alias, equal = source.alias_or_name, []
        for condition in conditions:
            if not isinstance(condition, exp.EQ | exp.NullSafeEQ):
                continue
            for mine, other in (
                (condition.this, condition.expression),
                (condition.expression, condition.this),
            ):
                if isinstance(mine, exp.Column) and mine.table == alias and alias not in _aliases(other):
                    traced = self._traced(chain, depth, other)
                    if traced is not None:
                        equal.append((mine.name, traced))
        self.found.append((chain.table, source, equal))

    def _traced(self, chain: Carried, depth: int, value: exp.Expr) -> exp.Expr | None:
        """Say an expression over a SELECT on the way in columns of the item's own record, or None where it rests on more."""
        alias = chain.through[depth][1]
        holder = exp.Paren(this=value.copy())
        for column in list(holder.find_all(exp.Column)):
            if column.table != alias:
                return None
            if depth == 0:
                column.replace(exp.column(column.name, table="t"))
                continue
            inner = next(
                (one for one in chain.through[depth - 1][0].selects if one.alias_or_name == column.name), None
            )
            traced = None if inner is None else self._traced(chain, depth - 1, inner.unalias())
            if traced is None:
                return None
            column.replace(traced)
        if holder.find(exp.Placeholder, exp.AggFunc):
            return None
        return holder

    def _name_versions(self, items: set[int]) -> None:
        for table in list(self.tree.find_all(exp.Table)):
            if table.name in self.check.tables and id(table) not in items:
                _rename(table, versions_name(table.name, self.check))

    def _boundaries(self) -> Iterator[Boundaries]:
        declared = self.tree.find(exp.With)
        ctes = [cte for cte in (declared.expressions if declared else ()) if id(cte.this) in self.versioned]
        within = "WITH " + ", ".join(cte.sql("duckdb", comments=False) for cte in ctes) + " " if ctes else ""
        for table, source, equal in self.found:
            own = versions_name(table, self.check)
            looked = source.copy()
            looked.set("alias", None)
            relation = looked.sql("duckdb", comments=False)
            named = "".join(f', "{name}"' for name in dict.fromkeys(name for name, _ in equal))
            ends = (
                f"SELECT {FROM} AS b{named} FROM {relation} UNION SELECT {UNTIL} AS b{named} FROM {relation}"
            )
            tied = "".join(
                f' AND r."{name}" IS NOT DISTINCT FROM {value.sql("duckdb", comments=False)}'
                for name, value in equal
            )
            yield Boundaries(
                table,
                f'{within}SELECT t.{ORDINAL}, r.b FROM "{own}" AS t JOIN ({ends}) AS r ON r.b > t.{FROM} AND r.b < t.{UNTIL}{tied}',
            )


def _group_by_moment(chain: Carried) -> None:
    """What is put together for one item is put together for each of its moments."""
    for select, alias in chain.through:
        grouped = select.args.get("group")
        if grouped and AT not in (one.name for one in grouped.expressions):
            moment = (exp.column(ORDINAL, table=alias), exp.column(AT, table=alias))
            select.group_by(*moment, append=True, copy=False)


def _segment(query: exp.Select, source: exp.Expr) -> None:
    """Aggregate over time: a group's row holds as long as none of the records that it is made of comes or goes."""
    alias = source.alias_or_name
    group = query.args.get("group")
    columns = list(group.expressions) if group else []
    if query.args.get("distinct"):
        if group or _aggregates(query):
            raise NoRuleError
        columns = [projection.unalias() for projection in query.selects]
    if not columns or not all(isinstance(one, exp.Column) and one.table in ("", alias) for one in columns):
        raise NoRuleError  # a sum over nothing is a row too, and has no interval of its own
    names = list(dict.fromkeys(one.name for one in columns))
    inner = exp.select(*[exp.column(name, table=alias) for name in names]).from_(source.copy())
    where = _where(query)
    if where is not None:
        inner = inner.where(where.copy())
    listed = ", ".join(f'"{name}"' for name in names)
    begins = inner.select(exp.alias_(exp.column(FROM, table=alias), "p")).sql("duckdb")
    ends = inner.select(exp.alias_(exp.column(UNTIL, table=alias), "p")).sql("duckdb")
    points = f"SELECT {listed}, p, lead(p) OVER (PARTITION BY {listed} ORDER BY p) AS q FROM ({begins} UNION {ends})"
    tied = " AND ".join(
        f'"_segment"."{name}" IS NOT DISTINCT FROM {exp.column(name, table=alias).sql("duckdb")}'
        for name in names
    )
    on = f'{tied} AND {alias}.{FROM} <= "_segment".p AND {alias}.{UNTIL} > "_segment".p AND "_segment".q IS NOT NULL'
    query.join(f"({points}) AS _segment", on=on, dialect="duckdb", copy=False)
    query.select(
        exp.alias_(exp.column("p", table="_segment"), FROM),
        exp.alias_(exp.column("q", table="_segment"), UNTIL),
        append=True,
        copy=False,
    )
    if group:
        query.group_by(
            exp.column("p", table="_segment"), exp.column("q", table="_segment"), append=True, copy=False
        )


def _held(alias: str, moment: str) -> exp.Expr:
    at = exp.column(AT, table=moment)
    return exp.and_(
        exp.LTE(this=exp.column(FROM, table=alias), expression=at),
        exp.GT(this=exp.column(UNTIL, table=alias), expression=at.copy()),
    )


def _rename(table: exp.Table, name: str) -> None:
    if not table.alias:
        table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
    table.set("this", exp.to_identifier(name, quoted=True))


def _where(select: exp.Select) -> exp.Expr | None:
    where = select.args.get("where")
    return None if where is None else where.this


def _conjuncts(condition: exp.Expr | None) -> list[exp.Expr]:
    if condition is None:
        return []
    if isinstance(condition, exp.And):
        return [*_conjuncts(condition.this), *_conjuncts(condition.expression)]
    return _conjuncts(condition.this) if isinstance(condition, exp.Paren) else [condition]


def _asked_in(nested: exp.Select) -> list[exp.Expr]:
    """`value IN (SELECT column …)` as the equation that it is."""
    parent = nested.parent.parent if isinstance(nested.parent, exp.Subquery) else nested.parent
    column = nested.selects[0].unalias() if nested.selects else None
    if isinstance(parent, exp.In) and isinstance(column, exp.Column):
        return [exp.EQ(this=column.copy(), expression=parent.this.copy())]
    return []


def _subqueries(select: exp.Select, ctes: Mapping[str, exp.Expr]) -> Iterator[exp.Select]:
    """The SELECTs inside the expressions of a SELECT, its sources apart."""
    outside = list(sources_of(select).values())
    for nested in select.find_all(exp.Select):
        if nested is select or nested.find_ancestor(exp.CTE) is not select.find_ancestor(exp.CTE):
            continue
        if any(_is_within(nested, source, select) for source in outside):
            continue
        yield nested


def _is_within(node: exp.Expr | None, holder: exp.Expr, top: exp.Expr) -> bool:
    while node is not None and node is not top:
        if node is holder:
            return True
        node = node.parent
    return False


def _placeholders(select: exp.Select) -> list[exp.Placeholder]:
    own = select.find_ancestor(exp.CTE)
    return [
        node
        for node in select.find_all(exp.Placeholder)
        if node.name == "as_of" and node.find_ancestor(exp.CTE) is own and not _in_source(node, select)
    ]


def _in_source(node: exp.Expr, select: exp.Select) -> bool:
    return any(_is_within(node, source, select) for source in sources_of(select).values())


def _aliases(value: exp.Expr) -> set[str]:
    return {column.table for column in value.find_all(exp.Column)}


def _aggregates(select: exp.Select) -> bool:
    return any(call.find_ancestor(exp.Select) is select for call in select.find_all(exp.AggFunc))
