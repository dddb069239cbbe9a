"""Checklists of what is done for a worker who joins, moves or leaves: one file a kind in `checklists/`, its steps tailored by scope."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from assay.catalogue.conditions import Condition, Facts, take_condition
from assay.catalogue.loading import Catalogue, load_catalogue
from assay.catalogue.reading import CatalogueError, Fields, read_fields, stem
from assay.content_tree import Content, read_once


class Shows(StrEnum):
    """What of the sources can show that a step is done."""

    ACCOUNT = "account"
    SECOND_FACTOR = "second_factor"
    ACCOUNTS_GONE = "accounts_gone"
    DEVICE = "device"
    DEVICE_GONE = "device_gone"
    TRAINING = "training"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a sentence, the controls that it serves, what of the sources can show it (nothing: only a person), and the parameter that says within how long of the day."""

    id: str
    what: str
    controls: tuple[str, ...]
    shown_by: Shows | None
    within: str | None
    when: tuple[Condition, ...]

    def is_for(self, facts: Facts) -> bool:
        """Tell whether a company of this scope has the step."""
        return not self.when or any(one.holds(facts) for one in self.when)


@dataclass(frozen=True, slots=True)
class ChecklistTemplate:
    """All steps of one kind; `controls` are served by the whole list, beside those of its steps."""

    id: str
    says: str
    controls: tuple[str, ...]
    steps: tuple[Step, ...]

    def steps_for(self, facts: Facts) -> tuple[Step, ...]:
        """Give the steps that a company of this scope has, in order."""
        return tuple(one for one in self.steps if one.is_for(facts))


FOLDER = "checklists/"
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def load_checklists(content: Content) -> Mapping[str, ChecklistTemplate]:
    """Read the checklists of a content tree, by kind. Raises CatalogueError where a file is wrong, or names no such control or parameter."""
    return read_once("checklists", content, lambda: _load(content))


def _load(content: Content) -> Mapping[str, ChecklistTemplate]:
    found = [read_checklist(read_fields(content, path)) for path in content.paths(FOLDER, ".yaml")]
    if found:
        catalogue = load_catalogue(content)
        for one in found:
            _check_names(one, catalogue)
    return MappingProxyType({one.id: one for one in found})


def read_checklist(fields: Fields) -> ChecklistTemplate:
    """Read a checklist's file. Raises CatalogueError with the file, the field and the remedy."""
    template = ChecklistTemplate(
        id=stem(fields.path),
        says=fields.text("says"),
        controls=fields.texts("controls"),
        steps=tuple(_read_steps(fields)),
    )
    fields.done()
    ids = [one.id for one in template.steps]
    for one in ids:
        if ids.count(one) > 1:
            raise fields.error("steps", f"have the id {one} twice; give one of them another")
    return template


def _read_steps(fields: Fields) -> Iterator[Step]:
    for inner in fields.each("steps"):
        step = Step(
            id=inner.text("id"),
            what=inner.text("what"),
            controls=inner.texts("controls"),
            shown_by=inner.optional_choice("shown_by", Shows),
            within=inner.optional_text("within"),
            when=tuple(take_condition(one) for one in inner.each("when")) if "when" in inner else (),
        )
        inner.done()
        if not _ID.fullmatch(step.id):
            raise inner.error(inner.name("id"), f"is {step.id!r}, which must be lower-case words joined by -")
        if not step.what.endswith("."):
            raise inner.error(inner.name("what"), "must be a sentence that ends with a full stop")
        yield step


def _check_names(template: ChecklistTemplate, catalogue: Catalogue) -> None:
    named = [*template.controls, *(control for step in template.steps for control in step.controls)]
    for control in named:
        if control not in catalogue.controls:
            raise CatalogueError(
                f"{FOLDER}{template.id}.yaml: controls names {control}, and there is no controls/{control}.yaml. Mend the id or add the control."
            )
    for step in template.steps:
        if step.within is not None and step.within not in catalogue.parameters:
            raise CatalogueError(
                f"{FOLDER}{template.id}.yaml: within names {step.within}, and there is no parameters/{step.within}.yaml. Mend the name or add the parameter."
            )
