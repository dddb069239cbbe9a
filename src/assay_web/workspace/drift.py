"""What changed between any two looks, item by item."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay_web.access import May, asks
from assay_web.exports import FORMS, exported
from assay_web.queries.drift import TURNS
from assay_web.queries.drift import drift as compared


@asks(May.READ_PROGRAMME)
@require_safe
def drift(request: HttpRequest) -> HttpResponse:
    """Compare the looks that `before` and `after` name, by default the last two; `turn` keeps one kind of change."""
    given = request.GET
    found = compared(_entry(given.get("before", "")), _entry(given.get("after", "")))
    turn = given.get("turn", "")
    shown = [one for one in found.changes if turn not in TURNS or one["turn"] == turn]
    if (form := given.get("export")) in FORMS:
        headings = ("item", "key", "check", "turn", "before", "after", "account", "region")
        rows = ((one["name"], one["key"], *(one[name] for name in headings[2:])) for one in shown)
        return exported("drift", form, headings, rows)
    return render(
        request,
        "workspace/drift.html",
        {"drift": found, "shown": shown, "turn": turn if turn in TURNS else ""},
    )


def _entry(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
