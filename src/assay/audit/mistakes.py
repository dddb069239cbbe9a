"""The five mistakes that first-timers make again and again, watched: what each is, whether there are signs of it now, and what shows them.

Pure functions over facts. Where facts are missing the answer is unknown, never that all is well; and no sign is not a promise that there is nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assay.wording import counted


class Answer(StrEnum):
    """Whether a mistake shows."""

    SIGNS = "signs of it"
    NONE = "no sign of it"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that shows it (or shows that it is not so): in words, and the place where it stands, by a name that the screens turn into an address."""

    says: str
    place: str
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake with its answer now. `what` says what it is, `signs` what the answer rests on."""

    key: str
    name: str
    what: str
    answer: Answer
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the five rest on; None where it is not known.

    `judged` is whether anything was ever concluded; `missing`, `unknown` count controls by that state, `undocumented` those that a document or a record
    shows and that have none, `stated` those that rest on the company's word alone. `vendors` are counted as the company named them, `uncovered` names
    subservice organizations whose controls nobody said to expect, `unreviewed` those without a review in time. `late` and `missed` count recurring
    duties, `over` their windows that are over. `quiet` says that no collection was complete in time. `undecided` counts parts that were found and are
    in no scope, `grown` the versions of the scope that added controls or criteria after the first; `connected` counts sources.
    """

    judged: bool = False
    missing: int = 0
    unknown: int = 0
    chosen: bool = False
    undocumented: int = 0
    stated: int = 0
    vendors: int | None = None
    uncovered: tuple[str, ...] = ()
    unreviewed: tuple[str, ...] | None = None
    duties: int = 0
    late: int = 0
    missed: int = 0
    over: int = 0
    quiet: bool = False
    connected: int = 0
    undecided: int | None = None
    grown: int = 0


def mistakes(facts: Facts) -> tuple[Mistake, ...]:
    """Give the five in the order in which a company meets them."""
    return (
        _no_readiness(facts),
        _undocumented(facts),
        _vendors(facts),
        _one_time(facts),
        _creep(facts),
    )


def _no_readiness(facts: Facts) -> Mistake:
    what = "Beginning the audit without having looked first at what is in place. What an auditor finds then costs weeks, and a Type II period that began too early."
    if not facts.judged:
        signs = [Sign("Nothing was looked at yet.", "readiness")]
        return _mistake("readiness", "No readiness assessment", what, Answer.SIGNS, signs)
    state = f"{counted(facts.missing, 'control')} missing and {facts.unknown} unknown by the newest look."
    signs = [Sign(state, "missing", counts=facts.chosen and facts.missing + facts.unknown > 0)]
    if facts.chosen and facts.missing + facts.unknown:
        signs.append(Sign("A firm is chosen while these are open.", "plan"))
    return _mistake("readiness", "No readiness assessment", what, _if_any(signs), signs)


def _undocumented(facts: Facts) -> Mistake:
    what = "Doing things without writing them down. A control that leaves no document or record cannot be tested, however well it is carried out."
    name = "Undocumented controls"
    if not facts.judged:
        return _mistake(
            "undocumented",
            name,
            what,
            Answer.UNKNOWN,
            [Sign("Nothing was looked at yet.", "readiness", counts=False)],
        )
    signs = [
        Sign(
            f"{counted(facts.undocumented, 'control')} without the document or record that would show {'it' if facts.undocumented == 1 else 'them'}.",
            "undocumented",
            counts=facts.undocumented > 0,
        ),
        Sign(
            f"{counted(facts.stated, 'control')} {'rests' if facts.stated == 1 else 'rest'} on your own word alone.",
            "partly",
            counts=facts.stated > 0,
        ),
    ]
    return _mistake("undocumented", name, what, _if_any(signs), signs)


def _vendors(facts: Facts) -> Mistake:
    what = "Forgetting the companies that your system rests on. What they do is a part of your promises, so an auditor asks how you watch them."
    name = "Ignored vendors"
    if facts.vendors is None:
        return _mistake(
            "vendors",
            name,
            what,
            Answer.UNKNOWN,
            [Sign("The scope does not say yet which vendors have access.", "vendors", counts=False)],
        )
    if not facts.vendors:
        return _mistake(
            "vendors",
            name,
            what,
            Answer.SIGNS,
            [Sign("No vendor is named, and hardly a system rests on none.", "vendors")],
        )
    signs = [Sign(f"{counted(facts.vendors, 'vendor')} named.", "vendors", counts=False)]
    signs += [
        Sign(f"{one} is a part of the system, and no control is said to be expected of it.", "vendors")
        for one in facts.uncovered
    ]
    signs += [Sign(f"{one} was not reviewed in time.", "vendors") for one in facts.unreviewed or ()]
    if facts.unreviewed is None:
        signs.append(Sign("Whether they were reviewed is not known.", "vendor_reviews", counts=False))
        return _mistake("vendors", name, what, Answer.SIGNS if facts.uncovered else Answer.UNKNOWN, signs)
    return _mistake("vendors", name, what, _if_any(signs), signs)


def _one_time(facts: Facts) -> Mistake:
    what = "Treating it as a project that ends with the report. Controls are carried out all year, and a window that passed with nothing done cannot be made up for."
    name = "A one-time project"
    signs = []
    if facts.late:
        signs.append(Sign(f"{counted(facts.late, 'recurring duty', 'recurring duties')} late.", "late"))
    if facts.missed:
        signs.append(
            Sign(f"{counted(facts.missed, 'window')} of {facts.over} passed with nothing seen.", "missed")
        )
    if facts.quiet:
        signs.append(Sign("No collection was complete in time.", "sources"))
    if signs:
        return _mistake("one_time", name, what, Answer.SIGNS, signs)
    if not facts.over:
        says = (
            f"No window of {counted(facts.duties, 'recurring duty', 'recurring duties')} is over yet."
            if facts.duties
            else "No recurring duty is known yet."
        )
        return _mistake("one_time", name, what, Answer.UNKNOWN, [Sign(says, "calendar", counts=False)])
    return _mistake(
        "one_time",
        name,
        what,
        Answer.NONE,
        [Sign(f"All {facts.over} windows that are over have an occurrence.", "calendar", counts=False)],
    )


def _creep(facts: Facts) -> Mistake:
    what = "Letting the scope grow without deciding it. Each addition brings controls, evidence and cost, in a period from the day on which it was added."
    name = "Scope creep"
    signs = []
    if facts.undecided:
        signs.append(
            Sign(f"{counted(facts.undecided, 'part')} found and in no scope, neither in nor out.", "scope")
        )
    if facts.grown:
        signs.append(
            Sign(f"The scope grew {counted(facts.grown, 'time')} since its first version.", "versions")
        )
    if signs:
        return _mistake("creep", name, what, Answer.SIGNS, signs)
    if not facts.connected or facts.undecided is None:
        return _mistake(
            "creep",
            name,
            what,
            Answer.UNKNOWN,
            [Sign("No source is connected that would show what is in no scope.", "sources", counts=False)],
        )
    return _mistake(
        "creep",
        name,
        what,
        Answer.NONE,
        [Sign("All that was found is decided, and the scope never grew.", "scope", counts=False)],
    )


def _if_any(signs: Iterable[Sign]) -> Answer:
    return Answer.SIGNS if any(one.counts for one in signs) else Answer.NONE


def _mistake(key: str, name: str, what: str, answer: Answer, signs: Iterable[Sign]) -> Mistake:
    return Mistake(key, name, what, answer, tuple(signs))
