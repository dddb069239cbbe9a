"""Which heading of a file fills which column of a table, and how its cells are read: proposed once, confirmed by a person, kept as an act.

What no column asks for is never read into a record: a mapping is the allow-list of a file.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assay.collectors.files.dates import DateOrder, is_ambiguous, order_shown_by
from assay.collectors.files.headings import Headings, Known
from assay.collectors.files.sheet import Sheet, Unreadable
from assay.collectors.files.values import is_blank, word
from assay.errors import AssayError
from assay.evidence.canonical import Json
from assay.tables import Column, TableSpec, Type

_DATED = (Type.DATE, Type.INSTANT)
_MOST_ASKED = 20


class BadMappingError(AssayError):
    """A mapping that does not fit its table or its file. The text says which column, and what to write instead."""


class Confidence(StrEnum):
    """How sure a proposed pair of column and heading is: the heading is a usual name of the column, or only resembles one."""

    SURE = "sure"
    LIKELY = "likely"


@dataclass(frozen=True, slots=True)
class Mapping:
    """How one kind of file is read into one table.

    `columns`: column to heading. `fixed`: column to a value that every row has, where the file has no such heading. `order`: what the first
    number of 03/04/2026 is. `zone`: of times without an offset. `words`: column to the words of a closed set and their meanings.
    `blank_is_unknown`: columns whose empty cells say nothing, instead of “none”. `sheet`: the worksheet.
    """

    table: str
    columns: MappingOf[str, str]
    fixed: MappingOf[str, str] = field(default_factory=dict)
    order: DateOrder | None = None
    zone: str = "UTC"
    words: MappingOf[str, MappingOf[str, str]] = field(default_factory=dict)
    blank_is_unknown: frozenset[str] = frozenset()
    sheet: str | None = None

    def to_json(self) -> dict[str, Json]:
        """Give the object that the act of confirming it holds."""
        return {
            "blank_is_unknown": sorted(self.blank_is_unknown),
            "columns": dict(self.columns),
            "fixed": dict(self.fixed),
            "order": None if self.order is None else str(self.order),
            "sheet": self.sheet,
            "table": self.table,
            "words": {column: dict(words) for column, words in self.words.items()},
            "zone": self.zone,
        }

    @classmethod
    def from_json(cls, member: MappingOf[str, Json]) -> Mapping:
        """Read what `to_json` wrote; raises BadMappingError."""
        try:
            return cls(
                table=member["table"],
                columns=dict(member["columns"]),
                fixed=dict(member["fixed"]),
                order=None if member["order"] is None else DateOrder(member["order"]),
                zone=member["zone"],
                words={column: dict(words) for column, words in member["words"].items()},
                blank_is_unknown=frozenset(member["blank_is_unknown"]),
                sheet=member["sheet"],
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadMappingError(
                f"This is no mapping of a file: {error!r}. Let Assay propose one and confirm it."
            ) from error


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping to be confirmed: how sure each pair is, headings that nothing reads, columns that nothing fills, and what only a person knows."""

    mapping: Mapping
    confidence: MappingOf[str, Confidence]
    unread: tuple[str, ...]
    unfilled: tuple[str, ...]
    questions: tuple[str, ...]


def propose(spec: TableSpec, sheet: Sheet, headings: Headings, zone: str = "UTC") -> Proposal:
    """Propose how to read a sheet into a table: 1. headings by their usual names, 2. words of closed sets, 3. the order of dates.

    `headings` is what exports call the columns; `zone` is the company's IANA zone. Nothing is guessed that a person could not see: what remains open comes back as questions.
    """
    pairs = _pairs(spec, sheet, headings)  # 1
    columns = {column: heading for column, (heading, _) in pairs.items()}
    words = {
        column: _words(spec, headings, column, cells(sheet, heading)) for column, heading in columns.items()
    }  # 2
    texts = [
        cell
        for column, heading in columns.items()
        if spec.columns[column].type in _DATED
        for cell in cells(sheet, heading)
        if isinstance(cell, str)
    ]
    mapping = Mapping(
        table=spec.name,
        columns=columns,
        order=order_shown_by(texts),  # 3
        zone=zone,
        words={column: known_words for column, known_words in words.items() if known_words},
        blank_is_unknown=frozenset(
            column for column in columns if headings.known(spec.name, column).blank_is_unknown
        ),
        sheet=sheet.reading.get("sheet") if "sheets left out" in sheet.reading else None,
    )
    unfilled = tuple(column for column in spec.columns if column not in columns)
    return Proposal(
        mapping=mapping,
        confidence={column: confidence for column, (_, confidence) in pairs.items()},
        unread=tuple(heading for heading in sheet.headings if heading and heading not in columns.values()),
        unfilled=unfilled,
        questions=(
            *_about_keys(spec, unfilled),
            *_about_words(spec, headings, sheet, mapping),
            *_about_dates(mapping, texts),
        ),
    )


def check_mapping(mapping: Mapping, spec: TableSpec) -> None:
    """Raise BadMappingError unless the mapping fits the table: its columns, its zone, and everything that the key is made of."""
    strangers = sorted(
        {*mapping.columns, *mapping.fixed, *mapping.words, *mapping.blank_is_unknown} - set(spec.columns)
    )
    if mapping.table != spec.name or strangers:
        raise BadMappingError(
            f"The mapping names {', '.join(strangers) or mapping.table}, which {spec.name} does not have. It has {', '.join(spec.columns)}."
        )
    lacking = [
        column for column in spec.key.fields if column not in mapping.columns and column not in mapping.fixed
    ]
    if lacking:
        raise BadMappingError(
            f"Nothing fills {', '.join(lacking)}, without which the records of {spec.name} cannot be told apart. Name the heading, or one value for every row."
        )
    zone_of(mapping)


