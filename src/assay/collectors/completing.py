"""Completing: the further calls for each record and for each place; one that fails leaves its part away, and a gap over its columns."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field

from assay.collectors.asking import Ask, CallError
from assay.collectors.conditions import is_asked
from assay.collectors.keeping import keep
from assay.collectors.listing import gaps_in_order
from assay.collectors.safe import UnsafeAnswerError
from assay.collectors.seen import Made, PopulationSeen, SeenRecord
from assay.collectors.work import Listed, Place, Run, Tally
from assay.evidence.canonical import Json, instant_text
from assay.evidence.gaps import Gap, Reason
from assay.tables import Call, TableSpec, columns_of, malformed_columns
from assay.tables.paths import MissingFieldError, fill


@dataclass(slots=True)
class _Completed:
    record: dict[str, Json]
    gaps: list[Gap] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


def complete(
    run: Run, listed: Listed, place: Place, tally: Tally, pool: Executor, started: str
) -> PopulationSeen:
    """Make a population of what was listed: 1. the calls for the place, 2. the calls for each record, several at a time, 3. in order of keys."""
    spec, whole = listed.spec, Tally()
    whole.add(tally)
    shared = _Completed({})
    for call in spec.once:  # 1
        _ask(run, spec, call, place, shared, None)
    whole.add(shared.tally)
    keys = sorted(listed.parts, key=str.encode)
    parts = [listed.parts[key] for key in keys]
    if spec.each:  # 2
        done = list(
            pool.map(lambda key, part: _complete_one(run, spec, place, key, part, shared.record), keys, parts)
        )
    else:
        done = [
            _complete_one(run, spec, place, key, part, shared.record)
            for key, part in zip(keys, parts, strict=True)
        ]
    for one in done:
        whole.add(one.tally)
    gaps = gaps_in_order([*listed.gaps, *shared.gaps, *(gap for one in done for gap in one.gaps)])
    records = [
        SeenRecord(key, parent, one.record) for key, (parent, _), one in zip(keys, parts, done, strict=True)
    ]  # 3
    made = Made(whole.calls, whole.pages, started, instant_text(run.clock()), whole.first, whole.last)
    return PopulationSeen(spec.name, place.account, place.region, records, gaps, made)


def _complete_one(
    run: Run,
    spec: TableSpec,
    place: Place,
    key: str,
    part: tuple[str | None, Json],
    shared: Mapping[str, Json],
) -> _Completed:
    parent, listed = part
    one = _Completed({spec.part: listed, **shared})
    _note_malformed(run, spec, spec.list.call, place, one, (key, parent))
    for call in spec.each:
        if is_asked(spec, call, one.record, place.names(), run.settings.parameters):
            _ask(run, spec, call, place, one, (key, parent))
        else:
            one.record[call.part] = None
    return one


def _ask(
    run: Run,
    spec: TableSpec,
    call: Call,
    place: Place,
    into: _Completed,
    whose: tuple[str, str | None] | None,
) -> None:
    """Put the kept answer of one call into `into`; what goes wrong becomes a gap over the columns that the call would have filled.

    `whose` is the key of the record and of its parent, None for a call that serves the whole place. The gap names both: by the parent a check
    knows which of its items rest on the record.
    """
    key, parent = whose or (None, None)
    fields = {**(into.record.get(spec.part) or {}), **place.names(), "parent": parent or "", "key": key or ""}
    try:
        ask = Ask(call.name, fill(call.ask, fields), place.account, _region(call, fields, place))
        answer = None
        try:
            answer = run.source.one(ask)
        finally:
            into.tally.count(answer)
        _refuse_part_of_a_list(call, answer.body)
        into.record[call.part] = keep(spec, call, answer.body, run.tags)
        _note_malformed(run, spec, call, place, into, whose)
    except CallError as error:
        if error.code in call.absent_when:
            into.record[call.part] = None
            return
        reason = Reason.UNAVAILABLE if error.code in call.unavailable_when else error.reason
        into.gaps.append(_gap(run, spec, call, place, whose, reason, error.code))
    except (UnsafeAnswerError, MissingFieldError) as error:
        detail = f"unexpected answer: {error}"
        into.gaps.append(_gap(run, spec, call, place, whose, Reason.MALFORMED, detail))


def _gap(
    run: Run,
    spec: TableSpec,
    call: Call,
    place: Place,
    whose: tuple[str, str | None] | None,
    reason: Reason,
    detail: str | None,
    columns: frozenset[str] | None = None,
) -> Gap:
    """The gap that a call leaves: over `columns`, or over all that it would have filled."""
    key, parent = whose or (None, None)
    return run.gap(
        spec,
        place,
        reason,
        call=call.name,
        detail=detail,
        parent=parent,
        key=key,
        columns=columns_of(spec, call.part) if columns is None else columns,
    )


_MORE = ("NextToken", "nextToken", "NextMarker", "PaginationToken", "IsTruncated")


def _refuse_part_of_a_list(call: Call, body: Json) -> None:
    """A call for one record is not followed over pages: an answer that says there is more is no whole answer, and a gap."""
    if isinstance(body, Mapping) and any(body.get(name) for name in _MORE):
        raise CallError(call.name, Reason.MALFORMED, "MoreThanOnePage")


def _region(call: Call, fields: Mapping[str, Json], place: Place) -> str:
    """Where the call is asked; a record that does not say is asked for at the place, where the service knows the way."""
    if call.region is None:
        return place.region
    try:
        return call.region.fill(fields)
    except MissingFieldError:
        return place.region


def _note_malformed(
    run: Run,
    spec: TableSpec,
    call: Call,
    place: Place,
    into: _Completed,
    whose: tuple[str, str | None] | None,
) -> None:
    wrong = malformed_columns(spec, call.part, into.record[call.part], place.names())
    if wrong:
        detail = "a value is missing or of another type"
        into.gaps.append(_gap(run, spec, call, place, whose, Reason.MALFORMED, detail, wrong))
