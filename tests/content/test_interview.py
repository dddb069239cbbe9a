"""The shipped interview as one corpus: what it covers, how long it is, and how it speaks."""

import itertools
import re

import pytest

from assay.audit.from_content import control_facts
from assay.catalogue import (
    Category,
    Group,
    Means,
    Scope,
    System,
    Tailoring,
    Trait,
    load_catalogue,
    load_interview,
    tailor,
)
from assay.content_tree import Content
from assay.home.content import unasked

SHIPPED = Content.shipped()
CATALOGUE = load_catalogue(SHIPPED)
INTERVIEW = load_interview(SHIPPED)

CLOUD = frozenset(
    {
        Trait.USES_CLOUD,
        Trait.USES_SSO,
        Trait.DEVELOPS_SOFTWARE,
        Trait.CUSTOMERS_SIGN_IN,
        Trait.REMOTE_ONLY,
        Trait.HAS_CONTRACTORS,
        Trait.HANDLES_PERSONAL_DATA,
    }
)
TRAITS = {
    "remote in the cloud": CLOUD,
    "office and health data": CLOUD - {Trait.REMOTE_ONLY}
    | {Trait.HAS_OFFICE, Trait.TRANSFERS_PERSONAL_DATA, Trait.HANDLES_PHI},
    "own rooms, no software": frozenset({Trait.OWN_DATA_CENTRE, Trait.HANDLES_PERSONAL_DATA}),
}
CATEGORIES = (
    frozenset({Category.SECURITY}),
    *(frozenset({Category.SECURITY, one}) for one in Category if one is not Category.SECURITY),
    frozenset(Category),
)


def scope(
    people: int = 20,
    categories: frozenset[Category] = CATEGORIES[0],
    traits: frozenset[Trait] = CLOUD,
    system: System = System.SAAS,
) -> Scope:
    return Scope("Northwind Metrics", "metrics", system, people, "UTC", categories, traits)


def by_hand(facts: Scope) -> set[str]:
    return needing_hand(tailor(CATALOGUE, facts))


def needing_hand(tailoring: Tailoring) -> set[str]:
    found = control_facts(CATALOGUE, tailoring)
    return {one.id for one in found if one.needs_hand and one.left_out is None}


def spoken_for(facts: Scope) -> set[str]:
    return {control for question in INTERVIEW.asked_of(facts) for control in question.controls}


@pytest.mark.parametrize("traits", TRAITS.values(), ids=TRAITS)
def test_every_recommended_control_of_a_20_person_security_scope_that_needs_evidence_by_hand_is_asked_for(
    traits,
):
    facts = scope(traits=traits)
    assert len(by_hand(facts)) > 45
    assert by_hand(facts) - spoken_for(facts) == set()


@pytest.mark.parametrize("people", [1, 20, 50, 200])
@pytest.mark.parametrize("traits", TRAITS.values(), ids=TRAITS)
def test_in_every_scope_each_control_by_hand_is_asked_for_and_no_question_is_idle(people, traits):
    for categories, system in itertools.product(CATEGORIES, (System.SAAS, System.DATA_PROCESSING)):
        facts = scope(people, categories, traits, system)
        tailoring = tailor(CATALOGUE, facts)
        assert needing_hand(tailoring) - spoken_for(facts) == set()
        recommended = set(tailoring.recommended)
        idle = [one.id for one in INTERVIEW.asked_of(facts) if not recommended.intersection(one.controls)]
        assert idle == []


def test_no_control_by_hand_of_the_catalogue_is_without_a_question():
    assert list(unasked(CATALOGUE, INTERVIEW, CATALOGUE.controls)) == []


def test_the_interview_of_a_small_company_is_short():
    facts = scope()
    settings = set(CATALOGUE.controls) - by_hand(scope(200, frozenset(Category)))
    assert len(INTERVIEW.asked_of(facts)) <= 60
    assert 40 <= len(INTERVIEW.asked_of(facts, shown=settings)) <= 55
    assert len(INTERVIEW.asked_of(scope(1))) <= 60


def test_the_interview_begins_with_leadership_and_every_group_asks_a_small_company_something():
    groups = [one.group for one in INTERVIEW.asked_of(scope())]
    assert list(dict.fromkeys(groups)) == list(Group)
    assert 6 <= len(Group) <= 8


def test_every_question_has_an_answer_that_admits_a_lack():
    for one in INTERVIEW.questions.values():
        meanings = [answer.means for answer in one.answers]
        assert meanings.count(Means.IN_PLACE) == 1, one.id
        assert Means.MISSING in meanings, one.id


def test_evidence_is_one_sentence_in_the_first_person_plural():
    for one in INTERVIEW.questions.values():
        for answer in one.answers:
            if answer.shows is not None:
                assert re.fullmatch(r"We [^.?!]+\.", answer.shows), (one.id, answer.shows)


def test_questions_and_evidence_are_not_repeated():
    asked = [one.ask for one in INTERVIEW.questions.values()]
    shown = [answer.shows for one in INTERVIEW.questions.values() for answer in one.answers if answer.shows]
    assert len(set(asked)) == len(asked)
    assert len(set(shown)) == len(shown)


def test_a_question_asks_for_the_fact_and_never_for_the_private_content():
    assert "never the content" in (INTERVIEW.questions["background-checks"].asks_for or "")
    assert "never a secret" in (INTERVIEW.questions["long-lived-keys"].asks_for or "")


def test_every_condition_says_why_a_question_is_not_asked():
    for one in INTERVIEW.questions.values():
        conditional = any(condition.people_from or condition.categories or condition.systems or condition.traits or condition.without for condition in one.when.when)  # fmt: skip
        assert bool(one.when.otherwise) == conditional, one.id


def test_a_question_uses_the_word_that_an_engineer_and_a_founder_know():
    for one in INTERVIEW.questions.values():
        assert len(one.ask) <= 150, one.id
        assert not re.search(r"\b[A-Z]{2,4}-[0-9]{2}\b|\bCC[0-9]", one.ask + one.why), one.id
