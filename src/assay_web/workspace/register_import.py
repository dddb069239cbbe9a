"""A file into a register: 1. It is read and kept as a draft. 2. Its columns are matched and every row is shown as it would be. 3. All are added, or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assay.errors import AssayError
from assay_web.access import account_of, asks
from assay_web.queries.drafts import draft_of
from assay_web.reading_apart import LINES, rows_of
from assay_web.records.accounts import Account
from assay_web.services import registers as services
from assay_web.services.drafts import drop_draft, keep_draft
from assay_web.workspace.register_forms import LineForm, typed_of_row

if TYPE_CHECKING:
    from assay_web.workspace.registers import Register

SHOWN = 10
MENDED = 20
"""How many rows a preview shows, and how many of those that cannot be added."""


class UploadForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label="A CSV, XLSX or JSON file",
        help_text=f"With headings in its first row; at most {LINES.rows:,} rows. Nothing is added before you have seen it.",
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file as it would be added: its number, what it says, its cells in words, and what keeps it from standing."""

    number: int
    says: dict[str, Any] | None
    cells: tuple[str, ...]
    problems: tuple[str, ...]


def import_view(register: Register) -> Callable[..., HttpResponse]:
    """Give the view of a register's import."""

    @asks(register.writes)
    @require_http_methods(["GET", "HEAD", "POST"])
    def import_file(request: HttpRequest) -> HttpResponse:
        deed, by, purpose = request.POST.get("deed", ""), account_of(request), f"{register.name}-import"
        upload = UploadForm(
            request.POST if deed == "read" else None, request.FILES if deed == "read" else None
        )
        if deed == "stop":
            drop_draft(purpose)
            return redirect(register.name)
        if deed == "read" and upload.is_valid() and _read(upload, purpose, by):
            return redirect(f"{register.name}_import")
        draft = draft_of(purpose)
        if draft is None or upload.is_bound:
            context = {"fields": _known(register), "register": register, "upload": upload}
            return render(request, "workspace/register/upload.html", context)
        return _matched(request, register, draft.parts["sheet"], purpose)

    return import_file


def _matched(request: HttpRequest, register: Register, sheet: dict[str, Any], purpose: str) -> HttpResponse:
    """Show the rows as matched; add them where that is what was asked for and none is broken."""
    mapping = _mapping(request, register, sheet["heads"])
    rows = [_row(register.form, mapping, *one) for one in sheet["rows"]]
    broken = [one for one in rows if one.problems]
    if request.POST.get("deed") == "import" and rows and not broken:
        services.import_lines(
            register.model, [one.says for one in rows if one.says is not None], by=account_of(request)
        )
        drop_draft(purpose)
        return redirect(register.name)
    fields = register.form.base_fields
    context = {
        "broken": len(broken),
        "columns": list(enumerate(sheet["heads"])),
        "fields": [(name, field.label, mapping.get(name)) for name, field in fields.items()],
        "heads": [field.label for name, field in fields.items() if name in mapping],
        "register": register,
        "rows": broken[:MENDED] or rows[:SHOWN],
        "total": len(rows),
    }
    return render(request, "workspace/register/mapping.html", context)


def _read(upload: UploadForm, purpose: str, by: Account) -> bool:
    """Keep an uploaded file as a draft; where it cannot be read, say so in the form."""
    file = upload.cleaned_data["file"]
    if file.size > LINES.bytes:
        upload.add_error("file", "The file is larger than 4 MB. Export only what is asked for.")
        return False
    try:
        sheet = rows_of(file.read())
    except AssayError as error:
        upload.add_error("file", str(error))
        return False
    drop_draft(purpose)
    keep_draft(purpose, "sheet", {"heads": sheet["headings"], "rows": sheet["rows"]}, by=by)
    return True


def _known(register: Register) -> list[tuple[str, bool]]:
    """Give what a file can hold, and which of it has to be there."""
    return [(str(field.label), field.required) for field in register.form.base_fields.values()]


def _mapping(request: HttpRequest, register: Register, heads: list[str]) -> dict[str, int]:
    """Give the column of each field: as chosen, otherwise by the heading's own words."""
    fields = register.form.base_fields
    if request.method == "POST" and "deed" in request.POST:
        chosen = {name: request.POST.get(f"column-{name}", "") for name in fields}
        return {
            name: int(at)
            for name, at in chosen.items()
            if at.isascii() and at.isdigit() and int(at) < len(heads)
        }
    lowered = [one.strip().casefold().replace("_", " ") for one in heads]
    found = {name: _column(lowered, register, name) for name in fields}
    return {name: at for name, at in found.items() if at is not None}


def _column(heads: list[str], register: Register, name: str) -> int | None:
    words = (
        register.headings.get(name, ""),
        name,
        str(register.form.base_fields[name].label),
        *register.form.HEADINGS.get(name, ()),
    )
    wanted = [one.casefold().replace("_", " ") for one in words if one]
    return next((heads.index(one) for one in wanted if one in heads), None)


def _row(form: type[LineForm], mapping: dict[str, int], number: int, *cells: str) -> Row:
    given = {name: cells[at] for name, at in mapping.items()}
    filled = form(typed_of_row(given, form))
    problems = (
        ()
        if filled.is_valid()
        else tuple(
            f"{filled.fields[name].label if name in filled.fields else 'The row'}: {' '.join(map(str, errors))}"
            for name, errors in filled.errors.items()
        )
    )
    return Row(number, None if problems else filled.says(), tuple(given.values()), problems)
