"""Sentences that every form of the report says alike: why a step is due, what a change changed, and what the report rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import groupby
from typing import Any

from assay.documents.plain import column_words, day_and_time, value_words

REMEDIES = {"console": "In the console", "cli": "By command", "terraform": "In Terraform"}
"""How each kind of remedy is introduced."""

MOST_DIFFERENCES = 8
"""How many columns a change names before it counts the rest."""

_SEVERITIES = ("high", "medium", "low")


def why_words(step: Mapping[str, Any]) -> str:
    """Give why a step is due, with the few items that it names and a count of the rest: `Two of 15 deviate: a and b.`"""
    why, names, more = step["why"], list(step["items"]), step["more"]
    if not names and not more:
        return str(why)
    if not names:
        return f"{why} People are not named here."
    listed = names if more or len(names) == 1 else [*names[:-2], f"{names[-2]} and {names[-1]}"]
    return f"{why.rstrip('.')}: {', '.join(listed)}{f' and {more} more' if more else ''}."


def differences(change: Mapping[str, Any]) -> list[str]:
    """Say what differs: columns of the records where both are known, otherwise what the check observed; `mfa: yes → no`, `cidr: 0.0.0.0/0`, `port was 22`."""
    told = [(one["column"], (one["before"],), (one["after"],)) for one in change["differs"]]
    if not told:
        before, after = change["saw_before"], change["saw_after"]
        told = [
            (name, _seen(before, name), _seen(after, name)) for name in sorted(before.keys() | after.keys())
        ]
    said = [_difference(column_words(name), before, after) for name, before, after in told if before != after]
    more = [f"and {len(said) - MOST_DIFFERENCES} more"] if len(said) > MOST_DIFFERENCES else []
    return said[:MOST_DIFFERENCES] + more


def _seen(saw: Mapping[str, Any], name: str) -> tuple[Any, ...]:
    return (saw[name],) if name in saw else ()


def _difference(column: str, before: tuple[Any, ...], after: tuple[Any, ...]) -> str:
    if not after:
        return f"{column} was {value_words(before[0])}"
    return (
        f"{column}: {value_words(before[0])} → {value_words(after[0])}"
        if before
        else f"{column}: {value_words(after[0])}"
    )


def colophon_sentences(report: Mapping[str, Any], zone: tzinfo) -> list[str]:
    """Give what the report rests on: seen up to when, from what, with which gaps, under which checkpoint and witness, and how to check it."""
    end = report["colophon"]
    gaps = "no gap" if not end["gaps"] else "1 gap" if end["gaps"] == 1 else f"{end['gaps']} gaps"
    seen = (
        f"Seen: {'; '.join(_seen_up_to(end['sources'], zone))}; with {gaps}."
        if end["sources"]
        else "Nothing has been seen yet: no source is connected."
    )
    point = end["checkpoint"]
    sealed = (
        f"Ledger checkpoint {point['size']}, root {point['root']}…, origin {point['origin']}"
        if point
        else "No checkpoint has been made yet"
    )
    return [
        f"{seen} Times are {end['zone']}.",
        f"{sealed}; {_held_by(end, zone)}.",
        f"Check it yourself: {end['command']}",
        "This is management's own monitoring. It is no audit, and no opinion.",
    ]


def _seen_up_to(sources: Sequence[Mapping[str, Any]], zone: tzinfo) -> list[str]:
    """Give the sources of one instant together: `AWS (main), GitHub up to Mon 23 Nov 2026, 08:05`."""
    together: dict[str, list[str]] = {}
    for one in sources:
        until = f" up to {day_and_time(one['seen_up_to'], zone)}" if one["seen_up_to"] else ", never"
        together.setdefault(until, []).append(one["name"])
    return [f"{', '.join(names)}{until}" for until, names in together.items()]


def _held_by(end: Mapping[str, Any], zone: tzinfo) -> str:
    """Say who outside holds the head: what the checkpoint itself carries first, then where the home says that it sends it."""
    there = ", ".join(f"the {one['kind']} {one['name']}" for one in end.get("sent_to", []))
    said = [
        f"{verb} by {_signed_by(end[member], zone)}"
        for verb, member in (("witnessed", "witnesses"), ("time-stamped", "timestamps"))
        if end.get(member)
    ]
    if end["self_witnessed"]:
        nobody = "nobody outside has signed this head" if there else "nobody outside holds this head yet"
        said.append(f"self-witnessed: {nobody}")
    if there:
        said.append(f"the home is set to send its checkpoints to {there}, which this report does not prove")
    return "; ".join(said)


def _signed_by(signers: Sequence[Mapping[str, Any]], zone: tzinfo) -> str:
    return ", ".join(f"{one['name']} on {day_and_time(one['at'], zone)}" for one in signers)


def category_words(name: str) -> str:
    """Give a category as a heading: `processing_integrity` is `Processing integrity`."""
    said = name.replace("_", " ")
    return said[:1].upper() + said[1:]


def about_company(company: Mapping[str, Any]) -> str:
    """Give one line on who the report is about: what it sells, how many people, what is in scope."""
    size = f"{company['people']} people." if company["people"] else ""
    sells = f"{company['sells'].rstrip('.')}." if company["sells"] else ""
    scope = f"In scope: {', '.join(category_words(one) for one in company['categories'])}."
    return " ".join(part for part in (sells, size, scope) if part)


def by_severity(checks: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Give the checks that deviate, worst first."""
    found = [one for one in checks if one["conclusion"] == "deviates"]
    return sorted(found, key=lambda one: (_SEVERITIES.index(one["severity"]), one["id"]))


