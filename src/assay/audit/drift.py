"""Drift: what concluded differently between two evaluations, item by item, with the records before and after.

Items of personal tables have no name that outlives a change, so only how many of them deviate is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assay.audit.inputs import CheckFacts, Evaluation, Object
from assay.audit.items import counts_of, place_of, short_name

GONE = "gone"
NOT_THERE = "not there"
UNTOLD = "conforms or not there"  # without the keys of that day nobody can tell which

_WORDS = {
    "CONFORMS": "conforms",
    "DEVIATES": "deviates",
    "NOT_APPLICABLE": "not applicable",
    "UNKNOWN": "unknown",
}
_ORDER = ("deviates now", "no longer seen", "mended", "gone", "seen again", "changed")
_PLACE_COLUMNS = frozenset({"key", "account", "region", "parent"})


@dataclass(frozen=True, slots=True)
class Change:
    """One item of one check that concluded differently: words of before and after, and what was observed each time."""

    check: str
    table: str
    item: str
    before: str
    after: str
    saw_before: Object
    saw_after: Object

    @property
    def turn(self) -> str:
        """What the change means, in the words of the report."""
        if self.after == "deviates":
            return "deviates now"
        if self.after == "unknown":
            return "no longer seen"
        if self.after == GONE:
            return "gone"
        if self.before == "deviates":
            return "mended"
        return "seen again" if self.before == "unknown" else "changed"


def compare(check: CheckFacts, before: Evaluation, after: Evaluation) -> list[Change]:
    """Give the changes of one check between two evaluations, in the order of table and item; none where one of them did not run it."""
    if check.id not in before.sets or check.id not in after.sets:
        return []
    earlier, later = _by_item(before.sets[check.id], check), _by_item(after.sets[check.id], check)
    changes = []
    for table, item in sorted(earlier.keys() | later.keys()):
        old, new = earlier.get((table, item)), later.get((table, item))
        words = (_word(old, before, table, item, NOT_THERE), _word(new, after, table, item, GONE))
        if words[0] != words[1] and not (
            words[0] == NOT_THERE and words[1] in ("conforms", "not applicable")
        ):
            changes.append(
                Change(
                    check.id, table, item, *words, (old or {}).get("saw") or {}, (new or {}).get("saw") or {}
                )
            )
    return changes


def changed_items(
    checks: Iterable[CheckFacts], before: Evaluation, after: Evaluation
) -> list[tuple[str, str]]:
    """Give (table, key) of every item that drifted, so that the caller can look up its records before and after."""
    return sorted(
        {(change.table, change.item) for check in checks for change in compare(check, before, after)}
    )


def drift(
    checks: Iterable[CheckFacts],
    before: Evaluation,
    after: Evaluation,
    personal: frozenset[str],
    observed: Mapping[tuple[str, str], tuple[Object | None, Object | None]],
) -> dict[str, Any]:
    """Give the drift member of a report: changes with what deviates now first, and for personal tables how many deviate then and now."""
    named = [check for check in checks if not _personal(check, personal)]
    changes = [(check, change) for check in named for change in compare(check, before, after)]
    changes.sort(key=lambda pair: (_ORDER.index(pair[1].turn), pair[0].id, pair[1].table, pair[1].item))
    return {
        "after": after.as_of,
        "before": before.as_of,
        "changes": [_change_json(check, change, observed) for check, change in changes],
        "people": [
            entry
            for check in checks
            if _personal(check, personal) and (entry := _people(check, before, after))
        ],
    }


def _by_item(conclusions: Object, check: CheckFacts) -> dict[tuple[str, str], Object]:
    only = check.items[0] if check.items else next(iter(sorted(check.reads)), "")
    return {
        (note.get("table") or only, note["item"]): note
        for note in conclusions.get("notes", ())
        if note.get("item")
    }


def _word(note: Object | None, evaluation: Evaluation, table: str, item: str, absent: str) -> str:
    if note is not None:
        return _WORDS[note["conclusion"]]
    if evaluation.keys is None:
        return UNTOLD
    return "conforms" if item in evaluation.keys.get(table, frozenset()) else absent


def _personal(check: CheckFacts, personal: frozenset[str]) -> bool:
    return any(table in personal for table in check.items or tuple(check.reads))


def _people(check: CheckFacts, before: Evaluation, after: Evaluation) -> dict[str, Any] | None:
    if check.id not in before.sets or check.id not in after.sets:
        return None
    then, now = counts_of(before.sets[check.id])["DEVIATES"], counts_of(after.sets[check.id])["DEVIATES"]
    return (
        {"check": check.id, "deviate_now": now, "deviated": then, "title": check.title}
        if then != now
        else None
    )


def _change_json(
    check: CheckFacts, change: Change, observed: Mapping[tuple[str, str], tuple[Object | None, Object | None]]
) -> dict[str, Any]:
    account, region = place_of(change.item)
    before, after = observed.get((change.table, change.item), (None, None))
    return {
        "account": account,
        "after": change.after,
        "before": change.before,
        "check": check.id,
        "controls": list(check.controls),
        "differs": _differs(before, after),
        "key": change.item,
        "name": short_name(change.item),
        "region": region,
        "saw_after": dict(sorted(change.saw_after.items())),
        "saw_before": dict(sorted(change.saw_before.items())),
        "table": change.table,
        "title": check.title,
        "turn": change.turn,
    }


def _differs(before: Object | None, after: Object | None) -> list[dict[str, Any]]:
    """The columns whose value differs between the two records; none where one of them was not there, since then all of it came or went."""
    if before is None or after is None:
        return []
    return [
        {"after": after.get(column), "before": before.get(column), "column": column}
        for column in sorted((before.keys() | after.keys()) - _PLACE_COLUMNS)
        if before.get(column) != after.get(column)
    ]
