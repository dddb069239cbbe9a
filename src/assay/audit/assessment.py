"""One control at one instant: what its checks concluded, what evidence says, and so its state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assay.audit.by_hand import hand_of
from assay.audit.causes import ANSWERABLE, is_seen
from assay.audit.inputs import CheckFacts, ControlFacts, Evaluation, EvidenceFacts, Object
from assay.audit.items import counts_of, notes_with
from assay.audit.states import Hand, State, Tally, control_state


@dataclass(frozen=True, slots=True)
class Assessed:
    """A control with its state and what that rests on."""

    control: ControlFacts
    state: State
    tally: Tally
    hand: Hand
    checks: tuple[CheckFacts, ...]
    evidence: tuple[EvidenceFacts, ...]

    @property
    def needs_evidence(self) -> bool:
        """True where evidence by hand is the next thing that would change the state: nothing judges it, or people do a part that none in force shows."""
        judged = self.tally.conforms + self.tally.deviates + self.tally.unknown
        return (
            self.state is not State.NOT_RELEVANT
            and self.hand is not Hand.IN_FORCE
            and (self.control.needs_hand or not judged)
        )


def assess(
    controls: Iterable[ControlFacts],
    checks: Iterable[CheckFacts],
    evidence: Iterable[EvidenceFacts],
    evaluation: Evaluation,
    zone: str,
) -> dict[str, Assessed]:
    """Give every control, by id and in the order of ids, as it stood at the evaluation's instant."""
    by_control: dict[str, list[CheckFacts]] = {}
    for check in sorted(checks, key=lambda one: one.id):
        for control in check.controls:
            by_control.setdefault(control, []).append(check)
    notes = sorted(evidence, key=lambda one: one.index)
    return {
        control.id: _assess_one(
            control,
            by_control.get(control.id, []),
            [one for one in notes if one.body["control"] == control.id],
            evaluation,
            zone,
        )
        for control in sorted(controls, key=lambda one: one.id)
    }


def _assess_one(
    control: ControlFacts,
    checks: Sequence[CheckFacts],
    evidence: Sequence[EvidenceFacts],
    evaluation: Evaluation,
    zone: str,
) -> Assessed:
    tally = tally_of(checks, evaluation.sets)
    hand = hand_of(evidence, control, evaluation.as_of, zone)
    state = (
        State.NOT_RELEVANT if control.left_out else control_state(tally, hand, needs_hand=control.needs_hand)
    )
    return Assessed(control, state, tally, hand, tuple(checks), tuple(evidence))


def tally_of(checks: Iterable[CheckFacts], sets: Mapping[str, Object]) -> Tally:
    """Add up the conclusions of some checks; a check that was never evaluated counts as one unknown that evidence may answer."""
    conforms = deviates = unknown = answerable = 0
    for check in checks:
        if not is_seen(check, sets):
            unknown, answerable = unknown + 1, answerable + 1
            continue
        counts = counts_of(sets[check.id])
        conforms += counts["CONFORMS"]
        deviates += counts["DEVIATES"]
        unknown += counts["UNKNOWN"]
        reasons = [note.get("reason") for note in notes_with(sets[check.id], "UNKNOWN")]
        answerable += counts["UNKNOWN"] if reasons and ANSWERABLE.issuperset(reasons) else 0
    return Tally(conforms, deviates, unknown, answerable)
