"""Asking for background work through the interface of `django-tasks`: which engine wakes a worker is a setting (`TASKS`)."""

from __future__ import annotations

from django_tasks import task

from assay_web.records.jobs import Job, JobKind
from assay_web.services.jobs import ask


@task()
def do(job_id: str) -> None:
    """Do one job, if nobody else holds it. What engines such as Celery call; the worker of `assay serve` does the same."""
    from assay_web.jobs.worker import Worker  # the worker asks for jobs too

    Worker().do(job_id)


def ask_for(kind: JobKind, *, by: str, sources: list[str] | None = None, slot: str | None = None) -> Job:
    """Ask for a job; gives the one that will do it, which may be there already."""
    return ask(kind, by=by, sources=sources, slot=slot, wake=_wake)


def _wake(job_id: str) -> None:
    do.enqueue(job_id)
