"""How many calls a run will make, said before it starts: an estimate from what is known of earlier sizes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from assay.collectors.engine import Account, plan
from assay.tables import Reach, TableSpec


def planned_calls(
    specs: Mapping[str, TableSpec], *, regions: int, known: Mapping[str, int], guess: int = 0
) -> dict[str, int]:
    """Estimate the calls of a run over one account, by call.

    `known` gives how many records a table had last time, over all regions; a table that it lacks is taken to have `guess` records in each
    place. A conditional call counts for every record, and one page for every list: conditions lower the number, further pages raise it.
    The further calls of a hook that lists for each parent count once for every record.
    """
    account = Account("", tuple(str(region) for region in range(regions)))
    counted: Counter[str] = Counter()
    for unit in plan(specs, account):
        spec = unit.specs[0]
        lists = 1
        if unit.parent is not None:  # one list a parent: all of them are counted with the first place
            lists = (
                _records(specs, unit.parent, regions, known, guess) if unit.place.region in ("", "0") else 0
            )
        counted[spec.list.call.name] += lists
        further = (
            _records(specs, spec.name, regions, known, guess) if unit.parent is not None and lists else 0
        )
        for call in spec.list.also:  # what a hook asks for each parent grows with what is found there
            counted[call] += max(lists, further)
        for table in unit.specs:
            for once in table.once:
                counted[once.name] += 1
    for name, spec in specs.items():
        for each in spec.each:
            counted[each.name] += _records(specs, name, regions, known, guess)
    return dict(sorted(counted.items()))


def _places(spec: TableSpec, regions: int) -> int:
    return 1 if spec.reach is Reach.ACCOUNT else max(regions, 1)


def _records(
    specs: Mapping[str, TableSpec], table: str, regions: int, known: Mapping[str, int], guess: int
) -> int:
    return known.get(table, guess * _places(specs[table], regions))
