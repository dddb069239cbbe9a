"""The criteria in scope, and one criterion with its controls."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay.catalogue import load_catalogue
from assay_web.access import May, asks
from assay_web.home import current_home
from assay_web.queries.standing import standing


@asks(May.READ_PROGRAMME)
@require_safe
def criteria(request: HttpRequest) -> HttpResponse:
    found = standing()
    if found is None:
        return render(request, "workspace/first.html")
    return render(
        request, "workspace/criteria.html", {"standing": found, "criteria": found.report["criteria"]}
    )


@asks(May.READ_PROGRAMME)
@require_safe
def criterion(request: HttpRequest, criterion_id: str) -> HttpResponse:
    found = standing()
    if found is None or criterion_id not in found.criteria:
        raise Http404
    one = found.criteria[criterion_id]
    points = load_catalogue(current_home().content).criteria[criterion_id].points
    return render(
        request,
        "workspace/criterion.html",
        {"criterion": one, "controls": [found.controls[name] for name in one["controls"]], "points": points},
    )
