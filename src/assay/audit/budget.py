"""What a report costs, as a range over what was given: a quote, hours, tools. What nobody gave has no amount and is named beside the total.

Amounts are whole units of one currency. The only figure that is not the company's own is the common fee of an audit, in US dollars.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assay.catalogue import Category, Scope
from assay.wording import counted

USUAL_CURRENCY = "USD"
USUAL_FEE = (15_000, 60_000)
"""What CPA firms commonly ask of small and middle-sized companies for one report (help topic `cost`)."""


@dataclass(frozen=True, slots=True)
class Amount:
    """From the least to the most."""

    least: int
    most: int

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.least + other.least, self.most + other.most)

    def words(self, currency: str) -> str:
        """Write it as pages do: “$15,000 to $60,000”, “EUR 20,000”."""
        sign = "$" if currency == USUAL_CURRENCY else f"{currency} "
        least, most = f"{sign}{self.least:,}", f"{sign}{self.most:,}"
        return least if self.least == self.most else f"{least} to {most}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a budget: what for, its amount or None, and in a sentence where the amount comes from or what is not known."""

    name: str
    amount: Amount | None
    comes_from: str


@dataclass(frozen=True, slots=True)
class Given:
    """What the company gave. Each pair is the least and the most, None where not given.

    `fee` is for one report; with none, the common fee stands in US dollars and no fee in another currency. `reports` is how many are planned.
    `fee_from` says whose quote it is. `hours` are the company's own, `hourly` is what one costs.
    """

    currency: str = USUAL_CURRENCY
    reports: int = 1
    fee: tuple[int, int] | None = None
    fee_from: str = ""
    hours: tuple[int, int] | None = None
    hourly: tuple[int, int] | None = None
    tools: tuple[int, int] | None = None
    testing: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """Lines, the total over those that have an amount, and the names of those that have none."""

    currency: str
    lines: tuple[Line, ...]
    total: Amount | None
    without: tuple[str, ...]

    @property
    def says(self) -> str:
        """Say the total in a sentence, with what it leaves out."""
        lacking = f" Not in it, because it is not known: {', '.join(self.without)}." if self.without else ""
        if self.total is None:
            return f"Nothing has an amount yet.{lacking}"
        return f"{self.total.words(self.currency)} in all.{lacking}"


def make_budget(given: Given) -> Budget:
    """Give the budget for what was given."""
    lines = (
        _audit(given),
        _own_time(given),
        _plain(
            "Tools",
            given.tools,
            "Subscriptions and licences that the programme needs. Assay itself has no price.",
        ),
        _plain(
            "Penetration test", given.testing, "Only where one is made; no criterion asks for one by name."
        ),
    )
    known = [one.amount for one in lines if one.amount is not None]
    return Budget(
        given.currency,
        lines,
        sum(known[1:], known[0]) if known else None,
        tuple(one.name.lower() for one in lines if one.amount is None),
    )


def _audit(given: Given) -> Line:
    name = "Audit"
    times = "" if given.reports == 1 else f" for each of {counted(given.reports, 'report')}"
    if given.fee is not None:
        source = given.fee_from or "Your own figure"
        return Line(name, _times(given.fee, given.reports), f"{source}{times}.")
    if given.currency != USUAL_CURRENCY:
        return Line(
            name,
            None,
            f"The common range is known in {USUAL_CURRENCY} only. Enter a quote in {given.currency}.",
        )
    usual = Amount(*USUAL_FEE).words(USUAL_CURRENCY)
    return Line(name, _times(USUAL_FEE, given.reports), f"No quote yet: the common range, {usual}{times}.")


def _own_time(given: Given) -> Line:
    name = "Own time"
    if given.hours is None:
        return Line(
            name, None, "Nobody has estimated the hours yet, and no common range holds for every company."
        )
    hours = (
        f"{given.hours[0]:,}"
        if given.hours[0] == given.hours[1]
        else f"{given.hours[0]:,} to {given.hours[1]:,}"
    )
    if given.hourly is None:
        return Line(name, None, f"{hours} hours; what an hour costs is not entered.")
    cost = Amount(*given.hourly).words(given.currency)
    amount = Amount(given.hours[0] * given.hourly[0], given.hours[1] * given.hourly[1])
    return Line(name, amount, f"{hours} hours at {cost} an hour.")


def _plain(name: str, given: tuple[int, int] | None, otherwise: str) -> Line:
    return Line(
        name, None if given is None else Amount(*given), otherwise if given is None else "Your own figure."
    )


def _times(pair: tuple[int, int], number: int) -> Amount:
    return Amount(pair[0] * number, pair[1] * number)


@dataclass(frozen=True, slots=True)
class Mover:
    """Something that moves the price of an audit: what it is, how it stands at this company, and which way it moves the price."""

    name: str
    now: str
    effect: str


def movers(scope: Scope, *, type_2: bool, states: Mapping[str, int]) -> tuple[Mover, ...]:
    """Give what firms ask about before they name a price, with the company's own facts. None of it is turned into an amount.

    `states` counts the controls by their state in the newest conclusions; empty where there are none.
    """
    categories = [one.label for one in Category if one in scope.categories]
    boundary = scope.boundary
    inside = [one for one in boundary.things if one.inside] if boundary else []
    total = sum(states.get(name, 0) for name in ("in place", "partly", "missing", "unknown"))
    ready = (
        f"{states.get('in place', 0)} of {counted(total, 'control')} have all they need"
        if total
        else "Nothing was judged yet"
    )
    return (
        Mover("Categories", _listed(categories), "Each category beyond Security adds criteria to test."),
        Mover(
            "Type",
            "Type II" if type_2 else "Type I",
            "A Type II costs more: controls are tested over the whole period.",
        ),
        Mover(
            "Size",
            counted(scope.people, "person", "people"),
            "More people mean larger samples and more interviews.",
        ),
        Mover(
            "Systems",
            f"{counted(len(inside), 'part')} inside the boundary" if inside else "Not said yet",
            "Each further platform, account or place is looked at by itself.",
        ),
        Mover(
            "First time",
            "Assay knows of no earlier report",
            "A first report takes the firm longer: it has to learn the system.",
        ),
        Mover(
            "Readiness",
            ready,
            "Tidy evidence means fewer rounds of questions; a firm that finds gaps bills for them.",
        ),
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
