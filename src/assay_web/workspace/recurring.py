"""The calendar: every recurring duty with its windows, as a list, a month, a file for calendar programs; a task out of a duty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assay.audit.days import months_after
from assay.documents.icalendar import DayEvent, icalendar
from assay_web.access import May, account_of, allowed, asks
from assay_web.exports import FORMS, exported
from assay_web.home import current_home
from assay_web.queries import recurring as queries
from assay_web.services.tasks import Wanted, make_tasks

SHOWS: dict[str, Callable[[queries.Recurring], bool]] = {
    "": lambda one: True,
    "late": lambda one: one.standing.late,
    "soon": lambda one: one.is_soon and not one.standing.late,
    "missed": lambda one: one.standing.missed > 0,
}


@asks(May.READ_PROGRAMME)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The list of duties, or with `?month=2026-12` a month of them."""
    found = queries.calendar(_day(request, "since"))
    if found is None:
        return render(
            request,
            "workspace/planning/none.html",
            {"may_change": allowed(account_of(request), May.SET_SCOPE)},
        )
    show = request.GET.get("show", "")
    owner = request.GET.get("owner", "")
    owner = owner if owner in found.owners else ""
    mine = [one for one in found.duties if owner in ("", one.control.owner)]
    duties = [one for one in mine if SHOWS.get(show, SHOWS[""])(one)]
    month = _month(request)
    context: dict[str, Any] = {
        "calendar": found,
        "counts": [(name, words, sum(map(SHOWS[name], mine))) for name, words in _WORDS.items()],
        "duties": duties,
        "may_do": allowed(account_of(request), May.DO_TASKS),
        "owner": owner,
        "show": show if show in SHOWS else "",
        "this_month": f"{found.today:%Y-%m}",
    }
    if month is not None:
        context |= {
            "after": f"{months_after(month, 1):%Y-%m}",
            "before": f"{months_after(month, -1):%Y-%m}",
            "month": month,
            "weeks": queries.month_of(found, mine, month),
        }
        return render(request, "workspace/recurring/month.html", context)
    return render(request, "workspace/recurring/list.html", context)


_WORDS = {"": "All", "late": "Late", "soon": "Due within 30 days", "missed": "With a missed window"}


@asks(May.READ_PROGRAMME)
@require_safe
def duty(request: HttpRequest, control_id: str) -> HttpResponse:
    """One duty with each of its windows: what an auditor asks for of a period."""
    found = queries.calendar(_day(request, "since"))
    one = next((one for one in found.duties if one.control.id == control_id), None) if found else None
    if found is None or one is None:
        raise Http404
    context = {"calendar": found, "duty": one, "may_do": allowed(account_of(request), May.DO_TASKS)}
    return render(request, "workspace/recurring/duty.html", context)


@asks(May.DO_TASKS)
@require_POST
def task_of_duty(request: HttpRequest, control_id: str) -> HttpResponse:
    """Make the task for the next day of a duty; where there is one already, go to it."""
    found = queries.calendar()
    one = next((one for one in found.duties if one.control.id == control_id), None) if found else None
    if one is None or one.standing.due is None:
        raise Http404
    if one.task is not None:
        return redirect("task", task_id=one.task.pk)
    why = f"{one.every.capitalize()}, by the control. Its owner is: {one.control.owner}. Add what shows it as evidence of {one.control.id}."
    wanted = Wanted(what=queries.task_words(one.control, one.standing.due), why=why, due=one.standing.due)
    made = make_tasks([wanted], by=account_of(request))
    return redirect("task", task_id=made[0].pk)


@asks(May.READ_PROGRAMME)
@require_safe
def export(request: HttpRequest, form: str) -> HttpResponse:
    """Every window as a table, or the days on which something is due for a calendar program."""
    found = queries.calendar(_day(request, "since"))
    if form not in (*FORMS, "ics"):
        raise Http404
    duties = found.duties if found else ()
    if form != "ics":
        return exported("calendar", form, queries.HEADINGS, queries.rows_of(duties))
    home = current_home()
    events = [
        DayEvent(
            uid=f"{one.control.id}-{window.days.first:%Y%m%d}@{home.id}",
            day=window.days.last,
            title=f"{one.control.id}: {one.control.statement}",
            text=f"{one.every.capitalize()}; the window began on {window.days.first.isoformat()}. Owner: {one.control.owner}.",
            address=settings.ADDRESS.origin + reverse("duty", args=[one.control.id]),
        )
        for one in duties
        for window, deeds in one.shown
        if not deeds and window.days.last >= one.today
    ]
    response = HttpResponse(
        icalendar(f"{home.name}: recurring duties", events, timezone.now()),
        content_type="text/calendar; charset=utf-8",
    )
    response.headers["Content-Disposition"] = 'attachment; filename="calendar.ics"'
    return response


def _day(request: HttpRequest, name: str) -> date | None:
    """Read a day out of an address; what is none is as if it were not there, and so is one too far from now for windows to be useful."""
    try:
        found = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def _month(request: HttpRequest) -> date | None:
    text = request.GET.get("month", "")
    try:
        found = date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        return None
    return found if found is not None and 2000 <= found.year <= 2100 else None
