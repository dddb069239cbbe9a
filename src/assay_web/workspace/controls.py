"""The controls, by area and state, and one control with what shows it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay.home.showing import explained
from assay_web.access import May, account_of, allowed, asks
from assay_web.home import current_home
from assay_web.queries.acceptances import accepted_controls
from assay_web.queries.acceptances import of_subject as acceptances_of
from assay_web.queries.front import COUNTED
from assay_web.queries.standing import standing
from assay_web.queries.tasks import of_subject as tasks_of

STATES = (*COUNTED, "not relevant")


@asks(May.READ_PROGRAMME)
@require_safe
def controls(request: HttpRequest) -> HttpResponse:
    """Filter by state and by area; both are links, so that a list can be sent to someone."""
    found = standing()
    if found is None:
        return render(request, "workspace/first.html")
    state, area = request.GET.get("state", ""), request.GET.get("area", "")
    everything = found.report["controls"]
    shown = [
        one
        for one in everything
        if (one["state"] == state if state in STATES else one["state"] != "not relevant")
        and (not area or one["domain"] == area)
    ]
    return render(
        request,
        "workspace/controls.html",
        {
            "accepted": accepted_controls(),
            "area": area,
            "controls": shown,
            "counts": found.report["counts"],
            "in_scope": sum(found.report["counts"][name] for name in COUNTED),
            "state": state if state in STATES else "",
            "states": STATES,
        },
    )


@asks(May.READ_PROGRAMME)
@require_safe
def control(request: HttpRequest, control_id: str) -> HttpResponse:
    found = standing()
    if found is None or control_id not in found.controls:
        raise Http404
    about = explained(current_home(), control_id)
    checks = [found.checks[name] for name in about["checks"] if name in found.checks]
    return render(
        request,
        "workspace/control.html",
        {
            "about": about,
            "acceptances": acceptances_of("control", control_id),
            "accepted": accepted_controls().get(control_id),
            "checks": checks,
            "control": found.controls[control_id],
            "criteria": [found.criteria[name] for name in about["criteria"] if name in found.criteria],
            "may_ask": allowed(account_of(request), May.ASK_ACCEPTANCE),
            "may_do": allowed(account_of(request), May.DO_TASKS),
            "tasks": tasks_of("control", control_id),
            "evidence": [one for one in found.report["evidence"] if one["control"] == control_id],
        },
    )
