"""Manual evidence: what a person saw or did, as the body of an `evidence` entry (formats.md, section 7).

When it was observed, the period it covers and when it was added stay three things: evidence counts by the first two, and adding it late is
shown, never hidden. Pure functions; what is wrong comes back as sentences, one for each field.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from assay.errors import AssayError
from assay.evidence.canonical import Json, instant_text, parse_instant

LONGEST = {
    "shows": 500,
    "captured_by": 200,
    "by": 200,
    "system": 200,
    "query": 2_000,
    "note": 10_000,
    "file_name": 255,
}
LONGEST_RECURRENCE_DAYS = 1_096
LATE_AFTER_DAYS = 30


class Method(StrEnum):
    """How a piece of manual evidence was captured. Closed: each asks for something of its own."""

    EXPORT = "export"
    SCREENSHOT = "screenshot"
    SCREENSHOT_OF_A_LIST = "screenshot_of_a_list"
    DOCUMENT = "document"
    RECORD = "record"
    OBSERVATION = "observation"
    INQUIRY = "inquiry"


class Means(StrEnum):
    """What an answer of the interview says of a control."""

    IN_PLACE = "in_place"
    PARTLY = "partly"
    MISSING = "missing"
    NOT_RELEVANT = "not_relevant"


class Standing(StrEnum):
    """Whether manual evidence still stands on a day."""

    CURRENT = "current"
    DUE = "due"
    EXPIRED = "expired"


class BadEvidenceError(AssayError):
    """Manual evidence that cannot be recorded as it was given; `problems` has a sentence for each field."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(problem.says for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, as a sentence that says what to write instead."""

    field: str
    says: str


@dataclass(frozen=True, slots=True)
class How:
    """How it was captured: the method, the system it came from, and for a list the query that made it and how many rows it gave."""

    method: Method
    system: str | None = None
    query: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Covers:
    """The period that the evidence speaks for: first and last day, both included, in the company's zone."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Recurs:
    """When the evidence is due again (`every_days` after it was observed), and the last day on which it stands."""

    every_days: int | None = None
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """The file: SHA-256 of its content in hexadecimal, its name, its size in bytes."""

    object: str
    file_name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer of the interview: the question and the answer by their ids, and what that answer meant when it was given."""

    question: str
    answer: str
    means: Means


@dataclass(frozen=True, slots=True)
class ManualEvidence:
    """One piece of manual evidence. `by` adds it, `captured_by` observed it; `covers` None means the moment it was observed and no more."""

    by: str
    control: str
    shows: str
    observed: datetime
    captured_by: str
    how: How
    covers: Covers | None = None
    recurs: Recurs | None = None
    attachment: Attachment | None = None
    note: str | None = None
    answer: Answered | None = None


def evidence_body(
    evidence: ManualEvidence, *, added: datetime, zone: ZoneInfo, controls: Collection[str]
) -> dict[str, Json]:
    """Give the body of the entry that records `evidence`; raises BadEvidenceError with every problem that `problems` finds."""
    if found := problems(evidence, added=added, zone=zone, controls=controls):
        raise BadEvidenceError(found)
    attachment, recurs = evidence.attachment, evidence.recurs
    return {
        "attachment": attachment.object if attachment else None,
        "by": evidence.by,
        "bytes": attachment.bytes if attachment else None,
        "captured_by": evidence.captured_by,
        "control": evidence.control,
        "covers": {"end": str(evidence.covers.end), "start": str(evidence.covers.start)}
        if evidence.covers
        else None,
        "file_name": attachment.file_name if attachment else None,
        "how": {**asdict(evidence.how), "method": str(evidence.how.method)},
        "note": evidence.note,
        "observed": instant_text(evidence.observed),
        "recurs": {"every_days": recurs.every_days, "expires": _date_text(recurs.expires)}
        if recurs
        else None,
        "shows": evidence.shows,
        **({"answer": asdict(evidence.answer)} if evidence.answer else {}),
    }


