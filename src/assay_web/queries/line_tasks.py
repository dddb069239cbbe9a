"""The tasks that came from a line of a register."""

from __future__ import annotations

from assay_web.records.incidents import LineTask
from assay_web.records.registers import Line
from assay_web.records.tasks import Task


def tasks_of(line: Line) -> list[Task]:
    """Give the tasks out of a line, those that are open first."""
    links = LineTask.objects.filter(register=line.register(), line=line.pk).select_related("task__owner")
    return sorted((one.task for one in links), key=lambda task: (not task.is_live, task.made))
