"""The guided first run: what is asked of a company that has never done this, and what each answer changes. Its files lie in `setup/`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from assay.catalogue.reading import CatalogueError, Fields, read_fields, stem
from assay.catalogue.vocabulary import Category, System, Trait
from assay.content_tree import Content, read_once

E = TypeVar("E", bound=StrEnum)


class Relation(StrEnum):
    """What a vendor usually is to the system: a `subservice` organization, whose controls are needed to keep our commitments, or a plain `vendor`."""

    SUBSERVICE = "subservice"
    VENDOR = "vendor"


@dataclass(frozen=True, slots=True)
class CategoryQuestion:
    """The one question that decides a category: what a yes `adds` in work, and when to `wait`."""

    category: Category
    ask: str
    adds: str
    wait: str


@dataclass(frozen=True, slots=True)
class DataKind:
    """A kind of data with an example; holding it `states` these traits of the scope."""

    id: str
    title: str
    says: str
    example: str
    states: tuple[Trait, ...]


@dataclass(frozen=True, slots=True)
class SystemKind:
    """What a company can sell, in a founder's words, with an example."""

    system: System
    title: str
    says: str
    example: str


@dataclass(frozen=True, slots=True)
class TraitQuestion:
    """The yes-or-no question that states a trait, and what a yes `changes`."""

    trait: Trait
    ask: str
    changes: str


@dataclass(frozen=True, slots=True)
class VendorSuggestion:
    """A well-known vendor: what it is usually used for, the data kinds it usually holds, and what it usually is to the system, because. Never a claim about it."""

    name: str
    used_for: str
    data_kinds: tuple[str, ...]
    usually: Relation
    because: str


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything that the first run asks: categories, systems and traits by their words, data kinds by id, vendors by name."""

    categories: Mapping[Category, CategoryQuestion]
    data_kinds: Mapping[str, DataKind]
    systems: Mapping[System, SystemKind]
    traits: Mapping[Trait, TraitQuestion]
    vendors: Mapping[str, VendorSuggestion]


FOLDER = "setup/"
CATEGORIES = f"{FOLDER}categories/"
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def load_setup(content: Content) -> Setup:
    """Read the first run of a content tree.

    Raises CatalogueError where a file is missing or wrong, a category (but Security), system or trait has no question, or a vendor names an unknown kind of data.
    """
    return read_once("setup", content, lambda: _load(content))


def _load(content: Content) -> Setup:
    asked = [read_category(read_fields(content, path)) for path in content.paths(CATEGORIES, ".yaml")]
    categories = {one.category: one for one in asked}
    _refuse_missing(CATEGORIES, categories, [one for one in Category if one is not Category.SECURITY])
    kinds = _data_kinds(read_fields(content, f"{FOLDER}data_kinds.yaml"))
    systems, traits = _system_kinds(read_fields(content, f"{FOLDER}system_kinds.yaml"))
    vendors = _vendors(read_fields(content, f"{FOLDER}vendor_suggestions.yaml"), kinds)
    return Setup(
        MappingProxyType({one: categories[one] for one in Category if one in categories}),
        MappingProxyType(kinds),
        MappingProxyType(systems),
        MappingProxyType(traits),
        MappingProxyType(vendors),
    )


def read_category(fields: Fields) -> CategoryQuestion:
    """Read a file of `setup/categories/`, named by its category. Raises CatalogueError."""
    name = stem(fields.path)
    others = {str(one): one for one in Category if one is not Category.SECURITY}
    if name not in others:
        raise fields.error("The file name", f"gives {name!r}, which is none of: {', '.join(sorted(others))}")
    question = CategoryQuestion(
        others[name], _question(fields, "ask"), _prose(fields, "adds"), _prose(fields, "wait")
    )
    fields.done()
    return question


def _data_kinds(fields: Fields) -> dict[str, DataKind]:
    kinds = fields.fields("data_kinds")
    fields.done()
    found = {}
    for name in kinds.names():
        inner = kinds.fields(name)
        if not _ID.fullmatch(name):
            raise kinds.error(kinds.name(name), "is no id, which is lower-case words joined by -")
        states = inner.choices("states", Trait)
        found[name] = DataKind(
            name, inner.text("title"), _prose(inner, "says"), inner.text("example"), states
        )
        inner.done()
    return found


def _system_kinds(fields: Fields) -> tuple[dict[System, SystemKind], dict[Trait, TraitQuestion]]:
    named, asked = fields.fields("systems"), fields.fields("traits")
    fields.done()
    systems = {}
    for system, inner in _each_of(named, System):
        systems[system] = SystemKind(
            system, inner.text("title"), _prose(inner, "says"), inner.text("example")
        )
        inner.done()
    traits = {}
    for trait, inner in _each_of(asked, Trait):
        traits[trait] = TraitQuestion(trait, _question(inner, "ask"), _prose(inner, "changes"))
        inner.done()
    return systems, traits


def _each_of(fields: Fields, among: type[E]) -> Iterator[tuple[E, Fields]]:
    """Give every word of a closed vocabulary with its fields, in the order of the file; none may be unknown and none missing."""
    names = fields.names()
    for name in names:
        if name not in {str(one) for one in among}:
            raise fields.error(
                fields.name(name), f"is {name!r}, which is none of: {', '.join(sorted(among))}"
            )
    _refuse_missing(fields.path, names, among)
    for name in names:
        yield among(name), fields.fields(name)


def _vendors(fields: Fields, kinds: Mapping[str, DataKind]) -> dict[str, VendorSuggestion]:
    found: dict[str, VendorSuggestion] = {}
    for inner in fields.each("vendors"):
        vendor = VendorSuggestion(
            name=inner.text("name"),
            used_for=inner.text("used_for"),
            data_kinds=inner.texts("data_kinds"),
            usually=inner.choice("usually", Relation),
            because=_prose(inner, "because"),
        )
        inner.done()
        for one in vendor.data_kinds:
            if one not in kinds:
                raise inner.error(
                    inner.name("data_kinds"), f"names {one}, which is none of: {', '.join(kinds)}"
                )
        if vendor.name in found:
            raise inner.error(inner.name("name"), f"is {vendor.name}, which is there already; keep one")
        found[vendor.name] = vendor
    fields.done()
    return found


def _question(fields: Fields, field: str) -> str:
    text = fields.text(field)
    if not text.endswith("?"):
        raise fields.error(fields.name(field), "must be a question that ends with '?'")
    return text


def _prose(fields: Fields, field: str) -> str:
    text = fields.text(field)
    if not text.endswith("."):
        raise fields.error(fields.name(field), "must be sentences, the last with a full stop")
    return text


def _refuse_missing(where: str, have: Collection[str], want: Iterable[StrEnum]) -> None:
    for one in want:
        if one not in have:
            raise CatalogueError(
                f"{where}: {one} is missing. Write it; every word of the vocabulary is asked."
            )
