"""The engine of a larger installation: jobs are sent to Celery over Redis, and every `assay worker`, on whatever machine, takes from there.

What a job is stays its row: who holds it, how far it is, when it is tried again. A message only says that one can be taken; a lost message is sent
again, one that comes twice finds its job taken.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from functools import cached_property
from typing import Any

from celery import Celery as CeleryApp
from celery.signals import worker_shutting_down
from django.utils import timezone
from django_tasks.base import Task, TaskResult

from assay.stores import FailedSyncError
from assay_web.environment import BadSettingError
from assay_web.home import current_home
from assay_web.jobs.backend import Polled
from assay_web.stopping import STOPPING

logger = logging.getLogger(__name__)
NAME = "assay.do"
AGAIN_SECONDS = 20.0
"""After how long a job that nobody took is sent again; a message is worth nothing after that."""


class Celery(Polled):
    """Sends each task to a queue of the home's own."""

    @cached_property
    def app(self) -> Any:
        broker = os.environ.get("ASSAY_BROKER")
        if not broker:
            raise BadSettingError(
                "ASSAY_TASKS is celery, and ASSAY_BROKER does not say where Redis is. Write redis://HOST:PORT/0."
            )
        app = CeleryApp("assay", broker=broker, set_as_current=False)
        app.conf.update(
            accept_content=["json"],
            broker_connection_retry_on_startup=True,
            broker_connection_timeout=2,
            task_default_queue=f"assay-{current_home().id}",
            task_ignore_result=True,
            worker_hijack_root_logger=False,
            worker_pool="solo",
            worker_prefetch_multiplier=1,
        )
        return app

    def enqueue(self, task: Task[..., Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        sent = super().enqueue(task, args, kwargs)
        self.app.send_task(
            NAME, args=list(args), kwargs=dict(kwargs), expires=AGAIN_SECONDS, retry=False, ignore_result=True
        )
        return sent

    def work(self) -> None:
        """Take jobs from the queue; beside that send what is due and what nobody took."""
        from assay_web.jobs.asking import do

        self.app.task(name=NAME)(do.func)
        worker_shutting_down.connect(lambda **_: STOPPING.set(), weak=False)
        threading.Thread(target=_send, daemon=True, name="sender").start()
        self.app.worker_main(
            ["--quiet", "worker", "--loglevel=WARNING", "--without-gossip", "--without-mingle"]
        )


def _send() -> None:
    from assay_web.jobs.asking import wake
    from assay_web.jobs.schedule import ask_for_what_is_due
    from assay_web.jobs.worker import again_and_again
    from assay_web.services.jobs import claimable

    sent: dict[str, float] = {}

    def step() -> bool:
        ask_for_what_is_due()
        for job in claimable(timezone.now()):
            turn, now = f"{job.pk} {job.attempts} {job.due}", time.monotonic()
            if now - sent.get(turn, -AGAIN_SECONDS) >= AGAIN_SECONDS:
                wake(job.pk)
                sent[turn] = now
        return True

    try:
        again_and_again(step)
    except FailedSyncError as error:  # Celery would go on taking jobs
        logger.critical("%s", error)
        os._exit(1)
