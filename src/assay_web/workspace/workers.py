"""Who works here, and what is theirs in every system."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay_web.access import May, account_of, allowed, asks
from assay_web.exports import FORMS, exported
from assay_web.queries.duties import whose_worker
from assay_web.queries.workers import Worker, register_now
from assay_web.records.people import HandWorker
from assay_web.workspace.own import page_of

_KINDS: dict[str, Callable[[Worker], bool]] = {
    "": lambda one: True,
    "here": lambda one: not one.has_left,
    "left": lambda one: one.has_left,
    "left-over": lambda one: bool(one.left_over),
    "no-device": lambda one: not one.has_left and not one.devices,
    "training": lambda one: not one.has_left and one.training_open > 0,
}
_WORDS = {
    "": "All",
    "here": "Here",
    "left": "Left",
    "left-over": "Left, can still sign in",
    "no-device": "No device known",
    "training": "Training open",
}
_HEADINGS = (
    "e-mail",
    "kind",
    "title",
    "manager",
    "started",
    "ended",
    "accounts",
    "left over",
    "devices",
    "training open",
)


@asks(May.SEE_PEOPLE)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    everyone = register_now()
    kind = request.GET.get("kind", "")
    kind = kind if kind in _KINDS else ""
    shown = [one for one in everyone.workers if _KINDS[kind](one)]
    if (form := request.GET.get("export")) in FORMS:
        return exported("people", form, _HEADINGS, map(_row, shown))
    filters = [(name, words, sum(map(_KINDS[name], everyone.workers))) for name, words in _WORDS.items()]
    return render(
        request,
        "workspace/people.html",
        {
            "by_hand": [(one, everyone.by_email(one.email) is not None) for one in HandWorker.objects.all()],
            "filters": filters,
            "kind": kind,
            "manages": allowed(account_of(request), May.MANAGE_PEOPLE),
            "register": everyone,
            "shown": shown,
        },
    )


@asks(May.SEE_PEOPLE)
@require_safe
def person(request: HttpRequest, ref: str) -> HttpResponse:
    """One worker's page, as the worker sees it, for who leads the programme."""
    found = register_now().by_ref(ref)
    if found is None:
        raise Http404
    manages = allowed(account_of(request), May.MANAGE_PEOPLE)
    context = {**page_of(whose_worker(found)), "manages": manages, "person": found}
    return render(request, "workspace/people/person.html", context)


def _row(one: Worker) -> tuple[object, ...]:
    return (
        one.email,
        one.kind,
        one.title,
        one.manager,
        one.started and one.started.date(),
        one.ended and one.ended.date(),
        [f"{account.system}: {account.name}" for account in one.accounts],
        [f"{account.system}: {account.name}" for account in one.left_over],
        one.devices,
        one.training_open,
    )
