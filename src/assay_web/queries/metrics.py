"""Figures for whoever watches the installation: how old the newest look is, what waits, how large the ledger is. Names nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count

from assay.home.publishing import published
from assay_web.home import current_home
from assay_web.queries.standing import standing
from assay_web.records.jobs import LIVE, Job, JobState

Sample = tuple[str, str, dict[str, str], float]
"""A figure: its name, what it is, its labels, its value."""


def metrics() -> Iterator[Sample]:
    """Give every figure. Times are seconds since 1970."""
    home = current_home()
    signed = published(home)
    yield "assay_ledger_entries", "Entries of the ledger.", {}, home.ledger.size()
    yield (
        "assay_checkpoint_entries",
        "Entries under the newest checkpoint.",
        {},
        signed.checkpoint.size if signed else 0,
    )
    yield from _of_jobs()
    found = standing()
    if found is None:
        return
    report = found.report
    yield "assay_judged_seconds", "When everything was judged last.", {}, _seconds(report["as_of"])
    for one in report["sources"]:
        labels = {"source": one["id"]}
        seen = _seconds(one["seen_up_to"]) if one["seen_up_to"] else 0
        yield "assay_source_seen_seconds", "Up to when a source was seen.", labels, seen
        yield "assay_source_gaps", "What could not be seen of a source.", labels, len(one["gaps"])
    for state, count in report["counts"].items():
        yield "assay_controls", "Controls by state.", {"state": state}, count


def _of_jobs() -> Iterator[Sample]:
    live = [one.value for one in LIVE]
    counted = dict(Job.objects.filter(state__in=live).values_list("state").annotate(Count("pk")))
    for state in live:
        yield "assay_jobs", "Background work that waits or runs.", {"state": state}, counted.get(state, 0)
    newest = (
        Job.objects.filter(state=JobState.DONE).order_by("-ended").values_list("ended", flat=True).first()
    )
    yield (
        "assay_job_done_seconds",
        "When background work was done last.",
        {},
        newest.timestamp() if newest else 0,
    )


def _seconds(instant: str) -> float:
    return datetime.fromisoformat(instant).timestamp()
