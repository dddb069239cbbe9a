"""What happened, as the ledger says it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay_web.access import May, asks
from assay_web.queries.activity import PAGE, page_of_activity


@asks(May.READ_ACTIVITY)
@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    entries, older = page_of_activity(
        int(before) if before.isascii() and before.isdigit() and len(before) < 12 else None
    )
    return render(request, "workspace/activity.html", {"entries": entries, "older": older, "size": PAGE})
