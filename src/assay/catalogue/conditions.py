"""Conditions over a scope, as content files state them: which controls apply, and which a company starts with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from assay.catalogue.reading import Fields
from assay.catalogue.vocabulary import Category, System, Trait


class Facts(Protocol):
    """What a condition can ask of a scope."""

    @property
    def people(self) -> int: ...
    @property
    def system(self) -> System: ...
    @property
    def categories(self) -> frozenset[Category]: ...
    @property
    def traits(self) -> frozenset[Trait]: ...


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds where every part that is given holds: at least so many people, one of the categories, one of the systems, all traits, none of `without`."""

    people_from: int = 0
    categories: frozenset[Category] = frozenset()
    systems: frozenset[System] = frozenset()
    traits: frozenset[Trait] = frozenset()
    without: frozenset[Trait] = frozenset()
    because: str | None = None

    def holds(self, facts: Facts) -> bool:
        """Say whether the condition holds for a scope."""
        return (
            facts.people >= self.people_from
            and (not self.categories or bool(self.categories & facts.categories))
            and (not self.systems or facts.system in self.systems)
            and self.traits <= facts.traits
            and not self.without & facts.traits
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """Holds where one of its conditions holds; `otherwise` is the sentence that says why not."""

    when: tuple[Condition, ...]
    otherwise: str

    def met(self, facts: Facts) -> Condition | None:
        """Give the first condition that holds, or None."""
        return next((condition for condition in self.when if condition.holds(facts)), None)


ALWAYS = Rule((Condition(),), "")


def read_rule(fields: Fields) -> Rule:
    """Read `{when: [condition, …], otherwise: sentence}`."""
    rule = take_rule(fields)
    fields.done()
    return rule


def take_rule(fields: Fields) -> Rule:
    """Take `when` and `otherwise` out of fields that hold more than the rule."""
    return Rule(tuple(take_condition(one) for one in fields.each("when")), fields.text("otherwise"))


def take_condition(fields: Fields) -> Condition:
    """Read one condition: what must hold of a scope."""
    if not fields.names():
        raise fields.error(
            fields.name("when"), "has an empty condition; say what must hold, or write `always`"
        )
    condition = Condition(
        people_from=fields.integer("people_from") if "people_from" in fields else 0,
        categories=frozenset(fields.choices("categories", Category)),
        systems=frozenset(fields.choices("systems", System)),
        traits=frozenset(fields.choices("traits", Trait)),
        without=frozenset(fields.choices("without", Trait)),
        because=fields.optional_text("because"),
    )
    fields.done()
    return condition
