"""All help in one place, in the order in which a first-timer would ask."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay.catalogue import load_help
from assay_web.access import May, asks
from assay_web.home import current_home


@asks(May.OWN_PAGE)
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    topics = load_help(current_home().content).topics
    return render(
        request,
        "workspace/help/all.html",
        {"topics": [(one, [topics[name] for name in one.see]) for one in topics.values()]},
    )
