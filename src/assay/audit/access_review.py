"""The arithmetic of an access review: what a frozen line says, the roots over lines and decisions, and what a later look shows of a removal.

Pure functions over plain values. A line goes by its commitment (formats.md, section 1), so that it can be erased without the root.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from assay.evidence.canonical import Json, encode, instant_text
from assay.evidence.gaps import Gap
from assay.evidence.merkle import root_of_data


class Removal(StrEnum):
    """What looks show of what was asked for. Only a complete later look speaks; a gap leaves it unseen."""

    NONE = ""
    ASKED = "asked"
    SHOWN = "shown"
    STILL = "still"
    UNSEEN = "unseen"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What one later collection holds of a grant: whether its place was seen without a gap over it, and the right there now, None where it is gone."""

    seen: bool
    right: str | None = None


def removal_after(before: Removal, look: LookedAt, *, asked: str, right: str) -> Removal:
    """Give how a removal stands after one more look. `asked` is `remove` or `change`, `right` what the frozen line said.

    A change is shown by another right as well as by none. What was shown once and is there again is `back`; a gap takes nothing back.
    """
    if not look.seen:
        return before if before in {Removal.SHOWN, Removal.BACK} else Removal.UNSEEN
    done = look.right is None or (asked == "change" and look.right != right)
    if done:
        return Removal.SHOWN
    return Removal.BACK if before in {Removal.SHOWN, Removal.BACK} else Removal.STILL


def hides(gap: Gap, *, account: str, region: str, parent: str | None, key: str | None) -> bool:
    """Tell whether a gap lies over a record of a place, so that this look says nothing of it. `key` None: which record it is cannot be told from outside."""
    if gap.account not in (None, account) or (gap.region or "") not in ("", region):
        return False
    if gap.key is not None:
        return key is None or gap.key == key
    return gap.parent is None or parent is None or gap.parent == parent


def late_after(asked: datetime, days: int) -> datetime:
    """Give the instant from which a removal is late: `days` whole days after it was asked for."""
    return asked + timedelta(days=days)


def root_of_lines(commitments: Iterable[bytes]) -> str:
    """Give the RFC 6962 root over the lines' 32-byte commitments in their order, in hexadecimal digits; the same tree as a population's."""
    return root_of_data(commitments).hex()


def decision_leaf(said: Mapping[str, Any]) -> bytes:
    """Give the leaf of one decision: canonical JSON of `alone`, `at`, `by`, `commitment`, `decision`, `entry`, `instead`, `line`, `reason`."""
    return encode(dict(said))


def decision_of(
    *,
    line: int,
    commitment: str,
    decision: str,
    reason: str,
    instead: str,
    alone: bool,
    by: str,
    at: datetime,
    entry: int,
) -> dict[str, Json]:
    """Give what a decision's leaf says; `by` is who decided as the ledger names them, `entry` the index of the act."""
    return {
        "alone": alone,
        "at": instant_text(at),
        "by": by,
        "commitment": commitment,
        "decision": decision,
        "entry": entry,
        "instead": instead,
        "line": line,
        "reason": reason,
    }


def root_of_decisions(decisions: Iterable[Mapping[str, Any]]) -> str:
    """Give the RFC 6962 root over the leaves of decisions in the order of their lines, in hexadecimal digits."""
    return root_of_data(map(decision_leaf, decisions)).hex()
