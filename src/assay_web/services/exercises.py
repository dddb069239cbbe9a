"""An exercise enters as evidence for the control that asks for it, with the record as it stands."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from assay.errors import AssayError
from assay.evidence.canonical import encode
from assay.evidence.manual import Attachment, How, ManualEvidence, Method, Recurs
from assay.home.manual import add_evidence
from assay_web.home import current_home
from assay_web.queries.exercises import CONTROL_OF, EVERY, compared_of
from assay_web.queries.parameters import whole
from assay_web.records.accounts import Account
from assay_web.records.incidents import Exercise, ExerciseKind
from assay_web.services.concluding import conclude_soon
from assay_web.services.registers import said_of


class ExerciseError(AssayError):
    """An exercise cannot enter as evidence; the sentence says why."""


def enter_as_evidence(exercise: Exercise, *, by: Account) -> int:
    """Enter an exercise as evidence, observed on the day it was held; gives the entry. Raises ExerciseError where it is withdrawn or entered already."""
    if exercise.ended is not None or exercise.evidence is not None:
        raise ExerciseError("Only an exercise that stands enters as evidence, and only once.")
    home = current_home()
    content = encode({"exercise": str(exercise), "says": said_of(exercise), "version": exercise.version})
    kept = Attachment(home.evidence.put_object(content), f"exercise-{exercise.pk}.json", len(content))
    with transaction.atomic():
        entry, _ = add_evidence(home, _evidence(exercise, by, kept))
        Exercise.objects.filter(pk=exercise.pk, evidence=None).update(evidence=entry)
        conclude_soon(by=by)
    return entry


def _evidence(exercise: Exercise, by: Account, kept: Attachment) -> ManualEvidence:
    kind = ExerciseKind(exercise.kind)
    measured = " ".join(f"{one.words}." for one in compared_of(exercise))
    held = timezone.make_aware(datetime.combine(exercise.held, time(12)))
    return ManualEvidence(
        by=by.actor,
        control=CONTROL_OF[kind],
        shows=f"Exercise {exercise} was held: {exercise.get_outcome_display().lower()}.",
        observed=min(held, timezone.now()),
        captured_by=by.actor,
        how=How(Method.RECORD),
        recurs=Recurs(whole(EVERY[kind])),
        attachment=kept,
        note=measured or None,
    )
