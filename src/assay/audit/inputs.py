"""What a readiness report is made from: plain facts, gathered by the home or out of a pack, so that both give the same report.

Instants are RFC 3339 texts in UTC. Conclusion sets, gaps and evidence bodies are the objects of docs/reference/formats.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

Object: TypeAlias = Mapping[str, Any]
"""A JSON object as formats.md describes it."""

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Company:
    """Who the report is about and what was put in scope; `not_used` are the kinds of source that the company says it does not have."""

    name: str
    sells: str = ""
    people: int | None = None
    categories: tuple[str, ...] = ("Security",)
    zone: str = "UTC"
    not_used: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CriterionFacts:
    """A criterion in scope or left out, with its gist in our words and the ids of its controls; `left_out` says why it is not relevant."""

    id: str
    category: str
    gist: str
    controls: tuple[str, ...]
    points: int = 0
    left_out: str | None = None
    note: str | None = None  # for example that part of it rests with a carved-out provider


def needs_hand(kind: str, nature: str) -> bool:
    """True where settings alone cannot show the whole of a control of this kind and nature."""
    return kind != "configuration" or not nature.startswith("automated")


@dataclass(frozen=True, slots=True)
class ControlFacts:
    """A control as worded. `kind` is configuration, periodic, per event, document or observation; `nature` begins with automated, hybrid or manual.

    `asks_for` is the kind of evidence that shows it: document, configuration, population, record or observation.
    """

    id: str
    domain: str
    statement: str
    kind: str
    nature: str = ""
    cadence: str = ""
    trigger: str = ""
    owner: str = ""
    type1: str = ""
    left_out: str | None = None
    asks_for: str = ""

    @property
    def needs_hand(self) -> bool:
        """True where settings alone cannot show the whole control: something must be done, written or decided by people as well."""
        return needs_hand(self.kind, self.nature)


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """A check: its title says the conforming condition; `reads` gives the columns it reads of each table; `items` the tables whose records it judges."""

    id: str
    title: str
    controls: tuple[str, ...]
    severity: str
    reads: Mapping[str, frozenset[str]]
    items: tuple[str, ...] = ()
    shows: str = ""
    does_not_show: str = ""
    remedy: Mapping[str, str] = field(default_factory=lambda: _EMPTY)


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table: the kind of source it comes from, one sentence, and whether its records are about a person (then no item of it is named)."""

    name: str
    source: str
    says: str = ""
    personal: bool = False


@dataclass(frozen=True, slots=True)
class FamilyFacts:
    """One of the six families of technical control, with what no connected source can show of it."""

    id: str
    title: str
    controls: tuple[str, ...]
    beyond: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """A connected system and its newest collection: up to when it was seen, and whether everything asked for came; `places` names accounts."""

    id: str
    kind: str
    name: str
    seen_up_to: str | None = None
    complete: bool = False
    places: Mapping[str, str] = field(default_factory=lambda: _EMPTY)


@dataclass(frozen=True, slots=True)
class PopulationFacts:
    """One population of the newest collections: how many records, and the root over their commitments in hex."""

    table: str
    account: str
    region: str
    size: int
    root: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class GapFacts:
    """A gap (formats.md, section 6) with since when it lasts and when that thing was last seen whole."""

    gap: Object
    since: str | None = None
    last_seen: str | None = None


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """A manual evidence body (formats.md, section 7), when it entered the ledger, and at which index."""

    body: Object
    at: str
    index: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One run of all checks: conclusion sets by check id (`counts` and `notes` of formats.md, section 9) at an instant.

    `keys` gives, by table, the keys that were there; with it drift can tell an item that conformed from one that did not exist.
    """

    as_of: str
    sets: Mapping[str, Object]
    period: tuple[str, str] | None = None
    keys: Mapping[str, frozenset[str]] | None = None


@dataclass(frozen=True, slots=True)
class Seal:
    """What the report rests on: the signed head of the ledger, who else holds it, and the command that checks the report."""

    size: int | None = None
    root: str = ""
    origin: str = ""
    witnesses: tuple[tuple[str, str], ...] = ()  # (name, instant of the cosignature)
    command: str = "assay verify PACK --key KEY"
    timestamps: tuple[tuple[str, str], ...] = ()  # (name of the authority, instant of the time-stamp)
    sent_to: tuple[tuple[str, str], ...] = ()  # (kind, name) of ways out whose word is not in a pack


@dataclass(frozen=True, slots=True)
class ReadinessInputs:
    """Everything that a report says, and nothing else: no clock, no store. `observed` gives the records before and after of items that drifted."""

    company: Company
    criteria: tuple[CriterionFacts, ...]
    controls: tuple[ControlFacts, ...]
    now: Evaluation
    checks: tuple[CheckFacts, ...] = ()
    tables: tuple[TableFacts, ...] = ()
    families: tuple[FamilyFacts, ...] = ()
    sources: tuple[SourceFacts, ...] = ()
    populations: tuple[PopulationFacts, ...] = ()
    gaps: tuple[GapFacts, ...] = ()
    evidence: tuple[EvidenceFacts, ...] = ()
    start: Evaluation | None = None
    before: Evaluation | None = None
    observed: Mapping[tuple[str, str], tuple[Object | None, Object | None]] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=lambda: _EMPTY)  # call → permission that allows it
    seal: Seal = Seal()
