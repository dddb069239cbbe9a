"""The first page: how far, what is next, who has it, what broke since the last look."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from assay_web.access import May, account_of, allowed, asks
from assay_web.queries.acceptances import need_a_look
from assay_web.queries.front import front
from assay_web.queries.judging import is_judging
from assay_web.queries.scoping import is_scoped
from assay_web.queries.standing import standing
from assay_web.queries.tasks import with_tasks
from assay_web.queries.watch import quiet_now, signs_now


@asks(May.OWN_PAGE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not allowed(account_of(request), May.READ_PROGRAMME):
        return redirect("own")
    if allowed(account_of(request), May.SET_SCOPE) and not is_scoped():
        return redirect("start")
    found = standing()
    if found is None:
        return render(request, "workspace/first.html", {"judging": is_judging()})
    said = front(found)
    context = {
        "acceptances": need_a_look(found),
        "front": said,
        "may_do_tasks": allowed(account_of(request), May.DO_TASKS),
        "report": found.report,
        "quiet": quiet_now(),
        "signs": signs_now(),
        "steps": with_tasks(said.steps, found.report["next_steps"]),
    }
    return render(request, "workspace/home.html", context)
