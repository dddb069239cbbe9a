"""Firms side by side by the company's own scores and weights: arithmetic and nothing else. Assay neither ranks nor recommends a firm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MOST = 5
CRITERIA = {
    "standing": "Licence and peer review",
    "experience": "Experience with your cloud and stack",
    "size": "Experience with companies of your size",
    "people": "Who does the work",
    "price": "Price, and what it leaves out",
    "timeline": "Timeline",
    "availability": "Availability",
    "references": "References",
    "independence": "Independence",
}
"""What the company scores, by the key that scores and weights are kept under."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Points out of the most that the scored criteria could give, and the criteria that count and have no score."""

    points: int
    most: int
    unscored: tuple[str, ...]

    @property
    def words(self) -> str:
        """Say it: “31 of 45, 2 not scored”."""
        rest = f", {len(self.unscored)} not scored" if self.unscored else ""
        return f"{self.points} of {self.most}{rest}" if self.most else "not scored"


def own_sum(scores: Mapping[str, int], weights: Mapping[str, int]) -> Sum:
    """Add score times weight over the criteria that have a score. A criterion without a weight counts once; what is not scored is named and counts as nothing."""
    counts = {key: weights.get(key, 1) for key in CRITERIA}
    scored = [key for key in CRITERIA if key in scores and counts[key]]
    return Sum(
        points=sum(scores[key] * counts[key] for key in scored),
        most=sum(MOST * counts[key] for key in scored),
        unscored=tuple(CRITERIA[key] for key in CRITERIA if key not in scores and counts[key]),
    )
