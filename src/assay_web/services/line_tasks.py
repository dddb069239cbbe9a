"""Actions out of a line of a register: tasks like any other, found again at the line that they came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from assay_web.records.accounts import Account
from assay_web.records.incidents import LineTask
from assay_web.records.registers import Line
from assay_web.records.tasks import Task
from assay_web.services.tasks import Wanted, make_tasks


@dataclass(frozen=True, slots=True)
class Action:
    """An action as it was typed: what, by whom, until when."""

    what: str
    owner: Account | None
    due: date | None


def make_action(line: Line, action: Action, *, noun: str, by: Account) -> Task:
    """Make a task out of a line: one act, whose words name the line."""
    wanted = Wanted(action.what, why=f"Out of {noun} {line}.", owner=action.owner, due=action.due)
    with transaction.atomic():
        (task,) = make_tasks([wanted], by=by)
        LineTask.objects.create(register=line.register(), line=line.pk, task=task)
    return task
