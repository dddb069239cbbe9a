"""Whose an account is: those that nobody could be matched to, and what people said of accounts, with a way back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from assay.errors import AssayError
from assay_web.access import May, account_of, allowed, asks
from assay_web.exports import FORMS, exported
from assay_web.queries.workers import Held, Register, register_now
from assay_web.records.people import AccountMatch, MatchKind
from assay_web.services.people import match_account, undo_match

_HEADINGS = ("system", "account", "can sign in", "what it is", "worker", "reason")


class MatchForm(forms.Form):
    """What an account is."""

    kind = forms.ChoiceField(
        label="What it is",
        choices=MatchKind.choices,
        help_text="A shared account needs an approved exception: accept the risk on the page of its check.",
    )
    email = forms.ChoiceField(label="Whose, or who answers for it")
    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed for a service or shared account: what it does.",
    )

    def __init__(self, people: Register, data: Any = None) -> None:
        super().__init__(data)
        here = [(one.email, one.email) for one in people.workers]
        self.fields["email"].choices = [("", "Choose a worker"), *here]  # type: ignore[attr-defined]


@asks(May.SEE_PEOPLE)
@require_safe
def matching(request: HttpRequest) -> HttpResponse:
    """The accounts that are nobody's; with `?system=…&name=…` the form for one of them beside it."""
    people = register_now()
    if (form := request.GET.get("export")) in FORMS:
        return exported("accounts-matched", form, _HEADINGS, map(_row, (*people.unmatched, *_said(people))))
    chosen = _chosen(people, request.GET) if "name" in request.GET else None
    return _page(request, people, chosen, MatchForm(people))


@asks(May.MANAGE_PEOPLE)
@require_POST
def match(request: HttpRequest) -> HttpResponse:
    people = register_now()
    chosen = _chosen(people, request.POST)
    form = MatchForm(people, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            match_account(
                chosen,
                kind=MatchKind(given["kind"]),
                email=given["email"],
                reason=given["reason"],
                by=account_of(request),
            )
        except AssayError as error:
            form.add_error(None, str(error))
        else:
            return redirect("matching")
    return _page(request, people, chosen, form)


@asks(May.MANAGE_PEOPLE)
@require_POST
def unmatch(request: HttpRequest, number: int) -> HttpResponse:
    undo_match(get_object_or_404(AccountMatch, pk=number), by=account_of(request))
    return redirect("matching")


def _page(request: HttpRequest, people: Register, chosen: Held | None, form: MatchForm) -> HttpResponse:
    context = {
        "chosen": chosen,
        "form": form,
        "may_manage": allowed(account_of(request), May.MANAGE_PEOPLE),
        "people": people,
        "said": _said(people),
    }
    return render(request, "workspace/people/matching.html", context)


def _said(people: Register) -> list[Held]:
    """Give the accounts of which a person said something."""
    own = [one for worker in people.workers for one in worker.accounts if one.said is not None]
    return sorted([*own, *people.nobodys], key=lambda one: (one.system, one.name))


def _chosen(people: Register, given: Any) -> Held:
    system, name = given.get("system", ""), given.get("name", "")
    found = next((one for one in people.unmatched if (one.system, one.name) == (system, name)), None)
    if found is None:
        raise Http404
    return found


def _row(one: Held) -> tuple[object, ...]:
    return (
        one.system,
        one.name,
        one.active,
        one.kind or "nobody's",
        one.email if one.kind else "",
        one.reason,
    )