def read_evidence(body: dict[str, Any]) -> ManualEvidence:
    """Read what `evidence_body` gave; raises BadEvidenceError for a body that is not written so."""
    try:
        covers, recurs, how = body["covers"], body["recurs"], body["how"]
        return ManualEvidence(
            by=body["by"],
            control=body["control"],
            shows=body["shows"],
            observed=parse_instant(body["observed"]),
            captured_by=body["captured_by"],
            how=How(Method(how["method"]), how["system"], how["query"], how["count"]),
            covers=Covers(date.fromisoformat(covers["start"]), date.fromisoformat(covers["end"]))
            if covers
            else None,
            recurs=Recurs(recurs["every_days"], _read_date(recurs["expires"])) if recurs else None,
            attachment=Attachment(body["attachment"], body["file_name"], body["bytes"])
            if body["attachment"]
            else None,
            note=body["note"],
            answer=_read_answer(body.get("answer")),
        )
    except (KeyError, TypeError, ValueError, AssayError) as error:
        raise BadEvidenceError(
            (Problem("body", f"This is not the body of manual evidence: {error!r}."),)
        ) from error


def problems(
    evidence: ManualEvidence, *, added: datetime, zone: ZoneInfo, controls: Collection[str]
) -> tuple[Problem, ...]:
    """Give a sentence for each field that cannot be recorded as it is; none when the evidence can be.

    `added` is the instant at which it is being recorded, `zone` the company's, `controls` the ids of the controls in force.
    """
    found = [
        *_about_texts(evidence),
        *_about_control(evidence.control, controls),
        *_about_time(evidence, added, zone),
        *_about_how(evidence.how),
        *_about_answer(evidence),
        *_about_recurrence(evidence, zone),
        *_about_attachment(evidence),
    ]
    return tuple(Problem(field, says) for field, says in found)


