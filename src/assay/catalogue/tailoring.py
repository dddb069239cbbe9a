"""Which controls a company of this scope starts with, which it may add, and which make no sense for it: each with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from assay.catalogue.conditions import Condition
from assay.catalogue.controls import ControlTemplate
from assay.catalogue.criteria import Criterion
from assay.catalogue.loading import Catalogue
from assay.catalogue.scope import CarveOut, Scope, ScopeError, require_scope


class Standing(StrEnum):
    """Where a control stands in a scope."""

    RECOMMENDED = "recommended"
    OPTIONAL = "optional"
    NOT_APPLICABLE = "not_applicable"


class CriterionStanding(StrEnum):
    """Where a criterion stands in a scope: answered by own controls, carried by a carved-out provider under our monitoring, or not examined."""

    OWN = "own"
    CARRIED = "carried"
    NOT_RELEVANT = "not_relevant"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class TailoredControl:
    """A control in a scope. `criteria` are those it serves that are in scope and relevant."""

    control: str
    standing: Standing
    reason: str
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TailoredCriterion:
    """A criterion in a scope: the recommended `controls` that answer it (our monitoring included, where a provider carries it), the
    `optional` ones that may be added, and the `providers` that carry or share it."""

    criterion: str
    standing: CriterionStanding
    reason: str
    controls: tuple[str, ...]
    optional: tuple[str, ...]
    providers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tailoring:
    """The catalogue as one scope sees it: every control and every criterion, in the catalogue's order."""

    controls: Mapping[str, TailoredControl]
    criteria: Mapping[str, TailoredCriterion]

    def having(self, standing: Standing) -> tuple[str, ...]:
        """Give the controls that stand so, by id."""
        return tuple(one.control for one in self.controls.values() if one.standing is standing)

    @property
    def recommended(self) -> tuple[str, ...]:
        """The controls that a company starts with, by id."""
        return self.having(Standing.RECOMMENDED)

    @property
    def in_scope(self) -> tuple[str, ...]:
        """The criteria that are examined: own and carried ones."""
        live = (CriterionStanding.OWN, CriterionStanding.CARRIED)
        return tuple(one.criterion for one in self.criteria.values() if one.standing in live)

    def to_object(self) -> dict[str, object]:
        """Give the tailoring as canonical JSON holds it, for reports."""
        return {
            "controls": {
                key: {"standing": one.standing.value, "reason": one.reason, "criteria": list(one.criteria)}
                for key, one in self.controls.items()
            },
            "criteria": {
                key: {
                    "standing": one.standing.value,
                    "reason": one.reason,
                    "controls": list(one.controls),
                    "optional": list(one.optional),
                    "providers": list(one.providers),
                }
                for key, one in self.criteria.items()
            },
        }


def tailor(catalogue: Catalogue, scope: Scope) -> Tailoring:
    """Tailor the catalogue to a scope: the same scope and content give the same result.

    1. Each control stands by its rules in the content. 2. A criterion in scope that no recommended control would answer gets the
    first optional one. 3. Each criterion says what answers it. Raises ScopeError where the scope cannot stand, or nothing can answer a criterion.
    """
    require_scope(catalogue, scope)
    controls = {one.id: _stand(catalogue, scope, one) for one in catalogue.controls.values()}  # 1
    for criterion in catalogue.criteria.values():  # 2
        if _standing(scope, criterion) is CriterionStanding.OWN:
            _promote(catalogue, controls, criterion.id)
    criteria = {one.id: _answer(catalogue, scope, controls, one) for one in catalogue.criteria.values()}  # 3
    return Tailoring(MappingProxyType(controls), MappingProxyType(criteria))


def _standing(scope: Scope, criterion: Criterion) -> CriterionStanding:
    if criterion.category not in scope.categories:
        return CriterionStanding.OUT_OF_SCOPE
    if criterion.id in scope.not_relevant:
        return CriterionStanding.NOT_RELEVANT
    return CriterionStanding.CARRIED if scope.carriers(criterion.id) else CriterionStanding.OWN


