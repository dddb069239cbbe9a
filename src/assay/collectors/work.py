"""The values that the engine's steps hand to one another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from assay.collectors.asking import Answer, Ask, Source
from assay.collectors.keeping import tag_keys
from assay.collectors.seen import SeenRecord
from assay.evidence.canonical import Json, instant_text
from assay.evidence.gaps import Gap, Reason
from assay.tables import TableSpec


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run goes by: parameters in force (`*_tag` ones name the tags that are kept), and how much is done at once."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    places_at_once: int = 6
    records_at_once: int = 16


@dataclass(frozen=True, slots=True)
class Place:
    """An account and a region of it; the region is empty where a table is asked once in the account."""

    account: str
    region: str

    def names(self) -> dict[str, str]:
        return {"account": self.account, "region": self.region}


@dataclass(frozen=True, slots=True)
class Run:
    """What every step needs: the source, the settings, the clock, and the waiting of a hook."""

    source: Source
    settings: Settings
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]

    @property
    def tags(self) -> frozenset[str]:
        return tag_keys(self.settings.parameters)

    def gap(
        self,
        spec: TableSpec,
        place: Place,
        reason: Reason,
        *,
        call: str | None = None,
        detail: str | None = None,
        parent: str | None = None,
        key: str | None = None,
        columns: frozenset[str] | None = None,
    ) -> Gap:
        at = instant_text(self.clock())
        return Gap(spec.name, reason, place.account, place.region, parent, key, columns, call, detail, at)


@dataclass(slots=True)
class Tally:
    """Counts the calls of one population as they are made; what another call had answered already is none."""

    calls: int = 0
    pages: int = 0
    first: str | None = None
    last: str | None = None

    def count(self, answer: Answer | None, *, page: bool = False) -> None:
        if answer is not None and not answer.asked:
            return
        self.calls += 1
        self.pages += page
        if answer is not None and answer.request_id is not None:
            self.first = self.first or answer.request_id
            self.last = answer.request_id

    def add(self, other: Tally) -> None:
        self.calls += other.calls
        self.pages += other.pages
        self.first = self.first or other.first
        self.last = other.last or self.last


@dataclass(slots=True)
class Parents:
    """The records of a parent table at a place that its children are listed for; `gap` where there is no population."""

    spec: TableSpec
    records: list[SeenRecord] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    gap: Gap | None = None


@dataclass(slots=True)
class Listed:
    """What listing gave for one table at a place: the kept list part by key, with gaps; or the gap that says why there is none."""

    spec: TableSpec
    parts: dict[str, tuple[str | None, Json]] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    not_seen: Gap | None = None


Hook = Callable[[Run, Ask, Tally], list[Json]]
"""Does the listing that a spec cannot say: gives the answers in which the spec's `items` are found; raises CallError."""
