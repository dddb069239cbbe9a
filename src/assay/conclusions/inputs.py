"""Stored lines become the typed rows that checks read, and what was not seen becomes gaps over their columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from assay.checks import TableInput
from assay.conclusions.observed import ObservedTable, Population
from assay.evidence.canonical import read_canonical
from assay.evidence.carrying import PARENT
from assay.evidence.gaps import Gap, Reason
from assay.evidence.population import commitment_of
from assay.evidence.records import Erased, Line, Sealed, Whole
from assay.tables import TableSpec, input_columns, seen_row

_NONE: frozenset[str] = frozenset()


class EvidenceReader(Protocol):
    """Gives stored lines: from a home, or from a pack."""

    def lines(self, population: Population) -> Iterable[Line]:
        """Give the lines of a population as its collection left it."""
        ...

    def open(self, population: Population, line: Sealed) -> Whole | None:
        """Open a sealed line; None where its key was destroyed or is not at hand."""
        ...


def table_input(
    spec: TableSpec, table: ObservedTable, reader: EvidenceReader
) -> tuple[TableInput, list[Gap]]:
    """Give a table's rows and the gaps over them.

    Items of a personal table go by their commitments instead of their keys. A record that cannot be opened any more is a gap, reason erased.
    """
    rows: list[tuple[Any, ...]] = []
    gaps = list(table.gaps)
    explained = _explained(table.gaps, frozenset(spec.columns))
    for population in table.populations:
        place = population.place
        for line in reader.lines(population):
            name, version = _opened(spec, population, line, reader)
            if version is None:
                gaps.append(Gap(spec.name, Reason.ERASED, place.account, place.region, key=name))
                rows.append((name, place.account, place.region, None, *[None] * len(spec.columns)))
                continue
            record = read_canonical(version.record)
            parent = record.pop(PARENT, None)
            seen, lacking = seen_row(spec, name, place.account, place.region, parent, record)
            rows.append(seen)
            unseen = lacking - explained.get((place.account, place.region, name), _NONE)
            if unseen:
                gaps.append(
                    Gap(spec.name, Reason.NOT_COVERED, place.account, place.region, parent, name, unseen)
                )
    return TableInput(spec.name, input_columns(spec), rows), gaps


def _explained(
    gaps: Iterable[Gap], columns: frozenset[str]
) -> dict[tuple[str | None, str | None, str | None], frozenset[str]]:
    """Give, for each record that gaps name, the columns that they cover: only the rest of what it lacks was never asked for."""
    found: dict[tuple[str | None, str | None, str | None], frozenset[str]] = {}
    for gap in gaps:
        place = gap.account, gap.region, gap.key
        found[place] = found.get(place, _NONE) | (columns if gap.columns is None else gap.columns)
    return found


def missing_table(spec: TableSpec, connected: Mapping[str, str]) -> tuple[TableInput, list[Gap]]:
    """Give the empty input of a table that nobody asked for, with the gap that says why: no source, or none that asked yet."""
    asked = (
        spec.source in connected.values() and spec.source != "file"
    )  # each list of a file source is connected by itself
    reason = Reason.NOT_COVERED if asked else Reason.NOT_CONNECTED
    if asked and spec.needs is not None:  # a table behind an opt-in is left out until somebody gives it
        reason = Reason.NOT_ENABLED
    return TableInput(spec.name, input_columns(spec), []), [Gap(spec.name, reason)]


def _opened(
    spec: TableSpec, population: Population, line: Line, reader: EvidenceReader
) -> tuple[str, Whole | None]:
    if isinstance(line, Whole):
        return line.key, line
    if isinstance(line, Erased) and line.key is not None:
        return line.key, None
    commitment = commitment_of(line).hex()
    return commitment, reader.open(population, line) if isinstance(line, Sealed) else None
