"""Risks and assessments as pages show them: rated by the method, with how the controls that a treatment rests on stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from assay.audit.risk import Rating, cells, lacks, level_of, next_due, rests_on
from assay.catalogue import Level, Method, Scope, StartingRisk, load_risks
from assay.catalogue.risks import Step
from assay.evidence.canonical import Json, encode
from assay.evidence.merkle import root_of_data
from assay_web.home import current_home
from assay_web.queries.parameters import whole
from assay_web.queries.scoping import scope_in_force
from assay_web.queries.standing import Standing
from assay_web.records.registers import Line
from assay_web.records.risks import Assessment, AssessmentState, Risk

SIDE, LEFT, TOP = 56, 84, 8
"""The heat-map's cell, and the room for its words, in units of the picture."""


@dataclass(frozen=True, slots=True)
class RiskShown:
    """A risk with its levels before and after treatment, what its treatment rests on, and what it lacks for an assessment."""

    risk: Risk
    inherent: Level | None
    residual: Level | None
    rests: str
    weak: bool
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the heat-map, with where it is drawn; `ids` are the risks in it."""

    likelihood: int
    impact: int
    level: str
    count: int

    @property
    def x(self) -> int:
        return LEFT + (self.impact - 1) * SIDE

    @property
    def y(self) -> int:
        return TOP + (5 - self.likelihood) * SIDE

    @property
    def name(self) -> str:
        """The cell in an address."""
        return f"{self.likelihood}-{self.impact}"


def method() -> Method:
    """Give the method in force."""
    return load_risks(current_home().content).method


def shown(risks: Iterable[Risk], found: Standing | None) -> dict[int, RiskShown]:
    """Give risks as shown, by key."""
    how, today = method(), timezone.localdate()
    states = {one: control["state"] for one, control in found.controls.items()} if found else {}
    return {one.pk: _shown(one, how, states, today) for one in risks}


def _shown(risk: Risk, how: Method, states: dict[str, str], today: date) -> RiskShown:
    weak = any(states.get(one, "unknown") in {"missing", "unknown", "not relevant"} for one in risk.controls)
    return RiskShown(
        risk,
        level_of(how, risk.inherent),
        level_of(how, risk.residual),
        rests_on(states, risk.controls),
        weak,
        lacks(how, risk.rated, today),
    )


def open_risks() -> list[Risk]:
    """Give the risks that hold, the highest left first, unrated ones on top."""
    found = list(Risk.objects.filter(ended=None).select_related("owner", "accepted_by").order_by("pk"))
    return sorted(found, key=lambda one: -(one.residual.number if one.residual else 99))


def heat(risks: Iterable[Risk], *, after: bool) -> list[Cell]:
    """Give the 25 cells of the heat-map with how many risks each holds, after or before treatment."""
    how = method()
    ratings = [one.residual if after else one.inherent for one in risks]
    counts = cells(one for one in ratings if one is not None)
    return [
        Cell(likelihood, impact, how.level(likelihood * impact).name, counts.get((likelihood, impact), 0))
        for likelihood in range(5, 0, -1)
        for impact in range(1, 6)
    ]


def by_level(risks: Iterable[Risk], *, after: bool) -> list[tuple[Level, int]]:
    """Count risks by level, the worst first: the heat-map in words."""
    how = method()
    levels = [level_of(how, one.residual if after else one.inherent) for one in risks]
    return [(level, levels.count(level)) for level in reversed(how.levels)]


@dataclass(frozen=True, slots=True)
class Heat:
    """The heat-map drawn: its cells, its counts by level, and its words: (y, step) beside the rows and (x, step) below the columns."""

    after: bool
    total: int
    cells: list[Cell]
    levels: list[tuple[Level, int]]
    rows: list[tuple[int, Step]]
    columns: list[tuple[int, Step]]


def heat_map(risks: Sequence[Risk], *, after: bool) -> Heat:
    """Give the heat-map of risks, after or before treatment."""
    how = method()
    return Heat(
        after,
        len(risks),
        heat(risks, after=after),
        by_level(risks, after=after),
        [(TOP + (5 - one.number) * SIDE + SIDE // 2 + 4, one) for one in how.likelihood],
        [(LEFT + (one.number - 1) * SIDE + SIDE // 2, one) for one in how.impact],
    )


def in_cell(risks: Iterable[Risk], rating: Rating, *, after: bool) -> list[Risk]:
    """Give the risks of one cell."""
    return [one for one in risks if (one.residual if after else one.inherent) == rating]


def suggestions() -> list[StartingRisk]:
    """Give the starting risks for the scope in force that the register does not hold, closed ones counted as held; none before a scope."""
    setting = scope_in_force()
    if setting is None:
        return []
    held = set(Risk.objects.exclude(origin="").values_list("origin", flat=True))
    risks = load_risks(current_home().content)
    return [one for one in risks.for_scope(Scope.from_object(setting.value)) if one.id not in held]


def register_as_it_stands() -> list[Json]:
    """Give every open risk as an approval freezes it: what it says, and its ratings in numbers and words."""
    how = method()
    return [
        _frozen(one, how) for one in Risk.objects.filter(ended=None).select_related("owner").order_by("pk")
    ]


def root_of(lines: Iterable[Json]) -> str:
    """Give the root (RFC 6962) over lines, in hex."""
    return root_of_data(encode(one) for one in lines).hex()


def _frozen(risk: Risk, how: Method) -> Json:
    inherent, residual = risk.inherent, risk.residual
    before, after = level_of(how, inherent), level_of(how, residual)
    until = risk.rated.accepted_until
    return {
        "id": str(risk),
        "version": risk.version,
        "what": risk.what,
        "cause": risk.cause,
        "hits": risk.hits,
        "category": risk.category,
        "owner": risk.owner.actor if risk.owner else None,
        "likelihood": risk.likelihood,
        "impact": risk.impact,
        "rating": inherent.number if inherent else None,
        "level": before.name if before else None,
        "treatment": risk.treatment,
        "plan": risk.plan,
        "due": risk.due.isoformat() if risk.due else None,
        "controls": list(risk.controls),
        "residual_likelihood": risk.residual_likelihood,
        "residual_impact": risk.residual_impact,
        "residual_rating": residual.number if residual else None,
        "residual_level": after.name if after else None,
        "commitments": list(risk.commitments),
        "accepted_until": until.isoformat() if until else None,
    }


HEADINGS = (
    "id",
    "what",
    "cause",
    "hits",
    "category",
    "owner",
    "likelihood",
    "impact",
    "rating",
    "level",
    "treatment",
    "plan",
    "due",
    "controls",
    "residual_likelihood",
    "residual_impact",
    "residual_rating",
    "residual_level",
    "commitments",
    "accepted_until",
)


def rows_of(lines: Sequence[Json], names: dict[str, str]) -> Iterable[tuple[Any, ...]]:
    """Give frozen or standing lines as rows under HEADINGS; owners by name where `names` has them."""
    for one in lines:
        yield tuple(
            names.get(one[name] or "", one[name]) if name == "owner" else one[name] for name in HEADINGS
        )


def newest_approved() -> Assessment | None:
    """Give the assessment that was approved last."""
    return Assessment.objects.filter(state=AssessmentState.APPROVED).order_by("-ended").first()


def assessment_due() -> tuple[date | None, int]:
    """Give the day by which the next assessment is to be approved (None: none was yet, so now), and the parameter's days."""
    newest, days = newest_approved(), whole("risk_assessment_days")
    approved = timezone.localdate(newest.ended) if newest and newest.ended else None
    return next_due(approved, days), days


def linked_commitments(line: Line) -> list[tuple[str, int]]:
    """Give the commitments that a risk names, as “C-4” and its number."""
    ids: list[str] = getattr(line, "commitments", [])
    return [(one, int(one.partition("-")[2])) for one in ids]
