"""Courses: which are given to whom, who is late, and proofs that the lead enters or takes back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.catalogue import load_catalogue
from assay.errors import AssayError
from assay.stores import MissingObjectError
from assay_web.access import May, account_of, allowed, asks
from assay_web.exports import FORMS, exported
from assay_web.home import current_home
from assay_web.queries import training as queries
from assay_web.queries.workers import Register, register_now
from assay_web.records.people import Course, CourseProof
from assay_web.services import training as services
from assay_web.workspace.own import ProofForm
from assay_web.workspace.registers import version_of


class CourseForm(forms.Form):
    """What a course says, and who has to take it."""

    title = forms.CharField(
        label="Title",
        max_length=120,
        help_text="As the training system writes it: its list is matched by this name.",
    )
    where = forms.CharField(
        label="Where it is taken", max_length=400, help_text="An address, or a room and an hour."
    )
    controls = forms.CharField(
        label="Controls it serves", required=False, max_length=200, help_text="Ids, such as HRS-04."
    )
    everyone = forms.BooleanField(label="Everyone who works here takes it", required=False)
    groups = forms.MultipleChoiceField(
        label="Or these groups", required=False, widget=forms.CheckboxSelectMultiple
    )
    emails = forms.CharField(
        label="Or these people",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="E-mail addresses of workers, one a line.",
    )
    repeats = forms.BooleanField(label="Again at the company’s interval for training", required=False)
    begins = forms.DateField(
        label="Given from",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The time for a first training runs from this day, or from a later first day of work.",
        error_messages={"invalid": "Write a day such as 2026-11-30."},
    )

    def __init__(self, people: Register, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self._people = people
        self.fields["groups"].choices = queries.groups_of(people)  # type: ignore[attr-defined]
        if not queries.groups_of(people):
            del self.fields["groups"]

    def clean_controls(self) -> tuple[str, ...]:
        named = tuple(dict.fromkeys(self.cleaned_data["controls"].replace(",", " ").upper().split()))
        known = load_catalogue(current_home().content).controls
        for one in named:
            if one not in known:
                raise forms.ValidationError(f"There is no control {one}. Take ids from the list of controls.")
        return named

    def clean_emails(self) -> tuple[str, ...]:
        named = tuple(dict.fromkeys(self.cleaned_data["emails"].replace(",", " ").lower().split()))
        for one in named:
            if self._people.by_email(one) is None:
                raise forms.ValidationError(f"No list of workers names {one}.")
        return named

    def given(self) -> services.Given:
        said = self.cleaned_data
        return services.Given(
            title=said["title"],
            where=said["where"],
            controls=said["controls"],
            everyone=said["everyone"],
            groups=tuple(said.get("groups", ())),
            emails=said["emails"],
            repeats=said["repeats"],
            begins=said["begins"],
        )


class LeadProofForm(ProofForm):
    """A proof that the lead enters for a worker."""

    field_order = ("email", "finished", "said", "file")
    email = forms.ChoiceField(label="Worker")

    def __init__(self, taken: list[queries.Taken], data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial={"finished": timezone.localdate()})
        self.fields["email"].choices = [("", "Choose a worker"), *((one.email, one.email) for one in taken)]  # type: ignore[attr-defined]
        self.fields["finished"].label = "When was it finished?"
        self.fields["said"].label, self.fields["said"].help_text = "What shows it", "One sentence."


@asks(May.SEE_PEOPLE)
@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    """Every course with how many have to take it and who is late."""
    people = register_now()
    every = list(Course.objects.order_by("retired", "title"))
    given = [one for one in every if one.retired is None]
    taken = queries.of_courses(given, people)
    if (form := request.GET.get("export")) in FORMS:
        lines = [one for course in given for one in taken[course.pk]]
        return exported("training", form, queries.HEADINGS, queries.rows_of(lines))
    shown = [
        {
            "course": one,
            "late": sum(line.late for line in taken[one.pk]),
            "open": sum(line.finished is None and not line.late for line in taken[one.pk]),
            "total": len(taken[one.pk]),
        }
        for one in given
    ]
    late = [line for course in given for line in taken[course.pk] if line.late]
    context = {
        "given": shown,
        "late": late,
        "limits": queries.limits(),
        "may_manage": allowed(account_of(request), May.MANAGE_PEOPLE),
        "retired": [one for one in every if one.retired is not None],
        "total": len(people.workers),
    }
    return render(request, "workspace/people/courses.html", context)


@asks(May.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_course(request: HttpRequest) -> HttpResponse:
    first = {"begins": timezone.localdate(), "controls": "HRS-04", "everyone": True, "repeats": True}
    form = CourseForm(register_now(), request.POST or None, first)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.give_course(form.given(), by=account_of(request))
        except AssayError as error:
            form.add_error(None, str(error))
        else:
            return redirect("course", course_id=made.pk)
    return render(request, "workspace/people/new_course.html", {"form": form})


@asks(May.SEE_PEOPLE)
@require_safe
def course(request: HttpRequest, course_id: str) -> HttpResponse:
    return _page(request, get_object_or_404(Course, pk=course_id))


@asks(May.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def change_course(request: HttpRequest, course_id: str) -> HttpResponse:
    """Change, retire or bring back a course. Where somebody was faster, what stands now is shown and what was typed stays."""
    found, by = get_object_or_404(Course, pk=course_id), account_of(request)
    deed = request.POST.get("deed", "")
    form = CourseForm(register_now(), request.POST if deed == "change" else None, _typed(found))
    error = ""
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            _change(found, deed, form, version_of(request), by)
        except AssayError as refused:
            error = str(refused)
            found.refresh_from_db()
        else:
            return redirect("course", course_id=found.pk)
    differing = _differing(form, found) if error and form.is_bound else []
    context = {"course": found, "differing": differing, "error": error, "form": form}
    return render(request, "workspace/people/new_course.html", context)


def _typed(found: Course) -> dict[str, Any]:
    """Give what the form of a course holds."""
    names = ("title", "where", "everyone", "groups", "repeats", "begins")
    emails = found.workers.order_by("email").values_list("email", flat=True)
    return {
        **{name: getattr(found, name) for name in names},
        "controls": ", ".join(found.controls),
        "emails": "\n".join(emails),
    }


def _differing(form: CourseForm, found: Course) -> list[tuple[str, str, str]]:
    """Give label, what stands now, and what was typed, where the two differ."""
    now = CourseForm(register_now(), None, _typed(found))
    return [
        (str(field.label), stands, typed)
        for name, field in form.fields.items()
        if (stands := _said(now[name].value())) != (typed := _said(form[name].value()))
    ]


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _change(found: Course, deed: str, form: CourseForm, version: int, by: Any) -> None:
    match deed:
        case "change":
            services.change_course(found, form.given(), version=version, by=by)
        case "retire":
            services.retire_course(found, version=version, by=by)
        case "back":
            services.bring_back_course(found, version=version, by=by)
        case _:
            raise Http404


@asks(May.MANAGE_PEOPLE)
@require_POST
def prove_course(request: HttpRequest, course_id: str) -> HttpResponse:
    """Enter a proof for a worker who has to take the course."""
    found = get_object_or_404(Course, pk=course_id, retired__isnull=True)
    taken = queries.of_courses([found], register_now())[found.pk]
    form = LeadProofForm(taken, request.POST, request.FILES)
    if form.is_valid():
        try:
            services.prove(found, by=account_of(request), **form.cleaned_data)
        except AssayError as error:
            form.add_error(None, str(error))
        else:
            return redirect("course", course_id=found.pk)
    return _page(request, found, form)


@asks(May.MANAGE_PEOPLE)
@require_POST
def take_back_proof(request: HttpRequest, proof_id: str) -> HttpResponse:
    found = get_object_or_404(CourseProof, pk=proof_id)
    why = request.POST.get("why", "").strip()[:400]
    if not why:
        return _page(request, found.course, error="Say why the proof is taken back.")
    services.take_back(found, why=why, by=account_of(request))
    return redirect("course", course_id=found.course_id)


@asks(May.SEE_PEOPLE)
@require_safe
def proof_file(request: HttpRequest, proof_id: str) -> HttpResponse:
    """Give a certificate to keep, byte for byte: never shown by a browser."""
    found = get_object_or_404(CourseProof.objects.exclude(attachment=""), pk=proof_id)
    try:
        content = current_home().ledger.object(found.attachment)
    except MissingObjectError as error:
        raise Http404 from error
    response = HttpResponse(content, content_type="application/octet-stream")
    name = content_disposition_header(as_attachment=True, filename=found.file_name)
    response.headers["Content-Disposition"] = name or "attachment"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _page(
    request: HttpRequest, found: Course, form: LeadProofForm | None = None, error: str = ""
) -> HttpResponse:
    taken = queries.of_courses([found], register_now())[found.pk]
    kind = request.GET.get("kind", "")
    shown = {"late": [one for one in taken if one.late], "open": [one for one in taken if one.is_open]}
    if (wanted := request.GET.get("export")) in FORMS:
        return exported("course", wanted, queries.HEADINGS, queries.rows_of(taken))
    context = {
        "course": found,
        "error": error,
        "form": form or LeadProofForm(taken),
        "kind": kind if kind in shown else "",
        "late": len(shown["late"]),
        "may_manage": allowed(account_of(request), May.MANAGE_PEOPLE),
        "open": len(shown["open"]),
        "proofs": list(found.proofs.select_related("made_by").order_by("-made")[:200]),
        "shown": shown.get(kind, taken),
        "taken": taken,
    }
    return render(request, "workspace/people/course.html", context)
