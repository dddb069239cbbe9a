"""The yearly risk assessment: begun, worked through, approved by another person, frozen, printed, and entered as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from assay.errors import AssayError
from assay_web.access import May, account_of, allowed, asks
from assay_web.exports import FORMS, exported
from assay_web.queries import risks as queries
from assay_web.queries.approving import approvers_for
from assay_web.queries.people import names_of
from assay_web.queries.standing import standing
from assay_web.records.risks import Assessment, AssessmentState
from assay_web.services import risks as services
from assay_web.workspace.registers import Register, found_line, line_page, version_of
from assay_web.workspace.risk_forms import AssessmentForm


def _listing(request: HttpRequest, lines: Sequence[Assessment]) -> dict[str, Any]:
    due, days = queries.assessment_due()
    return {"days": days, "due": due, "method": queries.method(), "newest": queries.newest_approved()}


def _showing(request: HttpRequest, line: Assessment) -> dict[str, Any]:
    account, risks = account_of(request), queries.open_risks()
    frozen = line.state == AssessmentState.APPROVED
    lines = line.lines if frozen else queries.register_as_it_stands()
    waits = line.state == AssessmentState.PREPARED
    approvers = (
        approvers_for(May.APPROVE_ACCEPTANCE, asked_by=line.prepared_by)
        if waits and line.prepared_by
        else None
    )
    shown = queries.shown(risks, standing()).values()
    return {
        "alone": approvers is not None and approvers.alone(account),
        "approvers": approvers,
        "frozen": frozen,
        "lacking": [] if frozen else [one for one in shown if one.lacks],
        "lines": lines,
        "may_approve": approvers is not None and approvers.may(account),
        "may_enter": frozen and line.evidence is None and allowed(account, May.ADD_EVIDENCE),
        "needs_another": approvers is not None
        and allowed(account, May.APPROVE_ACCEPTANCE)
        and not approvers.may(account),
        "owners": names_of({one["owner"] for one in lines if one["owner"]}),
        "root": line.root or queries.root_of(lines),
        "waits": waits,
    }


ASSESSMENTS = Register(
    model=Assessment,
    form=AssessmentForm,
    name="assessments",
    one="assessment",
    many="assessments",
    title="title",
    columns=("first", "last", "people"),
    dek="Once a year all risks are looked at together, fraud and change asked for by name, and another person approves. The lines freeze as they stand then.",
    empty="Fill the register of risks first, then begin an assessment here.",
    listing=_listing,
    showing=_showing,
    change=services.change_assessment,
    list_template="workspace/risks/assessments.html",
    row_template="workspace/risks/assessment_row.html",
    show_template="workspace/risks/assessment.html",
)


@asks(May.SET_SCOPE)
@require_POST
def prepare_assessment(request: HttpRequest, number: int) -> HttpResponse:
    """Say that it is worked through, or enter the approved one as evidence."""
    found = _found(number)
    try:
        match request.POST.get("deed", ""):
            case "prepare":
                services.prepare(found, version=version_of(request), by=account_of(request))
            case "enter":
                services.enter_as_evidence(found, by=account_of(request))
            case _:
                raise Http404
    except AssayError as refused:
        return line_page(request, ASSESSMENTS, _found(number), error=str(refused))
    return redirect("assessments_line", number=number)


@asks(May.APPROVE_ACCEPTANCE)
@require_POST
def decide_assessment(request: HttpRequest, number: int) -> HttpResponse:
    """Approve it, or send it back. Of two who do so at once one is heard; the other is told."""
    found, by, version = _found(number), account_of(request), version_of(request)
    text = request.POST.get("text", "").strip()[:400]
    try:
        match request.POST.get("deed", ""):
            case "approve":
                services.approve(found, version=version, by=by, seen=request.POST.get("root", ""), said=text)
            case "back":
                services.send_back(found, version=version, by=by, why=text)
            case _:
                raise Http404
    except AssayError as refused:
        return line_page(request, ASSESSMENTS, _found(number), error=str(refused))
    return redirect("assessments_line", number=number)


@asks(May.READ_PROGRAMME)
@require_safe
def export_assessment(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """The lines for other programs: as frozen, or as they stand where it is not approved."""
    found = _found(number)
    if form not in FORMS:
        raise Http404
    lines = found.lines if found.state == AssessmentState.APPROVED else queries.register_as_it_stands()
    owners = names_of({one["owner"] for one in lines if one["owner"]})
    return exported(f"risk-assessment-{number}", form, queries.HEADINGS, queries.rows_of(lines, owners))


def _found(number: int) -> Assessment:
    found = found_line(ASSESSMENTS, number)
    if not isinstance(found, Assessment):
        raise Http404
    return found


def urls() -> list[URLPattern]:
    """Give the addresses: those of a register without ending and importing, which an assessment has not, and its own."""
    kept = [one for one in ASSESSMENTS.urls() if one.name not in {"assessments_end", "assessments_import"}]
    base = "assessments/<int:number>/"
    return [
        *kept,
        path(f"{base}prepare/", prepare_assessment, name="assessment_prepare"),
        path(f"{base}decide/", decide_assessment, name="assessment_decide"),
        path(f"{base}lines/<slug:form>/", export_assessment, name="assessment_lines"),
    ]
