"""Which records are somebody's access: one file a table in `reviews/`, its name the table's.

It says which column is the account, whom it is matched with, what each right is, and which of them are privileged. Pure: rows in, grants out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from assay.catalogue.reading import CatalogueError, Fields, read_fields, stem
from assay.content_tree import Content, read_once
from assay.tables import TableSpec

FOLDER = "reviews/"
EACH = "each"
PEOPLE = ("email", "github_login", "aws_user_name")
"""Columns of `hr_person` by which an account can be a worker's."""
_SLOT = re.compile(r"\{([a-z0-9_.]+)\}")
_NO_VALUE = "not seen"

Values = Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Beside:
    """Another table whose record stands beside each of this one: `on` gives its column and the column here that equals it."""

    table: str
    theirs: str
    ours: str


@dataclass(frozen=True, slots=True)
class GrantKind:
    """One kind of right that a record gives: with `each` one for every value of a column, otherwise one."""

    name: str
    right: str
    each: str | None
    privileged: Values


@dataclass(frozen=True, slots=True)
class GrantSpec:
    """What a table's records give. Columns of a table beside are named `name.column`; `used` are instants of use, the latest counts.

    `ended` says which records give nothing any more, `of_nobody` which are by their nature no single person's, such as a group's.
    """

    table: str
    title: str
    says: str
    system: str
    account: str
    person: tuple[tuple[str, str], ...]
    kind: str | None
    when: Values
    ended: Values
    of_nobody: Values
    beside: Mapping[str, Beside]
    used: tuple[str, ...]
    opened: str | None
    grants: tuple[GrantKind, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """One right of one account. `name` and `value` tell it from the other rights of its record; `privileged` None: that was not seen."""

    name: str
    value: str
    system: str
    account: str
    kind: str
    right: str
    privileged: bool | None
    of_nobody: bool
    used: datetime | None
    opened: datetime | None
    use_seen: bool


def load_grants(content: Content, specs: Mapping[str, TableSpec]) -> dict[str, GrantSpec]:
    """Read which tables hold access, by the table's name. Raises CatalogueError where a file is wrong or names a column that is not there."""
    return read_once("grants", content, lambda: dict(_loaded(content, specs)))


def gives_access(spec: GrantSpec, row: Mapping[str, Any]) -> bool | None:
    """Tell whether a record is somebody's access now: it is of the kind that counts, and not ended. None where that was not seen."""
    said = [_matches(row, spec.when, every=True), _not(_matches(row, spec.ended, every=False))]
    return False if False in said else None if None in said else True


def counts(spec: GrantSpec, row: Mapping[str, Any]) -> bool:
    """Tell whether a record is of the kind that counts, whether or not it is ended."""
    return _matches(row, spec.when, every=True) is not False


def grants_of(spec: GrantSpec, row: Mapping[str, Any]) -> Iterator[Grant]:
    """Give the rights that a record gives, those beside it filled in."""
    used = [row.get(one) for one in spec.used]
    latest = max((one for one in used if one is not None), default=None)
    for one in spec.grants:
        for value in [""] if one.each is None else row.get(one.each) or []:
            values = {**row, EACH: value}
            yield Grant(
                name=one.name,
                value=str(value),
                system=_filled(spec.system, values),
                account=_text(values.get(spec.account)),
                kind=_text(values.get(spec.kind)) if spec.kind else "",
                right=_filled(one.right, values),
                privileged=_matches(values, one.privileged, every=False) if one.privileged else False,
                of_nobody=bool(spec.of_nobody) and _matches(row, spec.of_nobody, every=True) is True,
                used=latest,
                opened=row.get(spec.opened) if spec.opened else None,
                use_seen=any(one in row for one in spec.used),
            )


def hides_rights(spec: GrantSpec, columns: frozenset[str] | None) -> bool:
    """Tell whether rights can be missing or wrong where these columns were not seen (None: all). Of other columns a line says that they were not seen."""
    if columns is None:
        return True
    deciding = {*spec.when, *spec.ended, spec.account, *(one.each for one in spec.grants if one.each)}
    for one in spec.grants:
        deciding |= set(_SLOT.findall(one.right))
    return bool(columns & deciding)


def is_dormant(grant: Grant, days: int, at: datetime) -> bool:
    """Tell whether an account went unused for more than `days` at an instant: since its last use, or since it was opened where it never was used.

    Instants of `grant` are naive and UTC. What was not seen is not dormant: the line says that it was not seen.
    """
    last = grant.used or grant.opened
    return grant.use_seen and last is not None and (at.replace(tzinfo=None) - last).days >= days


def _not(said: bool | None) -> bool | None:
    return None if said is None else not said


def _matches(row: Mapping[str, Any], wanted: Values, *, every: bool) -> bool | None:
    """Tell whether columns have one of their values: all of them, or any. None where what decides was not seen."""
    if not wanted:
        return every
    said = [_one_of(row[name], values) if name in row else None for name, values in wanted.items()]
    decisive = not every
    return decisive if decisive in said else None if None in said else every


def _one_of(value: Any, wanted: tuple[Any, ...]) -> bool:
    if isinstance(value, str):
        return any(isinstance(one, str) and fnmatchcase(value.lower(), one.lower()) for one in wanted)
    return any(type(one) is type(value) and one == value for one in wanted)


def _filled(template: str, row: Mapping[str, Any]) -> str:
    return _SLOT.sub(lambda found: _text(row.get(found[1])), template)


def _text(value: Any) -> str:
    return _NO_VALUE if value is None or value == "" else str(value)


def _loaded(content: Content, specs: Mapping[str, TableSpec]) -> Iterator[tuple[str, GrantSpec]]:
    for path in content.paths(FOLDER, ".yaml"):
        table = stem(path)
        fields = read_fields(content, path)
        if table not in specs:
            raise fields.error("The file", f"is named for the table {table}, which there is not")
        found = _spec(table, fields)
        fields.done()
        _refuse_unknown_columns(fields, found, specs)
        yield table, found


def _spec(table: str, fields: Fields) -> GrantSpec:
    return GrantSpec(
        table=table,
        title=fields.text("title"),
        says=fields.text("says"),
        system=fields.text("system"),
        account=fields.text("account"),
        person=tuple((hr, str(own)) for hr, own in _mapping(fields, "person").items()),
        kind=fields.optional_text("kind"),
        when=_values(_mapping(fields, "when")),
        ended=_values(_mapping(fields, "ended")),
        of_nobody=_values(_mapping(fields, "of_nobody")),
        beside={name: _beside(fields, one) for name, one in _mapping(fields, "beside").items()},
        used=tuple(map(str, _listed(fields, "used"))),
        opened=fields.optional_text("opened"),
        grants=tuple(_kind(fields, name, one) for name, one in _mapping(fields, "grants").items()),
    )


def _mapping(fields: Fields, name: str) -> dict[str, Any]:
    value = fields.take(name) if name in fields else {}
    if not isinstance(value, dict):
        raise fields.error(fields.name(name), "must hold names, each with its value")
    return {str(key): one for key, one in value.items()}


def _listed(fields: Fields, name: str) -> list[Any]:
    value = fields.take(name) if name in fields else []
    if not isinstance(value, list):
        raise fields.error(fields.name(name), "must be a list")
    return value


def _values(given: Mapping[str, Any]) -> Values:
    return {name: tuple(one) if isinstance(one, list) else (one,) for name, one in given.items()}


def _beside(fields: Fields, given: Any) -> Beside:
    if not isinstance(given, dict) or set(given) != {"table", "on"} or len(given["on"]) != 1:
        raise fields.error(
            fields.name("beside"), "must give for each name `table` and `on: {its column: ours}`"
        )
    [(theirs, ours)] = given["on"].items()
    return Beside(given["table"], theirs, ours)


def _kind(fields: Fields, name: str, given: Any) -> GrantKind:
    if (
        not isinstance(given, dict)
        or not set(given) <= {"right", "each", "privileged"}
        or "right" not in given
    ):
        raise fields.error(f"grants.{name}", "must give `right`, and may give `each` and `privileged`")
    return GrantKind(name, given["right"], given.get("each"), _values(given.get("privileged", {})))


def _refuse_unknown_columns(fields: Fields, found: GrantSpec, specs: Mapping[str, TableSpec]) -> None:
    known = {"account", "key", "region", *specs[found.table].columns}
    for name, one in found.beside.items():
        if one.table not in specs or one.theirs not in specs[one.table].columns:
            raise fields.error(f"beside.{name}", f"names {one.table}.{one.theirs}, which there is not")
        known |= {f"{name}.{column}" for column in specs[one.table].columns}
    named = {
        found.account,
        *(own for _, own in found.person),
        *found.used,
        *found.when,
        *found.ended,
        *found.of_nobody,
    }
    named |= {one for one in (found.kind, found.opened) if one} | set(_SLOT.findall(found.system))
    named |= {one.ours for one in found.beside.values()}
    for grant in found.grants:
        named |= (
            set(grant.privileged) | set(_SLOT.findall(grant.right)) | ({grant.each} if grant.each else set())
        )
    if unknown := sorted(named - known - {EACH}):
        raise fields.error("A column", f"is named that there is not: {', '.join(unknown)}")
    own = {EACH, "key", *specs[found.table].columns}
    if any(set(_SLOT.findall(one.right)) - own for one in found.grants):
        raise fields.error(
            "grants", "say a right by columns of another table; a later look reads this one alone"
        )
    if wrong := sorted({hr for hr, _ in found.person} - set(PEOPLE)):
        raise fields.error("person", f"names {', '.join(wrong)}; it can be {', '.join(PEOPLE)}")


__all__ = [
    "Beside",
    "CatalogueError",
    "Grant",
    "GrantKind",
    "GrantSpec",
    "counts",
    "gives_access",
    "grants_of",
    "hides_rights",
    "is_dormant",
    "load_grants",
]
