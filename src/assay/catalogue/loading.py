"""The whole catalogue, put together from its files and checked across them."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from types import MappingProxyType

from assay.catalogue.controls import ControlTemplate, read_control
from assay.catalogue.criteria import Criterion, PointOfFocus, read_criteria
from assay.catalogue.families import Family, read_family
from assay.catalogue.mappings import Mapping, read_mapping
from assay.catalogue.parameters import Parameter, read_parameter
from assay.catalogue.reading import CatalogueError, read_fields
from assay.content_tree import Content, read_once

FRAMEWORK = "soc2"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Criteria, controls, mappings, parameters and families by id, in a fixed order: criteria as the framework lists them, the rest by id."""

    criteria: MappingOf[str, Criterion]
    controls: MappingOf[str, ControlTemplate]
    mappings: MappingOf[str, Mapping]
    parameters: MappingOf[str, Parameter]
    families: MappingOf[str, Family]
    serving: MappingOf[str, tuple[str, ...]] = field(repr=False)
    served: MappingOf[str, tuple[str, ...]] = field(repr=False)
    stated: MappingOf[str, tuple[str, ...]] = field(repr=False)

    @property
    def points(self) -> tuple[PointOfFocus, ...]:
        """Every point of focus, in the order of the criteria."""
        return tuple(point for criterion in self.criteria.values() for point in criterion.points)

    def controls_serving(self, criterion: str) -> tuple[str, ...]:
        """Give the controls that serve a criterion, by id."""
        return self.serving[criterion]

    def criteria_served_by(self, control: str) -> tuple[str, ...]:
        """Give the criteria that a control serves, in the framework's order."""
        return self.served[control]

    def parameters_stated_by(self, control: str) -> tuple[str, ...]:
        """Give the parameters whose value a control states, by name."""
        return self.stated[control]

    def cadence_parameter(self, control: str) -> Parameter | None:
        """Give the parameter that governs how often a control operates, or None."""
        found = (self.parameters[name] for name in self.stated[control])
        return next((parameter for parameter in found if parameter.governs_cadence), None)

    def crosswalk(self, control: str) -> dict[str, tuple[str, ...]]:
        """Give the ids that a control serves in each framework other than SOC 2."""
        found: dict[str, list[str]] = {}
        for mapping in self.mappings.values():
            if mapping.framework != FRAMEWORK:
                ids = [one for one, controls in mapping.criteria.items() if control in controls]
                found.setdefault(mapping.framework, []).extend(ids)
        return {framework: tuple(ids) for framework, ids in found.items() if ids}


def load_catalogue(content: Content) -> Catalogue:
    """Read the catalogue of a content tree.

    1. Read every file by its place. 2. Resolve every id. 3. Refuse a criterion without control, a control without criterion,
    and a cadence at odds with the parameter that governs it. Raises CatalogueError, which names file, field and remedy.
    """
    return read_once("catalogue", content, lambda: _load(content))


def _load(content: Content) -> Catalogue:
    criteria = read_criteria(read_fields(content, f"frameworks/{FRAMEWORK}.yaml"))  # 1
    controls = {
        one.id: one
        for one in (read_control(read_fields(content, path)) for path in _paths(content, "controls/"))
    }
    parameters = {
        one.name: one
        for one in (read_parameter(read_fields(content, path)) for path in _paths(content, "parameters/"))
    }
    mappings = {}
    for path in _paths(content, "mappings/"):
        name = path.removeprefix("mappings/").removesuffix(".yaml")
        mappings[name] = read_mapping(name, read_fields(content, path))
    families = [read_family(read_fields(content, path)) for path in _paths(content, "families/")]
    _resolve(criteria, controls, mappings, parameters.values(), families)  # 2
    serving = _serving(criteria, mappings.values())
    served = _served(controls, serving)  # 3
    stated = {one: tuple(p.name for p in parameters.values() if one in p.controls) for one in controls}
    _check_cadences(controls, parameters.values())
    return Catalogue(
        MappingProxyType(criteria),
        MappingProxyType(controls),
        MappingProxyType(mappings),
        MappingProxyType(parameters),
        MappingProxyType({one.id: one for one in sorted(families, key=lambda one: (one.order, one.id))}),
        MappingProxyType(serving),
        MappingProxyType(served),
        MappingProxyType(stated),
    )


