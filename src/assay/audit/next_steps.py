"""What to do next, in plain words and in the order in which it helps most.

The order: causes of not knowing that settle many controls; deviations of high severity; causes that settle few; evidence that has grown old; deviations of
medium severity; evidence that was never given; deviations of low severity. Within one rank, what serves more criteria and then more controls comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assay.audit.assessment import Assessed
from assay.audit.causes import UNASKED, Cause
from assay.audit.inputs import CheckFacts, Object, TableFacts
from assay.audit.items import Item, counts_of, item_of, names, notes_with
from assay.audit.states import Hand, State
from assay.audit.wording import begun, count, inside, listed, number, source_words, table_words, verb

TEN = 10
MANY = 5
"""From how many controls on a cause of not knowing comes before everything else."""

_SEVERITY_RANK = {"high": 1, "medium": 4, "low": 6}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: the sentence, why, where, the names of a few items with a count of the rest, and the controls that it moves."""

    do: str
    why: str
    where: str
    kind: str  # mend, fix, renew, answer
    about: str  # the id of the cause, check or control
    rank: int
    controls: tuple[str, ...]
    criteria: tuple[str, ...]
    items: tuple[str, ...] = ()
    more: int = 0
    owner: str = ""

    def to_json(self) -> dict[str, Any]:
        """Give the member object of the report."""
        return {
            "about": self.about,
            "controls": list(self.controls),
            "criteria": list(self.criteria),
            "do": self.do,
            "items": list(self.items),
            "kind": self.kind,
            "more": self.more,
            "owner": self.owner,
            "where": self.where,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Ground:
    """What steps are found from: the assessed controls, the checks with their conclusions, the causes, and which criteria a control serves."""

    assessed: Mapping[str, Assessed]
    checks: Mapping[str, CheckFacts]
    sets: Mapping[str, Object]
    causes: tuple[Cause, ...]
    tables: Mapping[str, TableFacts]
    criteria_of: Mapping[str, tuple[str, ...]]
    places: Mapping[str, str]

    def relevant(self, controls: Iterable[str]) -> tuple[str, ...]:
        """Keep the controls that are in scope."""
        kept = {
            one
            for one in controls
            if one in self.assessed and self.assessed[one].state is not State.NOT_RELEVANT
        }
        return tuple(sorted(kept))

    def criteria(self, controls: Iterable[str]) -> tuple[str, ...]:
        """Give the criteria that some controls serve."""
        return tuple(
            sorted({criterion for control in controls for criterion in self.criteria_of.get(control, ())})
        )


def find_steps(ground: Ground) -> list[Step]:
    """Give every step, best first; a report shows the first ten and counts the rest."""
    steps = [*_mending(ground), *_fixing(ground), *_answering(ground)]
    return sorted(steps, key=lambda step: (step.rank, -len(step.criteria), -len(step.controls), step.about))


def _mending(ground: Ground) -> Iterable[Step]:
    for cause in ground.causes:
        controls = ground.relevant(
            control for check in cause.checks for control in ground.checks[check].controls
        )
        settled = tuple(one for one in controls if ground.assessed[one].tally.unknown)
        if settled and cause.reason != "erased":
            yield Step(
                do=_mending_words(cause, ground),
                why=f"{cause.happened} {begun(count(len(settled), 'control'))} {verb(len(settled), 'waits', 'wait')} for it.",
                where=cause.mend,
                kind="mend",
                about=cause.id,
                rank=_cause_rank(cause, len(settled)),
                controls=settled,
                criteria=ground.criteria(settled),
            )


def _cause_rank(cause: Cause, settled: int) -> int:
    """What nobody saw comes first where it settles many controls; time that is past and cannot be seen any more comes last."""
    if cause.reason == "not_covered":
        return 6
    return 0 if settled >= MANY else 2


def _mending_words(cause: Cause, ground: Ground) -> str:
    thing = source_words(cause.source)
    if cause.source == "file":
        name = table_words(cause.gaps[0].gap["table"], "file")
        return (
            f"Import the {name} list"
            if cause.reason in UNASKED
            else f"Mend the rows of the {name} list that could not be read"
        )
    if cause.reason == "not_connected":
        return f"Connect {thing}"
    place = f" account {ground.places.get(cause.account, cause.account)}" if cause.account else ""
    if cause.reason == "not_asked":
        return f"Collect from {thing} once more"
    if cause.reason == "not_enabled":
        return f"Decide whether Assay may look deeper into {thing}{place}"
    if cause.reason == "unavailable":
        return f"Show by evidence what the plan of {thing}{place} cannot"
    if cause.reason == "not_covered":
        return f"Explain the time in {thing}{place} that nobody saw"
    return f"Let Assay read {thing}{place} whole again"


def _fixing(ground: Ground) -> Iterable[Step]:
    for check in ground.checks.values():
        notes = notes_with(ground.sets.get(check.id, {}), "DEVIATES")
        controls = ground.relevant(check.controls)
        if notes and controls:
            yield _fix(check, notes, controls, ground)


def _fix(check: CheckFacts, notes: list[Object], controls: tuple[str, ...], ground: Ground) -> Step:
    personal = any(ground.tables[table].personal for table in check.items if table in ground.tables)
    items = [item_of(note, personal=personal) for note in notes]
    counts = counts_of(ground.sets[check.id])
    few = names(items)[:3]
    return Step(
        do=f"Make sure that {inside(check.title)}",
        why=_fix_reason(counts, len(notes)),
        where=_where(check, items, ground.places),
        kind="fix",
        about=check.id,
        rank=_SEVERITY_RANK.get(check.severity, 4),
        controls=controls,
        criteria=ground.criteria(controls),
        items=tuple(few),
        more=max(counts["DEVIATES"], len(notes)) - len(few),
        owner=ground.assessed[controls[0]].control.owner,
    )


def _fix_reason(counts: Mapping[str, int], noted: int) -> str:
    deviating = max(counts["DEVIATES"], noted)
    judged = deviating + counts["CONFORMS"]
    if judged == deviating:
        return "The only one deviates." if deviating == 1 else f"All {judged} deviate."
    return f"{begun(number(deviating))} of {judged} {verb(deviating, 'deviates', 'deviate')}."


def _where(check: CheckFacts, items: Iterable[Item], places: Mapping[str, str]) -> str:
    accounts = sorted({places.get(item.account, item.account) for item in items if item.account})
    remedy = check.remedy.get("console") or check.remedy.get("cli") or ""
    return ". ".join(
        part.rstrip(".") for part in (f"In {listed(accounts)}" if accounts else "", remedy) if part
    ) + ("." if accounts or remedy else "")


def _answering(ground: Ground) -> Iterable[Step]:
    for assessed in ground.assessed.values():
        if assessed.needs_evidence:
            yield _answer(assessed, ground)


def _answer(assessed: Assessed, ground: Ground) -> Step:
    control = assessed.control
    stale = assessed.hand is Hand.STALE
    shows = inside(control.type1.rstrip(".")) if control.type1 else "what shows that it is done"
    return Step(
        do=f"{'Renew the evidence' if stale else 'Answer by evidence'}: {shows}",
        why=_answer_reason(assessed, stale=stale),
        where=f"assay evidence add --control {control.id}",
        kind="renew" if stale else "answer",
        about=control.id,
        rank=3 if stale else 5,
        controls=(control.id,),
        criteria=ground.criteria([control.id]),
        owner=control.owner,
    )


def _answer_reason(assessed: Assessed, *, stale: bool) -> str:
    statement = assessed.control.statement.rstrip(".")
    if stale:
        return f"{statement}: the last evidence has grown old."
    if assessed.hand is Hand.DENIED:
        return f"{statement}: by the company's own answer it is not there."
    if assessed.hand is Hand.STATED:
        return f"{statement}: the company says so, and nothing shows it yet."
    if assessed.tally.conforms:
        return f"{statement}: the checks show the settings, people do the rest."
    return f"{statement}: nothing shows it yet."
