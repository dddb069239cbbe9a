"""One's own account: ways to sign in, and where one is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assay_web.access import May, account_of, asks
from assay_web.services.accounts import end_other_sessions


@dataclass(frozen=True, slots=True)
class _Factor:
    id: int
    kind: str
    words: str
    made: datetime
    used: datetime | None


@asks(May.OWN_PAGE)
@require_safe
def own_account(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    factors = [_factor(one) for one in Authenticator.objects.filter(user=account).order_by("created_at")]
    return render(
        request,
        "people/own_account.html",
        {
            "factors": factors,
            "has_app": any(one.kind == Authenticator.Type.TOTP for one in factors),
            "sessions": UserSession.objects.purge_and_list(account),
        },
    )


@asks(May.SIGNED_IN)
@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    return render(request, "people/second_factor.html")


@asks(May.OWN_PAGE)
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    end_other_sessions(account)
    account.refresh_from_db()
    update_session_auth_hash(request, account)
    return redirect("mfa_index")


def _factor(one: Authenticator) -> _Factor:
    match one.type:
        case Authenticator.Type.WEBAUTHN:
            words = f"Passkey “{one.wrap().name}”"
        case Authenticator.Type.TOTP:
            words = "Authenticator app"
        case _:
            words = "Recovery codes"
    return _Factor(one.pk, one.type, words, one.created_at, one.last_used_at)