def _paths(content: Content, folder: str) -> list[str]:
    return content.paths(folder, ".yaml")


def _resolve(
    criteria: MappingOf[str, Criterion],
    controls: MappingOf[str, ControlTemplate],
    mappings: MappingOf[str, Mapping],
    parameters: Iterable[Parameter],
    families: Iterable[Family],
) -> None:
    for parameter in parameters:
        _refuse_unknown(f"parameters/{parameter.name}.yaml", "controls", parameter.controls, controls)
    for family in families:
        _refuse_unknown(f"families/{family.id}.yaml", "controls", family.controls, controls)
    for name, mapping in mappings.items():
        for criterion, ids in mapping.criteria.items():
            if mapping.framework == FRAMEWORK and criterion not in criteria:
                raise CatalogueError(
                    f"mappings/{name}.yaml: criteria names {criterion}, which is no criterion of {FRAMEWORK}. Mend the id."
                )
            _refuse_unknown(f"mappings/{name}.yaml", f"criteria.{criterion}", ids, controls)


def _refuse_unknown(
    path: str, where: str, ids: Iterable[str], controls: MappingOf[str, ControlTemplate]
) -> None:
    for one in ids:
        if one not in controls:
            raise CatalogueError(
                f"{path}: {where} names {one}, and there is no controls/{one}.yaml. Mend the id or add the control."
            )


def _serving(criteria: MappingOf[str, Criterion], mappings: Iterable[Mapping]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, str]] = {criterion: {} for criterion in criteria}
    for mapping in mappings:
        if mapping.framework == FRAMEWORK:
            for criterion, ids in mapping.criteria.items():
                for one in ids:
                    other = found[criterion].setdefault(one, mapping.name)
                    if other != mapping.name:
                        raise CatalogueError(
                            f"mappings/{mapping.name}.yaml: criteria.{criterion} names {one}, as mappings/{other}.yaml does. Keep one of the two."
                        )
    for criterion, edges in found.items():
        if not edges:
            raise CatalogueError(
                f"mappings/{FRAMEWORK}.yaml: criteria.{criterion} is missing, so no control serves it. Map one."
            )
    return {criterion: tuple(sorted(edges)) for criterion, edges in found.items()}


def _served(controls: Iterable[str], serving: MappingOf[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {control: [] for control in controls}
    for criterion, ids in serving.items():
        for one in ids:
            found[one].append(criterion)
    for control, ids_of in found.items():
        if not ids_of:
            raise CatalogueError(
                f"controls/{control}.yaml: no mapping of {FRAMEWORK} names the control. Map it to a criterion."
            )
    return {control: tuple(ids_of) for control, ids_of in found.items()}


def _check_cadences(controls: MappingOf[str, ControlTemplate], parameters: Iterable[Parameter]) -> None:
    governed: dict[str, str] = {}
    for parameter in (one for one in parameters if one.governs_cadence):
        path = f"parameters/{parameter.name}.yaml"
        for control in parameter.controls:
            if control in governed:
                raise CatalogueError(
                    f"{path}: governs the cadence of {control}, as {governed[control]} does. Keep one of the two."
                )
            governed[control] = parameter.name
            cadence = controls[control].cadence
            days = cadence.days if cadence else None
            if days is None or parameter.default not in days:
                raise CatalogueError(
                    f"{path}: default is {parameter.default} days, and controls/{control}.yaml has the cadence {cadence or 'none'}. Make them agree."
                )
