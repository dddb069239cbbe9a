"""Facts for a report out of ledger bodies (docs/reference/formats.md, sections 7 to 9): evaluations, sources, populations, gaps and since when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from assay.audit.inputs import Evaluation, GapFacts, Object, PopulationFacts, SourceFacts
from assay.audit.wording import source_words

Entry: TypeAlias = tuple[int, Object]
"""A ledger index and the body behind it."""

_GapId: TypeAlias = tuple[Any, ...]


def evaluation(
    body: Object, conclusion_set: Callable[[str], Object], keys: Mapping[str, frozenset[str]] | None = None
) -> Evaluation:
    """Give an evaluation from a `conclusions` body; `conclusion_set` gives the object of a digest."""
    sets = {one["check"]: {**conclusion_set(one["object"]), "counts": one["counts"]} for one in body["sets"]}
    period = None if body["period"] is None else (body["period"]["start"], body["period"]["end"])
    return Evaluation(body["as_of"], sets, period, keys)


def newest(collections: Iterable[Entry], upto: Mapping[str, int]) -> dict[str, list[Object]]:
    """Give each source's collection bodies in order, none later than the ledger index that `upto` names for it."""
    found: dict[str, list[Object]] = {}
    for index, body in sorted(collections, key=lambda one: one[0]):
        source = body["source"]["id"]
        if index <= upto.get(source, -1):
            found.setdefault(source, []).append(body)
    return found


def source_facts(
    runs: Mapping[str, list[Object]], names: Mapping[str, str] | None = None
) -> tuple[SourceFacts, ...]:
    """Give each source as its newest collection left it. `names` gives names of sources and accounts where the company has some."""
    called = names or {}
    return tuple(
        SourceFacts(
            id=source,
            kind=bodies[-1]["source"]["kind"],
            name=called.get(source, f"{source_words(bodies[-1]['source']['kind'])} ({source})"),
            seen_up_to=bodies[-1]["ended"],
            complete=bodies[-1]["complete"],
            places={account: called.get(account, account) for account in _accounts(bodies[-1])},
        )
        for source, bodies in sorted(runs.items())
    )


def population_facts(runs: Mapping[str, list[Object]]) -> tuple[PopulationFacts, ...]:
    """Give the newest population of each place that any collection saw whole."""
    held: dict[tuple[str, str, str, str], PopulationFacts] = {}
    for source, bodies in sorted(runs.items()):
        for body in bodies:
            for one in body["populations"]:
                place = (source, one["table"], one["account"], one["region"])
                held[place] = PopulationFacts(
                    one["table"],
                    one["account"],
                    one["region"],
                    one["size"],
                    one["root"],
                    body["source"]["kind"],
                )
    return tuple(held[place] for place in sorted(held))


def gap_facts(runs: Mapping[str, list[Object]]) -> tuple[GapFacts, ...]:
    """Give the gaps that last, each with the instant at which it began and the end of the last collection without it.

    A table's gaps are those of the newest collection that asked for it; a gap lasts from the first collection of an unbroken row that had it.
    """
    facts: list[GapFacts] = []
    for _, bodies in sorted(runs.items()):
        lasting: dict[_GapId, GapFacts] = {}
        seen_whole: dict[str, str] = {}
        for body in bodies:
            asked = {one["table"] for one in (*body["populations"], *body["gaps"])}
            given = {_gap_id(gap): gap for gap in body["gaps"]}
            kept = {id_: one for id_, one in lasting.items() if one.gap["table"] not in asked}
            kept |= {
                id_: _lasting(gap, lasting.get(id_), seen_whole.get(gap["table"]), body)
                for id_, gap in given.items()
            }
            lasting = kept
            seen_whole |= dict.fromkeys(asked, body["ended"])
        facts += lasting.values()
    return tuple(sorted(facts, key=lambda one: _gap_id(one.gap)))


def _lasting(gap: Object, before: GapFacts | None, seen: str | None, body: Object) -> GapFacts:
    if before is not None:
        return GapFacts(gap, before.since, before.last_seen)
    return GapFacts(gap, gap["at"] or body["started"], seen)


def _gap_id(gap: Object) -> _GapId:
    members = (gap["table"], gap["account"], gap["region"], gap["parent"], gap["key"], gap["reason"])
    return (*(member or "" for member in members), tuple(gap["columns"] or ()))


def _accounts(body: Object) -> list[str]:
    return sorted({one["account"] for one in (*body["populations"], *body["gaps"]) if one["account"]})
