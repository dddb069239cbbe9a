"""Who has to take which course, by when, what shows that they did, and who is late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from assay.audit.training import TrainingLimits, training_due
from assay_web.queries.parameters import in_force
from assay_web.queries.workers import Register, Worker
from assay_web.records.people import Course, CourseProof, CourseWorker

HEADINGS = ("course", "e-mail", "finished", "shown by", "due", "late")


@dataclass(frozen=True, slots=True)
class Taken:
    """A course and a worker who has to take it: the day of the last proof, what showed it, by when it is due next."""

    course: Course
    email: str
    ref: str
    finished: date | None
    shown_by: str
    proof: CourseProof | None
    due: date | None
    late: bool

    @property
    def is_open(self) -> bool:
        """True while something is to be done: never finished, or due again."""
        return self.due is not None and (self.finished is None or self.late)


@dataclass(frozen=True, slots=True)
class _Book:
    """What is asked for once, however many workers there are."""

    named: Mapping[tuple[str, str], date]
    proofs: Mapping[tuple[str, str], CourseProof]
    limits: TrainingLimits
    today: date


def limits() -> TrainingLimits:
    """Give the company's limits."""
    found = in_force()
    return TrainingLimits(int(found["training_joiner_days"]), int(found["training_interval_days"]))


def courses() -> list[Course]:
    """Give the courses that are given now."""
    return list(Course.objects.filter(retired__isnull=True))


def of_worker(email: str, worker: Worker | None) -> list[Taken]:
    """Give the courses of one worker, what is due first first. A worker whom no list names has those that are everyone's, or theirs by name."""
    book = _book(email=email)
    found = [_taken(one, email, worker, book) for one in courses() if _applies(one, email, worker, book)]
    return sorted(found, key=lambda one: (one.due is None, one.due or date.max, one.course.title))


def of_courses(given: Iterable[Course], register: Register) -> dict[str, list[Taken]]:
    """Give for each course those who work here and have to take it, who is late first."""
    book = _book()
    here = [one for one in register.workers if not one.has_left]
    return {
        course.pk: sorted(
            (_taken(course, one.email, one, book) for one in here if _applies(course, one.email, one, book)),
            key=lambda one: (not one.late, one.due or date.max, one.email),
        )
        for course in given
    }


def groups_of(register: Register) -> list[tuple[str, str]]:
    """Give the groups that a course can be given to: their names and words."""
    here = [one for one in register.workers if not one.has_left]
    departments = sorted({one.department for one in here if one.department})
    kinds = sorted({one.kind for one in here if one.kind})
    return [
        *((f"department:{one}", f"Department {one}") for one in departments),
        *((f"kind:{one}", f"Every {one}") for one in kinds),
    ]


def rows_of(taken: Iterable[Taken]) -> Iterable[tuple[Any, ...]]:
    """Give lines for other programs."""
    for one in taken:
        yield (one.course.title, one.email, one.finished, one.shown_by, one.due, one.late)


def _book(*, email: str = "") -> _Book:
    named = CourseWorker.objects.filter(email=email) if email else CourseWorker.objects.all()
    proofs = CourseProof.objects.filter(taken_back__isnull=True).order_by("finished", "made")
    if email:
        proofs = proofs.filter(email=email)
    return _Book(
        {(one.course_id, one.email): one.assigned for one in named},
        {(one.course_id, one.email): one for one in proofs},  # the newest stays
        limits(),
        timezone.localdate(),
    )


def _applies(course: Course, email: str, worker: Worker | None, book: _Book) -> bool:
    if course.everyone or (course.pk, email) in book.named:
        return True
    if worker is None:
        return False
    return f"department:{worker.department}" in course.groups or f"kind:{worker.kind}" in course.groups


def _taken(course: Course, email: str, worker: Worker | None, book: _Book) -> Taken:
    proof = book.proofs.get((course.pk, email))
    listed = _listed(course, worker)
    finished = [*listed, *([proof.finished] if proof else [])]
    latest = max(finished, default=None)
    started = None if worker is None or worker.started is None else timezone.localdate(worker.started)
    due = training_due(
        given=book.named.get((course.pk, email), course.begins),
        started=started,
        finished=finished,
        repeats=course.repeats,
        limits=book.limits,
    )
    return Taken(
        course,
        email,
        worker.ref if worker else "",
        latest,
        _shown_by(latest, listed, proof),
        proof,
        due,
        due is not None and due < book.today,
    )


def _listed(course: Course, worker: Worker | None) -> list[date]:
    """Give the days on which a source says that the course was finished: it is told by its name."""
    trained = worker.trained if worker else ()
    return [
        timezone.localdate(one.finished)
        for one in trained
        if one.finished is not None and one.course.casefold() == course.title.casefold()
    ]


def _shown_by(latest: date | None, listed: list[date], proof: CourseProof | None) -> str:
    if latest is None:
        return ""
    if latest in listed:
        return "a list"
    return "a file" if proof and proof.attachment else "a statement"


def by_worker(every: Mapping[str, list[Taken]]) -> dict[str, list[Taken]]:
    """Turn courses' workers into workers' courses."""
    found: dict[str, list[Taken]] = defaultdict(list)
    for taken in every.values():
        for one in taken:
            found[one.email].append(one)
    return found
