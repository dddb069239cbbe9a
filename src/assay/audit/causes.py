"""Causes of not knowing: gaps that one act would mend together, with since when, what they do, and how to mend them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assay.audit.inputs import CheckFacts, GapFacts, SourceFacts, TableFacts
from assay.audit.items import counts_of, notes_with
from assay.audit.wording import begun, count, listed, source_words, table_words

ANSWERABLE = frozenset({"unavailable", "not_enabled", "not_connected"})
"""Reasons by which no source can show a thing for now, so that evidence by hand may answer instead."""

UNASKED = frozenset({"not_connected", "not_asked"})
"""Reasons that say that nobody has looked yet: the mending is to connect, to import or to collect."""

_HAPPENED = {
    "denied": "{who} refused the call",
    "throttled": "{who} slowed us down until the time was over",
    "timeout": "{who} did not answer in time",
    "malformed": "the answer could not be read",
    "interrupted": "the collection was interrupted",
    "unavailable": "the plan or region in use does not offer it",
    "not_enabled": "the permission to look was not given",
    "not_covered": "it lies before the installation, or was deleted or moved",
    "not_connected": "the source is not connected",
    "not_asked": "nobody has asked for it yet",
    "erased": "the record was erased on purpose",
    "failed": "the call failed",
}
_MEND = {
    "throttled": "Collect again at a quieter hour; Assay goes on where it stopped.",
    "timeout": "Collect again; Assay goes on where it stopped.",
    "malformed": "Collect again; if it stays, mend the file or report the answer with `assay doctor`.",
    "interrupted": "Run `assay collect` again; it goes on where it stopped.",
    "unavailable": "Answer by evidence, or move to a plan that offers it.",
    "not_enabled": "Switch the opt-in on for this source, or answer by evidence.",
    "not_covered": "Nothing to do for the past; answer by evidence where an auditor asks.",
    "erased": "Nothing to mend: the erasure is in the ledger.",
    "failed": "Collect again; `assay doctor` shows the call and its answer.",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """Gaps of one source, place and reason. `checks` are those with unknown items over them; `mends` is what one act settles."""

    id: str
    source: str
    account: str
    reason: str
    title: str
    happened: str
    mend: str
    since: str | None
    last_seen: str | None
    gaps: tuple[GapFacts, ...]
    checks: tuple[str, ...]

    @property
    def answerable(self) -> bool:
        """True where evidence by hand may stand in."""
        return self.reason in ANSWERABLE


def find_causes(
    gaps: Iterable[GapFacts],
    checks: Iterable[CheckFacts],
    sets: Mapping[str, Mapping[str, Any]],
    tables: Mapping[str, TableFacts],
    sources: Iterable[SourceFacts],
    actions: Mapping[str, str],
) -> list[Cause]:
    """Give the causes of all gaps, and of checks that nothing was collected for, sorted by id.

    A gap belongs to a check that reads its table, and one of its columns where it names some, and that has items unknown.
    """
    checks, sources = sorted(checks, key=lambda check: check.id), tuple(sources)
    places = {account: name for source in sources for account, name in source.places.items()}
    grouped: dict[tuple[str, str, str], list[GapFacts]] = {}
    for one in _with_unasked(gaps, checks, sets, tables, sources):
        grouped.setdefault(_group(one, tables), []).append(one)
    return [
        _cause(group, members, checks, sets, tables, places, actions)
        for group, members in sorted(grouped.items())
    ]


def causes_of(check: str, causes: Iterable[Cause]) -> list[Cause]:
    """Give the causes that make items of one check unknown."""
    return [cause for cause in causes if check in cause.checks]


def is_seen(check: CheckFacts, sets: Mapping[str, Mapping[str, Any]]) -> bool:
    """True where the check was evaluated."""
    return check.id in sets


def _with_unasked(
    gaps: Iterable[GapFacts],
    checks: Iterable[CheckFacts],
    sets: Mapping[str, Mapping[str, Any]],
    tables: Mapping[str, TableFacts],
    sources: Iterable[SourceFacts],
) -> list[GapFacts]:
    """Add a gap for each table that nobody asked for although a check reads it: no collection holds one."""
    given = list(gaps)
    named = {one.gap["table"] for one in given}
    kinds = {source.kind for source in sources}
    added: dict[str, str] = {}
    for check in checks:
        for reason in _unasked_reasons(check, sets):
            silent = [table for table in check.reads if table in tables and table not in named]
            unconnected = [table for table in silent if tables[table].source not in kinds]
            added |= dict.fromkeys(unconnected or silent, reason)
    return given + [GapFacts({"table": table, "reason": reason}) for table, reason in sorted(added.items())]


def _unasked_reasons(check: CheckFacts, sets: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Why items of a check are unknown for want of a question: it was never evaluated, or its notes say so."""
    if not is_seen(check, sets):
        return ["not_connected"]
    reasons = {str(note.get("reason")) for note in notes_with(sets[check.id], "UNKNOWN")}
    return sorted(reasons & {"not_connected", "not_covered"})


def _group(one: GapFacts, tables: Mapping[str, TableFacts]) -> tuple[str, str, str]:
    table = tables.get(one.gap["table"])
    source = table.source if table else "unknown source"
    place = one.gap["table"] if source == "file" else one.gap.get("account") or ""
    return source, place, _reason(one)


def _reason(one: GapFacts) -> str:
    """A gap's reason; a table of a connected kind that no collection ever asked for is told apart from time that nobody can get back."""
    whole = not any(one.gap.get(member) for member in ("account", "parent", "key"))
    return "not_asked" if whole and one.gap["reason"] == "not_covered" else str(one.gap["reason"])


