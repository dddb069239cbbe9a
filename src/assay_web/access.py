"""Who may do what. Every view says what it asks for; a view that says nothing is refused to everyone (default deny).

Roles give permissions here and nowhere else. What a person may not see answers 404 where the thing's being there would tell something, 403 where
the person knows the place and lacks the right.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse

from assay.errors import AssayError
from assay_web.records.accounts import REAL_FACTORS, Account, Role

CONFLICT = 409
FACTOR_BY_PROVIDER = "factor_by_provider"
"""What a session holds that was signed in by a provider whose second factor counts; whoever changes that ends such sessions."""
METHODS = ("GET", "HEAD", "POST")
"""What pages are asked by."""
View = TypeVar("View", bound=Callable[..., Any])


class May(StrEnum):
    """What an account can be allowed to do."""

    ANYONE = "anyone"  # also who is not signed in
    SIGNED_IN = "signed_in"  # also before a second factor is there
    OWN_PAGE = "own_page"
    READ_PROGRAMME = "read_programme"
    SEE_PEOPLE = "see_people"  # by name, where an item is a person's
    READ_ACTIVITY = "read_activity"
    ADD_EVIDENCE = "add_evidence"
    COLLECT = "collect"
    CONNECT_SOURCES = "connect_sources"
    DO_TASKS = "do_tasks"
    ASK_ACCEPTANCE = "ask_acceptance"
    APPROVE_ACCEPTANCE = "approve_acceptance"  # of what another asked for
    SET_SCOPE = "set_scope"
    REVIEW_LINES = "review_lines"  # of an access review, those that were given to one
    RUN_REVIEWS = "run_reviews"  # access reviews: start, give to others, sign off
    REVIEW_VENDORS = "review_vendors"  # and write down their reports
    MANAGE_VENDORS = "manage_vendors"  # the register, and leaving one
    MANAGE_PEOPLE = "manage_people"  # the register, courses, checklists, whose an account is
    CHOOSE_AUDITOR = "choose_auditor"  # firms and their offers, the budget, the request for proposal
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_OWNERS = "manage_owners"
    ERASE_PEOPLE = "erase_people"  # and holds, and purging what is due


_EVERYONE = frozenset({May.ANYONE, May.SIGNED_IN, May.OWN_PAGE})
_READER = _EVERYONE | {May.READ_PROGRAMME}
_REVIEWER = frozenset({May.REVIEW_LINES})
_ENGINEER = (
    _READER
    | _REVIEWER
    | {May.SEE_PEOPLE, May.ADD_EVIDENCE, May.COLLECT, May.CONNECT_SOURCES, May.DO_TASKS, May.REVIEW_VENDORS}
)
_LEAD = _ENGINEER | {
    May.READ_ACTIVITY,
    May.SET_SCOPE,
    May.RUN_REVIEWS,
    May.MANAGE_PEOPLE,
    May.MANAGE_VENDORS,
    May.ASK_ACCEPTANCE,
    May.CHOOSE_AUDITOR,
    May.MANAGE_ACCOUNTS,
}

PERMISSIONS: dict[Role, frozenset[May]] = {
    Role.OWNER: _LEAD | {May.APPROVE_ACCEPTANCE, May.MANAGE_OWNERS, May.ERASE_PEOPLE},
    Role.LEAD: _LEAD,
    Role.ENGINEER: _ENGINEER,
    Role.READER: _READER | _REVIEWER,
    Role.WORKER: _EVERYONE | _REVIEWER,
    Role.AUDITOR: _READER | {May.READ_ACTIVITY},
    Role.ADVISER: _READER
    | _REVIEWER
    | {May.APPROVE_ACCEPTANCE},  # from outside: approves, and changes nothing
}


def asks(permission: May) -> Callable[[View], View]:
    """Say what a view asks for. Written above every view; the middleware refuses any without."""

    def mark(view: View) -> View:
        view.asks = permission  # type: ignore[attr-defined]
        return view

    return mark


def allowed(account: Account, permission: May) -> bool:
    """Tell whether an account may do something."""
    return permission in PERMISSIONS[Role(account.role)]


class AccessMiddleware:
    """Stands before every view: who asks, whether that is allowed, and whether a second factor is still to be set up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Say what the domain or a service refused in its own sentence, where no page has said it beside a field."""
        if not isinstance(error, AssayError):
            return None
        context = {"says": str(error), "title": "This could not be done"}
        return render(request, "error.html", context, status=CONFLICT)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: object, kwargs: object
    ) -> HttpResponse | None:
        """0. Methods that no page takes. 1. A view without a word is refused. 2. Open ones pass. 3. Sign in first. 4. A second factor first. 5. The role decides."""
        if request.method not in METHODS:  # 0
            return HttpResponseNotAllowed(METHODS)
        permission = getattr(view, "asks", None)
        if permission is None:
            raise PermissionDenied  # 1
        account = request.user
        if isinstance(account, Account) and not account.is_active:
            logout(request)
            account = request.user
        if permission is May.ANYONE:  # 2
            return None
        if not isinstance(account, Account):  # 3
            return _sign_in_first(request)
        if permission is May.SIGNED_IN:
            return None
        if _lacks_second_factor(request, account):  # 4
            return redirect("second_factor")
        if not allowed(account, permission):  # 5
            raise PermissionDenied
        return None


def _lacks_second_factor(request: HttpRequest, account: Account) -> bool:
    if not account.needs_second_factor or is_mfa_enabled(account, types=list(REAL_FACTORS)):
        return False
    return request.session.get(FACTOR_BY_PROVIDER) is not True


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page, which comes back; what is no page to come back to gets a plain refusal."""
    if request.method not in {"GET", "HEAD"}:
        raise PermissionDenied
    there = "" if request.path == "/" else "?" + urlencode({"next": request.get_full_path()})
    return redirect(reverse("account_login") + there)


def account_of(request: HttpRequest) -> Account:
    """Give who is signed in; for views that ask for more than May.ANYONE."""
    if not isinstance(request.user, Account):
        raise PermissionDenied
    return request.user
