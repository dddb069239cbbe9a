"""What a table is: which call lists it, which calls complete a record, what is kept, and which typed columns checks may read.

Plain frozen values. `assay.tables.parse` makes them from YAML; `docs/reference/formats.md`, section 3, says what a record is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from assay.evidence.canonical import Json
from assay.tables.paths import Extract, Keep, Template

ENGINE_COLUMNS = ("key", "account", "region", "parent")
"""Columns that every table has beside its own, in this order, before them; all are text."""


class Type(StrEnum):
    """Types of columns. An instant is a naive UTC datetime in a row, as DuckDB's `timestamp` wants it; `texts` is a list of text."""

    TEXT = "text"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    INSTANT = "instant"
    DATE = "date"
    TEXTS = "texts"


class Reach(StrEnum):
    """Where a table is asked for: once in an account, or in each enabled region of it."""

    ACCOUNT = "account"
    REGION = "region"


Derivation = Callable[..., Json]


@dataclass(frozen=True, slots=True)
class Column:
    """One typed column. `of` names the part that fills it; `absent` is its value where that part is null or the path finds nothing.

    `required` says that an answer without it is malformed, `needs` what else an answer must hold for the path to mean anything. `derive` names the pure function that makes the value from what the path finds.
    """

    name: str
    type: Type
    says: str
    of: str
    extract: Extract = field(compare=False)
    path: str
    absent: Any = None
    derive: str | None = None
    function: Derivation | None = field(default=None, compare=False)
    required: bool = False
    needs: tuple[Extract, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Condition:
    """Columns and the values that they must have, all of them; a value may be a glob, `{name}` in it stands for a parameter."""

    columns: Mapping[str, tuple[Json, ...]]


@dataclass(frozen=True, slots=True)
class Call:
    """A call and what is done with its answer.

    `name` is `service.method`, `GET /path/{argument}` or `file`; `part` the member of a record that holds what was kept. `ask` is what to
    ask with: texts in it are templates. An error code in `absent_when` is the answer “there is none”, one in `unavailable_when` a gap of that
    reason. `when` are alternatives, one of which must hold, `unless` ones of which none may.
    """

    name: str
    part: str
    ask: Mapping[str, Json]
    keep: Keep
    absent_when: frozenset[str] = frozenset()
    unavailable_when: frozenset[str] = frozenset()
    region: Template | None = None
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class ForEach:
    """List once for each record of a parent table of the same place for which `when` holds; `carry` are its fields put into each item."""

    table: str
    when: tuple[Condition, ...] = ()
    carry: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """The call that lists the records. `items` finds them in an answer; `shape` names a pure function that does so where no path can.

    `hook` names a listing that no spec can say, `also` the further calls that it makes. `parent` makes of an item's own fields the key of the
    record that it belongs to, for a list that gives the children of many at once; with `for_each` the parent is known.
    """

    call: Call
    items: Extract = field(compare=False)
    items_path: str
    optional: bool = False
    shape: str | None = None
    for_each: ForEach | None = None
    hook: str | None = None
    also: tuple[str, ...] = ()
    parent: Template | None = None


@dataclass(frozen=True, slots=True)
class Tags:
    """Where a record's tags are: a part, and the path in it to a list of {Key, Value} or a map."""

    of: str
    path: tuple[str, ...]


class Given(StrEnum):
    """How much of a table a plan of the vendor gives: of all repositories, of public ones, of private ones where a product is bought, of none."""

    ALL = "all"
    PUBLIC = "public"
    BOUGHT = "bought"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PlanNeed:
    """What a table needs of the vendor's plan: how much each plan gives, in words what is needed, and the evidence that can stand in.

    `columns` are those it is about, none for the whole table. A plan that is not in `given` is not known.
    """

    given: Mapping[str, Given]
    needs: str
    instead: str = ""
    columns: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        """The need and what can stand in, as a gap says it."""
        return f"{self.needs} {self.instead}".strip()


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table. `columns` is in the order of the file; `digest` is SHA-256 of the file's bytes."""

    name: str
    says: str
    source: str
    reach: Reach
    list: Listing
    key: Template
    each: tuple[Call, ...]
    once: tuple[Call, ...]
    columns: Mapping[str, Column]
    permissions: tuple[str, ...]
    tags: Tags | None = None
    unordered: tuple[str, ...] = ()
    volatile: tuple[str, ...] = ()
    personal: frozenset[str] = frozenset()
    subject: Template | None = None
    plan: PlanNeed | None = None
    needs: str | None = None
    digest: str = ""

    @property
    def part(self) -> str:
        """The part that the listing call fills."""
        return self.list.call.part

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every call that the table makes: the listing one, those for each record, those for each place."""
        return (self.list.call, *self.each, *self.once)
