"""What the demonstration shows of people: a course that its list of trainings knows, so that each worker's page has something on it."""

from __future__ import annotations

from datetime import date

from assay_web.records.accounts import Account
from assay_web.records.people import Course
from assay_web.services.training import Given, give_course

_COURSE = Given(
    title="Security awareness 2026",
    where="https://learn.northwind-metrics.example/security",
    controls=("HRS-04",),
    everyone=True,
    groups=(),
    emails=(),
    repeats=True,
    begins=date(2026, 3, 2),
)


def stage_people(by: Account) -> None:
    """Give the course, unless it was given before."""
    if not Course.objects.filter(title=_COURSE.title).exists():
        give_course(_COURSE, by=by)
