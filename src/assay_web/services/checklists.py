"""Verbs on the checklists of joiners, movers and leavers. Each is one act; `look_again` lets a look show or take back what sources can show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from assay.audit.lifecycle import Shown, shown
from assay.catalogue import Scope, Shows, Step, load_checklists
from assay.errors import AssayError
from assay.evidence.manual import Covers, How, ManualEvidence, Method
from assay.home.manual import add_evidence
from assay_web.home import current_home
from assay_web.queries.checklists import begins_of, parameter_span, seen_of
from assay_web.queries.parameters import in_force
from assay_web.queries.scoping import scope_in_force
from assay_web.queries.standing import Standing, company_zone, standing
from assay_web.queries.workers import Register, register
from assay_web.records.accounts import Account
from assay_web.records.people import Checklist, ChecklistKind, ChecklistState, ChecklistStep
from assay_web.services.acting import acting, person
from assay_web.services.concluding import conclude_soon

BY_ASSAY = "assay"
"""Who acts when a look shows a step."""


class ChecklistError(AssayError):
    """Something cannot be done to a checklist; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class _Changed:
    """A step that a look shows otherwise than before."""

    step: ChecklistStep
    now: Shown


def start(*, kind: ChecklistKind, email: str, day: date, found: bool, by: Account) -> Checklist:
    """Start the checklist of somebody who joins, moves or leaves on a day: the steps that a company of this size has, looked at once.

    Raises ChecklistError where there is one already, or nobody said yet what the company is.
    """
    steps = _steps(kind)
    checklist = Checklist(kind=kind, email=email.lower(), day=day, found=found, made_by=by.actor)
    details = {"checklist": checklist.pk, "day": day.isoformat(), "found": found, "kind": str(kind)}
    newest = standing()
    try:
        with transaction.atomic():
            with acting("checklist.started", by, steps=len(steps), **details) as act:
                checklist.save(force_insert=True)
                made = [_step(checklist, place, one) for place, one in enumerate(steps)]
                if newest is not None:
                    for change in _changes(made, checklist, register(newest)):
                        _show(change, newest.entry)
                ChecklistStep.objects.bulk_create(made)
                act.details["worker"] = person(act.home, checklist.email)
            Checklist.objects.filter(pk=checklist.pk).update(since=act.entry)
    except IntegrityError as error:
        raise ChecklistError("There is a checklist of this kind for this person and day already.") from error
    return checklist


def say_done(step: ChecklistStep, *, on: date, note: str, by: Account) -> None:
    """Say that a step was done on a day, with a note. Raises ChecklistError where a source shows otherwise, it is done already, or the day is to come."""
    if not note.strip():
        raise ChecklistError("Say how you know: what was done, and by whom.")
    if on > timezone.localdate():
        raise ChecklistError("The day is still to come. Give the day on which it was done.")
    with transaction.atomic():
        with acting(
            "checklist.step_said", by, checklist=step.checklist_id, step=step.step, on=on.isoformat()
        ) as act:
            found = _open_step(step)
            if found.is_done:
                raise ChecklistError("This step is done already. Nothing was changed.")
            if found.shown_by and found.conclusion != "UNKNOWN":
                raise ChecklistError(
                    f"A look shows this step, and it shows that it is not done: {found.says} It closes with the next look that shows it."
                )
            found.is_done, found.note = True, note
            found.done, found.done_by, found.done_on = timezone.now(), by.actor, on
            found.save(force_update=True)
        ChecklistStep.objects.filter(pk=found.pk).update(entry=act.entry)


def take_back(step: ChecklistStep, *, by: Account) -> None:
    """Take back what a person said of a step. Raises ChecklistError where nobody said it."""
    with acting("checklist.step_taken_back", by, checklist=step.checklist_id, step=step.step):
        found = _open_step(step)
        if not found.note:
            raise ChecklistError("Nobody said that this step is done, so there is nothing to take back.")
        found.is_done, found.note, found.entry = False, "", None
        found.done, found.done_by, found.done_on = None, "", None
        found.save(force_update=True)


