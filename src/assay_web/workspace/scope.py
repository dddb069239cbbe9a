"""The scope in words, its versions, and two of them compared."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assay_web.access import May, account_of, allowed, asks
from assay_web.page.dataflow import dataflow, described
from assay_web.queries.planning import kept_plan, plan_of
from assay_web.queries.scope_page import scope_page
from assay_web.queries.scoping import Version, counted_scope, difference, versions
from assay_web.queries.start import start_as_it_is


@asks(May.READ_PROGRAMME)
@require_safe
def scope(request: HttpRequest) -> HttpResponse:
    found = start_as_it_is()
    may_change = allowed(account_of(request), May.SET_SCOPE)
    if found.scope is None:
        return render(request, "workspace/scope/none.html", {"may_change": may_change})
    page, boundary = scope_page(found.scope), found.scope.boundary
    today = timezone.localdate(timezone=ZoneInfo(found.scope.zone))
    return render(
        request,
        "workspace/scope/scope.html",
        {
            "counts": counted_scope(found.scope),
            "described": described(page.flow),
            "draft": found.draft,
            "may_change": may_change,
            "page": page,
            "picture": dataflow(page.flow),
            "plan": plan_of(found.scope, today, kept_plan()) if boundary else None,
            "scope": found.scope,
            "version": next((one for one in versions() if one.current), None),
        },
    )


@asks(May.READ_PROGRAMME)
@require_safe
def scope_versions(request: HttpRequest) -> HttpResponse:
    """Every version; with `before` and `after` (their acts in the ledger) what the two differ in."""
    every = versions()
    before, after = (_chosen(every, request.GET.get(name, "")) for name in ("before", "after"))
    compared = difference(before.scope, after.scope) if before and after else None
    return render(
        request,
        "workspace/scope/versions.html",
        {"after": after, "before": before, "brings": compared, "versions": every},
    )


def _chosen(every: list[Version], text: str) -> Version | None:
    return next((one for one in every if str(one.entry) == text), None)
