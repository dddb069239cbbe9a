"""Signing in by the company's identity provider: away with what only this browser knows, back with an answer of which nothing is believed unchecked."""

from __future__ import annotations

import logging
import time
from contextlib import suppress

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assay.errors import AssayError
from assay_web.access import FACTOR_BY_PROVIDER, May, account_of, asks
from assay_web.openid import asking, remembered
from assay_web.openid.id_token import (
    Expected,
    Identity,
    identity_of,
    key_name,
    lacks_address,
    read_id_token,
    with_profile,
)
from assay_web.openid.provider import plain_reason, profile_of, redeem
from assay_web.openid.refusing import BeginAgainError
from assay_web.people.credentials import keep_this_session
from assay_web.people.limits import failed, limited, too_many
from assay_web.queries.openid import client_of, working_provider
from assay_web.records.accounts import Account
from assay_web.records.openid import Provider
from assay_web.services import openid as services
from assay_web.services.accounts import AccountError

BEGUN = "openid_begun"
NOT_HERE = "The identity provider knows you, but that opens no account here; ask whoever runs Assay at your company for one."
NO_ANSWER = "The identity provider gave no answer that could be used, so nobody was signed in; try again, or use another way."
_log = logging.getLogger("assay_web.openid")


def address_back() -> str:
    """Give where the provider sends people back to: what is registered there, to the letter."""
    return str(settings.ADDRESS.origin) + reverse("provider_back")


@asks(May.ANYONE)
@require_safe
@never_cache
@limited("provider", reading=True)
def start(request: HttpRequest) -> HttpResponse:
    """Begin: from our own page alone, so that no other site signs anybody in without their doing."""
    provider = _provider()
    if request.user.is_authenticated:
        return redirect("home")
    if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
        return redirect("account_login")
    there = request.GET.get("next", "")
    there = there if get_adapter().is_safe_url(there) else ""
    begun = asking.begin(provider.issuer, provider.client_id, there, time.time())
    try:
        with remembered.waiting():
            found = remembered.provider_of(client_of(provider))
    except AssayError as error:
        return _refused(request, error)
    request.session[BEGUN] = asking.kept_with(begun, request.session.get(BEGUN))
    return redirect(asking.address_to_ask(found, begun, address_back()))


@asks(May.ANYONE)
@require_safe
@never_cache
@limited("provider_back", reading=True)
def back(request: HttpRequest) -> HttpResponse:
    """Come back. 1. The answer belongs to a sign-in that this browser began, and is the first to it. 2. The provider says who it is. 3. That is an account."""
    provider = _provider()
    if request.user.is_authenticated:
        return redirect("home")
    try:
        begun = _begun(request, provider)  # 1
        identity = _identity(request, provider, begun)  # 2
    except AssayError as error:
        return _refused(request, error)
    account = services.account_for(identity)  # 3
    if account is None:
        return _sent_back(request, "no account that can be used", NOT_HERE)
    return _sign_in(request, account, begun, provider.factor_counts and not identity.by_password_alone)


@asks(May.OWN_PAGE)
@require_POST
def unlink(request: HttpRequest) -> HttpResponse:
    """End that the provider knows one's own account."""
    account = account_of(request)
    with suppress(AccountError):  # unlinked in between, which is what was asked for
        services.unlink(by=account, account=account)
        keep_this_session(request, account)
        messages.success(
            request,
            "Your account is not linked to the identity provider any more. Every other device was signed out.",
        )
    return redirect("mfa_index")


def _provider() -> Provider:
    found = working_provider()
    if found is None:
        raise Http404
    return found


def _begun(request: HttpRequest, provider: Provider) -> asking.Begun:
    """Take the sign-in that is answered out of the session: it is gone whatever becomes of the answer."""
    state = asking.one_value(dict(request.GET.lists()), "state") or ""
    begun, left = asking.taken_out(state, request.session.get(BEGUN), time.time())
    request.session[BEGUN] = left
    if remembered.spent(state):
        raise BeginAgainError("state", asking.NOT_BEGUN)
    if (begun.issuer, begun.client_id) != (provider.issuer, provider.client_id):
        raise BeginAgainError("provider of the state", asking.NOT_BEGUN)
    return begun


def _identity(request: HttpRequest, provider: Provider, begun: asking.Begun) -> Identity:
    """Give who the provider says it is. 1. The code. 2. Its token, read in full. 3. The profile, where the token leaves the address out and only then."""
    client = client_of(provider)
    expected = Expected(begun.issuer, begun.client_id, begun.nonce, begun.at, frozenset(provider.domains))
    with remembered.waiting():
        found = remembered.provider_of(client)
        code = asking.code_of(dict(request.GET.lists()), begun, names_itself=found.names_itself)  # 1
        tokens = redeem(client, found, code, begun.verifier, address_back())
        _, name = key_name(tokens.id_token)
        keys = remembered.keys_for(client, found, name)
        claims = read_id_token(tokens.id_token, keys, expected, time.time())  # 2
        if lacks_address(claims) and found.profile is not None:
            claims = with_profile(claims, profile_of(client, found, tokens))  # 3
    return identity_of(claims, expected)


def _sign_in(
    request: HttpRequest, account: Account, begun: asking.Begun, factor_counts: bool
) -> HttpResponse:
    """Sign in as a right password would: our own second factor is asked for next, unless the provider's counts."""
    clear_login(request)
    request.session.pop(BEGUN, None)
    login = Login(
        user=account, redirect_url=begun.there or None, state={"bound": account.get_session_auth_hash()}
    )
    if factor_counts:
        login.state["stages"] = {AuthenticateStage.key: {"handled": True}}
    record_authentication(request, account, method="openid")
    answer: HttpResponse = perform_login(request, login)
    if factor_counts and request.user == account:
        request.session[FACTOR_BY_PROVIDER] = True
    return answer


def _refused(request: HttpRequest, error: AssayError) -> HttpResponse:
    return _sent_back(
        request, plain_reason(error), str(error) if isinstance(error, BeginAgainError) else NO_ANSWER
    )


def _sent_back(request: HttpRequest, check: str, says: str) -> HttpResponse:
    """Say one sentence, and log which check it was: nothing of what was sent. Who fails too often waits."""
    _log.warning("Signing in by the identity provider was refused: %s.", check)
    if failed(request, "provider_failed"):
        return too_many(request)
    messages.error(request, says)
    return redirect("account_login")
