"""Verbs on firms beside those of every register: scoring one, and choosing one. Each is one act."""

from __future__ import annotations

from collections.abc import Mapping

from assay_web.records.accounts import Account
from assay_web.records.auditor import Auditor, Firm
from assay_web.services.planning import keep
from assay_web.services.registers import LineMovedError, changing


def score(firm: Firm, scores: Mapping[str, int], *, version: int, by: Account) -> None:
    """Keep the company's own scores of a firm that was read as `version`. Raises LineMovedError."""
    with changing(firm, "scored", version=version, by=by) as found:
        found.scores = dict(scores)


def choose(firm: Firm, why: str, *, version: int, by: Account) -> Auditor:
    """Choose a firm, over the choice that was read as `version`, 0 where there was none. Raises LineMovedError, also for a firm that was left out."""
    if firm.ended is not None:
        raise LineMovedError(f"{firm.name} was left out of the comparison. Take that back first.")
    return keep(Auditor, {"firm": firm, "why": why}, version=version, by=by)
