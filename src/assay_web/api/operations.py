"""How an operation is written: by what it asks for. One that says nothing cannot be written.

A token gives who asks. What it may do is what its account may, as far as the token's scope goes. A request that changes something can name itself by
`Idempotency-Key`: sent again, it is answered as before and does nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.decorators import decorate_view
from ninja.errors import HttpError
from ninja.security import HttpBearer

from assay_web.access import PERMISSIONS, May
from assay_web.api.problems import PROBLEMS, TITLES
from assay_web.home import current_home
from assay_web.page.errors import problem
from assay_web.people.limits import wrong_token
from assay_web.queries.tokens import answer_to, token_of
from assay_web.records.accounts import Account, Role
from assay_web.records.tokens import ApiToken, TokenScope
from assay_web.services.tokens import keep_answer, was_used

F = TypeVar("F", bound=Callable[..., Any])
KEY = "Idempotency-Key"
LONGEST_KEY = 120

_READING = frozenset({May.READ_PROGRAMME, May.SEE_PEOPLE, May.READ_ACTIVITY, May.OWN_PAGE})
_WORKING = _READING | {May.ADD_EVIDENCE, May.COLLECT, May.DO_TASKS, May.ASK_ACCEPTANCE}
SCOPES: dict[str, frozenset[May]] = {
    TokenScope.READ: _READING,
    TokenScope.WORK: _WORKING,
    TokenScope.MANAGE: frozenset(May),
}
"""What a token may do at most."""


class Bearer(HttpBearer):
    """Takes tokens that hold and may do what an operation asks for."""

    def __init__(self, may: May) -> None:
        self._may = may
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """1. The token, which the wrapper of changing operations may have found before. 2. The account's role. 3. The scope."""
        found = bearer_of(request)
        if found is None:
            if wrong_token(request):
                raise HttpError(429, "Too many tokens that do not hold came from here. Wait five minutes.")
            return None
        if self._may not in PERMISSIONS[Role(found.account.role)] or self._may not in SCOPES[found.scope]:
            raise HttpError(403, f"This token may not do that: it needs the right “{self._may.value}”.")
        was_used(found)
        return found


def bearer_of(request: HttpRequest) -> ApiToken | None:
    """Give the token that a request was sent with, where it holds."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer":
        return None
    found = token_of(secret.strip())
    return found if found is not None and found.holds else None


def who(request: HttpRequest) -> Account:
    """Give the account that a request stands for."""
    return request.auth.account  # type: ignore[attr-defined,no-any-return]


def may(request: HttpRequest, permission: May) -> bool:
    """Tell whether a request may see or do something more than its operation asks for."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    return permission in PERMISSIONS[Role(token.account.role)] and permission in SCOPES[token.scope]


class Operations:
    """The operations of one part of the interface."""

    def __init__(self, tag: str) -> None:
        self.router = Router(tags=[tag])

    def get(self, path: str, asks: May, gives: Any, **more: Any) -> Callable[[F], F]:
        """Write an operation that reads."""
        return self.router.get(path, auth=Bearer(asks), response={200: gives, **PROBLEMS}, **more)

    def post(self, path: str, asks: May, gives: Any, *, made: bool = False, **more: Any) -> Callable[[F], F]:
        """Write an operation that changes something; `made` says that it makes a new thing (201)."""
        register = self.router.post(
            path,
            auth=Bearer(asks),
            response={201 if made else 200: gives, **PROBLEMS},
            openapi_extra=_KEY_PARAMETER,
            **more,
        )

        def write(function: F) -> F:
            return register(decorate_view(once)(function))

        return write


_KEY_PARAMETER = {
    "parameters": [
        {
            "in": "header",
            "name": KEY,
            "required": False,
            "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
            "description": "Names this request. Sent again with the same key within a day, it is answered as before and does nothing.",
        }
    ]
}


def once(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a request with a key have one effect: what it does and its answer are kept in one transaction; what is answered with an error did nothing."""

    def running(request: HttpRequest, **given: Any) -> HttpResponse:
        key = request.headers.get(KEY, "")
        token = bearer_of(request) if key else None
        if token is None:
            return run(request, **given)
        current_home()  # opened before any transaction, because opening it writes
        said = _digest(request)
        with transaction.atomic():
            type(token).objects.select_for_update().get(pk=token.pk)
            before = answer_to(token, key[:LONGEST_KEY])
            if before is None:
                answer = run(request, **given)
                if answer.status_code >= 400:
                    transaction.set_rollback(True)
                else:
                    keep_answer(token, key[:LONGEST_KEY], said, answer.status_code, answer.content)
                return answer
        if before.request != said:
            return problem(
                422,
                TITLES[422],
                f"The key “{key[:LONGEST_KEY]}” was used for another request. Draw a new one.",
            )
        return HttpResponse(bytes(before.content), status=before.status, content_type="application/json")

    return running


def _digest(request: HttpRequest) -> str:
    body = hashlib.sha256(request.body).hexdigest()
    return hashlib.sha256(f"{request.method}\n{request.get_full_path()}\n{body}".encode()).hexdigest()


def found_or_404(found: Any, what: str) -> Any:
    """Give what was found. Raises HttpError 404 where it was not."""
    if found is None:
        raise HttpError(404, f"There is no such {what} here.")
    return found
