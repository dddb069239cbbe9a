"""What is one worker's to do, and what they did: each kind of duty is a function of its own. `workspace.duties` lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from assay.wording import counted
from assay_web.access import May, allowed
from assay_web.queries import training
from assay_web.queries.acceptances import waiting_for
from assay_web.queries.reviews import waiting_on
from assay_web.queries.workers import Worker, register_now
from assay_web.records.accounts import Account, Role
from assay_web.records.people import Checklist, ChecklistState
from assay_web.records.tasks import Task, TaskEvent, TaskState

AHEAD = timedelta(days=30)
"""How long before its day what is due again is shown."""
_OUTSIDE = {Role.AUDITOR, Role.ADVISER}
"""Who does not work here: nothing is theirs because it is everyone's."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose duties are asked for: the e-mail address, the account and the worker with that address where there are any, and the day."""

    email: str
    account: Account | None
    worker: Worker | None
    today: date

    @property
    def works_here(self) -> bool:
        """Whether what is everyone's is theirs: on the list and not gone, or no list names them and their account is not an outsider's."""
        if self.worker is not None:
            return not self.worker.has_left
        return self.account is not None and self.account.role not in _OUTSIDE


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do: an icon's name, what, a line of what about it, the last day, where it is done and the words of the button there.

    `late` counts for `due`; `at_once` puts what has no day before the rest.
    """

    icon: str
    what: str
    says: str
    address: str
    deed: str
    due: date | None = None
    at_once: bool = False

    @property
    def is_late(self) -> bool:
        """True after its last day, in the zone of whoever looks."""
        return self.due is not None and self.due < timezone.localdate()


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done, on a day."""

    what: str
    on: date


Duties = Callable[[Whose], Iterable[Duty]]
Deeds = Callable[[Whose], Iterable[Deed]]


def whose(account: Account) -> Whose:
    """Give whom an account belongs to: the worker with its address, where a list names one."""
    email = account.email.lower()
    return Whose(email, account, register_now().by_email(email), timezone.localdate())


def whose_worker(worker: Worker) -> Whose:
    """Give whom a worker is, with the account of that address where there is one."""
    account = Account.objects.filter(email__iexact=worker.email).first()
    return Whose(worker.email, account, worker, timezone.localdate())


def in_order(found: Iterable[Duty]) -> list[Duty]:
    """Give duties in the order in which they are due: what cannot wait, then by day."""
    return sorted(found, key=lambda one: (not one.at_once, one.due or date.max, one.what))


def courses_to_take(who: Whose) -> Iterator[Duty]:
    """The courses that were never finished, or are due again within 30 days."""
    if not who.works_here:
        return
    for one in training.of_worker(who.email, who.worker):
        if one.due is None or (one.finished is not None and one.due > who.today + AHEAD):
            continue
        last = f"You last finished it on {_day(one.finished)}. " if one.finished else ""
        yield Duty(
            "lesson",
            one.course.title,
            f"{last}Where: {one.course.where}",
            reverse("own_course", args=[one.course.pk]),
            "I have finished it",
            one.due,
        )


def tasks_to_do(who: Whose) -> Iterator[Duty]:
    """The open tasks of the account."""
    if who.account is None:
        return
    for task in Task.objects.filter(owner=who.account, state=TaskState.OPEN).order_by("due", "made"):
        yield Duty(
            "document", task.what, task.why, reverse("task", args=[task.pk]), "Open the task", task.due
        )


def risks_to_decide(who: Whose) -> Iterator[Duty]:
    """The acceptances that wait for this account's approval."""
    if who.account is None or not allowed(who.account, May.APPROVE_ACCEPTANCE):
        return
    for one in waiting_for(who.account):
        yield Duty(
            "document",
            f"Decide whether a risk is accepted: {one.title}",
            f"Asked by {one.acceptance.asked_by} on {_day(timezone.localdate(one.acceptance.asked))}.",
            reverse("acceptance", args=[one.acceptance.pk]),
            "Look at it",
            one.acceptance.until,
        )


def reviews_to_decide(who: Whose) -> Iterator[Duty]:
    """The access reviews in which this account still has lines to decide."""
    if who.account is None or not allowed(who.account, May.REVIEW_LINES):
        return
    for one in waiting_on(who.account):
        yield Duty(
            "person",
            f"Access review: {one.review}",
            f"{counted(one.lines, 'account')} to keep, change or remove.",
            reverse("my_reviews"),
            "Decide",
            one.review.due,
        )


def checklists_to_finish(who: Whose) -> Iterator[Duty]:
    """The open checklists, for who keeps the register of people."""
    if who.account is None or not allowed(who.account, May.MANAGE_PEOPLE):
        return
    open_ones = Checklist.objects.filter(state=ChecklistState.OPEN).order_by("day", "pk")
    for one in open_ones.prefetch_related("steps"):
        steps = list(one.steps.all())
        left = sum(not step.is_done for step in steps)
        days = [timezone.localdate(step.due) for step in steps if step.due and not step.is_done]
        yield Duty(
            "person",
            f"{one.get_kind_display()}: {one.email}",
            f"{left} of {len(steps)} steps are open.",
            reverse("checklist", args=[one.pk]),
            "Open the checklist",
            min(days, default=None),
        )


_PROTECTION = (
    ("encrypted", "Its disk is not encrypted", "Switch the encryption of its disk on in its settings"),
    ("screen_lock", "It does not lock by itself", "Let its screen lock by itself, in its settings"),
    ("managed", "It is not managed", "Ask whoever looks after devices to enrol it"),
)


def machines_to_mend(who: Whose) -> Iterator[Duty]:
    """What a list of devices shows of theirs and a person can mend. What was not seen is no duty."""
    for row in who.worker.machines if who.worker and not who.worker.has_left else ():
        for column, what, remedy in _PROTECTION:
            if row[column] is False:
                yield Duty(
                    "device",
                    f"{what}: {_machine(row)}",
                    f"{remedy}. Nothing to upload: this note goes when the next look sees it.",
                    "",
                    "",
                    at_once=True,
                )


def courses_taken(who: Whose) -> Iterator[Deed]:
    """The courses that were finished, however that is shown."""
    for one in training.of_worker(who.email, who.worker):
        if one.finished is not None:
            yield Deed(f"{one.course.title}, shown by {one.shown_by}", one.finished)


def tasks_done(who: Whose) -> Iterator[Deed]:
    """The tasks that this account said were done."""
    if who.account is None:
        return
    done = TaskEvent.objects.filter(by=who.account.actor, act="task.done").select_related("task")
    for one in done.order_by("-entry")[:20]:
        yield Deed(one.task.what, timezone.localdate(one.at))


def _machine(row: dict[str, Any]) -> str:
    return " ".join(filter(None, (row["model"], row["device"])))


def _day(value: date | None) -> str:
    return "" if value is None else f"{value.day} {value:%b %Y}"
