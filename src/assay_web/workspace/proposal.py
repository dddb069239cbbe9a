"""The request for proposal: a page that prints, its blanks listed first, and the same as PDF and plain text."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assay.documents.letter import letter_pdf, letter_text
from assay_web.access import May, asks
from assay_web.queries.proposal import proposed
from assay_web.queries.registers import history
from assay_web.records.auditor import Proposal
from assay_web.workspace.planning import kept
from assay_web.workspace.register_forms import DayField, LineForm, LongField


class ProposalForm(LineForm):
    """What a firm needs to know that the scope does not say."""

    reply_by = DayField(label="Reply by", required=False)
    contact_name = forms.CharField(label="Who answers questions", required=False, max_length=120)
    contact_email = forms.EmailField(label="The e-mail address for the reply", required=False, max_length=254)
    legal_name = forms.CharField(
        label="Legal name", required=False, max_length=200, help_text="Where it is another than in the scope."
    )
    customers = forms.CharField(
        label="Customers",
        required=False,
        max_length=400,
        help_text="Such as: 120 companies in North America and Europe.",
    )
    locations = forms.CharField(
        label="Locations",
        required=False,
        max_length=400,
        help_text="Offices and countries from which people work.",
    )
    hosting = forms.CharField(
        label="Where the system runs", required=False, max_length=400, help_text="Clouds and regions."
    )
    history = forms.CharField(
        label="Earlier reports",
        required=False,
        max_length=400,
        help_text="Such as: none; or a Type I of March 2026 by another firm.",
    )
    questions = LongField(
        label="Further questions", required=False, help_text="One on each line; they follow the usual ones."
    )


@asks(May.CHOOSE_AUDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest) -> HttpResponse:
    """The document, and what can be added to it; a POST keeps that."""
    found = proposed()
    if found is None:
        return render(request, "workspace/planning/none.html", {"may_change": True})
    given = kept(request, Proposal, ProposalForm, found.line)
    if given.saved:
        return redirect("proposal")
    context = {
        "differing": given.differing,
        "error": given.error,
        "form": given.form,
        "history": history(found.line) if found.line else [],
        "labels": {name: str(field.label) for name, field in given.form.fields.items()},
        "letter": found.letter,
        "line": proposed().line if given.error else found.line,  # type: ignore[union-attr]  # the scope is still there
    }
    return render(request, "workspace/planning/proposal.html", context)


@asks(May.CHOOSE_AUDITOR)
@require_safe
def proposal_file(request: HttpRequest, form: str) -> HttpResponse:
    """The document as PDF or plain text."""
    found = proposed()
    if found is None or form not in {"pdf", "txt"}:
        raise Http404
    if form == "pdf":
        response = HttpResponse(letter_pdf(found.letter), content_type="application/pdf")
    else:
        response = HttpResponse(letter_text(found.letter), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="request-for-proposal.{form}"'
    return response
