"""What may be a vendor and is not on the register; and subservice organizations with what they expect, as the description needs them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from assay_web.access import May, account_of, allowed, asks
from assay_web.exports import FORMS, exported
from assay_web.queries.vendor_discovery import Discovery, discover, suggestion
from assay_web.queries.vendor_sheet import (
    EXPECTED_HEADS,
    SUBSERVICE_HEADS,
    expected_rows,
    sheet,
    subservice_rows,
)
from assay_web.records.vendors import NotVendor
from assay_web.services import vendor_discovery as services
from assay_web.services.registers import LineMovedError
from assay_web.workspace.registers import version_of
from assay_web.workspace.vendor_forms import VendorForm


class DismissForm(forms.Form):
    why = forms.CharField(label="Not a vendor, because", max_length=400)


@asks(May.READ_PROGRAMME)
@require_safe
def vendors_found(request: HttpRequest) -> HttpResponse:
    """What something shows and the register lacks, and the other way round."""
    return _page(request, discover())


def _page(request: HttpRequest, found: Discovery, error: str = "") -> HttpResponse:
    context = {
        "error": error,
        "found": found,
        "may_change": allowed(account_of(request), May.MANAGE_VENDORS),
    }
    return render(request, "workspace/vendors/found.html", context)


@asks(May.MANAGE_VENDORS)
@require_POST
def decide_found(request: HttpRequest) -> HttpResponse:
    """Add what was found as it is begun, or say that it is no vendor."""
    found = suggestion(request.POST.get("key", ""))
    if found is None:
        raise Http404
    by = account_of(request)
    if request.POST.get("deed") == "add":
        form = VendorForm(_typed(found.begun))
        if not form.is_valid():
            return redirect(f"{_add_address(found.begun)}")
        return redirect("vendors_line", number=services.add_found(found, form.says(), by=by).pk)
    dismissal = DismissForm(request.POST)
    if not dismissal.is_valid():
        return _page(request, discover(), f"Say why {found.name} is no vendor, in at most 400 characters.")
    services.dismiss(found, dismissal.cleaned_data["why"], by=by)
    return redirect("vendors_found")


def _typed(begun: dict[str, str | list[str]]) -> dict[str, Any]:
    """Give what one would type to add what was begun; what nobody said yet has a word that says so."""
    return {"access": "none", "bond": "vendor", "does": "Not said yet", **begun}


def _add_address(begun: dict[str, str | list[str]]) -> str:
    from urllib.parse import urlencode

    from django.urls import reverse

    return f"{reverse('vendors_add')}?{urlencode(begun, doseq=True)}"


@asks(May.MANAGE_VENDORS)
@require_POST
def ask_again(request: HttpRequest, number: int) -> HttpResponse:
    """Let something be suggested again that was said to be no vendor."""
    dismissed = get_object_or_404(NotVendor, pk=number, ended__isnull=True)
    try:
        services.ask_again(dismissed, version=version_of(request), by=account_of(request))
    except LineMovedError as moved:
        return _page(request, discover(), str(moved))
    return redirect("vendors_found")


@asks(May.READ_PROGRAMME)
@require_safe
def subservice_sheet(request: HttpRequest) -> HttpResponse:
    """Subservice organizations with their method and expected controls, and the user controls that reports expect, with ours."""
    found = sheet()
    if (form := request.GET.get("export")) in FORMS:
        if request.GET.get("of") == "expected":
            return exported("user-controls", form, EXPECTED_HEADS, expected_rows(found))
        return exported("subservice-organizations", form, SUBSERVICE_HEADS, subservice_rows(found))
    return render(request, "workspace/vendors/sheet.html", {"sheet": found})
