"""The interview as it stands: which questions apply, what was answered last, and what has grown old since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from assay.audit.by_hand import HOLDS_DAYS, LONGEST_DAYS
from assay.catalogue import Answer, Catalogue, Group, Means, Question, Scope, load_catalogue, load_interview
from assay.evidence.canonical import parse_instant
from assay.evidence.ledger import Kind
from assay.home.manual import evidence_of
from assay_web.home import current_home
from assay_web.memory import remembered
from assay_web.queries.people import names_of
from assay_web.queries.scoping import scope_in_force
from assay_web.queries.standing import standing

_STATES = {
    Means.IN_PLACE: "in place",
    Means.PARTLY: "partly",
    Means.MISSING: "missing",
    Means.NOT_RELEVANT: "not relevant",
}


@dataclass(frozen=True, slots=True)
class Given:
    """The newest answer to a question: which, the note beside it, who gave it and when."""

    answer: str
    note: str
    by: str
    at: datetime
    entry: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its newest answer, if there is one; `old` where that has grown old."""

    question: Question
    given: Given | None
    answer: Answer | None
    who: str
    old: bool

    @property
    def state(self) -> str:
        return "unknown" if self.answer is None or self.old else _STATES[self.answer.means]


@dataclass(frozen=True, slots=True)
class GroupOf:
    """A group of questions that apply."""

    group: Group
    asked: tuple[Asked, ...]

    @property
    def answered(self) -> int:
        return sum(one.state != "unknown" for one in self.asked)

    @property
    def counts(self) -> dict[str, int]:
        """Give how many questions are in each state; one that is not answered is unknown."""
        states = [one.state for one in self.asked]
        return {name: states.count(name) for name in ("in place", "partly", "missing", "unknown")}


def interview_now() -> list[GroupOf]:
    """Give the groups whose questions apply to the scope in force, in the order of asking; none without a scope."""
    home = current_home()
    setting = scope_in_force()
    if setting is None:
        return []
    catalogue = load_catalogue(home.content)
    questions = load_interview(home.content).asked_of(Scope.from_object(setting.value), _shown())
    given, now = newest_answers(), home.now()
    names = names_of({one.by for one in given.values()})
    asked = [_asked(catalogue, one, given.get(one.id), names, now) for one in questions]
    return [
        GroupOf(group, found)
        for group in Group
        if (found := tuple(one for one in asked if one.question.group is group))
    ]


def newest_answers() -> dict[str, Given]:
    """Give the newest answer to each question that was ever answered."""
    home = current_home()
    last = home.ledger.last(Kind.EVIDENCE)
    return {} if last is None else dict(_answers(home.id, str(home.path), last.ordinal))


@remembered(4)
def _answers(home_id: str, path: str, ordinal: int) -> tuple[tuple[str, Given], ...]:
    found: dict[str, Given] = {}
    for entry, body in evidence_of(current_home()):
        if body and (answer := body.get("answer")):
            note = str(body["note"] or "").partition("\n\n")[2]
            at = parse_instant(body["observed"])
            found[answer["question"]] = Given(answer["answer"], note, body["by"], at, entry)
    return tuple(found.items())


def holds_days(catalogue: Catalogue, question: Question) -> int:
    """Give for how many days an answer stands: as long as the shortest cadence of its controls allows."""
    cadences = [catalogue.controls[one].cadence for one in question.controls]
    return min(HOLDS_DAYS.get(one.value if one else "", LONGEST_DAYS) for one in cadences)


def _asked(
    catalogue: Catalogue, question: Question, given: Given | None, names: dict[str, str], now: datetime
) -> Asked:
    if given is None or given.answer not in {one.id for one in question.answers}:
        return Asked(question, None, None, "", old=False)
    old = now - given.at > timedelta(days=holds_days(catalogue, question))
    return Asked(question, given, question.answer(given.answer), names.get(given.by, given.by), old)


def _shown() -> frozenset[str]:
    """Controls that connected sources show whole by themselves."""
    found = standing()
    return frozenset(
        one["id"]
        for one in (found.report["controls"] if found else ())
        if one["state"] == "in place" and all(shown["kind"] == "check" for shown in one["shown_by"])
    )