def _cause(
    group: tuple[str, str, str],
    members: list[GapFacts],
    checks: Iterable[CheckFacts],
    sets: Mapping[str, Mapping[str, Any]],
    tables: Mapping[str, TableFacts],
    places: Mapping[str, str],
    actions: Mapping[str, str],
) -> Cause:
    source, account, reason = group
    members.sort(key=lambda one: (one.gap["table"], one.gap.get("region") or "", one.gap.get("key") or ""))
    things = list(
        dict.fromkeys(table_words(one.gap["table"], source, many=source != "file") for one in members)
    )
    happened = (
        begun(_HAPPENED[reason].format(who=source_words(source) if source != "file" else "the file")) + "."
    )
    return Cause(
        id="/".join(part for part in group if part),
        source=source,
        account=account,
        reason=reason,
        title=_title(source, account, reason, things, places),
        happened=happened,
        mend=_mend(source, reason, things, members, actions),
        since=min((one.since for one in members if one.since), default=None),
        last_seen=max((one.last_seen for one in members if one.last_seen), default=None),
        gaps=tuple(members),
        checks=tuple(check.id for check in checks if _touches(check, members, sets)),
    )


def _touches(check: CheckFacts, gaps: Iterable[GapFacts], sets: Mapping[str, Mapping[str, Any]]) -> bool:
    if is_seen(check, sets) and not counts_of(sets[check.id])["UNKNOWN"]:
        return False
    reasons = {note.get("reason") for note in notes_with(sets.get(check.id, {}), "UNKNOWN")}
    return any(
        one.gap["table"] in check.reads
        and (not reasons or one.gap["reason"] in reasons)
        and (
            one.gap.get("columns") is None or not check.reads[one.gap["table"]].isdisjoint(one.gap["columns"])
        )
        for one in gaps
    )


def _title(source: str, account: str, reason: str, things: list[str], places: Mapping[str, str]) -> str:
    if source == "file":
        return f"{begun(things[0])} list" if reason in UNASKED else f"Some of the {things[0]} list"
    if reason == "not_connected":
        return f"{source_words(source)}: nothing was seen yet"
    where = f" in {places.get(account, account)}" if account else ""
    return f"{source_words(source)}{where}: {listed(things)}"


def _mend(
    source: str, reason: str, things: list[str], members: list[GapFacts], actions: Mapping[str, str]
) -> str:
    if reason in UNASKED:
        how = f"`assay connect {source}`" if reason == "not_connected" else "`assay collect`"
        act = f"Import the {things[0]} list: `assay connect file`." if source == "file" else f"Run {how}."
        return f"{act} Or answer by evidence."
    if reason != "denied":
        return _MEND[reason]
    calls = sorted({str(one.gap["call"]) for one in members if one.gap.get("call")})
    allowed = sorted({actions.get(call, call) for call in calls})
    if not allowed:
        return "Give the reading role its permissions back, then collect again."
    return f"Allow {listed(allowed, 6)} to the reading role, then collect again."


def cause_json(cause: Cause, controls: list[str], criteria: list[str], not_seen: str) -> dict[str, Any]:
    """Give the member object of the report; `not_seen` says what was not seen, `controls` and `criteria` what hangs on it."""
    reach = [count(len(cause.checks), "check"), count(len(controls), "control")]
    effect = (
        f"{begun(' and '.join(reach))} cannot be answered in full until it is mended. What was not seen never counts as in place."
        if cause.checks
        else "No conclusion rests on it today. It is shown because it was asked for and did not come."
    )
    return {
        "account": cause.account if cause.source != "file" else "",
        "calls": sorted({str(one.gap["call"]) for one in cause.gaps if one.gap.get("call")}),
        "checks": list(cause.checks),
        "controls": controls,
        "criteria": criteria,
        "effect": effect,
        "happened": cause.happened,
        "id": cause.id,
        "last_seen": cause.last_seen,
        "mend": cause.mend,
        "not_seen": not_seen,
        "reason": cause.reason,
        "records": sum(1 for one in cause.gaps if one.gap.get("key")),
        "regions": sorted({str(one.gap["region"]) for one in cause.gaps if one.gap.get("region")}),
        "since": cause.since,
        "source": cause.source,
        "tables": sorted({str(one.gap["table"]) for one in cause.gaps}),
        "title": cause.title,
    }


def _lists(tables: list[str], source: str) -> str:
    if source == "file":
        return f"the {table_words(tables[0], source)} list"
    named = [table_words(table, source, many=True) for table in tables]
    return f"the {'list' if len(named) == 1 else 'lists'} of {listed(named, 8)}"


def what_was_not_seen(cause: Cause, personal: frozenset[str]) -> str:
    """Say in one sentence what the gaps cover: whole lists, and how many single records; a personal record is not named."""
    whole = sorted({str(one.gap["table"]) for one in cause.gaps if not one.gap.get("key")})
    single = [one for one in cause.gaps if one.gap.get("key")]
    columns = sorted({str(column) for one in cause.gaps for column in one.gap.get("columns") or ()})
    parts = [_lists(whole, cause.source)] if whole else []
    if single:
        named = [
            str(one.gap["key"]).rsplit("/", 1)[-1].rsplit(":", 1)[-1]
            for one in single
            if one.gap["table"] not in personal
        ]
        parts.append(f"{count(len(single), 'single record')}{f' ({listed(named)})' if named else ''}")
    sentence = f"Not seen: {' and '.join(parts)}"
    return (
        f"{sentence}; of {'these' if whole or len(single) > 1 else 'this'}, only {listed(columns, 6)}."
        if columns
        else f"{sentence}."
    )
