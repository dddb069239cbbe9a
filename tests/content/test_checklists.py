"""The shipped checklists: every name resolves, every step a company has leads to a control, and smaller companies have fewer."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from assay.catalogue import CatalogueError, Category, System, Trait, load_checklists
from assay.catalogue.checklists import read_checklist
from assay.catalogue.reading import Fields
from assay.content_tree import Content


@dataclass(frozen=True)
class _Company:
    people: int
    system: System = System.SAAS
    categories: frozenset[Category] = frozenset()
    traits: frozenset[Trait] = frozenset()


def test_there_is_one_for_each_kind_and_every_step_serves_a_control() -> None:
    found = load_checklists(Content.shipped())
    assert set(found) == {"joiner", "mover", "leaver"}
    assert [one.id for template in found.values() for one in template.steps if not one.controls] == []


def test_a_company_of_two_has_fewer_steps_than_one_of_fifty() -> None:
    counts = {
        kind: (len(one.steps_for(_Company(2))), len(one.steps_for(_Company(50))))
        for kind, one in load_checklists(Content.shipped()).items()
    }
    assert counts == {"joiner": (8, 9), "mover": (3, 5), "leaver": (5, 6)}


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([{"id": "A b", "what": "It is done."}], "lower-case words"),
        ([{"id": "a", "what": "It is done"}], "full stop"),
        ([{"id": "a", "what": "It is done.", "shown_by": "magic"}], "none of"),
        ([{"id": "a", "what": "One."}, {"id": "a", "what": "Two."}], "twice"),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence(steps: list[dict[str, str]], says: str) -> None:
    with pytest.raises(CatalogueError, match=says):
        read_checklist(Fields("checklists/x.yaml", {"says": "What is done.", "steps": steps}))
