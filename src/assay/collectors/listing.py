"""Listing: one call for all tables that it feeds at a place; its pages become keyed list parts, or a gap that says why not.

A list that breaks off gives no population: a half list must not look like a whole one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from assay.collectors.asking import Answer, Ask, CallError
from assay.collectors.conditions import any_holds
from assay.collectors.hooks import hook
from assay.collectors.keeping import keep
from assay.collectors.safe import UnsafeAnswerError
from assay.collectors.seen import SeenRecord
from assay.collectors.work import Listed, Parents, Place, Run, Tally
from assay.evidence.canonical import Json
from assay.evidence.gaps import Gap, Reason
from assay.tables import TableSpec
from assay.tables.paths import MissingFieldError, fill
from assay.tables.shapes import shape


class _MalformedList(Exception):  # noqa: N818 — never leaves this module
    """An answer in which the items are not where they should be."""


def list_place(
    run: Run, specs: Sequence[TableSpec], place: Place, parents: Parents | None, tally: Tally
) -> list[Listed]:
    """List every table of a group (they share call, arguments and parent) at a place, in the order given."""
    listed = [Listed(spec) for spec in specs]
    if parents is None:
        _list_once(run, listed, place, None, tally)
    elif parents.gap is not None:
        for one in listed:
            above = parents.gap
            one.not_seen = run.gap(one.spec, place, above.reason, call=above.call, detail=above.detail)
    else:
        _list_for_parents(run, listed, place, parents, tally)
    return listed


def _list_for_parents(run: Run, listed: list[Listed], place: Place, parents: Parents, tally: Tally) -> None:
    conditions = listed[0].spec.list.for_each
    for parent in parents.records:
        when = conditions.when if conditions else ()
        if any_holds(parents.spec, when, parent.record, place.names(), run.settings.parameters):
            _list_once(run, listed, place, (parents.spec, parent), tally)
    for above in parents.gaps:
        # A parent that could not be seen itself: whatever belongs to it could not be asked for.
        whose = above.parent if above.key is None else above.key if above.columns is None else None
        if whose is not None and not any(record.key == whose for record in parents.records):
            for one in listed:
                one.gaps.append(
                    run.gap(one.spec, place, above.reason, call=above.call, detail=above.detail, parent=whose)
                )


def _list_once(
    run: Run, listed: list[Listed], place: Place, above: tuple[TableSpec, SeenRecord] | None, tally: Tally
) -> None:
    """Follow one list to its end; on an error drop what came of it and note the gap."""
    spec = listed[0].spec
    call, parent = spec.list.call, above[1].key if above else None
    before = [dict(one.parts) for one in listed]
    try:
        ask = Ask(call.name, fill(call.ask, _fields(place, above)), place.account, place.region)
        carried = _carried(spec, above)
        for answer in _answers(run, spec, ask, tally):
            for one in listed:
                _take(run, one, answer, place, parent, carried)
    except CallError as error:
        if error.code in call.absent_when:
            return
        reason = Reason.UNAVAILABLE if error.code in call.unavailable_when else error.reason
        _give_up(run, listed, before, place, parent, reason, error.call, error.code)
    except (MissingFieldError, _MalformedList, UnsafeAnswerError) as error:
        _give_up(
            run, listed, before, place, parent, Reason.MALFORMED, call.name, f"unexpected answer: {error}"
        )


def _give_up(
    run: Run,
    listed: list[Listed],
    before: list[dict[str, tuple[str | None, Json]]],
    place: Place,
    parent: str | None,
    reason: Reason,
    call: str,
    detail: str,
) -> None:
    for one, parts in zip(listed, before, strict=True):
        one.parts = parts
        gap = run.gap(one.spec, place, reason, call=call, detail=detail, parent=parent)
        if parent is None:
            one.not_seen = gap
        else:
            one.gaps = [*(known for known in one.gaps if known.parent != parent), gap]


def _answers(run: Run, spec: TableSpec, ask: Ask, tally: Tally) -> Iterator[Json]:
    if spec.list.hook is not None:
        yield from hook(spec.list.hook)(run, ask, tally)
        return
    pages = run.source.pages(ask)
    while True:
        try:
            answer: Answer | None = next(pages, None)
        except CallError:
            tally.count(None)
            raise
        if answer is None:
            return
        tally.count(answer, page=True)
        yield answer.body


def _take(
    run: Run, one: Listed, answer: Json, place: Place, parent: str | None, carried: Mapping[str, Json]
) -> None:
    spec = one.spec
    for item in _items(spec, answer):
        if not isinstance(item, Mapping):
            raise _MalformedList("an item is no object")
        whole = {**carried, **item}
        key = _key(spec, whole, place, parent)
        owner = parent if parent is not None else _own_parent(spec, whole, place)
        try:
            part = keep(spec, spec.list.call, whole, run.tags)
        except UnsafeAnswerError as error:
            call, detail = spec.list.call.name, str(error)
            one.gaps.append(
                run.gap(spec, place, Reason.MALFORMED, call=call, detail=detail, parent=owner, key=key)
            )
            continue
        known = one.parts.get(key)
        if known is not None and known != (owner, part):
            raise _MalformedList("two items have one key")
        one.parts[key] = owner, part


def _items(spec: TableSpec, answer: Json) -> Iterable[Json]:
    if spec.list.shape is not None:
        try:
            return list(shape(spec.list.shape)(answer))
        except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
            raise _MalformedList("it is not shaped as documented") from error
    items = spec.list.items(answer)
    if isinstance(items, Mapping):
        return [items]
    if isinstance(items, list):
        return items
    if items is None and spec.list.optional:
        return []
    raise _MalformedList("the items are not where they should be")


def _key(spec: TableSpec, item: Mapping[str, Json], place: Place, parent: str | None) -> str:
    try:
        key = spec.key.fill({**item, **place.names(), "parent": parent or ""})
        key.encode()
    except (MissingFieldError, UnicodeEncodeError):
        raise _MalformedList("an item has no key") from None
    return key


def _own_parent(spec: TableSpec, item: Mapping[str, Json], place: Place) -> str | None:
    """The record that an item says it belongs to; None where it does not say so in plain text, and then nothing rests on a guess."""
    template = spec.list.parent
    if template is None:
        return None
    names = place.names()
    if not all(name in names or isinstance(item.get(name), str) for name in template.fields):
        return None
    return template.fill({**item, **names})


def _fields(place: Place, above: tuple[TableSpec, SeenRecord] | None) -> dict[str, Json]:
    if above is None:
        return dict(place.names())
    spec, parent = above
    return {**parent.record.get(spec.part, {}), **place.names(), "parent": parent.key}


def _carried(spec: TableSpec, above: tuple[TableSpec, SeenRecord] | None) -> dict[str, Json]:
    for_each = spec.list.for_each
    if above is None or for_each is None:
        return {}
    fields = above[1].record.get(above[0].part, {})
    return {name: fields[name] for name in for_each.carry if name in fields}


def gaps_in_order(gaps: Iterable[Gap]) -> list[Gap]:
    """Sort gaps as a collection writes them (formats.md, section 8)."""
    return sorted(gaps, key=Gap.order)
