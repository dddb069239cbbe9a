"""A confirmed mapping over a file's rows: records, and a gap for everything that could not be read. No row is dropped in silence.

Every row becomes a record, or is refused under a gap that names its number, or repeats a row before it to the letter. Gaps name rows,
columns and keys, and never repeat what a cell holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from assay.collectors.files.dates import BadValueError
from assay.collectors.files.headings import Headings
from assay.collectors.files.mapping import BadMappingError, Mapping, check_mapping, position, zone_of
from assay.collectors.files.sheet import Cell, Row, Sheet, UnreadableFileError
from assay.collectors.files.values import is_blank, read_value
from assay.collectors.seen import SeenRecord
from assay.evidence.canonical import Json
from assay.evidence.gaps import Gap, Reason
from assay.tables import TableSpec, Type

CALL = "file"
_DATED = (Type.DATE, Type.INSTANT)


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the rows: `rows` = `records` + `refused` + `repeated`. `incomplete` of the records have cells that could not be read."""

    rows: int
    records: int
    refused: int
    repeated: int
    incomplete: int


@dataclass(frozen=True, slots=True)
class Applied:
    """What a file gave: records in the order of their keys' bytes, gaps, and the tally."""

    records: list[SeenRecord]
    gaps: list[Gap]
    tally: Tally


@dataclass(frozen=True, slots=True)
class Where:
    """The place that a file stands for, and the instant (text) at which it was read."""

    table: str
    account: str
    at: str

    def gap(
        self, reason: Reason, detail: str, *, key: str | None = None, columns: frozenset[str] | None = None
    ) -> Gap:
        """Give a gap of this place, or of one record or some columns in it."""
        return Gap(
            self.table,
            reason,
            self.account,
            "",
            key=key,
            columns=columns,
            call=CALL,
            detail=detail,
            at=self.at,
        )


@dataclass(slots=True)
class _Read:
    """One row as it was read: its kept values, and for each column that could not be read the reason and a sentence."""

    number: int
    values: dict[str, Json] = field(default_factory=dict)
    unread: dict[str, tuple[Reason, str]] = field(default_factory=dict)


def apply_mapping(
    mapping: Mapping, spec: TableSpec, sheet: Sheet, where: Where, headings: Headings
) -> Applied:
    """Read every row of a sheet by a mapping.

    1. Columns that the file lacks are gaps of the place. 2. Each row is read cell by cell; one whose key cannot be read is refused, and named
    “row N”. 3. Rows that share a key and differ leave one record, of which only the key is known. 4. A column that no row could fill is one
    gap of the place instead of one for each row.

    Raises BadMappingError where mapping and file do not fit, UnreadableFileError where no row at all could be read.
    """
    check_mapping(mapping, spec)
    places = _positions(mapping, spec, sheet)
    missing = frozenset(spec.columns) - set(places) - set(mapping.fixed)
    gaps = _missing_columns(mapping, missing, where)  # 1
    taken = _Taken(
        spec,
        where,
        headings.about(spec.name),
        [where.gap(Reason.MALFORMED, row.why, key=f"row {row.number}") for row in sheet.broken],
    )
    read = _reader(mapping, spec, headings, places)
    for row in sheet.rows:
        taken.take(read(row))  # 2, 3
    rows = len(sheet.rows) + len(sheet.broken)
    if rows and not taken.kept:
        raise UnreadableFileError(
            f"Not one of {rows:,} rows could be read. The first: {taken.refused[0].detail} Confirm the mapping anew, or export the file again."
        )
    gaps += [*taken.refused, *_unread_cells(taken.kept, where)]  # 4
    return Applied(taken.records(), sorted(gaps, key=Gap.order), taken.tally(rows))


@dataclass(slots=True)
class _Taken:
    """The rows taken so far: by key those that became records, a gap for each that was refused, and how many repeat another."""

    spec: TableSpec
    where: Where
    about: tuple[str, ...]
    refused: list[Gap]
    kept: dict[str, _Read] = field(default_factory=dict)
    torn: set[str] = field(default_factory=set)
    repeated: int = 0

    def take(self, one: _Read) -> None:
        key, why = _key(self.spec, one)
        if key is None:
            detail = f"Row {one.number}: {why}."
            self.refused.append(self.where.gap(Reason.MALFORMED, detail, key=f"row {one.number}"))
        elif key not in self.kept:
            self.kept[key] = one
        elif self.kept[key].values == one.values and self.kept[key].unread.keys() == one.unread.keys():
            self.repeated += 1
        else:
            self._tear(key, one)

    def _tear(self, key: str, one: _Read) -> None:
        first = self.kept[key]
        detail = f"Rows {first.number} and {one.number} have one key and do not agree."
        self.refused.append(self.where.gap(Reason.MALFORMED, detail, key=key, columns=_beside_key(self.spec)))
        self.kept[key] = _only_key(self.spec, first)
        self.torn.add(key)

    def records(self) -> list[SeenRecord]:
        ordered = sorted(self.kept, key=str.encode)
        return [
            SeenRecord(key, None, {self.spec.part: _about(self.spec, self.about, self.kept[key].values)})
            for key in ordered
        ]

    def tally(self, rows: int) -> Tally:
        incomplete = self.torn | {key for key, one in self.kept.items() if one.unread}
        return Tally(rows, len(self.kept), len(self.refused), self.repeated, len(incomplete))


