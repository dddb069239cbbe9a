"""The register of risks: its list with the heat-map, suggestions by the scope, the map cell by cell, and accepting what is left of a risk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.audit.risk import Rating
from assay.errors import AssayError
from assay_web.access import May, account_of, allowed, asks
from assay_web.queries import risks as queries
from assay_web.queries.acceptances import accepted_controls
from assay_web.queries.approving import approvers_for
from assay_web.queries.line_tasks import tasks_of
from assay_web.queries.standing import standing
from assay_web.records.risks import Risk, TreatmentChoice
from assay_web.services import risks as services
from assay_web.workspace.incident_forms import ActionForm
from assay_web.workspace.registers import Register, found_line, line_page, version_of
from assay_web.workspace.risk_forms import RiskForm

_STEPS = frozenset("12345")


def _listing(request: HttpRequest, lines: Sequence[Risk]) -> dict[str, Any]:
    found, held = standing(), [one for one in lines if one.ended is None]
    due, days = queries.assessment_due()
    ratings = queries.shown(lines, found)
    return {
        "heat": queries.heat_map(held, after=True),
        "due": due,
        "days": days,
        "lacking": sum(bool(ratings[one.pk].lacks) for one in held),
        "ratings": ratings,
        "suggested": len(queries.suggestions()),
        "unrated": sum(one.residual is None for one in held),
        "weak": sum(ratings[one.pk].weak for one in held),
    }


def _showing(request: HttpRequest, line: Risk) -> dict[str, Any]:
    found, account = standing(), account_of(request)
    asked_by = line.changed_by or account
    approvers = approvers_for(May.APPROVE_ACCEPTANCE, asked_by=asked_by)
    one = queries.shown([line], found)[line.pk]
    taken = accepted_controls()
    return {
        "action_form": ActionForm(),
        "acceptable": line.ended is None
        and line.treatment == TreatmentChoice.ACCEPT
        and one.residual is not None,
        "alone": approvers.alone(account),
        "approvers": approvers,
        "commitments": queries.linked_commitments(line),
        "controls": [
            (found.controls[id_], taken.get(id_)) for id_ in line.controls if found and id_ in found.controls
        ],
        "may_accept": approvers.may(account),
        "may_act": allowed(account, May.DO_TASKS) and line.ended is None,
        "one": one,
        "tasks": tasks_of(line),
    }


RISKS = Register(
    model=Risk,
    form=RiskForm,
    name="risks",
    one="risk",
    many="risks",
    title="what",
    columns=("category", "owner"),
    dek="What could keep the company from what it promised, how bad it would be, and what is done about it. Rated by one written method.",
    empty="Begin with the suggestions that fit the scope, or add what you are worried about. An owner or the compliance lead adds it.",
    end="Close it",
    end_hint="For a risk that can no longer happen. It stays in the register, with the day and the reason.",
    filters={
        "not rated": lambda one: getattr(one, "residual", None) is None,
        "without owner": lambda one: getattr(one, "owner_id", None) is None,
        "without treatment": lambda one: not getattr(one, "treatment", ""),
        "accepted": lambda one: getattr(one, "treatment", "") == TreatmentChoice.ACCEPT,
    },
    listing=_listing,
    showing=_showing,
    list_template="workspace/risks/list.html",
    row_template="workspace/risks/row.html",
    show_template="workspace/risks/show.html",
)


@asks(May.READ_PROGRAMME)
@require_safe
def risk_map(request: HttpRequest) -> HttpResponse:
    """The heat-map before and after treatment, the method in words, and the risks of the cell that `?cell=` names, of `?of=before` or after."""
    risks, after = queries.open_risks(), request.GET.get("of") != "before"
    likelihood, _, impact = request.GET.get("cell", "").partition("-")
    cell = Rating(int(likelihood), int(impact)) if {likelihood, impact} <= _STEPS else None
    chosen = queries.in_cell(risks, cell, after=after) if cell else []
    context = {
        "after": after,
        "cell": cell,
        "chosen": list(queries.shown(chosen, standing()).values()),
        "heat": queries.heat_map(risks, after=after),
        "method": queries.method(),
        "total": len(risks),
        "unrated": [one for one in risks if (one.residual if after else one.inherent) is None],
    }
    return render(request, "workspace/risks/map.html", context)


@asks(May.SET_SCOPE)
@require_http_methods(["GET", "HEAD", "POST"])
def risk_suggestions(request: HttpRequest) -> HttpResponse:
    """Choose among the starting risks for the scope. They come without a rating: that is the company's own."""
    error = ""
    if request.method == "POST":
        try:
            services.take_suggested(request.POST.getlist("risk")[:200], by=account_of(request))
        except AssayError as refused:
            error = str(refused)
        else:
            return redirect("risks")
    return render(
        request, "workspace/risks/suggestions.html", {"error": error, "suggested": queries.suggestions()}
    )


@asks(May.APPROVE_ACCEPTANCE)
@require_POST
def accept_risk(request: HttpRequest, number: int) -> HttpResponse:
    """Accept what is left of a risk; who may not, and why, is said on its page."""
    found = found_line(RISKS, number)
    if not isinstance(found, Risk):
        raise Http404
    text = request.POST.get("text", "").strip()[:400]
    try:
        services.accept(found, version=version_of(request), by=account_of(request), said=text)
    except AssayError as refused:
        return line_page(request, RISKS, found_line(RISKS, number), error=str(refused))
    return redirect("risks_line", number=number)
