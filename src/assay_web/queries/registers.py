"""Registers as pages and files show them: a line's fields in words, its history, and rows for other programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet

from assay.documents.cells import Cell
from assay_web.queries.people import names_of
from assay_web.records.registers import Line, LineEvent

AFTER = ("version", "ended", "why ended")


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that happened to a line: who, what, which fields from what to what, and the ledger entry."""

    event: LineEvent
    who: str

    @property
    def words(self) -> str:
        return self.event.deed.replace("_", " ").capitalize()


def lines_of(kind: type[Line]) -> QuerySet[Any]:
    """Give every line of a register: those that hold first, the newest of each first."""
    owners = [one.name for one in kind._meta.get_fields() if one.many_to_one and one.concrete]
    return kind._default_manager.select_related(*owners).order_by(F("ended").asc(nulls_first=True), "-pk")


def history(line: Line) -> list[Deed]:
    """Give what happened to a line, the newest first."""
    events = list(LineEvent.objects.filter(register=line.register(), line=line.pk).order_by("-entry", "-id"))
    said = [
        value for one in events for pair in one.changes.values() for value in pair if isinstance(value, str)
    ]
    names = names_of({one.by for one in events} | set(said))
    for one in events:
        one.changes = {name: [_named(value, names) for value in pair] for name, pair in one.changes.items()}
    return [Deed(one, names.get(one.by, one.by)) for one in events]


def _named(value: Any, names: dict[str, str]) -> Any:
    """Give an account's name for its id."""
    return names.get(value, value) if isinstance(value, str) else value


def shown(line: Line, name: str) -> Any:
    """Give a field as people read it: the words of a choice, a name, days as they are."""
    words = getattr(line, f"get_{name}_display", None)
    value = words() if words else getattr(line, name)
    return "" if value is None else value


def cell(value: Any) -> Cell:
    """Give a value as a cell of a table for other programs."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case list() | tuple():
            return ", ".join(str(one) for one in value)
        case _:
            return str(value)


def headings(kind: type[Line], named: dict[str, str]) -> tuple[str, ...]:
    """Give the headings of an export: `named` says those that are not the field's own name."""
    return ("id", *(named.get(name, name.replace("_", " ")) for name in kind.SAYS), *AFTER)


def rows(lines: Iterable[Line], *, named: bool) -> Iterable[tuple[Cell, ...]]:
    """Give lines as rows under `headings`; what tells who a person is stands there where `named`."""
    for one in lines:
        said = ("" if name in one.PERSON and not named else cell(shown(one, name)) for name in one.SAYS)
        yield (str(one), *said, one.version, str(one.ended.date()) if one.ended else "", one.why_ended)
