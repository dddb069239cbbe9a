"""The scope as pages show it: its versions, what two of them differ in, and what a change would bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assay.catalogue import (
    Asked,
    Catalogue,
    Category,
    EvidenceKind,
    Kind,
    Scope,
    ScopeError,
    Tailoring,
    WorkersFrom,
    load_catalogue,
    load_setup,
    tailor,
)
from assay.evidence.canonical import parse_instant
from assay.evidence.ledger import Envelope
from assay.home import Home
from assay.home.judging import SCOPE
from assay.home.settings import Setting, history, setting_at
from assay.stores import MissingObjectError
from assay.wording import counted
from assay_web.home import current_home
from assay_web.queries.people import names_of

_PIECES = {
    EvidenceKind.DOCUMENT: ("approved document", "approved documents"),
    EvidenceKind.CONFIGURATION: ("setting, seen over time", "settings, seen over time"),
    EvidenceKind.POPULATION: ("complete list to draw samples from", "complete lists to draw samples from"),
    EvidenceKind.RECORD: ("record of a recurring duty", "records of recurring duties"),
    EvidenceKind.OBSERVATION: ("note of what a person saw", "notes of what a person saw"),
}


_WORKERS = {
    WorkersFrom.FILE: "a spreadsheet",
    WorkersFrom.PERSONNEL_SYSTEM: "an export of the personnel system",
    WorkersFrom.IDENTITY_PROVIDER: "the directory of accounts",
    WorkersFrom.UNDECIDED: "not decided",
}
_ASKED = {Asked.TYPE_1: "Type I", Asked.TYPE_2: "Type II", Asked.UNSURE: "not said, or either"}


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the scope: the act that set it, who, when, and from when it holds."""

    number: int
    entry: int
    at: datetime
    since: datetime
    who: str
    scope: Scope
    current: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A control or criterion by its id and words."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A fact of the scope that two versions state differently."""

    about: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What one scope has and another has not. `evidence` says in words what the added controls ask for."""

    facts: tuple[Changed, ...]
    added: tuple[Named, ...]
    removed: tuple[Named, ...]
    criteria_added: tuple[Named, ...]
    criteria_removed: tuple[Named, ...]
    evidence: tuple[str, ...]
    recurring: int

    @property
    def grows(self) -> bool:
        return bool(self.added or self.criteria_added)

    @property
    def same(self) -> bool:
        return not (self.facts or self.added or self.removed or self.criteria_added or self.criteria_removed)


def scope_in_force() -> Setting | None:
    """Give the setting that holds the scope now; None before the first."""
    home = current_home()
    return setting_at(home, SCOPE, home.now())


def is_scoped() -> bool:
    """Tell whether any scope was ever set."""
    return current_home().database.one("select 1 from setting where name = ?", (SCOPE,)) is not None


def versions() -> list[Version]:
    """Give every version, the newest first."""
    home = current_home()
    in_force = scope_in_force()
    acts = history(home, SCOPE)
    rows = home.database.rows(
        "select ordinal, envelope from ledger_entry where ordinal in (select entry from setting where name = ?)",
        (SCOPE,),
    )
    entries = {ordinal: Envelope.decode(envelope) for ordinal, envelope in rows}
    actors = {ordinal: _actor(home, envelope) for ordinal, envelope in entries.items()}
    names = names_of(set(actors.values()))
    found = [
        Version(
            number,
            one.entry,
            entries[one.entry].at,
            parse_instant(one.effective),
            names.get(actors[one.entry], actors[one.entry]),
            Scope.from_object(one.value),
            in_force is not None and one.entry == in_force.entry,
        )
        for number, one in enumerate(acts, 1)
    ]
    return found[::-1]


def _actor(home: Home, envelope: Envelope) -> str:
    try:
        return str(home.evidence.body(envelope.body).get("by", ""))
    except MissingObjectError:
        return "erased"


def difference(before: Scope | None, after: Scope) -> Difference:
    """Give what `after` has and `before` has not, and the other way round. Raises ScopeError where `after` cannot stand."""
    catalogue = load_catalogue(current_home().content)
    now = tailor(catalogue, after)
    then = _tailored(catalogue, before)
    had = set(then.recommended) if then else set()
    examined = set(then.in_scope) if then else set()
    added = [one for one in now.recommended if one not in had]
    return Difference(
        facts=tuple(_facts(before, after)),
        added=_controls(catalogue, added),
        removed=_controls(catalogue, [one for one in had if one not in now.recommended]),
        criteria_added=_criteria(catalogue, [one for one in now.in_scope if one not in examined]),
        criteria_removed=_criteria(catalogue, [one for one in examined if one not in now.in_scope]),
        evidence=evidence_words(catalogue, added),
        recurring=sum(catalogue.controls[one].kind is Kind.PERIODIC for one in added),
    )


def _tailored(catalogue: Catalogue, scope: Scope | None) -> Tailoring | None:
    """What stood when it was set may not stand by the content of today; then everything counts as added."""
    try:
        return None if scope is None else tailor(catalogue, scope)
    except ScopeError:
        return None


def _controls(catalogue: Catalogue, ids: list[str]) -> tuple[Named, ...]:
    return tuple(Named(one, catalogue.controls[one].statement) for one in sorted(ids))


def _criteria(catalogue: Catalogue, ids: list[str]) -> tuple[Named, ...]:
    return tuple(Named(one, catalogue.criteria[one].title) for one in sorted(ids))


def evidence_words(catalogue: Catalogue, controls: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Say what some controls ask for: “12 approved documents”, the most first."""
    kinds = [catalogue.controls[one].evidence_kind for one in controls]
    counts = sorted(((kinds.count(kind), kind) for kind in set(kinds)), key=lambda one: (-one[0], one[1]))
    return tuple(counted(number, *_PIECES[kind]) for number, kind in counts)


