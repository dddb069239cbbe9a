"""Facts for a report out of the content in force and the scope: criteria, controls, families, checks, tables, company."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assay.audit.inputs import CheckFacts, Company, ControlFacts, CriterionFacts, FamilyFacts, TableFacts
from assay.catalogue import (
    Catalogue,
    Category,
    CriterionStanding,
    Scope,
    Standing,
    TailoredControl,
    Tailoring,
)
from assay.checks import Check
from assay.tables import TableSpec

_OUT = (CriterionStanding.OUT_OF_SCOPE, CriterionStanding.NOT_RELEVANT)


def company(scope: Scope, not_used: Iterable[str] = ()) -> Company:
    """Give who the report is about; `not_used` are kinds of source that the company says it does not have."""
    categories = tuple(one.value for one in Category if one in scope.categories)
    return Company(scope.company, scope.sells, scope.people, categories, scope.zone, frozenset(not_used))


def control_facts(catalogue: Catalogue, tailoring: Tailoring) -> tuple[ControlFacts, ...]:
    """Give every control of the catalogue; what the tailoring does not recommend is left out, with its reason."""
    return tuple(
        ControlFacts(
            id=one.id,
            domain=one.domain,
            statement=one.statement,
            kind=one.kind.value,
            nature=one.nature.value,
            cadence=one.cadence.value if one.cadence else "",
            trigger=one.trigger.value if one.trigger else "",
            owner=one.owner,
            type1=one.type1,
            left_out=_left_out(tailoring.controls[one.id]),
            asks_for=one.evidence_kind.value,
        )
        for one in catalogue.controls.values()
    )


def _left_out(tailored: TailoredControl) -> str | None:
    if tailored.standing is Standing.RECOMMENDED:
        return None
    return f"Optional: {tailored.reason}" if tailored.standing is Standing.OPTIONAL else tailored.reason


def criterion_facts(catalogue: Catalogue, tailoring: Tailoring) -> tuple[CriterionFacts, ...]:
    """Give every criterion; what is not in scope or not relevant carries the reason, what a provider carries or shares a note."""
    return tuple(
        CriterionFacts(
            id=one.id,
            category=one.category.value,
            gist=one.title,
            controls=_serving(catalogue, tailoring, one.id),
            points=len(one.points),
            left_out=tailoring.criteria[one.id].reason
            if tailoring.criteria[one.id].standing in _OUT
            else None,
            note=tailoring.criteria[one.id].reason if tailoring.criteria[one.id].providers else None,
        )
        for one in catalogue.criteria.values()
    )


def _serving(catalogue: Catalogue, tailoring: Tailoring, criterion: str) -> tuple[str, ...]:
    """The controls that serve a criterion, those included that watch the provider which carries it."""
    return tuple(sorted({*catalogue.controls_serving(criterion), *tailoring.criteria[criterion].controls}))


def family_facts(catalogue: Catalogue) -> tuple[FamilyFacts, ...]:
    """Give the six families in their order."""
    ordered = sorted(catalogue.families.values(), key=lambda one: (one.order, one.id))
    return tuple(FamilyFacts(one.id, one.title, one.controls, one.not_shown, one.says) for one in ordered)


def check_facts(checks: Mapping[str, Check]) -> tuple[CheckFacts, ...]:
    """Give what a report says of each check."""
    return tuple(
        CheckFacts(
            id=one.id,
            title=one.title,
            controls=one.controls,
            severity=one.severity.value,
            reads=one.reads,
            items=one.items,
            shows=one.shows,
            does_not_show=one.does_not_show,
            remedy={
                name: text for name in ("console", "cli", "terraform") if (text := getattr(one.remedy, name))
            },
        )
        for _, one in sorted(checks.items())
    )


def table_facts(specs: Mapping[str, TableSpec]) -> tuple[TableFacts, ...]:
    """Give what a report says of each table."""
    return tuple(
        TableFacts(one.name, one.source, one.says, bool(one.personal)) for _, one in sorted(specs.items())
    )
