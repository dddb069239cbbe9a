"""What happened in a home, said entry by entry, and how one record changed from collection to collection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assay.evidence.book import apply, place_of
from assay.evidence.canonical import Json, instant_text, parse
from assay.evidence.carrying import PARENT
from assay.evidence.ledger import Kind
from assay.evidence.records import Line, Place, Whole, read_records
from assay.home.place import Home
from assay.tables import TableSpec, load_tables, row
from assay.wording import counted


def entries_said(home: Home, kind: str | None, last: int) -> list[dict[str, Any]]:
    """Give the last entries, each in a sentence."""
    wanted = [entry for entry in home.ledger.entries() if kind in (None, str(entry.kind))][-last:]
    return [
        {
            "at": instant_text(entry.at),
            "entry": entry.ordinal,
            "kind": str(entry.kind),
            "says": _say(entry.kind, home.ledger.body(entry)),
        }
        for entry in wanted
    ]


def versions_of(home: Home, key: str) -> list[dict[str, Any]]:
    """Give every version of the record with this key, oldest first: when it was seen, and which columns changed. Personal records have no key outside."""
    specs = load_tables(home.content)
    held: dict[tuple[str, Place], dict[bytes, Line]] = {}
    shown: dict[tuple[str, Place], dict[str, Any]] = {}
    versions = []
    for entry in home.ledger.entries(kind=Kind.COLLECTION):
        body = home.ledger.body(entry)
        for statement in body["populations"]:
            if statement["records"] is None or statement["table"] not in specs:
                continue
            name = (body["source"]["id"], place_of(statement))
            state = held.setdefault(name, {})
            apply(state, read_records(home.ledger.object(statement["records"]))[1])
            line = state.get(key.encode())
            now = _columns(specs[statement["table"]], name[1], line) if isinstance(line, Whole) else {}
            before = shown.get(name, {})
            if now != before:
                shown[name] = now
                versions.append(
                    {
                        "changes": list(_changes(before, now)) if before and now else [],
                        "entry": entry.ordinal,
                        "record": now,
                        "seen": body["ended"],
                        "table": statement["table"],
                        "what": "was first seen" if not before else "was gone" if not now else "changed",
                    }
                )
    return versions


def _columns(spec: TableSpec, place: Place, line: Whole) -> dict[str, Any]:
    record = parse(line.record)
    parent = record.pop(PARENT, None)
    values = row(spec, line.key, place.account, place.region, parent, record)[4:]
    return {
        name: value if isinstance(value, bool | int | str | list | None) else str(value)
        for name, value in zip(spec.columns, values, strict=True)
    }


def _changes(before: dict[str, Any], now: dict[str, Any]) -> Iterator[Json]:
    for column in now:
        if before.get(column) != now[column]:
            yield {"after": now[column], "before": before.get(column), "column": column}


def _say(kind: Kind, body: Json) -> str:
    match kind:
        case Kind.HOME:
            return f"The home of {body['name']} was made."
        case Kind.COLLECTION:
            records = counted(sum(one["size"] for one in body["populations"]), "record")
            return f"{body['source']['id']}: {records} seen, {counted(len(body['gaps']), 'gap')}."
        case Kind.CONCLUSIONS:
            deviating = sum(one["counts"]["DEVIATES"] for one in body["sets"])
            unknown = sum(one["counts"]["UNKNOWN"] for one in body["sets"])
            return (
                f"{len(body['sets'])} checks judged: {deviating} conclusions deviate, {unknown} are unknown."
            )
        case Kind.EPISODES:
            deviating = sum(one["counts"]["DEVIATES"] for one in body["sets"])
            return f"{len(body['sets'])} checks judged from {body['period']['start']} to {body['period']['end']}: {deviating} times an item deviated from a check."
        case Kind.EVIDENCE:
            return f"Evidence for {body['control']}: {body['shows']}"
        case Kind.ACT:
            details = body["details"]
            about = details.get("name") or details.get("source") or ""
            return f"{body['act']} {about} by {body['by']}".replace("  ", " ")
        case Kind.EPOCH:
            return f"A backup was restored; {len(body['lost'])} entries behind it are named as lost."
        case Kind.KEY:
            return f"Another signing key from here on, by {body['by']}: {body['why']}"
        case Kind.ERASURE:
            return f"Erased on the basis “{body['basis']}” by {body['by']}."
        case Kind.CLOCK:
            return f"The clock stepped back from {body['previous']} to {body['now']}."
