"""Find anything by its words or its id."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay_web.access import May, asks
from assay_web.queries.finding import find
from assay_web.queries.standing import standing

LONGEST = 200


@asks(May.READ_PROGRAMME)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:LONGEST]
    found = standing()
    results = find(found, words) if words else []
    return render(request, "workspace/search.html", {"q": words, "results": results})
