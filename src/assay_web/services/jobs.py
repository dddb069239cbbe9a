"""Verbs on background work. Jobs are operational log: what they do to the ledger, they do by the domain's verbs.

Whoever runs a job holds it by a lease and a name of its own; every write on a held job asks for both, so that a worker that was thought dead and
comes back changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from assay.errors import AssayError
from assay_web.home import current_home
from assay_web.records.jobs import LIVE, Job, JobKind, JobState

LEASE = timedelta(seconds=45)
MOST_ATTEMPTS = 4
_PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))


class JobLostError(AssayError):
    """A worker no longer holds the job: its lease ran out and another went on, or it was cancelled."""


def ask(
    kind: JobKind,
    *,
    by: str,
    sources: list[str] | None = None,
    slot: str | None = None,
    wake: Callable[[str], None] = lambda _: None,
) -> Job:
    """Ask for a job; where one of its kind waits or runs, or its slot had one, gives that. `wake` is told the id once it is stored."""
    try:
        with transaction.atomic():
            job = Job.objects.create(kind=kind, asked_by=by, sources=sources or [], slot=slot)
            transaction.on_commit(lambda: wake(job.id))
            return job
    except IntegrityError:
        same = Q(state__in=LIVE) | (Q(slot=slot) if slot is not None else Q(pk__in=[]))
        found = Job.objects.filter(same, kind=kind).order_by("-asked").first()
        if found is None:  # the live one ended in between
            return ask(kind, by=by, sources=sources, slot=slot, wake=wake)
        return found


def claimable(now: datetime) -> QuerySet[Job]:
    """Give what a worker may take: what is due, and what was held by one whose lease ran out."""
    waiting = Q(state=JobState.WAITING, due__lte=now)
    abandoned = Q(state=JobState.RUNNING, lease__lt=now)
    return Job.objects.filter(waiting | abandoned).order_by("due")


def claim(worker: str, job_id: str | None = None) -> Job | None:
    """Take the next job, or this one, for `worker`; None when there is none to take."""
    now = timezone.now()
    offered = claimable(now) if job_id is None else claimable(now).filter(pk=job_id)
    for found in offered:
        taken = (
            claimable(now)
            .filter(pk=found.pk, attempts=found.attempts)
            .update(
                state=JobState.RUNNING,
                worker=worker,
                lease=now + LEASE,
                attempts=F("attempts") + 1,
                begun=found.begun or now,
                since=current_home().ledger.size() if found.since is None else found.since,
            )
        )
        if taken:
            return Job.objects.get(pk=found.pk)
    return None


def renew(job: Job) -> None:
    """Hold on to a job; raises JobLostError where another has it, or it is to be cancelled."""
    held = _held(job).filter(cancel_asked=False).update(lease=timezone.now() + LEASE)
    if not held:
        raise JobLostError("This job is not held any more.")


def tell(job: Job, *, done: int, of: int, doing: str) -> None:
    """Say how far a job is; raises JobLostError as `renew` does."""
    told = (
        _held(job)
        .filter(cancel_asked=False)
        .update(done=done, of=of, doing=doing[:200], lease=timezone.now() + LEASE)
    )
    if not told:
        raise JobLostError("This job is not held any more.")


def note(job: Job, part: str, outcome: str) -> None:
    """Keep how one part of a job ended."""
    job.outcomes[part] = outcome
    _held(job).update(outcomes=job.outcomes)


def finish(job: Job) -> None:
    """End a job well."""
    _held(job).update(state=JobState.DONE, ended=timezone.now(), lease=None, doing="", said="")


def give_back(job: Job, said: str) -> None:
    """End an attempt that did not work: another comes after a pause, until there were enough."""
    if job.attempts >= MOST_ATTEMPTS:
        _held(job).update(state=JobState.FAILED, ended=timezone.now(), lease=None, doing="", said=said)
        return
    pause = _PAUSES[min(job.attempts, len(_PAUSES)) - 1]
    _held(job).update(state=JobState.WAITING, due=timezone.now() + pause, lease=None, doing="", said=said)


def end_cancelled(job: Job) -> None:
    """End a job that was to be cancelled, by the worker that holds it."""
    _held(job).filter(cancel_asked=True).update(
        state=JobState.CANCELLED, ended=timezone.now(), lease=None, doing=""
    )


def cancel(job_id: str) -> None:
    """Ask for a job to be cancelled: at once where it waits, at its next step where it runs. What was collected stays."""
    now = timezone.now()
    waiting = Job.objects.filter(pk=job_id, state=JobState.WAITING)
    if not waiting.update(state=JobState.CANCELLED, ended=now, cancel_asked=True):
        Job.objects.filter(pk=job_id, state=JobState.RUNNING).update(cancel_asked=True)


def _held(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, worker=job.worker, attempts=job.attempts)
