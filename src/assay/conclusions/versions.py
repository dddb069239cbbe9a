"""Every version of every record of some tables, from when until when it was there, and what was not seen meanwhile: history, out of record files.

Nothing here is truth of its own: it follows from the collections in a ledger and their record files, and can be made again from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from assay.checks.over_time import INTERVAL, GapSpan, VersionsInput
from assay.conclusions.observed import CollectionEntry
from assay.evidence.book import place_of
from assay.evidence.canonical import Json, parse_instant, read_canonical
from assay.evidence.carrying import PARENT
from assay.evidence.gaps import Gap, Reason
from assay.evidence.population import commitment_of
from assay.evidence.records import (
    BadRecordFileError,
    Erased,
    Line,
    Patched,
    Place,
    Removed,
    Sealed,
    SealedRemoved,
    Whole,
    patched,
    read_records,
)
from assay.evidence.times import NEVER, PLAIN, Times
from assay.tables import TableSpec, input_columns, seen_row

Opener = Callable[[Place, Sealed | Erased], Whole | None]
"""Gives a sealed line's version; None where it cannot be opened any more, and for one that was erased."""

EVER = datetime.min.replace(tzinfo=UTC) + timedelta(days=366)
"""The beginning of time, far enough inside of what an instant can say."""


@dataclass(slots=True)
class History:
    """The history of one table: rows as `VersionsInput` takes them, and gaps with the time in which each stood."""

    spec: TableSpec
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    gaps: list[GapSpan] = field(default_factory=list)

    def as_input(self) -> VersionsInput:
        """Give the rows as the input of an evaluator."""
        return VersionsInput(self.spec.name, columns_of_history(self.spec), self.rows)


def columns_of_history(spec: TableSpec) -> tuple[tuple[str, str], ...]:
    """Give name and type of each column of a version: a row's, then from when until when it was there."""
    return (*input_columns(spec), *INTERVAL)


def histories(
    collections: Iterable[CollectionEntry],
    upto: Mapping[str, int],
    specs: Mapping[str, TableSpec],
    object_of: Callable[[str], bytes],
    opened: Opener,
    holds: Callable[[str], timedelta],
    times: Times = PLAIN,
) -> dict[str, History]:
    """Give the history of every table of `specs` that was ever asked for, as seen by the sources in `upto`, each up to the collection with that index.

    `object_of` gives a record file by its digest, `opened` a sealed line's version. An observation stands at most for what `holds` gives for
    the kind of its source; time beyond it, and before the first, is not covered. Nor is what `times` is unsure of, since the clock stepped back.
    """
    entries = [entry for entry in collections if entry.ordinal <= upto.get(entry.body["source"]["id"], -1)]
    made = {name: History(spec) for name, spec in specs.items() if _asked(name, entries)}
    states: dict[tuple[str, Place], _State] = {}
    since: dict[tuple[str, str], list[tuple[Gap, datetime]]] = {}
    now: dict[str, datetime] = {}
    for entry in entries:
        source = entry.body["source"]["id"]
        ended = now[source] = max(
            times.by(entry.ordinal, parse_instant(entry.body["ended"])), now.get(source, EVER)
        )
        for table in sorted(
            {one["table"] for one in (*entry.body["populations"], *entry.body["gaps"])} & made.keys()
        ):
            _end_gaps(made[table], since.pop((source, table), []), ended)
            since[source, table] = [
                (Gap.from_json(gap), ended) for gap in entry.body["gaps"] if gap["table"] == table
            ]
        for statement in entry.body["populations"]:
            if statement["table"] in made:
                place = place_of(statement)
                state = states.setdefault(
                    (source, place),
                    _State(made[place.table], place, opened, holds(entry.body["source"]["kind"])),
                )
                state.seen(statement, ended, object_of)
    for (_, table), gaps in since.items():
        _end_gaps(made[table], gaps, NEVER)
    unsure = list(times.unsure())
    for state in states.values():
        state.end()
        for one in unsure:
            state.not_covered(one.start, one.end)
    return made


