"""How often something that takes a credential can be tried. What allauth does not count itself is counted here, by the same means."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

LIMITS = {
    "link": "30/m/ip",
    "link_used": "10/m/ip",
    "token": "30/m/ip",
    "provider": "30/m/ip",
    "provider_back": "30/m/ip",
    "provider_failed": "10/m/ip",
}
"""Opening a one-time link, sending its form, sending a token that does not hold, going to the identity provider, coming back from it, and each of these that did not work."""
WAIT_SECONDS = 300


def limited(action: str, *, reading: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Count calls of a view, those that read too if asked; beyond the limit it answers 429."""

    def wrap(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not ratelimit.consume(request, app="assay", action=action, config=LIMITS, limit_get=reading):
                return too_many(request)
            return view(request, *args, **kwargs)

        return counted

    return wrap


def wrong_token(request: HttpRequest) -> bool:
    """Count a token that does not hold; gives whether the address has sent too many."""
    return failed(request, "token")


def failed(request: HttpRequest, action: str) -> bool:
    """Count a try that did not work; gives whether the address has made too many."""
    return not ratelimit.consume(request, app="assay", action=action, config=LIMITS, limit_get=True)


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer whoever tried too often: the same page for every way of signing in, whether or not there is such an account."""
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = str(WAIT_SECONDS)
    return response


def refuse(request: HttpRequest) -> None:
    """End a request from within a form with that answer. Raises ImmediateHttpResponse, which allauth's middleware answers."""
    raise ImmediateHttpResponse(too_many(request))
