"""What is due by itself: one collection a day, and once an hour what is to be told. A slot makes each one, however many schedulers look."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from assay.home.judging import zone_at
from assay.home.sources import sources
from assay_web.home import current_home
from assay_web.jobs.asking import ask_for
from assay_web.queries.digest import notices
from assay_web.records.jobs import Job, JobKind

AT = time(6, 0)
"""When the day's collection is due, in the company's zone."""
BY = "schedule"


def ask_for_what_is_due(now: datetime | None = None) -> Job | None:
    """Ask for the day's collection once its time has come; gives it, or None where nothing is due. What is to be told is asked for beside it."""
    if not settings.SCHEDULED:
        return None
    home = current_home()
    _ask_to_tell(now or timezone.now())
    local = (now or timezone.now()).astimezone(ZoneInfo(zone_at(home, home.now())))
    slot = f"daily {local:%Y-%m-%d}"
    if local.time() < AT or Job.objects.filter(kind=JobKind.COLLECT, slot=slot).exists() or not sources(home):
        return None
    return ask_for(JobKind.COLLECT, by=BY, slot=slot)


def _ask_to_tell(now: datetime) -> None:
    """Ask for the hour's job that tells, where anyone switched that on."""
    slot = f"tell {now.astimezone(UTC):%Y-%m-%d %H}"
    if notices() is not None and not Job.objects.filter(kind=JobKind.TELL, slot=slot).exists():
        ask_for(JobKind.TELL, by=BY, slot=slot)
