"""Manual evidence: observed, covered and added are three things; what is missing is asked for in a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assay.evidence.canonical import decode, encode
from assay.evidence.manual import (
    Attachment,
    BadEvidenceError,
    Covers,
    How,
    ManualEvidence,
    Method,
    Recurs,
    Standing,
    days_covered,
    due_on,
    evidence_body,
    problems,
    read_evidence,
    remarks,
    standing,
)

BERLIN = ZoneInfo("Europe/Berlin")
ADDED = datetime(2026, 4, 10, 9, 0, tzinfo=UTC)
CONTROLS = {"IAM-07", "HRS-04"}
PICTURE = Attachment("ab" * 32, "access review.png", 48_213)

REVIEW = ManualEvidence(
    by="ada@northwind.example",
    control="IAM-07",
    shows="Every account of the billing system was reviewed for the first quarter.",
    observed=datetime(2026, 4, 2, 8, 30, tzinfo=UTC),
    captured_by="Ben",
    how=How(Method.SCREENSHOT_OF_A_LIST, "billing", "state = active, all teams", 41),
    covers=Covers(date(2026, 1, 1), date(2026, 3, 31)),
    recurs=Recurs(90, date(2026, 8, 1)),
    attachment=PICTURE,
)
TALK = ManualEvidence(
    "Ada",
    "HRS-04",
    "Ben explained how joiners are trained.",
    ADDED,
    "Ada",
    How(Method.INQUIRY),
    note="He showed the plan.",
)


def found(evidence: ManualEvidence) -> dict[str, str]:
    return {
        problem.field: problem.says
        for problem in problems(evidence, added=ADDED, zone=BERLIN, controls=CONTROLS)
    }


def test_the_body_has_the_members_of_the_format_and_no_others() -> None:
    assert evidence_body(REVIEW, added=ADDED, zone=BERLIN, controls=CONTROLS) == {
        "attachment": "ab" * 32,
        "by": "ada@northwind.example",
        "bytes": 48_213,
        "captured_by": "Ben",
        "control": "IAM-07",
        "covers": {"end": "2026-03-31", "start": "2026-01-01"},
        "file_name": "access review.png",
        "how": {
            "count": 41,
            "method": "screenshot_of_a_list",
            "query": "state = active, all teams",
            "system": "billing",
        },
        "note": None,
        "observed": "2026-04-02T08:30:00Z",
        "recurs": {"every_days": 90, "expires": "2026-08-01"},
        "shows": "Every account of the billing system was reviewed for the first quarter.",
    }


@pytest.mark.parametrize(
    "evidence", [REVIEW, TALK, replace(TALK, recurs=Recurs(30))], ids=["full", "a note", "recurring"]
)
def test_a_body_reads_back_as_it_was_written(evidence: ManualEvidence) -> None:
    body = evidence_body(evidence, added=ADDED, zone=BERLIN, controls=CONTROLS)

    assert read_evidence(decode(encode(body))) == evidence


@pytest.mark.parametrize(
    "change",
    [{"how": None}, {"observed": "yesterday"}, {"covers": {"start": "2026-01-01"}}, {"recurs": [90]}],
)
def test_a_body_that_is_not_one_is_refused(change: dict[str, object]) -> None:
    body = evidence_body(REVIEW, added=ADDED, zone=BERLIN, controls=CONTROLS)

    with pytest.raises(BadEvidenceError, match="not the body of manual evidence"):
        read_evidence({**body, **change})


def test_good_evidence_has_no_problem() -> None:
    assert (found(REVIEW), found(TALK)) == ({}, {})


@pytest.mark.parametrize(
    ("evidence", "field", "says"),
    [
        (replace(REVIEW, by=" "), "by", "Say who adds it."),
        (replace(REVIEW, shows=""), "shows", "Say what it shows, in a sentence."),
        (replace(REVIEW, captured_by=""), "captured_by", "Say who observed it."),
        (
            replace(REVIEW, control="IAM-99"),
            "control",
            "There is no control “IAM-99”. Choose one that `assay show controls` lists.",
        ),
        (
            replace(REVIEW, observed=datetime(2026, 4, 11, 9, 0, tzinfo=UTC)),
            "observed",
            "It cannot have been observed at 2026-04-11T09:00:00Z, which is still to come.",
        ),
        (
            replace(REVIEW, observed=datetime(2026, 4, 2, 8, 30)),  # noqa: DTZ001 - the instant without a zone is what is refused
            "observed",
            "The instant 2026-04-02 08:30:00 has no zone; say it with one, such as 2026-11-23T06:12:48Z.",
        ),
        (
            replace(REVIEW, covers=Covers(date(2026, 3, 31), date(2026, 1, 1))),
            "covers",
            "The period starts on 2026-03-31 and ends before, on 2026-01-01. Swap the two days.",
        ),
        (
            replace(REVIEW, covers=Covers(date(2026, 1, 1), date(2026, 4, 3))),
            "covers",
            "Observed on 2026-04-02, it cannot speak for days up to 2026-04-03. End the period by 2026-04-02, or add newer evidence later.",
        ),
        (
            replace(REVIEW, how=replace(REVIEW.how, query=" ")),
            "query",
            "A picture of a list needs the query or filter that made the list, so that nothing was left out unseen.",
        ),
        (
            replace(REVIEW, how=replace(REVIEW.how, count=None)),
            "count",
            "A picture of a list needs the number of entries that the system itself shows for it.",
        ),
        (replace(REVIEW, how=replace(REVIEW.how, count=-1)), "count", "A list cannot hold -1 entries."),
        (replace(REVIEW, how=How(Method.EXPORT)), "system", "Say which system it came from."),
        (replace(REVIEW, recurs=Recurs(0)), "recurs", "It cannot recur every 0 days; give from 1 to 1096."),
        (
            replace(REVIEW, recurs=Recurs(expires=date(2026, 4, 1))),
            "recurs",
            "It would have expired on 2026-04-01, before it was observed. Give a later day.",
        ),
        (
            replace(REVIEW, attachment=None),
            "attachment",
            "Attach the file: the screenshot of a list is the evidence.",
        ),
        (
            replace(TALK, note=" "),
            "note",
            "Attach a file or write a note; without either there is nothing to show.",
        ),
        (
            replace(REVIEW, attachment=replace(PICTURE, object="AB" * 32)),
            "attachment",
            "The file is named by SHA-256 of its content, 64 hexadecimal digits in lower case.",
        ),
        (
            replace(REVIEW, attachment=replace(PICTURE, bytes=0)),
            "attachment",
            "The file “access review.png” is empty. Attach the right one.",
        ),
        (
            replace(REVIEW, attachment=replace(PICTURE, file_name="../../etc/passwd")),
            "file_name",
            "“../../etc/passwd” is no plain file name; give the name without folders.",
        ),
        (
            replace(REVIEW, attachment=replace(PICTURE, file_name="fdp.\u202eexe")),
            "file_name",
            "The text of “file name” holds a character that cannot be printed; type it anew.",
        ),
        (
            replace(TALK, note="x" * 10_001),
            "note",
            "The text of “note” has 10001 characters; 10000 are the most. Attach the rest as a file.",
        ),
        (
            replace(TALK, note="half a pair: \ud83d"),
            "note",
            "The text of “note” holds a character that cannot be printed; type it anew.",
        ),
    ],
)
def test_what_is_wrong_is_said_for_its_field_and_no_other(
    evidence: ManualEvidence, field: str, says: str
) -> None:
    assert found(evidence) == {field: says}


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(BadEvidenceError) as refused:
        evidence_body(replace(REVIEW, shows="", attachment=None), added=ADDED, zone=BERLIN, controls=CONTROLS)

    assert [problem.field for problem in refused.value.problems] == ["shows", "attachment"]
    assert (
        str(refused.value)
        == "Say what it shows, in a sentence. Attach the file: the screenshot of a list is the evidence."
    )


def test_the_day_of_observing_is_the_companys() -> None:
    late_evening = replace(REVIEW, observed=datetime(2026, 3, 31, 22, 30, tzinfo=UTC), covers=None)

    assert days_covered(late_evening, BERLIN) == Covers(date(2026, 4, 1), date(2026, 4, 1))
    assert days_covered(late_evening, ZoneInfo("UTC")) == Covers(date(2026, 3, 31), date(2026, 3, 31))
    assert days_covered(REVIEW, BERLIN) == Covers(date(2026, 1, 1), date(2026, 3, 31))


def test_adding_late_is_remarked_and_adding_soon_is_not() -> None:
    assert remarks(REVIEW, added=REVIEW.observed + timedelta(days=30), zone=BERLIN) == ()
    assert remarks(REVIEW, added=REVIEW.observed + timedelta(days=31), zone=BERLIN) == (
        "Added 31 days after it was observed.",
    )
    assert remarks(TALK, added=ADDED, zone=BERLIN) == (
        "Rests on an answer alone; an auditor will want to see a record beside it.",
        "A note without a file.",
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 6, 30), Standing.CURRENT),
        (date(2026, 7, 1), Standing.DUE),
        (date(2026, 8, 1), Standing.DUE),
        (date(2026, 8, 2), Standing.EXPIRED),
    ],
)
def test_evidence_is_current_then_due_then_expired(day: date, expected: Standing) -> None:
    assert due_on(REVIEW, BERLIN) == date(2026, 7, 1)
    assert standing(REVIEW, day, BERLIN) is expected


def test_evidence_that_neither_recurs_nor_expires_stays_current() -> None:
    assert due_on(TALK, BERLIN) is None
    assert standing(TALK, date(2036, 1, 1), BERLIN) is Standing.CURRENT
