"""Manual evidence, as the ledger holds it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay_web.access import May, asks
from assay_web.queries.standing import standing


@asks(May.READ_PROGRAMME)
@require_safe
def evidence(request: HttpRequest) -> HttpResponse:
    found = standing()
    if found is None:
        return render(request, "workspace/first.html")
    return render(request, "workspace/evidence.html", {"evidence": found.report["evidence"]})
