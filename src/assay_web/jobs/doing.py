"""What a job does, by the verbs that the command line uses too. Nothing is done twice: what the ledger shows from `since` on is skipped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assay.collectors import Progress
from assay.errors import AssayError
from assay.evidence.ledger import Kind
from assay.home import Home, publish
from assay.home.collect_source import collect_from
from assay.home.judging import basis_of, judge, present
from assay.home.personal import personal
from assay.home.sources import Source, sources
from assay.wording import counted
from assay_web.records.jobs import Job, JobKind
from assay_web.services.jobs import note

Tell = Callable[[int, int, str], None]
"""Takes how many steps are done, of how many, and what is being done; raises where the job is not to go on."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a job came to: nothing, or the sentence that says what did not work."""

    problem: str = ""


def do_job(home: Home, job: Job, tell: Tell) -> Done:
    """Do a job on an open home. 1. Collect, each source on its own. 2. Judge what was seen. 3. Publish."""
    problems = _collect(home, job, tell) if job.kind == JobKind.COLLECT else []  # 1
    if _unjudged(home, job):  # 2
        with personal(home) as people:
            basis = basis_of(home, present(home))
            judge(home, basis, people.sealer, lambda check: tell(0, 0, f"Judging: {check}"))
    publish(home)  # 3
    return Done(" ".join(problems))


def _collect(home: Home, job: Job, tell: Tell) -> list[str]:
    wanted = [one for one in sources(home) if not job.sources or one.id in job.sources]
    problems = []
    for at, source in enumerate(wanted):
        if _collected(home, job, source):
            continue
        try:
            entry = collect_from(
                home,
                source,
                asked_by=job.asked_by,
                on_progress=lambda progress, at=at, source=source: tell(  # type: ignore[misc]
                    at, len(wanted), _doing(source, progress)
                ),
            )
        except AssayError as error:
            note(job, source.id, str(error))
            problems.append(f"{source.id}: {error}")
        else:
            gaps = home.ledger.body(home.ledger.entry(entry))["gaps"]
            note(job, source.id, f"complete with {counted(len(gaps), 'gap')}" if gaps else "complete")
    return problems


def _doing(source: Source, progress: Progress) -> str:
    place = " ".join(filter(None, (progress.account, progress.region)))
    return f"{source.id}: {progress.done} of {progress.of}, {progress.table} {place}".strip()


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
