"""What each plan of GitHub gives a collection, set out for a terminal; all of it from the table specs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from assay.cli.setting_out import wrapped

if TYPE_CHECKING:
    from assay.collectors.github_plan import PlanLack
    from assay.tables import TableSpec

TITLES = {"free": "Free", "team": "Team", "enterprise": "Enterprise"}
WORDS = {"all": "all", "bought": "bought", "none": "nothing", "public": "public"}


def plans_json(specs: Iterable[TableSpec]) -> dict[str, list[dict[str, Any]]]:
    """Give by plan what it lacks, for `--json`."""
    return {
        plan: [
            {
                "columns": list(one.columns),
                "given": str(one.given),
                "instead": one.instead,
                "needs": one.needs,
                "table": one.table,
            }
            for one in lacks
        ]
        for plan, lacks in _by_plan(specs).items()
    }


def in_short(specs: Sequence[TableSpec]) -> str:
    """Say in a sentence how many tables each plan lacks, whole or in part, and where to read which."""
    lacks = _by_plan(specs)
    counts = ", ".join(f"{len(lacks[plan])} on {title}" for plan, title in TITLES.items())
    return wrapped(
        f"What GitHub's plan of an organization lacks becomes gaps, whole or in part: of {len(specs)} tables {counts}. "
        "`assay connect github --plans` names them, and the evidence to give instead.",
        indent="",
    )


def plans_said(specs: Sequence[TableSpec]) -> str:
    """Say which tables each plan gives and what can stand in for the others."""
    lacks = _by_plan(specs)
    names = sorted({one.table for found in lacks.values() for one in found})
    lines = [
        wrapped(
            "What a collection sees on each plan of GitHub. What a plan lacks becomes a gap: what rests on it is UNKNOWN, which never counts as conforming.",
            indent="",
        ),
        "",
        _row("", TITLES.values()),
        *(_row(name, (_given(lacks[plan], name) for plan in TITLES)) for name in names),
        _row(f"the other {len(specs) - len(names)} tables", ("all" for _ in TITLES)),
        "",
        "public: of public repositories only.",
        "bought: of public repositories; of private ones where a product is bought.",
        "",
        "What can stand in:",
        *(line for spec in specs if spec.plan for line in _instead(spec)),
    ]
    return "\n".join(lines)


def _by_plan(specs: Iterable[TableSpec]) -> dict[str, list[PlanLack]]:
    from assay.collectors.github_plan import what_a_plan_lacks

    specs = list(specs)
    return {plan: what_a_plan_lacks(specs, plan) or [] for plan in TITLES}


def _given(lacks: Iterable[PlanLack], table: str) -> str:
    return next((WORDS[str(one.given)] for one in lacks if one.table == table), "all")


def _row(name: str, cells: Iterable[str]) -> str:
    return f"  {name:30}" + "".join(f"{cell:12}" for cell in cells).rstrip()


def _instead(spec: TableSpec) -> list[str]:
    """A table, or the columns of it that are meant, with the need and the evidence below it."""
    assert spec.plan is not None  # noqa: S101 — asked for by the caller
    columns = f" ({', '.join(spec.plan.columns)})" if spec.plan.columns else ""
    return [f"  {spec.name}{columns}", wrapped(f"    {spec.plan.says}", indent="    ")]
