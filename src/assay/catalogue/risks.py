"""The method of the risk assessment, and the risks that a company starts with: content files `risks/method.yaml` and `risks/<id>.yaml`.

A starting risk is a suggestion by the traits of the scope, with controls that usually answer it. It has no rating: that is a person's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assay.catalogue.conditions import Condition, Facts, take_condition
from assay.catalogue.loading import load_catalogue
from assay.catalogue.reading import CatalogueError, Fields, read_fields, stem
from assay.content_tree import Content, read_once

METHOD = "risks/method.yaml"
STEPS = range(1, 6)
"""Likelihood and impact go from 1 to 5, so a rating from 1 to 25."""


class RiskCategory(StrEnum):
    """What a risk is about."""

    SECURITY = "security"
    AVAILABILITY = "availability"
    CONFIDENTIALITY = "confidentiality"
    PROCESSING = "processing"
    PRIVACY = "privacy"
    VENDOR = "vendor"
    PEOPLE = "people"
    FRAUD = "fraud"
    CHANGE = "change"
    LEGAL = "legal"


class Acceptable(StrEnum):
    """Who may decide to live with a risk of a level, and for how long."""

    ITS_OWNER = "its owner"
    UNTIL_NEXT = "approval until the next assessment"
    AS_EXCEPTION = "approval as an exception"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Step:
    """A number of a scale with its name and the sentence that says when to give it."""

    number: int
    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Level:
    """A band of ratings, from `start` up to the next band: what it means and who may accept it."""

    name: str
    start: int
    says: str
    accept: Acceptable


@dataclass(frozen=True, slots=True)
class RiskQuestion:
    """A question that every assessment answers, with the criterion that it serves and prompts to think along."""

    name: str
    criterion: str
    asks: str
    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Method:
    """How risks are rated: two scales of five steps, the bands of their product, lowest first, and the questions asked each time."""

    says: str
    likelihood: tuple[Step, ...]
    impact: tuple[Step, ...]
    levels: tuple[Level, ...]
    questions: tuple[RiskQuestion, ...]

    def level(self, rating: int) -> Level:
        """Give the band of a rating. Raises ValueError for one that is none."""
        found = [one for one in self.levels if one.start <= rating]
        if not found or rating > STEPS[-1] ** 2:
            raise ValueError(f"{rating} is no rating: likelihood times impact is from 1 to 25.")
        return found[-1]


@dataclass(frozen=True, slots=True)
class StartingRisk:
    """A risk that companies like this one commonly have: a suggestion, without a rating."""

    id: str
    what: str
    cause: str
    hits: str
    category: RiskCategory
    controls: tuple[str, ...]
    when: Condition


@dataclass(frozen=True, slots=True)
class Risks:
    """The method and the starting risks by id."""

    method: Method
    starting: dict[str, StartingRisk]

    def for_scope(self, scope: Facts) -> list[StartingRisk]:
        """Give the starting risks whose condition holds for a scope, by category and id."""
        found = [one for one in self.starting.values() if one.when.holds(scope)]
        return sorted(found, key=lambda one: (list(RiskCategory).index(one.category), one.id))


def load_risks(content: Content) -> Risks:
    """Read method and starting risks. Raises CatalogueError, which names file, field and remedy."""
    return read_once("risks", content, lambda: _load(content))


def _load(content: Content) -> Risks:
    catalogue = load_catalogue(content)
    method = _read_method(read_fields(content, METHOD))
    for question in method.questions:
        _refuse_unknown(METHOD, "criterion", [question.criterion], catalogue.criteria)
    paths = [one for one in content.paths("risks/", ".yaml") if one != METHOD]
    starting = {stem(path): _read_risk(read_fields(content, path)) for path in paths}
    for id_, risk in starting.items():
        _refuse_unknown(f"risks/{id_}.yaml", "controls", risk.controls, catalogue.controls)
    return Risks(method, starting)


def _read_method(fields: Fields) -> Method:
    """Read the method; its scales have five steps each, its bands begin at 1 and go up."""
    method = Method(
        fields.text("says"),
        _steps(fields, "likelihood"),
        _steps(fields, "impact"),
        tuple(_read_level(one) for one in fields.each("levels")),
        tuple(_read_question(one) for one in fields.each("questions")),
    )
    fields.done()
    starts = [one.start for one in method.levels]
    if starts[0] != STEPS[0] or starts != sorted(set(starts)):
        raise fields.error("levels", "must begin at 1 and go up")
    return method


def _steps(fields: Fields, name: str) -> tuple[Step, ...]:
    found = []
    for number, one in enumerate(fields.each(name), 1):
        found.append(Step(number, one.text("name"), one.text("says")))
        one.done()
    if len(found) != len(STEPS):
        raise fields.error(name, "must have five steps")
    return tuple(found)


def _read_level(fields: Fields) -> Level:
    level = Level(
        fields.text("name"), fields.integer("from"), fields.text("says"), fields.choice("accept", Acceptable)
    )
    fields.done()
    return level


def _read_question(fields: Fields) -> RiskQuestion:
    question = RiskQuestion(
        fields.text("name"), fields.text("criterion"), fields.text("asks"), fields.texts("prompts")
    )
    fields.done()
    return question


def _read_risk(fields: Fields) -> StartingRisk:
    risk = StartingRisk(
        stem(fields.path),
        fields.text("what"),
        fields.text("cause"),
        fields.text("hits"),
        fields.choice("category", RiskCategory),
        fields.texts("controls"),
        take_condition(fields.fields("when")) if "when" in fields else Condition(),
    )
    fields.done()
    return risk


def _refuse_unknown(path: str, field: str, ids: Iterable[str], known: Iterable[str]) -> None:
    for one in ids:
        if one not in known:
            raise CatalogueError(f"{path}: {field} names {one}, which is none; mend the id.")
