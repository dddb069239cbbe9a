"""The five classic mistakes: what each is, whether there are signs of it now, and what shows them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay.audit.mistakes import Answer
from assay_web.access import May, asks
from assay_web.queries.watch import watched


@asks(May.READ_PROGRAMME)
@require_safe
def watch(request: HttpRequest) -> HttpResponse:
    found = watched()
    counts = {one.name.lower(): sum(each.mistake.answer is one for each in found) for one in Answer}
    return render(request, "workspace/watch.html", {"counts": counts, "watched": found})
