"""Reviewing a vendor: the questions of its tier, what it came to, and signing it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assay.catalogue.questionnaires import Questionnaire, Reply, questionnaire_for
from assay.errors import AssayError
from assay_web.access import May, account_of, asks
from assay_web.home import current_home
from assay_web.queries.vendors import open_points, see
from assay_web.records.vendors import Conclusion, Vendor, VendorReport, VendorReview
from assay_web.services import vendors as services
from assay_web.workspace.register_forms import DayField, LongField
from assay_web.workspace.registers import found_line, version_of
from assay_web.workspace.vendors import VENDORS

REPLIES = [
    (Reply.YES.value, "Yes"),
    (Reply.PARTLY.value, "Partly"),
    (Reply.NO.value, "No"),
    (Reply.NOT_KNOWN.value, "Not known"),
    (Reply.NOT_RELEVANT.value, "Not relevant"),
]
MOST_CONDITIONS, LONGEST_CONDITION = 10, 200


class ReviewForm(forms.Form):
    """The questions of a questionnaire, each with a note, and what the review came to."""

    report = forms.ChoiceField(label="Which report was read", required=False)
    starts = DayField(label="It looks at the days from")
    ends = DayField(label="to, both included")
    conclusion = forms.ChoiceField(
        label="What it came to", choices=Conclusion.choices, widget=forms.RadioSelect
    )
    says = LongField(
        label="In words",
        rows=3,
        max_length=2_000,
        help_text="What was looked at, and why this is the conclusion.",
    )
    conditions = LongField(
        label="Conditions",
        required=False,
        rows=3,
        help_text="One a line, at most ten: each becomes a task of the vendor’s owner.",
    )
    due = DayField(label="Conditions are due on", required=False)
    file = forms.FileField(
        label="The report, or what else was read",
        required=False,
        help_text="Kept byte for byte with the review as evidence, up to 50 MB.",
    )

    def __init__(self, *given: Any, questionnaire: Questionnaire, vendor: Vendor, **more: Any) -> None:
        super().__init__(*given, **more)
        self.questionnaire = questionnaire
        self.reports = {str(one.pk): one for one in vendor.reports.all() if one.ended is None}
        field = self.fields["report"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 — for the type checker
        field.choices = [("", "No report was read"), *((key, one.name) for key, one in self.reports.items())]
        for one in questionnaire.questions:
            self.fields[f"q-{one.id}"] = forms.ChoiceField(
                label=one.ask, help_text=one.why, choices=REPLIES, widget=forms.RadioSelect
            )
            self.fields[f"n-{one.id}"] = forms.CharField(label="Note", required=False, max_length=300)

    @property
    def asked(self) -> Iterator[tuple[Any, Any]]:
        """Give each question's field with its note's."""
        for one in self.questionnaire.questions:
            yield self[f"q-{one.id}"], self[f"n-{one.id}"]

    def clean_conditions(self) -> tuple[str, ...]:
        lines = tuple(one.strip() for one in self.cleaned_data["conditions"].splitlines() if one.strip())
        if len(lines) > MOST_CONDITIONS or any(len(one) > LONGEST_CONDITION for one in lines):
            raise forms.ValidationError("At most ten conditions of at most 200 characters.")
        return lines

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        starts, ends = given.get("starts"), given.get("ends")
        if starts and ends and starts > ends:
            self.add_error("ends", "The last day lies before the first. Swap them.")
        if ends and ends > timezone.localdate():
            self.add_error("ends", "A review cannot speak for days still to come. End it today.")
        if given.get("conclusion") == Conclusion.CONDITIONS and not given.get("conditions"):
            self.add_error("conditions", "Name the conditions, one a line: each becomes a task.")
        if given.get("conclusion") != Conclusion.CONDITIONS and given.get("conditions"):
            self.add_error("conclusion", "Conditions go with “Keep it, with conditions”.")
        return given

    def reviewed(self) -> services.Reviewed:
        """Give what a valid form signs."""
        given = self.cleaned_data
        return services.Reviewed(
            starts=given["starts"],
            ends=given["ends"],
            answers=tuple(
                services.Answer(one.id, Reply(given[f"q-{one.id}"]), given[f"n-{one.id}"])
                for one in self.questionnaire.questions
            ),
            conclusion=Conclusion(given["conclusion"]),
            says=given["says"],
            conditions=given["conditions"],
            due=given["due"],
            report=self.reports.get(given["report"]),
        )


@asks(May.REVIEW_VENDORS)
@require_http_methods(["GET", "HEAD", "POST"])
def review_vendor(request: HttpRequest, number: int) -> HttpResponse:
    """Review a vendor. What was typed stays where something is missing; a file has to be chosen again, as browsers want it."""
    vendor = found_line(VENDORS, number)
    if vendor.ended is not None:
        raise Http404
    see([vendor])
    questionnaire = questionnaire_for(current_home().content, vendor.seen.tier)
    form = ReviewForm(
        request.POST or None,
        request.FILES or None,
        questionnaire=questionnaire,
        vendor=vendor,
        initial=_begun(vendor),
    )
    error = ""
    if request.method == "POST" and form.is_valid():
        try:
            services.review(
                vendor,
                form.reviewed(),
                version=version_of(request),
                by=account_of(request),
                file=form.cleaned_data["file"],
            )
        except AssayError as refused:
            error, vendor = str(refused), found_line(VENDORS, number)
            see([vendor])
        else:
            return redirect("vendors_line", number=number)
    context = {"error": error, "form": form, "points": _points(vendor.seen.report), "vendor": vendor}
    return render(request, "workspace/vendors/review.html", context)


def _points(report: VendorReport | None) -> tuple[str, ...]:
    return () if report is None else open_points(report)


def _begun(vendor: Vendor) -> dict[str, Any]:
    """Begin where the last review ended, or a cadence ago."""
    today = timezone.localdate()
    last, report = vendor.seen.last, vendor.seen.report
    starts: date = (
        last.ends + timedelta(days=1) if last is not None else today - timedelta(days=vendor.seen.days)
    )
    return {"starts": min(starts, today), "ends": today, "report": "" if report is None else str(report.pk)}


@asks(May.READ_PROGRAMME)
@require_safe
def vendor_review(request: HttpRequest, number: int, review: int) -> HttpResponse:
    """Show a signed review."""
    vendor = found_line(VENDORS, number)
    found = VendorReview.objects.select_related("by", "report").filter(vendor=vendor, pk=review).first()
    if found is None:
        raise Http404
    replies = dict(REPLIES)
    answers = [(one, replies[one["reply"]]) for one in found.answers]
    context = {"answers": answers, "review": found, "vendor": vendor}
    return render(request, "workspace/vendors/signed.html", context)
