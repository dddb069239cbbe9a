"""An access review as a record: what it was made from, every line with its decision, the roots that anyone can compute again, and what followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from assay.audit.access_review import decision_of, root_of_decisions
from assay.evidence.canonical import Json, encode, instant_text
from assay_web.queries.review_lines import HIDDEN, Said, every_line, leaf_of
from assay_web.records.accounts import Account
from assay_web.records.reviews import Review, ReviewLine, ReviewSystem

FORMAT = 1
HEADINGS = (
    "line",
    "system",
    "account",
    "right",
    "person",
    "kind",
    "privileged",
    "nobody’s",
    "unused",
    "last used",
    "reviewer",
    "decision",
    "reason",
    "decided by",
    "decided",
    "decided in ledger entry",
    "own access, duties not segregated",
    "what makes up for it",
    "change",
    "seen in ledger entry",
    "seen",
    "late",
    "frozen from ledger entry",
    "source",
    "table",
    "commitment",
    "salt",
    "leaf",
    "decision leaf",
)
_RELATED = ("system", "reviewer", "decided_by")


def decision_said(line: ReviewLine) -> dict[str, Json]:
    """Give what a decided line's leaf says."""
    if line.decided is None or line.decided_by_id is None or line.decided_entry is None:
        raise ValueError(f"Line {line.number} is not decided.")
    return decision_of(
        line=line.number,
        commitment=line.commitment,
        decision=line.decision,
        reason=line.reason,
        instead=line.instead,
        alone=line.alone,
        by=f"account:{line.decided_by_id}",
        at=line.decided,
        entry=line.decided_entry,
    )


def decisions_root(lines: Iterable[ReviewLine]) -> str:
    """Give the root over the decisions of lines in their order."""
    return root_of_decisions(decision_said(one) for one in lines)


def rows_of(
    review: Review, lines: Iterable[ReviewLine], *, named: bool, now: Any
) -> Iterator[tuple[Any, ...]]:
    """Give lines for other programs. Without `named` nothing of people is in them: salts and leaves are left out too."""
    said = every_line(review.pk) if named else {}
    for one in lines:
        yield _row(review, one, said.get(one.number, HIDDEN), named=named, now=now)


def unnamed(review: Review, systems: Sequence[ReviewSystem], lines: Sequence[ReviewLine]) -> bytes:
    """Give the record that is kept as evidence: canonical JSON without names. Lines go by their commitments."""
    return encode(
        {
            "decisions": [decision_said(one) for one in lines],
            "format": FORMAT,
            "kind": "access review",
            "lines": review.lines_frozen,
            "name": review.name,
            "not_reviewed": review.unseen,
            "parameters": review.parameters,
            "review": review.pk,
            "root": review.root,
            "started": instant_text(review.started),
            "started_entry": review.started_entry,
            "systems": [_system(one) for one in systems],
        }
    )


def in_order(review: Review) -> list[ReviewLine]:
    """Give all lines of a review in their order."""
    return list(review.lines.select_related(*_RELATED).order_by("number"))


def _system(one: ReviewSystem) -> dict[str, Json]:
    return {
        "cites": one.cites,
        "complete": one.complete,
        "ended_records": one.ended_records,
        "erased_records": one.erased_records,
        "gaps": one.gaps,
        "lines": one.lines_frozen,
        "reviewer": f"account:{one.reviewer_id}",
        "source": one.source,
        "table": one.table,
        "title": one.title,
    }


def _row(review: Review, one: ReviewLine, said: Said, *, named: bool, now: Any) -> tuple[Any, ...]:
    record: Mapping[str, Any] = said.record if named and not said.erased else {}
    return (
        one.number,
        one.system.title,
        said.account,
        said.right,
        said.person,
        said.kind,
        one.privileged,
        one.unmatched,
        one.dormant,
        said.use if named else "",
        str(one.reviewer),
        one.get_decision_display() or "not decided",
        one.reason,
        _name(one.decided_by),
        one.decided and instant_text(one.decided),
        one.decided_entry,
        one.alone,
        one.instead,
        one.get_removal_display() if one.removal else "",
        one.removal_entry,
        one.removal_at and instant_text(one.removal_at),
        one.late_on(review.removal_days, now),
        record.get("collection", ""),
        one.system.source,
        one.system.table,
        one.commitment,
        said.salt if named else "",
        leaf_of(said) if named else "",
        encode(decision_said(one)).decode() if one.decided else "",
    )


def _name(account: Account | None) -> str:
    return str(account) if account else ""
