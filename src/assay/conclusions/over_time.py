"""Every item check judged over a whole period: the same code in the home and whenever it is performed again from a pack.

The result is a pure function of what the `episodes` body names: collections, content, settings with the instants from which they were in force, the
period, zone and evaluator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assay import __version__
from assay.checks import Check, EvaluationError, Kind
from assay.checks.over_time import EpisodeSet, GapSpan, OverTimeEvaluator, Span, Stretch, VersionsInput
from assay.conclusions.conclude import Concluded
from assay.conclusions.inputs import missing_table
from assay.conclusions.versions import columns_of_history
from assay.evidence.canonical import Json, encode, instant_text, parse_instant
from assay.evidence.gaps import matters
from assay.tables import TableSpec

FORMAT = 1
HOLDS = {"file": ("list_holds_days", 35)}
OTHERWISE_HOLDS = ("observation_holds_days", 2)
"""By kind of source the parameter that says for how many days an observation stands when no other follows, and its value where content has none."""


@dataclass(frozen=True, slots=True)
class PeriodBasis:
    """What conclusions over a period rest on besides the evidence itself (formats.md, section 9).

    `stretches`: the parameters in force, each with the instant from which they were; the first begins with the period.
    """

    period: tuple[datetime, datetime]
    zone: str
    collections: Mapping[str, int]
    kinds: Mapping[str, str]
    scope: int | None
    stretches: tuple[tuple[datetime, Mapping[str, Json]], ...]
    content_digest: str

    def holds(self, source_kind: str) -> timedelta:
        """For how long an observation of a source of this kind stands when no other follows: as in force at the period's end."""
        name, otherwise = HOLDS.get(source_kind, OTHERWISE_HOLDS)
        return timedelta(days=self.stretches[-1][1].get(name, otherwise))

    def to_json(self) -> Json:
        return {
            "collections": dict(self.collections),
            "content": self.content_digest,
            "evaluator": __version__,
            "format": FORMAT,
            "kinds": dict(self.kinds),
            "parameters": [
                {"from": instant_text(start), "values": dict(values)} for start, values in self.stretches
            ],
            "period": {"end": instant_text(self.period[1]), "start": instant_text(self.period[0])},
            "scope": self.scope,
            "zone": self.zone,
        }

    @classmethod
    def from_json(cls, body: Json) -> PeriodBasis:
        """Read the basis in an `episodes` body."""
        return cls(
            (parse_instant(body["period"]["start"]), parse_instant(body["period"]["end"])),
            body["zone"],
            body["collections"],
            body["kinds"],
            body["scope"],
            tuple((parse_instant(one["from"]), one["values"]) for one in body["parameters"]),
            body["content"],
        )


def judged_over_time(checks: Mapping[str, Check]) -> dict[str, Check]:
    """The checks that have a history: those over records. A check over events judges its period once."""
    return {name: checks[name] for name in sorted(checks) if checks[name].kind is Kind.ITEM}


def conclude_over(
    basis: PeriodBasis,
    checks: Mapping[str, Check],
    specs: Mapping[str, TableSpec],
    inputs: Sequence[VersionsInput],
    gaps: Sequence[GapSpan],
    on_check: Callable[[str], None] = lambda _: None,
) -> Iterator[Concluded]:
    """Judge every item check over the period and give what is stored of each, in the order of the checks' ids.

    `inputs` and `gaps` are the history of the tables (`histories`); a table without one was never asked for.
    """
    given = {one.name for one in inputs}
    judged = judged_over_time(checks)
    tables = sorted({table for check in judged.values() for table in check.tables})
    never = [
        GapSpan(gap, *basis.period)
        for name in tables
        if name not in given
        for gap in missing_table(specs[name], basis.kinds)[1]
    ]
    bearing = [one for one in (*gaps, *never) if matters(one.gap, basis.period[0])]
    empty = [VersionsInput(name, columns_of_history(specs[name])) for name in tables if name not in given]
    span = Span(*basis.period, basis.zone)
    work = [(check, _stretches(check, basis)) for check in judged.values()]
    with OverTimeEvaluator([*inputs, *empty], specs, bearing) as evaluator:
        for (check, _), found in zip(work, evaluator.evaluate_each(work, span), strict=True):
            on_check(check.id)
            yield _concluded(check, found, basis)


def _stretches(check: Check, basis: PeriodBasis) -> tuple[Stretch, ...]:
    """The parameters that a check reads, with the instants from which they were in force; neighbours that agree on them are one."""
    stretches: list[Stretch] = []
    for start, values in basis.stretches:
        read = {name: values[name] for name in check.parameters}
        if not stretches or stretches[-1].parameters != read:
            stretches.append(Stretch(start, read))
    return tuple(stretches)


def _concluded(check: Check, found: EpisodeSet | EvaluationError, basis: PeriodBasis) -> Concluded:
    if isinstance(found, EvaluationError):
        content, counts = encode(_unknown(check, str(found), basis)), {"UNKNOWN": 1}
    else:
        content, counts = found.encoded(), found.counts
    every = {name: counts.get(name, 0) for name in ("CONFORMS", "DEVIATES", "NOT_APPLICABLE", "UNKNOWN")}
    return Concluded(check.id, check.digest, every, content)


def _unknown(check: Check, problem: str, basis: PeriodBasis) -> Json:
    episode = {
        "account": None,
        "conclusion": "UNKNOWN",
        "from": instant_text(basis.period[0]),
        "item": None,
        "reason": "failed",
        "region": None,
        "saw": {"problem": problem},
        "table": check.items[0],
        "until": instant_text(basis.period[1]),
    }
    return {
        "check": check.id,
        "episodes": [episode],
        "format": FORMAT,
        "items": 0,
        "judged": 0,
        "unseen": 1,
    }
