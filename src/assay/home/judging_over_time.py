"""Concluding over a period in the home: every version of every record is judged, stored as episodes, and entered in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from assay.catalogue import load_catalogue
from assay.checks import load_checks
from assay.conclusions.over_time import PeriodBasis, conclude_over, judged_over_time
from assay.errors import AssayError
from assay.evidence.canonical import parse
from assay.evidence.ledger import Kind
from assay.evidence.population import Sealer
from assay.evidence.records import Erased, Place, Sealed, Whole
from assay.home.histories import histories_of
from assay.home.judging import PARAMETER, SCOPE, collections_of, newest_by, parameters_at, zone_at
from assay.home.place import Home
from assay.home.settings import effective_instants, setting_at
from assay.home.sources import sources_since
from assay.tables import load_tables


def period_basis_of(home: Home, period: tuple[datetime, datetime]) -> PeriodBasis:
    """Give what conclusions over a period rest on: collections that had ended by its end, and every setting in force in it.

    A source that was disconnected since, or in the period, keeps the part that it saw.
    """
    start, end = period
    catalogue = load_catalogue(home.content)
    scope = setting_at(home, SCOPE, end)
    connected = {one.id: one.kind for one in sources_since(home, start)}
    begun = [start, *(one for one in effective_instants(home, PARAMETER) if start < one < end)]
    return PeriodBasis(
        period=period,
        zone=zone_at(home, end),
        collections=newest_by(home, connected, end),
        kinds=connected,
        scope=None if scope is None else scope.entry,
        stretches=tuple((one, parameters_at(home, catalogue, one)) for one in begun),
        content_digest=home.content.archive_digest,
    )


def judge_over(
    home: Home, basis: PeriodBasis, sealer: Sealer, on_check: Callable[[str], None] = lambda _: None
) -> int:
    """Judge every item check over the period, keep the sets of episodes, and enter them in the ledger; gives the entry's index."""
    specs = load_tables(home.content)
    checks = judged_over_time(load_checks(home.content, specs))
    read = {table: specs[table] for check in checks.values() for table in check.tables}

    def opened(place: Place, line: Sealed | Erased) -> Whole | None:
        return sealer.open(place, line) if isinstance(line, Sealed) else None

    inputs, gaps = histories_of(home, collections_of(home), basis.collections, read, opened, basis.holds)
    sets = []
    for one in conclude_over(basis, checks, specs, inputs, gaps, on_check):
        home.evidence.put_object(one.content, lasting=True)
        sets.append(one.to_json())
    home.evidence.put_object(home.content.archive, lasting=True)
    return home.ledger.append(Kind.EPISODES, {**basis.to_json(), "sets": sets})


def is_check(home: Home, name: str) -> bool:
    """Say whether the content in force has a check of this name."""
    return f"checks/{name.replace('.', '/')}.sql" in home.content.files


def episodes_of(home: Home, check_id: str) -> dict[str, Any]:
    """Give the newest episodes of a check: the period, counts, and each time in which an item did not conform. Raises AssayError where there are none."""
    for entry in reversed(list(home.ledger.entries(kind=Kind.EPISODES))):
        body = home.ledger.body(entry)
        for one in body["sets"]:
            if one["check"] == check_id:
                return {
                    "check": check_id,
                    "counts": one["counts"],
                    "entry": entry.ordinal,
                    "period": body["period"],
                    **{
                        name: value
                        for name, value in parse(home.ledger.object(one["object"])).items()
                        if name in ("episodes", "items", "judged", "unseen")
                    },
                }
    raise AssayError(
        f"{check_id} was not judged over a period yet. `assay check --throughout FIRST LAST` judges every check over these days."
    )