def complete(checklist: Checklist, *, version: int, by: Account) -> None:
    """Complete a checklist whose steps are all done: one act, and a piece of evidence for each of its controls, which names nobody.

    A control of which a step was done late, or nobody saw when, gets none: the act counts it. Raises ChecklistError.
    """
    home = current_home()
    with transaction.atomic():
        with acting("checklist.completed", by, checklist=checklist.pk) as act:
            found = _unmoved(checklist, version)
            steps = list(found.steps.all())
            if left := sum(not one.is_done for one in steps):
                raise ChecklistError(
                    f"{left} of {len(steps)} steps are not done yet. What a look has to show closes with the next one."
                )
            act.details |= {"late": sum(_is_short(one) for one in steps), "steps": len(steps)}
            act.details["evidence"] = found.evidence = [
                add_evidence(home, _evidence(found, control, steps, by))[0]
                for control in _controls(found, steps)
            ]
            _end(found, ChecklistState.DONE, by)
        Checklist.objects.filter(pk=found.pk).update(ended_entry=act.entry)
    conclude_soon(by=by)


def drop(checklist: Checklist, *, version: int, why: str, by: Account) -> None:
    """Drop a checklist that is not called for, with a reason. Raises ChecklistError."""
    if not why.strip():
        raise ChecklistError("Say why it is dropped.")
    with transaction.atomic():
        with acting("checklist.dropped", by, checklist=checklist.pk) as act:
            found = _unmoved(checklist, version)
            found.why_dropped = why
            _end(found, ChecklistState.DROPPED, by)
        Checklist.objects.filter(pk=found.pk).update(ended_entry=act.entry)


def look_again(found: Standing) -> int:
    """Let a look show steps of open checklists, or that what it showed is so no more; gives how many it changed. Later looks alone count.

    All changes of one look are one act of Assay, which cites the conclusions. A second call with the same conclusions changes nothing.
    """
    chosen = Checklist.objects.filter(state=ChecklistState.OPEN, since__lt=found.entry).order_by("pk")
    if not chosen.exists():
        return 0
    people = register(found)
    with transaction.atomic(), timezone.override(company_zone()):  # a job runs in no zone of the company's
        changes = [
            change
            for one in chosen.select_for_update()  # who says something of a step holds its checklist too
            for change in _changes(list(one.steps.all()), one, people)
        ]
        if changes:
            told = [f"{one.step.checklist_id} {one.step.step}" for one in changes]
            with acting("checklist.looked_at", BY_ASSAY, conclusions=found.entry, steps=told):
                for change in changes:
                    _show(change, found.entry)
                    change.step.save(force_update=True)
    return len(changes)


def _steps(kind: ChecklistKind) -> tuple[Step, ...]:
    scope = scope_in_force()
    if scope is None:
        raise ChecklistError("Say first what the company is: the steps follow its size. Open Home to begin.")
    template = load_checklists(current_home().content)[kind]
    return template.steps_for(Scope.from_object(scope.value))


def _step(checklist: Checklist, place: int, step: Step) -> ChecklistStep:
    begins = begins_of(checklist.kind, checklist.day)
    due = begins + timedelta(days=1)
    if step.within is not None:
        span = parameter_span(step.within, in_force()[step.within])
        due = begins + (span if checklist.kind == ChecklistKind.LEAVER else span + timedelta(days=1))
    return ChecklistStep(
        checklist=checklist,
        step=step.id,
        place=place,
        what=step.what,
        controls=list(step.controls),
        shown_by=step.shown_by or "",
        due=due,
    )


def _changes(steps: list[ChecklistStep], checklist: Checklist, people: Register) -> list[_Changed]:
    """Give the steps that the look of a register shows otherwise than they read. What a person said stays, unless a source shows that it is not so."""
    seen = seen_of(people, people.by_email(checklist.email), checklist.email)
    begins = begins_of(checklist.kind, checklist.day)
    changes = []
    for one in steps:
        if not one.shown_by:
            continue
        now = shown(Shows(one.shown_by), seen, begins=begins, due=one.due)
        now = _remembering(one, now)
        if one.note and now.conclusion == "UNKNOWN":
            continue
        if (one.is_done, one.conclusion, one.says) != (now.done, now.conclusion, now.says):
            changes.append(_Changed(one, now))
    return changes


