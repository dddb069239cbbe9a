"""What was seen: checks with their items, populations with counts and roots, sources, evidence by hand, and the gaps between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assay.audit.assessment import Assessed
from assay.audit.by_hand import in_force, overtaken
from assay.audit.causes import Cause, causes_of, is_seen
from assay.audit.inputs import CheckFacts, Evaluation, EvidenceFacts, ReadinessInputs, SourceFacts, TableFacts
from assay.audit.items import counts_of, item_of, notes_with, short_root
from assay.audit.wording import begun, table_words

MOST_ITEMS = 200
"""How many items of one check a report names; the rest is counted and stands in the pack."""


def check_json(
    check: CheckFacts, now: Evaluation, tables: Mapping[str, TableFacts], causes: Iterable[Cause]
) -> dict[str, Any]:
    """Give one check: its conclusion in a word, its items that deviate or are unknown, what it shows and what it cannot, and the remedy."""
    conclusions = now.sets.get(check.id, {})
    counts = counts_of(conclusions)
    personal = any(tables[table].personal for table in check.items if table in tables)
    deviating, unknown = notes_with(conclusions, "DEVIATES"), notes_with(conclusions, "UNKNOWN")
    return {
        "causes": [cause.id for cause in causes_of(check.id, causes)],
        "conclusion": _conclusion(counts, seen=is_seen(check, now.sets)),
        "controls": list(check.controls),
        "counts": counts,
        "deviating": [item_of(note, personal=personal).to_json() for note in deviating[:MOST_ITEMS]],
        "deviating_more": max(counts["DEVIATES"], len(deviating)) - min(len(deviating), MOST_ITEMS),
        "does_not_show": check.does_not_show,
        "id": check.id,
        "personal": personal,
        "remedy": {name: check.remedy[name] for name in sorted(check.remedy)},
        "severity": check.severity,
        "shows": check.shows,
        "title": check.title,
        "unknown": [item_of(note, personal=personal).to_json() for note in unknown[:MOST_ITEMS]],
        "unknown_more": counts["UNKNOWN"] - min(len(unknown), MOST_ITEMS),
    }


def _conclusion(counts: Mapping[str, int], *, seen: bool) -> str:
    if not seen:
        return "unknown"
    if counts["DEVIATES"]:
        return "deviates"
    if counts["UNKNOWN"]:
        return "unknown"
    return "conforms" if counts["CONFORMS"] else "nothing to judge"


def evidence_json(
    one: EvidenceFacts, inputs: ReadinessInputs, assessed: Mapping[str, Assessed]
) -> dict[str, Any]:
    """Give one piece of manual evidence, and whether it is in force."""
    body = one.body
    holder = assessed.get(str(body["control"]))
    return {
        "at": one.at,
        "by": body.get("by"),
        "control": body["control"],
        "file_name": body.get("file_name"),
        "how": body.get("how"),
        "in_force": holder is not None
        and one.index not in overtaken(holder.evidence)
        and in_force(one, holder.control, inputs.now.as_of, inputs.company.zone),
        "index": one.index,
        "observed": body.get("observed"),
        "shows": body.get("shows"),
    }


def populations_json(inputs: ReadinessInputs, tables: Mapping[str, TableFacts]) -> list[dict[str, Any]]:
    """Give every population with its count and the first digits of its root."""
    ordered = sorted(inputs.populations, key=lambda one: (one.table, one.account, one.region))
    return [
        {
            "account": one.account,
            "region": one.region,
            "root": short_root(one.root),
            "size": one.size,
            "source": tables[one.table].source if one.table in tables else one.source,
            "table": one.table,
            "title": begun(
                table_words(
                    one.table, tables[one.table].source if one.table in tables else one.source, many=True
                )
            ),
        }
        for one in ordered
    ]


def source_json(source: SourceFacts, causes: Iterable[Cause]) -> dict[str, Any]:
    """Give one source, up to when it was seen, and its gaps."""
    gaps = [
        cause.id
        for cause in causes
        if cause.source == source.kind
        and (cause.account in source.places or (not cause.account and source.kind != "file"))
    ]
    return {
        "complete": source.complete,
        "gaps": gaps,
        "id": source.id,
        "kind": source.kind,
        "name": source.name,
        "places": dict(sorted(source.places.items())),
        "seen_up_to": source.seen_up_to,
    }