def _stand(catalogue: Catalogue, scope: Scope, control: ControlTemplate) -> TailoredControl:
    served = [catalogue.criteria[one] for one in catalogue.criteria_served_by(control.id)]
    standings = {one.id: _standing(scope, one) for one in served}
    live = tuple(
        key for key, one in standings.items() if one in (CriterionStanding.OWN, CriterionStanding.CARRIED)
    )
    if not live:
        return TailoredControl(control.id, Standing.NOT_APPLICABLE, _why_not_examined(scope, served), ())
    if control.applies.met(scope) is None:
        return TailoredControl(control.id, Standing.NOT_APPLICABLE, control.applies.otherwise, live)
    if watched := [one for one in scope.carve_outs if control.id in one.monitoring]:
        return TailoredControl(control.id, Standing.RECOMMENDED, _why_monitoring(watched), live)
    if CriterionStanding.OWN not in standings.values():
        providers = _names([provider.provider for one in live for provider in scope.carriers(one)])
        return TailoredControl(
            control.id, Standing.OPTIONAL, f"{_names(live)} {_rest(live)} with {providers}.", live
        )
    condition = control.recommended.met(scope)
    if condition is None:
        return TailoredControl(control.id, Standing.OPTIONAL, control.recommended.otherwise, live)
    return TailoredControl(control.id, Standing.RECOMMENDED, _why_recommended(condition, scope, live), live)


def _promote(catalogue: Catalogue, controls: dict[str, TailoredControl], criterion: str) -> None:
    serving = [controls[one] for one in catalogue.controls_serving(criterion)]
    if any(one.standing is Standing.RECOMMENDED for one in serving):
        return
    optional = next((one for one in serving if one.standing is Standing.OPTIONAL), None)
    if optional is None:
        raise ScopeError(
            f"No control that makes sense for this scope serves {criterion}. State why it is not relevant, or add a control that serves it."
        )
    reason = f"Without it no recommended control would serve {criterion}."
    controls[optional.control] = TailoredControl(
        optional.control, Standing.RECOMMENDED, reason, optional.criteria
    )


def _answer(
    catalogue: Catalogue, scope: Scope, controls: Mapping[str, TailoredControl], criterion: Criterion
) -> TailoredCriterion:
    standing = _standing(scope, criterion)
    if standing is CriterionStanding.OUT_OF_SCOPE:
        reason = f"{criterion.category.label} is not in scope."
        return TailoredCriterion(criterion.id, standing, reason, (), (), ())
    if standing is CriterionStanding.NOT_RELEVANT:
        return TailoredCriterion(criterion.id, standing, scope.not_relevant[criterion.id], (), (), ())
    serving = [controls[one] for one in catalogue.controls_serving(criterion.id)]
    recommended = {one.control for one in serving if one.standing is Standing.RECOMMENDED}
    optional = tuple(one.control for one in serving if one.standing is Standing.OPTIONAL)
    carriers = scope.carriers(criterion.id)
    recommended |= {one for carrier in carriers for one in carrier.monitoring}
    reason = "Own controls answer it."
    if carriers:
        monitoring = _names([one for carrier in carriers for one in carrier.monitoring])
        reason = f"It rests with {_names([one.provider for one in carriers])}, monitored by {monitoring}."
    sharers = scope.sharers(criterion.id)
    if sharers and not carriers:
        reason = f"Own controls answer it, together with those expected of {_names([one.provider for one in sharers])}."
    providers = tuple(dict.fromkeys(one.provider for one in (*carriers, *sharers)))
    return TailoredCriterion(criterion.id, standing, reason, tuple(sorted(recommended)), optional, providers)


def _why_not_examined(scope: Scope, served: list[Criterion]) -> str:
    outside = list(
        dict.fromkeys(one.category.label for one in served if one.category not in scope.categories)
    )
    irrelevant = [one.id for one in served if one.category in scope.categories]
    if not irrelevant:
        return (
            f"It serves {_names(outside)} alone, which {'is' if len(outside) == 1 else 'are'} not in scope."
        )
    return f"It serves {_names(irrelevant)}, which the scope calls not relevant{', and nothing else in scope' if outside else ''}."


def _why_monitoring(watched: list[CarveOut]) -> str:
    return f"It is our own control over {_names([one.provider for one in watched])}."


def _why_recommended(condition: Condition, scope: Scope, live: tuple[str, ...]) -> str:
    if condition.because:
        return condition.because
    reasons = []
    if condition.people_from:
        reasons.append(f"the company has {condition.people_from} people or more")
    if condition.categories:
        named = [one.label for one in sorted(condition.categories & scope.categories)]
        reasons.append(f"{_names(named)} {'is' if len(named) == 1 else 'are'} in scope")
    if condition.systems:
        reasons.append(f"the company sells {scope.system.words}")
    reasons += [f"the company {one.fact}" for one in sorted(condition.traits)]
    sentence = f"It serves {_names(live)}"
    return f"{sentence}, and {_names(reasons)}." if reasons else f"{sentence}."


def _rest(items: tuple[str, ...]) -> str:
    return "rests" if len(items) == 1 else "rest"


def _names(items: list[str] | tuple[str, ...]) -> str:
    unique = list(dict.fromkeys(items))
    return unique[0] if len(unique) == 1 else f"{', '.join(unique[:-1])} and {unique[-1]}"
