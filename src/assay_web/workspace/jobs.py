"""Background work in the page: asking for a collection, seeing how far it is, cancelling it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from assay_web.access import May, account_of, allowed, asks
from assay_web.jobs import ask_for
from assay_web.jobs.schedule import BY
from assay_web.queries.people import names_of
from assay_web.records.jobs import Job, JobKind, JobState
from assay_web.services.jobs import cancel

MOST = 50


@asks(May.READ_PROGRAMME)
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    told = Q(kind=JobKind.TELL, state=JobState.DONE, asked_by=BY)  # one an hour would hide the rest
    newest = list(Job.objects.exclude(told).order_by("-asked")[:MOST])
    names = _names(one.asked_by for one in newest)
    return render(
        request, "workspace/jobs.html", {"jobs": newest, "names": names, "may_collect": _may_collect(request)}
    )


@asks(May.READ_PROGRAMME)
@require_safe
def job(request: HttpRequest, job_id: str) -> HttpResponse:
    """Show one job; with `?part` only what changes while it runs, for the script of the page."""
    found = get_object_or_404(Job, pk=job_id)
    if "part" in request.GET:
        return render(request, "workspace/job_part.html", {"job": found})
    who = _names([found.asked_by])[found.asked_by]
    return render(
        request, "workspace/job.html", {"job": found, "asked_by": who, "may_collect": _may_collect(request)}
    )


@asks(May.COLLECT)
@require_POST
def collect(request: HttpRequest) -> HttpResponse:
    """Ask for a collection of everything; where one is under way, show that."""
    asked = ask_for(JobKind.COLLECT, by=account_of(request).actor)
    return redirect("job", job_id=asked.pk)


@asks(May.COLLECT)
@require_POST
def cancel_job(request: HttpRequest, job_id: str) -> HttpResponse:
    get_object_or_404(Job, pk=job_id)
    cancel(job_id)
    return redirect("job", job_id=job_id)


def _may_collect(request: HttpRequest) -> bool:
    return allowed(account_of(request), May.COLLECT)


def _names(actors: Iterable[str]) -> dict[str, str]:
    """Say who asked for jobs: people by name, the schedule and the command line by what they are."""
    asked = set(actors)
    return {one: one for one in asked} | {BY: "the schedule"} | names_of(asked)
