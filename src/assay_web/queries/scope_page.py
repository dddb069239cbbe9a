"""The scope in four parts, in words: what is in, what is out and why, what was found and not decided, what was named and not seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assay.catalogue import Boundary, Category, Part, Relation, Scope, Thing, load_setup
from assay.home.sources import sources
from assay.wording import counted
from assay_web.home import current_home
from assay_web.page.dataflow import Flow
from assay_web.queries.found import Found, found_parts

_WORDS = {
    Part.ACCOUNT: ("account", "accounts"),
    Part.PROJECT: ("project", "projects"),
    Part.REPOSITORY: ("repository", "repositories"),
    Part.DATABASE: ("database", "databases"),
    Part.INTERFACE: ("interface", "interfaces"),
    Part.PRODUCTION: ("named by hand", "named by hand"),
    Part.TOOL: ("tool", "tools"),
    Part.ACCESS: ("access", "access"),
}
_AREAS = (
    (
        "Production environment",
        "What the product runs on and what holds its data.",
        (Part.ACCOUNT, Part.PROJECT, Part.REPOSITORY, Part.DATABASE, Part.INTERFACE, Part.PRODUCTION),
    ),
    ("Internal tools", "What your own people use that reaches production data.", (Part.TOOL,)),
    ("Access management", "Where access is given, changed and taken away.", (Part.ACCESS,)),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One part in the page: what it is, its name, which source showed it, why it is out."""

    what: str
    name: str
    source: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """One of the parts of the scope. `unseen` are inside and shown by no source."""

    title: str
    says: str
    inside: tuple[Line, ...]
    outside: tuple[Line, ...]
    undecided: tuple[Line, ...]
    unseen: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class VendorLine:
    """A vendor with access: what for, which data, and whether its controls are needed to keep our promises."""

    name: str
    used_for: str
    data: str
    relation: str


@dataclass(frozen=True, slots=True)
class ScopePage:
    says: str
    areas: tuple[Area, ...]
    vendors: tuple[VendorLine, ...]
    undecided: int
    unseen: int
    connected: tuple[str, ...]
    categories: tuple[str, ...]
    left_out: tuple[str, ...]
    flow: Flow


def scope_page(scope: Scope) -> ScopePage:
    """Lay a scope beside what connected sources show now."""
    home = current_home()
    boundary, found = scope.boundary or Boundary(), found_parts()
    areas = tuple(_area(title, says, parts, boundary.things, found) for title, says, parts in _AREAS)
    inside, outside = sum(len(one.inside) for one in areas), sum(len(one.outside) for one in areas)
    undecided, unseen = sum(len(one.undecided) for one in areas), sum(len(one.unseen) for one in areas)
    kinds = load_setup(home.content).data_kinds
    return ScopePage(
        says=_says(inside, outside, undecided, unseen),
        areas=areas,
        vendors=tuple(
            VendorLine(
                one.name,
                one.used_for,
                ", ".join(kinds[name].title if name in kinds else name for name in one.data_kinds),
                "Part of the system" if one.relation is Relation.SUBSERVICE else "Plain vendor",
            )
            for one in boundary.vendors
        ),
        undecided=undecided,
        unseen=unseen,
        connected=tuple(f"{one.id} ({one.kind})" for one in sources(home)),
        categories=tuple(one.label for one in Category if one in scope.categories),
        left_out=tuple(one.label for one in Category if one not in scope.categories),
        flow=_flow(scope, boundary, [kinds[one].title for one in boundary.data_kinds if one in kinds]),
    )


def _area(
    title: str, says: str, parts: tuple[Part, ...], things: tuple[Thing, ...], found: tuple[Found, ...]
) -> Area:
    own = [one for one in things if one.part in parts]
    shown = {one.key: one for one in found if one.part in parts}
    names = {one.name.casefold(): one for one in shown.values()}
    decided = {one.key for one in own if one.key} | {
        names[one.name.casefold()].key for one in own if one.name.casefold() in names
    }

    def line(one: Thing) -> Line:
        seen = shown.get(one.key) or names.get(one.name.casefold())
        return Line(_WORDS[one.part][0], one.name, seen.source if seen else "", one.why)

    inside = [line(one) for one in own if one.inside]
    return Area(
        title,
        says,
        tuple(inside),
        tuple(line(one) for one in own if not one.inside),
        tuple(
            Line(_WORDS[one.part][0], one.name, one.source)
            for key, one in shown.items()
            if key not in decided
        ),
        tuple(one for one in inside if not one.source),
    )


def _says(inside: int, outside: int, undecided: int, unseen: int) -> str:
    if not inside and not outside:
        says = "No part of the system is named yet."
    else:
        says = f"{counted(inside, 'part')} {'is' if inside == 1 else 'are'} in, {outside} {'is' if outside == 1 else 'are'} out."
    if undecided:
        says += f" {counted(undecided, 'part')} {'was' if undecided == 1 else 'were'} found and not decided."
    if unseen:
        says += f" {unseen} of those in {'is' if unseen == 1 else 'are'} shown by no source."
    return says


def _flow(scope: Scope, boundary: Boundary, kinds: list[str]) -> Flow:
    def names(*parts: Part) -> tuple[str, ...]:
        return _first(one.name for one in boundary.things if one.inside and one.part in parts)

    return Flow(
        company=scope.company,
        kinds=tuple(kinds),
        interfaces=names(Part.INTERFACE),
        production=names(Part.ACCOUNT, Part.PROJECT, Part.REPOSITORY, Part.PRODUCTION),
        databases=names(Part.DATABASE),
        tools=names(Part.TOOL),
        access=names(Part.ACCESS),
        vendors=tuple((one.name, one.relation is Relation.SUBSERVICE) for one in boundary.vendors),
        outside=_first(one.name for one in boundary.things if not one.inside),
    )


def _first(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
