"""A worker's own page: what is theirs to do, what they did, what the company sees of them; and saying that a course was finished."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assay.errors import AssayError
from assay_web.access import May, account_of, allowed, asks
from assay_web.queries.duties import Whose, whose
from assay_web.queries.own_data import own_data
from assay_web.queries.training import Taken, of_worker
from assay_web.services.training import prove
from assay_web.workspace.duties import deeds_of, duties_of


class ProofForm(forms.Form):
    """That a course was finished."""

    finished = forms.DateField(
        label="When did you finish it?",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write a day such as 2026-11-30."},
    )
    said = forms.CharField(
        label="Your statement",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One sentence, such as: I finished the course and passed its test.",
    )
    file = forms.FileField(
        label="Certificate",
        required=False,
        help_text="A file up to 10 MB, if the course gives one. It is kept as it is.",
    )


@asks(May.OWN_PAGE)
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    who = whose(account_of(request))
    return render(request, "workspace/people/own.html", page_of(who))


@asks(May.OWN_PAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def own_course(request: HttpRequest, course_id: str) -> HttpResponse:
    """Say that one finished a course of one's own. Another's course is not there."""
    account = account_of(request)
    who = whose(account)
    taken = _own_taken(who, course_id)
    form = ProofForm(
        request.POST or None,
        request.FILES or None,
        initial={"finished": timezone.localdate(), "said": "I finished this course."},
    )
    if request.method == "POST" and form.is_valid():
        try:
            prove(taken.course, email=who.email, by=account, **form.cleaned_data)
        except AssayError as error:
            form.add_error(None, str(error))
        else:
            return redirect("own")
    return render(request, "workspace/people/own_course.html", {"form": form, "taken": taken})


def page_of(who: Whose) -> dict[str, Any]:
    """Give what a worker's page shows, to the worker and to who leads the programme alike."""
    found = duties_of(who)
    deeds = deeds_of(who)
    days = [one.due for one in found if one.due]
    return {
        "deeds": deeds,
        "duties": found,
        "last": max(days, default=None),
        "late": sum(one.is_late for one in found),
        "parts": own_data(who.worker) if who.worker else [],
        "sees_programme": who.account is not None and allowed(who.account, May.READ_PROGRAMME),
        "who": who,
    }


def _own_taken(who: Whose, course_id: str) -> Taken:
    found = of_worker(who.email, who.worker) if who.works_here else []
    taken = next((one for one in found if one.course.pk == course_id), None)
    if taken is None:
        raise Http404
    return taken
