"""Verbs on access reviews: starting one, which freezes its lines under one root, giving it more time, and calling it off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from assay.audit.access_review import root_of_lines
from assay.errors import AssayError
from assay.evidence.canonical import encode, instant_text
from assay.evidence.commitment import new_salt
from assay.evidence.records import Place, Sealed, Whole
from assay.evidence.sealing import NONCE_BYTES, Subject, seal
from assay.home import Home
from assay.home.personal import Personal, personal
from assay_web.home import current_home
from assay_web.queries.review_lines import TABLE
from assay_web.queries.review_plan import Drafted, DraftLine, Plan, draft_with
from assay_web.queries.review_population import Reading, last_collection
from assay_web.records.accounts import Account
from assay_web.records.reviews import (
    Review,
    ReviewEvent,
    ReviewLine,
    ReviewState,
    ReviewSystem,
    new_review_id,
)
from assay_web.services.acting import acting

BATCH = 2_000


class ReviewError(AssayError):
    """Something cannot be done to an access review; the sentence says why and what to do."""


class ReviewMovedError(ReviewError):
    """Somebody else changed what was read, or it was collected anew meanwhile."""


@dataclass(frozen=True, slots=True)
class _Frozen:
    """A line as it is kept: its draft, what it says as it lies in the row, and the two commitments."""

    draft: DraftLine
    body: dict[str, str]
    commitment: bytes


def start(plan: Plan, *, by: Account, upto: int | None = None) -> Review:
    """Freeze the lines of a plan and start the review. `upto` is the collection on which it was previewed.

    1. Read, judge whose what is, seal. 2. The rows and the act, which holds the root. Raises ReviewError, and ReviewMovedError where
    something was collected since the preview.
    """
    home = current_home()
    _refuse_bad(plan)
    if upto is not None and upto != last_collection():
        raise ReviewMovedError(
            "Something was collected since this was shown, so there may be other lines. They are counted anew below; look, then start."
        )
    review = Review(pk=new_review_id(), name=plan.name, due=plan.due, second=plan.second, started_by=by)
    with personal(home) as people:
        found = draft_with(Reading.of(home, people), plan)  # 1
        _refuse_unready(plan, found)
        lines = [
            _frozen(home, people, review.pk, number, found, one)
            for number, one in enumerate(found.lines, start=1)
        ]
    review.instead = plan.instead if found.alone else ""
    review.parameters, review.unseen = dict(found.parameters), list(found.unseen)
    review.lines_frozen = len(lines)
    review.root = root_of_lines(one.commitment for one in lines)
    review.started = found.at
    with transaction.atomic():  # 2
        with acting("review.started", by, **_said(review, found)) as act:
            review.save(force_insert=True)
            systems = _keep_systems(review, found)
            _keep_lines(review, systems, lines)
        Review.objects.filter(pk=review.pk).update(started_entry=act.entry)
        note(review, "review.started", by.actor, act.entry)
    return Review.objects.get(pk=review.pk)


def move_due(review: Review, *, by: Account, due: date, why: str) -> None:
    """Give a review another due day, for a reason. Raises ReviewError where it is closed."""
    with transaction.atomic():
        found = still_open(review)
        details = {"before": found.due.isoformat(), "due": due.isoformat(), "why": why}
        with acting("review.due_changed", by, review=found.pk, **details) as act:
            Review.objects.filter(pk=found.pk).update(due=due)
        note(found, "review.due_changed", by.actor, act.entry, f"Due {due}. {why}".strip())


def call_off(review: Review, *, by: Account, why: str) -> None:
    """Call a review off: what was decided stays as history, and counts for nothing. Raises ReviewError where it is closed."""
    with transaction.atomic():
        found = still_open(review)
        with acting("review.ended", by, review=found.pk, why=why) as act:
            pass
        Review.objects.filter(pk=found.pk).update(
            state=ReviewState.ENDED, ended=timezone.now(), ended_by=by, ended_entry=act.entry, why_ended=why
        )
        note(found, "review.ended", by.actor, act.entry, why)


def still_open(review: Review) -> Review:
    """Give the review, locked. Raises ReviewError where it is signed off or called off."""
    found = Review.objects.select_for_update().get(pk=review.pk)
    if not found.is_open:
        by, at = (
            (found.signed_by, found.signed)
            if found.state == ReviewState.SIGNED
            else (found.ended_by, found.ended)
        )
        when = timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""
        raise ReviewError(
            f"This access review was {found.get_state_display().lower()} by {by} on {when}. Nothing was changed."
        )
    return found


def note(
    review: Review, act: str, by: str, entry: int, said: str = "", lines: Sequence[tuple[int, str]] = ()
) -> None:
    """Keep what happened to a review, or to lines of it given by row id and decision."""
    at = timezone.now()
    rows: Sequence[tuple[int | None, str]] = lines or [(None, "")]
    ReviewEvent.objects.bulk_create(
        (
            ReviewEvent(
                review=review, line_id=line, at=at, by=by, act=act, decision=decision, said=said, entry=entry
            )
            for line, decision in rows
        ),
        batch_size=BATCH,
    )


def _refuse_bad(plan: Plan) -> None:
    if not plan.systems:
        raise ReviewError("No system was chosen. Choose at least one to review.")
    if plan.due < timezone.localdate():
        raise ReviewError(f"The due day {plan.due} is past. Give today or a later day.")


def _refuse_unready(plan: Plan, found: Drafted) -> None:
    if not found.lines:
        raise ReviewError(
            "Nobody has access in what was chosen, as far as it was seen. Collect first, or choose another system."
        )
    if found.alone and not plan.instead.strip():
        whose = "line is" if found.alone == 1 else "lines are"
        raise ReviewError(
            f"{found.alone} {whose} the reviewer’s own, and nobody else here can review that. Name a second reviewer, or write what makes up for it: the record will say that duties were not segregated."
        )


def _frozen(
    home: Home, people: Personal, review: str, number: int, found: Drafted, one: DraftLine
) -> _Frozen:
    """Commit to a line, and seal it under whoever it is about; what is about nobody is kept open with its salt."""
    version = Whole(str(number), encode(_says(number, found, one)), new_salt(home.surroundings.random))
    place = Place(TABLE, review, "")
    subject = _subject(people, one)
    if subject is None:
        body = {"record": version.record.decode(), "salt": version.salt.hex()}
        return _Frozen(one, body, version.commitment())
    line: Sealed = seal(place, subject, version, home.surroundings.random(NONCE_BYTES))
    return _Frozen(one, {"sealed": line.sealed.hex(), "subject": line.subject}, line.commitment)


def _subject(people: Personal, one: DraftLine) -> Subject | None:
    """Give the person a line is about: the worker it was matched with, else whom the evidence is sealed under."""
    if one.email:
        return people.keys.subject(one.email)
    key = people.keys.key(one.access.record.subject) if one.access.record.subject else None
    return None if key is None else Subject(one.access.record.subject, key)


def _says(number: int, found: Drafted, one: DraftLine) -> dict[str, Any]:
    """What a line says (formats.md, section 13)."""
    record, grant = one.access.record, one.access.grant
    return {
        "account": grant.account,
        "collection": record.entry,
        "dormant": one.dormant,
        "evidence": record.commitment,
        "grant": {"name": grant.name, "value": grant.value},
        "key": record.key,
        "kind": one.kind,
        "line": number,
        "parent": record.parent,
        "person": one.email,
        "place": {"account": record.place.account, "region": record.place.region},
        "privileged": grant.privileged,
        "right": grant.right,
        "subject": record.subject or None,
        "source": found.systems[one.system - 1][1].source,
        "system": grant.system,
        "table": record.place.table,
        "unmatched": one.unmatched,
        "used": None if grant.used is None else grant.used.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "used_seen": grant.use_seen,
    }


def _keep_systems(review: Review, found: Drafted) -> list[ReviewSystem]:
    numbers = [one.system for one in found.lines]
    made = [
        ReviewSystem(
            review=review,
            number=number,
            source=seen.source,
            table=seen.table,
            title=title[:200],
            reviewer=choice.reviewer,
            by_manager=choice.by_manager,
            remover=choice.remover,
            cites=list(seen.cites),
            gaps=[one.to_json() for one in seen.gaps],
            complete=seen.complete,
            lines_frozen=numbers.count(number),
            ended_records=seen.ended,
            erased_records=seen.erased,
        )
        for number, (choice, seen, title) in enumerate(found.systems, start=1)
    ]
    for one in made:
        one.save(force_insert=True)
    return made


def _keep_lines(review: Review, systems: Sequence[ReviewSystem], lines: Sequence[_Frozen]) -> None:
    ReviewLine.objects.bulk_create(
        (
            ReviewLine(
                review=review,
                system=systems[one.draft.system - 1],
                number=number,
                body=one.body,
                commitment=one.commitment.hex(),
                evidence=one.draft.access.record.commitment,
                privileged=one.draft.access.grant.privileged is not False,
                unmatched=one.draft.unmatched,
                dormant=one.draft.dormant,
                holder=one.draft.holder,
                reviewer=one.draft.reviewer,
                alone=one.draft.alone,
            )
            for number, one in enumerate(lines, start=1)
        ),
        batch_size=BATCH,
    )


def _said(review: Review, found: Drafted) -> dict[str, Any]:
    """What the act says: the populations it was frozen from, the root over the lines, and what is not reviewed. Nobody is named."""
    numbers = [one.system for one in found.lines]
    return {
        "alone": found.alone,
        "at": instant_text(found.at),
        "due": review.due.isoformat(),
        "instead": review.instead,
        "lines": review.lines_frozen,
        "name": review.name,
        "parameters": review.parameters,
        "review": review.pk,
        "root": review.root,
        "second": review.second.actor if review.second else None,
        "systems": [
            {
                "by_manager": choice.by_manager,
                "erased": seen.erased,
                "gaps": len(seen.gaps),
                "lines": numbers.count(number),
                "populations": [
                    {name: one[name] for name in ("account", "entry", "region", "root", "size")}
                    for one in seen.cites
                ],
                "remover": choice.remover.actor if choice.remover else None,
                "reviewer": choice.reviewer.actor,
                "source": seen.source,
                "table": seen.table,
            }
            for number, (choice, seen, _) in enumerate(found.systems, start=1)
        ],
    }
