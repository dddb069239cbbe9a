"""The plan up to the report and its budget, out of the scope and of what the company said of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from assay.audit.budget import Budget, Given, Mover, make_budget, movers
from assay.audit.plan import Moved, Own, Plan, Route, default_route, make_plan, moved
from assay.catalogue import Asked, Scope
from assay_web.queries.scoping import scope_in_force
from assay_web.queries.standing import standing
from assay_web.records import auditor as records
from assay_web.records.registers import Line


@dataclass(frozen=True, slots=True)
class Planned:
    """The scope with its day of today, the line that is kept (None before the first), the plan by it, and the other way to the same report."""

    scope: Scope
    today: date
    line: records.Plan | None
    plan: Plan
    other: Plan
    since_saved: tuple[Moved, ...]


def scope_now() -> Scope | None:
    """Give the scope in force."""
    setting = scope_in_force()
    return None if setting is None else Scope.from_object(setting.value)


def planned() -> Planned | None:
    """Give the plan; None before there is a scope."""
    scope = scope_now()
    if scope is None:
        return None
    today = timezone.localdate(timezone=ZoneInfo(scope.zone))
    line = records.Plan.objects.select_related("changed_by").filter(pk=records.ONLY).first()
    return planned_as(scope, today, line)


def planned_as(scope: Scope, today: date, line: records.Plan | None) -> Planned:
    """Give the plan by a line, which need not be kept."""
    plan = plan_of(scope, today, line)
    elsewhere = Route.TYPE_1_THEN_2 if plan.route is Route.TYPE_2 else Route.TYPE_2
    other = make_plan(
        _begins(line, today), wanted=_wanted(scope), asked=_asked(scope), route=elsewhere, own=own_of(line)
    )
    since: tuple[Moved, ...] = ()
    if line is not None and line.pk and line.begins is None:
        saved = timezone.localtime(line.changed, ZoneInfo(scope.zone)).date()
        since = tuple(moved(plan_of(scope, saved, line), plan))
    return Planned(scope, today, line, plan, other, since)


def plan_of(scope: Scope, today: date, line: records.Plan | None = None) -> Plan:
    """Give the plan of a scope on a day: by the line, otherwise the usual one by usual lengths."""
    route = Route(line.route) if line else default_route(_asked(scope))
    return make_plan(
        _begins(line, today), wanted=_wanted(scope), asked=_asked(scope), route=route, own=own_of(line)
    )


def kept_plan() -> records.Plan | None:
    """Give the plan's line; None before the first."""
    return records.Plan.objects.filter(pk=records.ONLY).first()


def own_of(line: records.Plan | None) -> Own:
    """Give the company's own lengths."""
    return Own(**{name: getattr(line, name) for name in Own.__dataclass_fields__}) if line else Own()


def _begins(line: records.Plan | None, today: date) -> date:
    return (line and line.begins) or today


def _wanted(scope: Scope) -> date | None:
    return scope.boundary.target if scope.boundary else None


def _asked(scope: Scope) -> Asked:
    return scope.boundary.asked if scope.boundary else Asked.UNSURE


@dataclass(frozen=True, slots=True)
class Budgeted:
    """The budget, what moves the fee, and the line that is kept."""

    line: records.Budget | None
    budget: Budget
    movers: tuple[Mover, ...]


def budgeted(line: records.Budget | None = None) -> Budgeted | None:
    """Give the budget by a line, by default the one that is kept; None before there is a scope."""
    scope = scope_now()
    if scope is None:
        return None
    kept = records.Budget.objects.select_related("changed_by").filter(pk=records.ONLY).first()
    route = _route(scope)
    found = standing()
    return Budgeted(
        kept,
        make_budget(given_of(line or kept, reports=2 if route is Route.TYPE_1_THEN_2 else 1)),
        movers(
            scope,
            type_2=route is not Route.TYPE_1,
            states=found.report["counts"] if found else {},
        ),
    )


def _route(scope: Scope) -> Route:
    line = kept_plan()
    return Route(line.route) if line else default_route(_asked(scope))


def given_of(line: records.Budget | None, *, reports: int) -> Given:
    """Give what the company gave; the fee of the chosen firm's quote where it gave none of its own."""
    if line is None:
        line = records.Budget()
    fee, fee_from = _pair(line, "fee"), ""
    chosen = records.Auditor.objects.select_related("firm").first()
    if fee is None and chosen is not None and chosen.firm.currency == line.currency:
        fee, fee_from = quote_of(chosen.firm), f"The quote of {chosen.firm.name}"
    return Given(
        currency=line.currency,
        reports=reports,
        fee=fee,
        fee_from=fee_from,
        hours=_pair(line, "hours"),
        hourly=_pair(line, "hourly"),
        tools=_pair(line, "tools"),
        testing=_pair(line, "testing"),
    )


def quote_of(firm: records.Firm) -> tuple[int, int] | None:
    """Give what a firm asks for one report, at least and at most; None without a quote."""
    return _pair(firm, "price")


def _pair(line: Line, name: str) -> tuple[int, int] | None:
    """Give least and most; where one alone was given it is both."""
    least, most = getattr(line, f"{name}_least"), getattr(line, f"{name}_most")
    if least is None and most is None:
        return None
    return (most if least is None else least, least if most is None else most)
