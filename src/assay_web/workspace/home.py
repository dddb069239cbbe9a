"""The first page: how far, what is next, who has it, what broke since the last look."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from assay_web.access import May, account_of, allowed, asks
from assay_web.queries.front import front
from assay_web.queries.scoping import is_scoped
from assay_web.queries.standing import standing


@asks(May.OWN_PAGE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not allowed(account_of(request), May.READ_PROGRAMME):
        return redirect("mfa_index")
    if allowed(account_of(request), May.SET_SCOPE) and not is_scoped():
        return redirect("start")
    found = standing()
    if found is None:
        return render(request, "workspace/first.html")
    return render(request, "workspace/home.html", {"front": front(found), "report": found.report})
