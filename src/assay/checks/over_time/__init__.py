"""Checks over a period: every version of a record judged once, what changes by time or by what it is joined with judged again."""

from assay.checks.over_time.episodes import EpisodeSet
from assay.checks.over_time.evaluate import OverTimeEvaluator, Stretch
from assay.checks.over_time.judging import Span
from assay.checks.over_time.rewriting import OverTime, over_time
from assay.checks.over_time.versions import INTERVAL, GapSpan, VersionsInput, write_parquet

__all__ = [
    "INTERVAL",
    "EpisodeSet",
    "GapSpan",
    "OverTime",
    "OverTimeEvaluator",
    "Span",
    "Stretch",
    "VersionsInput",
    "over_time",
    "write_parquet",
]
