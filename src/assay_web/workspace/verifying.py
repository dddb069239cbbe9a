"""How anyone checks what the pages say, without trusting this machine."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay.home import signer
from assay.home.publishing import published
from assay_web.access import May, asks
from assay_web.home import current_home


@asks(May.READ_PROGRAMME)
@require_safe
def verifying(request: HttpRequest) -> HttpResponse:
    home = current_home()
    signed = published(home)
    return render(
        request,
        "workspace/verifying.html",
        {"key": signer(home).key.text(), "note": signed.note.encode().decode() if signed else ""},
    )
