"""Holding a job: its lease is renewed beside the work, and each step asks whether to go on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connections

from assay_web.records.jobs import Job, JobStep
from assay_web.services.jobs import LEASE, JobLostError, renew, tell
from assay_web.stopping import STOPPING, StoppingError

logger = logging.getLogger(__name__)

Tell = Callable[[JobStep, int, int, str], None]
"""Takes the step, how many of its parts are done, of how many, and what is being done. Raises where the job is not to go on."""


@contextmanager
def held(job: Job) -> Iterator[Tell]:
    """Renew the job's lease while the block runs; gives what is called at each step, which raises JobLostError or StoppingError."""
    ended, lost = threading.Event(), threading.Event()
    keeper = threading.Thread(target=_keep, args=(job, ended, lost), daemon=True, name=f"lease of {job.pk}")
    keeper.start()

    def go_on(step: JobStep, done: int, of: int, doing: str) -> None:
        if STOPPING.is_set():
            raise StoppingError
        if lost.is_set():
            raise JobLostError
        tell(job, step, done=done, of=of, doing=doing)

    try:
        yield go_on
    finally:
        ended.set()
        keeper.join()


def _keep(job: Job, ended: threading.Event, lost: threading.Event) -> None:
    while not ended.wait(LEASE.total_seconds() / 4):
        try:
            renew(job)
        except JobLostError:
            lost.set()
            break
        except Exception as error:  # the database may be back at the next try, before the lease runs out
            logger.warning("The lease of job %s could not be renewed (%s); trying again", job.pk, error)
            connections.close_all()
    connections.close_all()
