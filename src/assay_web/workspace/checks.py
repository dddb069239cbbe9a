"""The checks with their counts, and one check with every item, its history, SQL and remedy."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay_web.access import May, account_of, allowed, asks
from assay_web.exports import FORMS, exported
from assay_web.queries.acceptances import accepted_counts, accepted_items, of_subject
from assay_web.queries.checks import check_page, item_page, items
from assay_web.queries.standing import Object, Standing, standing
from assay_web.queries.subjects import item_ref
from assay_web.queries.tasks import by_item
from assay_web.queries.tasks import of_subject as tasks_of

SHOWN = ("deviates", "unknown", "conforms", "nothing to judge")
LONGEST = 200


@asks(May.READ_PROGRAMME)
@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """The checks, worst first, filtered by what they came to."""
    found = standing()
    if found is None:
        return render(request, "workspace/first.html")
    state = request.GET.get("state", "")
    shown = [one for one in found.report["checks"] if state not in SHOWN or one["conclusion"] == state]
    shown.sort(key=_worst_first)
    if (form := request.GET.get("export")) in FORMS:
        headings = (
            "id",
            "title",
            "conclusion",
            "severity",
            "conform",
            "deviate",
            "unknown",
            "not applicable",
            "controls",
        )
        return exported("checks", form, headings, map(_row, shown))
    return render(
        request,
        "workspace/checks.html",
        {
            "accepted": accepted_counts(found),
            "checks": shown,
            "counts": _counts(found),
            "state": state,
            "total": len(found.report["checks"]),
        },
    )


@asks(May.READ_PROGRAMME)
@require_safe
def check(request: HttpRequest, check_id: str) -> HttpResponse:
    """One check. Items are filtered by conclusion and words, and come in pages; the export has all that match."""
    found = standing()
    if found is None or check_id not in found.checks:
        raise Http404
    given = request.GET
    account = account_of(request)
    named = allowed(account, May.SEE_PEOPLE)
    everything = items(found, check_id, named=named)
    page = item_page(
        everything,
        conclusion=given.get("conclusion", ""),
        words=given.get("q", "")[:LONGEST],
        number=_number(given.get("page", "")),
    )
    if (form := given.get("export")) in FORMS:
        return _exported(found, check_id, form, named=named)
    accepted, tasks = accepted_items(found, check_id), tasks_of("check", check_id)
    of_items = by_item(found, check_id, tasks)
    context = {
        "acceptances": of_subject("check", check_id),
        "accepted": accepted_counts(found).get(check_id, 0),
        "items": page,
        "may_ask": allowed(account, May.ASK_ACCEPTANCE),
        "may_do": allowed(account, May.DO_TASKS),
        "named": named,
        "page": check_page(found, check_id),
        "rows": [
            (one, ref, accepted.get(ref), of_items.get(ref)) for one in page.items for ref in [item_ref(one)]
        ],
        "tasks": tasks,
    }
    return render(request, "workspace/check.html", context)


def _exported(found: Standing, check_id: str, form: str, *, named: bool) -> HttpResponse:
    everything = items(found, check_id, named=named)
    columns = sorted({name for one in everything for name in one.values})
    headings = ("item", "key", "table", "account", "region", "conclusion", "reason", *columns)
    rows = (
        (
            one.name,
            one.key,
            one.table,
            one.account,
            one.region,
            one.conclusion,
            one.reason,
            *(one.values.get(name) for name in columns),
        )
        for one in everything
    )
    return exported(check_id, form, headings, rows)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _counts(found: Standing) -> dict[str, int]:
    return {name: sum(one["conclusion"] == name for one in found.report["checks"]) for name in SHOWN}


def _worst_first(one: Object) -> tuple[int, int, int, str]:
    rank = SHOWN.index(one["conclusion"]) if one["conclusion"] in SHOWN else len(SHOWN)
    return rank, ("high", "medium", "low").index(one["severity"]), -one["counts"]["DEVIATES"], one["title"]


def _row(one: Object) -> tuple[object, ...]:
    counts = one["counts"]
    return (
        one["id"],
        one["title"],
        one["conclusion"],
        one["severity"],
        counts["CONFORMS"],
        counts["DEVIATES"],
        counts["UNKNOWN"],
        counts["NOT_APPLICABLE"],
        one["controls"],
    )