def zone_of(mapping: Mapping) -> ZoneInfo:
    """Give the mapping's zone; raises BadMappingError for a name that is none."""
    try:
        return ZoneInfo(mapping.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadMappingError(
            f"“{mapping.zone}” is no time zone; write one such as Europe/Berlin or UTC."
        ) from error


def heading_name(heading: str) -> str:
    """Give a heading in one spelling: case, punctuation and space mean nothing."""
    kept = "".join(
        character if character.isalnum() or character == "#" else " " for character in heading.casefold()
    )
    return " ".join(kept.split()).replace("e mail", "email")


def position(sheet: Sheet, heading: str) -> int | None:
    """Give where a heading stands, None where it does not; raises BadMappingError when it stands twice."""
    at = [number for number, one in enumerate(sheet.headings) if heading_name(one) == heading_name(heading)]
    if len(at) > 1:
        raise BadMappingError(
            f"The file has {len(at)} columns headed “{heading}”. Rename all but one and export it again."
        )
    return at[0] if at else None


def cells(sheet: Sheet, heading: str) -> list[object]:
    """Give the cells below a heading that are not blank."""
    at = sheet.headings.index(heading)
    return [row.cells[at] for row in sheet.rows if not is_blank(row.cells[at])]


def _pairs(spec: TableSpec, sheet: Sheet, headings: Headings) -> dict[str, tuple[str, Confidence]]:
    """Pair columns with headings: first those with a usual name, a better name before a lesser one, then those that resemble one and are left."""
    names = [heading_name(heading) for heading in sheet.headings]
    usable = {
        name: heading
        for name, heading in zip(names, sheet.headings, strict=True)
        if name and names.count(name) == 1
    }
    found: dict[str, tuple[str, Confidence]] = {}
    for column in spec.columns:
        if (
            name := next((usual for usual in _usual(spec, headings, column) if usual in usable), None)
        ) is not None:
            found[column] = (usable[name], Confidence.SURE)
    taken = {heading for heading, _ in found.values()}
    for column in spec.columns:
        if column in found:
            continue
        like = [
            heading
            for name, heading in usable.items()
            if heading not in taken and _resembles(name, _usual(spec, headings, column))
        ]
        if len(like) == 1:
            found[column] = (like[0], Confidence.LIKELY)
            taken.add(like[0])
    return {column: found[column] for column in spec.columns if column in found}


def _usual(spec: TableSpec, headings: Headings, column: str) -> list[str]:
    return [
        heading_name(name) for name in (column.replace("_", " "), *headings.known(spec.name, column).headings)
    ]


def _resembles(name: str, usual: Iterable[str]) -> bool:
    """Whether a heading holds every word of a usual name of two words or more, such as “Employee start date (local)”."""
    said = set(name.split())
    return any(len(words) >= 2 and words <= said for words in (set(one.split()) for one in usual))


def _words(spec: TableSpec, headings: Headings, column: str, values: list[object]) -> dict[str, str]:
    meanings = _meanings(spec, headings, column)
    said = {word(cell) for cell in values if isinstance(cell, str)}  # numbers and booleans need no dictionary
    said |= {
        word(cell)
        for cell in values
        if isinstance(cell, bool | int) and spec.columns[column].type is Type.TEXT
    }
    return {one: meanings[one] for one in sorted(said) if one in meanings}


def _meanings(spec: TableSpec, headings: Headings, column: str) -> dict[str, str]:
    return {
        word: meaning
        for meaning, words in headings.known(spec.name, column).words
        for word in (meaning, *words)
    }


def _about_keys(spec: TableSpec, unfilled: Iterable[str]) -> list[str]:
    return [
        f"No heading fills “{column}”: {spec.columns[column].says} Name the heading, or the one value that every row has."
        for column in spec.key.fields
        if column in unfilled
    ]


def _about_words(spec: TableSpec, headings: Headings, sheet: Sheet, mapping: Mapping) -> list[str]:
    return [
        question
        for column, heading in mapping.columns.items()
        for question in _about_column(
            spec.columns[column], headings.known(spec.name, column), sheet, heading, mapping
        )
    ]


def _about_column(column: Column, known: Known, sheet: Sheet, heading: str, mapping: Mapping) -> list[str]:
    closed = known.words
    if not closed:
        return []
    explained = mapping.words.get(column.name, {})
    said = {
        word(cell): cell
        for cell in cells(sheet, heading)
        if isinstance(cell, str) and not isinstance(cell, Unreadable)
    }
    open_words = [str(cell) for one, cell in sorted(said.items()) if one not in explained]
    *some, last = [{"true": "yes", "false": "no"}.get(meaning, meaning) for meaning, _ in closed]
    choices = f"{', '.join(some)} or {last}" if some else last
    return [
        f"“{one}” under “{heading}” is not a word known for {column.name}: is it {choices}? Unexplained, it counts as unknown."
        for one in open_words[:_MOST_ASKED]
    ]


def _about_dates(mapping: Mapping, texts: list[str]) -> list[str]:
    if mapping.order is not None:
        return []
    ambiguous = next((text for text in texts if is_ambiguous(text)), None)
    if ambiguous is None:
        return []
    return [
        f"Dates such as {ambiguous} can be read in two ways: does the day or the month come first? Unanswered, they are refused."
    ]
