"""Every component of the visual language on one page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay_web.access import May, asks
from assay_web.page.tags import CONCLUSIONS, STATES

_INK = ("paper", "paper-2", "ink", "ink-2", "ink-3", "rule", "rule-2", "accent", "ok", "dev", "unk", "na")


@asks(May.SIGNED_IN)
@require_safe
def patterns(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "workspace/patterns.html",
        {
            "conclusions": list(CONCLUSIONS),
            "counts": {"in place": 41, "partly": 18, "missing": 9, "unknown": 6},
            "inks": _INK,
            "states": list(STATES),
        },
    )
