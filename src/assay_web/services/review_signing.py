"""Signing an access review off: one act with the root over all decisions, and the evidence for the controls that state the review."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from assay.catalogue import load_catalogue
from assay.evidence.manual import Attachment, Covers, How, ManualEvidence, Method, Recurs
from assay.home import Home
from assay.home.judging import zone_at
from assay.home.manual import add_evidence
from assay.wording import counted
from assay_web.home import current_home
from assay_web.queries.review_record import decisions_root, in_order, unnamed
from assay_web.records.accounts import Account
from assay_web.records.reviews import Decision, Review, ReviewLine, ReviewState
from assay_web.services.acting import acting
from assay_web.services.concluding import conclude_soon
from assay_web.services.reviews import ReviewError, ReviewMovedError, note, still_open

PARAMETER = "access_review_days"
"""The parameter that says how often: the controls that state it rest on the review."""


def sign(review: Review, *, by: Account, said: str = "") -> None:
    """Sign a review off: nothing is decided in it after that. Raises ReviewError where it is closed or a line is not decided.

    1. What is signed: the lines as they stand. The record of it is durable first. 2. Still so, under the lock. 3. The act with the root
    over the decisions. 4. Evidence for each control that states the review, and conclusions follow.
    """
    home = current_home()
    lines = in_order(review)  # 1
    _refuse_undecided(lines)
    root = decisions_root(lines)
    content = unnamed(review, list(review.systems.order_by("number")), lines)
    record = Attachment(home.evidence.put_object(content), f"access-review-{review.pk}.json", len(content))
    with transaction.atomic():
        found = still_open(review)  # 2
        _refuse_undecided(now := in_order(found))
        if decisions_root(now) != root:
            raise ReviewMovedError(
                "A decision was changed just now. Look at the review again, then sign it off."
            )
        at = timezone.now()
        counts = {one: sum(line.decision == one for line in now) for one in Decision.values}
        details = {
            "alone": sum(line.alone for line in now),
            "counts": counts,
            "decisions_root": root,
            "lines": found.lines_frozen,
            "not_reviewed": len(found.unseen),
            "record": record.object,
            "review": found.pk,
            "root": found.root,
            "text": said,
        }
        with acting("review.signed", by, **details) as act:  # 3
            Review.objects.filter(pk=found.pk).update(
                state=ReviewState.SIGNED, signed=at, signed_by=by, decisions_root=root, said=said
            )
        entries = [
            add_evidence(home, _evidence(found, control, by, at, counts, record))[0]
            for control in _controls(home)
        ]  # 4
        Review.objects.filter(pk=found.pk).update(signed_entry=act.entry, evidence=entries)
        note(found, "review.signed", by.actor, act.entry, said)
        conclude_soon(by=by)


def _controls(home: Home) -> tuple[str, ...]:
    return load_catalogue(home.content).parameters[PARAMETER].controls


def _refuse_undecided(lines: list[ReviewLine]) -> None:
    left = sum(not one.decision for one in lines)
    if left:
        raise ReviewError(
            f"{counted(left, 'line')} of {len(lines)} not decided yet. Remind whoever has them, or give them to another reviewer."
        )


def _evidence(
    review: Review, control: str, by: Account, at: datetime, counts: dict[str, int], record: Attachment
) -> ManualEvidence:
    """The review as manual evidence: observed when it was signed off, for the days from the frozen list to that day."""
    days = int(review.parameters[PARAMETER])
    zone = ZoneInfo(zone_at(current_home(), at))
    first, last = review.started.astimezone(zone).date(), at.astimezone(zone).date()
    missing = (
        f" {counted(len(review.unseen), 'part')} not seen, and so not reviewed." if review.unseen else ""
    )
    shows = (
        f"Access review “{review.name}”: {counted(review.lines_frozen, 'right')} frozen on {first}, each decided: "
        f"{counts['keep']} kept, {counts['change']} to change, {counts['remove']} to remove.{missing}"
    )
    return ManualEvidence(
        by=by.actor,
        control=control,
        shows=shows[:500],
        observed=at,
        captured_by=by.actor,
        how=How(
            Method.RECORD,
            "Assay",
            f"Access review {review.pk}, frozen in ledger entry {review.started_entry}, root {review.root}",
            review.lines_frozen,
        ),
        covers=Covers(first, last),
        recurs=Recurs(every_days=days),
        attachment=record,
    )
