"""Workers entered by hand, where there is no HR list: they become a list, and so evidence, like any other."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from assay.errors import AssayError
from assay_web.access import May, account_of, asks
from assay_web.records.people import HandWorker, WorkerKind
from assay_web.services import people as services
from assay_web.workspace.registers import version_of


def _day(label: str, *, required: bool, hint: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=hint,
        error_messages={"invalid": "Write a day such as 2026-11-30."},
    )


class WorkerForm(forms.Form):
    """What is said of a worker."""

    email = forms.EmailField(label="Work e-mail address", max_length=254)
    kind = forms.ChoiceField(label="Kind", choices=WorkerKind.choices)
    title = forms.CharField(label="Title", required=False, max_length=120)
    department = forms.CharField(label="Department", required=False, max_length=120)
    manager = forms.EmailField(label="Manager’s e-mail address", required=False, max_length=254)
    started = _day("First day", required=True)
    ended = _day("Last day", required=False, hint="Leave it empty while no end is known.")
    github_login = forms.RegexField(
        r"\A[A-Za-z0-9-]{0,64}\Z", label="Log-in on GitHub", required=False, max_length=64
    )
    aws_user_name = forms.RegexField(
        r"\A[\w+=,.@-]{0,64}\Z", label="User in AWS", required=False, max_length=64
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        started, ended = given.get("started"), given.get("ended")
        if started and ended and ended < started:
            self.add_error("ended", "The last day lies before the first.")
        return given


@asks(May.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def add_worker(request: HttpRequest) -> HttpResponse:
    form = WorkerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.enter_worker(services.Entered(**form.cleaned_data), by=account_of(request))
        except AssayError as error:
            form.add_error(None, str(error))
        else:
            return redirect("people")
    return render(request, "workspace/people/worker.html", {"form": form})


@asks(May.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def change_worker(request: HttpRequest, number: int) -> HttpResponse:
    """Change or remove an entry. Where somebody was faster, what stands now is shown and what was typed stays."""
    found = get_object_or_404(HandWorker, pk=number)
    first = {name: getattr(found, name) for name in WorkerForm.base_fields}
    removes = request.POST.get("deed") == "remove"
    form = WorkerForm(request.POST if request.method == "POST" and not removes else None, initial=first)
    error = ""
    if request.method == "POST" and (removes or form.is_valid()):
        version, by = version_of(request), account_of(request)
        try:
            if removes:
                services.remove_worker(found, version=version, by=by)
            else:
                services.change_worker(found, services.Entered(**form.cleaned_data), version=version, by=by)
        except AssayError as refused:
            error = str(refused)
            found.refresh_from_db()
        else:
            return redirect("people")
    differing = _differing(form, found) if error and form.is_bound else []
    context = {"differing": differing, "error": error, "form": form, "worker": found}
    return render(request, "workspace/people/worker.html", context)


def _differing(form: WorkerForm, found: HandWorker) -> list[tuple[str, str, str]]:
    """Give label, what stands now, and what was typed, where the two differ."""
    return [
        (str(form.fields[name].label), now, typed)
        for name in form.fields
        if (now := str(getattr(found, name) or "")) != (typed := str(form[name].value() or ""))
    ]
