"""The five classic mistakes: signs from facts, unknown where facts are missing, and never a calm answer out of ignorance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assay.audit.mistakes import Answer, Facts, mistakes
from assay.audit.quiet import quiet_sources


def _answers(facts: Facts) -> dict[str, str]:
    return {one.key: one.answer.value for one in mistakes(facts)}


def test_where_nothing_is_known_nothing_is_well() -> None:
    assert _answers(Facts()) == {
        "readiness": "signs of it",
        "undocumented": "unknown",
        "vendors": "unknown",
        "one_time": "unknown",
        "creep": "unknown",
    }


WELL = Facts(judged=True, vendors=4, unreviewed=(), duties=12, over=9, connected=2, undecided=0)


def test_a_company_that_does_all_of_it_shows_no_sign() -> None:
    assert set(_answers(WELL).values()) == {"no sign of it"}


TURNS = [
    ("readiness", {"chosen": True, "missing": 3}, "A firm is chosen while these are open."),
    ("undocumented", {"undocumented": 1}, "1 control without the document or record that would show it."),
    ("undocumented", {"stated": 2}, "2 controls rest on your own word alone."),
    ("vendors", {"vendors": 0}, "No vendor is named, and hardly a system rests on none."),
    ("vendors", {"unreviewed": ("Mailer",)}, "Mailer was not reviewed in time."),
    (
        "vendors",
        {"uncovered": ("AWS",)},
        "AWS is a part of the system, and no control is said to be expected of it.",
    ),
    ("one_time", {"late": 1}, "1 recurring duty late."),
    ("one_time", {"missed": 2}, "2 windows of 9 passed with nothing seen."),
    ("one_time", {"quiet": True}, "No collection was complete in time."),
    ("creep", {"undecided": 2}, "2 parts found and in no scope, neither in nor out."),
    ("creep", {"grown": 1}, "The scope grew 1 time since its first version."),
]


@pytest.mark.parametrize(("key", "change", "says"), TURNS)
def test_one_fact_turns_its_mistake_alone(key: str, change: dict[str, object], says: str) -> None:
    from dataclasses import replace

    found = mistakes(replace(WELL, **change))  # type: ignore[arg-type]
    assert {one.key for one in found if one.answer is Answer.SIGNS} == {key}
    (turned,) = (one for one in found if one.key == key)
    assert says in [one.says for one in turned.signs]


def test_reviews_that_are_not_known_leave_vendors_unknown() -> None:
    from dataclasses import replace

    assert _answers(replace(WELL, unreviewed=None))["vendors"] == "unknown"


NOW = datetime(2027, 3, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(("hours", "quiet"), [(25.9, False), (26, False), (26.1, True)])
def test_a_source_is_quiet_after_26_hours(hours: float, quiet: bool) -> None:
    newest = NOW - timedelta(hours=hours)
    found = quiet_sources([("aws", newest, NOW - timedelta(days=9))], NOW)
    assert bool(found) is quiet


def test_a_source_that_was_never_complete_is_quiet_once_it_had_its_time() -> None:
    assert quiet_sources([("aws", None, NOW - timedelta(hours=3))], NOW) == ()
    (one,) = quiet_sources([("aws", None, NOW - timedelta(hours=27))], NOW)
    assert one.words == "aws: never complete"
