"""Judge checks over a period: versions are judged, not days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from assay.checks.check import Check, Value
from assay.checks.errors import EvaluationError
from assay.checks.over_time.episodes import Episode, EpisodeSet, Item, joined, overlaid
from assay.checks.over_time.instants import ByInstants
from assay.checks.over_time.judging import Judging, Span, plain
from assay.checks.over_time.moments import ByMoments
from assay.checks.over_time.rewriting import over_time
from assay.checks.over_time.unseen import Unseen
from assay.checks.over_time.versions import GapSpan, Versions, VersionsInput
from assay.checks.side_by_side import side_by_side
from assay.checks.specs import Spec


@dataclass(frozen=True, slots=True)
class Stretch:
    """Parameters, and the instant from which they were in force."""

    start: datetime
    parameters: Mapping[str, Value]


class OverTimeEvaluator:
    """Versions loaded once into a sealed engine; any number of checks judged over them."""

    def __init__(
        self,
        inputs: Iterable[VersionsInput],
        specs: Mapping[str, Spec],
        gaps: Sequence[GapSpan] = (),
        *,
        memory_mb: int = 2048,
        seconds: float = 120.0,
        threads: int = 2,
    ) -> None:
        """Load and seal. `gaps` say what was not seen, and when; `memory_mb` bounds the engine, `seconds` each query. Raises EvaluationError."""
        self._specs = specs
        self._versions = Versions(inputs, specs, memory_mb=memory_mb, seconds=seconds, threads=threads)
        self._gaps = gaps

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the engine's memory back."""
        self._versions.close()

    def evaluate(self, check: Check, span: Span, stretches: Sequence[Stretch]) -> EpisodeSet:
        """Judge every version of every item of `check` in `span`, under the parameters of each stretch; the first begins with the span, or before.

        1. Versions, and the instants at which what they rest on changes. 2. The SQL once over all of them, again where time alone flips a
        conclusion. 3. UNKNOWN over everything that rests on a gap while it stood. Raises EvaluationError naming the check.
        """
        found: list[tuple[Item, Episode]] = []
        judged = 0
        ends = [*(one.start for one in stretches[1:]), span.end]
        for stretch, end in zip(stretches, ends, strict=True):
            part = Span(max(plain(stretch.start), plain(span.start)), end, span.zone)
            episodes, count = _judged(Judging(self._versions, self._specs, check, part, stretch.parameters))
            found += episodes
            judged += count
        whole = Judging(self._versions, self._specs, check, span, stretches[0].parameters)
        unseen = Unseen(whole)
        below, above = joined(found), unseen.episodes(self._gaps)
        over = {item: tuple(episodes) for item, episodes in below.items()}
        over |= {item: overlaid(below.get(item, []), episodes) for item, episodes in above.items()}
        there = self._versions.there(check.items, whole.start, whole.end)
        return EpisodeSet(check.id, there, judged, over, frozenset(unseen.stand_ins))

    def evaluate_each(
        self, work: Iterable[tuple[Check, Sequence[Stretch]]], span: Span, *, workers: int = 2
    ) -> Iterator[EpisodeSet | EvaluationError]:
        """Judge many checks and give the sets in the order of `work`; an error stands in for its own check alone."""
        return side_by_side(lambda one: self.evaluate(one[0], span, one[1]), work, workers)


def _judged(on: Judging) -> tuple[list[tuple[Item, Episode]], int]:
    """Give what does not conform, in order of time for each item, and how many things were judged for it."""
    rewritten = over_time(on.check)
    if rewritten is not None:
        moments = ByMoments(on)
        return moments.found(rewritten), moments.judged
    instants = ByInstants(on)
    return list(instants.found()), instants.judged
