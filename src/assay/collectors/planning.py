"""How many calls a run will make, said before it starts: the lists, which are certain, and what each population took last time.

Nothing is asked to find out. Retries, the calls that take a role on, and what has come since the last run are not foreseen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assay.collectors.engine import Account, Done, Unit, plan
from assay.tables import Reach, TableSpec


@dataclass(frozen=True, slots=True)
class Lists:
    """The calls that a run makes whatever it finds: once in an account, and in each region of it."""

    account: int
    region: int

    def over(self, regions: int) -> int:
        """Give their number over some regions."""
        return self.account + self.region * regions


@dataclass(frozen=True, slots=True)
class Taken:
    """What a population took last time: records, calls, how many of the calls were pages of its list, and by which spec (a digest)."""

    records: int
    calls: int
    pages: int
    spec: str


TakenAt = Callable[[str, str, str], Taken | None]
"""Gives by table, account and region what the newest population took, None where nothing was seen yet."""


def certain_calls(specs: Mapping[str, TableSpec]) -> Lists:
    """Give the calls that list what does not hang on a record, and those that serve a whole place; tables that share a list share its call."""
    account, region = 0, 0
    for unit in plan(specs, Account("", ("",))):
        if unit.parent is None:
            calls = 1 + sum(len(spec.once) for spec in unit.specs)
            here = unit.specs[0].reach is Reach.REGION
            account, region = (account, region + calls) if here else (account + calls, region)
    return Lists(account, region)


def calls_as_last_time(
    specs: Mapping[str, TableSpec], account: Account, taken: TakenAt, done: Done = frozenset()
) -> int:
    """Give how many calls the places of an account take if nothing has come or gone since they were last seen; `done` places take none.

    A place that was never seen takes its list alone. Where a spec is another by now, each of its calls counts for each record.
    """
    return sum(_of_unit(unit, taken) for unit in plan(specs, account, done))


def _of_unit(unit: Unit, taken: TakenAt) -> int:
    """Tables of one listing share its pages, and each has its further calls."""
    pages, further = 0, 0
    for spec in unit.specs:
        last = taken(spec.name, unit.place.account, unit.place.region)
        if last is None:
            pages = max(pages, 1 if unit.parent is None else 0)
            further += len(spec.once)
            continue
        pages = max(pages, last.pages)
        same = last.spec == spec.digest
        further += last.calls - last.pages if same else len(spec.each) * last.records + len(spec.once)
    return pages + further
