"""Risk acceptances as pages show them: what is in force, what ends soon, what has run out, and what of it still deviates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from assay_web.access import May
from assay_web.queries.approving import Lack, approvers_for
from assay_web.queries.checks import items
from assay_web.queries.standing import Standing
from assay_web.queries.standing import standing as standing_now
from assay_web.queries.subjects import address_of, by_ref_now, item_ref, refs_now, shown_items, title_of
from assay_web.records.acceptances import Acceptance, AcceptanceSource, AcceptanceState
from assay_web.records.accounts import Account

SOON = timedelta(days=30)
"""How long before its last day an acceptance is said to end soon."""
STANDINGS = ("waiting", "in force", "ends soon", "expired", "ended", "refused")
HEADINGS = (
    "id",
    "stands",
    "about",
    "of",
    "items",
    "reason",
    "instead",
    "until",
    "asked by",
    "asked",
    "decided by",
    "decided",
    "without segregation of duties",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """An acceptance with how it stands today, what it is about, and whether that is still there."""

    acceptance: Acceptance
    standing: str
    title: str
    address: str

    @property
    def in_force(self) -> bool:
        return self.standing in {"in force", "ends soon"}


def register(found: Standing | None, *, standing: str = "") -> list[Shown]:
    """Give the register: what waits first, then by last day."""
    every = Acceptance.objects.select_related("asked_by", "decided_by").order_by("until", "pk")
    shown = [_shown(found, one) for one in every]
    shown.sort(key=lambda one: STANDINGS.index(one.standing))
    return [one for one in shown if standing not in STANDINGS or one.standing == standing]


def one_shown(found: Standing | None, acceptance: Acceptance) -> Shown:
    return _shown(found, acceptance)


def standing_of(one: Acceptance, today: date) -> str:
    """Say how an acceptance stands on a day. Its last day is a part of it."""
    match one.state:
        case AcceptanceState.ASKED:
            return "waiting" if today <= one.until else "expired"
        case AcceptanceState.REFUSED:
            return "refused"
        case AcceptanceState.ENDED:
            return "ended"
    if today > one.until:
        return "expired"
    return "ends soon" if one.until - today <= SOON else "in force"


def accepted_items(found: Standing, about: str) -> dict[str, Acceptance]:
    """Give what is accepted of a check today, by the items' short names now; of two, the one that holds longer."""
    of_check = _in_force().filter(source=AcceptanceSource.CHECK, about=about).order_by("until")
    return by_ref_now(found, about, [(item, one) for one in of_check for item in one.items])


def of_subject(source: str, about: str) -> list[Acceptance]:
    """Give what is asked, in force or expired of a check or control, the newest first."""
    live = [AcceptanceState.ASKED, AcceptanceState.APPROVED]
    return list(Acceptance.objects.filter(source=source, about=about, state__in=live).order_by("-asked"))


def accepted_counts(found: Standing) -> dict[str, int]:
    """Give how many deviating items of each check are accepted today. The counts of conclusions stay what they are."""
    refs: dict[str, set[str]] = {}
    for one in _in_force().filter(source=AcceptanceSource.CHECK):
        refs[one.about] = refs.get(one.about, set()) | refs_now(found, one.about, one.items)
    return {about: _deviating(found, about, given) for about, given in refs.items() if about in found.checks}


def accepted_controls() -> dict[str, Acceptance]:
    """Give the controls whose risk is accepted today."""
    return {one.about: one for one in _in_force().filter(source=AcceptanceSource.CONTROL).order_by("until")}


def need_a_look(found: Standing) -> list[Shown]:
    """Give what ends within 30 days or has run out within the last 30 while its deviation is still there, and what waits for approval."""
    today = timezone.localdate()
    recent = Q(state=AcceptanceState.APPROVED, until__gte=today - SOON, until__lte=today + SOON)
    waiting = Q(state=AcceptanceState.ASKED, until__gte=today)
    chosen = Acceptance.objects.filter(recent | waiting).order_by("until", "pk")
    shown = [_shown(found, one) for one in chosen]
    return [one for one in shown if one.standing != "expired" or _still_there(found, one.acceptance)]


def without_segregation() -> list[Lack]:
    """Give the acceptances that the one who asked approved, for want of anybody else, the newest first."""
    alone = Acceptance.objects.filter(alone=True, decided__isnull=False).select_related("decided_by")
    found = standing_now() if alone else None
    return [
        Lack(
            f"Accepted risk: {title_of(found, one.source, one.about)}",
            reverse("acceptance", args=[one.pk]),
            str(one.decided_by),
            one.decided or one.asked,
            one.said,
            one.decided_entry,
        )
        for one in alone.order_by("-decided")
    ]


def waiting_for(account: Account) -> list[Shown]:
    """Give what waits for a decision that this account may take: what others asked for, and its own where nobody else could decide."""
    chosen = Acceptance.objects.filter(state=AcceptanceState.ASKED, until__gte=timezone.localdate())
    waiting = list(chosen.select_related("asked_by").order_by("until", "pk"))
    own = [one for one in waiting if one.asked_by_id == account.pk]
    if own and approvers_for(May.APPROVE_ACCEPTANCE, asked_by=account).others:
        waiting = [one for one in waiting if one.asked_by_id != account.pk]
    found = standing_now() if waiting else None
    return [_shown(found, one) for one in waiting]


def rows_of(found: Standing | None, shown: Iterable[Shown], *, named: bool) -> Iterable[tuple[Any, ...]]:
    """Give the register's lines for other programs."""
    for one in shown:
        kept = one.acceptance
        about = (
            shown_items(found, kept.about, kept.items, named=named)
            if kept.source == AcceptanceSource.CHECK
            else []
        )
        yield (
            kept.pk,
            one.standing,
            kept.about,
            one.title,
            [item["name"] for item in about],
            kept.reason,
            kept.instead,
            kept.until.isoformat(),
            str(kept.asked_by),
            kept.asked.isoformat(),
            str(kept.decided_by or ""),
            kept.decided and kept.decided.isoformat(),
            kept.alone,
        )


def _in_force() -> QuerySet[Acceptance]:
    return Acceptance.objects.filter(state=AcceptanceState.APPROVED, until__gte=timezone.localdate())


def _deviating(found: Standing, about: str, refs: set[str]) -> int:
    everything = items(found, about, named=True)
    return sum(one.conclusion == "DEVIATES" and item_ref(one) in refs for one in everything)


def _still_there(found: Standing, one: Acceptance) -> bool:
    if one.source == AcceptanceSource.CHECK:
        return one.about in found.checks and bool(
            _deviating(found, one.about, refs_now(found, one.about, one.items))
        )
    control = found.controls.get(one.about)
    return control is not None and control["state"] not in {"in place", "not relevant"}


def _shown(found: Standing | None, one: Acceptance) -> Shown:
    return Shown(
        one,
        standing_of(one, timezone.localdate()),
        title_of(found, one.source, one.about),
        address_of(one.source, one.about),
    )
