"""The report as tables: one list of rows for each thing that it tells, the same for XLSX and CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.documents.cells import Cell
from assay.documents.plain import day_and_time, plain_report, zone_of
from assay.documents.sentences import (
    REMEDIES,
    about_company,
    colophon_sentences,
    differences,
    saw_words,
    why_words,
)

STATES = ("in place", "partly", "missing", "unknown", "not relevant")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name, its column heads with their widths in characters, and its rows."""

    name: str
    heads: tuple[tuple[str, int], ...]
    rows: tuple[tuple[Cell, ...], ...]


def sheets(report: Mapping[str, Any]) -> list[Sheet]:
    """Give every table of a report that has rows; the first says where the company stands and what the rest rests on."""
    page = plain_report(report)
    tables = [_standing(page), _steps(page), _criteria(page), _controls(page), _items(page), _checks(page)]
    tables += [_gaps(page), _changes(page), _evidence(page), _populations(page)]
    return [table for table in tables if table.rows]


def _standing(page: Any) -> Sheet:
    zone = zone_of(page["company"]["zone"])
    start = page["since_start"]
    rows: list[tuple[Cell, ...]] = [
        (page["company"]["name"], day_and_time(page["as_of"], zone), ""),
        (page["headline"], "", ""),
    ]
    rows += [
        (about_company(page["company"]), "", ""),
        ("", "", ""),
        ("Controls by state", "now", "at the start" if start else ""),
    ]
    rows += [(state, page["counts"][state], start["counts"][state] if start else "") for state in STATES]
    rows += [("", "", "")] + [(sentence, "", "") for sentence in colophon_sentences(page, zone)]
    return Sheet("Where we stand", (("Readiness", 90), ("", 24), ("", 14)), tuple(rows))


def _steps(page: Any) -> Sheet:
    rows = [
        (place, step["do"], why_words(step), step["where"], step["owner"], " ".join(step["controls"]))
        for place, step in enumerate(page["next_steps"], 1)
    ]
    return Sheet(
        "What is next",
        (("", 5), ("What to do", 60), ("Why", 50), ("Where", 60), ("Owner", 20), ("Controls", 24)),
        tuple(rows),
    )


def _criteria(page: Any) -> Sheet:
    rows = [
        (
            one["id"],
            one["category"],
            one["gist"],
            one["state"],
            *(one["counts"][state] for state in STATES),
            _said(one["shown_by"]),
            _said(one["missing"]),
            _said(one["unknown"]),
            one["next"]["do"] if one["next"] else one["reason"] or "",
        )
        for one in page["criteria"]
    ]
    heads = [
        ("Criterion", 10),
        ("Category", 14),
        ("Gist, in our words", 50),
        ("State", 12),
        *((state, 9) for state in STATES),
    ]
    return Sheet(
        "Criteria",
        (*heads, ("Shown by", 50), ("Missing", 50), ("Unknown", 40), ("Next, or reason", 50)),
        tuple(rows),
    )


def _controls(page: Any) -> Sheet:
    rows = [
        (
            one["id"],
            one["domain"],
            one["statement"],
            one["state"],
            one["owner"],
            one["kind"],
            " ".join(one["criteria"]),
            _said(one["shown_by"]),
            _said(one["missing"]),
            _said(one["unknown"]),
            one["rests_on"],
            one["next"]["do"] if one["next"] else one["reason"] or "",
        )
        for one in page["controls"]
    ]
    heads = (
        ("Control", 10),
        ("Area", 20),
        ("As worded", 60),
        ("State", 12),
        ("Owner", 20),
        ("Kind", 14),
        ("Criteria", 18),
    )
    more = (("Shown by", 50), ("Missing", 50), ("Unknown", 40), ("Rests on", 40), ("Next, or reason", 50))
    return Sheet("Controls", (*heads, *more), tuple(rows))


