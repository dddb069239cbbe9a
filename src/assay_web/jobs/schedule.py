"""What is due by itself: one collection a day. Its slot makes it one however many schedulers look."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from assay.home.judging import zone_at
from assay.home.sources import sources
from assay_web.home import current_home
from assay_web.jobs.asking import ask_for
from assay_web.records.jobs import Job, JobKind

AT = time(6, 0)
"""When the day's collection is due, in the company's zone."""
BY = "schedule"


def ask_for_what_is_due(now: datetime | None = None) -> Job | None:
    """Ask for the day's collection once its time has come; gives it, or None where nothing is due."""
    if not settings.SCHEDULED:
        return None
    home = current_home()
    local = (now or timezone.now()).astimezone(ZoneInfo(zone_at(home, home.now())))
    slot = f"daily {local:%Y-%m-%d}"
    if local.time() < AT or Job.objects.filter(kind=JobKind.COLLECT, slot=slot).exists() or not sources(home):
        return None
    return ask_for(JobKind.COLLECT, by=BY, slot=slot)
