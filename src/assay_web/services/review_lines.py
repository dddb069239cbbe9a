"""Verbs on the lines of an access review: deciding, alone or many at once, and giving them to another reviewer. Each is one act over its lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from assay.wording import counted
from assay_web.queries.review_lines import opened
from assay_web.queries.review_plan import reviewers
from assay_web.records.accounts import Account
from assay_web.records.reviews import Decision, RemovalState, Review, ReviewLine, ReviewSystem
from assay_web.records.tasks import LIVE_TASKS, Task, TaskSource
from assay_web.services.acting import acting
from assay_web.services.reviews import ReviewError, ReviewMovedError, note, still_open
from assay_web.services.tasks import Wanted, make_tasks

MOST = 500
"""How many lines one form can decide or give away."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided, why, and what makes up for it where nobody else could decide."""

    decision: str
    reason: str = ""
    instead: str = ""


def decide(review: Review, lines: Mapping[int, int], verdict: Verdict, *, by: Account) -> int:
    """Decide lines, given by number with the version that was read; gives how many. A decision before takes its place in the history.

    1. Open, and as they were read. 2. By their reviewer, with the reasons that are needed, nobody their own. 3. The rows, the act, the
    history. 4. A task for who makes the changes. Raises ReviewError, and ReviewMovedError where a line was changed since.
    """
    with transaction.atomic():
        found = still_open(review)
        chosen = _unmoved(found, lines)  # 1
        alone = _refuse_wrong(chosen, verdict, by)  # 2
        details = _said(found, chosen, verdict, alone=alone)
        with acting("review.decided", by, **details) as act:  # 3
            pass
        _write(chosen, verdict, by, act.entry, alone=alone)
        said = " ".join(one for one in (verdict.reason, verdict.instead) if one)
        note(
            found,
            "review.decided",
            by.actor,
            act.entry,
            said,
            [(one.pk, verdict.decision) for one in chosen],
        )
        if verdict.decision in {Decision.CHANGE, Decision.REMOVE}:
            _ask_for_changes(found, chosen, by)  # 4
    return len(chosen)


def delegate(
    review: Review, lines: Mapping[int, int], to: Account, *, by: Account, why: str, any_line: bool
) -> int:
    """Give lines that are not decided yet to another reviewer; gives how many. `any_line` says that `by` may give away others' too.

    Raises ReviewError where one is decided, is the new reviewer's own access, or is not `by`'s to give.
    """
    with transaction.atomic():
        found = still_open(review)
        chosen = _unmoved(found, lines)
        _refuse_giving(chosen, to, by, any_line=any_line)
        numbers = [one.number for one in chosen]
        with acting("review.delegated", by, review=found.pk, lines=numbers, to=to.actor, why=why) as act:
            ReviewLine.objects.filter(pk__in=[one.pk for one in chosen]).update(
                reviewer=to, alone=False, version=F("version") + 1
            )
        text = f"To {to.actor}. {why}".strip()
        note(found, "review.delegated", by.actor, act.entry, text, [(one.pk, "") for one in chosen])
    return len(chosen)


def _unmoved(review: Review, lines: Mapping[int, int]) -> list[ReviewLine]:
    """Give the lines, locked. Raises ReviewMovedError where one was changed since it was read."""
    if not lines:
        raise ReviewError("No line was chosen. Choose at least one.")
    if len(lines) > MOST:
        raise ReviewError(f"{len(lines)} lines are more than can be done at once. Choose up to {MOST}.")
    found = list(
        ReviewLine.objects.select_for_update(of=("self",))
        .filter(review=review, number__in=lines)
        .order_by("number")
    )
    if len(found) != len(lines):
        raise ReviewError("One of these lines is not in this review. Open the list again and choose anew.")
    moved = [one.number for one in found if one.version != lines[one.number]]
    if moved:
        raise ReviewMovedError(
            f"{counted(len(moved), 'line')} changed since you opened the list ({_numbers(moved)}). Nothing was done; what stands now is below, and what you typed is kept."
        )
    return found