def _items(page: Any) -> Sheet:
    rows: list[tuple[Cell, ...]] = []
    for check in page["checks"]:
        rows += [_item(check, "deviates", item) for item in check["deviating"]]
        rows += [_item(check, "unknown", item) for item in check["unknown"]]
    heads = (
        ("Check", 26),
        ("Condition", 50),
        ("Severity", 10),
        ("Conclusion", 12),
        ("Item", 30),
        ("Account", 16),
        ("Region", 14),
    )
    return Sheet("Items", (*heads, ("Reason", 40), ("Seen", 40), ("Key", 60)), tuple(rows))


def _item(check: Mapping[str, Any], conclusion: str, item: Mapping[str, Any]) -> tuple[Cell, ...]:
    name = item["name"] or (
        "a person, not named here" if check["personal"] else f"not known by name: {item['table']}"
    )
    facts = (
        check["id"],
        check["title"],
        check["severity"],
        conclusion,
        name,
        item["account"],
        item["region"],
    )
    return (*facts, item["reason"], saw_words(item), item["key"] or "")


def _checks(page: Any) -> Sheet:
    rows = [
        (
            one["id"],
            one["title"],
            one["severity"],
            one["conclusion"],
            " ".join(one["controls"]),
            one["shows"],
            one["does_not_show"],
            *(one["remedy"].get(way) or "" for way in REMEDIES),
        )
        for one in page["checks"]
    ]
    heads = (
        ("Check", 26),
        ("Condition", 60),
        ("Severity", 10),
        ("Conclusion", 18),
        ("Controls", 24),
        ("Shows", 50),
        ("Does not show", 50),
        *((f"Remedy {words[:1].lower()}{words[1:]}", 60) for words in REMEDIES.values()),
    )
    return Sheet("Checks", heads, tuple(rows))


def _gaps(page: Any) -> Sheet:
    rows = [
        (
            one["title"],
            one["happened"],
            one["not_seen"],
            one["since"] or "",
            one["last_seen"] or "",
            one["effect"],
            " ".join(one["controls"]),
            " ".join(one["calls"]),
            one["mend"],
        )
        for one in page["gaps"]
    ]
    heads = (
        ("What", 40),
        ("What happened", 40),
        ("Not seen", 60),
        ("Since (UTC)", 20),
        ("Last seen whole (UTC)", 20),
        ("What it does", 50),
    )
    return Sheet("Not seen", (*heads, ("Controls", 24), ("Calls", 40), ("To mend", 50)), tuple(rows))


def _changes(page: Any) -> Sheet:
    drift = page["drift"] or {"changes": []}
    rows = [
        (
            one["name"],
            one["turn"],
            one["title"],
            one["before"],
            one["after"],
            "; ".join(differences(one)),
            one["account"],
            one["region"],
            one["check"],
            one["key"],
        )
        for one in drift["changes"]
    ]
    heads = (
        ("Item", 30),
        ("Turn", 16),
        ("Condition", 50),
        ("Before", 14),
        ("After", 14),
        ("What differs", 50),
        ("Account", 16),
    )
    return Sheet("Changes", (*heads, ("Region", 14), ("Check", 26), ("Key", 60)), tuple(rows))


def _evidence(page: Any) -> Sheet:
    rows = [
        (
            one["control"],
            one["shows"] or "",
            one["observed"] or "",
            one["at"],
            one["by"] or "",
            one["file_name"] or "",
            one["in_force"],
            one["index"],
        )
        for one in page["evidence"]
    ]
    heads = (
        ("Control", 10),
        ("What it shows", 60),
        ("Observed (UTC)", 20),
        ("Added (UTC)", 20),
        ("By", 24),
        ("File", 24),
        ("In force", 9),
    )
    return Sheet("Evidence by hand", (*heads, ("Ledger index", 12)), tuple(rows))


def _populations(page: Any) -> Sheet:
    rows = [
        (one["title"], one["account"], one["region"], one["size"], one["root"], one["table"])
        for one in page["populations"]
    ]
    return Sheet(
        "Populations",
        (("What", 30), ("Account", 16), ("Region", 14), ("Records", 10), ("Root", 16), ("Table", 30)),
        tuple(rows),
    )


def _said(entries: Sequence[Mapping[str, Any]]) -> str:
    return " ".join(entry["say"] if entry["say"].endswith(".") else f"{entry['say']}." for entry in entries)
