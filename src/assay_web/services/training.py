"""Verbs on courses: giving one, proving that it was finished, taking a proof back, retiring a course. Each is one act, which names no worker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from assay.errors import AssayError
from assay_web.home import current_home
from assay_web.records.accounts import Account
from assay_web.records.people import Course, CourseProof, CourseWorker
from assay_web.services.acting import acting, person

LARGEST = 10 * 1024 * 1024
"""The largest certificate that is kept, in bytes."""


class TrainingError(AssayError):
    """Something cannot be done to a course or its proof; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a course says: its title, where it is taken, the controls it serves, whose it is, from which day, and whether it comes again."""

    title: str
    where: str
    controls: tuple[str, ...]
    everyone: bool
    groups: tuple[str, ...]
    emails: tuple[str, ...]
    repeats: bool
    begins: date


def give_course(given: Given, *, by: Account) -> Course:
    """Give a course to everyone, to groups, or to workers by name. Raises TrainingError where it is given to nobody."""
    _refuse_nobody(given)
    course = Course(made_by=by, **_fields(given))
    with transaction.atomic():
        with acting("course.given", by, course=course.pk, **_told(given)) as act:
            course.save(force_insert=True)
            _name(course, given.emails)
        Course.objects.filter(pk=course.pk).update(entry=act.entry)
    return course


def change_course(course: Course, given: Given, *, version: int, by: Account) -> None:
    """Change a course that was read as `version`. Who had it by name before keeps the day. Raises TrainingError where it was changed since."""
    _refuse_nobody(given)
    with acting("course.changed", by, course=course.pk, **_told(given)):
        found = _unmoved(course, version)
        for name, value in _fields(given).items():
            setattr(found, name, value)
        found.version += 1
        found.save(force_update=True)
        found.workers.exclude(email__in=given.emails).delete()
        _name(found, given.emails)


def retire_course(course: Course, *, version: int, by: Account) -> None:
    """Retire a course: nobody has to take it any more; its proofs stay."""
    with acting("course.retired", by, course=course.pk):
        found = _unmoved(course, version)
        found.retired = timezone.now()
        found.version += 1
        found.save(force_update=True)


def bring_back_course(course: Course, *, version: int, by: Account) -> None:
    """Take the retirement of a course back."""
    with acting("course.brought_back", by, course=course.pk):
        found = Course.objects.select_for_update().get(pk=course.pk)
        if found.version != version or found.retired is None:
            raise TrainingError("This course was changed since you opened it. Look at it again.")
        found.retired = None
        found.version += 1
        found.save(force_update=True)


def prove(
    course: Course, *, email: str, finished: date, said: str, file: UploadedFile[Any] | None, by: Account
) -> CourseProof:
    """Say that a worker finished a course on a day, with a file or without. Raises TrainingError for a day to come, or a file too large.

    1. The file is durable first: one that no row names is swept later. 2. The row and its act, in which the worker is sealed.
    """
    if finished > timezone.localdate():
        raise TrainingError("The day is still to come. Give the day on which the course was finished.")
    proof = CourseProof(course=course, email=email.lower(), finished=finished, said=said, made_by=by)
    if file is not None:
        _keep(proof, file)  # 1
    details = {"course": course.pk, "file": proof.attachment or None, "finished": finished.isoformat()}
    with transaction.atomic():  # 2
        own = by.email.lower() == proof.email
        with acting("course.proved", by, proof=proof.pk, own=own, **details) as act:
            proof.save(force_insert=True)
            act.details["worker"] = person(act.home, proof.email)
        CourseProof.objects.filter(pk=proof.pk).update(entry=act.entry)
    return proof


def take_back(proof: CourseProof, *, why: str, by: Account) -> None:
    """Take a proof back for a reason: it counts no more, and stays. Raises TrainingError where it was taken back before."""
    with acting("course.proof_taken_back", by, proof=proof.pk, why=why):
        found = CourseProof.objects.select_for_update().get(pk=proof.pk)
        if found.taken_back is not None:
            raise TrainingError("This proof was taken back before. Nothing was changed.")
        found.taken_back, found.why_taken_back = timezone.now(), why
        found.save(update_fields=["taken_back", "why_taken_back"])


def _keep(proof: CourseProof, file: UploadedFile[Any]) -> None:
    if (file.size or 0) > LARGEST:
        raise TrainingError(
            f"{file.name} has {(file.size or 0) / 1024 / 1024:.0f} MB; {LARGEST // 1024 // 1024} MB are the most. Send a smaller copy."
        )
    content = file.read()
    proof.attachment = current_home().evidence.put_object(content)
    proof.file_name = PurePath(file.name or "file").name[:255]
    proof.bytes = len(content)


def _refuse_nobody(given: Given) -> None:
    if not (given.everyone or given.groups or given.emails):
        raise TrainingError("Nobody would have to take it. Give it to everyone, to a group, or to someone.")


def _fields(given: Given) -> dict[str, Any]:
    return {
        "begins": given.begins,
        "controls": list(given.controls),
        "everyone": given.everyone,
        "groups": list(given.groups),
        "repeats": given.repeats,
        "title": given.title,
        "where": given.where,
    }


def _told(given: Given) -> dict[str, Any]:
    """What an act says of a course: workers by name are counted."""
    return {**_fields(given), "begins": given.begins.isoformat(), "named": len(given.emails)}


def _name(course: Course, emails: Iterable[str]) -> None:
    """Give a course to workers by name; who has it already keeps the day."""
    today = timezone.localdate()
    there = set(course.workers.values_list("email", flat=True))
    CourseWorker.objects.bulk_create(
        CourseWorker(course=course, email=one, assigned=today) for one in emails if one not in there
    )


def _unmoved(course: Course, version: int) -> Course:
    found = Course.objects.select_for_update().get(pk=course.pk)
    if found.version != version or found.retired is not None:
        raise TrainingError("This course was changed since you opened it. Look at it again.")
    return found
