"""Rows of collected tables as the newest conclusions saw them, and how their populations were made. Read at a look, kept nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assay.conclusions import Basis, CollectionEntry, ObservedTable, observed
from assay.evidence.canonical import Json
from assay.evidence.ledger import Kind
from assay.home.judging import HomeBook
from assay.home.personal import personal
from assay.tables import load_tables
from assay.verification.items import rows_of
from assay_web.home import current_home
from assay_web.memory import remembered

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SeenTable:
    """A table as it was last seen: its rows, and what its populations and gaps say. `looks` is None where nobody asked for it."""

    rows: tuple[Row, ...]
    looks: ObservedTable | None

    def made(self) -> list[dict[str, Json]]:
        """Say how each population was made: source, place, ledger entry, size, root, and what speaks for its being whole."""
        if self.looks is None:
            return []
        return [
            {
                "source": one.source,
                "account": one.place.account,
                "region": one.place.region,
                "entry": one.ordinal,
                "size": one.statement["size"],
                "root": one.statement["root"],
                "made": one.statement["made"],
            }
            for one in self.looks.populations
        ]


def seen_tables(entry: int, *names: str) -> dict[str, SeenTable]:
    """Give tables as the conclusions of a ledger entry saw them."""
    return {name: _table(str(current_home().path), entry, name) for name in names}


@remembered(48)
def _table(path: str, entry: int, name: str) -> SeenTable:
    home = current_home()
    specs = load_tables(home.content)
    if name not in specs:
        return SeenTable((), None)
    with personal(home) as people:
        book = HomeBook(home, people.sealer)
        body = book.body(book.entry(entry))
        rows = tuple(rows_of(book, body, specs[name]))
    return SeenTable(rows, _looks(entry).get(name))


def _looks(entry: int) -> dict[str, ObservedTable]:
    home = current_home()
    basis = Basis.from_json(home.ledger.body(home.ledger.entry(entry)))
    collections = (
        CollectionEntry(one.ordinal, home.ledger.body(one))
        for one in home.ledger.entries(kind=Kind.COLLECTION)
    )
    return observed(collections, basis.collections)
