"""Trying a check over the home's evidence without keeping anything: for whoever writes one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from assay.checks import Check
from assay.conclusions import conclude
from assay.conclusions.observed import observed
from assay.evidence.canonical import parse
from assay.home.judging import HomeBook, basis_of, collections_of
from assay.home.personal import personal
from assay.home.place import Home
from assay.tables import load_tables

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Trial:
    """What a tried check concluded: records by table, counts, how long it took with loading, and the first notes."""

    rows: Mapping[str, int]
    counts: Mapping[str, int]
    milliseconds: int
    shown: tuple[str, ...]


def tried(home: Home, check: Check) -> Trial:
    """Judge one check as of now over the newest evidence."""
    specs, collections = load_tables(home.content), collections_of(home)
    basis = replace(basis_of(home, home.now()), content_digest="")
    started = time.perf_counter()
    with personal(home) as people:
        (concluded,) = conclude(basis, {check.id: check}, specs, collections, HomeBook(home, people.sealer))
    seen = observed(collections, basis.collections)
    rows = {
        table: sum(one.statement["size"] for one in seen[table].populations) if table in seen else 0
        for table in check.tables
    }
    notes = parse(concluded.content)["notes"][:SHOWN]
    shown = tuple(
        f"{note['conclusion']}  {note.get('item') or note.get('commitment') or note['table']}  {note['reason']}"
        for note in notes
    )
    return Trial(rows, concluded.counts, round((time.perf_counter() - started) * 1000), shown)
