"""What lies inside the system that is examined and what does not, as the company says it: parts, vendors, kinds of data, and what customers asked for.

None of it decides which controls make sense (traits and categories do); it is what a reader of the report needs to know what was looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assay.catalogue.reading import Fields
from assay.catalogue.setup_questions import Relation


class Part(StrEnum):
    """What a part of the system is."""

    ACCOUNT = "account"
    PROJECT = "project"
    REPOSITORY = "repository"
    DATABASE = "database"
    INTERFACE = "interface"
    PRODUCTION = "production"  # anything else that the product runs on
    TOOL = "tool"
    ACCESS = "access"


class Asked(StrEnum):
    """Which report customers asked for."""

    TYPE_1 = "type_1"
    TYPE_2 = "type_2"
    UNSURE = "unsure"


class WorkersFrom(StrEnum):
    """Where the list of workers comes from."""

    FILE = "file"
    IDENTITY_PROVIDER = "identity_provider"
    PERSONNEL_SYSTEM = "personnel_system"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Thing:
    """One part: inside or not, and why. `key` is the record's where a source showed it (`aws_account 111122223333`), otherwise empty."""

    part: Part
    name: str
    inside: bool
    why: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Supplier:
    """A vendor of the system: what for, the kinds of data that it holds, and whether its controls are needed to keep our promises."""

    name: str
    used_for: str
    relation: Relation
    data_kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Boundary:
    """Kinds of data by their id in `setup/data_kinds.yaml`, things, vendors, where workers are listed, and the day on which a report is wanted."""

    data_kinds: tuple[str, ...] = ()
    things: tuple[Thing, ...] = ()
    vendors: tuple[Supplier, ...] = ()
    workers_from: WorkersFrom = WorkersFrom.UNDECIDED
    asked: Asked = Asked.UNSURE
    target: date | None = None

    def to_object(self) -> dict[str, object]:
        """Give the boundary as canonical JSON holds it; what is empty is left out."""
        return _without_empty(
            {
                "asked": self.asked.value,
                "data_kinds": list(self.data_kinds),
                "target": None if self.target is None else str(self.target),
                "things": [_thing_object(one) for one in self.things],
                "vendors": [_supplier_object(one) for one in self.vendors],
                "workers_from": self.workers_from.value,
            }
        )


def _thing_object(one: Thing) -> dict[str, object]:
    given = {"key": one.key, "name": one.name, "part": one.part.value, "why": one.why}
    return {**_without_empty(given), "inside": one.inside}


def _supplier_object(one: Supplier) -> dict[str, object]:
    return _without_empty(
        {
            "data_kinds": list(one.data_kinds),
            "name": one.name,
            "relation": one.relation.value,
            "used_for": one.used_for,
        }
    )


def _without_empty(given: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in given.items() if value not in ("", None, [])}


def read_boundary(fields: Fields) -> Boundary:
    """Read what `to_object` wrote. Raises CatalogueError with the field."""
    target = fields.optional_text("target")
    try:
        day = None if target is None else date.fromisoformat(target)
    except ValueError as error:
        raise fields.error(
            fields.name("target"), f"is {target!r}, which is no day such as 2027-05-01"
        ) from error
    boundary = Boundary(
        data_kinds=fields.texts("data_kinds"),
        things=tuple(_read_things(fields)),
        vendors=tuple(_read_vendors(fields)),
        workers_from=fields.choice("workers_from", WorkersFrom),
        asked=fields.choice("asked", Asked),
        target=day,
    )
    fields.done()
    return boundary


def _read_things(fields: Fields) -> Iterator[Thing]:
    for inner in fields.each("things") if "things" in fields else ():
        yield Thing(
            part=inner.choice("part", Part),
            name=inner.text("name"),
            inside=inner.boolean("inside"),
            why=inner.optional_text("why") or "",
            key=inner.optional_text("key") or "",
        )
        inner.done()


def _read_vendors(fields: Fields) -> Iterator[Supplier]:
    for inner in fields.each("vendors") if "vendors" in fields else ():
        yield Supplier(
            name=inner.text("name"),
            used_for=inner.optional_text("used_for") or "",
            relation=inner.choice("relation", Relation),
            data_kinds=inner.texts("data_kinds"),
        )
        inner.done()


def boundary_problems(boundary: Boundary) -> Iterator[str]:
    """Give a sentence for each thing that keeps a boundary from standing."""
    for one in boundary.things:
        if not one.inside and len(one.why.split()) < 2:
            yield f"{one.name} is left out without a reason; say in a few words why it is no part of the system."
    names = [one.name.casefold() for one in boundary.vendors]
    for vendor in boundary.vendors:
        if names.count(vendor.name.casefold()) > 1:
            yield f"The vendor {vendor.name} is named twice; keep one."
            return
