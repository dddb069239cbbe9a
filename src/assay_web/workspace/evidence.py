"""Manual evidence: the register, one piece with its file, and adding one for a control."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from assay.catalogue import ControlTemplate, load_catalogue
from assay.errors import AssayError
from assay.evidence.manual import BadEvidenceError, Method
from assay_web.access import May, account_of, asks
from assay_web.exports import FORMS, exported
from assay_web.home import current_home
from assay_web.queries.evidence import Piece, content_of, piece, pieces
from assay_web.services import evidence as services

STANDINGS = ("current", "due", "expired")
_METHODS = {
    Method.DOCUMENT: "A document: a policy, minutes, a signed paper",
    Method.EXPORT: "An export out of a system",
    Method.SCREENSHOT: "A picture of a screen",
    Method.SCREENSHOT_OF_A_LIST: "A picture of a list",
    Method.RECORD: "A record of something that was done",
    Method.OBSERVATION: "What someone saw with their own eyes",
    Method.INQUIRY: "What someone said, asked",
}
_DAY = forms.DateInput(attrs={"type": "date"})


class EvidenceForm(forms.Form):
    """The fields of manual evidence. What is right is the domain's to say; here they are only read."""

    shows = forms.CharField(
        label="What does it show?", max_length=500, help_text="One sentence that an auditor can read alone."
    )
    method = forms.ChoiceField(
        label="What is it?", choices=[(one.value, words) for one, words in _METHODS.items()]
    )
    file = forms.FileField(
        label="File", required=False, help_text="Kept byte for byte, up to 50 MB.", allow_empty_file=True
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Instead of a file, or beside it.",
    )
    observed = forms.DateTimeField(
        label="When was it observed?",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="Not when it is added: that is kept apart, and adding it late shows.",
    )
    captured_by = forms.CharField(
        label="Who observed it?", required=False, max_length=200, help_text="Leave it out if it was you."
    )
    system = forms.CharField(label="Which system is it from?", required=False, max_length=200)
    query = forms.CharField(
        label="For a list: the query or filter that made it", required=False, max_length=2_000
    )
    count = forms.IntegerField(
        label="For a list: how many entries the system shows", required=False, min_value=0
    )
    covers_from = forms.DateField(label="It speaks for the days from", required=False, widget=_DAY)
    covers_to = forms.DateField(label="to, both included", required=False, widget=_DAY)
    every_days = forms.IntegerField(
        label="It is due again after so many days", required=False, min_value=1, max_value=1096
    )
    expires = forms.DateField(label="Or it stands until", required=False, widget=_DAY)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if bool(given.get("covers_from")) != bool(given.get("covers_to")):
            self.add_error("covers_to", "Give both days, or neither.")
        return given


@asks(May.READ_PROGRAMME)
@require_safe
def evidence(request: HttpRequest) -> HttpResponse:
    """The register, newest first, filtered by how a piece stands today."""
    everything = pieces()
    state = request.GET.get("state", "")
    shown = [one for one in everything if state not in STANDINGS or one.standing == state]
    if (form := request.GET.get("export")) in FORMS:
        return exported("evidence", form, _HEADINGS, map(_row, shown))
    counts = {name: sum(one.standing == name for one in everything) for name in STANDINGS}
    return render(
        request,
        "workspace/evidence.html",
        {
            "counts": counts,
            "pieces": shown,
            "state": state if state in STANDINGS else "",
            "total": len(everything),
        },
    )


_HEADINGS = (
    "entry",
    "control",
    "shows",
    "observed",
    "added",
    "by",
    "captured by",
    "method",
    "system",
    "file",
    "stands",
)


def _row(one: Piece) -> tuple[Any, ...]:
    file = one.evidence.attachment
    how = one.evidence.how
    return (
        one.entry,
        one.evidence.control,
        one.evidence.shows,
        one.evidence.observed.isoformat(),
        one.added.isoformat(),
        one.by,
        one.captured_by,
        str(how.method),
        how.system,
        file and file.file_name,
        str(one.standing),
    )


@asks(May.READ_PROGRAMME)
@require_safe
def evidence_piece(request: HttpRequest, entry: int) -> HttpResponse:
    return render(request, "workspace/evidence_piece.html", {"piece": _found(entry)})


@asks(May.READ_PROGRAMME)
@require_safe
def evidence_file(request: HttpRequest, entry: int) -> HttpResponse:
    """Give the file as it was sent, to keep and not to open here: a browser runs nothing of it."""
    found = _found(entry)
    content = content_of(found)
    if content is None or found.evidence.attachment is None:
        raise Http404
    response = HttpResponse(content, content_type="application/octet-stream")
    name = content_disposition_header(as_attachment=True, filename=found.evidence.attachment.file_name)
    response.headers["Content-Disposition"] = name or "attachment"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _found(entry: int) -> Piece:
    found = piece(entry)
    if found is None:
        raise Http404
    return found


@asks(May.ADD_EVIDENCE)
@require_http_methods(["GET", "HEAD", "POST"])
def add_evidence(request: HttpRequest, control_id: str) -> HttpResponse:
    """Add a piece for a control. What was typed stays where something is wrong; a file has to be chosen again, as browsers want it."""
    control = load_catalogue(current_home().content).controls.get(control_id)
    if control is None:
        raise Http404
    form = EvidenceForm(request.POST or None, request.FILES or None, initial=_first(control))
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "observed": form.cleaned_data["observed"].astimezone(ZoneInfo("UTC"))}
        try:
            entry, _ = services.add(
                by=account_of(request),
                control=control_id,
                given=given,
                file=form.cleaned_data["file"] or None,
            )
        except BadEvidenceError as error:
            for problem in error.problems:
                field = {"attachment": "file", "covers": "covers_to", "recurs": "every_days"}.get(
                    problem.field, problem.field
                )
                form.add_error(field if field in form.fields else None, problem.says)
        except AssayError as error:
            form.add_error("file", str(error))
        else:
            return redirect(reverse("evidence_piece", args=[entry]))
    return render(request, "workspace/add_evidence.html", {"control": control, "form": form})


def _first(control: ControlTemplate) -> dict[str, Any]:
    return {
        "method": Method.DOCUMENT.value,
        "observed": timezone.localtime().replace(second=0, microsecond=0),
    }
