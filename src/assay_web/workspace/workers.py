"""Who works here, and what is theirs in every system."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay_web.access import May, asks
from assay_web.exports import FORMS, exported
from assay_web.queries.standing import standing
from assay_web.queries.workers import Register, Worker, register

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
    found = standing()
    everyone = register(found) if found else Register((), ())
    kind = request.GET.get("kind", "")
    kind = kind if kind in _KINDS else ""
    shown = [one for one in everyone.workers if _KINDS[kind](one)]
    if (form := request.GET.get("export")) in FORMS:
        return exported("people", form, _HEADINGS, map(_row, shown))
    filters = [(name, words, sum(map(_KINDS[name], everyone.workers))) for name, words in _WORDS.items()]
    return render(
        request,
        "workspace/people.html",
        {"filters": filters, "kind": kind, "register": everyone, "shown": shown},
    )


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
