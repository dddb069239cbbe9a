"""Manual evidence of a control at an instant: in force, grown old, or none.

Evidence holds until its own last day, or for as long as its own recurrence says; without one, for as long as the control's cadence allows. A month counts
31 days, a year 366, so that nothing grows old on the day it is due. A control that is continuous or follows events is answered for a year.
Days are those of the company's zone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assay.audit.inputs import ControlFacts, EvidenceFacts
from assay.audit.states import Hand

HOLDS_DAYS = {"daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "semiannual": 184, "annual": 366}
LONGEST_DAYS = 366


def in_force(evidence: EvidenceFacts, control: ControlFacts, as_of: str, zone: str = "UTC") -> bool:
    """True where the evidence was in the ledger and observed by `as_of`, and has not grown old since."""
    first, last = _stands(evidence, control, zone)
    return _instant(evidence.at) <= _instant(as_of) and first <= _day(as_of, zone) <= last


def hand_of(evidence: Iterable[EvidenceFacts], control: ControlFacts, as_of: str, zone: str = "UTC") -> Hand:
    """Give what the evidence of one control says at an instant; what entered the ledger later does not speak."""
    known = [one for one in evidence if _instant(one.at) <= _instant(as_of)]
    if any(in_force(one, control, as_of, zone) for one in known):
        return Hand.IN_FORCE
    return Hand.STALE if known else Hand.NONE


def _stands(evidence: EvidenceFacts, control: ControlFacts, zone: str) -> tuple[date, date]:
    """The day on which the evidence was observed, and the last day on which it stands."""
    observed = _day(str(evidence.body.get("observed") or evidence.at), zone)
    covers, recurs = evidence.body.get("covers") or {}, evidence.body.get("recurs") or {}
    speaks_until = min(observed, date.fromisoformat(covers["end"])) if covers.get("end") else observed
    if recurs.get("expires"):
        return observed, date.fromisoformat(recurs["expires"])
    days = recurs.get("every_days") or HOLDS_DAYS.get(control.cadence, LONGEST_DAYS)
    return observed, speaks_until + timedelta(days=days)


def _day(text: str, zone: str) -> date:
    return _instant(text).astimezone(_zone(zone)).date() if "T" in text else date.fromisoformat(text)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    """The zone of that name; UTC where there is none, as in every form of the report."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