def _refuse_wrong(chosen: Sequence[ReviewLine], verdict: Verdict, by: Account) -> bool:
    """Refuse what may not be decided so; gives whether some of it is the reviewer's own, for want of anyone else."""
    others = [one.number for one in chosen if one.reviewer_id != by.pk]
    if others:
        raise ReviewError(f"{counted(len(others), 'line')} not yours to decide: {_numbers(others)}.")
    if verdict.decision not in Decision.values:
        raise ReviewError("Say what is decided: keep, change or remove.")
    need = [one.number for one in chosen if one.keep_needs_reason]
    if not verdict.reason and verdict.decision != Decision.KEEP:
        raise ReviewError("Say why, so that whoever makes the change, and the auditor, can follow it.")
    if not verdict.reason and need:
        raise ReviewError(
            f"Say why: {counted(len(need), 'line')} privileged, nobody’s or unused ({_numbers(need)}), and keeping that needs a reason."
        )
    own = [one.number for one in chosen if one.holder_id == by.pk]
    if own:
        _refuse_own(chosen, own, verdict, by)
    return bool(own)


def _refuse_own(chosen: Sequence[ReviewLine], own: Sequence[int], verdict: Verdict, by: Account) -> None:
    if reviewers().exclude(pk=by.pk).exists():
        raise ReviewError(
            f"Nobody reviews their own access: give {_numbers(own)} to another reviewer; there is one."
        )
    if not verdict.instead:
        raise ReviewError(
            f"{_numbers(own)} is your own access, and nobody else here can review it. Write what makes up for it; the record will say that duties were not segregated."
        )
    if len(own) != len(chosen):
        raise ReviewError("Decide your own access apart from that of others.")


def _refuse_giving(chosen: Sequence[ReviewLine], to: Account, by: Account, *, any_line: bool) -> None:
    others = [one.number for one in chosen if one.reviewer_id != by.pk]
    if others and not any_line:
        raise ReviewError(f"{counted(len(others), 'line')} not yours to give away: {_numbers(others)}.")
    if not reviewers().filter(pk=to.pk).exists():
        raise ReviewError(f"{to} cannot review lines now. Choose somebody whose account is active.")
    decided = [one.number for one in chosen if one.decision]
    if decided:
        raise ReviewError(f"{counted(len(decided), 'line')} decided already: {_numbers(decided)}.")
    whose = opened(chosen)
    own = [
        one.number
        for one, said in zip(chosen, whose, strict=True)
        if one.holder_id == to.pk or said.person == to.email.lower()
    ]
    if own:
        raise ReviewError(f"Nobody reviews their own access: {_numbers(own)} is that of {to}.")


def _write(chosen: Sequence[ReviewLine], verdict: Verdict, by: Account, entry: int, *, alone: bool) -> None:
    asked = verdict.decision in {Decision.CHANGE, Decision.REMOVE}
    ReviewLine.objects.filter(pk__in=[one.pk for one in chosen]).update(
        decision=verdict.decision,
        reason=verdict.reason,
        instead=verdict.instead if alone else "",
        alone=alone,
        decided=timezone.now(),
        decided_by=by,
        decided_entry=entry,
        removal=RemovalState.ASKED if asked else RemovalState.NONE,
        removal_entry=None,
        removal_at=None,
        looked=entry,
        version=F("version") + 1,
    )


def _said(review: Review, chosen: Sequence[ReviewLine], verdict: Verdict, *, alone: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "decision": verdict.decision,
        "lines": [one.number for one in chosen],
        "reason": verdict.reason,
        "review": review.pk,
    }
    if alone:
        said |= {"instead": verdict.instead, "lack_of_segregation": True}
    return said


def _ask_for_changes(review: Review, chosen: Iterable[ReviewLine], by: Account) -> None:
    """Make a task for each system that has none: it closes by itself once a later look shows all that was asked for."""
    wanted = []
    numbers = {one.system_id for one in chosen}
    for system in ReviewSystem.objects.filter(pk__in=numbers).select_related("remover").order_by("number"):
        about = f"{review.pk}.{system.number}"
        if not Task.objects.filter(source=TaskSource.REVIEW, about=about, state__in=LIVE_TASKS).exists():
            wanted.append(_task(review, system, about))
    if wanted:
        make_tasks(wanted, by=by)


def _task(review: Review, system: ReviewSystem, about: str) -> Wanted:
    days = review.removal_days
    return Wanted(
        f"Make the changes that the access review “{review.name}” asks for: {system.title}"[:300],
        f"Within {counted(days, 'day')}. A removal counts once a later collection shows it; this closes by itself then.",
        source=TaskSource.REVIEW,
        about=about,
        owner=system.remover,
        due=timezone.localdate() + timedelta(days=days),
    )


def _numbers(numbers: Sequence[int]) -> str:
    """Say lines by their numbers, the first few."""
    shown = ", ".join(map(str, numbers[:5]))
    more = f" and {len(numbers) - 5} more" if len(numbers) > 5 else ""
    return f"{'line' if len(numbers) == 1 else 'lines'} {shown}{more}"
