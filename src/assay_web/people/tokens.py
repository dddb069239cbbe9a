"""Tokens for the programming interface, on the page of one's own account: made, shown once, revoked."""

from __future__ import annotations

from contextlib import suppress

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from assay_web.access import May, account_of, asks
from assay_web.queries.tokens import tokens_of
from assay_web.records.tokens import ApiToken, TokenScope
from assay_web.services.tokens import LONGEST_DAYS, TokenError, make_token, revoke_token


class TokenForm(forms.Form):
    """What a token is for."""

    name = forms.CharField(label="What it is for", max_length=80, help_text="Such as: nightly export.")
    scope = forms.ChoiceField(
        label="How far it goes",
        choices=TokenScope.choices,
        initial=TokenScope.READ,
        help_text="Never further than your own role.",
    )
    days = forms.IntegerField(
        label="It holds for so many days", min_value=1, max_value=LONGEST_DAYS, initial=90
    )


@asks(May.OWN_PAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list, and making one: its secret is on the page that answers, and nowhere else."""
    account, secret = account_of(request), ""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        _, secret = make_token(
            account, name=given["name"], scope=TokenScope(given["scope"]), days=given["days"]
        )
        form = TokenForm()
    answer = render(
        request, "people/tokens.html", {"form": form, "secret": secret, "tokens": tokens_of(account)}
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@asks(May.OWN_PAGE)
@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke one of one's own tokens."""
    account = account_of(request)
    found = get_object_or_404(ApiToken, pk=token_id, account=account)
    with suppress(TokenError):  # revoked in between, which is what was asked for
        revoke_token(found, by=account)
    return redirect("tokens")
