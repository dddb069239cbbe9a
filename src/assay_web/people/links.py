"""One-time links: the first owner's, an invitation's, and the one for a lost password or second factor."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from assay.errors import AssayError
from assay_web.access import May, asks
from assay_web.people.forms import Focused
from assay_web.people.limits import limited
from assay_web.records.accounts import Account, OneTimeLink, Purpose
from assay_web.services import accounts

_WORDS = {
    Purpose.START: (
        "Begin",
        "You are the first here, and so the owner. Who are you, and how will you sign in?",
        "Make my account",
    ),
    Purpose.INVITATION: (
        "Welcome",
        "You were invited to Assay. Check your name and choose a password.",
        "Join",
    ),
    Purpose.RECOVERY: (
        "Start anew",
        "Choose a new password. Your second factors and sessions of before end; you set up a new second factor next.",
        "Set the password",
    ),
}


class _LinkForm(Focused):
    name = forms.CharField(label="Your name", max_length=120)
    email = forms.EmailField(label="Your e-mail address", max_length=254)
    password = forms.CharField(
        label="Password",
        max_length=1024,
        help_text="At least 12 characters; a few words are good.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def __init__(self, link: OneTimeLink, data: object = None) -> None:
        self._account = link.account
        super().__init__(data, initial={"name": link.account.name if link.account else ""})
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].widget.attrs["autocomplete"] = "username"
        if link.purpose != Purpose.START:
            del self.fields["email"]
        if link.purpose == Purpose.RECOVERY:
            del self.fields["name"]
        self._focus(next(iter(self.fields)))

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(
            password,
            self._account
            or Account(name=self.cleaned_data.get("name", ""), email=self.cleaned_data.get("email", "")),
        )
        return password


@asks(May.ANYONE)
@limited("link", reading=True)
@limited("link_used")
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a link is for; using it takes a form that is sent, so that a mail scanner that follows it uses nothing up."""
    found = accounts.open_link(token)
    if found is None:
        raise Http404
    purpose = Purpose(found.purpose)
    form = _LinkForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            account = _used(token, purpose, form.cleaned_data)
        except AssayError as error:
            form.add_error(None, str(error))
        else:
            login(request, account, backend="allauth.account.auth_backends.AuthenticationBackend")
            record_authentication(request, account, method="password", reauthenticated=True)
            return redirect("second_factor" if account.needs_second_factor else "home")
    title, says, verb = _WORDS[purpose]
    address = found.account.email if found.account else None
    return render(
        request,
        "people/link.html",
        {"form": form, "says": says, "title": title, "verb": verb, "address": address},
    )


def _used(token: str, purpose: Purpose, given: dict[str, str]) -> Account:
    match purpose:
        case Purpose.START:
            return accounts.make_first_owner(token, **given)
        case Purpose.INVITATION:
            return accounts.join(token, **given)
        case Purpose.RECOVERY:
            return accounts.recover(token, **given)
