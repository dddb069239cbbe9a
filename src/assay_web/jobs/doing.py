"""What a job does, by the verbs that the command line uses too. Nothing is done twice: what the ledger shows from `since` on is skipped."""

from __future__ import annotations

from dataclasses import dataclass

from assay.checks import load_checks
from assay.collectors import Progress
from assay.errors import AssayError
from assay.evidence.ledger import Kind
from assay.home import Home, publish
from assay.home.collect_source import collect_from
from assay.home.judging import basis_of, judge, present
from assay.home.personal import personal
from assay.home.sources import Source, sources
from assay.stores import FailedSyncError
from assay.tables import load_tables
from assay.wording import counted
from assay_web.jobs.holding import Tell
from assay_web.jobs.telling import tell_all
from assay_web.records.jobs import Job, JobKind, JobStep
from assay_web.services.jobs import JobLostError, fence_of, note
from assay_web.stopping import StoppingError

NOT_OF_A_SOURCE = (FailedSyncError, JobLostError, StoppingError)
"""What ends the whole job, not the collection from one source."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a job came to: nothing, or the sentence that says what did not work."""

    problem: str = ""


def do_job(home: Home, job: Job, tell: Tell) -> Done:
    """Do a job on an open home. 0. One that tells does nothing else. 1. Collect, each source on its own. 2. Judge what was seen. 3. Publish."""
    if job.kind == JobKind.TELL:  # 0
        return Done(" ".join(tell_all(job, tell)))
    problems = _collect(home, job, tell) if job.kind == JobKind.COLLECT else []  # 1
    if _unjudged(home, job):  # 2
        _judge(home, job, tell)
    tell(JobStep.PUBLISHING, 0, 0, "")
    publish(home)  # 3
    return Done(" ".join(problems))


def _collect(home: Home, job: Job, tell: Tell) -> list[str]:
    wanted = [one for one in sources(home) if not job.sources or one.id in job.sources]
    problems = []
    for at, source in enumerate(wanted):
        tell(JobStep.COLLECTING, at, len(wanted), source.id)
        if _collected(home, job, source):
            continue
        try:
            entry = collect_from(
                home,
                source,
                asked_by=job.asked_by,
                on_progress=lambda progress, at=at, source=source: tell(  # type: ignore[misc]
                    JobStep.COLLECTING, at, len(wanted), _doing(source, progress)
                ),
                fence=fence_of(job),
            )
        except NOT_OF_A_SOURCE:
            raise
        except AssayError as error:
            note(job, source.id, str(error))
            problems.append(f"{source.id}: {error}")
        else:
            gaps = home.ledger.body(home.ledger.entry(entry))["gaps"]
            note(job, source.id, f"incomplete, {counted(len(gaps), 'gap')}" if gaps else "complete")
    return problems


def _doing(source: Source, progress: Progress) -> str:
    place = " ".join(filter(None, (progress.table, progress.account, progress.region)))
    return f"{source.id}: {progress.done} of {progress.of}, {place}"


def _judge(home: Home, job: Job, tell: Tell) -> None:
    names = load_checks(home.content, load_tables(home.content))
    seen = iter(range(len(names)))
    with personal(home) as people:
        judge(
            home,
            basis_of(home, present(home)),
            people.sealer,
            lambda check: tell(JobStep.JUDGING, next(seen, len(names)), len(names), check),
            fence_of(job),
        )


def _collected(home: Home, job: Job, source: Source) -> bool:
    """Tell whether the source was collected since this job began, in an attempt that did not live to say so."""
    return any(
        home.ledger.body(entry)["source"]["id"] == source.id
        for entry in home.ledger.entries(job.since or 0, Kind.COLLECTION)
    )


def _unjudged(home: Home, job: Job) -> bool:
    """Tell whether something was collected or said since the last conclusions of this job."""
    judged = home.ledger.last(Kind.CONCLUSIONS)
    if judged is None or judged.ordinal < (job.since or 0):
        return True
    return any(
        entry.ordinal > judged.ordinal for entry in home.ledger.entries(job.since or 0, Kind.COLLECTION)
    )
