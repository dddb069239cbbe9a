"""What the company says about itself: what it sells, which categories it wants examined, and what lies with others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assay.catalogue.boundary import Boundary, boundary_problems, read_boundary
from assay.catalogue.criteria import Criterion
from assay.catalogue.loading import Catalogue
from assay.catalogue.reading import Fields
from assay.catalogue.vocabulary import Category, System, Trait
from assay.errors import AssayError


class ScopeError(AssayError):
    """A scope that cannot stand; the text gives every reason, a sentence each."""


@dataclass(frozen=True, slots=True)
class CarveOut:
    """A subservice organization by the carve-out method.

    What it does, the `criteria` that rest with it whole, those that it `shares` with us, the controls expected of it, and our
    controls that monitor it.
    """

    provider: str
    services: str
    criteria: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    monitoring: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """One version of the scope. `people` counts workers, contractors included; `zone` is the IANA name of the company's time zone.

    `not_relevant` maps a criterion to the reason why it does not bear on the system. `boundary` says what is in and out, where the company said it.
    """

    company: str
    sells: str
    system: System
    people: int
    zone: str
    categories: frozenset[Category] = frozenset({Category.SECURITY})
    traits: frozenset[Trait] = frozenset()
    carve_outs: tuple[CarveOut, ...] = ()
    not_relevant: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    boundary: Boundary | None = None

    def to_object(self) -> dict[str, object]:
        """Give the scope as canonical JSON holds it, for the body of its act."""
        return {
            "company": self.company,
            "sells": self.sells,
            "system": self.system.value,
            "people": self.people,
            "zone": self.zone,
            "categories": [one.value for one in Category if one in self.categories],
            "traits": [one.value for one in Trait if one in self.traits],
            "carve_outs": [_carve_out_object(one) for one in self.carve_outs],
            "not_relevant": dict(sorted(self.not_relevant.items())),
            **({} if self.boundary is None else {"boundary": self.boundary.to_object()}),
        }

    @classmethod
    def from_object(cls, value: object) -> Scope:
        """Give the scope that `to_object` wrote, or that a person wrote in the same form. Raises CatalogueError with the field."""
        fields = Fields("scope", value)
        reasons = fields.fields("not_relevant") if "not_relevant" in fields else Fields("scope", {})
        scope = cls(
            company=fields.text("company"),
            sells=fields.text("sells"),
            system=fields.choice("system", System),
            people=fields.integer("people"),
            zone=fields.text("zone"),
            categories=frozenset(fields.choices("categories", Category)),
            traits=frozenset(fields.choices("traits", Trait)),
            carve_outs=tuple(_read_carve_outs(fields)),
            not_relevant=MappingProxyType({one: reasons.text(one) for one in reasons.names()}),
            boundary=read_boundary(fields.fields("boundary")) if "boundary" in fields else None,
        )
        fields.done()
        return scope

    def carriers(self, criterion: str) -> tuple[CarveOut, ...]:
        """Give the carved-out providers with which a whole criterion rests."""
        return tuple(one for one in self.carve_outs if criterion in one.criteria)

    def sharers(self, criterion: str) -> tuple[CarveOut, ...]:
        """Give the carved-out providers whose controls take part in meeting a criterion, beside ours."""
        return tuple(one for one in self.carve_outs if criterion in one.shares)


def _carve_out_object(one: CarveOut) -> dict[str, object]:
    return {
        "provider": one.provider,
        "services": one.services,
        "criteria": list(one.criteria),
        "shares": list(one.shares),
        "expected": list(one.expected),
        "monitoring": list(one.monitoring),
    }


def _read_carve_outs(fields: Fields) -> Iterator[CarveOut]:
    if "carve_outs" not in fields or not (value := fields.take("carve_outs")):
        return
    if not isinstance(value, list):
        raise fields.error("carve_outs", "must be a list of providers")
    for number, one in enumerate(value, 1):
        inner = Fields("scope", one, f"carve_outs[{number}]")
        yield CarveOut(
            provider=inner.text("provider"),
            services=inner.text("services"),
            criteria=inner.texts("criteria"),
            shares=inner.texts("shares"),
            expected=inner.texts("expected"),
            monitoring=inner.texts("monitoring"),
        )
        inner.done()


def validate_scope(catalogue: Catalogue, scope: Scope) -> tuple[str, ...]:
    """Give a sentence for each thing that keeps a scope from standing; none means that it stands."""
    return (
        *_company(scope),
        *_traits(scope),
        *_not_relevant(catalogue, scope),
        *_carve_outs(catalogue, scope),
        *(() if scope.boundary is None else boundary_problems(scope.boundary)),
    )


def require_scope(catalogue: Catalogue, scope: Scope) -> None:
    """Raise ScopeError with every sentence of `validate_scope`, if there is one."""
    if sentences := validate_scope(catalogue, scope):
        raise ScopeError(" ".join(sentences))


def _company(scope: Scope) -> Iterator[str]:
    if not scope.company.strip():
        yield "The company has no name; give it."
    if not scope.sells.strip():
        yield "The scope does not say what the company sells; say it in a sentence."
    if scope.people < 1:
        yield f"A company of {scope.people} people cannot be examined; count everybody who works for it, contractors included."
    if not _known_zone(scope.zone):
        yield f"{scope.zone!r} is no time zone that Assay knows; give its IANA name, such as Europe/Paris."
    if Category.SECURITY not in scope.categories:
        yield "Security is missing from the categories; it is in every scope, so add it."


def _known_zone(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _traits(scope: Scope) -> Iterator[str]:
    traits = scope.traits
    if {Trait.REMOTE_ONLY, Trait.HAS_OFFICE} <= traits:
        yield "The scope says that there is an office and that there is none; keep one of has_office and remote_only."
    if not traits & {Trait.USES_CLOUD, Trait.OWN_DATA_CENTRE}:
        yield "The scope does not say where the system runs; state uses_cloud, own_data_centre or both."
    if Trait.HANDLES_PHI in traits and Trait.HANDLES_PERSONAL_DATA not in traits:
        yield "Health information is personal data; state handles_personal_data as well."
    if Category.PRIVACY in scope.categories and Trait.HANDLES_PERSONAL_DATA not in traits:
        yield "Privacy is in scope and no personal data is; state handles_personal_data, or leave Privacy out."


def _not_relevant(catalogue: Catalogue, scope: Scope) -> Iterator[str]:
    for one, reason in sorted(scope.not_relevant.items()):
        criterion = catalogue.criteria.get(one)
        if criterion is None:
            yield f"{one} is called not relevant and is no criterion; mend its id."
        elif criterion.common:
            yield (
                f"{one} is a common criterion and cannot be called not relevant; keep its controls, or carve it out to a stated provider "
                "with a control of ours that monitors it."
            )
        elif criterion.category not in scope.categories:
            yield f"{one} is called not relevant, but {criterion.category.label} is not in scope; remove the entry."
        elif len(reason.split()) < 3:
            yield f"{one} is called not relevant without a reason; say in a sentence why it does not bear on the system."
    for category in sorted(scope.categories - {Category.SECURITY}):
        ids = {one.id for one in catalogue.criteria.values() if one.category is category}
        if ids <= scope.not_relevant.keys():
            yield f"Every criterion of {category.label} is called not relevant; leave the category out."


def _carve_outs(catalogue: Catalogue, scope: Scope) -> Iterator[str]:
    named: set[str] = set()
    for one in scope.carve_outs:
        name = one.provider.strip()
        if not name:
            yield "A carve-out names no provider; state which one carries it."
            continue
        if name in named:
            yield f"{name} is carved out twice; put what it does into one entry."
        named.add(name)
        if not one.services.strip():
            yield f"The carve-out of {name} does not say what it does for the system; say it in a sentence."
        yield from _carried(catalogue, scope, one)
        yield from _monitoring(catalogue, scope, one)


def _carried(catalogue: Catalogue, scope: Scope, one: CarveOut) -> Iterator[str]:
    named = list(dict.fromkeys((*one.criteria, *one.shares)))
    if named and not any(expected.strip() for expected in one.expected):
        yield f"The scope rests {', '.join(named)} on {one.provider} and names no control expected of it; name one."
    for each in named:
        criterion = catalogue.criteria.get(each)
        if criterion is None:
            yield f"The carve-out of {one.provider} names {each}, which is no criterion; mend its id."
        elif criterion.category not in scope.categories and not criterion.common:
            yield f"The carve-out of {one.provider} names {each}, but {criterion.category.label} is not in scope; remove it."
        elif each in scope.not_relevant:
            yield f"{each} is both carved out to {one.provider} and called not relevant; keep one of the two."
        elif each in one.criteria and each in one.shares:
            yield f"{each} rests whole with {one.provider} and is shared with it; keep one of the two."
        elif each in one.criteria:
            yield from _whole(scope, one, criterion)


def _whole(scope: Scope, one: CarveOut, criterion: Criterion) -> Iterator[str]:
    if criterion.carried is None:
        yield f"{criterion.id} rests with the company itself; {one.provider} can share it, but not carry it whole."
    elif criterion.carried.met(scope) is None:
        yield f"{criterion.id} cannot rest whole with {one.provider}: {criterion.carried.otherwise}"


def _monitoring(catalogue: Catalogue, scope: Scope, one: CarveOut) -> Iterator[str]:
    monitors = [
        control.id
        for control in catalogue.controls.values()
        if control.monitors_providers and control.applies.met(scope)
    ]
    if not one.monitoring:
        yield f"No control of ours monitors {one.provider}; name one of {', '.join(monitors)}."
    for each in one.monitoring:
        if each not in catalogue.controls:
            yield f"The carve-out of {one.provider} is monitored by {each}, which is no control; mend its id."
        elif each not in monitors:
            yield f"{each} does not monitor a provider such as {one.provider}; name one of {', '.join(monitors)}."