def _positions(mapping: Mapping, spec: TableSpec, sheet: Sheet) -> dict[str, int]:
    if not sheet.headings:  # an empty JSON list has no headings, and lacks none
        return dict.fromkeys(mapping.columns, 0)
    found = {
        column: at
        for column, heading in mapping.columns.items()
        if (at := position(sheet, heading)) is not None
    }
    lost = [
        mapping.columns[column]
        for column in spec.key.fields
        if column in mapping.columns and column not in found
    ]
    if lost:
        raise UnreadableFileError(
            f"The file has no column headed “{lost[0]}” any more, which tells its records apart. Confirm the mapping anew."
        )
    return found


def _missing_columns(mapping: Mapping, missing: frozenset[str], where: Where) -> list[Gap]:
    never = missing - set(mapping.columns)
    lost = missing & set(mapping.columns)
    gaps = [where.gap(Reason.UNAVAILABLE, "The file does not tell this.", columns=never)] if never else []
    headings = ", ".join(f"“{mapping.columns[column]}”" for column in sorted(lost))
    return gaps + (
        [where.gap(Reason.MALFORMED, f"The file has no column headed {headings} any more.", columns=lost)]
        if lost
        else []
    )


def _reader(
    mapping: Mapping, spec: TableSpec, headings: Headings, places: dict[str, int]
) -> Callable[[Row], _Read]:
    zone = zone_of(mapping)
    fixed = {column: _fixed(mapping, spec, headings, column, zone) for column in mapping.fixed}
    readers = {column: _cell_reader(mapping, spec, headings, column, zone) for column in places}

    def read(row: Row) -> _Read:
        one = _Read(row.number, dict(fixed))
        for column, at in places.items():
            cell = row.cells[at]
            if not is_blank(cell):
                try:
                    one.values[column] = readers[column](cell)
                except BadValueError as error:
                    one.unread[column] = (
                        Reason.MALFORMED,
                        f"the cell of “{mapping.columns[column]}” {error}",
                    )
            elif column in mapping.blank_is_unknown:
                one.unread[column] = (Reason.UNAVAILABLE, f"the cell of “{mapping.columns[column]}” is empty")
            else:
                one.values[column] = None
        return one

    return read


def _fixed(mapping: Mapping, spec: TableSpec, headings: Headings, column: str, zone: ZoneInfo) -> Json:
    try:
        return _cell_reader(mapping, spec, headings, column, zone)(mapping.fixed[column])
    except BadValueError as error:
        raise BadMappingError(f"The mapping's one value of {column} for every row {error}.") from error


def _cell_reader(
    mapping: Mapping, spec: TableSpec, headings: Headings, column: str, zone: ZoneInfo
) -> Callable[[Cell], Json]:
    kind, about, words = (
        spec.columns[column].type,
        headings.known(spec.name, column),
        mapping.words.get(column, {}),
    )
    email = column == "email" or column.endswith("_email")
    return lambda cell: read_value(cell, kind, about, words, mapping.order, zone, email=email)


def _key(spec: TableSpec, one: _Read) -> tuple[str | None, str]:
    """Give a row's key, or None and why it has none. A day may be blank in it (a course not finished yet), nothing else."""
    parts: dict[str, Json] = {}
    for column in spec.key.fields:
        if column in one.unread:
            return None, one.unread[column][1]
        parts[column] = one.values.get(column)
        if parts[column] is None:
            if spec.columns[column].type not in _DATED:
                return None, f"nothing says its {column.replace('_', ' ')}"
            parts[column] = ""
    return spec.key.fill(parts), ""


def _beside_key(spec: TableSpec) -> frozenset[str]:
    return frozenset(spec.columns) - set(spec.key.fields)


def _only_key(spec: TableSpec, one: _Read) -> _Read:
    return replace(
        one,
        values={column: value for column, value in one.values.items() if column in spec.key.fields},
        unread={},
    )


def _unread_cells(kept: dict[str, _Read], where: Where) -> list[Gap]:
    everywhere = (
        frozenset.intersection(*(frozenset(one.unread) for one in kept.values()))
        if len(kept) > 1
        else frozenset()
    )
    first = next(iter(kept.values()), None)
    gaps = []
    for column in sorted(everywhere):
        assert first is not None  # noqa: S101 — there is a column unread in every row, so there is a row
        reason, why = first.unread[column]
        gaps.append(where.gap(reason, f"In every row: {why}.", columns=frozenset({column})))
    for key, one in kept.items():
        for reason in sorted({reason for reason, _ in one.unread.values()}):
            said = {
                column: why
                for column, (because, why) in one.unread.items()
                if because is reason and column not in everywhere
            }
            if said:
                gaps.append(
                    where.gap(
                        reason,
                        f"Row {one.number}: {'; '.join(said.values())}.",
                        key=key,
                        columns=frozenset(said),
                    )
                )
    return gaps


def _about(spec: TableSpec, columns: tuple[str, ...], values: dict[str, Json]) -> dict[str, Json]:
    """Add whom a record of several people is about, where the table asks for it."""
    if spec.subject is None or "about" not in spec.subject.fields:
        return values
    about = next((values[column] for column in columns if values.get(column)), None)
    return values if about is None else {**values, "about": about}
