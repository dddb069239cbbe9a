"""Families of technical control: groups in which a reader thinks, each with what no connected source can show."""

from __future__ import annotations

from dataclasses import dataclass

from assay.catalogue.reading import Fields, stem


@dataclass(frozen=True, slots=True)
class Family:
    """A family by control ids; `not_shown` are the sentences on what none of the connected sources can show."""

    id: str
    title: str
    says: str
    order: int
    controls: tuple[str, ...]
    not_shown: tuple[str, ...]


def read_family(fields: Fields) -> Family:
    """Read a families file."""
    family = Family(
        stem(fields.path),
        fields.text("title"),
        fields.text("says"),
        fields.integer("order"),
        fields.texts("controls"),
        fields.texts("not_shown"),
    )
    fields.done()
    if not family.controls or not family.not_shown:
        raise fields.error("controls" if not family.controls else "not_shown", "is empty; a family has both")
    return family
