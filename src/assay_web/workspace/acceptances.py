"""Risk acceptances: the register, asking for one, approving, refusing and ending."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.errors import AssayError
from assay_web.access import May, account_of, allowed, asks
from assay_web.exports import FORMS, exported
from assay_web.queries import acceptances as queries
from assay_web.queries.approving import approvers_for
from assay_web.queries.checks import items
from assay_web.queries.standing import Standing, standing
from assay_web.queries.subjects import Subject, item_ref, refs_now, shown_items, subject_of
from assay_web.records.acceptances import Acceptance, AcceptanceSource
from assay_web.services import acceptances as services

MOST_ITEMS = 500
_NOTHING_TO_ACCEPT = {"in place", "not relevant"}
_RELATED = ("asked_by", "decided_by", "ended_by")


class AcceptanceForm(forms.Form):
    """What is asked for."""

    reason = forms.CharField(
        label="Why the risk is accepted",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What would have to happen for it to do harm, and why it is left for now.",
    )
    instead = forms.CharField(
        label="What makes up for it",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The compensating control: what limits the harm meanwhile.",
    )
    until = forms.DateField(
        label="Until",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The last day, a year ahead at most. After it the deviation is open again.",
        error_messages={"invalid": "Write a day such as 2026-11-30."},
    )


@asks(May.READ_PROGRAMME)
@require_safe
def acceptances(request: HttpRequest) -> HttpResponse:
    """The register, filtered by how an acceptance stands today."""
    found, account = standing(), account_of(request)
    state = request.GET.get("state", "")
    state = state if state in queries.STANDINGS else ""
    shown = queries.register(found, standing=state)
    if (form := request.GET.get("export")) in FORMS:
        rows = queries.rows_of(found, shown, named=allowed(account, May.SEE_PEOPLE))
        return exported("acceptances", form, queries.HEADINGS, rows)
    every = queries.register(found) if state else shown
    counts = {name: sum(one.standing == name for one in every) for name in queries.STANDINGS}
    return render(
        request,
        "workspace/acceptances.html",
        {"counts": counts, "shown": shown, "state": state, "total": len(every)},
    )


@asks(May.ASK_ACCEPTANCE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_acceptance(request: HttpRequest) -> HttpResponse:
    """Ask, from `?from=check:ID&item=…` or `control:ID`. Of a check its deviating items are chosen here."""
    given = request.POST if request.method == "POST" else request.GET
    found = standing()
    about = _about(found, given.get("from", ""), given.getlist("item")[:MOST_ITEMS])
    form = AcceptanceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if about.source == AcceptanceSource.CHECK and not about.items:
            form.add_error(
                None, "Choose the items whose risk is accepted; what deviates later is not covered."
            )
        else:
            try:
                made = services.ask(about, by=account_of(request), **form.cleaned_data)
            except AssayError as error:
                form.add_error("until", str(error))
            else:
                return redirect("acceptance", acceptance_id=made.pk)
    context = {"form": form, "subject": about, "there": queries.of_subject(about.source, about.about)}
    return render(request, "workspace/new_acceptance.html", {**context, "items": _choices(found, about)})


@asks(May.READ_PROGRAMME)
@require_safe
def acceptance(request: HttpRequest, acceptance_id: str) -> HttpResponse:
    return _page(request, _found(acceptance_id))


@asks(May.APPROVE_ACCEPTANCE)
@require_POST
def decide_acceptance(request: HttpRequest, acceptance_id: str) -> HttpResponse:
    """Approve or refuse. Of two who do so at once one is heard; the other is told."""
    found, by = _found(acceptance_id), account_of(request)
    text = request.POST.get("text", "").strip()[:400]
    try:
        match request.POST.get("deed", ""):
            case "approve":
                services.approve(found, by=by, said=text)
            case "refuse" if text:
                services.refuse(found, by=by, why=text)
            case "refuse":
                raise services.AcceptanceError("Say why it is refused.")
            case _:
                raise Http404
    except AssayError as error:
        return _page(request, _found(acceptance_id), error=str(error), typed=text)
    return redirect("acceptance", acceptance_id=acceptance_id)


@asks(May.ASK_ACCEPTANCE)
@require_POST
def end_acceptance(request: HttpRequest, acceptance_id: str) -> HttpResponse:
    """End it before its day, or take back what was asked for."""
    found, text = _found(acceptance_id), request.POST.get("text", "").strip()[:400]
    try:
        if not text:
            raise services.AcceptanceError("Say why it ends.")
        services.end(found, by=account_of(request), why=text)
    except AssayError as error:
        return _page(request, _found(acceptance_id), error=str(error), typed=text)
    return redirect("acceptance", acceptance_id=acceptance_id)


def _page(request: HttpRequest, one: Acceptance, *, error: str = "", typed: str = "") -> HttpResponse:
    account, found = account_of(request), standing()
    shown = queries.one_shown(found, one)
    named = allowed(account, May.SEE_PEOPLE)
    waits = shown.standing == "waiting"
    approvers = approvers_for(May.APPROVE_ACCEPTANCE, asked_by=one.asked_by) if waits else None
    has_right = allowed(account, May.APPROVE_ACCEPTANCE)
    context = {
        "alone": approvers is not None and approvers.alone(account),
        "approvers": approvers,
        "error": error,
        "items": shown_items(found, one.about, one.items, named=named) if one.items else [],
        "may_decide": approvers is not None and approvers.may(account),
        "may_end": allowed(account, May.ASK_ACCEPTANCE) and (waits or shown.in_force),
        "needs_another": approvers is not None and has_right and not approvers.may(account),
        "one": one,
        "shown": shown,
        "typed": typed,
    }
    return render(request, "workspace/acceptance.html", context)


def _about(found: Standing | None, text: str, refs: list[str]) -> Subject:
    about = subject_of(found, text, refs, deviating=True) if text.startswith(("check:", "control:")) else None
    if about is None or found is None:
        raise Http404
    if (
        about.source == AcceptanceSource.CONTROL
        and found.controls[about.about]["state"] in _NOTHING_TO_ACCEPT
    ):
        raise Http404
    return about


def _choices(found: Standing | None, about: Subject) -> list[dict[str, Any]]:
    """Give the deviating items of a check to choose from, with what was chosen and until when some are accepted already."""
    if found is None or about.source != AcceptanceSource.CHECK:
        return []
    chosen = refs_now(found, about.about, about.items)
    taken = queries.accepted_items(found, about.about)
    return [
        {"chosen": ref in chosen, "item": one, "ref": ref, "taken": taken.get(ref)}
        for one in items(found, about.about, named=True)
        if one.conclusion == "DEVIATES" and (ref := item_ref(one))
    ][:MOST_ITEMS]


def _found(acceptance_id: str) -> Acceptance:
    return get_object_or_404(Acceptance.objects.select_related(*_RELATED), pk=acceptance_id)
