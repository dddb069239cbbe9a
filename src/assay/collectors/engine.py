"""The engine: table specs over one account of a source, in an order that does not depend on who answers first.

Tables that share a listing call are listed once for a place. A table follows the one it is listed for. Places are worked on several at a
time; what comes out is in the order of tables and places, and only a few populations are held at once.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from assay.collectors.completing import complete
from assay.collectors.listing import list_place
from assay.collectors.seen import NotSeen, PopulationSeen, Progress, SeenRecord
from assay.collectors.work import Parents, Place, Run, Tally
from assay.errors import AssayError
from assay.evidence.canonical import encode, instant_text
from assay.evidence.gaps import Gap
from assay.tables import Reach, TableSpec

Seen = PopulationSeen | NotSeen
Known = Callable[[str, str, str], list[SeenRecord]]
Done = frozenset[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Account:
    """One account and its regions. `regions_gap` says why they are not known, when they are not."""

    name: str
    regions: tuple[str, ...] = ()
    regions_gap: Gap | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """Work that is done in one go: tables of one listing at one place."""

    specs: tuple[TableSpec, ...]
    place: Place
    parent: str | None


def collect(
    run: Run,
    specs: Mapping[str, TableSpec],
    account: Account,
    *,
    done: Done = frozenset(),
    known: Known = lambda table, account, region: [],
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> Iterator[Seen]:
    """Collect every table of `specs` over an account; gives each place of each table once, as a population or as not seen.

    `done` places are left out; where one of them is a parent, `known` gives its records. Leaving the iterator early stops the run.
    """
    units = plan(specs, account, done)
    total, finished = sum(len(unit.specs) for unit in units), 0
    yield from _without_regions(run, specs, account)
    state = _State(run, specs, known, done)
    for unit, seen in _in_order(state, units, run.settings.places_at_once, run.settings.records_at_once):
        for spec, one in zip(unit.specs, seen, strict=True):
            finished += 1
            records, gaps = (
                (len(one.records), len(one.gaps)) if isinstance(one, PopulationSeen) else (None, 1)
            )
            yield one
            on_progress(
                Progress(finished, total, spec.name, unit.place.account, unit.place.region, records, gaps)
            )


def plan(specs: Mapping[str, TableSpec], account: Account, done: Done = frozenset()) -> list[Unit]:
    """Give the units of a run, parents before children, each with the tables that are still to be done."""
    units = []
    for group in _groups(specs):
        for region in ("",) if group[0].reach is Reach.ACCOUNT else account.regions:
            left = tuple(spec for spec in group if (spec.name, account.name, region) not in done)
            if left:
                for_each = group[0].list.for_each
                units.append(Unit(left, Place(account.name, region), for_each.table if for_each else None))
    return units


def _groups(specs: Mapping[str, TableSpec]) -> list[list[TableSpec]]:
    groups: dict[tuple[int, bytes], list[TableSpec]] = {}
    for name in sorted(specs):
        spec = specs[name]
        for_each = spec.list.for_each
        parent = (
            [for_each.table, [sorted(one.columns.items()) for one in for_each.when], list(for_each.carry)]
            if for_each
            else None
        )
        call = spec.list.call
        errors = [sorted(call.absent_when), sorted(call.unavailable_when)]
        same = encode([call.name, call.ask, errors, str(spec.reach), spec.list.hook, parent])
        groups.setdefault((_depth(specs, spec), same), []).append(spec)
    return sorted(groups.values(), key=lambda group: (_depth(specs, group[0]), group[0].name))


def _depth(specs: Mapping[str, TableSpec], spec: TableSpec) -> int:
    depth = 0
    while spec.list.for_each is not None and spec.list.for_each.table in specs and depth <= len(specs):
        spec, depth = specs[spec.list.for_each.table], depth + 1
    return depth


def _without_regions(run: Run, specs: Mapping[str, TableSpec], account: Account) -> Iterator[NotSeen]:
    gap = account.regions_gap
    if gap is not None:
        for name in sorted(specs):
            if specs[name].reach is Reach.REGION:
                at = instant_text(run.clock())
                yield NotSeen(
                    Gap(name, gap.reason, account.name, None, call=gap.call, detail=gap.detail, at=at)
                )


class StoppedError(AssayError):
    """A run was left before its end."""


class _State:
    """What the units of a run share: records of parents, by table and place."""

    def __init__(self, run: Run, specs: Mapping[str, TableSpec], known: Known, done: Done) -> None:
        self.run, self.specs, self._known, self._done = run, specs, known, done
        self._wanted = {spec.list.for_each.table for spec in specs.values() if spec.list.for_each}
        self._parents: dict[tuple[str, Place], Parents] = {}
        self._finished = threading.Condition()
        self._stopped = False

    def keep(self, spec: TableSpec, place: Place, one: Seen) -> None:
        if spec.name not in self._wanted:
            return
        parents = (
            Parents(spec, gap=one.gap) if isinstance(one, NotSeen) else Parents(spec, one.records, one.gaps)
        )
        with self._finished:
            self._parents[spec.name, place] = parents
            self._finished.notify_all()

    def take_up(self, unit: Unit) -> None:
        """Bring the parents of a unit that an interrupted run saw, in the thread of whoever takes the answers: a home is open in that one alone."""
        if unit.parent is None:
            return
        spec, place = self._parent_of(unit, unit.parent)
        if (spec.name, place.account, place.region) in self._done and (spec.name, place) not in self._parents:
            seen = Parents(spec, self._known(spec.name, place.account, place.region))
            with self._finished:
                self._parents[spec.name, place] = seen

    def _parent_of(self, unit: Unit, parent: str) -> tuple[TableSpec, Place]:
        spec = self.specs[parent]
        return spec, unit.place if spec.reach is Reach.REGION else Place(unit.place.account, "")

    def parents(self, unit: Unit) -> Parents | None:
        """The parents of a unit; waits for the unit that is seeing them, which was begun before."""
        if unit.parent is None:
            return None
        spec, place = self._parent_of(unit, unit.parent)
        with self._finished:
            self._finished.wait_for(lambda: self._stopped or (spec.name, place) in self._parents)
            if self._stopped:
                raise StoppedError(
                    "The run was stopped before this table could be asked for. Collect again to go on."
                )
            return self._parents[spec.name, place]

    def stop(self) -> None:
        """Let nobody wait any longer for what will not come."""
        with self._finished:
            self._stopped = True
            self._finished.notify_all()


def _in_order(
    state: _State, units: Sequence[Unit], places: int, records: int
) -> Iterator[tuple[Unit, list[Seen]]]:
    """Work on some units at a time and give them in their order, never far ahead of who takes them."""
    waiting: deque[tuple[Unit, Future[list[Seen]]]] = deque()
    with (
        ThreadPoolExecutor(places, "assay-place") as pool,
        ThreadPoolExecutor(records, "assay-record") as calls,
    ):
        try:
            for unit in units:
                state.take_up(unit)
                waiting.append((unit, pool.submit(_work, state, unit, calls)))
                if len(waiting) > 2 * places:
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        except BaseException:
            state.stop()
            raise
        finally:
            for _, future in waiting:
                future.cancel()


def _work(state: _State, unit: Unit, calls: ThreadPoolExecutor) -> list[Seen]:
    try:
        return _see(state, unit, calls)
    except BaseException:
        state.stop()
        raise


def _see(state: _State, unit: Unit, calls: ThreadPoolExecutor) -> list[Seen]:
    run, tally = state.run, Tally()
    started = instant_text(run.clock())
    seen: list[Seen] = []
    for listed in list_place(run, unit.specs, unit.place, state.parents(unit), tally):
        one: Seen = (
            NotSeen(listed.not_seen)
            if listed.not_seen
            else complete(run, listed, unit.place, tally, calls, started)
        )
        state.keep(listed.spec, unit.place, one)
        seen.append(one)
    return seen


def tables_needed(specs: Mapping[str, TableSpec], wanted: Iterable[str]) -> dict[str, TableSpec]:
    """Give the wanted tables and the ones they are listed for; raises KeyError for a table that is not known."""
    needed: dict[str, TableSpec] = {}
    left = list(wanted)
    while left:
        spec = specs[left.pop()]
        if spec.name not in needed:
            needed[spec.name] = spec
            left.extend([spec.list.for_each.table] if spec.list.for_each else [])
    return dict(sorted(needed.items()))
