"""Answering the interview: each answer becomes evidence by inquiry for every control of its question, all that is sent together in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from assay.catalogue import Answer, Question, load_interview
from assay.evidence.manual import Answered, How, ManualEvidence, Method
from assay.home import Home
from assay.home.manual import add_evidence
from assay_web.home import current_home
from assay_web.records.accounts import Account
from assay_web.services.concluding import conclude_soon
from assay_web.services.drafts import drop_part

PURPOSE = "interview"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a question, by their ids, with a note of the person's own."""

    question: str
    answer: str
    note: str = ""


def answer(replies: Iterable[Reply], *, group: str, by: Account) -> int:
    """Add the answers as evidence and drop what was typed; gives how many. Raises BadEvidenceError or CatalogueError, and then adds none."""
    home = current_home()
    questions = load_interview(home.content).questions
    given = list(replies)
    with transaction.atomic():
        for reply in given:
            question = questions[reply.question]
            for control in question.controls:
                add_evidence(
                    home, _evidence(home, question, question.answer(reply.answer), control, reply.note, by)
                )
        drop_part(PURPOSE, group)
    if given:
        conclude_soon(by=by)
    return len(given)


def _evidence(
    home: Home, question: Question, given: Answer, control: str, note: str, by: Account
) -> ManualEvidence:
    said = f"{question.ask} {given.say}"
    return ManualEvidence(
        by=by.actor,
        control=control,
        shows=given.shows or said,
        observed=home.now(),
        captured_by=by.actor,
        how=How(Method.INQUIRY),
        note=f"{said}\n\n{note}" if note else said,
        answer=Answered(question.id, given.id, given.means),
    )
