"""Verbs on background work. Jobs are operational log: what they do to the ledger, they do by the domain's verbs.

Whoever runs a job holds it by a lease and a name of its own; every write on a held job asks for both, so that a worker that was thought dead and
comes back changes nothing. What it would write to the ledger asks too, in the same transaction: `fence_of`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from assay.errors import AssayError
from assay.home.collecting import Fence
from assay.home.database import Database
from assay_web.home import current_home
from assay_web.records.jobs import LIVE, Job, JobKind, JobState, JobStep

LEASE = timedelta(seconds=45)
MOST_FAILURES = 4
"""How often a job may fail; each time it is tried again after a pause."""
MOST_ATTEMPTS = 12
"""How often a job may be begun at all: one that ends its worker each time must not do so for ever."""
_PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
_TRIES = 10
_ENDED = {"lease": None, "step": "", "doing": ""}

Wake = Callable[[str], None]
"""Tells an engine the id of a job that can be taken."""


class JobLostError(AssayError):
    """A worker no longer holds the job: its lease ran out and another went on, or it is to be cancelled."""

    def __init__(self) -> None:
        super().__init__("This job is not held any more, so nothing more is written for it.")


class JobsChangingError(AssayError):
    """Jobs came and went so fast that none could be asked for."""

    def __init__(self) -> None:
        super().__init__("Other background work began and ended at the same moment. Ask once more.")


def _nobody(_: str) -> None:
    """Wake nobody: a worker looks by itself."""


def ask(
    kind: JobKind,
    *,
    by: str,
    sources: list[str] | None = None,
    slot: str | None = None,
    wake: Wake = _nobody,
) -> Job:
    """Ask for a job; where one of its kind waits or runs, or its slot had one, gives that. `wake` is told the id once it is stored.

    Whoever asks for one that waits for its next try (and is no schedule, which names a slot) has it tried now.
    """
    for _ in range(_TRIES):
        made = _make(kind, by=by, sources=sources or [], slot=slot, wake=wake)
        if made is not None:
            return made
        same = Q(state__in=LIVE) | (Q(slot=slot) if slot is not None else Q(pk__in=[]))
        found = Job.objects.filter(same, kind=kind).order_by("-asked").first()
        if found is not None:  # otherwise the live one ended in between
            if slot is None:
                _hurry(found, wake)
            return found
    raise JobsChangingError


def ask_anew(kind: JobKind, *, by: str, wake: Wake = _nobody) -> None:
    """Have a job of a kind begin after this moment: a waiting one will do, and after a running one another follows."""
    live = Job.objects.filter(kind=kind)
    for _ in range(_TRIES):
        # One that waits for another try may have judged already; without `since` it does so again.
        if live.filter(state=JobState.WAITING).update(since=None):
            return
        if live.filter(state=JobState.RUNNING).update(again_by=by):
            return
        if _make(kind, by=by, sources=[], slot=None, wake=wake) is not None:
            return
    raise JobsChangingError


def _make(kind: JobKind, *, by: str, sources: list[str], slot: str | None, wake: Wake) -> Job | None:
    """Make a job; None where another of its kind is live or its slot had one."""
    try:
        with transaction.atomic():
            job = Job.objects.create(kind=kind, asked_by=by, sources=sources, slot=slot)
            transaction.on_commit(lambda: wake(job.id))
            return job
    except IntegrityError:
        return None


def _hurry(job: Job, wake: Wake) -> None:
    now = timezone.now()
    if Job.objects.filter(pk=job.pk, state=JobState.WAITING, due__gt=now).update(due=now):
        transaction.on_commit(lambda: wake(job.pk))


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
        if found.attempts >= MOST_ATTEMPTS:
            _give_up(found)
        elif _take(found, worker, now):
            return Job.objects.get(pk=found.pk)
    return None


def _take(found: Job, worker: str, now: datetime) -> bool:
    size = current_home().ledger.size()
    taken = (
        claimable(now)
        .filter(pk=found.pk, attempts=found.attempts)
        .update(
            state=JobState.RUNNING,
            worker=worker,
            lease=now + LEASE,
            attempts=F("attempts") + 1,
            begun=found.begun or now,
            since=Coalesce("since", size, output_field=BigIntegerField()),
        )
    )
    return bool(taken)


def _give_up(job: Job) -> None:
    """End a job whose worker died at it again and again."""
    said = (
        f"It was begun {job.attempts} times, and each time its worker ended before it. "
        "See in the log of `assay serve` or `assay worker` why (a machine short of memory ends processes), mend that, then ask again."
    )
    same = Job.objects.filter(pk=job.pk, attempts=job.attempts, state__in=LIVE)
    with transaction.atomic():
        if same.update(state=JobState.FAILED, ended=timezone.now(), said=said, **_ENDED):
            _follow(job)


def renew(job: Job) -> None:
    """Hold on to a job; raises JobLostError where another has it, or it is to be cancelled."""
    if not _held(job).filter(cancel_asked=False).update(lease=timezone.now() + LEASE):
        raise JobLostError


def tell(job: Job, step: JobStep, *, done: int, of: int, doing: str) -> None:
    """Say how far a job is; raises JobLostError as `renew` does."""
    now = timezone.now()
    says = {"step": step, "done": done, "of": of, "doing": doing[:200]}
    if not _held(job).filter(cancel_asked=False).update(lease=now + LEASE, **says):
        raise JobLostError


def fence_of(job: Job) -> Fence:
    """Give what refuses to write for a job that is not held any more, within the transaction that would.

    The row is touched, not only read, so that in PostgreSQL too whoever takes the job over does so before this transaction or after it.
    """
    table = Job._meta.db_table
    touch = f"update {table} set worker = worker where id = ? and state = ? and worker = ? and attempts = ?"  # noqa: S608

    def fence(transaction: Database) -> None:
        if not transaction.execute(touch, (job.pk, JobState.RUNNING.value, job.worker, job.attempts)):
            raise JobLostError

    return fence


def note(job: Job, part: str, outcome: str) -> None:
    """Keep how one part of a job ended."""
    job.outcomes[part] = outcome
    _held(job).update(outcomes=job.outcomes)


def finish(job: Job) -> None:
    """End a job well."""
    _end(job, JobState.DONE, said="")


def end_cancelled(job: Job) -> None:
    """End a job that was to be cancelled, by the worker that holds it."""
    _end(job, JobState.CANCELLED, only=Q(cancel_asked=True))


def give_back(job: Job, said: str) -> None:
    """End an attempt that did not work: another comes after a pause, until there were enough. None comes where it is to be cancelled."""
    failures = job.failures + 1
    if failures >= MOST_FAILURES:
        _end(job, JobState.FAILED, said=said, failures=failures)
        return
    pause = _PAUSES[min(failures, len(_PAUSES)) - 1]
    _wait(job, due=timezone.now() + pause, said=said, failures=failures)


def put_back(job: Job) -> None:
    """Leave a job to the next worker, because this one is to stop. That is no attempt that did not work."""
    _wait(job, due=timezone.now(), attempts=F("attempts") - 1)


def _wait(job: Job, **values: object) -> None:
    _held(job).filter(cancel_asked=False).update(state=JobState.WAITING, **_ENDED, **values)
    end_cancelled(job)


def _end(job: Job, state: JobState, only: Q | None = None, **values: object) -> None:
    """End a held job, and let the one follow that was asked for meanwhile: both or neither."""
    held = _held(job) if only is None else _held(job).filter(only)
    with transaction.atomic():
        if held.update(state=state, ended=timezone.now(), **_ENDED, **values):
            _follow(job)


def _follow(job: Job) -> None:
    """Ask for what was asked for while an ended job ran."""
    by = Job.objects.values_list("again_by", flat=True).get(pk=job.pk)
    if by:
        Job.objects.create(kind=job.kind, asked_by=by)


def cancel(job_id: str) -> None:
    """Ask for a job to be cancelled: at once where it waits, at its next step where it runs. What was collected stays."""
    waits = Q(state=JobState.WAITING)
    with transaction.atomic():
        asked = Job.objects.filter(pk=job_id, state__in=LIVE).update(
            cancel_asked=True,
            state=Case(When(waits, then=Value(JobState.CANCELLED.value)), default=F("state")),
            ended=Case(When(waits, then=Value(timezone.now())), default=F("ended")),
        )
        job = Job.objects.filter(pk=job_id).first()
        if asked and job is not None and not job.is_live:
            _follow(job)


def _held(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, worker=job.worker, attempts=job.attempts)
