"""The register of CPA firms: compared by facts and by the company's own scores, one chosen with a reason. Nothing here ranks or recommends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from assay.audit.comparison import CRITERIA, MOST
from assay_web.access import May, account_of, asks
from assay_web.queries import firms as queries
from assay_web.records.auditor import Comparison, Firm, Known, PeerReview
from assay_web.services.firms import choose, score
from assay_web.services.planning import keep
from assay_web.services.registers import LineMovedError
from assay_web.workspace.planning import WholeField
from assay_web.workspace.register_forms import DayField, LineForm, LongField
from assay_web.workspace.registers import Register, found_line, line_page, version_of


class FirmForm(LineForm):
    """What is known of a firm."""

    HEADINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "name": ("firm", "cpa firm"),
        "price_least": ("price", "quote", "fee"),
        "licence_number": ("licence", "license", "license number"),
        "licence_state": ("state", "license state"),
        "contact_email": ("email", "e-mail"),
        "contact_name": ("contact",),
    }

    name = forms.CharField(label="Firm", max_length=200)
    licence_state = forms.CharField(
        label="Licensed in",
        required=False,
        max_length=60,
        help_text="The state whose board of accountancy licenses it.",
    )
    licence_number = forms.CharField(label="Licence number", required=False, max_length=60)
    licence_seen = DayField(
        label="Licence looked up on",
        required=False,
        help_text="The state board’s own search shows it, and cpaverify.org for most states.",
    )
    enrolled = forms.ChoiceField(
        label="Enrolled in peer review",
        choices=Known.choices,
        initial=Known.UNKNOWN,
        required=False,
        help_text="The AICPA’s public file shows enrolment and the newest accepted review.",
    )
    peer_review = forms.ChoiceField(
        label="Result of its peer review",
        choices=PeerReview.choices,
        initial=PeerReview.UNKNOWN,
        required=False,
    )
    peer_review_dated = DayField(label="Peer review dated", required=False)
    cloud = forms.CharField(label="Experience with your cloud", required=False, max_length=300)
    stack = forms.CharField(label="Experience with your stack and tools", required=False, max_length=300)
    size_like_ours = forms.ChoiceField(
        label="Has clients of your size", choices=Known.choices, initial=Known.UNKNOWN, required=False
    )
    currency = forms.RegexField(
        r"\A[A-Z]{3}\Z",
        label="Currency",
        max_length=3,
        initial="USD",
        error_messages={"invalid": "Write three capital letters, such as USD."},
    )
    price_least = WholeField(10_000_000, least=0, label="Price quoted for one report, at least")
    price_most = WholeField(10_000_000, least=0, label="Price quoted for one report, at most")
    leaves_out = forms.CharField(
        label="What the price leaves out",
        required=False,
        max_length=400,
        help_text="Such as travel, a second category, a re-test, a bridge letter.",
    )
    timeline = forms.CharField(label="Timeline it offers", required=False, max_length=300)
    available_from = DayField(label="Available from", required=False)
    references = forms.CharField(label="References, and what they said", required=False, max_length=400)
    other_services = forms.CharField(
        label="Other services that it sells to you",
        required=False,
        max_length=400,
        help_text="Readiness work, bookkeeping, software: each can threaten its independence.",
    )
    safeguards = forms.CharField(
        label="What keeps it independent all the same",
        required=False,
        max_length=400,
        help_text="Such as: another team, no decisions for management, the firm’s own approval in writing.",
    )
    contact_email = forms.EmailField(label="Contact’s e-mail address", required=False, max_length=254)
    contact_name = forms.CharField(label="Contact", required=False, max_length=120)
    notes = LongField(label="Notes", required=False, rows=3, max_length=2_000)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for name in ("enrolled", "peer_review", "size_like_ours"):
            given[name] = given.get(name) or "unknown"
        least, most = given.get("price_least"), given.get("price_most")
        if least is not None and most is not None and least > most:
            self.add_error("price_most", "The most is less than the least. Give the larger number here.")
        return given


class ScoresForm(forms.Form):
    """The company's own scores of one firm, or its own weights."""

    def __init__(self, *given: Any, words: str, **more: Any) -> None:
        super().__init__(*given, **more)
        for key, label in CRITERIA.items():
            self.fields[key] = WholeField(MOST, least=0, label=f"{label}{words}")

    def numbers(self) -> dict[str, int]:
        return {
            key: value for key, value in self.cleaned_data.items() if key in CRITERIA and value is not None
        }


