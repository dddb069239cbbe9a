"""Access reviews: the list, starting one with what it would hold shown before, one with its progress, signing off, and the record."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.errors import AssayError
from assay_web.access import May, account_of, allowed, asks
from assay_web.exports import FORMS, exported
from assay_web.queries import reviews as queries
from assay_web.queries.review_plan import (
    Choice,
    Drafted,
    Offered,
    Plan,
    drafted,
    offered,
    removers,
    reviewers,
)
from assay_web.queries.review_population import last_collection
from assay_web.queries.review_record import HEADINGS, rows_of
from assay_web.records.accounts import Account
from assay_web.records.reviews import Review
from assay_web.services import reviews as services
from assay_web.services.review_signing import sign
from assay_web.services.reviews import ReviewError

PREVIEWED = 20
"""How many lines of a review that is not started yet are shown."""
_LIST_HEADINGS = (
    "id",
    "name",
    "state",
    "started",
    "due",
    "rights",
    "decided",
    "kept",
    "to change",
    "to remove",
    "shown by a later look",
    "still there",
    "signed off",
    "signed off by",
    "root",
)


class DayInput(forms.DateInput):
    """A day, as browsers ask for it."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class ReviewForm(forms.Form):
    """What a review is called, until when, and who takes what would be a reviewer's own."""

    name = forms.CharField(label="Name", max_length=120, help_text="Such as “Access, fourth quarter 2026”.")
    due = forms.DateField(
        label="Due",
        widget=DayInput(),
        help_text="By when every line is decided.",
        error_messages={"invalid": "Write a day such as 2026-11-30."},
    )
    second = forms.CharField(
        label="Who takes the reviewers’ own access",
        required=False,
        max_length=12,
        widget=forms.Select,
        help_text="Nobody reviews their own access. Left empty, an owner or lead who is not concerned does.",
    )
    instead = forms.CharField(
        label="What makes up for it where nobody else can",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only in a company of one: the compensating control, such as a look by an outside adviser.",
    )

    def __init__(self, *args: Any, people: list[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["second"].widget.choices = [
            ("", "Whoever else can"),
            *((one.pk, one.name) for one in people),
        ]


@asks(May.READ_PROGRAMME)
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    found = queries.listed()
    if (form := request.GET.get("export")) in FORMS:
        return exported("access-reviews", form, _LIST_HEADINGS, map(_list_row, found))
    account = account_of(request)
    context = {
        "may_run": allowed(account, May.RUN_REVIEWS),
        "reviews": found,
        "waiting": queries.waiting_on(account),
    }
    return render(request, "workspace/reviews/list.html", context)


@asks(May.RUN_REVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_review(request: HttpRequest) -> HttpResponse:
    """Choose, see what would be frozen, start. The start is refused where something was collected since it was shown."""
    account, there = account_of(request), offered()
    people, hands = list(reviewers()), list(removers())
    posted = request.POST if request.method == "POST" else None
    form = ReviewForm(posted, people=people)
    found: Drafted | None = None
    error = ""
    if posted is not None and form.is_valid():
        plan = _plan(request, form.cleaned_data, there)
        try:
            if posted.get("deed") == "start":
                made = services.start(plan, by=account, upto=_number(posted.get("upto", "")))
                return redirect("review", review_id=made.pk)
        except AssayError as said:
            error = str(said)
        found = drafted(plan) if plan.systems else None
        error = error or ("" if plan.systems else "No system was chosen. Choose at least one to review.")
    context = {
        "error": error,
        "form": form,
        "found": found,
        "hands": hands,
        "lines": found.lines[:PREVIEWED] if found else (),
        "people": people,
        "rows": [_row(request, one, account) for one in there],
        "upto": last_collection(),
    }
    return render(request, "workspace/reviews/new.html", context)


@asks(May.READ_PROGRAMME)
@require_safe
def review(request: HttpRequest, review_id: str) -> HttpResponse:
    """One review: how far, by system and reviewer, and its lines, filtered."""
    found, account = _found(review_id), account_of(request)
    named = allowed(account, May.SEE_PEOPLE)
    chosen = queries.read_filter(request.GET.dict())
    if (form := request.GET.get("export")) in FORMS:
        lines = queries.matching(found, chosen, named=named).select_related(
            "system", "reviewer", "decided_by"
        )
        rows = rows_of(found, lines, named=named, now=timezone.now())
        return exported(f"access-review-{found.pk}", form, HEADINGS, rows)
    return _page(request, found, chosen)


@asks(May.READ_PROGRAMME)
@require_safe
def review_record(request: HttpRequest, review_id: str) -> HttpResponse:
    """The record for the auditor: how the list was made, every decision, what followed; made to be printed."""
    found, account = _found(review_id), account_of(request)
    named = allowed(account, May.SEE_PEOPLE)
    chosen, tally = queries.read_filter({"page": request.GET.get("page", "")}), queries.tallied(found)
    context = {
        "kinds": queries.kinds_of(found),
        "late": queries.count_late(found),
        "named": named,
        "page": queries.line_page(found, chosen, named=named, size=queries.RECORD_PAGE),
        "progress": queries.progress(tally),
        "review": found,
        "systems": queries.by_system(found, tally),
    }
    return render(request, "workspace/reviews/record.html", context)


@asks(May.RUN_REVIEWS)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_review(request: HttpRequest, review_id: str) -> HttpResponse:
    """Confirm and sign off. Of two who do so at once one is heard; the other is told."""
    found, error = _found(review_id), ""
    typed = request.POST.get("text", "").strip()[:2_000]
    if request.method == "POST":
        try:
            sign(found, by=account_of(request), said=typed)
        except AssayError as said:
            error, found = str(said), _found(review_id)
        else:
            return redirect("review", review_id=review_id)
    context = {
        "error": error,
        "kinds": queries.kinds_of(found),
        "progress": queries.progress(queries.tallied(found)),
        "review": found,
        "typed": typed,
    }
    return render(request, "workspace/reviews/sign.html", context)


@asks(May.RUN_REVIEWS)
@require_POST
def change_review(request: HttpRequest, review_id: str) -> HttpResponse:
    """Give it another due day, or call it off; both with a reason."""
    found, by = _found(review_id), account_of(request)
    text = request.POST.get("text", "").strip()[:400]
    try:
        if not text:
            raise ReviewError("Say why.")
        match request.POST.get("deed", ""):
            case "due":
                services.move_due(found, by=by, due=_day(request.POST.get("due", "")), why=text)
            case "end":
                services.call_off(found, by=by, why=text)
            case _:
                raise Http404
    except AssayError as said:
        return _page(request, _found(review_id), queries.read_filter({}), error=str(said), typed=text)
    return redirect("review", review_id=review_id)


def _page(
    request: HttpRequest, found: Review, chosen: queries.Filter, *, error: str = "", typed: str = ""
) -> HttpResponse:
    account = account_of(request)
    named = allowed(account, May.SEE_PEOPLE)
    may_run = allowed(account, May.RUN_REVIEWS)
    tally = queries.tallied(found)
    context = {
        "chosen": chosen,
        "decisions": queries.DECISIONS,
        "error": error,
        "history": queries.history(found.events.filter(line=None)),
        "kinds": {**queries.kinds_of(found), "late": queries.count_late(found)},
        "kind_words": queries.KINDS,
        "may_run": may_run,
        "mine": found.is_open and found.lines.filter(reviewer=account.pk, decision="").count(),
        "named": named,
        "page": queries.line_page(found, chosen, named=named),
        "people": list(reviewers()) if may_run and found.is_open else (),
        "progress": queries.progress(tally),
        "query": _query(chosen),
        "removals": queries.REMOVALS,
        "review": found,
        "reviewers": queries.by_reviewer(tally),
        "systems": queries.by_system(found, tally),
        "typed": typed,
    }
    return render(request, "workspace/reviews/review.html", context)


def _query(chosen: queries.Filter) -> dict[str, Any]:
    """Give what of a filter a search carries on."""
    return {
        "system": chosen.system or "",
        "reviewer": chosen.reviewer,
        "decision": chosen.decision,
        "removal": chosen.removal,
        "kind": chosen.kind,
    }


def _found(review_id: str) -> Review:
    related = ("started_by", "signed_by", "ended_by", "second")
    return get_object_or_404(Review.objects.select_related(*related), pk=review_id)


def _plan(request: HttpRequest, given: dict[str, Any], there: tuple[Offered, ...]) -> Plan:
    """Read the chosen systems; 404 for one that is not offered, or a person who cannot review or change."""
    names = set(request.POST.getlist("system"))
    if names - {one.name for one in there}:
        raise Http404
    systems = tuple(
        Choice(
            one.source,
            one.table,
            get_object_or_404(reviewers(), pk=request.POST.get(f"reviewer-{one.name}", "")[:12]),
            by_manager=f"manager-{one.name}" in request.POST,
            remover=_somebody(removers(), request.POST.get(f"remover-{one.name}", "")[:12]),
        )
        for one in there
        if one.name in names
    )
    second = _somebody(reviewers(), given["second"])
    return Plan(given["name"], given["due"], systems, second, given["instead"].strip())


def _somebody(among: Any, pk: str) -> Account | None:
    return get_object_or_404(among, pk=pk) if pk else None


def _row(request: HttpRequest, one: Offered, account: Account) -> dict[str, Any]:
    """Give a system as the form shows it, with what was chosen."""
    posted = request.method == "POST"
    given = request.POST
    return {
        "chosen": one.name in given.getlist("system") if posted else bool(one.lines),
        "manager": f"manager-{one.name}" in given,
        "offered": one,
        "remover": given.get(f"remover-{one.name}", account.pk),
        "reviewer": given.get(f"reviewer-{one.name}", account.pk),
    }


def _day(text: str) -> Any:
    try:
        day = forms.DateField().clean(text)
    except forms.ValidationError as error:
        raise ReviewError("Write the day such as 2026-11-30.") from error
    if day < timezone.localdate():
        raise ReviewError(f"The day {day} is past. Give today or a later one.")
    return day


def _number(text: str) -> int:
    text = text.removeprefix("-")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1


def _list_row(one: queries.ListedReview) -> tuple[Any, ...]:
    review, progress = one.review, one.progress
    return (
        review.pk,
        review.name,
        review.get_state_display(),
        review.started.isoformat(),
        review.due.isoformat(),
        progress.total,
        progress.decided,
        progress.keep,
        progress.change,
        progress.remove,
        progress.shown,
        progress.still,
        review.signed and review.signed.isoformat(),
        str(review.signed_by or ""),
        review.root,
    )