def _asked(table: str, entries: list[CollectionEntry]) -> bool:
    return any(
        one["table"] == table
        for entry in entries
        for one in (*entry.body["populations"], *entry.body["gaps"])
    )


def _end_gaps(history: History, gaps: list[tuple[Gap, datetime]], end: datetime) -> None:
    history.gaps += [GapSpan(gap, start, end) for gap, start in gaps]


@dataclass(slots=True)
class _Version:
    row: tuple[Any, ...]
    since: datetime
    record: Json
    lacks: Gap | None


@dataclass(slots=True)
class _State:
    """What is there now in one population, and since when."""

    history: History
    place: Place
    opened: Opener
    holds: timedelta
    there: dict[str, _Version] = field(default_factory=dict)
    last_seen: datetime | None = None

    def seen(self, statement: Json, at: datetime, object_of: Callable[[str], bytes]) -> None:
        """Advance by one statement of a collection that ended `at`."""
        covered = EVER if self.last_seen is None else self.last_seen + self.holds
        if covered < at:
            self.not_covered(covered, at)
        self.last_seen = at
        if statement["records"]:
            _, lines = read_records(object_of(statement["records"]))
            for line in lines:
                self._advance(line, at)

    def end(self) -> None:
        """Say what is still there, and until when it is covered."""
        for name in sorted(self.there):
            version = self.there[name]
            self.history.rows.append((*version.row, _plain(version.since), None))
            self._lacked(version, NEVER)
        if self.last_seen is not None:
            self.not_covered(self.last_seen + self.holds, NEVER)

    def not_covered(self, start: datetime, end: datetime) -> None:
        """Say that nothing is known of the place from `start` until `end`."""
        self.history.gaps.append(GapSpan(self._gap(Reason.NOT_COVERED), start, end))

    def _advance(self, line: Line, at: datetime) -> None:
        match line:
            case Whole():
                self._put(line.key, read_canonical(line.record), at)
            case Patched():
                if line.key not in self.there:
                    raise BadRecordFileError(
                        f"The record “{line.key}” is given as a change, but no version of it came before."
                    )
                self._put(line.key, patched(self.there[line.key].record, line.patch), at)
            case Removed():
                self._close(line.key, at)
            case SealedRemoved():
                self._close(line.commitment.hex(), at)
            case Sealed() | Erased():
                version = self.opened(self.place, line)
                key = line.key if isinstance(line, Erased) else None
                name = commitment_of(line).hex() if key is None else key
                if version is None:
                    self._erased(name, at)
                else:
                    self._put(name, read_canonical(version.record), at)

    def _put(self, name: str, record: Json, at: datetime) -> None:
        self._close(name, at)
        shown = dict(record)
        parent = shown.pop(PARENT, None)
        row, unseen = seen_row(self.history.spec, name, self.place.account, self.place.region, parent, shown)
        lacks = self._gap(Reason.NOT_COVERED, name, unseen, parent) if unseen else None
        self.there[name] = _Version(row, at, record, lacks)

    def _erased(self, name: str, at: datetime) -> None:
        self._close(name, at)
        columns = [None] * len(self.history.spec.columns)
        row = (name, self.place.account, self.place.region, None, *columns)
        self.there[name] = _Version(row, at, {}, self._gap(Reason.ERASED, name))

    def _gap(
        self,
        reason: Reason,
        key: str | None = None,
        columns: frozenset[str] | None = None,
        parent: str | None = None,
    ) -> Gap:
        place = self.place
        return Gap(place.table, reason, place.account, place.region, parent, key, columns)

    def _close(self, name: str, at: datetime) -> None:
        version = self.there.pop(name, None)
        if version is not None and version.since < at:
            self.history.rows.append((*version.row, _plain(version.since), _plain(at)))
            self._lacked(version, at)

    def _lacked(self, version: _Version, end: datetime) -> None:
        """What a version lacks, it lacks as long as it is there."""
        if version.lacks is not None:
            self.history.gaps.append(GapSpan(version.lacks, version.since, end))


def _plain(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None)
