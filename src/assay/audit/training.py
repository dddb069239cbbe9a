"""By when a worker has to have finished a course: within the set days of the start, and again at the set interval.

Pure arithmetic on local dates; which records count as finished is said by whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class TrainingLimits:
    """The company's limits in days: `joiner` for a first time (parameter `training_joiner_days`), `interval` for each further one
    (parameter `training_interval_days`)."""

    joiner: int
    interval: int


def first_day(given: date, started: date | None) -> date:
    """Give the day from which the time for a first training runs: the later of the day on which the course was given and the worker's start."""
    return given if started is None else max(given, started)


def training_due(
    *, given: date, started: date | None, finished: Iterable[date], repeats: bool, limits: TrainingLimits
) -> date | None:
    """Give the last day by which the course has to be finished next; None where nothing is due any more.

    `given` is the day on which the course was given to the worker, `started` the worker's first day where it is known, `finished` the days
    on which it was finished. A course that does not repeat is done once it was finished.
    """
    latest = max(finished, default=None)
    if latest is None:
        return first_day(given, started) + timedelta(days=limits.joiner)
    return latest + timedelta(days=limits.interval) if repeats else None
