"""The register of service commitments and system requirements: list, add, change, retire, import, export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assay.collectors.files.delimited import read_delimited
from assay.collectors.files.sheet import Limits
from assay.errors import AssayError
from assay_web.access import May, account_of, allowed, asks
from assay_web.exports import FORMS, exported
from assay_web.queries.commitments import HEADS, commitment_rows, commitments
from assay_web.queries.drafts import draft_of
from assay_web.records.commitments import Commitment
from assay_web.services.commitments import (
    CommitmentMovedError,
    Promise,
    add_commitment,
    change_commitment,
    import_commitments,
    retire_commitment,
)
from assay_web.services.drafts import drop_draft, keep_draft
from assay_web.workspace.commitment_forms import CommitmentForm, RetireForm, typed_of, typed_of_row

IMPORT = "commitments-import"
LIMITS = Limits(bytes=2**20, rows=2_000, columns=60, cells=60_000)


@asks(May.READ_PROGRAMME)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    every = list(commitments())
    return render(
        request,
        "workspace/commitments/register.html",
        {
            "in_force": [one for one in every if one.retired is None],
            "may_change": allowed(account_of(request), May.SET_SCOPE),
            "retired": [one for one in every if one.retired is not None],
        },
    )


@asks(May.SET_SCOPE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = CommitmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        add_commitment(form.promise(), by=account_of(request))
        return redirect("commitments")
    return render(request, "workspace/commitments/edit.html", {"form": form})


@asks(May.SET_SCOPE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Change or retire a line. Where somebody was faster, both versions are shown and what was typed stays."""
    found = get_object_or_404(Commitment.objects.select_related("changed_by"), pk=number)
    deed = request.POST.get("deed", "")
    form = CommitmentForm(request.POST if deed == "change" else None, initial=typed_of(found))
    retire = RetireForm(request.POST if deed == "retire" else None)
    error, theirs = "", None
    bound = retire if deed == "retire" else form
    if request.method == "POST" and bound.is_valid():
        try:
            _do(request, found, form, retire)
        except CommitmentMovedError as moved:
            error = str(moved)
            found.refresh_from_db()
            theirs = typed_of(found)
        else:
            return redirect("commitments")
    return render(
        request,
        "workspace/commitments/edit.html",
        {
            "commitment": found,
            "differing": _differing(form, theirs) if theirs and form.is_bound else [],
            "error": error,
            "form": form,
            "retire": retire,
        },
    )


def _do(request: HttpRequest, found: Commitment, form: CommitmentForm, retire: RetireForm) -> None:
    version, by = _version(request), account_of(request)
    if retire.is_bound:
        retire_commitment(found, retire.cleaned_data["why"], version=version, by=by)
    else:
        change_commitment(found, form.promise(), version=version, by=by)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _differing(form: CommitmentForm, theirs: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Give label, what stands now, and what was typed, where the two differ."""
    typed = {name: str(form[name].value() or "") for name in form.fields}
    return [
        (str(form.fields[name].label), str(value), typed[name])
        for name, value in theirs.items()
        if str(value) != typed[name]
    ]


@asks(May.READ_PROGRAMME)
@require_safe
def export(request: HttpRequest, form: str) -> HttpResponse:
    if form not in FORMS:
        raise Http404
    return exported("commitments", form, HEADS, commitment_rows())


class _Upload(forms.Form):
    file = forms.FileField(
        label="A CSV file",
        help_text="With headings in its first row; at most 2,000 rows. Nothing is added before you have seen it.",
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the file as it would be added: its number, what it says, and what keeps it from standing."""

    number: int
    promise: Promise | None
    cells: dict[str, str]
    problems: tuple[str, ...]


@asks(May.SET_SCOPE)
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest) -> HttpResponse:
    """1. A file is read and kept as a draft. 2. Its columns are mapped and every row is shown as it would be. 3. All are added, or none."""
    deed, by = request.POST.get("deed", ""), account_of(request)
    upload = _Upload(request.POST if deed == "read" else None, request.FILES if deed == "read" else None)
    if deed == "stop":
        drop_draft(IMPORT)
        return redirect("commitments")
    if deed == "read" and upload.is_valid() and _read(upload, by):  # 1
        return redirect("commitments_import")
    draft = draft_of(IMPORT)
    if draft is None or upload.is_bound:
        return render(request, "workspace/commitments/upload.html", {"upload": upload})
    sheet = draft.parts["sheet"]
    mapping = _mapping(request, sheet["heads"])  # 2
    rows = _rows(sheet, mapping)
    broken = sum(bool(one.problems) for one in rows)
    if deed == "import" and rows and not broken:  # 3
        import_commitments([one.promise for one in rows if one.promise], by=by)
        drop_draft(IMPORT)
        return redirect("commitments")
    fields = [(name, field.label, mapping.get(name)) for name, field in CommitmentForm.base_fields.items()]
    return render(
        request,
        "workspace/commitments/mapping.html",
        {
            "broken": broken,
            "columns": list(enumerate(sheet["heads"])),
            "fields": fields,
            "rows": [one for one in rows if one.problems][:20] or rows[:10],
            "total": len(rows),
        },
    )


def _read(upload: _Upload, by: Any) -> bool:
    """Keep an uploaded file as a draft; where it cannot be read, say so in the form."""
    file = upload.cleaned_data["file"]
    if file.size > LIMITS.bytes:
        upload.add_error("file", "The file is larger than 1 MB. Export only what is asked for.")
        return False
    try:
        sheet = read_delimited(file.read(), LIMITS)
    except AssayError as error:
        upload.add_error("file", str(error))
        return False
    if sheet.broken:
        upload.add_error("file", f"Row {sheet.broken[0].number}: {sheet.broken[0].why}")
        return False
    rows = [[row.number, *("" if cell is None else str(cell) for cell in row.cells)] for row in sheet.rows]
    drop_draft(IMPORT)
    keep_draft(IMPORT, "sheet", {"heads": list(sheet.headings), "rows": rows}, by=by)
    return True


def _mapping(request: HttpRequest, heads: list[str]) -> dict[str, int]:
    """Give the column of each field: as chosen, otherwise by the heading's own words."""
    if request.method == "POST" and "deed" in request.POST:
        chosen = {name: request.POST.get(f"column-{name}", "") for name in CommitmentForm.base_fields}
        return {
            name: int(at)
            for name, at in chosen.items()
            if at.isascii() and at.isdigit() and int(at) < len(heads)
        }
    guesses = {"sort": "kind", **{name: name for name in CommitmentForm.base_fields if name != "sort"}}
    lowered = [one.strip().casefold() for one in heads]
    return {name: lowered.index(guess) for name, guess in guesses.items() if guess in lowered}


def _rows(sheet: dict[str, Any], mapping: dict[str, int]) -> list[_Row]:
    rows = []
    for number, *cells in sheet["rows"]:
        given = {name: cells[at] for name, at in mapping.items()}
        form = CommitmentForm(typed_of_row(given))
        problems = (
            ()
            if form.is_valid()
            else tuple(
                f"{form.fields[name].label}: {' '.join(map(str, errors))}"
                for name, errors in form.errors.items()
            )
        )
        rows.append(_Row(number, None if problems else form.promise(), given, problems))
    return rows
