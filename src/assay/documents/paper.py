"""The report in the words and the order of the printed page: sentences made here, so that the template only sets them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import groupby
from typing import Any

from assay.documents.plain import day, day_and_time, plain_report, zone_of
from assay.documents.sentences import (
    CriteriaGroup,
    about_company,
    by_severity,
    colophon_sentences,
    criteria_groups,
    deviating_more,
    differences,
    inside,
    shown_words,
    why_words,
)

FIRST_CHANGES = 8
MOST_CHANGES = 40
MOST_ITEMS = 5
MOST_MISSING = 4


def paper_report(report: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the template of the page reads: texts that are safe and whole, nothing left to decide."""
    page = plain_report(report)
    zone = zone_of(page["company"]["zone"])
    instant = datetime.fromisoformat(report["as_of"]).astimezone(UTC)
    return {
        "about": about_company(page["company"]),
        "as_of_words": day_and_time(page["as_of"], zone),
        "colophon": colophon_sentences(page, zone),
        "company": {"name": page["company"]["name"]},
        "controls": _controls(page, zone),
        "counts": page["counts"],
        "criteria": _criteria(page),
        "date": {
            part: getattr(instant, part) for part in ("year", "month", "day", "hour", "minute", "second")
        },
        "deviations": [_deviation(check) for check in by_severity(page["checks"])],
        "drift": None if page["drift"] is None else _drift(page["drift"], zone),
        "evidence": [_evidence(one, zone) for one in page["evidence"]],
        "families": page["families"],
        "gaps": [_gap(gap, zone) for gap in page["gaps"]],
        "headline": page["headline"],
        "left_out": [one for one in page["controls"] if one["state"] == "not relevant"],
        "next_steps": [_step(step) for step in page["next_steps"]],
        "next_steps_more": page["next_steps_more"],
        "populations": _populations(page),
        "since_start": None if page["since_start"] is None else _since_start(page, zone),
        "title": f"Readiness of {page['company']['name']}, {day(page['as_of'], zone)}",
    }


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    more = f" and {len(step['controls']) - 6} more" if len(step["controls"]) > 6 else ""
    return {
        "do": step["do"],
        "owner": step["owner"],
        "ref": " ".join(step["controls"][:6]) + more,
        "where": step["where"].replace("`", ""),
        "why": why_words(step),
    }


def _drift(drift: Mapping[str, Any], zone: tzinfo) -> dict[str, Any]:
    entries = [
        {
            "name": change["name"],
            "title": change["title"],
            "turn": change["turn"],
            "turn-words": change["turn"],
            "values": "; ".join([*differences(change), f"was: {change['before']}"]),
        }
        for change in drift["changes"][:MOST_CHANGES]
    ]
    entries += [_people(one) for one in drift["people"]]
    return {
        "counted": _turns(drift),
        "entries": entries,
        "first": entries[:FIRST_CHANGES],
        "more": max(0, len(drift["changes"]) - MOST_CHANGES),
        "title": f"Since {day_and_time(drift['before'], zone)}",
    }


def _people(one: Mapping[str, Any]) -> dict[str, Any]:
    turn = "mended" if one["deviate_now"] < one["deviated"] else "deviates now"
    said = f"{one['deviated']} deviated, now {one['deviate_now']}. People are not named here."
    return {"name": one["title"], "title": said, "turn": turn, "turn-words": "", "values": ""}


def _turns(drift: Mapping[str, Any]) -> str:
    """Say how many items took each turn, such as `12 deviate now, 3 are no longer seen, 5 are mended`."""
    plural = {
        "changed": "changed",
        "deviates now": "deviate now",
        "mended": "are mended",
        "no longer seen": "are no longer seen",
        "seen again": "are seen again",
    }
    number = Counter(change["turn"] for change in drift["changes"])
    said = ", ".join(f"{number[turn]} {words}" for turn, words in plural.items() if number[turn])
    return f"Of the items judged on both days: {said}." if said else ""


def _gap(gap: Mapping[str, Any], zone: tzinfo) -> dict[str, Any]:
    since = day_and_time(gap["since"], zone) if gap["since"] else "the beginning"
    seen = f". Last seen whole {day_and_time(gap['last_seen'], zone)}" if gap["last_seen"] else ""
    rows = [
        ("Since", f"{since}{seen}"),
        ("What it does", gap["effect"]),
        ("Controls", ", ".join(gap["controls"])),
        ("Criteria", ", ".join(gap["criteria"])),
        ("Calls", ", ".join(gap["calls"])),
        ("To mend", gap["mend"].replace("`", "")),
    ]
    return {
        "happened": gap["happened"],
        "mend": gap["mend"].replace("`", ""),
        "rows": [row for row in rows if row[1]],
        "said": f"{gap['happened']} {gap['not_seen']}",
        "title": gap["title"],
    }


