"""What could not be seen, why, what it leaves unanswered, and how to mend it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay_web.access import May, account_of, allowed, asks
from assay_web.queries.front import anchor
from assay_web.queries.standing import standing


@asks(May.READ_PROGRAMME)
@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    found = standing()
    if found is None:
        return render(request, "workspace/first.html")
    return render(
        request,
        "workspace/gaps.html",
        {
            "gaps": [{**one, "anchor": anchor(one["id"])} for one in found.report["gaps"]],
            "may_do": allowed(account_of(request), May.DO_TASKS),
        },
    )