def remarks(evidence: ManualEvidence, *, added: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """Give what a reader should know about evidence that can be recorded: it was added late, or rests on one person's word."""
    said = []
    late = (_local(added, zone) - _local(evidence.observed, zone)).days
    if late > LATE_AFTER_DAYS:
        said.append(f"Added {late} days after it was observed.")
    if evidence.how.method is Method.INQUIRY:
        said.append("Rests on an answer alone; an auditor will want to see a record beside it.")
    if evidence.attachment is None:
        said.append("A note without a file.")
    return tuple(said)


def days_covered(evidence: ManualEvidence, zone: ZoneInfo) -> Covers:
    """Give the period for which the evidence speaks: what it says it covers, otherwise the local day on which it was observed."""
    day = _local(evidence.observed, zone)
    return evidence.covers or Covers(day, day)


def due_on(evidence: ManualEvidence, zone: ZoneInfo) -> date | None:
    """Give the local day on which evidence of the same kind is due again; None when it does not recur."""
    if evidence.recurs is None or evidence.recurs.every_days is None:
        return None
    return _local(evidence.observed, zone) + timedelta(days=evidence.recurs.every_days)


def standing(evidence: ManualEvidence, day: date, zone: ZoneInfo) -> Standing:
    """Say whether the evidence stands on `day`: expired after its last day, due from the day on which it recurs, otherwise current."""
    expires = evidence.recurs.expires if evidence.recurs else None
    if expires is not None and day > expires:
        return Standing.EXPIRED
    due = due_on(evidence, zone)
    return Standing.DUE if due is not None and day >= due else Standing.CURRENT


_Found = list[tuple[str, str]]


def _about_texts(evidence: ManualEvidence) -> _Found:
    needed = {
        "by": (evidence.by, "who adds it"),
        "shows": (evidence.shows, "what it shows, in a sentence"),
        "captured_by": (evidence.captured_by, "who observed it"),
    }
    given = {name: text for name, (text, _) in needed.items()}
    given |= {
        "note": evidence.note or "",
        "system": evidence.how.system or "",
        "query": evidence.how.query or "",
    }
    missing = [(name, f"Say {what}.") for name, (text, what) in needed.items() if not text.strip()]
    return missing + [problem for name, text in given.items() for problem in _about_text(name, text)]


def _about_text(name: str, text: str) -> _Found:
    spoken = name.replace("_", " ")
    if len(text) > LONGEST[name]:
        return [
            (
                name,
                f"The text of “{spoken}” has {len(text)} characters; {LONGEST[name]} are the most. Attach the rest as a file.",
            )
        ]
    if _UNPRINTABLE.search(text):
        return [(name, f"The text of “{spoken}” holds a character that cannot be printed; type it anew.")]
    return []


_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def _about_control(control: str, controls: Collection[str]) -> _Found:
    if control in controls:
        return []
    return [("control", f"There is no control “{control}”. Choose one that `assay show controls` lists.")]


def _about_time(evidence: ManualEvidence, added: datetime, zone: ZoneInfo) -> _Found:
    observed, covers = evidence.observed, evidence.covers
    if observed.tzinfo is None:
        return [
            (
                "observed",
                f"The instant {observed} has no zone; say it with one, such as 2026-11-23T06:12:48Z.",
            )
        ]
    found: _Found = []
    if observed > added:
        found.append(
            ("observed", f"It cannot have been observed at {instant_text(observed)}, which is still to come.")
        )
    if covers is None:
        return found
    if covers.start > covers.end:
        found.append(
            (
                "covers",
                f"The period starts on {covers.start} and ends before, on {covers.end}. Swap the two days.",
            )
        )
    if covers.end > (day := _local(observed, zone)):
        found.append(
            (
                "covers",
                f"Observed on {day}, it cannot speak for days up to {covers.end}. End the period by {day}, or add newer evidence later.",
            )
        )
    return found


def _about_how(how: How) -> _Found:
    found: _Found = []
    if how.method is Method.SCREENSHOT_OF_A_LIST:
        if not (how.query or "").strip():
            found.append(
                (
                    "query",
                    "A picture of a list needs the query or filter that made the list, so that nothing was left out unseen.",
                )
            )
        if how.count is None:
            found.append(
                (
                    "count",
                    "A picture of a list needs the number of entries that the system itself shows for it.",
                )
            )
    if how.method in _FROM_A_SYSTEM and not (how.system or "").strip():
        found.append(("system", "Say which system it came from."))
    if how.count is not None and how.count < 0:
        found.append(("count", f"A list cannot hold {how.count} entries."))
    return found


_FROM_A_SYSTEM = {Method.EXPORT, Method.SCREENSHOT, Method.SCREENSHOT_OF_A_LIST}
_WITH_A_FILE = {*_FROM_A_SYSTEM, Method.DOCUMENT}


def _about_answer(evidence: ManualEvidence) -> _Found:
    if evidence.answer is None or evidence.how.method is Method.INQUIRY:
        return []
    return [("answer", "An answer of the interview is captured by inquiry, and by nothing else.")]


def _about_recurrence(evidence: ManualEvidence, zone: ZoneInfo) -> _Found:
    recurs, found = evidence.recurs, list[tuple[str, str]]()
    if recurs is None:
        return found
    if recurs.every_days is not None and not 1 <= recurs.every_days <= LONGEST_RECURRENCE_DAYS:
        found.append(
            (
                "recurs",
                f"It cannot recur every {recurs.every_days} days; give from 1 to {LONGEST_RECURRENCE_DAYS}.",
            )
        )
    if (
        recurs.expires is not None
        and evidence.observed.tzinfo
        and recurs.expires < _local(evidence.observed, zone)
    ):
        found.append(
            (
                "recurs",
                f"It would have expired on {recurs.expires}, before it was observed. Give a later day.",
            )
        )
    return found


def _about_attachment(evidence: ManualEvidence) -> _Found:
    attachment = evidence.attachment
    if attachment is None:
        if evidence.how.method in _WITH_A_FILE:
            return [
                (
                    "attachment",
                    f"Attach the file: the {evidence.how.method.replace('_', ' ')} is the evidence.",
                )
            ]
        return (
            []
            if (evidence.note or "").strip()
            else [("note", "Attach a file or write a note; without either there is nothing to show.")]
        )
    found: _Found = []
    if not re.fullmatch(r"[0-9a-f]{64}", attachment.object):
        found.append(
            (
                "attachment",
                "The file is named by SHA-256 of its content, 64 hexadecimal digits in lower case.",
            )
        )
    if attachment.bytes <= 0:
        found.append(("attachment", f"The file “{attachment.file_name}” is empty. Attach the right one."))
    return found + _about_file_name(attachment.file_name)


def _about_file_name(name: str) -> _Found:
    if not name.strip() or name in {".", ".."} or "/" in name or "\\" in name:
        return [("file_name", f"“{name}” is no plain file name; give the name without folders.")]
    return _about_text("file_name", name.replace("\t", "\x00").replace("\n", "\x00").replace("\r", "\x00"))


def _local(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


def _date_text(day: date | None) -> str | None:
    return None if day is None else str(day)


def _read_answer(given: dict[str, str] | None) -> Answered | None:
    return None if given is None else Answered(given["question"], given["answer"], Means(given["means"]))


def _read_date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