def deviating_more(check: Mapping[str, Any], named: int) -> str:
    """Say how many deviating items are not named here; empty where all are."""
    more = len(check["deviating"]) + check["deviating_more"] - named
    if not more:
        return ""
    if check["personal"]:
        return f"{more} {'person' if more == 1 else 'people'}, not named here."
    return f"{more} more {'is' if more == 1 else 'are'} not named here."


def saw_words(item: Mapping[str, Any]) -> str:
    """Give what was observed of an item: `Seen: port: 22; cidr: 0.0.0.0/0.`"""
    said = "; ".join(f"{column_words(name)}: {value_words(value)}" for name, value in item["saw"].items())
    return f"Seen: {said}." if said else ""


def shown_words(entries: Sequence[Mapping[str, Any]]) -> str:
    """Say by how many checks and pieces of evidence something is shown."""
    if not entries:
        return "Nothing shows it yet."
    checks = sum(1 for one in entries if one["kind"] == "check")
    hand = len(entries) - checks
    said = [f"{checks} {'check' if checks == 1 else 'checks'}"] if checks else []
    said += [f"{hand} {'piece' if hand == 1 else 'pieces'} of evidence by hand"] if hand else []
    return f"Shown by {' and '.join(said)}."


def inside(sentence: str) -> str:
    """Give a sentence as a part of another: no full stop, and a small first letter unless it begins with an acronym."""
    bare = sentence.rstrip(".")
    return bare if bare[1:2].isupper() else bare[:1].lower() + bare[1:]


@dataclass(frozen=True, slots=True)
class CriteriaGroup:
    """The criteria of one category: those to tell one by one, and those left out for one and the same reason, told in one line."""

    title: str
    told: tuple[Mapping[str, Any], ...]
    folded: tuple[str, ...]
    reason: str


def criteria_groups(criteria: Sequence[Mapping[str, Any]]) -> list[CriteriaGroup]:
    """Give the criteria by category. A category that is left out whole for one reason is folded."""
    groups = []
    for category, members in groupby(criteria, key=lambda one: one["category"]):
        held = tuple(members)
        reasons = {one["reason"] for one in held}
        fold = len(reasons) == 1 and all(one["state"] == "not relevant" for one in held) and len(held) > 1
        ids = tuple(one["id"] for one in held) if fold else ()
        groups.append(
            CriteriaGroup(
                category_words(category), () if fold else held, ids, str(held[0]["reason"]) if fold else ""
            )
        )
    return groups