def _remembering(step: ChecklistStep, now: Shown) -> Shown:
    """What an earlier look showed stays known: done in time stays so, and what was seen not done after the limit was late."""
    if not now.done or now.conclusion != "UNKNOWN":
        return now
    if step.is_done and step.conclusion == "CONFORMS":
        return Shown(True, "CONFORMS", step.says)
    if step.conclusion == "DEVIATES":
        return Shown(True, "DEVIATES", "Done, after the limit: a look after it still showed it undone.")
    return now


def _show(change: _Changed, look: int) -> None:
    step, now = change.step, change.now
    was_done = step.is_done
    step.is_done, step.conclusion, step.says, step.look = now.done, now.conclusion, now.says, look
    step.note, step.done_on = "", None
    if now.done and not was_done:
        step.done, step.done_by = timezone.now(), BY_ASSAY
    elif not now.done:
        step.done, step.done_by = None, ""


def _is_short(step: ChecklistStep) -> bool:
    """Whether a step that is done shows less than that it was done in time."""
    if step.note:
        last = None if step.due is None else timezone.localdate(step.due - timedelta(seconds=1))
        return step.done_on is None or (last is not None and step.done_on > last)
    return step.conclusion in {"DEVIATES", "UNKNOWN"}


def _controls(checklist: Checklist, steps: list[ChecklistStep]) -> list[str]:
    """Give the controls for which the list speaks: all their steps were done in time."""
    template = load_checklists(current_home().content)[checklist.kind]
    named = {*template.controls, *(control for one in steps for control in one.controls)}
    short = {control for one in steps if _is_short(one) for control in one.controls}
    whole = set() if any(map(_is_short, steps)) else set(template.controls)
    return sorted((named - short - set(template.controls)) | (whole - short))


def _evidence(checklist: Checklist, control: str, steps: list[ChecklistStep], by: Account) -> ManualEvidence:
    """Say what a completed list shows for a control. It names no worker: the list's id leads there."""
    of = [one for one in steps if control in one.controls] or steps
    lines = [
        f"{one.what} {f'Done on {one.done_on}, as a person said.' if one.note else f'Shown by the look of ledger entry {one.look}.'}"
        for one in of
    ]
    today = timezone.localdate()
    return ManualEvidence(
        by=by.actor,
        control=control,
        shows=f"The checklist of one {checklist.kind} was completed: {len(of)} of {len(of)} steps of this control are done.",
        observed=current_home().now(),
        captured_by=by.actor,
        how=How(Method.RECORD, system="Assay", query=f"checklist {checklist.pk}"),
        covers=Covers(min(checklist.day, today), today),
        note="\n".join(lines),
    )


def _end(checklist: Checklist, state: ChecklistState, by: Account) -> None:
    checklist.state, checklist.ended, checklist.ended_by = state, timezone.now(), by.actor
    checklist.version += 1
    checklist.save(force_update=True)


def _open_step(step: ChecklistStep) -> ChecklistStep:
    checklist = Checklist.objects.select_for_update().get(pk=step.checklist_id)
    if checklist.state != ChecklistState.OPEN:
        raise ChecklistError(f"This checklist reads “{checklist.get_state_display()}”. Nothing was changed.")
    return ChecklistStep.objects.select_for_update().get(pk=step.pk)


def _unmoved(checklist: Checklist, version: int) -> Checklist:
    found = Checklist.objects.select_for_update().get(pk=checklist.pk)
    if found.version != version or found.state != ChecklistState.OPEN:
        raise ChecklistError(
            f"Someone changed this checklist since you opened it: it reads “{found.get_state_display()}” now."
        )
    return found
