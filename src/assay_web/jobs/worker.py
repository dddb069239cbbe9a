"""The worker: takes one job after another, holds it by a lease, and says how far it is. Kill it anywhere; the next one goes on."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from django.conf import settings
from django.db import close_old_connections

from assay.errors import AssayError
from assay.home import Surroundings, open_home
from assay.stores import FailedSyncError, disk_under
from assay_web.home import failed_sync
from assay_web.jobs.doing import Done, do_job
from assay_web.jobs.holding import held
from assay_web.jobs.schedule import ask_for_what_is_due
from assay_web.queries.review_plan import offered
from assay_web.queries.standing import standing
from assay_web.records.jobs import Job
from assay_web.services.checklists import look_again
from assay_web.services.jobs import JobLostError, claim, end_cancelled, finish, give_back, put_back
from assay_web.services.review_removals import settle_reviews
from assay_web.services.tasks import settle
from assay_web.stopping import STOPPING, StoppingError

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 2.0


class Worker:
    """One worker. `name` tells its leases from those of others."""

    def __init__(self) -> None:
        self.name = secrets.token_hex(8)

    def do(self, job_id: str | None = None) -> bool:
        """Do the next job, or this one; gives False where there was none to take. Raises FailedSyncError: this process is to write no more.

        1. Take it. 2. Do it. 3. Say how it ended: well, not yet, cancelled, left to another, or no longer ours.
        """
        job = claim(self.name, job_id)  # 1
        if job is None:
            return False
        try:
            outcome = _done(job)  # 2
            give_back(job, outcome.problem) if outcome.problem else finish(job)  # 3
        except FailedSyncError:
            raise  # nothing can be said any more; the lease runs out, and another process goes on
        except JobLostError:
            end_cancelled(job)
        except StoppingError:
            put_back(job)
        except AssayError as error:
            give_back(job, str(error))
        except Exception as error:
            if failure := failed_sync(error):
                raise failure from error
            logger.exception("Job %s broke", job.pk)
            give_back(job, _unforeseen(error))
        if (found := standing()) is not None:  # the next page finds its report made
            settle(found)
            look_again(found)
        settle_reviews()
        offered()  # what a review can be made of is counted before somebody asks
        return True


def work() -> None:
    """Ask for what is due and do what can be taken, until this process is to stop."""
    worker = Worker()

    def step() -> bool:
        ask_for_what_is_due()
        return not worker.do()

    again_and_again(step)


def again_and_again(step: Callable[[], bool]) -> None:
    """Do a step until this process is to stop, with a pause after each that says True. Raises FailedSyncError, after which no process may go on."""
    disk = disk_under(settings.ASSAY_HOME)
    while not STOPPING.is_set():
        disk.refuse_writing_after_failure()
        try:
            idle = step()
        except FailedSyncError:
            raise
        except Exception as error:
            if failure := failed_sync(error):
                raise failure from error
            logger.exception("The worker met something that nobody foresaw, and goes on")
            idle = True
        close_old_connections()
        if idle:
            STOPPING.wait(PAUSE_SECONDS)


def _done(job: Job) -> Done:
    """Do a job on a home that is opened for it."""
    home = open_home(settings.ASSAY_HOME, Surroundings.real())
    try:
        with held(job) as tell:
            return do_job(home, job, tell)
    finally:
        home.close()


def _unforeseen(error: Exception) -> str:
    return f"Something happened that nobody foresaw ({type(error).__name__}). The log of the worker says where; please report it."
