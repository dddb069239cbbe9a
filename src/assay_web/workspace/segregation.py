"""Approvals by the one who asked: each lack of segregation of duties with what makes up for it, never hidden; and who could approve now."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay_web.access import May, account_of, allowed, asks
from assay_web.exports import FORMS, exported
from assay_web.queries.acceptances import without_segregation
from assay_web.queries.approving import Lack, able
from assay_web.queries.segregation import assessments_alone, risks_alone

LACKS: tuple[Callable[[], list[Lack]], ...] = (without_segregation, risks_alone, assessments_alone)
"""What gives such approvals: a part of the product that has approvals adds its own by a line here."""
_HEADINGS = ("what", "approved by", "when", "what makes up for it", "ledger entry")


@asks(May.READ_PROGRAMME)
@require_safe
def segregation(request: HttpRequest) -> HttpResponse:
    lacks = sorted((one for give in LACKS for one in give()), key=lambda one: one.at, reverse=True)
    if (form := request.GET.get("export")) in FORMS:
        rows = ((one.what, one.by, one.at.isoformat(), one.makes_up, one.entry) for one in lacks)
        return exported("segregation", form, _HEADINGS, rows)
    context = {
        "able": list(able(May.APPROVE_ACCEPTANCE)),
        "lacks": lacks,
        "may_invite": allowed(account_of(request), May.MANAGE_ACCOUNTS),
    }
    return render(request, "workspace/people/segregation.html", context)
