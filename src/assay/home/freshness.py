"""What stands by old observation alone: a conclusion at an instant rests on the newest collection, however long ago that was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from assay.conclusions import Basis
from assay.conclusions.over_time import HOLDS, OTHERWISE_HOLDS
from assay.evidence.canonical import Json, instant_text, parse_instant
from assay.home.place import Home
from assay.wording import counted


@dataclass(frozen=True, slots=True)
class LongUnseen:
    """Tables of a source that were last seen longer ago than an observation stands over a period."""

    source: str
    seen: datetime
    tables: int
    age: timedelta

    def to_json(self) -> Json:
        """Give the member object of `--json`."""
        return {"last_seen": instant_text(self.seen), "source": self.source, "tables": self.tables}

    def sentence(self) -> str:
        """Say it to who reads the conclusions."""
        return (
            f"{self.source}: {counted(self.tables, 'table')} last seen {counted(self.age.days, 'day')} before, on {self.seen:%Y-%m-%d}. "
            f"What changed since was not seen: run `assay collect {self.source}`."
        )


def long_unseen(home: Home, basis: Basis) -> list[LongUnseen]:
    """Give by source the tables on which conclusions at `basis.as_of` rest by an old observation, oldest first in each source.

    Old is what `observation_holds_days` says, for an imported list `list_holds_days`: over a period an observation stands no longer. Places that the
    newest collection met and could not see are left out: a gap says so already.
    """
    found = []
    for source, newest in sorted(basis.collections.items()):
        name, otherwise = HOLDS.get(basis.kinds[source], OTHERWISE_HOLDS)
        holds = timedelta(days=basis.parameters.get(name, otherwise))
        for seen, tables in sorted(_tables_by_instant(home, source, newest).items()):
            age = basis.as_of - seen
            if age > holds:
                found.append(LongUnseen(source, seen, len(tables), age))
    return found


def _tables_by_instant(home: Home, source: str, newest: int) -> dict[datetime, set[str]]:
    """Give the tables that rest on each collection of a source, by when that ended, up to the collection with index `newest`."""
    last = home.ledger.body(home.ledger.entry(newest))
    missed = {(gap["table"], gap["account"], gap["region"]) for gap in last["gaps"] if _whole_place(gap)}
    rows = home.database.rows(
        "select table_name, account, region, entry from current_population where source = ?", (source,)
    )
    by_entry: dict[int, set[str]] = {newest: {one["table"] for one in last["populations"]}}
    for table, account, region, entry in rows:
        if entry < newest and not missed & {
            (table, account, region),
            (table, account, None),
            (table, None, None),
        }:
            by_entry.setdefault(entry, set()).add(table)
    return {_ended(home, entry): tables for entry, tables in by_entry.items() if tables}


def _whole_place(gap: dict[str, Any]) -> bool:
    return gap["key"] is None and gap["parent"] is None and gap["columns"] is None


def _ended(home: Home, entry: int) -> datetime:
    return parse_instant(home.ledger.body(home.ledger.entry(entry))["ended"])
