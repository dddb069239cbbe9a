"""The incident log: its lines from detection to lessons, their clocks, closing, and the statement that a period had none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST

from assay.errors import AssayError
from assay_web.access import May, account_of, allowed, asks
from assay_web.queries import incidents as queries
from assay_web.queries.line_tasks import tasks_of
from assay_web.queries.registers import history
from assay_web.records.incidents import Incident, IncidentSort, NilStatement
from assay_web.services import incidents as services
from assay_web.services.registers import begin_again
from assay_web.workspace.incident_forms import ActionForm, IncidentForm, NilForm, TimeForm
from assay_web.workspace.registers import Register, found_line, line_page, version_of


def _listing(request: HttpRequest, lines: Sequence[Incident]) -> dict[str, Any]:
    limited = queries.limits()
    return {
        "clocks": {
            one.pk: [clock for clock in queries.clocks_of(one, limited) if clock.clock.done is None]
            for one in lines
            if not one.ended
        },
        "near": sum(one.sort == IncidentSort.NEAR_MISS for one in lines),
        "nil": queries.nil_statements(),
        "open": sum(one.ended is None for one in lines),
    }


def _showing(request: HttpRequest, line: Incident) -> dict[str, Any]:
    account = account_of(request)
    return {
        "action_form": ActionForm(),
        "clocks": queries.clocks_of(line, queries.limits()),
        "lacking": queries.lacking(line),
        "may_act": allowed(account, May.DO_TASKS),
        "tasks": tasks_of(line),
        "time_form": TimeForm(),
        "timeline": queries.timeline(line, history(line)),
    }


INCIDENTS = Register(
    model=Incident,
    form=IncidentForm,
    name="incidents",
    one="incident",
    many="incidents",
    title="title",
    columns=("severity", "detected", "resolved"),
    dek="From detection to lessons, near misses too. What did not happen is said by a person, with the question that shows it.",
    empty="Nothing was recorded. Record what happens as it happens; of a period without any, state so below.",
    writes=May.DO_TASKS,
    filters={
        "not judged": lambda one: getattr(one, "severity", None) is None,
        "severe": lambda one: getattr(one, "severity", None) in (1, 2),
        "near misses": lambda one: getattr(one, "sort", "") == IncidentSort.NEAR_MISS,
        "not resolved": lambda one: getattr(one, "resolved", None) is None,
    },
    listing=_listing,
    showing=_showing,
    list_template="workspace/risks/incidents.html",
    row_template="workspace/risks/incident_row.html",
    show_template="workspace/risks/incident.html",
)


@asks(May.DO_TASKS)
@require_POST
def record_time(request: HttpRequest, number: int) -> HttpResponse:
    """Record when something of an incident was."""
    found, form = _found(number), TimeForm(request.POST)
    if not form.is_valid():
        return line_page(
            request, INCIDENTS, found, error="Choose what was, and write a time such as 2026-03-31 14:05."
        )
    which, at = form.cleaned_data["which"], form.cleaned_data["at"]
    try:
        services.record_time(found, which, at, version=version_of(request), by=account_of(request))
    except AssayError as refused:
        return line_page(request, INCIDENTS, _found(number), error=str(refused))
    return redirect("incidents_line", number=number)


@asks(May.DO_TASKS)
@require_POST
def close_incident(request: HttpRequest, number: int) -> HttpResponse:
    """Close it where its record is whole, or open a closed one again with a reason."""
    found, by, version = _found(number), account_of(request), version_of(request)
    why = request.POST.get("why", "").strip()[:400]
    try:
        if found.ended is None:
            services.close(found, version=version, by=by)
        elif why:
            begin_again(found, why, version=version, by=by)
        else:
            raise services.IncidentError("Say why it is opened again.")
    except AssayError as refused:
        return line_page(request, INCIDENTS, _found(number), error=str(refused))
    return redirect("incidents_line", number=number)


@asks(May.DO_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def state_nil(request: HttpRequest) -> HttpResponse:
    """State that a period had no incident."""
    form = NilForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.state_nil(**form.cleaned_data, by=account_of(request))
        except AssayError as refused:
            form.add_error("last", str(refused))
        else:
            return redirect("incidents")
    return render(request, "workspace/risks/nil.html", {"form": form})


@asks(May.DO_TASKS)
@require_POST
def withdraw_nil(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw such a statement."""
    found = get_object_or_404(NilStatement, pk=number)
    why = request.POST.get("why", "").strip()[:400]
    services.withdraw_nil(found, version=version_of(request), by=account_of(request), why=why)
    return redirect("incidents")


def _found(number: int) -> Incident:
    found = found_line(INCIDENTS, number)
    if not isinstance(found, Incident):
        raise Http404
    return found


def urls() -> list[URLPattern]:
    """Give the addresses: those of a register, where closing has a rule of its own, and its own."""
    return [
        path("incidents/none/", state_nil, name="nil_statement"),
        path("incidents/none/<int:number>/withdraw/", withdraw_nil, name="nil_withdraw"),
        *(one for one in INCIDENTS.urls() if one.name != "incidents_end"),
        path("incidents/<int:number>/time/", record_time, name="incident_time"),
        path("incidents/<int:number>/close/", close_incident, name="incident_close"),
    ]
