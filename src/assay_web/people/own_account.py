"""One's own account: ways to sign in, and where one is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assay_web.access import May, account_of, asks
from assay_web.people.credentials import keep_this_session
from assay_web.queries.openid import linked_since, provider
from assay_web.services.accounts import end_other_sessions
from assay_web.services.sessions import end_session, signed_in


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
            "linked": linked_since(account),
            "provider": provider(),
            "has_app": any(one.kind == Authenticator.Type.TOTP for one in factors),
            "sessions": [
                (one, _browser(one.agent), ", ".join(_WAYS.get(way, way) for way in one.by))
                for one in signed_in(account, request.session.session_key)
            ],
        },
    )


@asks(May.SIGNED_IN)
@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    return render(request, "people/second_factor.html")


@asks(May.OWN_PAGE)
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one session, or with none named every other one."""
    account = account_of(request)
    one = request.POST.get("session", "")
    if one.isdecimal() and len(one) < 19:
        end_session(account, int(one))
        messages.success(request, "That device was signed out.")
    else:
        end_other_sessions(account)
        keep_this_session(request, account)
        messages.success(request, "Every other device was signed out.")
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


_WAYS = {
    "openid": "identity provider",
    "password": "password",
    "recovery_codes": "recovery code",
    "totp": "code",
    "webauthn": "passkey",
}
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def _browser(agent: str) -> str:
    """Say in words what a browser calls itself; what is none of the known ones is quoted as it is."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), None)
    system = next((name for mark, name in _SYSTEMS if mark in agent), None)
    if browser is None:
        return agent[:60] or "A program without a name"
    return f"{browser} on {system}" if system else browser
