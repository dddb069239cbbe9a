"""The worker: takes one job after another, holds it by a lease, and says how far it is. Kill it anywhere; the next one goes on."""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import close_old_connections, connections

from assay.errors import AssayError
from assay.home import Surroundings, open_home
from assay_web.jobs.doing import do_job
from assay_web.jobs.schedule import ask_for_what_is_due
from assay_web.queries.standing import standing
from assay_web.records.jobs import Job
from assay_web.services.jobs import LEASE, JobLostError, claim, end_cancelled, finish, give_back, renew, tell

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 2.0


class Worker:
    """One worker. `name` tells its leases from those of others."""

    def __init__(self) -> None:
        self.name = secrets.token_hex(8)

    def work(self, stopped: threading.Event, alone: Callable[[], bool] = lambda: False) -> None:
        """Work until told to stop, or until left `alone` by whoever supervises."""
        while not stopped.is_set() and not alone():
            try:
                ask_for_what_is_due()
                if not self.do():
                    stopped.wait(PAUSE_SECONDS)
            except Exception:
                logger.exception("The worker met something that nobody foresaw, and goes on")
                stopped.wait(PAUSE_SECONDS)
            close_old_connections()

    def do(self, job_id: str | None = None) -> bool:
        """Do the next job, or this one; gives False where there was none to take.

        1. Take it. 2. Do it, on a connection of its own. 3. Say how it ended: well, not yet, cancelled, or no longer ours.
        """
        job = claim(self.name, job_id)  # 1
        if job is None:
            return False
        home = open_home(settings.ASSAY_HOME, Surroundings.real())
        try:
            with _held(job) as go_on:
                outcome = do_job(home, job, go_on)  # 2
            give_back(job, outcome.problem) if outcome.problem else finish(job)  # 3
        except JobLostError:
            end_cancelled(job)
        except AssayError as error:
            give_back(job, str(error))
        except Exception as error:
            logger.exception("Job %s broke", job.pk)
            give_back(
                job, f"Something happened that nobody foresaw ({type(error).__name__}). The log says where."
            )
        finally:
            home.close()
        standing()  # the next page finds its report made
        return True


@contextmanager
def _held(job: Job) -> Iterator[Callable[[int, int, str], None]]:
    """Renew the job's lease in the background; gives what is called at each step, which raises once the job is lost."""
    ended, lost = threading.Event(), threading.Event()

    def keep() -> None:
        while not ended.wait(LEASE.total_seconds() / 3):
            try:
                renew(job)
            except JobLostError:
                lost.set()
                break
        connections.close_all()

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()

    def go_on(done: int, of: int, doing: str) -> None:
        if lost.is_set():
            raise JobLostError("This job is not held any more.")
        tell(job, done=done, of=of, doing=doing)

    try:
        yield go_on
    finally:
        ended.set()
        keeper.join()


def left_alone(supervisor: int) -> Callable[[], bool]:
    """Tell whether the process that started this one has gone."""
    return lambda: os.getppid() != supervisor
