"""The checklists of joiners, movers and leavers: the list with whom one should be started for, one checklist, and what can be done to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.errors import AssayError
from assay_web.access import May, account_of, allowed, asks
from assay_web.exports import FORMS, exported
from assay_web.queries import checklists as queries
from assay_web.queries.people import names_of
from assay_web.queries.standing import standing
from assay_web.queries.workers import ref_of, register_now
from assay_web.records.people import Checklist, ChecklistKind, ChecklistState
from assay_web.services import checklists as services
from assay_web.workspace.registers import version_of

_STATES = ("open", "done", "dropped")


class StartForm(forms.Form):
    """Whom a checklist is started for."""

    kind = forms.ChoiceField(label="What happens", choices=ChecklistKind.choices)
    email = forms.EmailField(
        label="E-mail address of the worker",
        max_length=254,
        help_text="As the list of workers has it, so that what the sources show is found.",
    )
    day = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The first day, the day of the change, or the last day.",
        error_messages={"invalid": "Write a day such as 2026-11-30."},
    )


@asks(May.SEE_PEOPLE)
@require_safe
def checklists(request: HttpRequest) -> HttpResponse:
    """All checklists, filtered by state; above them those whom the list of workers shows and nobody started one for."""
    every = queries.listed(register_now())
    state = request.GET.get("state", "")
    state = state if state in _STATES else ""
    shown = [one for one in every if not state or one.checklist.state == state]
    if (form := request.GET.get("export")) in FORMS:
        return exported("checklists", form, queries.HEADINGS, queries.rows_of(shown))
    counts = [(name, sum(one.checklist.state == name for one in every)) for name in _STATES]
    context = {
        "counts": counts,
        "may_manage": allowed(account_of(request), May.MANAGE_PEOPLE),
        "shown": shown,
        "state": state,
        "suggested": queries.suggested(standing()),
        "total": len(every),
    }
    return render(request, "workspace/people/checklists.html", context)


@asks(May.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_checklist(request: HttpRequest) -> HttpResponse:
    """Start one: as the list of workers shows it (the form comes filled), or by hand."""
    form = StartForm(
        request.POST or None,
        initial={name: request.GET.get(name, "")[:254] for name in StartForm.base_fields},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        shown = {(one.kind, one.email, one.day) for one in queries.suggested(standing())}
        try:
            made = services.start(
                kind=ChecklistKind(given["kind"]),
                email=given["email"],
                day=given["day"],
                found=(given["kind"], given["email"].lower(), given["day"]) in shown,
                by=account_of(request),
            )
        except AssayError as error:
            form.add_error(None, str(error))
        else:
            return redirect("checklist", checklist_id=made.pk)
    return render(request, "workspace/people/new_checklist.html", {"form": form})


@asks(May.SEE_PEOPLE)
@require_safe
def checklist(request: HttpRequest, checklist_id: str) -> HttpResponse:
    return _page(request, get_object_or_404(Checklist, pk=checklist_id))


@asks(May.DO_TASKS)
@require_POST
def say_step(request: HttpRequest, checklist_id: str) -> HttpResponse:
    """Say that a step is done, or take that back."""
    found = get_object_or_404(Checklist, pk=checklist_id)
    step = found.steps.filter(step=request.POST.get("step", "")[:60]).first()
    if step is None:
        raise Http404
    note = request.POST.get("note", "").strip()[:400]
    try:
        if request.POST.get("deed") == "back":
            services.take_back(step, by=account_of(request))
        else:
            services.say_done(step, on=_day(request.POST.get("on", "")), note=note, by=account_of(request))
    except AssayError as error:
        return _page(
            request,
            found,
            error=str(error),
            typed={"note": note, "on": request.POST.get("on", "")[:10], "step": step.step},
        )
    return redirect("checklist", checklist_id=found.pk)


@asks(May.MANAGE_PEOPLE)
@require_POST
def end_checklist(request: HttpRequest, checklist_id: str) -> HttpResponse:
    """Complete a checklist, or drop it. Of two who do so at once one is heard; the other is told."""
    found, by = get_object_or_404(Checklist, pk=checklist_id), account_of(request)
    why = request.POST.get("why", "").strip()[:400]
    try:
        match request.POST.get("deed", ""):
            case "complete":
                services.complete(found, version=version_of(request), by=by)
            case "drop":
                services.drop(found, version=version_of(request), why=why, by=by)
            case _:
                raise Http404
    except AssayError as error:
        found.refresh_from_db()
        return _page(request, found, error=str(error), typed={"why": why})
    return redirect("checklist", checklist_id=found.pk)


def _day(text: str) -> date:
    """Read a day as a form sends it. Raises ChecklistError."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise services.ChecklistError("Write the day on which it was done, such as 2026-11-30.") from error


def _page(
    request: HttpRequest, found: Checklist, *, error: str = "", typed: dict[str, Any] | None = None
) -> HttpResponse:
    account = account_of(request)
    steps = queries.steps_of(found)
    is_open = found.state == ChecklistState.OPEN
    names = names_of([found.made_by, found.ended_by])
    worker = register_now().by_email(found.email)
    context = {
        "checklist": found,
        "ended_by": names.get(found.ended_by, found.ended_by),
        "error": error,
        "left": sum(not one.step.is_done for one in steps),
        "made_by": names.get(found.made_by, found.made_by),
        "may_manage": is_open and allowed(account, May.MANAGE_PEOPLE),
        "may_say": is_open and allowed(account, May.DO_TASKS),
        "ref": ref_of(found.email) if worker else "",
        "steps": steps,
        "today": timezone.localdate(),
        "typed": typed or {},
    }
    return render(request, "workspace/people/checklist.html", context)
