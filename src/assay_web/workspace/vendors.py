"""The register of vendors: its list with what is overdue, a vendor's page, and leaving one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from assay.audit.vendor_exit import EXIT_ASKS, EXIT_WORDS, ExitStep
from assay.audit.vendor_tier import METHOD
from assay.catalogue.questionnaires import Tier
from assay.errors import AssayError
from assay_web.access import May, account_of, allowed, asks
from assay_web.queries.people import names_of
from assay_web.queries.vendor_exit import access_shown
from assay_web.queries.vendors import DAYS_OF, kinds_in_words, open_points, see
from assay_web.records.vendors import Vendor
from assay_web.services import vendors as services
from assay_web.workspace.register_forms import LongField
from assay_web.workspace.registers import Register, found_line, line_page, version_of
from assay_web.workspace.vendor_forms import VendorForm


class StepForm(forms.Form):
    """What was done of a step of leaving, with the confirmation where there is one."""

    said = LongField(label="What was done", rows=2, max_length=1_000)
    file = forms.FileField(
        label="Confirmation", required=False, help_text="Kept byte for byte as evidence, up to 50 MB."
    )


class WhyForm(forms.Form):
    why = forms.CharField(label="Why", max_length=400)


def _prepare(every: Sequence[Any]) -> None:
    see(every)


def _listing(request: HttpRequest, every: Sequence[Any]) -> dict[str, Any]:
    holding = [one for one in every if one.ended is None]
    return {
        "high": sum(one.seen.tier is Tier.HIGH for one in holding),
        "overdue": sum(one.seen.is_overdue for one in holding),
        "unreported": sum(_lacks_report(one) for one in holding),
    }


def _showing(request: HttpRequest, vendor: Vendor) -> dict[str, Any]:
    see([vendor])
    shown = access_shown(vendor)
    may_review = allowed(account_of(request), May.REVIEW_VENDORS)
    done = {name: done["by"] for name, done in vendor.steps.items()}
    names = names_of(done.values())
    return {
        "days_of": DAYS_OF[vendor.seen.tier],
        "elsewhere": ("data_kinds", "set_tier", "why_tier"),
        "kinds": kinds_in_words(vendor.data_kinds),
        "may_review": may_review and vendor.ended is None,
        "method": METHOD,
        "reports": [(one, open_points(one)) for one in vendor.reports.all()],
        "reviews": list(vendor.reviews.all()),
        "shown": shown,
        "step_form": StepForm(),
        "steps": [
            (
                one,
                EXIT_WORDS[one],
                EXIT_ASKS[one],
                vendor.steps.get(one.value),
                names.get(done.get(one.value, ""), ""),
            )
            for one in ExitStep
        ],
        "steps_left": sum(one.value not in vendor.steps for one in ExitStep),
        "why_form": WhyForm(),
    }


def _lacks_report(vendor: Any) -> bool:
    return bool(vendor.seen.tier is Tier.HIGH and vendor.seen.report is None)


VENDORS = Register(
    model=Vendor,
    form=VendorForm,
    name="vendors",
    one="vendor",
    many="vendors",
    title="name",
    columns=("does", "data_kinds"),
    dek="Companies that do something for yours: what each holds and reaches, how much depends on it, who looks after it and when it was last reviewed.",
    empty="Begin with the companies you pay by card and those that hold customer data; the cloud host first. An owner or the compliance lead adds them.",
    writes=May.MANAGE_VENDORS,
    end="End it",
    headings={
        "does": "what it does",
        "stage": "state",
        "bond": "relation",
        "access": "production access",
        "set_tier": "own tier",
    },
    filters={
        "high tier": lambda one: _tier_is(one, Tier.HIGH),
        "medium": lambda one: _tier_is(one, Tier.MEDIUM),
        "low": lambda one: _tier_is(one, Tier.LOW),
        "review overdue": lambda one: bool(one.seen.is_overdue),  # type: ignore[attr-defined]  # set by _prepare
        "high without report": _lacks_report,
    },
    listing=_listing,
    showing=_showing,
    prepare=_prepare,
    finish=services.finish,
    row_template="workspace/vendors/row.html",
    list_template="workspace/vendors/list.html",
    show_template="workspace/vendors/vendor.html",
)


def _tier_is(one: Any, tier: Tier) -> bool:
    return bool(one.seen.tier is tier)


@asks(May.MANAGE_VENDORS)
@require_POST
def exit_vendor(request: HttpRequest, number: int) -> HttpResponse:
    """Begin to leave a vendor, stay after all, or say that a step is done."""
    vendor, by, version = found_line(VENDORS, number), account_of(request), version_of(request)
    deed = request.POST.get("deed", "")
    try:
        if deed in ("begin", "stop"):
            form = WhyForm(request.POST)
            if not form.is_valid():
                return line_page(request, VENDORS, vendor, error="Say why, in at most 400 characters.")
            do = services.begin_exit if deed == "begin" else services.stop_exit
            do(vendor, form.cleaned_data["why"], version=version, by=by)
        else:
            _do_step(request, vendor, deed, version)
    except AssayError as refused:
        return line_page(request, VENDORS, found_line(VENDORS, number), error=str(refused))
    return redirect("vendors_line", number=number)


def _do_step(request: HttpRequest, vendor: Vendor, deed: str, version: int) -> None:
    if deed not in set(ExitStep):
        raise Http404
    form = StepForm(request.POST, request.FILES)
    if not form.is_valid():
        raise services.VendorError("Say what was done, in at most 1,000 characters.")
    services.do_step(
        vendor,
        ExitStep(deed),
        form.cleaned_data["said"],
        version=version,
        by=account_of(request),
        file=form.cleaned_data["file"],
    )
