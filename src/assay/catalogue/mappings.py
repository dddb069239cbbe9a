"""Mapping files: framework × control set. Every edge between a criterion and a control is written there, and once."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from types import MappingProxyType

from assay.catalogue.reading import Fields


@dataclass(frozen=True, slots=True)
class Mapping:
    """One mapping file: which controls serve which criterion (or clause, section, subcategory) of a framework."""

    name: str
    framework: str
    title: str
    says: str
    criteria: MappingOf[str, tuple[str, ...]]


def read_mapping(name: str, fields: Fields) -> Mapping:
    """Read a mapping file; that its ids exist is checked when the catalogue is put together."""
    framework, title, says = fields.text("framework"), fields.text("title"), fields.text("says")
    criteria = fields.fields("criteria")
    fields.done()
    edges = {}
    for criterion in criteria.names():
        edges[criterion] = criteria.texts(criterion)
        if not edges[criterion]:
            raise criteria.error(criteria.name(criterion), "names no control; name one or remove the line")
    return Mapping(name, framework, title, says, MappingProxyType(edges))
