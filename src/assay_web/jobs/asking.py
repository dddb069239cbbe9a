"""Asking for background work through the interface of `django-tasks`: which engine does it is a setting (`ASSAY_TASKS`)."""

from __future__ import annotations

import logging

from django.db import transaction
from django_tasks import task

from assay_web.records.jobs import Job, JobKind
from assay_web.services.jobs import ask, ask_anew

logger = logging.getLogger(__name__)


@task()
def do(job_id: str) -> None:
    """Do one job, if nobody else holds it. What engines such as Celery call; the worker of `assay serve` does the same."""
    from assay_web.jobs.worker import Worker  # the worker asks for jobs too

    Worker().do(job_id)


def ask_for(kind: JobKind, *, by: str, sources: list[str] | None = None, slot: str | None = None) -> Job:
    """Ask for a job; gives the one that will do it, which may be there already."""
    return ask(kind, by=by, sources=sources, slot=slot, wake=wake)


def judge_soon(*, by: str) -> None:
    """Have everything judged anew after the transaction that is under way, because what it says can change conclusions.

    One that waits already is enough; after one that runs already another follows, for what was said while it ran. Never fails the caller.
    """
    transaction.on_commit(lambda: ask_anew(JobKind.JUDGE, by=by, wake=wake), robust=True)


def wake(job_id: str) -> None:
    """Tell the engine of a job. Where it cannot be reached the job waits in its row, from where it is sent again."""
    try:
        do.enqueue(job_id)
    except Exception as error:
        logger.warning("Job %s waits: it could not be sent to the engine (%s)", job_id, error)
