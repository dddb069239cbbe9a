"""Changes and deployments as they come, by month, with how the population was made."""

from __future__ import annotations

from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assay_web.access import May, asks
from assay_web.exports import FORMS, exported
from assay_web.queries import changes as queries
from assay_web.queries.standing import standing
from assay_web.workspace.register_forms import DayField

SHOWN = 50
"""How many rows a page shows; the export holds all."""


class PeriodForm(forms.Form):
    """The period asked for."""

    first = DayField(label="From", required=False)
    last = DayField(label="to, both included", required=False)


@asks(May.READ_PROGRAMME)
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """The population of one kind in a period (`?of=`, `?first=`, `?last=`), of one of its months with `?month=`; `?export=` gives it whole."""
    kind = queries.KINDS.get(request.GET.get("of", ""), queries.KINDS["merged"])
    form = PeriodForm(request.GET if "first" in request.GET or "last" in request.GET else None)
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    first, last = queries.period_of(given.get("first"), given.get("last"))
    found = standing()
    population = queries.changes(found, kind, first, last, ZoneInfo(timezone.get_current_timezone_name()))
    if (wanted := request.GET.get("export")) in FORMS:
        heads = [words for _, words in kind.columns]
        return exported(f"{kind.name}-{first}-{last}", wanted, heads, queries.export_rows(population))
    month = next((one for one in population.months if one.name == request.GET.get("month")), None)
    rows = [row for row in population.rows if month is None or _in(row[kind.when], month.name)]
    context: dict[str, Any] = {
        "checks": queries.change_checks(found),
        "form": PeriodForm(initial={"first": first, "last": last}) if not form.errors else form,
        "kinds": queries.KINDS.values(),
        "month": month,
        "period": f"first={first}&last={last}",
        "population": population,
        "rows": [list(row.items()) for row in rows[:SHOWN]],
        "rows_more": max(0, len(rows) - SHOWN),
        "total": len(rows),
    }
    return render(request, "workspace/risks/changes.html", context)


def _in(at: Any, month: str) -> bool:
    return f"{timezone.localtime(at.replace(tzinfo=UTC)):%Y-%m}" == month
