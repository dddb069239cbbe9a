"""Scope and parameters that conclusions rest on must be those that the content and the ledger's acts give (formats.md, section 9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from assay.evidence.book import Entry
from assay.evidence.canonical import Json, encode, parse_instant
from assay.evidence.ledger import Kind
from assay.evidence.times import Times
from assay.verification.pack_book import PackBook

SCOPE = "scope"
PARAMETER = "parameter."
ACT = "setting.set"


@dataclass(frozen=True, slots=True)
class _Set:
    ordinal: int
    effective: datetime
    value: Json


def unfounded_settings(
    book: PackBook, entry: Entry, body: Json, defaults: Mapping[str, Json]
) -> Iterator[str]:
    """Give a sentence for each setting in a `conclusions` body that neither an act nor the content gives.

    Judging takes a while, and an act may be entered meanwhile: what was in force at any index between the newest collection that was judged
    and the conclusions themselves is taken.
    """
    since = max(body["collections"].values(), default=entry.ordinal)
    yield from _by_some_reading(
        [
            *_unfounded_scope(body, body["as_of"], since, acts),
            *_unfounded_parameters(acts, body["as_of"], body["parameters"], since, defaults),
        ]
        for acts in (_acts(book, entry.ordinal, times) for times in _readings(book, entry, since))
    )


def unfounded_collections(book: PackBook, entry: Entry, body: Json, at: str) -> Iterator[str]:
    """Give a sentence for each source of which a body does not rest on the newest collection that had ended by `at`, in the ledger's order.

    A source may be left out once an act has disconnected it.
    """
    since = max(body["collections"].values(), default=entry.ordinal)
    yield from _by_some_reading(
        list(_passed_over(book, entry, body, at, times)) for times in _readings(book, entry, since)
    )


def _readings(book: PackBook, entry: Entry, since: int) -> list[Times]:
    """Give what the ledger knew of time when an entry was drawn, which took a while: the clock may have been noted to step back meanwhile."""
    steps = [one.ordinal for one in book.entries(kind=Kind.CLOCK) if since < one.ordinal < entry.ordinal]
    return [Times.of(book, size) for size in (*steps, entry.ordinal)]


def _by_some_reading(found: Iterable[list[str]]) -> list[str]:
    """Give what does not hold by any reading: nothing where one holds, otherwise what the last says."""
    last: list[str] = []
    for last in found:
        if not last:
            break
    return last


def _passed_over(book: PackBook, entry: Entry, body: Json, at: str, times: Times) -> Iterator[str]:
    newest: dict[str, int] = {}
    for collection in book.entries(kind=Kind.COLLECTION):
        said = book.body(collection)
        ended = times.by(collection.ordinal, parse_instant(said["ended"]))
        if collection.ordinal < entry.ordinal and ended <= parse_instant(at):
            newest[said["source"]["id"]] = collection.ordinal
    gone = {
        book.body(act)["details"].get("source")
        for act in book.entries(kind=Kind.ACT)
        if act.ordinal < entry.ordinal
        and book.discloses(act)
        and book.body(act)["act"] == "source.disconnected"
    }
    for source in sorted(newest.keys() | body["collections"].keys()):
        stated, true = body["collections"].get(source), newest.get(source)
        if stated is None and source not in gone:
            yield f"leaves out the source {source}, which nobody disconnected"
        elif stated is not None and stated != true:
            yield f"rests on entry {stated} of {source}, but the newest collection that had ended by {at} is entry {true}"


def _unfounded_scope(body: Json, at: str, since: int, acts: Mapping[str, list[_Set]]) -> Iterator[str]:
    scopes = _in_force(acts.get(SCOPE, []), parse_instant(at), since)
    if body["scope"] not in [None if one is None else one.ordinal for one in scopes]:
        yield f"the scope of entry {body['scope']} was not in force at {at}"
    zones = [
        "UTC" if one is None or not isinstance(one.value, dict) else one.value.get("zone", "UTC")
        for one in scopes
    ]
    if body["zone"] not in zones:
        yield f"the zone was not {body['zone']} at {at}"


def _unfounded_parameters(
    acts: Mapping[str, list[_Set]], at: str, stated: Json, since: int, defaults: Mapping[str, Json]
) -> Iterator[str]:
    for name in sorted(defaults.keys() | stated.keys() | _parameters_set(acts)):
        values = [
            defaults.get(name, _NEVER) if one is None else one.value
            for one in _in_force(acts.get(f"{PARAMETER}{name}", []), parse_instant(at), since)
        ]
        if not any(_same(stated.get(name, _NEVER), value) for value in values):
            yield f"the parameter {name} was not {stated.get(name)!r} at {at}"


def unfounded_over(book: PackBook, entry: Entry, body: Json, defaults: Mapping[str, Json]) -> Iterator[str]:
    """The same for an `episodes` body: at each instant that begins a stretch; and every act in the period begins one."""
    start, end = (parse_instant(body["period"][name]) for name in ("start", "end"))
    since = max(body["collections"].values(), default=entry.ordinal)
    begun = [parse_instant(one["from"]) for one in body["parameters"]]
    if not begun or begun[0] != start or begun != sorted(set(begun)) or begun[-1] >= end:
        yield "its stretches do not begin with the period, one after the other"
        return
    yield from _by_some_reading(
        list(_unfounded_stretches(body, begun, since, acts, defaults))
        for acts in (_acts(book, entry.ordinal, times) for times in _readings(book, entry, since))
    )


def _unfounded_stretches(
    body: Json,
    begun: list[datetime],
    since: int,
    all_acts: Mapping[str, list[_Set]],
    defaults: Mapping[str, Json],
) -> Iterator[str]:
    start, end = (parse_instant(body["period"][name]) for name in ("start", "end"))
    for name, acts in all_acts.items():
        for act in acts:
            inside = start < act.effective < end and act.ordinal <= since
            if inside and name.startswith(PARAMETER) and act.effective not in begun:
                yield f"the parameter {name.removeprefix(PARAMETER)} was set in the period (entry {act.ordinal}), and no stretch begins then"
    yield from _unfounded_scope(body, body["period"]["end"], since, all_acts)
    for one in body["parameters"]:
        yield from _unfounded_parameters(all_acts, one["from"], one["values"], since, defaults)


_NEVER = object()


def _same(one: object, other: object) -> bool:
    return one is other if _NEVER in (one, other) else encode(one) == encode(other)


def _acts(book: PackBook, before: int, times: Times) -> dict[str, list[_Set]]:
    found: dict[str, list[_Set]] = {}
    for entry in book.entries(kind=Kind.ACT):
        if entry.ordinal < before and book.discloses(entry):
            body = book.body(entry)
            if body["act"] == ACT:
                details = body["details"]
                effective = times.effective(entry.ordinal, parse_instant(details["effective"]))
                one = _Set(entry.ordinal, effective, details["value"])
                found.setdefault(details["name"], []).append(one)
    return found


def _parameters_set(acts: Mapping[str, list[_Set]]) -> set[str]:
    return {name.removeprefix(PARAMETER) for name in acts if name.startswith(PARAMETER)}


def _in_force(acts: list[_Set], as_of: datetime, since: int) -> list[_Set | None]:
    """Give what was in force at `as_of`, as the ledger stood at each index from `since` on."""
    effective = [one for one in acts if one.effective <= as_of]
    found: list[_Set | None] = []
    for size in sorted({since, *(one.ordinal for one in effective if one.ordinal >= since)}):
        known = [one for one in effective if one.ordinal <= size]
        found.append(max(known, key=lambda one: (one.effective, one.ordinal), default=None))
    return found
