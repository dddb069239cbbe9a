"""Tasks: the list, one with its history, making them from what was seen or by hand, giving them to people."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.errors import AssayError
from assay_web.access import May, account_of, allowed, asks
from assay_web.exports import FORMS, exported
from assay_web.queries import tasks as queries
from assay_web.queries.reviews import waiting_on
from assay_web.queries.standing import standing
from assay_web.queries.subjects import Subject, shown_items, subject_of
from assay_web.records.accounts import Account
from assay_web.records.tasks import Task, TaskSource, TaskState
from assay_web.services import tasks as services
from assay_web.services.tasks import TaskMovedError, Wanted

MOST_AT_ONCE = 200
"""How many tasks one form can make or move."""
_SORTS = (("due", "Due"), ("owner", "Who"), ("what", "What"), ("made", "Newest"))


class OwnerForm(forms.Form):
    """Whose something is. Ids are looked up by the view: one that is not there answers 404."""

    owner = forms.CharField(label="Who does it", required=False, max_length=12, widget=forms.Select)
    due = forms.DateField(
        label="Due",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write a day such as 2026-11-30."},
    )

    def __init__(self, *args: Any, current: Account | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].widget.choices = _owner_choices(current)


class TaskForm(OwnerForm):
    """What a task says."""

    what = forms.CharField(
        label="What is to be done", max_length=300, help_text="In plain words, for who does it."
    )
    why = forms.CharField(
        label="Why", required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ("what", "why", "owner", "due")


@asks(May.READ_PROGRAMME)
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """The list, one's own first. Filters and sorting are links; the export has all that match."""
    account = account_of(request)
    chosen = queries.read_filter(request.GET.dict())
    if (form := request.GET.get("export")) in FORMS:
        rows = queries.rows_of(
            standing(), queries.matching_tasks(chosen, account), named=allowed(account, May.SEE_PEOPLE)
        )
        return exported("tasks", form, queries.HEADINGS, rows)
    return _list(request, chosen)


@asks(May.DO_TASKS)
@require_POST
def assign_tasks(request: HttpRequest) -> HttpResponse:
    """Give the chosen tasks to one person."""
    given = request.POST
    ids = set(given.getlist("task")[:MOST_AT_ONCE])
    if Task.objects.filter(pk__in=ids).count() != len(ids):
        raise Http404
    try:
        services.assign(ids, by=account_of(request), owner=_owner(given.get("owner", "")))
    except AssayError as error:
        return _list(request, queries.read_filter(given.dict()), error=str(error))
    back = urlencode({name: given[name] for name in ("state", "source", "q", "sort") if given.get(name)})
    return redirect(f"{reverse('tasks')}?{back}" if back else reverse("tasks"))


