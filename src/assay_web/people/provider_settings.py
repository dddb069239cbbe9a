"""How people sign in by the company's identity provider: the owner's page, with a try that says what is wrong."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assay.errors import AssayError
from assay_web.access import FACTOR_BY_PROVIDER, May, account_of, asks
from assay_web.openid.provider import checked_issuer
from assay_web.openid.remembered import asked_anew, waiting
from assay_web.people.credentials import keep_this_session
from assay_web.people.provider_sign_in import address_back
from assay_web.queries.openid import client_of, has_secret
from assay_web.queries.openid import provider as kept_provider
from assay_web.queries.registers import history
from assay_web.records.openid import Provider
from assay_web.services.openid import set_provider
from assay_web.services.registers import LineMovedError

_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
MOST_DOMAINS = 20
TRY = "try"


class ProviderForm(forms.Form):
    """What the owner says of a provider. The secret is never shown again; leaving it empty keeps the one that is there."""

    version = forms.IntegerField(required=False, min_value=0, max_value=10**9, widget=forms.HiddenInput)
    label = forms.CharField(
        label="Name on the button",
        max_length=40,
        help_text="“Sign in with …”: your provider’s or your company’s name.",
    )
    issuer = forms.CharField(
        label="Issuer",
        max_length=400,
        help_text="Exactly as the provider’s own description says it, such as https://accounts.google.com.",
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    client_id = forms.CharField(
        label="Client ID", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    secret = forms.CharField(
        label="Client secret",
        required=False,
        max_length=500,
        help_text="It is kept sealed and never shown again. Leave it empty to keep the one that is there; another issuer needs it anew.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    domains = forms.CharField(
        label="E-mail domains",
        max_length=1_000,
        help_text="Only people whose verified address is in one of these. Several are separated by blanks.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    inside = forms.BooleanField(
        label="The provider is in our own network: it may have a private address", required=False
    )
    factor_counts = forms.BooleanField(
        label="The provider asks for a second factor, and that counts here", required=False
    )
    enabled = forms.BooleanField(label="People can sign in this way", required=False)

    def __init__(self, line: Provider | None, data: Any = None) -> None:
        first = {name: getattr(line or Provider(), name) for name in Provider.SAYS}
        super().__init__(data, initial={**first, "domains": " ".join(first["domains"])})
        self._line = line

    def clean_client_id(self) -> str:
        return _plain(self.cleaned_data["client_id"])

    def clean_secret(self) -> str:
        return _plain(self.cleaned_data["secret"])

    def clean_domains(self) -> list[str]:
        found = sorted({one.lower() for one in self.cleaned_data["domains"].replace(",", " ").split()})
        wrong = next((one for one in found if len(one) > 253 or not _DOMAIN.fullmatch(one)), None)
        if wrong is not None:
            raise forms.ValidationError(
                f"“{wrong}” is no domain. Write what stands behind the @, such as example.com; international ones in their xn-- form."
            )
        if len(found) > MOST_DOMAINS:
            raise forms.ValidationError(f"{MOST_DOMAINS} domains are the most.")
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        issuer = given.get("issuer")
        if issuer:
            try:
                checked_issuer(issuer, given.get("inside", False))
            except AssayError as error:
                self.add_error("issuer", str(error))
        before = (self._line.issuer, self._line.inside) if self._line and has_secret() else None
        if "secret" in given and not given["secret"] and before != (issuer, given.get("inside")):
            self.add_error(
                "secret",
                "Give the client secret: it is kept for one issuer alone, and there is none for this one.",
            )
        return given

    def says(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in Provider.SAYS}


def _plain(text: str) -> str:
    if not text.isascii() or not text.isprintable() or " " in text:
        raise forms.ValidationError("This holds a blank or a letter that it cannot have. Copy it once more.")
    return text


@asks(May.MANAGE_OWNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def provider(request: HttpRequest) -> HttpResponse:
    """What is set up; a POST keeps it, or tries what is kept."""
    line = kept_provider()
    tries = request.method == "POST" and request.POST.get("deed") == TRY
    form = ProviderForm(line, request.POST if request.method == "POST" and not tries else None)
    context: dict[str, Any] = _tried(line) if tries and line else {}
    if form.is_bound and form.is_valid():
        try:
            set_provider(
                form.says(),
                form.cleaned_data["secret"] or None,
                version=form.cleaned_data["version"] or 0,
                by=account_of(request),
            )
        except LineMovedError:
            context["error"] = (
                "Someone else changed this since you opened the page. Theirs stands; yours is still in the form, the secret left out."
            )
            line = kept_provider()
        else:
            if not request.session.get(
                FACTOR_BY_PROVIDER
            ):  # a session of the provider's ends with the others
                keep_this_session(request, account_of(request))
            return redirect("provider")
    labels = {name: str(field.label) for name, field in form.fields.items()}
    shown = {
        "back": address_back(),
        "form": form,
        "history": history(line) if line else [],
        "labels": labels,
        "line": line,
    }
    return render(request, "people/provider.html", {**shown, **context})


def _tried(line: Provider) -> dict[str, str]:
    """Ask the provider what it is and for its keys, within seconds, and say how that went."""
    try:
        client = client_of(line)
        with waiting():
            keys = asked_anew(client)
    except AssayError as error:
        return {"error": f"The try did not work. {error}"}
    return {
        "said": f"The provider answers as it should, and signs with {len(keys)} key{'s' if len(keys) != 1 else ''}. Whether it takes the client ID and secret shows when somebody signs in."
    }
