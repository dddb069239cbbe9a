"""Background work in the page: asking for a collection, seeing how far it is, cancelling it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from assay_web.access import May, account_of, asks
from assay_web.jobs import ask_for
from assay_web.records.jobs import Job, JobKind
from assay_web.services.jobs import cancel

MOST = 50


@asks(May.READ_PROGRAMME)
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    return render(request, "workspace/jobs.html", {"jobs": Job.objects.order_by("-asked")[:MOST]})


@asks(May.READ_PROGRAMME)
@require_safe
def job(request: HttpRequest, job_id: str) -> HttpResponse:
    """Show one job; with `?part` only what changes while it runs, for the script of the page."""
    found = get_object_or_404(Job, pk=job_id)
    template = "workspace/job_part.html" if "part" in request.GET else "workspace/job.html"
    return render(request, template, {"job": found})


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
