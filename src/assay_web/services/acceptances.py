"""Verbs on risk acceptances: one asks, another approves or refuses, and each is one act. Nothing here touches a conclusion."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from assay.errors import AssayError
from assay_web.access import May
from assay_web.queries.acceptances import standing_of
from assay_web.queries.subjects import Subject
from assay_web.records.acceptances import Acceptance, AcceptanceState
from assay_web.records.accounts import Account
from assay_web.services.acting import acting
from assay_web.services.approving import segregation

LONGEST = timedelta(days=366)
"""How long a risk can be accepted before somebody has to look again: a year."""


class AcceptanceError(AssayError):
    """Something cannot be done to an acceptance; the sentence says why and what to do."""


def ask(subject: Subject, *, by: Account, reason: str, instead: str, until: date) -> Acceptance:
    """Ask for a risk to be accepted up to a day, that day included. Raises AcceptanceError for a day that is past or more than a year ahead."""
    today = timezone.localdate()
    if not today < until <= today + LONGEST:
        raise AcceptanceError(
            f"A risk is accepted for a day at least and a year at most: give a day from {today + timedelta(days=1)} to {today + LONGEST}."
        )
    one = Acceptance(
        source=subject.source,
        about=subject.about,
        items=list(subject.items),
        reason=reason,
        instead=instead,
        until=until,
        asked_by=by,
    )
    details = {"reason": reason, "instead": instead, "until": until.isoformat(), **_of(subject)}
    with transaction.atomic():
        with acting("acceptance.asked", by, acceptance=one.pk, **details) as act:
            one.save(force_insert=True)
        Acceptance.objects.filter(pk=one.pk).update(asked_entry=act.entry)
    return one


def approve(acceptance: Acceptance, *, by: Account, said: str = "") -> None:
    """Approve what another asked for. Who asked can do so only where nobody else could, and the act says that duties were not segregated.

    `said` then has to say what makes up for that. Raises AcceptanceError where it was decided before or has run out, SegregationError where another
    has to approve.
    """
    with transaction.atomic():
        with acting("acceptance.approved", by, acceptance=acceptance.pk, text=said) as act:
            found = _waiting(acceptance)
            apart = segregation(May.APPROVE_ACCEPTANCE, by=by, asked_by=found.asked_by, makes_up=said)
            act.details |= {"asked_by": found.asked_by.actor, **apart}
            found.alone = bool(apart)
            _decide(found, AcceptanceState.APPROVED, by, said)
        Acceptance.objects.filter(pk=found.pk).update(decided_entry=act.entry)


def refuse(acceptance: Acceptance, *, by: Account, why: str) -> None:
    """Refuse what was asked for, with a reason. Raises AcceptanceError where it was decided before or has run out."""
    with transaction.atomic():
        with acting("acceptance.refused", by, acceptance=acceptance.pk, why=why) as act:
            found = _waiting(acceptance)
            _decide(found, AcceptanceState.REFUSED, by, why)
        Acceptance.objects.filter(pk=found.pk).update(decided_entry=act.entry)


def end(acceptance: Acceptance, *, by: Account, why: str) -> None:
    """End an acceptance before its day, or take back what was asked for. Raises AcceptanceError where there is nothing to end."""
    with transaction.atomic():
        with acting("acceptance.ended", by, acceptance=acceptance.pk, why=why) as act:
            found = _locked(acceptance)
            standing = standing_of(found, timezone.localdate())
            if standing not in {"waiting", "in force", "ends soon"}:
                raise AcceptanceError(f"There is nothing to end: this acceptance is {standing} already.")
            found.state, found.why_ended = AcceptanceState.ENDED, why
            found.ended, found.ended_by = timezone.now(), by
            found.save(force_update=True)
        Acceptance.objects.filter(pk=found.pk).update(ended_entry=act.entry)


def _of(subject: Subject) -> dict[str, Any]:
    """What the act says of the subject. Items that are people are counted, not named."""
    said: dict[str, Any] = {"source": subject.source, "about": subject.about}
    if subject.items:
        said["items"] = len(subject.items) if subject.personal else [one["key"] for one in subject.items]
    return said


def _waiting(acceptance: Acceptance) -> Acceptance:
    found = _locked(acceptance)
    if found.state != AcceptanceState.ASKED:
        by = f" by {found.decided_by}" if found.decided_by else ""
        raise AcceptanceError(
            f"This was decided before{by}: it reads “{found.get_state_display()}”. Nothing was changed."
        )
    if timezone.localdate() > found.until:
        raise AcceptanceError(f"Its last day was {found.until}, so it can only be asked for anew.")
    return found


def _decide(found: Acceptance, state: AcceptanceState, by: Account, said: str) -> None:
    found.state, found.decided, found.decided_by, found.said = state, timezone.now(), by, said
    found.save(force_update=True)


def _locked(acceptance: Acceptance) -> Acceptance:
    return Acceptance.objects.select_for_update().get(pk=acceptance.pk)
