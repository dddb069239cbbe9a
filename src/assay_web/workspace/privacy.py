"""Privacy: finding and erasing a person, holds, and what is kept for how long. For owners alone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assay.errors import AssayError
from assay.home.holds import holds
from assay.home.person_search import Found, find_person
from assay.home.retention import Kept, days_kept, kept
from assay_web.access import May, account_of, asks
from assay_web.home import current_home
from assay_web.queries.people import names_of
from assay_web.services import privacy as services

MOST_WORDS = 12
PURGE = "purge"


class PersonForm(forms.Form):
    """Whom to look for."""

    person = forms.CharField(label="Who", max_length=254, help_text="As lists name them: an e-mail address.")
    also = forms.CharField(
        label="Further words that name them",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line: the name, log-ins, the number in the personnel list. Texts are searched for these whole words.",
    )

    def clean_also(self) -> tuple[str, ...]:
        words = tuple(one.strip() for one in self.cleaned_data["also"].splitlines() if one.strip())
        if len(words) > MOST_WORDS:
            raise forms.ValidationError(f"Give {MOST_WORDS} words at most.")
        return words

    def found(self) -> Found:
        return find_person(current_home(), self.cleaned_data["person"], self.cleaned_data["also"])


class EraseForm(PersonForm):
    """What is needed to erase them: why, and the person typed again."""

    basis = forms.CharField(
        label="Why",
        max_length=400,
        help_text="The request or the law, as the ledger will say for good. Name nobody.",
    )
    again = forms.CharField(
        label="Type the person again",
        max_length=254,
        help_text="It cannot be undone. Everyone signs in anew afterwards.",
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("again") and given.get("again") != given.get("person"):
            self.add_error("again", "This is not whom you looked for.")
        return given


class HoldForm(forms.Form):
    """What is not to be erased or purged, and why."""

    reason = forms.CharField(
        label="Why", max_length=400, help_text="The proceeding, the request, the letter. Name nobody."
    )
    person = forms.CharField(
        label="Over whom",
        required=False,
        max_length=254,
        help_text="An e-mail address; left empty where it is over a time or everything.",
    )
    first = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label="Up to", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (given.get("first") is None) is not (given.get("last") is None):
            self.add_error("last", "Give both days, or none.")
        return given


@asks(May.ERASE_PEOPLE)
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show all three; with `?due` also what is due, which takes reading through the evidence."""
    return _page(request, due="due" in request.GET)


@asks(May.ERASE_PEOPLE)
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Show where a person stands: sent, not asked by address, so that no log keeps whom somebody looked for."""
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _page(request, person=form)
    try:
        found = form.found()
    except AssayError as error:
        form.add_error(None, str(error))
        return _page(request, person=form)
    asked = {"person": form.cleaned_data["person"], "also": "\n".join(form.cleaned_data["also"])}
    return _preview(request, found, EraseForm(initial=asked))


@asks(May.ERASE_PEOPLE)
@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """Erase the person who was found. The one who did it is signed out too: every session ended."""
    form = EraseForm(request.POST)
    looked_for = PersonForm(request.POST)
    if not looked_for.is_valid():
        return _page(request, person=looked_for)
    try:
        found = looked_for.found()
        if not form.is_valid():
            return _preview(request, found, form)
        files = [entry for entry in found.unsearched if str(entry) in request.POST.getlist("file")]
        done = services.erase(found, by=account_of(request), basis=form.cleaned_data["basis"], files_of=files)
    except AssayError as error:
        looked_for.add_error(None, str(error))
        return _page(request, person=looked_for)
    logout(request)
    return render(request, "workspace/privacy/erased.html", {"done": done, "by_hand": found.by_hand})


@asks(May.ERASE_PEOPLE)
@require_POST
def place_hold(request: HttpRequest) -> HttpResponse:
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _page(request, hold=form)
    given = form.cleaned_data
    period = (given["first"], given["last"]) if given["first"] and given["last"] else None
    try:
        services.place_hold(
            by=account_of(request), reason=given["reason"], person=given["person"] or None, period=period
        )
    except AssayError as error:
        form.add_error(None, str(error))
        return _page(request, hold=form)
    messages.success(request, "The hold is in force. Nothing that it is over is erased or purged.")
    return redirect("privacy")


@asks(May.ERASE_PEOPLE)
@require_POST
def lift_hold(request: HttpRequest, hold_id: str) -> HttpResponse:
    if hold_id not in {one.id for one in holds(current_home())}:
        raise Http404
    services.lift_hold(hold_id, by=account_of(request))
    messages.success(request, "The hold is lifted.")
    return redirect("privacy")


@asks(May.ERASE_PEOPLE)
@require_POST
def purge(request: HttpRequest) -> HttpResponse:
    """Purge what is due, once the word was typed."""
    if request.POST.get("word", "").strip().lower() != PURGE:
        return _page(request, due=True, purge_error=f"Type the word {PURGE}: what goes cannot be had back.")
    done = services.purge(by=account_of(request))
    count = sum(done.values())
    messages.success(request, f"Purged {count} of what was due." if count else "Nothing was due.")
    return redirect("privacy")


def _page(
    request: HttpRequest,
    person: forms.Form | None = None,
    hold: forms.Form | None = None,
    *,
    due: bool = False,
    purge_error: str = "",
) -> HttpResponse:
    home = current_home()
    in_force = holds(home)
    classes = kept(home) if due else [Kept(one, days, (), ()) for one, days in days_kept(home)]
    names = names_of({one.by for one in in_force})
    context = {
        "classes": classes,
        "due": sum(len(one.due) for one in classes),
        "looked": due,
        "hold_form": hold or HoldForm(),
        "holds": [(one, names.get(one.by, one.by)) for one in in_force],
        "person_form": person or PersonForm(),
        "purge_error": purge_error,
    }
    return render(request, "workspace/privacy/privacy.html", context)


def _preview(request: HttpRequest, found: Found, form: EraseForm) -> HttpResponse:
    for name in ("person", "also"):
        form.fields[name].widget = forms.HiddenInput()
    context = {"found": found, "form": form, "said": found.to_json(), "suggested": sorted(found.suggested)}
    return render(request, "workspace/privacy/preview.html", context)