@asks(May.DO_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_task(request: HttpRequest) -> HttpResponse:
    """Make a task by hand, or from `?from=check:ID&item=…`, `gap:ID` or `control:ID`."""
    given = request.POST if request.method == "POST" else request.GET
    about = _about(given)
    first = {"what": about.do, "why": about.why} if about else {}
    form = TaskForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        wanted = _wanted(form.cleaned_data, about, each="each" in request.POST)
        made = services.make_tasks(wanted, by=account_of(request))
        return redirect("task", task_id=made[0].pk) if len(made) == 1 else redirect("tasks")
    shown = [] if about is None else shown_items(standing(), about.about, about.items, named=True)
    there = queries.of_subject(about.source, about.about) if about else []
    return render(
        request, "workspace/new_task.html", {"form": form, "items": shown, "subject": about, "there": there}
    )


@asks(May.DO_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def tasks_from_steps(request: HttpRequest) -> HttpResponse:
    """Make tasks of several next steps at once, for one person or nobody yet: one act."""
    found = standing()
    steps = queries.without_task(found) if found else []
    form = OwnerForm(request.POST if request.method == "POST" else None)
    error = ""
    if request.method == "POST" and form.is_valid():
        abouts = [subject_of(found, text) for text in request.POST.getlist("step")[:MOST_AT_ONCE]]
        if any(one is None for one in abouts):
            raise Http404
        owner, due = _owner(form.cleaned_data["owner"]), form.cleaned_data["due"]
        wanted = [_wanted_of(one, one.do, one.why, owner, due) for one in abouts if one]
        try:
            services.make_tasks(wanted, by=account_of(request))
        except AssayError as said:
            error = str(said)
        else:
            return redirect("tasks")
    return render(request, "workspace/tasks_from_steps.html", {"error": error, "form": form, "steps": steps})


@asks(May.READ_PROGRAMME)
@require_safe
def task(request: HttpRequest, task_id: str) -> HttpResponse:
    return _page(request, get_object_or_404(Task.objects.select_related("owner"), pk=task_id))


@asks(May.DO_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def change_task(request: HttpRequest, task_id: str) -> HttpResponse:
    """Change words, owner and due day. Where somebody was faster, both versions are shown and what was typed stays."""
    found = get_object_or_404(Task.objects.select_related("owner"), pk=task_id)
    form = TaskForm(
        request.POST if request.method == "POST" else None, initial=_typed(found), current=found.owner
    )
    moved = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.change(
                found,
                version=_version(request),
                by=account_of(request),
                what=given["what"],
                why=given["why"],
                owner=_owner(given["owner"], found.owner),
                due=given["due"],
            )
        except TaskMovedError as error:
            moved = str(error)
            found = Task.objects.select_related("owner").get(pk=task_id)
        else:
            return redirect("task", task_id=task_id)
    context = {"form": form, "moved": moved, "task": found, "differs": _differs(form, found) if moved else []}
    return render(request, "workspace/change_task.html", context)


@asks(May.DO_TASKS)
@require_POST
def act_on_task(request: HttpRequest, task_id: str) -> HttpResponse:
    """Comment, say that it is done, drop or reopen. What was typed stays where it could not be done."""
    found = get_object_or_404(Task.objects.select_related("owner"), pk=task_id)
    deed, text = request.POST.get("deed", ""), request.POST.get("text", "").strip()[:2_000]
    try:
        _do(request, found, deed, text)
    except AssayError as error:
        found = Task.objects.select_related("owner").get(pk=task_id)
        return _page(request, found, error=str(error), typed=text)
    return redirect("task", task_id=task_id)


def _do(request: HttpRequest, found: Task, deed: str, text: str) -> None:
    by = account_of(request)
    match deed:
        case "comment" if text:
            services.comment(found, text, by=by)
        case "done":
            services.say_done(found, version=_version(request), by=by, said=text)
        case "drop" if text:
            services.drop(found, version=_version(request), by=by, why=text[:400])
        case "reopen":
            services.reopen(found, version=_version(request), by=by, why=text)
        case "comment" | "drop":
            raise services.TaskError("Write a few words first: why it is dropped, or what there is to say.")
        case _:
            raise Http404


def _list(request: HttpRequest, chosen: queries.Filter, error: str = "") -> HttpResponse:
    account = account_of(request)
    owners = list(queries.can_own())
    context = {
        "chosen": chosen,
        "counts": queries.counts(account),
        "error": error,
        "may_do": allowed(account, May.DO_TASKS),
        "owners": owners,
        "page": queries.task_page(chosen, account),
        "query": _query(chosen),
        "sorts": _SORTS,
        "sources": TaskSource.choices,
        "states": (("live", "Open and waiting"), *TaskState.choices, ("all", "All")),
        "waiting": waiting_on(account),
    }
    return render(request, "workspace/tasks.html", context)


def _page(request: HttpRequest, found: Task, *, error: str = "", typed: str = "") -> HttpResponse:
    account = account_of(request)
    context = {
        "error": error,
        "history": queries.history(found),
        "may_do": allowed(account, May.DO_TASKS),
        "subject": queries.subject(standing(), found, named=allowed(account, May.SEE_PEOPLE)),
        "task": found,
        "typed": typed,
    }
    return render(request, "workspace/task.html", context)


def _query(chosen: queries.Filter) -> dict[str, str]:
    """Give what of a filter the list's links carry on."""
    return {
        "state": chosen.state,
        "owner": chosen.owner,
        "source": chosen.source,
        "q": chosen.words,
        "sort": chosen.sort,
    }


def _about(given: QueryDict) -> Subject | None:
    """Read what a task is to come from; None for one by hand, 404 for what is not there."""
    if not given.get("from"):
        return None
    about = subject_of(
        standing(), given.get("from", ""), given.getlist("item")[:MOST_AT_ONCE], deviating=True
    )
    if about is None:
        raise Http404
    return about


def _wanted(given: dict[str, Any], about: Subject | None, *, each: bool) -> list[Wanted]:
    owner = _owner(given["owner"])
    if about is None:
        return [Wanted(given["what"], given["why"], owner=owner, due=given["due"])]
    if not each or len(about.items) < 2:
        return [_wanted_of(about, given["what"], given["why"], owner, given["due"])]
    return [
        _wanted_of(about, given["what"], given["why"], owner, given["due"], items=(one,))
        for one in about.items
    ]


def _wanted_of(
    about: Subject, what: str, why: str, owner: Account | None, due: Any, items: tuple[Any, ...] | None = None
) -> Wanted:
    return Wanted(
        what[:300],
        why[:2_000],
        source=about.source,
        about=about.about,
        items=about.items if items is None else items,
        watch=about.watch,
        owner=owner,
        due=due,
        personal=about.personal,
    )


def _owner(given: str, current: Account | None = None) -> Account | None:
    if not given:
        return None
    if current is not None and given == current.pk:
        return current
    return get_object_or_404(queries.can_own(), pk=given)


def _owner_choices(current: Account | None) -> list[tuple[str, str]]:
    owners = [(one.pk, one.name) for one in queries.can_own()]
    if current is not None and current.pk not in dict(owners):
        owners.append((current.pk, f"{current.name} (can do no tasks any more)"))
    return [("", "Nobody yet"), *owners]


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _typed(found: Task) -> dict[str, Any]:
    return {"what": found.what, "why": found.why, "owner": found.owner_id or "", "due": found.due}


def _differs(form: TaskForm, theirs: Task) -> list[tuple[str, str, str]]:
    """Give what reads otherwise in the two versions: the field, what was typed, what is there now."""
    given, there = form.cleaned_data, _typed(theirs)
    names = dict(_owner_choices(theirs.owner))

    def say(field: str, value: Any) -> str:
        return names.get(value, value) if field == "owner" else str(value or "")

    return [
        (str(form.fields[field].label), say(field, given[field]), say(field, there[field]))
        for field in there
        if (given[field] or "") != (there[field] or "")
    ]
