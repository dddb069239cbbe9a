"""The reports of vendors: what each speaks for, its exceptions with our judgement, and what it expects of us, mapped to controls of ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from assay.errors import AssayError
from assay_web.access import May, account_of, allowed, asks
from assay_web.queries.vendors import assurance_of, open_points
from assay_web.records.vendors import Bearing, ExpectedControl, VendorException, VendorReport
from assay_web.services import registers as services
from assay_web.workspace.register_forms import IdsField, LongField
from assay_web.workspace.registers import Register, found_line, line_page, version_of
from assay_web.workspace.vendor_forms import ReportForm

MOST_POINTS, LONGEST_POINT = 200, 2_000


class PointsForm(forms.Form):
    """Exceptions, or what is expected, one a line."""

    lines = LongField(label="One a line", rows=4, max_length=100_000)

    def clean_lines(self) -> list[str]:
        lines = [one.strip() for one in self.cleaned_data["lines"].splitlines() if one.strip()]
        if len(lines) > MOST_POINTS or any(len(one) > LONGEST_POINT for one in lines):
            raise forms.ValidationError("At most 200 lines of at most 2,000 characters at a time.")
        return lines


class ExceptionForm(forms.Form):
    """An exception, and what it means for us."""

    text = LongField(label="As the report notes it", rows=2, max_length=LONGEST_POINT)
    bearing = forms.ChoiceField(
        label="What it means for us", choices=[("", "Not judged yet"), *Bearing.choices], required=False
    )
    judgement = LongField(label="Because", rows=2, max_length=2_000, required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("bearing") and not given.get("judgement"):
            self.add_error("judgement", "Say why it bears on us, or does not.")
        return given


class ExpectedForm(forms.Form):
    """What a report expects of its customers, and which control of ours does it."""

    text = LongField(label="As the report says it", rows=2, max_length=LONGEST_POINT)
    controls = IdsField(
        among="controls", label="Controls of ours that do it", help_text="Ids with commas, such as IAM-07."
    )
    not_relevant = forms.CharField(label="Or: not relevant to us, because", required=False, max_length=400)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("controls") and given.get("not_relevant"):
            self.add_error("not_relevant", "Name controls, or say why it is not relevant; not both.")
        return given


_KINDS: dict[
    str, tuple[type[VendorException] | type[ExpectedControl], type[ExceptionForm] | type[ExpectedForm]]
] = {
    "exceptions": (VendorException, ExceptionForm),
    "expected": (ExpectedControl, ExpectedForm),
}


def _prepare(every: Sequence[Any]) -> None:
    today = timezone.localdate()
    for one in every:
        one.assurance = assurance_of(one)
        one.points = open_points(one)
        one.gap = one.assurance.gap_days(today)


def _showing(request: HttpRequest, report: VendorReport) -> dict[str, Any]:
    assurance, today = assurance_of(report), timezone.localdate()
    return {
        "elsewhere": ("vendor", "kind", "title", "none_excepted", "none_expected"),
        "exceptions": [
            (
                one,
                ExceptionForm(
                    initial={"text": one.text, "bearing": one.bearing, "judgement": one.judgement},
                    auto_id=f"x{one.pk}-%s",
                ),
            )
            for one in report.exceptions.all()
        ],
        "expected": [
            (
                one,
                ExpectedForm(
                    initial={
                        "text": one.text,
                        "controls": ", ".join(one.controls),
                        "not_relevant": one.not_relevant,
                    },
                    auto_id=f"c{one.pk}-%s",
                ),
            )
            for one in report.expected.all()
        ],
        "may_change": allowed(account_of(request), May.REVIEW_VENDORS),
        "points": open_points(report),
        "remarks": assurance.remarks(today),
        "says": assurance.says(today),
        "title": f"{report.name} of {report.vendor.name}",
        "vendor": report.vendor,
    }


REPORTS = Register(
    model=VendorReport,
    form=ReportForm,
    name="vendor_reports",
    one="report",
    many="reports",
    title="kind",
    columns=("issuer", "ends"),
    dek="Reports and certificates that vendors handed over, as their readers wrote them down. What a report says of its vendor is its issuer’s word.",
    empty="Begin with the report of the cloud host: most vendors hand it over from a portal, under an NDA.",
    writes=May.REVIEW_VENDORS,
    end="Set it aside",
    end_hint="It stays on record and no longer speaks for the vendor.",
    headings={"ends": "last day", "starts": "first day", "below": "subservice organizations"},
    filters={
        "not judged": lambda one: bool(one.points),  # type: ignore[attr-defined]  # set by _prepare
        "nothing speaks for today": lambda one: bool(one.gap),  # type: ignore[attr-defined]  # set by _prepare
    },
    prepare=_prepare,
    showing=_showing,
    row_template="workspace/vendors/report_row.html",
    list_template="workspace/vendors/reports.html",
    show_template="workspace/vendors/report.html",
)


@asks(May.REVIEW_VENDORS)
@require_POST
def add_points(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """Write down exceptions, or what is expected: one act, however many."""
    report = _open_report(number)
    if kind not in _KINDS:
        raise Http404
    form = PointsForm(request.POST)
    if not form.is_valid():
        return line_page(request, REPORTS, report, error="Write at least one line. " + _said(form))
    rows = [{"report": report, "text": one} for one in form.cleaned_data["lines"]]
    services.import_lines(_KINDS[kind][0], rows, by=account_of(request))
    return redirect("vendor_reports_line", number=number)


@asks(May.REVIEW_VENDORS)
@require_POST
def judge_point(request: HttpRequest, number: int, kind: str, point: int) -> HttpResponse:
    """Judge an exception, or map what is expected. Where somebody was faster, theirs stands on the page and yours is said above it."""
    report = _open_report(number)
    if kind not in _KINDS:
        raise Http404
    model, form_of = _KINDS[kind]
    found = model._default_manager.filter(report=report, pk=point, ended__isnull=True).first()
    if found is None:
        raise Http404
    form = form_of(request.POST)
    if not form.is_valid():
        return line_page(request, REPORTS, report, error=_said(form))
    try:
        services.change(found, form.cleaned_data, version=version_of(request), by=account_of(request))
    except AssayError as refused:
        typed = "; ".join(str(one) for one in form.cleaned_data.values() if one)
        return line_page(request, REPORTS, _open_report(number), error=f"{refused} You typed: {typed}")
    return redirect("vendor_reports_line", number=number)


def _open_report(number: int) -> VendorReport:
    report: VendorReport = found_line(REPORTS, number)
    if report.ended is not None:
        raise Http404
    return report


def _said(form: forms.Form) -> str:
    return " ".join(str(one) for errors in form.errors.values() for one in errors)
