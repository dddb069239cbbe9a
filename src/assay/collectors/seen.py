"""What collecting gives: populations as a complete answer made them, gaps for what was not seen, and a line for each call."""

from __future__ import annotations

from dataclasses import dataclass, field

from assay.evidence.canonical import Json
from assay.evidence.gaps import Gap


@dataclass(frozen=True, slots=True)
class Made:
    """How a population was made: calls and pages, the instants of the first and last, and the vendor's ids of these two requests."""

    calls: int
    pages: int
    started: str
    ended: str
    first_request: str | None = None
    last_request: str | None = None


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """One record, safe for canonical JSON: allow-listed, tags filtered, noise removed. A part that was not answered is not there."""

    key: str
    parent: str | None
    record: dict[str, Json]


@dataclass(frozen=True, slots=True)
class PopulationSeen:
    """Every record of a table at a place, in the order of the keys, and the gaps inside it."""

    table: str
    account: str
    region: str
    records: list[SeenRecord]
    gaps: list[Gap]
    made: Made


@dataclass(frozen=True, slots=True)
class NotSeen:
    """The list of a place did not come whole, so there is no population; the gap says why."""

    gap: Gap


@dataclass(frozen=True, slots=True)
class CallMade:
    """One line of the call log (formats.md, section 8): no argument, no answer. `started_ms` counts from the start of the run."""

    call: str
    account: str
    region: str
    started_ms: int
    took_ms: int
    status: int | None
    bytes: int | None
    request_id: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: places of tables that are done, of all there are, and the one just finished."""

    done: int
    of: int
    table: str
    account: str
    region: str
    records: int | None
    gaps: int = field(default=0)
