"""The pages that every register has: its list, a line with its history, adding, changing, ending, and files out. A register says what is its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.errors import AssayError
from assay.wording import counted
from assay_web.access import May, account_of, allowed, asks
from assay_web.exports import FORMS, exported
from assay_web.queries import registers as queries
from assay_web.records.registers import Line
from assay_web.services import registers as services
from assay_web.workspace.register_forms import EndForm, LineForm, typed_of

Context = dict[str, Any]


def _nothing(*_: Any) -> Context:
    return {}


@dataclass(frozen=True, slots=True)
class Register:
    """One register: `name` is that of its list's address and the stem of the others; `one` and `many` are its words.

    `title` is the field that a line goes by, `columns` are those that the list shows. `filters` are named choices of lines, of which one is taken by `?show=`.
    `listing` and `showing` add to what the templates get; templates are the generic ones unless named. `end` is the verb on the button that ends a line,
    `finish` what it does. `prepare` gets all lines of a list at once, before they are filtered, and may set on them what filters and templates read.
    """

    model: type[Line]
    form: type[LineForm]
    name: str
    one: str
    many: str
    title: str
    columns: tuple[str, ...]
    dek: str
    empty: str
    reads: May = May.READ_PROGRAMME
    writes: May = May.SET_SCOPE
    end: str = "End it"
    end_hint: str = "It stays in the register, with the day and the reason."
    headings: Mapping[str, str] = field(default_factory=dict)
    filters: Mapping[str, Callable[[Line], bool]] = field(default_factory=dict)
    listing: Callable[[HttpRequest, Sequence[Any]], Context] = _nothing
    showing: Callable[[HttpRequest, Any], Context] = _nothing
    add: Callable[..., Line] = services.add
    change: Callable[..., Line] = services.change
    finish: Callable[..., None] = services.end
    prepare: Callable[[Sequence[Any]], object] = _nothing
    row_template: str = "workspace/register/row.html"
    list_template: str = "workspace/register/list.html"
    show_template: str = "workspace/register/show.html"
    tabs: tuple[tuple[str, str], ...] = ()

    @property
    def list_address(self) -> str:
        return reverse(self.name)

    @property
    def labels(self) -> list[tuple[str, str]]:
        """The columns of the list with their headings."""
        return [(name, str(self.form.base_fields[name].label)) for name in self.columns]

    def urls(self) -> list[URLPattern]:
        """Give the addresses of the register; an import has a module of its own."""
        from assay_web.workspace.register_import import import_view

        base = f"{self.name}/"
        return [
            path(base, _list_view(self), name=self.name),
            path(f"{base}add/", _add_view(self), name=f"{self.name}_add"),
            path(f"{base}import/", import_view(self), name=f"{self.name}_import"),
            path(f"{base}export/<slug:form>/", _export_view(self), name=f"{self.name}_export"),
            path(f"{base}<int:number>/", _show_view(self), name=f"{self.name}_line"),
            path(f"{base}<int:number>/change/", _change_view(self), name=f"{self.name}_change"),
            path(f"{base}<int:number>/end/", _end_view(self), name=f"{self.name}_end"),
        ]


def line_page(
    request: HttpRequest, register: Register, line: Line, *, error: str = "", status: int = 200
) -> HttpResponse:
    """Show a line with its history; `error` says why what was asked for could not be done."""
    named = allowed(account_of(request), May.SEE_PEOPLE)
    context = {
        "end_form": EndForm(),
        "error": error,
        "fields": [
            (str(field.label), name, queries.shown(line, name))
            for name, field in register.form.base_fields.items()
            if name != register.title and (named or name not in line.PERSON)
        ],
        "history": queries.history(line),
        "labels": {name: str(field.label) for name, field in register.form.base_fields.items()},
        "line": line,
        "may_change": allowed(account_of(request), register.writes),
        "register": register,
        "title": queries.shown(line, register.title),
    }
    return render(
        request, register.show_template, {**context, **register.showing(request, line)}, status=status
    )


def version_of(request: HttpRequest) -> int:
    """Give the version that a form was opened with; 0, which no line has, where none was sent."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def found_line(register: Register, number: int) -> Any:
    """Give a line of the register. Raises Http404."""
    return get_object_or_404(queries.lines_of(register.model), pk=number)


