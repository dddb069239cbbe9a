"""The interview: questions to a founder on what no source can show, one file each in `interview/`, its id the file's name.

An answer is management's statement. Auditors call that inquiry, and by itself it is weak evidence: it says what the company believes it does, not
that it was done. So an answer never makes a control "in place" by itself where the evidence asked for is a document, a record or a population; it
says where the company sees itself, `asks_for` names what would show it, and the report's rules decide. A `partly` never counts as more than it says.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from assay.catalogue.conditions import ALWAYS, Facts, Rule, take_rule
from assay.catalogue.loading import load_catalogue
from assay.catalogue.reading import CatalogueError, Fields, read_fields, stem
from assay.content_tree import Content, read_once
from assay.evidence.manual import Means


class Group(StrEnum):
    """The parts of the interview, in the order of asking."""

    LEADERSHIP = "leadership"
    RISK = "risk"
    PEOPLE = "people"
    ACCESS = "access"
    BUILDING = "building"
    SYSTEMS = "systems"
    VENDORS = "vendors"
    CUSTOMERS = "customers"

    @property
    def label(self) -> str:
        """The heading of the group."""
        return _TITLES[self]


_TITLES = {
    Group.LEADERSHIP: "Who leads, and what is written down",
    Group.RISK: "Risks and how you check yourselves",
    Group.PEOPLE: "People who join, work and leave",
    Group.ACCESS: "Who can reach what",
    Group.BUILDING: "How you change the product",
    Group.SYSTEMS: "How you run it, and what happens when it breaks",
    Group.VENDORS: "Companies you rely on",
    Group.CUSTOMERS: "What you promise customers, and their data",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the closed answers: what the founder says, what it means, the sentence that `shows` it as evidence by hand, and what to do `next`."""

    id: str
    say: str
    means: Means
    shows: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question. `controls` are those that an answer speaks for, `asks_for` what to attach, `when` the scopes in which it is asked."""

    id: str
    group: Group
    order: int
    ask: str
    why: str
    controls: tuple[str, ...]
    answers: tuple[Answer, ...]
    asks_for: str | None
    when: Rule

    def answer(self, key: str) -> Answer:
        """Give one of the answers by its id. Raises CatalogueError where there is none."""
        for one in self.answers:
            if one.id == key:
                return one
        known = ", ".join(one.id for one in self.answers)
        raise CatalogueError(f"{self.id} has no answer {key!r}. Give one of: {known}.")


@dataclass(frozen=True, slots=True)
class Interview:
    """All questions by id, in the order of asking."""

    questions: Mapping[str, Question]

    def asked_of(self, facts: Facts, shown: Collection[str] = ()) -> tuple[Question, ...]:
        """Give the questions that are asked in a scope, in order, but for those that speak of nothing but `shown`: controls that sources show whole."""
        return tuple(
            one
            for one in self.questions.values()
            if one.when.met(facts) and not all(control in shown for control in one.controls)
        )

    def serving(self, control: str) -> tuple[Question, ...]:
        """Give the questions whose answers speak for a control, in order; none where no question does."""
        return tuple(one for one in self.questions.values() if control in one.controls)


FOLDER = "interview/"
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_MOST_ANSWERS = 4


def load_interview(content: Content) -> Interview:
    """Read the interview of a content tree. Raises CatalogueError where a file is wrong, names no such control, or takes another's place in the order."""
    return read_once("interview", content, lambda: _load(content))


def _load(content: Content) -> Interview:
    found = [read_question(read_fields(content, path)) for path in content.paths(FOLDER, ".yaml")]
    groups = list(Group)
    ordered = sorted(found, key=lambda one: (groups.index(one.group), one.order, one.id))
    _check_order(ordered)
    if found:
        _check_controls(ordered, load_catalogue(content).controls)
    return Interview(MappingProxyType({one.id: one for one in ordered}))


def _check_order(ordered: list[Question]) -> None:
    taken: dict[tuple[Group, int], str] = {}
    for one in ordered:
        if other := taken.get((one.group, one.order)):
            raise CatalogueError(
                f"{FOLDER}{one.id}.yaml: order is {one.order} in {one.group}, as in {FOLDER}{other}.yaml. Give one of them another place."
            )
        taken[one.group, one.order] = one.id


def _check_controls(questions: list[Question], controls: Mapping[str, object]) -> None:
    for question in questions:
        for one in question.controls:
            if one not in controls:
                raise CatalogueError(
                    f"{FOLDER}{question.id}.yaml: controls names {one}, and there is no controls/{one}.yaml. Mend the id or add the control."
                )


def read_question(fields: Fields) -> Question:
    """Read an interview file. Raises CatalogueError with the file, the field and the remedy."""
    question = Question(
        id=stem(fields.path),
        group=fields.choice("group", Group),
        order=fields.integer("order"),
        ask=_one_sentence(fields, "ask", "?"),
        why=_one_sentence(fields, "why", "."),
        controls=fields.texts("controls"),
        answers=tuple(_read_answers(fields)),
        asks_for=fields.optional_text("asks_for"),
        when=take_rule(fields) if "when" in fields else ALWAYS,
    )
    fields.done()
    _check_question(fields, question)
    return question


def _one_sentence(fields: Fields, field: str, mark: str) -> str:
    text = fields.text(field)
    if not text.endswith(mark) or re.search(r"[.?!]\s", text):
        raise fields.error(fields.name(field), f"must be one sentence that ends with {mark!r}")
    return text


def _read_answers(fields: Fields) -> Iterator[Answer]:
    for inner in fields.each("answers"):
        answer = Answer(
            id=inner.text("id"),
            say=inner.text("say"),
            means=inner.choice("means", Means),
            shows=inner.optional_text("shows"),
            next=inner.optional_text("next"),
        )
        inner.done()
        _check_answer(inner, answer)
        yield answer


def _check_answer(fields: Fields, answer: Answer) -> None:
    shown = answer.means in (Means.IN_PLACE, Means.PARTLY)
    to_do = answer.means in (Means.PARTLY, Means.MISSING)
    if not _ID.fullmatch(answer.id):
        raise fields.error(fields.name("id"), f"is {answer.id!r}, which must be lower-case words joined by -")
    if shown != (answer.shows is not None):
        raise fields.error(
            fields.name("shows"),
            f"must say what is done: the answer means {answer.means}"
            if shown
            else f"must go: an answer that means {answer.means} is evidence of nothing",
        )
    if to_do != (answer.next is not None):
        raise fields.error(
            fields.name("next"),
            f"must say what to do: the answer means {answer.means}"
            if to_do
            else f"must go: after {answer.means} there is nothing to do",
        )


def _check_question(fields: Fields, question: Question) -> None:
    ids = [one.id for one in question.answers]
    if not _ID.fullmatch(question.id):
        raise fields.error(
            "The file name", f"gives {question.id!r}, which must be lower-case words joined by -"
        )
    if not question.controls:
        raise fields.error("controls", "names no control; name those that an answer speaks for")
    if not 2 <= len(ids) <= _MOST_ANSWERS:
        raise fields.error("answers", f"are {len(ids)}; give 2 to {_MOST_ANSWERS}")
    if len(set(ids)) < len(ids):
        raise fields.error("answers", "give one id twice; give each answer its own")
    if all(one.means is Means.IN_PLACE for one in question.answers):
        raise fields.error("answers", "all mean in_place; add the one that admits that it is not")
    if any(condition.because for condition in question.when.when):
        raise fields.error("when", "has `because`, which no question prints; remove it")
