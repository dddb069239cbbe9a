"""Pages for what went wrong: what happened, and what to do now. They tell nothing about what is there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def refused_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from elsewhere, or the page was open since before signing in."""
    return _page(
        request,
        403,
        "This form has grown old",
        "Go back, load the page again, and send it once more. What you typed is still there when you go back.",
    )


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        403,
        "This is not yours to see",
        "Your role does not reach this page. If your work needs it, ask an owner or the compliance lead.",
    )


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        404,
        "There is nothing here",
        "The address may be mistyped, or what was here is gone. The search finds controls, checks, criteria and people.",
    )


def bad(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        400,
        "This could not be read",
        "The request was not in a form that this page takes. Go back and try again.",
    )


def broken(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        500,
        "Something broke here",
        "Nothing that was acknowledged is lost. Try again; if it stays, the log of `assay serve` says what happened.",
    )


def problem(status: int, title: str, detail: str) -> HttpResponse:
    """Answer a program instead of a person: RFC 9457."""
    content = {"status": status, "title": title, "detail": detail}
    return JsonResponse(content, status=status, content_type="application/problem+json")


def _page(request: HttpRequest, status: int, title: str, says: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem(status, title, says)
    return render(request, "error.html", {"title": title, "says": says}, status=status)
