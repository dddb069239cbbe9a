"""Actions out of a risk, an incident or an exercise: made on its page, done as tasks."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from assay.audit.incidents import action_due_problem
from assay_web.access import May, account_of, asks
from assay_web.queries.parameters import whole
from assay_web.services.line_tasks import Action, make_action
from assay_web.workspace.exercises import EXERCISES
from assay_web.workspace.incident_forms import ActionForm
from assay_web.workspace.incidents import INCIDENTS
from assay_web.workspace.registers import Register, found_line, line_page
from assay_web.workspace.risks import RISKS

_FROM: Mapping[str, Register] = {one.name: one for one in (RISKS, INCIDENTS, EXERCISES)}
_WITHIN = frozenset({INCIDENTS.name, EXERCISES.name})
"""Registers whose actions are due within the days of `incident_action_max_days`."""


@asks(May.DO_TASKS)
@require_POST
def add_action(request: HttpRequest, register: str, number: int) -> HttpResponse:
    """Make a task out of a line."""
    if register not in _FROM:
        raise Http404
    kind = _FROM[register]
    line, form = found_line(kind, number), ActionForm(request.POST)
    error = "Say what is to be done, in at most 300 characters, and a day such as 2026-11-30."
    if form.is_valid():
        given = form.cleaned_data
        error = ""
        if register in _WITHIN:
            error = action_due_problem(given["due"], timezone.localdate(), whole("incident_action_max_days"))
        if not error:
            action = Action(given["what"], given["owner"], given["due"])
            make_action(line, action, noun=kind.one, by=account_of(request))
            return redirect(f"{kind.name}_line", number=number)
    return line_page(request, kind, line, error=error)
