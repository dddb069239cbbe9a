"""Where the company stands, for other programs: criteria, controls, checks with their items, gaps, drift, activity, search."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Schema

from assay_web.access import May
from assay_web.api.operations import Operations, found_or_404, may
from assay_web.api.paging import Page, Paged, page_of
from assay_web.queries.activity import page_of_activity
from assay_web.queries.checks import items as items_of
from assay_web.queries.drift import drift as drift_of
from assay_web.queries.finding import find
from assay_web.queries.front import front
from assay_web.queries.standing import Object, Standing, standing

api = Operations("where we stand")
READS = May.READ_PROGRAMME
Entry = Annotated[int | None, Field(ge=0, lt=2**63)]


class Front(Schema):
    """How far the company is: its own share already in place, never a promised one."""

    entry: int = Field(description="The ledger entry of the conclusions that all of this rests on.")
    as_of: str
    company: dict[str, Any]
    counts: dict[str, int] = Field(description="Controls by their state.")
    headline: str
    next_steps: list[dict[str, Any]]
    gaps: int


class Criterion(Schema):
    id: str
    category: str
    gist: str
    state: str
    controls: list[str]
    counts: dict[str, int]
    missing: list[dict[str, Any]]


class Control(Schema):
    id: str
    domain: str
    statement: str
    kind: str
    owner: str
    state: str
    reason: str | None
    criteria: list[str]
    shown_by: list[Any]
    missing: list[Any]
    unknown: list[Any]


class CheckShown(Schema):
    id: str
    title: str
    severity: str
    conclusion: str
    counts: dict[str, int]
    controls: list[str]
    shows: str
    does_not_show: str
    remedy: dict[str, Any] | str


class Item(Schema):
    """One item of a check: its place and key (of a person only for those who may see people), and what was observed."""

    table: str
    key: str | None
    name: str
    account: str
    region: str
    conclusion: str
    reason: str | None
    values: dict[str, Any]


class Said(Schema):
    entry: int
    at: datetime
    who: str
    says: str
    about: str


class Activity(Schema):
    items: list[Said]
    before: int | None = Field(
        description="Send it as `before` for older entries; null where there are none."
    )


class Found(Schema):
    kind: str
    words: str
    id: str
    address: str


@api.get("/standing", READS, Front, operation_id="standing")
def where_we_stand(request: HttpRequest) -> dict[str, Any]:
    """How far the company is, and what is next."""
    found = _standing()
    report, shown = found.report, front(found)
    return {
        "entry": found.entry,
        "as_of": report["as_of"],
        "company": report["company"],
        "counts": report["counts"],
        "headline": report["headline"],
        "next_steps": report["next_steps"],
        "gaps": shown.unseen,
    }


@api.get("/criteria", READS, Page[Criterion], operation_id="criteria_list")
def criteria(request: HttpRequest, asked: Query[Paged]) -> dict[str, Any]:
    """The criteria in scope."""
    return _page(_standing().report["criteria"], asked)


@api.get("/criteria/{criterion_id}", READS, Criterion, operation_id="criteria_get")
def criterion(request: HttpRequest, criterion_id: str) -> Object:
    """One criterion."""
    return dict(found_or_404(_standing().criteria.get(criterion_id), "criterion"))


@api.get("/controls", READS, Page[Control], operation_id="controls_list")
def controls(request: HttpRequest, asked: Query[Paged], state: str = "") -> dict[str, Any]:
    """The controls of the catalogue with their state; `state` takes those in it alone."""
    every = _standing().report["controls"]
    return _page([one for one in every if not state or one["state"] == state], asked)


@api.get("/controls/{control_id}", READS, Control, operation_id="controls_get")
def control(request: HttpRequest, control_id: str) -> Object:
    """One control."""
    return dict(found_or_404(_standing().controls.get(control_id), "control"))


@api.get("/checks", READS, Page[CheckShown], operation_id="checks_list")
def checks(request: HttpRequest, asked: Query[Paged]) -> dict[str, Any]:
    """The checks with how many items have which conclusion."""
    return _page(_standing().report["checks"], asked)


@api.get("/checks/{check_id}", READS, CheckShown, operation_id="checks_get")
def check(request: HttpRequest, check_id: str) -> Object:
    """One check."""
    return dict(found_or_404(_standing().checks.get(check_id), "check"))


@api.get("/checks/{check_id}/items", READS, Page[Item], operation_id="checks_items")
def items(request: HttpRequest, check_id: str, asked: Query[Paged], conclusion: str = "") -> dict[str, Any]:
    """Every item of a check, worst first; `conclusion` takes those with it alone."""
    found = _standing()
    found_or_404(found.checks.get(check_id), "check")
    every = items_of(found, check_id, named=may(request, May.SEE_PEOPLE))
    wanted = [one for one in every if not conclusion or one.conclusion == conclusion]
    numbered = [(str(at), one) for at, one in enumerate(wanted)]
    chosen, following = page_of(numbered, asked, lambda one: f"{found.entry}:{one[0]}")
    return {"items": [_item(one) for _, one in chosen], "next": following}


@api.get("/gaps", READS, Page[dict[str, Any]], operation_id="gaps_list")
def gaps(request: HttpRequest, asked: Query[Paged]) -> dict[str, Any]:
    """What should have been seen and was not."""
    return _page(_standing().report["gaps"], asked)


@api.get("/drift", READS, dict[str, Any], operation_id="drift")
def drift(request: HttpRequest, before: Entry = None, after: Entry = None) -> dict[str, Any]:
    """What changed between two looks, by the ledger entries of their conclusions; without them, since the look before."""
    found = drift_of(before, after)
    return {"before": found.before, "after": found.after, "changes": list(found.changes)}


@api.get("/activity", May.READ_ACTIVITY, Activity, operation_id="activity")
def activity(request: HttpRequest, before: Entry = None) -> dict[str, Any]:
    """The ledger, the newest first."""
    found, older = page_of_activity(before)
    return {"items": [asdict(one) for one in found], "before": older}


@api.get("/search", READS, list[Found], operation_id="search")
def search(request: HttpRequest, q: Annotated[str, Field(max_length=200)]) -> list[Any]:
    """What holds every word, best first."""
    return list(find(standing(), q))


def _standing() -> Standing:
    return found_or_404(standing(), "standing: nothing was judged yet")  # type: ignore[no-any-return]


def _page(things: list[Object], asked: Paged) -> dict[str, Any]:
    chosen, following = page_of(things, asked, lambda one: str(one["id"]))
    return {"items": list(chosen), "next": following}


def _item(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Item.model_fields}
