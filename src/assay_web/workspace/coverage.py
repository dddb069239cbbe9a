"""Which days were seen, source by source."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay_web.access import May, asks
from assay_web.queries.coverage import coverage as covered


@asks(May.READ_PROGRAMME)
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    return render(request, "workspace/coverage.html", {"coverage": covered()})
