"""Doing things from other programs: tasks, risk acceptances, collecting, background work."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Schema, Status
from ninja.errors import HttpError

from assay_web.access import May
from assay_web.api.bodies import Strict
from assay_web.api.operations import Operations, found_or_404, who
from assay_web.api.paging import Page, Paged, page_of
from assay_web.jobs import ask_for
from assay_web.queries.acceptances import standing_of
from assay_web.queries.standing import standing
from assay_web.queries.subjects import subject_of
from assay_web.queries.tasks import can_own, history
from assay_web.records.acceptances import Acceptance
from assay_web.records.accounts import Account
from assay_web.records.jobs import Job, JobKind
from assay_web.records.tasks import Task
from assay_web.services import acceptances as accepting
from assay_web.services import tasks as tasking
from assay_web.services.jobs import cancel

api = Operations("doing")
READS, DOES = May.READ_PROGRAMME, May.DO_TASKS


class TaskShown(Schema):
    id: str
    what: str
    why: str
    source: str
    about: str
    owner: str | None
    due: date | None
    state: str
    version: int
    made: datetime


class Event(Schema):
    at: datetime
    act: str
    who: str
    said: str
    entry: int


class NewTask(Strict):
    """A task. `about` says what it comes from, such as `check:aws.kms.rotation`, `control:GOV-03` or `gap:ID`; without it, it is by hand."""

    what: str = Field(min_length=1, max_length=300)
    why: str = Field("", max_length=2_000)
    about: str = Field("", max_length=220)
    owner: str | None = Field(None, max_length=12, description="An account's id.")
    due: date | None = None


class ChangedTask(Strict):
    version: int = Field(ge=1)
    what: str = Field(min_length=1, max_length=300)
    why: str = Field("", max_length=2_000)
    owner: str | None = Field(None, max_length=12)
    due: date | None = None


class Comment(Strict):
    text: str = Field(min_length=1, max_length=2_000)


class Deed(Strict):
    """What is done to a task: `done` and `reopen` may say something, `drop` must."""

    deed: Literal["done", "drop", "reopen"]
    version: int = Field(ge=1)
    said: str = Field("", max_length=400)


class AcceptanceShown(Schema):
    id: str
    source: str
    about: str
    items: int
    reason: str
    instead: str
    until: date
    standing: str
    asked_by: str
    decided_by: str | None
    alone: bool


class NewAcceptance(Strict):
    """A risk to be accepted up to a day: `about` is a control (`control:ID`) or a check with the short names of its deviating items."""

    about: str = Field(min_length=1, max_length=220)
    items: list[str] = Field(default_factory=list, max_length=500)
    reason: str = Field(min_length=1, max_length=2_000)
    instead: str = Field(min_length=1, max_length=2_000)
    until: date


class Decision(Strict):
    deed: Literal["approve", "refuse", "end"]
    said: str = Field("", max_length=400)


class JobShown(Schema):
    id: str
    kind: str
    state: str
    asked: datetime
    asked_by: str
    ended: datetime | None


@api.get("/tasks", READS, Page[TaskShown], operation_id="tasks_list")
def tasks(request: HttpRequest, asked: Query[Paged], state: str = "") -> dict[str, Any]:
    """The tasks, the newest first; `state` takes those in it alone."""
    every = Task.objects.order_by("-made", "pk")
    found, following = page_of(every.filter(state=state) if state else every, asked, lambda one: one.pk)
    return {"items": [_task(one) for one in found], "next": following}


@api.post("/tasks", DOES, TaskShown, made=True, operation_id="tasks_add")
def add_task(request: HttpRequest, body: NewTask) -> Any:
    """Make a task."""
    subject = None
    if body.about:
        subject = found_or_404(subject_of(standing(), body.about), "thing that a task could be about")
    wanted = tasking.Wanted(
        what=body.what,
        why=body.why,
        owner=_owner(body.owner),
        due=body.due,
        **(
            {}
            if subject is None
            else {
                "source": subject.source,
                "about": subject.about,
                "items": subject.items,
                "watch": subject.watch,
                "personal": subject.personal,
            }
        ),
    )
    (made,) = tasking.make_tasks([wanted], by=who(request))
    return Status(201, _task(made))


@api.get("/tasks/{task_id}", READS, TaskShown, operation_id="tasks_get")
def task(request: HttpRequest, task_id: str) -> dict[str, Any]:
    """One task."""
    return _task(_found_task(task_id))


@api.get("/tasks/{task_id}/history", READS, list[Event], operation_id="tasks_history")
def task_history(request: HttpRequest, task_id: str) -> list[dict[str, Any]]:
    """What happened to a task."""
    return [
        {"at": one.event.at, "act": one.event.act, "who": one.who, "said": one.said, "entry": one.event.entry}
        for one in history(_found_task(task_id))
    ]


@api.post("/tasks/{task_id}", DOES, TaskShown, operation_id="tasks_change")
def change_task(request: HttpRequest, task_id: str, body: ChangedTask) -> dict[str, Any]:
    """Change a task; refused where it was changed since the version that was read."""
    tasking.change(
        _found_task(task_id),
        version=body.version,
        by=who(request),
        what=body.what,
        why=body.why,
        owner=_owner(body.owner),
        due=body.due,
    )
    return _task(_found_task(task_id))


@api.post("/tasks/{task_id}/comments", DOES, TaskShown, made=True, operation_id="tasks_comment")
def comment(request: HttpRequest, task_id: str, body: Comment) -> Any:
    """Write something below a task."""
    found = _found_task(task_id)
    tasking.comment(found, body.text, by=who(request))
    return Status(201, _task(found))


@api.post("/tasks/{task_id}/deeds", DOES, TaskShown, operation_id="tasks_do")
def do_task(request: HttpRequest, task_id: str, body: Deed) -> dict[str, Any]:
    """Say that a task is done, drop it, or open it again."""
    found, by = _found_task(task_id), who(request)
    match body.deed:
        case "done":
            tasking.say_done(found, version=body.version, by=by, said=body.said)
        case "drop" if not body.said:
            raise HttpError(422, "said: say why it is dropped.")
        case "drop":
            tasking.drop(found, version=body.version, by=by, why=body.said)
        case "reopen":
            tasking.reopen(found, version=body.version, by=by, why=body.said)
    return _task(_found_task(task_id))


@api.get("/acceptances", READS, Page[AcceptanceShown], operation_id="acceptances_list")
def acceptances(request: HttpRequest, asked: Query[Paged]) -> dict[str, Any]:
    """The risk acceptances, the newest first."""
    every = Acceptance.objects.select_related("asked_by", "decided_by").order_by("-asked", "pk")
    found, following = page_of(every, asked, lambda one: one.pk)
    return {"items": [_acceptance(request, one) for one in found], "next": following}


@api.post("/acceptances", May.ASK_ACCEPTANCE, AcceptanceShown, made=True, operation_id="acceptances_ask")
def ask_acceptance(request: HttpRequest, body: NewAcceptance) -> Any:
    """Ask for a risk to be accepted up to a day."""
    subject = found_or_404(subject_of(standing(), body.about, body.items, deviating=True), "risk")
    if subject.source not in {"check", "control"} or (subject.source == "check" and not subject.items):
        raise HttpError(422, "about: a control, or a check with the items whose risk is accepted.")
    made = accepting.ask(subject, by=who(request), reason=body.reason, instead=body.instead, until=body.until)
    return Status(201, _acceptance(request, made))


@api.post(
    "/acceptances/{acceptance_id}/deeds",
    May.APPROVE_ACCEPTANCE,
    AcceptanceShown,
    operation_id="acceptances_decide",
)
def decide_acceptance(request: HttpRequest, acceptance_id: str, body: Decision) -> dict[str, Any]:
    """Approve or refuse what another asked for, or end what is in force."""
    found = found_or_404(Acceptance.objects.filter(pk=acceptance_id[:12]).first(), "acceptance")
    by = who(request)
    if body.deed != "approve" and not body.said:
        raise HttpError(422, "said: say why.")
    match body.deed:
        case "approve":
            accepting.approve(found, by=by, said=body.said)
        case "refuse":
            accepting.refuse(found, by=by, why=body.said)
        case "end":
            accepting.end(found, by=by, why=body.said)
    found.refresh_from_db()
    return _acceptance(request, found)


@api.post("/collect", May.COLLECT, JobShown, made=True, operation_id="collect")
def collect(request: HttpRequest) -> Any:
    """Ask for a collection of everything; where one is under way, that is given."""
    return Status(201, _job(ask_for(JobKind.COLLECT, by=who(request).actor)))


@api.get("/jobs", READS, Page[JobShown], operation_id="jobs_list")
def jobs(request: HttpRequest, asked: Query[Paged]) -> dict[str, Any]:
    """The background work, the newest first."""
    found, following = page_of(Job.objects.order_by("-asked", "pk"), asked, lambda one: one.pk)
    return {"items": [_job(one) for one in found], "next": following}


@api.get("/jobs/{job_id}", READS, JobShown, operation_id="jobs_get")
def job(request: HttpRequest, job_id: str) -> dict[str, Any]:
    """One job."""
    return _job(_found_job(job_id))


@api.post("/jobs/{job_id}/cancel", May.COLLECT, JobShown, operation_id="jobs_cancel")
def cancel_job(request: HttpRequest, job_id: str) -> dict[str, Any]:
    """Cancel a job: what is under way ends after its current part."""
    cancel(_found_job(job_id).pk)
    return _job(_found_job(job_id))


def _owner(account_id: str | None) -> Account | None:
    if account_id is None:
        return None
    return found_or_404(can_own().filter(pk=account_id).first(), "account that can do tasks")  # type: ignore[no-any-return]


def _found_task(task_id: str) -> Task:
    return found_or_404(Task.objects.filter(pk=task_id[:12]).first(), "task")  # type: ignore[no-any-return]


def _found_job(job_id: str) -> Job:
    return found_or_404(Job.objects.filter(pk=job_id[:40]).first(), "job")  # type: ignore[no-any-return]


def _task(one: Task) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in TaskShown.model_fields if name != "owner"},
        "owner": one.owner_id,
    }


def _acceptance(request: HttpRequest, one: Acceptance) -> dict[str, Any]:
    return {
        "id": one.pk,
        "source": one.source,
        "about": one.about,
        "items": len(one.items),
        "reason": one.reason,
        "instead": one.instead,
        "until": one.until,
        "standing": standing_of(one, timezone.localdate()),
        "asked_by": str(one.asked_by_id),
        "decided_by": one.decided_by_id,
        "alone": one.alone,
    }


def _job(one: Job) -> dict[str, Any]:
    return {name: getattr(one, name) for name in JobShown.model_fields}