class ChoiceForm(forms.Form):
    why = forms.CharField(label="Why this firm", max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}))


def _listing(request: HttpRequest, every: Sequence[Any]) -> dict[str, Any]:
    return {"chosen": queries.chosen(), "needs": queries.needs}


def _showing(request: HttpRequest, firm: Firm) -> dict[str, Any]:
    sheet = queries.sheet()
    return {
        "chosen": sheet.chosen,
        "choice": ChoiceForm(),
        "choice_version": sheet.chosen.version if sheet.chosen else 0,
        "needs": queries.needs(firm),
        "own": next((one for one in sheet.firms if one.firm.pk == firm.pk), None),
        "scores": ScoresForm(initial=firm.scores, words=f", 0 to {MOST}"),
    }


FIRMS = Register(
    model=Firm,
    form=FirmForm,
    name="firms",
    one="firm",
    many="firms",
    title="name",
    columns=("licence_state", "peer_review", "price_least", "price_most", "timeline", "available_from"),
    dek="CPA firms that you ask for an offer, with what they answered. Only a licensed CPA firm may issue a SOC 2 report. Assay neither ranks nor recommends firms.",
    empty="Ask three or more firms for an offer on the same scope: enter each here, and send each the request for proposal.",
    reads=May.CHOOSE_AUDITOR,
    writes=May.CHOOSE_AUDITOR,
    end="Leave it out",
    end_hint="It stays in the register, with the day and the reason.",
    listing=_listing,
    showing=_showing,
    list_template="workspace/planning/firms.html",
    show_template="workspace/planning/firm.html",
)


@asks(May.CHOOSE_AUDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """Firms side by side; a POST keeps how much each criterion counts and the order."""
    found = queries.sheet()
    line = found.comparison
    form = ScoresForm(
        request.POST if request.method == "POST" else None, initial=line.weights if line else {}, words=""
    )
    error = ""
    if request.method == "POST" and form.is_valid():
        order = "sum" if request.POST.get("order") == "sum" else "name"
        try:
            keep(
                Comparison,
                {"weights": form.numbers(), "order": order},
                version=version_of(request),
                by=account_of(request),
            )
        except LineMovedError:
            error = "Someone else changed the weights since you opened this page. The sheet shows theirs; your numbers stand in the form below."
            found = queries.sheet()
        else:
            return redirect("firms_sheet")
    context = {"error": error, "form": form, "most": MOST, "sheet": found}
    return render(request, "workspace/planning/sheet.html", context)


@asks(May.CHOOSE_AUDITOR)
@require_POST
def score_firm(request: HttpRequest, number: int) -> HttpResponse:
    """Keep the company's own scores of a firm."""
    firm, form = found_line(FIRMS, number), ScoresForm(request.POST, words="")
    if not form.is_valid():
        return line_page(
            request, FIRMS, firm, error=f"Scores are whole numbers from 0 to {MOST}. Nothing was kept."
        )
    try:
        score(firm, form.numbers(), version=version_of(request), by=account_of(request))
    except LineMovedError as moved:
        return line_page(request, FIRMS, found_line(FIRMS, number), error=str(moved))
    return redirect("firms_line", number=number)


@asks(May.CHOOSE_AUDITOR)
@require_POST
def choose_firm(request: HttpRequest, number: int) -> HttpResponse:
    """Choose a firm, or another one than before, with the reason."""
    firm, form = found_line(FIRMS, number), ChoiceForm(request.POST)
    if not form.is_valid():
        return line_page(request, FIRMS, firm, error="Say why this firm, in at most 1,000 characters.")
    try:
        choose(firm, form.cleaned_data["why"], version=version_of(request), by=account_of(request))
    except LineMovedError as moved:
        return line_page(request, FIRMS, firm, error=str(moved))
    return redirect("firms_line", number=number)
