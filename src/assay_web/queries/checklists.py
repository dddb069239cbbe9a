"""Checklists as pages show them, whom the list of workers says one should be started for, and what a look shows of a worker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from assay.audit.lifecycle import AccountSeen, WorkerSeen
from assay.catalogue import load_catalogue
from assay_web.home import current_home
from assay_web.queries import training
from assay_web.queries.past import judgements
from assay_web.queries.people import names_of
from assay_web.queries.standing import Standing, standing
from assay_web.queries.workers import ACCOUNTS, Register, Worker, register, rows_at
from assay_web.records.people import Checklist, ChecklistKind, ChecklistState, ChecklistStep

BACK, AHEAD = timedelta(days=30), timedelta(days=14)
"""How far back and ahead of today a start, an end or a change is looked for."""
HEADINGS = (
    "id",
    "kind",
    "e-mail",
    "day",
    "state",
    "step",
    "done",
    "conclusion",
    "says",
    "by",
    "when",
    "note",
)


@dataclass(frozen=True, slots=True)
class Suggested:
    """Somebody whom the list of workers shows to join, move or leave, and for whom there is no checklist."""

    kind: str
    email: str
    ref: str
    day: date
    says: str

    @property
    def words(self) -> str:
        return str(ChecklistKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class Listed:
    """A checklist with how many of its steps are open, and the first day that one of them is late from."""

    checklist: Checklist
    ref: str
    left: int
    total: int
    due: date | None

    @property
    def is_late(self) -> bool:
        return (
            self.checklist.state == ChecklistState.OPEN
            and self.due is not None
            and self.due < timezone.localdate()
        )


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step as its page shows it: with who said it, in words."""

    step: ChecklistStep
    who: str

    @property
    def is_late(self) -> bool:
        return not self.step.is_done and self.step.due is not None and self.step.due < timezone.now()

    @property
    def may_be_said(self) -> bool:
        """Whether a person can say that it is done: sources cannot show it, or did not see it."""
        return not self.step.is_done and (not self.step.shown_by or self.step.conclusion == "UNKNOWN")

    @property
    def was_said(self) -> bool:
        return self.step.is_done and bool(self.step.note)


def listed(people: Register) -> list[Listed]:
    """Give every checklist: open ones first, by the day on which a step is due."""
    refs = {one.email: one.ref for one in people.workers}
    every = Checklist.objects.prefetch_related("steps").order_by("-day", "pk")
    found = [_listed(one, refs) for one in every]
    return sorted(
        found,
        key=lambda one: (
            one.checklist.state != ChecklistState.OPEN,
            one.due or date.max,
            one.checklist.email,
        ),
    )


def _listed(one: Checklist, refs: dict[str, str]) -> Listed:
    steps = list(one.steps.all())
    days = [timezone.localdate(step.due) for step in steps if step.due and not step.is_done]
    left = sum(not step.is_done for step in steps)
    return Listed(one, refs.get(one.email, ""), left, len(steps), min(days, default=None))


def steps_of(checklist: Checklist) -> list[StepShown]:
    """Give the steps in order, with names in the place of ids."""
    steps = list(checklist.steps.all())
    names = names_of({one.done_by for one in steps})
    return [
        StepShown(one, names.get(one.done_by, "a look" if one.done_by == "assay" else "")) for one in steps
    ]


def suggested(found: Standing | None) -> list[Suggested]:
    """Give for whom the list of workers calls for a checklist that nobody has started: who began or ended lately or will soon, and whose role changed."""
    if found is None:
        return []
    people, today = register(found), timezone.localdate()
    since = today - BACK
    there = set(Checklist.objects.filter(day__gte=since - BACK).values_list("kind", "email"))
    every = [*_dated(people, since, today + AHEAD), *_moved(found, people, today)]
    return [one for one in every if (one.kind, one.email) not in there]


def _dated(people: Register, first: date, last: date) -> Iterator[Suggested]:
    for one in people.workers:
        started, ended = _day(one.started), _last_day(one.ended)
        if started is not None and first <= started <= last and not one.has_left:
            yield Suggested("joiner", one.email, one.ref, started, f"Begins on {_words(started)}.")
        if ended is not None and first <= ended <= last:
            yield Suggested("leaver", one.email, one.ref, ended, f"The last day is {_words(ended)}.")


