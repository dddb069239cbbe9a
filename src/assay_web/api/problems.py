"""What the interface answers where something is wrong: RFC 9457, a sentence in `detail` that says what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from assay.errors import AssayError
from assay_web.page.errors import problem

TYPE = "application/problem+json"


class Problem(Schema):
    """What went wrong."""

    status: int
    title: str
    detail: str


TITLES = {
    400: "This cannot be read",
    401: "A token is needed",
    403: "This is not allowed",
    404: "There is no such thing",
    409: "This could not be done",
    413: "This is too large",
    422: "Something does not fit",
    429: "Too many",
}
PROBLEMS = {frozenset(TITLES): Problem}
"""The answers that every operation can give."""


def _answer(status: int, detail: str) -> HttpResponse:
    found = problem(status, TITLES[status], detail)
    if status == 401:
        found.headers["WWW-Authenticate"] = "Bearer"
    return found


def answer_problems(api: NinjaAPI) -> None:
    """Let the interface answer every kind of error so. What is none of these is a server error, which Django answers."""

    @api.exception_handler(AssayError)
    def refused(request: HttpRequest, error: AssayError) -> HttpResponse:
        return _answer(409, str(error))

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return _answer(401, "Send “Authorization: Bearer” with a token that holds.")

    @api.exception_handler(HttpError)
    def said(request: HttpRequest, error: HttpError) -> HttpResponse:
        return _answer(error.status_code, str(error))

    @api.exception_handler(ValidationError)
    def unfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
        found = "; ".join(f"{_place(one['loc'])}: {one['msg']}" for one in error.errors)
        return _answer(422, found)


def _place(parts: tuple[str | int, ...]) -> str:
    """Say where in a request something is: the field, without the names of our own parameters."""
    return ".".join(map(str, parts[2:] or parts[-1:]))