def _list_view(register: Register) -> Callable[..., HttpResponse]:
    @asks(register.reads)
    @require_safe
    def lines(request: HttpRequest) -> HttpResponse:
        every = list(queries.lines_of(register.model))
        register.prepare(every)
        named = allowed(account_of(request), May.SEE_PEOPLE)
        chosen, words = request.GET.get("show", ""), request.GET.get("q", "").strip()[:100]
        holding = [one for one in every if one.ended is None]
        takes = register.filters.get(chosen)
        shown = [one for one in holding if takes(one)] if takes else holding
        ended = [] if takes else [one for one in every if one.ended is not None]
        context = {
            "counts": [
                (name, sum(map(take, holding)), name == chosen) for name, take in register.filters.items()
            ],
            "ended": _with_words(ended, words, named=named),
            "lines": _with_words(shown, words, named=named),
            "may_change": allowed(account_of(request), register.writes),
            "register": register,
            "say": counted(len(holding), register.one),
            "show": chosen if takes else "",
            "total": len(every),
            "words": words,
        }
        return render(request, register.list_template, {**context, **register.listing(request, every)})

    return lines


def _with_words(lines: Sequence[Line], words: str, *, named: bool) -> list[Line]:
    """Give the lines in which all the words stand, wherever."""
    wanted = words.casefold().split()
    if not wanted:
        return list(lines)
    texts = (" ".join(map(str, row)).casefold() for row in queries.rows(lines, named=named))
    return [one for one, text in zip(lines, texts, strict=True) if all(word in text for word in wanted)]


def _show_view(register: Register) -> Callable[..., HttpResponse]:
    @asks(register.reads)
    @require_safe
    def line(request: HttpRequest, number: int) -> HttpResponse:
        return line_page(request, register, found_line(register, number))

    return line


def _add_view(register: Register) -> Callable[..., HttpResponse]:
    @asks(register.writes)
    @require_http_methods(["GET", "HEAD", "POST"])
    def add(request: HttpRequest) -> HttpResponse:
        begun = {name: request.GET[name] for name in register.form.base_fields if name in request.GET}
        form = register.form(request.POST if request.method == "POST" else None, initial=begun)
        if request.method == "POST" and form.is_valid():
            made = register.add(register.model, form.says(), by=account_of(request))
            return redirect(f"{register.name}_line", number=made.pk)
        return render(request, "workspace/register/edit.html", {"form": form, "register": register})

    return add


def _change_view(register: Register) -> Callable[..., HttpResponse]:
    @asks(register.writes)
    @require_http_methods(["GET", "HEAD", "POST"])
    def change(request: HttpRequest, number: int) -> HttpResponse:
        """Where somebody was faster, both versions are shown and what was typed stays."""
        found = found_line(register, number)
        if found.ended is not None and request.method != "POST":
            return redirect(f"{register.name}_line", number=number)
        form = register.form(
            request.POST if request.method == "POST" else None, initial=typed_of(found, register.form)
        )
        error, differing = "", []
        if request.method == "POST" and form.is_valid():
            try:
                register.change(found, form.says(), version=version_of(request), by=account_of(request))
            except services.LineMovedError as moved:
                error = str(moved)
                found = found_line(register, number)
                differing = _differing(form, found)
            else:
                return redirect(f"{register.name}_line", number=number)
        context = {"differing": differing, "error": error, "form": form, "line": found, "register": register}
        return render(request, "workspace/register/edit.html", context)

    return change


def _differing(form: LineForm, line: Line) -> list[tuple[str, Any, Any]]:
    """Give label, what stands now and what was typed, in words, where the two differ."""
    typed = type(line)(**{name: _kept(value) for name, value in form.says().items()})
    pairs = [(name, queries.shown(line, name), queries.shown(typed, name)) for name in form.fields]
    return [
        (str(form.fields[name].label), queries.cell(theirs), queries.cell(mine))
        for name, theirs, mine in pairs
        if queries.cell(theirs) != queries.cell(mine)
    ]


def _kept(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _end_view(register: Register) -> Callable[..., HttpResponse]:
    @asks(register.writes)
    @require_POST
    def end(request: HttpRequest, number: int) -> HttpResponse:
        """End a line, or take its end back: whichever it can be."""
        found, form = found_line(register, number), EndForm(request.POST)
        if not form.is_valid():
            return line_page(request, register, found, error="Say why, in at most 400 characters.")
        do = register.finish if found.ended is None else services.begin_again
        try:
            do(found, form.cleaned_data["why"], version=version_of(request), by=account_of(request))
        except AssayError as refused:
            return line_page(request, register, found_line(register, number), error=str(refused))
        return redirect(f"{register.name}_line", number=number)

    return end


def _export_view(register: Register) -> Callable[..., HttpResponse]:
    @asks(register.reads)
    @require_safe
    def export(request: HttpRequest, form: str) -> HttpResponse:
        if form not in FORMS:
            raise Http404
        heads = queries.headings(register.model, dict(register.headings))
        named = allowed(account_of(request), May.SEE_PEOPLE)
        rows = queries.rows(queries.lines_of(register.model), named=named)
        return exported(register.name, form, heads, rows)

    return export