def _facts(before: Scope | None, after: Scope) -> list[Changed]:
    if before is None:
        return []
    old, new = facts_of(before), facts_of(after)
    return [
        Changed(name, old.get(name, ""), new.get(name, ""))
        for name in dict.fromkeys([*old, *new])
        if old.get(name, "") != new.get(name, "")
    ]


def facts_of(scope: Scope) -> dict[str, str]:
    """Give what a scope says, fact by fact, in words."""
    setup = load_setup(current_home().content)
    boundary = scope.boundary
    facts = {
        "Company": scope.company,
        "What is sold": scope.sells,
        "Kind of system": setup.systems[scope.system].title,
        "People": f"{scope.people:,}",
        "Time zone": scope.zone,
        "Categories": _listed([one.label for one in Category if one in scope.categories]),
        "How it works": _begun(_listed([one.fact for one in sorted(scope.traits)], "; ")),
        "Carved out": _listed([one.provider for one in scope.carve_outs]),
        "Not relevant": _listed(sorted(scope.not_relevant)),
    }
    if boundary is not None:
        kinds = setup.data_kinds
        facts |= {
            "Data": _listed([kinds[one].title if one in kinds else one for one in boundary.data_kinds]),
            "Vendors": _listed([one.name for one in boundary.vendors]),
            "Inside": _listed([one.name for one in boundary.things if one.inside]),
            "Outside": _listed([f"{one.name} ({one.why})" for one in boundary.things if not one.inside]),
            "Workers listed in": _WORKERS[boundary.workers_from],
            "Report asked for": _ASKED[boundary.asked],
            "Report wanted by": "" if boundary.target is None else f"{boundary.target:%d %b %Y}".lstrip("0"),
        }
    return {name: said for name, said in facts.items() if said}


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(items: list[str], between: str = ", ") -> str:
    return between.join(items)


def counted_scope(scope: Scope) -> dict[str, Any]:
    """Give how many controls and criteria a scope starts with, and what evidence those ask for."""
    catalogue = load_catalogue(current_home().content)
    tailoring = tailor(catalogue, scope)
    return {
        "controls": len(tailoring.recommended),
        "criteria": len(tailoring.in_scope),
        "evidence": evidence_words(catalogue, tailoring.recommended),
    }
