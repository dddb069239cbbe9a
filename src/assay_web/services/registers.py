"""Verbs on every register. Each is one act; an import is one act over the root of its rows. `changing` makes further verbs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from assay.errors import AssayError
from assay.evidence.canonical import Json, encode
from assay.evidence.merkle import root_of_data
from assay.home import Home
from assay_web.home import current_home
from assay_web.records.accounts import Account
from assay_web.records.registers import Line, LineEvent
from assay_web.services.acting import acting, person

L = TypeVar("L", bound=Line)
Says = Mapping[str, Any]
"""What a line says: a value for each field of its SAYS."""


class LineMovedError(AssayError):
    """Someone else changed a line of a register since it was read."""


def add(kind: type[L], says: Says, *, by: Account, **more: Any) -> L:
    """Add a line that says `says`. `more` sets fields that no form offers, such as what it came from."""
    line = _made(kind, says, by, more)
    home = current_home()
    with transaction.atomic():
        with acting(f"{kind.register()}.added", by, version=1, **told(home, line)) as act:
            line.save(force_insert=True)
            act.details[kind.register()] = str(line)
        note(line, "added", by, act.entry)
    return line


def change(line: L, says: Says, *, version: int, by: Account) -> L:
    """Change the line that was read as `version`; nothing where nothing differs. Raises LineMovedError where it was changed or ended since."""
    home = current_home()
    with transaction.atomic():
        found = unmoved(line, version)
        before = values_of(found)
        _fill(found, says)
        changes = _changes(found, before)
        if not changes:
            return found
        details = {line.register(): str(line), "version": version + 1, **told(home, found)}
        with acting(f"{line.register()}.changed", by, **details) as act:
            save_moved(found, by)
        note(found, "changed", by, act.entry, changes=changes)
    return found


def end(line: Line, why: str, *, version: int, by: Account) -> None:
    """End a line: it stays in the register with the day and the reason. Raises LineMovedError as above."""
    with changing(line, line.END, version=version, by=by, said=why, why=why) as found:
        found.ended, found.why_ended = timezone.now(), why


def begin_again(line: Line, why: str, *, version: int, by: Account) -> None:
    """Take the end of a line back, with a reason. Raises LineMovedError where it was changed since or is not ended."""
    with changing(line, "begun_again", version=version, by=by, said=why, ended=True, why=why) as found:
        found.ended, found.why_ended = None, ""


def import_lines(kind: type[L], rows: Sequence[Says], *, by: Account) -> list[L]:
    """Add many lines, or none: one act with their number and the root (RFC 6962) over what they say, in order."""
    lines = [_made(kind, one, by, {}) for one in rows]
    root = root_of_data(encode(said_of(one)) for one in lines).hex()
    with transaction.atomic():
        with acting(f"{kind.register()}s.imported", by, root=root, rows=len(lines)) as act:
            for one in lines:
                one.save(force_insert=True)
            act.details |= {"first": str(lines[0]), "last": str(lines[-1])}
        LineEvent.objects.bulk_create(_event(one, "imported", by, act.entry) for one in lines)
    return lines


@contextmanager
def changing(
    line: L,
    deed: str,
    *,
    version: int,
    by: Account,
    said: str = "",
    ended: bool = False,
    **details: Any,
) -> Iterator[L]:
    """Do a deed to the line that was read as `version`: the block sets fields of the fresh line that it is given, which is then saved with its act and event.

    `details` go into the act. `ended` says that the deed is for a line that has ended. Raises LineMovedError.
    """
    register = line.register()
    with transaction.atomic():
        with acting(
            f"{register}.{deed}", by, **{register: str(line), "version": version + 1}, **details
        ) as act:
            found = unmoved(line, version, ended=ended)
            before = values_of(found)
            yield found
            save_moved(found, by)
        note(found, deed, by, act.entry, changes=_changes(found, before), said=said)


def unmoved(line: L, version: int, *, ended: bool = False) -> L:
    """Give the line as it stands, locked. Raises LineMovedError where it is another version than the one read, or has ended (or not, with `ended`)."""
    found = type(line)._default_manager.select_for_update().get(pk=line.pk)
    if found.version != version or (found.ended is not None) != ended:
        raise LineMovedError(
            f"{found} was changed since you opened it. Both versions are below; nothing of yours is lost."
        )
    return found


def save_moved(line: Line, by: Account) -> None:
    """Save a line as its next version. A part of the act of whoever calls it."""
    line.version += 1
    line.changed, line.changed_by = timezone.now(), by
    line.save(force_update=True)


def note(
    line: Line, deed: str, by: Account | str, entry: int, *, changes: Json = None, said: str = ""
) -> None:
    """Write down what happened to a line, citing its entry. A part of the act of whoever calls it."""
    event = _event(line, deed, by, entry)
    event.changes, event.said = changes or {}, said
    event.save(force_insert=True)


def _event(line: Line, deed: str, by: Account | str, entry: int) -> LineEvent:
    actor = by if isinstance(by, str) else by.actor
    return LineEvent(register=line.register(), line=line.pk, by=actor, deed=deed, entry=entry)


def told(home: Home, line: Line) -> dict[str, Any]:
    """Give what an act holds of a line: `says`, and `person` sealed under the key of whom it names."""
    named = {name: str(getattr(line, name)) for name in line.PERSON if getattr(line, name)}
    details: dict[str, Any] = {"says": said_of(line)}
    if named:
        found_by, *_ = named.values()
        details["person"] = person(home, found_by, **named)
    return details


def said_of(line: Line) -> Json:
    """Give what a line says as canonical JSON holds it, without what tells who a person is and what no act holds."""
    apart = (*line.PERSON, *line.UNTOLD)
    return {name: value for name, value in values_of(line).items() if name not in apart}


def values_of(line: Line) -> dict[str, Json]:
    """Give every field that a line says, as JSON."""
    return {name: _json(getattr(line, name)) for name in line.SAYS}


def _changes(line: Line, before: Mapping[str, Json]) -> dict[str, Json]:
    after = values_of(line)
    return {
        name: [] if name in line.PERSON else [before[name], after[name]]
        for name in line.SAYS
        if before[name] != after[name]
    }


def _json(value: Any) -> Json:
    match value:
        case Account():
            return value.actor
        case Model():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case list() | tuple():
            return [_json(one) for one in value]
        case dict():
            return {str(name): _json(one) for name, one in value.items()}
        case None | bool() | int() | str():
            return value
        case _:
            return str(value)


def _made(kind: type[L], says: Says, by: Account, more: Says) -> L:
    line = kind(changed=timezone.now(), changed_by=by, **more)
    _fill(line, says)
    return line


def _fill(line: Line, says: Says) -> None:
    """Set the fields in SAYS and no others; anything else is a KeyError of whoever wrote the form."""
    for name in says:
        if name not in line.SAYS:
            raise KeyError(name)
    for name, value in says.items():
        setattr(line, name, list(value) if isinstance(value, tuple) else value)
