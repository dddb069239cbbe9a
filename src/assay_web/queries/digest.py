"""What the weekly digest and the alarm say: for each person what is theirs, for who leads what is late, what broke and what is next. No name but ids of controls."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from assay.audit.quiet import Quiet
from assay.wording import counted
from assay_web.home import current_home
from assay_web.queries.front import front
from assay_web.queries.recurring import calendar
from assay_web.queries.standing import standing
from assay_web.queries.watch import signs_now
from assay_web.records.accounts import Account, Role, State
from assay_web.records.notices import Notices, OptOut
from assay_web.records.tasks import Task, TaskState

AHEAD = timedelta(days=14)
MOST = 10
LEADS = (Role.OWNER, Role.LEAD)


def notices() -> Notices | None:
    """Give what is switched on; None before anyone decided, when nothing is told but on pages."""
    return Notices.objects.select_related("changed_by").first()


def leads() -> QuerySet[Account]:
    """Give who leads the programme and can sign in now."""
    return _active().filter(role__in=LEADS)


def readers() -> QuerySet[Account]:
    """Give who gets a digest: everyone of the company who can sign in and did not say no."""
    return _active().exclude(role=Role.AUDITOR).exclude(pk__in=OptOut.objects.values("account"))


def _active() -> QuerySet[Account]:
    current = Q(ends__isnull=True) | Q(ends__gt=timezone.now())
    return Account.objects.filter(current, state=State.ACTIVE).order_by("pk")


def alarm_text(quiet: Iterable[Quiet]) -> str:
    """Say that collecting has gone quiet, and what that means."""
    lines = [f"{current_home().name}: no complete collection for 26 hours.", ""]
    lines += [f"- {one.words}" for one in quiet]
    lines += [
        "",
        "What nobody collected cannot be shown later. See what stands in the way:",
        _link("sources"),
    ]
    return "\n".join(lines) + "\n"


def own_digest(account: Account, today: date) -> str | None:
    """Say what is one person's: late, due soon. None where there is nothing."""
    tasks = list(Task.objects.filter(owner=account, state=TaskState.OPEN).order_by("due", "made"))
    late = [one for one in tasks if one.due is not None and one.due < today]
    soon = [one for one in tasks if one.due is not None and today <= one.due <= today + AHEAD]
    parts = [*_part("Late", map(_task, late)), *_part("Due within 14 days", map(_task, soon))]
    if account.role in LEADS:
        parts += lead_parts()
    if not parts:
        return None
    footer = ["You get this once a week. To stop it:", _link("own_notices")]
    return "\n".join([f"{current_home().name}: your week", *parts, "", *footer]) + "\n"


def lead_digest() -> str:
    """Say how the programme stands, for a room where many read: no person and no task."""
    parts = lead_parts() or ["", "Nothing is late, and nothing broke since the last look."]
    return "\n".join([f"{current_home().name}: the week", *parts, "", _link("home")])


def lead_parts() -> list[str]:
    """What is late of the controls, what broke since the last look, what is next."""
    found, duties = standing(), calendar()
    late = [f"{one.control.id}: {one.control.statement}" for one in duties.late] if duties else []
    soon = (
        [f"{one.control.id} by {one.standing.due}: {one.control.statement}" for one in duties.soon]
        if duties
        else []
    )
    moves = [one.says for one in front(found).moves if one.conclusion == "DEVIATES"] if found else []
    signs = [one.mistake.name for one in signs_now()]
    return [
        *_part("Recurring duties that are late", late),
        *_part("Deviates since the last look", moves),
        *_part("Due within 30 days", soon),
        *_part("Signs of a classic mistake", signs),
    ]


def _part(heading: str, lines: Iterable[str]) -> list[str]:
    every = list(lines)
    if not every:
        return []
    more = [f"- and {counted(len(every) - MOST, 'more', 'more')}"] if len(every) > MOST else []
    return ["", heading, *(f"- {one}" for one in every[:MOST]), *more]


def _task(one: Task) -> str:
    return f"{one.what} (by {one.due}) {settings.ADDRESS.origin}{reverse('task', args=[one.pk])}"


def _link(name: str) -> str:
    return settings.ADDRESS.origin + reverse(name)
