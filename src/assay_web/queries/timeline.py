"""A plan worked back from the day on which a report is wanted, by the ranges that are usual for small and middle-sized companies.

As of a date (Type I): 2 to 4 months of preparation, 4 to 8 weeks of audit. Over a period (Type II): 3 to 6 months of preparation, 3 to 12 of
observation (commonly 6 to 12), 4 to 8 weeks of review. Unless only Type I is asked for, the plan is Type I first, and a Type II whose period
starts the day after.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from assay.catalogue import Asked


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of the plan: from when until when, what happens in it, and how long it usually takes."""

    name: str
    start: date
    end: date
    usual: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Stages in order, those of the Type II that follows a Type I, and a sentence on whether the wanted day can be met."""

    stages: tuple[Stage, ...]
    then: tuple[Stage, ...]
    says: str
    fits: bool


def plan(today: date, target: date | None, asked: Asked) -> Plan:
    """Plan forward from today where no day is wanted; otherwise back from it, at the usual pace, and at the fastest where that does not fit."""
    if target is None:
        stages = _forward(today, asked, fast=False)
        return Plan(
            stages,
            _after(stages, asked),
            f"No day is set. Begun today at the usual pace, the first report would be there by {_day(stages[-1].end)}.",
            True,
        )
    for fast in (False, True):
        stages = _back(target, asked, fast=fast)
        if stages[0].start >= today:
            pace = "at the fastest pace; there is no slack" if fast else "at the usual pace"
            return Plan(
                stages,
                _after(stages, asked),
                f"The report can be there by {_day(target)} {pace}, with preparation begun by {_day(stages[0].start)}.",
                True,
            )
    earliest = _forward(today, asked, fast=True)
    return Plan(
        earliest,
        _after(earliest, asked),
        f"{_day(target)} is too early: begun today at the fastest pace, the report would be there by {_day(earliest[-1].end)}. "
        "Offer customers a letter on where you stand, or a Type I report first.",
        False,
    )


def _lengths(asked: Asked, *, fast: bool) -> list[tuple[str, int, int, str]]:
    """Name, months, weeks and usual range of each stage, in order."""
    if asked is Asked.TYPE_2:
        return [
            ("Preparation", 3 if fast else 6, 0, "3 to 6 months"),
            (
                "Observation: the period of the report",
                3 if fast else 6,
                0,
                "3 to 12 months, commonly 6 to 12",
            ),
            ("Review by the auditor", 0, 4 if fast else 8, "4 to 8 weeks"),
        ]
    return [
        ("Preparation", 2 if fast else 4, 0, "2 to 4 months"),
        ("Audit as of a date (Type I)", 0, 4 if fast else 8, "4 to 8 weeks"),
    ]


def _forward(today: date, asked: Asked, *, fast: bool) -> tuple[Stage, ...]:
    stages, start = [], today
    for name, months, weeks, usual in _lengths(asked, fast=fast):
        end = months_after(start, months) + timedelta(weeks=weeks)
        stages.append(Stage(name, start, end, usual))
        start = end
    return tuple(stages)


def _back(target: date, asked: Asked, *, fast: bool) -> tuple[Stage, ...]:
    stages: list[Stage] = []
    end = target
    for name, months, weeks, usual in reversed(_lengths(asked, fast=fast)):
        start = months_after(end - timedelta(weeks=weeks), -months)
        stages.insert(0, Stage(name, start, end, usual))
        end = start
    return tuple(stages)


def _after(stages: tuple[Stage, ...], asked: Asked) -> tuple[Stage, ...]:
    """The Type II that follows a Type I: its period starts the day after the date of which the Type I speaks, and it is reported within 12 months."""
    if asked is Asked.TYPE_2:
        return ()
    start = stages[-1].start + timedelta(days=1)
    end = months_after(start, 6)
    return (
        Stage(
            "Observation: the period of the Type II report", start, end, "3 to 12 months, commonly 6 to 12"
        ),
        Stage("Review by the auditor", end, end + timedelta(weeks=8), "4 to 8 weeks"),
    )


def months_after(day: date, months: int) -> date:
    """Give the day some months later or earlier; the last of the month where it has no such day."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
