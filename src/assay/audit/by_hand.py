"""Manual evidence of a control at an instant: in force, grown old, stated or denied by the company's own answers alone, or none.

Evidence holds until its own last day, or for as long as its own recurrence says; without one, for as long as the control's cadence allows. A month counts
31 days, a year 366, so that nothing grows old on the day it is due. A control that is continuous or follows events is answered for a year.
Days are those of the company's zone.

An answer (evidence by inquiry) is management's statement. Of the answers to one question the newest stands. A control that a person's observation
shows is in place by an answer that says so; one that a document, a setting, a list or a record shows is at most partly until such a thing is there.
What is newer counts: a record added after an answer stands before it, an answer given after a record qualifies it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assay.audit.inputs import ControlFacts, EvidenceFacts
from assay.audit.states import Hand

HOLDS_DAYS = {"daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "semiannual": 184, "annual": 366}
LONGEST_DAYS = 366
IN_PLACE, PARTLY, MISSING, NOT_RELEVANT = "in_place", "partly", "missing", "not_relevant"


def in_force(evidence: EvidenceFacts, control: ControlFacts, as_of: str, zone: str = "UTC") -> bool:
    """True where the evidence was in the ledger and observed by `as_of`, and has not grown old since."""
    first, last = _stands(evidence, control, zone)
    return _instant(evidence.at) <= _instant(as_of) and first <= _day(as_of, zone) <= last


def hand_of(evidence: Iterable[EvidenceFacts], control: ControlFacts, as_of: str, zone: str = "UTC") -> Hand:
    """Give what the evidence of one control says at an instant; what entered the ledger later does not speak.

    1. What was shown stands, unless a newer answer qualifies it. 2. Answers alone state it, deny it, or say nothing of it.
    3. Otherwise it has grown old, or there is none.
    """
    known = _standing_answers(one for one in evidence if _instant(one.at) <= _instant(as_of))
    speaking = [one for one in known if in_force(one, control, as_of, zone)]
    shown = [one.index for one in speaking if not is_answer(one)]
    said = {_means(one) for one in speaking if is_answer(one) and one.index > max(shown, default=-1)}
    if shown:  # 1
        return Hand.STATED if said & {PARTLY, MISSING} else Hand.IN_FORCE
    said -= {NOT_RELEVANT}
    if said:  # 2
        whole = said == {IN_PLACE} and control.asks_for == "observation"
        return Hand.IN_FORCE if whole else Hand.DENIED if said == {MISSING} else Hand.STATED
    return Hand.STALE if any(_means(one) in (IN_PLACE, PARTLY) for one in known) else Hand.NONE  # 3


def is_answer(evidence: EvidenceFacts) -> bool:
    """True where the evidence is the company's own word and nothing else."""
    return bool((evidence.body.get("how") or {}).get("method") == "inquiry")


def stated(evidence: EvidenceFacts) -> bool:
    """True where the evidence says that the control is there, wholly or in part: it shows it, or is an answer that says so."""
    return _means(evidence) in (IN_PLACE, PARTLY)


def overtaken(evidence: Iterable[EvidenceFacts]) -> frozenset[int]:
    """Give the ledger indexes of answers that a newer answer to the same question, for the same control, stands before."""
    given = list(evidence)
    return frozenset(one.index for one in given) - {one.index for one in _standing_answers(given)}


def _standing_answers(evidence: Iterable[EvidenceFacts]) -> list[EvidenceFacts]:
    """Leave out answers that a newer one to the same question stands before; everything else stays."""
    given = sorted(evidence, key=lambda one: one.index)
    newest = {_question(one): one.index for one in given}
    return [one for one in given if newest[_question(one)] == one.index]


def _question(evidence: EvidenceFacts) -> tuple[str, str | int]:
    answer = evidence.body.get("answer") if is_answer(evidence) else None
    return str(evidence.body["control"]), str(answer["question"]) if answer else evidence.index


def _means(evidence: EvidenceFacts) -> str:
    answer = evidence.body.get("answer") if is_answer(evidence) else None
    return str(answer["means"]) if answer else IN_PLACE


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