def _moved(found: Standing, people: Register, today: date) -> Iterator[Suggested]:
    """Compare with the first look within the last 30 days that saw the list: another title or department there is a move."""
    since = (timezone.now() - BACK).strftime("%Y-%m-%dT%H:%M:%SZ")
    looks = (rows_at(one.entry) for one in judgements() if one.as_of >= since) if people.workers else ()
    before = {row["email"]: row for row in next((rows for rows in looks if rows), ())}
    for one in people.workers:
        was = before.get(one.email)
        if was is None or one.has_left:
            continue
        changed = [
            f"{words} was “{old}” and is “{new}”"
            for words, old, new in (
                ("the title", was["title"] or "", one.title),
                ("the department", was["department"] or "", one.department),
            )
            if old and new and old != new
        ]
        if changed:
            says = "; ".join(changed)
            yield Suggested("mover", one.email, one.ref, today, f"{says[0].upper()}{says[1:]}.")


def seen_of(people: Register, worker: Worker | None, email: str) -> WorkerSeen:
    """Give what the looks of a register show of one worker. Somebody who is on no list any more has no accounts and devices there that are named."""
    looks = [people.looked[name] for name in ACCOUNTS if name in people.looked]
    dates = [one.at for one in looks if one.at is not None]
    devices = people.looked.get("device")
    return WorkerSeen(
        accounts=tuple(
            AccountSeen(one.system, one.active, one.second_factor)
            for one in (worker.accounts if worker else ())
        ),
        accounts_at=min(dates, default=None),
        accounts_whole=worker is not None and not any(one.gaps for one in looks if one.at is not None),
        devices=worker.devices if worker else 0,
        devices_at=devices.at if devices else None,
        devices_whole=worker is not None and devices is not None and not devices.gaps,
        trained=_trained(people, worker, email),
        now=timezone.now(),
    )


def _trained(people: Register, worker: Worker | None, email: str) -> tuple[datetime, ...] | None:
    courses = training.of_worker(email, worker)
    finished = [_instant(one.finished) for one in courses if one.finished is not None]
    listed = [one.finished for one in (worker.trained if worker else ()) if one.finished is not None]
    training_seen = people.looked.get("training_record")
    if not courses and (training_seen is None or training_seen.at is None):
        return None
    return tuple(sorted([*finished, *listed]))


def parameter_span(name: str, value: Any) -> timedelta:
    """Give a parameter that is a time as a span, by the unit in its name and its file."""
    unit = load_catalogue(current_home().content).parameters[name].unit
    return timedelta(hours=int(value)) if unit == "hours" else timedelta(days=int(value))


def rows_of(every: Iterable[Listed]) -> Iterable[tuple[Any, ...]]:
    """Give lines for other programs: one for each step."""
    for one in every:
        for shown in steps_of(one.checklist):
            yield (
                one.checklist.pk,
                one.checklist.get_kind_display(),
                one.checklist.email,
                one.checklist.day,
                one.checklist.get_state_display(),
                shown.step.what,
                shown.step.is_done,
                shown.step.conclusion,
                shown.step.says,
                shown.who,
                shown.step.done and shown.step.done.isoformat(),
                shown.step.note,
            )


def newest() -> Standing | None:
    """Give the newest conclusions, as they rest on the newest looks."""
    return standing()


def begins_of(kind: str, day: date) -> datetime:
    """Give the instant from which steps can be done: the day's first, for a leaver the end of the last day, in the company's zone."""
    return _instant(day + timedelta(days=1) if kind == ChecklistKind.LEAVER else day)


def _instant(day: date | None) -> datetime:
    return timezone.make_aware(datetime.combine(day or date.min, time.min))


def _day(value: datetime | None) -> date | None:
    return None if value is None else timezone.localdate(value)


def _words(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _last_day(value: datetime | None) -> date | None:
    """A day without a time counts to its end, which is the next day's first instant: the last day is the one before that instant."""
    return None if value is None else timezone.localdate(value - timedelta(seconds=1))
