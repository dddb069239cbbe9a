"""The engine of a small installation: nothing is sent anywhere, because the worker looks for jobs in the database by itself."""

from __future__ import annotations

from typing import Any, Protocol, cast

from django.utils import timezone
from django_tasks import default_task_backend
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id


class Engine(Protocol):
    """What `assay worker` asks of the engine that ASSAY_TASKS names, beyond the interface of `django-tasks`."""

    def work(self) -> None:
        """Do background work until this process is to stop."""


def engine() -> Engine:
    """Give the engine that is set."""
    return cast("Engine", default_task_backend)


class Polled(BaseTaskBackend):
    """Takes a task and leaves it: its job is a row that the worker finds."""

    supports_defer = False
    supports_async_task = False
    supports_priority = False

    def enqueue(self, task: Task[..., Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        self.validate_task(task)
        return TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=args,
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )

    def work(self) -> None:
        from assay_web.jobs.worker import work  # loaded where jobs are done, not where they are asked for

        work()
