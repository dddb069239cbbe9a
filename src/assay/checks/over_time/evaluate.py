"""Judge checks over a period: versions are judged, not days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from assay.checks.check import Check, Value
from assay.checks.errors import EvaluationError
from assay.checks.over_time.episodes import EpisodeSet
from assay.checks.over_time.instants import ByInstants
from assay.checks.over_time.judging import Judging, Span, plain
from assay.checks.over_time.moments import ByMoments
from assay.checks.over_time.pieces import Pieces
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
        personal = any(self._specs[table].personal for table in check.tables)
        pieces = Pieces(self._versions, saw=not personal)  # nothing is said of what was seen of a person
        judged = 0
        ends = [*(one.start for one in stretches[1:]), span.end]
        for stretch, end in zip(stretches, ends, strict=True):
            part = Span(max(plain(stretch.start), plain(span.start)), end, span.zone)
            judged += _judge(Judging(self._versions, self._specs, check, part, stretch.parameters), pieces)
        whole = Judging(self._versions, self._specs, check, span, stretches[0].parameters)
        Unseen(whole, pieces).cover(self._gaps)
        there = self._versions.there(check.items, whole.start, whole.end)
        return pieces.told(check.id, there, judged)

    def evaluate_each(
        self, work: Iterable[tuple[Check, Sequence[Stretch]]], span: Span, *, workers: int = 2
    ) -> Iterator[EpisodeSet | EvaluationError]:
        """Judge many checks and give the sets in the order of `work`; an error stands in for its own check alone."""
        return side_by_side(lambda one: self.evaluate(one[0], span, one[1]), work, workers)


def _judge(on: Judging, pieces: Pieces) -> int:
    """Add what does not conform to the pieces; gives how many things were judged for it."""
    rewritten = over_time(on.check)
    return ByInstants(on, pieces).judge() if rewritten is None else ByMoments(on, pieces).judge(rewritten)
