"""The scope in words, its versions, and two of them compared."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay_web.access import May, asks


@asks(May.READ_PROGRAMME)
@require_safe
def scope(request: HttpRequest) -> HttpResponse:
    return render(request, "workspace/scope/scope.html", {})


@asks(May.READ_PROGRAMME)
@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    return render(request, "workspace/scope/scope.html", {})
