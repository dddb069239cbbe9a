"""By when a course has to be finished: both limits, at their last days."""

from __future__ import annotations

from datetime import date

import pytest

from assay.audit.training import TrainingLimits, training_due

LIMITS = TrainingLimits(joiner=30, interval=365)


@pytest.mark.parametrize(
    ("given", "started", "finished", "repeats", "due"),
    [
        (date(2026, 1, 1), date(2026, 3, 2), [], True, date(2026, 4, 1)),  # a joiner: from the first day
        (
            date(2026, 3, 2),
            date(2020, 1, 1),
            [],
            True,
            date(2026, 4, 1),
        ),  # here already: from when it was given
        (date(2026, 3, 2), None, [], True, date(2026, 4, 1)),
        (date(2026, 1, 1), None, [date(2025, 2, 1), date(2026, 2, 1)], True, date(2027, 2, 1)),
        (date(2026, 1, 1), None, [date(2026, 2, 1)], False, None),
    ],
)
def test_a_course_is_due_by_the_limit_that_counts(
    given: date, started: date | None, finished: list[date], repeats: bool, due: date | None
) -> None:
    found = training_due(given=given, started=started, finished=finished, repeats=repeats, limits=LIMITS)
    assert found == due
