"""A check: an automated procedure over stored records that gives every item a conclusion. Plain values, made by `assay.checks.parse`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

Value: TypeAlias = Any
"""A parameter's value: integer, decimal, boolean, text, list of text, or None where the company has set none."""


class Kind(StrEnum):
    """Whether every record is an item, or the events of a period are."""

    ITEM = "item"
    POPULATION = "population"


class Severity(StrEnum):
    """How much a deviation matters, as the check's author sees it; it orders the next steps and nothing else."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do about a deviation: steps in the console, a command, a line of Terraform; text or None where there is none."""

    console: str | None = None
    cli: str | None = None
    terraform: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """How records of a joined table are tied to items: the record's `end` (`key` or `parent`) stands in the item's `column`.

    A column that is a list holds the record in one of its members. With `column` None every item rests on every record of the joined table,
    wherever it is. `in_place`: the record is one of the item's own account and region, as its key may stand for another elsewhere. `items`: only
    items of that table rest on the joined one; None for all.
    """

    end: str
    column: str | None
    in_place: bool = False
    items: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A proving case: inputs and what the check must conclude.

    `rows`: table to rows by column name. `recording`: instead, the answers to play through the real collectors, one recording for each source.
    `expect`: a list of expected items, or for recordings a count by conclusion.
    """

    name: str
    as_of: datetime
    zone: str
    period: tuple[datetime, datetime] | None
    parameters: Mapping[str, Value]
    rows: Mapping[str, tuple[Mapping[str, Any], ...]]
    gaps: tuple[Mapping[str, Any], ...]
    expect: tuple[Mapping[str, Any], ...] | Mapping[str, int]
    recording: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """How the engine runs the check: the SQL written anew from the tree that was linted, so that what was read is what runs.

    `sql` gives the check's columns and, where `ordinals` is true, the engine's own ordinal of the item's record beside them. `{offset:TABLE}`
    in it stands for the place where the ordinals of an items table begin. `outputs` are the check's columns in order; `across` the items
    tables of which one item's conclusion can rest on another record; `literals` the conclusions the SQL can give.
    """

    sql: str
    ordinals: bool
    outputs: tuple[str, ...]
    across: frozenset[str]
    literals: frozenset[str]

    @property
    def saw(self) -> tuple[str, ...]:
        """The observed values' columns, `saw_…`, in order."""
        return tuple(name for name in self.outputs if name.startswith("saw_"))

    @property
    def timed(self) -> bool:
        """Whether the check says when a conclusion flips by itself."""
        return "changes_at" in self.outputs


@dataclass(frozen=True, slots=True)
class Check:
    """A check as its file says it. `id` comes from the path: checks/aws/s3/public.sql is `aws.s3.public`; `digest` is SHA-256 of the file.

    `reads` maps each table to the columns that the conclusion can rest on; a gap over any other column changes nothing.
    """

    id: str
    title: str
    controls: tuple[str, ...]
    tables: tuple[str, ...]
    items: tuple[str, ...]
    parameters: tuple[str, ...]
    kind: Kind
    occurs: Mapping[str, str]
    links: Mapping[str, Link]
    severity: Severity
    needs: str | None
    shows: str
    does_not_show: str
    remedy: Remedy
    sql: str
    cases: tuple[Case, ...]
    digest: str
    reads: Mapping[str, frozenset[str]]
    plan: Plan = field(repr=False)

    @property
    def path(self) -> str:
        """Where its file lies in the content."""
        return f"checks/{self.id.replace('.', '/')}.sql"

    @property
    def joined(self) -> tuple[str, ...]:
        """The tables that are read beside the items."""
        return tuple(table for table in self.tables if table not in self.items)
