"""A gap: something that should have been seen and was not (docs/reference/formats.md, section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from assay.evidence.canonical import parse_instant


class Reason(StrEnum):
    """Why something was not seen. Closed: a report has a sentence for each."""

    DENIED = "denied"
    THROTTLED = "throttled"
    TIMEOUT = "timeout"
    MALFORMED = "malformed"
    INTERRUPTED = "interrupted"
    UNAVAILABLE = "unavailable"
    NOT_ENABLED = "not_enabled"
    NOT_COVERED = "not_covered"
    NOT_CONNECTED = "not_connected"
    ERASED = "erased"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Gap:
    """What was not seen: a place; or with `parent` what belongs to it; or with `key` one record, whose parent `parent` then names;
    `columns` None means all of them.

    `account` None covers every place of the table. `call` is the call that did not answer, `detail` the error's code or a plain sentence,
    never the text of an answer; `at` an RFC 3339 instant.
    """

    table: str
    reason: Reason
    account: str | None = None
    region: str | None = None
    parent: str | None = None
    key: str | None = None
    columns: frozenset[str] | None = None
    call: str | None = None
    detail: str | None = None
    at: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the member object that a collection body holds."""
        return {
            "account": self.account,
            "at": self.at,
            "call": self.call,
            "columns": None if self.columns is None else sorted(self.columns),
            "detail": self.detail,
            "key": self.key,
            "parent": self.parent,
            "reason": str(self.reason),
            "region": self.region,
            "table": self.table,
        }

    @classmethod
    def from_json(cls, member: dict[str, Any]) -> Gap:
        """Read what `to_json` wrote; raises ValueError for a reason that this version does not know."""
        columns = member["columns"]
        return cls(
            table=member["table"],
            reason=Reason(member["reason"]),
            account=member["account"],
            region=member["region"],
            parent=member["parent"],
            key=member["key"],
            columns=None if columns is None else frozenset(columns),
            call=member["call"],
            detail=member["detail"],
            at=member["at"],
        )

    def order(self) -> tuple[str, ...]:
        """Sort key: table, account, region, parent, key (formats.md, section 8)."""
        return (
            self.table,
            self.account or "",
            self.region or "",
            self.parent or "",
            self.key or "",
            ",".join(sorted(self.columns or ())),
            self.call or "",
        )


def matters(gap: Gap, period_start: datetime) -> bool:
    """Say whether a gap bears on a period that starts at `period_start`: one over earlier time alone does not (collectors name it “time before …”)."""
    earlier_time = gap.reason is Reason.NOT_COVERED and (gap.parent or "").startswith("time before ")
    return not earlier_time or gap.at is None or parse_instant(gap.at) > period_start
