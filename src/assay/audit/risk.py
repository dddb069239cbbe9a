"""Rating risks by the written method, and what an assessment still lacks. Pure: values in, sentences out.

The rating is likelihood times impact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from assay.catalogue import Acceptable, Level, Method
from assay.wording import counted


class Treatment(StrEnum):
    """What is done about a risk."""

    MITIGATE = "mitigate"
    TRANSFER = "transfer"
    AVOID = "avoid"
    ACCEPT = "accept"


@dataclass(frozen=True, slots=True)
class Rating:
    """Likelihood and impact, each 1 to 5."""

    likelihood: int
    impact: int

    @property
    def number(self) -> int:
        """Likelihood times impact, 1 to 25."""
        return self.likelihood * self.impact


@dataclass(frozen=True, slots=True)
class Rated:
    """A risk as the method sees it: its id, ratings (None where not given yet), treatment, controls, whether it has an owner, and the last day of an acceptance."""

    id: str
    inherent: Rating | None
    residual: Rating | None
    treatment: Treatment | None
    controls: tuple[str, ...] = ()
    owned: bool = True
    accepted_until: date | None = None


def rating(likelihood: int | None, impact: int | None) -> Rating | None:
    """Give the rating of two numbers; None where one is not given yet."""
    return None if likelihood is None or impact is None else Rating(likelihood, impact)


def level_of(method: Method, found: Rating | None) -> Level | None:
    """Give the band of a rating; None for none."""
    return None if found is None else method.level(found.number)


def lacks(method: Method, risk: Rated, today: date) -> tuple[str, ...]:
    """Say what a risk still lacks before an assessment that holds it can be approved; nothing where it is whole.

    It needs an owner, both ratings, a treatment; mitigation names a control, and does not end above where it began; an acceptance above appetite
    is approved and still in force, and where nobody may accept a level, it is not accepted.
    """
    return tuple(_lacks(method, risk, today))


def _lacks(method: Method, risk: Rated, today: date) -> Iterable[str]:
    if not risk.owned:
        yield "has no owner"
    if risk.inherent is None:
        yield "is not rated before its treatment"
    if risk.treatment is None:
        yield "has no treatment"
    if risk.residual is None:
        yield "is not rated after its treatment"
    if risk.treatment is Treatment.MITIGATE and not risk.controls:
        yield "is to be mitigated and names no control"
    if risk.inherent and risk.residual and risk.residual.number > risk.inherent.number:
        yield "is rated higher after its treatment than before"
    level = level_of(method, risk.residual)
    if risk.treatment is Treatment.ACCEPT and level is not None:
        yield from _about_acceptance(level, risk.accepted_until, today)


def _about_acceptance(level: Level, until: date | None, today: date) -> Iterable[str]:
    if level.accept is Acceptable.NOBODY:
        yield f"is {level.name}, which nobody may accept"
    elif level.accept is not Acceptable.ITS_OWNER and (until is None or until < today):
        yield f"is {level.name} and accepted without an approval in force"


def last_day_of_acceptance(
    level: Level, today: date, *, assessment_days: int, exception_days: int
) -> date | None:
    """Give the last day up to which a risk of a level can be accepted from today; None where nobody may accept it."""
    match level.accept:
        case Acceptable.NOBODY:
            return None
        case Acceptable.AS_EXCEPTION:
            return today + timedelta(days=exception_days)
        case _:
            return today + timedelta(days=assessment_days)


def cells(ratings: Iterable[Rating]) -> Mapping[tuple[int, int], int]:
    """Count ratings by (likelihood, impact): the cells of a heat-map that hold any."""
    found: dict[tuple[int, int], int] = {}
    for one in ratings:
        key = (one.likelihood, one.impact)
        found[key] = found.get(key, 0) + 1
    return found


def next_due(approved: date | None, every_days: int) -> date | None:
    """Give the day by which the next assessment (or exercise) is due: so many days after the last; None where there was none, which is due at once."""
    return None if approved is None else approved + timedelta(days=every_days)


def rests_on(states: Mapping[str, str], controls: Iterable[str]) -> str:
    """Say how the controls that a treatment rests on stand, by their readiness: what is missing or unknown is said first, and unknown never counts as in place."""
    found = {one: states.get(one, "unknown") for one in controls}
    bad = [one for one, state in found.items() if state in {"missing", "not relevant"}]
    unsure = [one for one, state in found.items() if state == "unknown"]
    partly = [one for one, state in found.items() if state == "partly"]
    said = [
        f"{', '.join(ids)} {'is' if len(ids) == 1 else 'are'} {word}"
        for ids, word in ((bad, "not in place"), (unsure, "unknown"), (partly, "partly in place"))
        if ids
    ]
    if not found:
        return "It rests on no control."
    if not said:
        return f"It rests on {counted(len(found), 'control')}, in place."
    return f"It rests on {counted(len(found), 'control')}: {'; '.join(said)}."