def _criteria(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"folded": _folded(one), "members": [_criterion(member) for member in one.told], "title": one.title}
        for one in criteria_groups(page["criteria"])
    ]


def _folded(group: CriteriaGroup) -> str:
    return (
        f"{len(group.folded)} criteria ({', '.join(group.folded)}): {inside(group.reason)}."
        if group.folded
        else ""
    )


def _criterion(one: Mapping[str, Any]) -> dict[str, Any]:
    told = [
        entry["say"]
        for entry in [*(entry for entry in one["missing"] if entry["kind"] == "check"), *one["unknown"]]
    ]
    more = [f"and {len(told) - 3} more"] if len(told) > 3 else []
    held = [f"{number} {name}" for name, number in one["counts"].items() if number and name != "not relevant"]
    return {
        "counted": ", ".join(held),
        "counts": one["counts"],
        "gist": one["gist"],
        "id": one["id"],
        "next": f"{one['next']['do']} {one['next']['control']}" if one["next"] else "",
        "note": one["note"] or "",
        "open": [one["reason"]]
        if one["reason"]
        else told[:3] + more or ([] if one["next"] else ["Nothing is open."]),
        "shown": shown_words(one["shown_by"]),
        "state": one["state"],
        "waits": " ".join(entry["about"] for entry in one["missing"] if entry["kind"] == "evidence"),
    }


def _since_start(page: Mapping[str, Any], zone: tzinfo) -> dict[str, Any]:
    start = page["since_start"]
    statements = {one["id"]: one["statement"] for one in page["controls"]}
    lists = (("There from the start", "stayed"), ("Came since", "came"), ("Was there, is no longer", "left"))
    return {
        "counts": start["counts"],
        "first": day(start["as_of"], zone),
        "lists": [
            (title, [{"id": one, "statement": statements[one]} for one in start[member]])
            for title, member in lists
        ],
        "now": day(page["as_of"], zone),
    }


def _deviation(check: Mapping[str, Any]) -> dict[str, Any]:
    named = [item for item in check["deviating"][:MOST_ITEMS] if item["name"]]
    return {
        "id": check["id"],
        "items": [{"name": item["name"], "reason": item["reason"]} for item in named],
        "more": deviating_more(check, len(named)),
        "remedy": check["remedy"].get("console") or "",
        "severity": check["severity"],
        "title": check["title"],
    }


def _controls(page: Mapping[str, Any], zone: tzinfo) -> list[dict[str, Any]]:
    shown = sorted(
        (one for one in page["controls"] if one["state"] != "not relevant"), key=lambda one: one["domain"]
    )
    return [
        {"members": [_control(one, zone) for one in members], "title": domain}
        for domain, members in groupby(shown, key=lambda one: one["domain"])
    ]


def _control(one: Mapping[str, Any], zone: tzinfo) -> dict[str, Any]:
    return {
        "id": one["id"],
        "missing": _first([entry["say"] for entry in one["missing"]]),
        "owner": one["owner"],
        "rests_on": one["rests_on"],
        "shown": [shown_words(one["shown_by"]), *_by_hand(one["shown_by"], zone)] if one["shown_by"] else [],
        "state": one["state"],
        "statement": one["statement"],
        "unknown": _first([f"Not seen: {entry['say']}" for entry in one["unknown"]]),
    }


def _first(said: list[str]) -> list[str]:
    more = [f"and {len(said) - MOST_MISSING} more"] if len(said) > MOST_MISSING else []
    return said[:MOST_MISSING] + more


def _by_hand(entries: Sequence[Mapping[str, Any]], zone: tzinfo) -> list[str]:
    return [
        f"{entry['say'].rstrip('.')}. Seen by hand {day(entry['observed'], zone)}."
        for entry in entries
        if entry["kind"] == "evidence"
    ]


def _evidence(one: Mapping[str, Any], zone: tzinfo) -> dict[str, Any]:
    return {
        "added": day(one["at"], zone),
        "by": one["by"] or "",
        "control": one["control"],
        "in_force": one["in_force"],
        "observed": day(one["observed"], zone),
        "shows": one["shows"] or "",
    }


def _populations(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give a row for each kind of thing: in how many places it was listed, and how many records there are."""
    ordered = sorted(page["populations"], key=lambda one: one["title"])
    grouped = [(title, list(members)) for title, members in groupby(ordered, key=lambda one: one["title"])]
    return [
        {"lists": str(len(members)), "size": str(sum(one["size"] for one in members)), "title": title}
        for title, members in grouped
    ]
