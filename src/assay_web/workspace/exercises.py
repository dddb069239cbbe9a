"""Exercises: what was rehearsed, how it went beside the objectives, what it taught, and when the next is due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from assay.errors import AssayError
from assay_web.access import May, account_of, allowed, asks
from assay_web.queries import exercises as queries
from assay_web.queries.line_tasks import tasks_of
from assay_web.records.incidents import Exercise, ExerciseKind, Outcome
from assay_web.services import exercises as services
from assay_web.workspace.incident_forms import ActionForm, ExerciseForm
from assay_web.workspace.registers import Register, found_line, line_page


def _listing(request: HttpRequest, lines: Sequence[Exercise]) -> dict[str, Any]:
    today = timezone.localdate()
    kinds = queries.kinds_due()
    return {
        "compared": {one.pk: queries.compared_of(one) for one in lines},
        "kinds": [(one, one.is_late(today)) for one in kinds],
        "never": [one for one in kinds if one.last is None],
    }


def _showing(request: HttpRequest, line: Exercise) -> dict[str, Any]:
    account = account_of(request)
    return {
        "action_form": ActionForm(),
        "compared": queries.compared_of(line),
        "control": queries.CONTROL_OF[ExerciseKind(line.kind)],
        "may_act": allowed(account, May.DO_TASKS) and line.ended is None,
        "may_enter": line.ended is None and line.evidence is None and allowed(account, May.ADD_EVIDENCE),
        "tasks": tasks_of(line),
    }


EXERCISES = Register(
    model=Exercise,
    form=ExerciseForm,
    name="exercises",
    one="exercise",
    many="exercises",
    title="title",
    columns=("kind", "held", "outcome"),
    dek="Rehearsals of what could happen: an incident talked through, a backup brought back, the service moved. Who took part is counted, not named.",
    empty="Begin with a tabletop: an hour, an invented incident, and what each would do. Then restore a backup and measure.",
    writes=May.DO_TASKS,
    end="Withdraw it",
    end_hint="For one that was recorded in error. It stays in the register, with the day and the reason.",
    filters={
        "tabletops": lambda one: getattr(one, "kind", "") == ExerciseKind.TABLETOP,
        "restores": lambda one: getattr(one, "kind", "") == ExerciseKind.RESTORE,
        "failovers": lambda one: getattr(one, "kind", "") == ExerciseKind.FAILOVER,
        "not as expected": lambda one: getattr(one, "outcome", "") != Outcome.AS_EXPECTED,
    },
    listing=_listing,
    showing=_showing,
    list_template="workspace/risks/exercises.html",
    row_template="workspace/risks/exercise_row.html",
    show_template="workspace/risks/exercise.html",
)


@asks(May.ADD_EVIDENCE)
@require_POST
def enter_exercise(request: HttpRequest, number: int) -> HttpResponse:
    """Enter an exercise as evidence for the control that asks for it."""
    found = found_line(EXERCISES, number)
    if not isinstance(found, Exercise):
        raise Http404
    try:
        services.enter_as_evidence(found, by=account_of(request))
    except AssayError as refused:
        return line_page(request, EXERCISES, found_line(EXERCISES, number), error=str(refused))
    return redirect("exercises_line", number=number)
