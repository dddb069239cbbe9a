"""The plan up to the report and its budget: chosen, with the company's own lengths and amounts, shown before it is kept, and what moved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assay.audit.plan import AUDIT, COMMON_PERIOD, PERIOD, REVIEW, moved
from assay_web.access import May, account_of, allowed, asks
from assay_web.page.plan_picture import plan_picture
from assay_web.queries import planning as queries
from assay_web.queries.registers import cell, history, shown
from assay_web.records.auditor import ONLY, ROUTES, Budget, Plan
from assay_web.records.registers import Line
from assay_web.services.planning import keep
from assay_web.services.registers import LineMovedError
from assay_web.workspace.register_forms import DayField, LineForm, typed_of
from assay_web.workspace.registers import version_of


class WholeField(forms.IntegerField):
    """A whole number that may be left out."""

    def __init__(self, most: int, **more: Any) -> None:
        super().__init__(required=False, min_value=more.pop("least", 1), max_value=most, **more)


class PlanForm(LineForm):
    """The way to the report, and the company's own lengths."""

    route = forms.ChoiceField(label="Which reports", choices=ROUTES, widget=forms.RadioSelect)
    begins = DayField(
        label="Preparation begins or began on",
        required=False,
        help_text="Leave it empty while it has not begun: then the plan begins today.",
    )
    preparation_months = WholeField(
        24,
        label="Months of preparation",
        help_text="Your own number. Without one the usual range stands: 2 to 4 months before a Type I, 3 to 6 before a Type II alone.",
    )
    choosing_weeks = WholeField(
        52,
        label="Weeks to choose the firm and sign",
        help_text="It runs beside preparation. No usual length is known, so without a number it is left out.",
    )
    audit_weeks = WholeField(
        52, label="Weeks of the Type I audit", help_text=f"What the firm says. Usually {AUDIT.words}."
    )
    period_months = WholeField(
        12,
        least=PERIOD.least,
        label="Months of the Type II period",
        help_text=f"What your customer accepts: {PERIOD.words}, commonly {COMMON_PERIOD.words}.",
    )
    review_weeks = WholeField(
        52, label="Weeks of review after the period", help_text=f"What the firm says. Usually {REVIEW.words}."
    )


class BudgetForm(LineForm):
    """What the company gives for its budget."""

    currency = forms.RegexField(
        r"\A[A-Z]{3}\Z",
        label="Currency",
        max_length=3,
        initial="USD",
        help_text="Three letters, such as USD or EUR. Amounts are whole units of it.",
        error_messages={"invalid": "Write three capital letters, such as USD."},
    )
    fee_least = WholeField(10_000_000, least=0, label="Audit of one report, at least")
    fee_most = WholeField(10_000_000, least=0, label="Audit of one report, at most")
    hours_least = WholeField(100_000, least=0, label="Own hours, at least")
    hours_most = WholeField(100_000, least=0, label="Own hours, at most")
    hourly_least = WholeField(10_000, least=0, label="What an hour costs, at least")
    hourly_most = WholeField(10_000, least=0, label="What an hour costs, at most")
    tools_least = WholeField(10_000_000, least=0, label="Tools, at least")
    tools_most = WholeField(10_000_000, least=0, label="Tools, at most")
    testing_least = WholeField(10_000_000, least=0, label="Penetration test, at least")
    testing_most = WholeField(10_000_000, least=0, label="Penetration test, at most")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for name in ("fee", "hours", "hourly", "tools", "testing"):
            least, most = given.get(f"{name}_least"), given.get(f"{name}_most")
            if least is not None and most is not None and least > most:
                self.add_error(
                    f"{name}_most", "The most is less than the least. Give the larger number here."
                )
        return given


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of a form over the one line of a kind: the form, what it would say, and where somebody was faster both versions."""

    form: LineForm
    typed: Any
    saved: bool
    error: str
    differing: list[tuple[str, Any, Any]]


def kept(request: HttpRequest, kind: type[Line], form_of: type[LineForm], line: Line | None) -> Kept:
    """Read a form and keep what it says where that was asked for (`deed=save`); without, it is only shown."""
    first = typed_of(line or kind(), form_of)
    form = form_of(request.POST if request.method == "POST" else None, initial=first)
    if request.method != "POST" or not form.is_valid():
        return Kept(form, None, saved=False, error="", differing=[])
    typed = kind(**form.says())
    if request.POST.get("deed") != "save":
        return Kept(form, typed, saved=False, error="", differing=[])
    try:
        keep(kind, form.says(), version=version_of(request), by=account_of(request))
    except LineMovedError as moved_since:
        found = kind._default_manager.get(pk=ONLY)
        return Kept(
            form, typed, saved=False, error=str(moved_since), differing=_differing(form, found, typed)
        )
    return Kept(form, typed, saved=True, error="", differing=[])


def _differing(form: LineForm, found: Line, typed: Line) -> list[tuple[str, Any, Any]]:
    return [
        (str(field.label), cell(shown(found, name)), cell(shown(typed, name)))
        for name, field in form.fields.items()
        if cell(shown(found, name)) != cell(shown(typed, name))
    ]


@asks(May.READ_PROGRAMME)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """The plan as it is kept; a POST shows it as typed, or keeps it."""
    return _page(request, "workspace/planning/plan.html", May.SET_SCOPE, _plan_of)


def _plan_of(request: HttpRequest) -> tuple[Kept | None, dict[str, Any]]:
    found = queries.planned()
    if found is None:
        return None, {}
    given = kept(request, Plan, PlanForm, found.line)
    shown_plan = queries.planned_as(found.scope, found.today, given.typed) if given.typed else found
    return given, {
        "base": found.plan if given.typed else None,
        "drawn": plan_picture(shown_plan.plan, found.today),
        "line": queries.kept_plan() if given.error else found.line,
        "moves": moved(found.plan, shown_plan.plan),
        "planned": shown_plan,
    }


@asks(May.CHOOSE_AUDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def budget(request: HttpRequest) -> HttpResponse:
    """The budget as it is kept; a POST shows it as typed, or keeps it."""
    return _page(request, "workspace/planning/budget.html", May.CHOOSE_AUDITOR, _budget_of)


def _budget_of(request: HttpRequest) -> tuple[Kept | None, dict[str, Any]]:
    found = queries.budgeted()
    if found is None:
        return None, {}
    given = kept(request, Budget, BudgetForm, found.line)
    shown_budget = queries.budgeted(given.typed) if given.typed else found
    budget = shown_budget.budget if shown_budget else found.budget
    lines = [(one, one.amount and one.amount.words(budget.currency)) for one in budget.lines]
    return given, {"budgeted": shown_budget, "line": found.line, "lines": lines}


def _page(
    request: HttpRequest,
    template: str,
    writes: May,
    of: Callable[[HttpRequest], tuple[Kept | None, dict[str, Any]]],
) -> HttpResponse:
    """Show a page over one line. Who may not keep it may not send anything either."""
    may_change = allowed(account_of(request), writes)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    given, context = of(request)
    if given is None:
        return render(request, "workspace/planning/none.html", {"may_change": may_change})
    if given.saved:
        return redirect(request.path)
    line = context["line"]
    return render(
        request,
        template,
        {
            **context,
            "differing": given.differing,
            "error": given.error,
            "form": given.form,
            "history": history(line) if line else [],
            "labels": {name: str(field.label) for name, field in given.form.fields.items()},
            "may_change": may_change,
        },
    )
