"""Whether conclusions are on their way."""

from __future__ import annotations

from assay_web.records.jobs import LIVE, Job


def is_judging() -> bool:
    """Tell whether something waits or runs that ends in conclusions."""
    return Job.objects.filter(state__in=LIVE).exists()
