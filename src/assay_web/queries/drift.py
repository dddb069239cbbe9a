"""What concluded differently between any two looks, made once for each pair and kept beside the home's other derived files."""

from __future__ import annotations

from dataclasses import dataclass

from assay.evidence.canonical import decode, encode
from assay.home import Home
from assay.home.derived import derived
from assay.home.judging import HomeBook
from assay.home.personal import personal
from assay.verification.report import drift_between
from assay_web.home import current_home
from assay_web.queries.past import judgements
from assay_web.queries.standing import Object

TURNS = ("deviates now", "no longer seen", "mended", "seen again", "gone", "changed")


@dataclass(frozen=True, slots=True)
class Look:
    """One time at which everything was judged: the ledger's entry, and the instant."""

    entry: int
    as_of: str


@dataclass(frozen=True, slots=True)
class Drift:
    """The looks to choose from, the two that were compared, and what changed; None before the second look."""

    looks: tuple[Look, ...]
    before: int | None = None
    after: int | None = None
    changes: tuple[Object, ...] = ()
    people: tuple[Object, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many items took each turn."""
        return {turn: sum(one["turn"] == turn for one in self.changes) for turn in TURNS}


def drift(before: int | None, after: int | None) -> Drift:
    """Compare two looks, by default the last two; what is no look's entry counts as not given."""
    home = current_home()
    found = looks()
    entries = [one.entry for one in found]
    if len(entries) < 2:
        return Drift(found)
    last = after if after in entries[1:] else entries[-1]
    first = (
        before
        if before in entries and before is not None and before < last
        else entries[entries.index(last) - 1]
    )
    report = _compared(home, first, last)
    return Drift(found, first, last, tuple(report["changes"]), tuple(report["people"]))


def looks() -> tuple[Look, ...]:
    """Give every look, oldest first."""
    return tuple(Look(one.entry, one.as_of) for one in judgements())


def _compared(home: Home, before: int, after: int) -> Object:
    def make() -> bytes:
        with personal(home) as people:
            book = HomeBook(home, people.sealer)
            return encode(drift_between(book, home.ledger.entry(before), home.ledger.entry(after)))

    return dict(decode(derived(home, "drift", f"{before}-{after}.json", make)))
