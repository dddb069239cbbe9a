"""The steps by which a vendor is left, in order: the data is asked for once nothing reaches ours any more."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class ExitStep(StrEnum):
    """A step of leaving a vendor."""

    ACCESS = "access"
    DATA = "data"
    CONTRACT = "contract"
    SUBPROCESSORS = "subprocessors"


EXIT_WORDS = {
    ExitStep.ACCESS: "Its access, and the accounts of our people there, have ended.",
    ExitStep.DATA: "Our data was returned, or destroyed, and it confirmed that.",
    ExitStep.CONTRACT: "The contract has ended, and no payment goes on.",
    ExitStep.SUBPROCESSORS: "Our own list of subprocessors no longer names it.",
}
EXIT_ASKS = {
    ExitStep.ACCESS: "Which access there was, and how it was ended.",
    ExitStep.DATA: "Who confirmed it, when, and where the confirmation is; attach it if you have it.",
    ExitStep.CONTRACT: "When it ended, and by which notice.",
    ExitStep.SUBPROCESSORS: "When the list was changed, or that it never named this vendor.",
}


def before(step: ExitStep, done: Collection[str]) -> ExitStep | None:
    """Give the step that has to be done first, where it is not."""
    if step is ExitStep.DATA and ExitStep.ACCESS not in done:
        return ExitStep.ACCESS
    return None


def left(done: Collection[str]) -> tuple[ExitStep, ...]:
    """Give the steps that are still to be done."""
    return tuple(one for one in ExitStep if one not in done)
