"""Firms side by side, as the company orders them, and what still has to be looked up of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assay.audit.budget import Amount
from assay.audit.comparison import CRITERIA, Sum, own_sum
from assay.audit.days import day_words
from assay_web.queries.planning import quote_of
from assay_web.records.auditor import ONLY, Auditor, Comparison, Firm, Known, PeerReview


@dataclass(frozen=True, slots=True)
class Compared:
    """A firm with the company's own sum."""

    firm: Firm
    sum: Sum
    chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the sheet: what, and each firm's answer in the order of the sheet."""

    what: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The firms that are compared, what is known of each, the company's own scores with their weights, and the one that was chosen."""

    comparison: Comparison | None
    chosen: Auditor | None
    firms: tuple[Compared, ...]
    facts: tuple[Row, ...]
    scores: tuple[tuple[int, Row], ...]

    @property
    def by_sum(self) -> bool:
        return self.comparison is not None and self.comparison.order == "sum"


def chosen() -> Auditor | None:
    """Give the choice of a firm; None before the first."""
    return Auditor.objects.select_related("firm", "changed_by").filter(pk=ONLY).first()


def sheet() -> Sheet:
    """Give the comparison: by name, or by the company's own sum where it asked for that order."""
    comparison = Comparison.objects.filter(pk=ONLY).first()
    weights = comparison.weights if comparison else {}
    choice = chosen()
    firms = [
        Compared(one, own_sum(one.scores, weights), choice is not None and choice.firm_id == one.pk)
        for one in Firm.objects.filter(ended__isnull=True).order_by("name", "pk")
    ]
    if comparison is not None and comparison.order == "sum":
        firms.sort(key=lambda one: -one.sum.points)
    facts = tuple(Row(what, tuple(say(one.firm) for one in firms)) for what, say in _FACTS.items())
    scores = tuple(
        (weights.get(key, 1), Row(label, tuple(str(one.firm.scores.get(key, "–")) for one in firms)))
        for key, label in CRITERIA.items()
    )
    return Sheet(comparison, choice, tuple(firms), facts, scores)


def needs(firm: Firm) -> list[str]:
    """Say what has to be looked up or answered before the firm can be engaged."""
    found = []
    if not firm.licence_number or firm.licence_seen is None:
        found.append("Its licence was not looked up yet: only a licensed CPA firm may issue the report.")
    if firm.enrolled == Known.UNKNOWN or firm.peer_review == PeerReview.UNKNOWN:
        found.append("Its peer review was not looked up yet.")
    if firm.enrolled == Known.NO:
        found.append("It is not enrolled in peer review: ask how its state allows it to issue the report.")
    if firm.peer_review in {PeerReview.FAIL, PeerReview.DEFICIENCIES}:
        found.append(
            f"Its peer review reads “{firm.get_peer_review_display()}”: ask what was found and what changed."
        )
    if firm.other_services and not firm.safeguards:
        found.append("It sells you other services, and no safeguard of its independence is named.")
    return found


def _licence(firm: Firm) -> str:
    seen = f", looked up {day_words(firm.licence_seen)}" if firm.licence_seen else ", not looked up"
    return (
        f"{firm.licence_state} {firm.licence_number}".strip() + seen if firm.licence_number else "not known"
    )


def _review(firm: Firm) -> str:
    dated = f", {day_words(firm.peer_review_dated)}" if firm.peer_review_dated else ""
    return f"{firm.get_peer_review_display()}{dated}; enrolled: {firm.get_enrolled_display().lower()}"


def _price(firm: Firm) -> str:
    quote = quote_of(firm)
    return "no quote" if quote is None else Amount(*quote).words(firm.currency)


_FACTS: dict[str, Callable[[Firm], str]] = {
    "Licence": _licence,
    "Peer review": _review,
    "Your cloud": lambda one: one.cloud or "not known",
    "Your stack": lambda one: one.stack or "not known",
    "Clients of your size": lambda one: one.get_size_like_ours_display(),
    "Price of one report": _price,
    "Leaves out": lambda one: one.leaves_out or "not said",
    "Timeline": lambda one: one.timeline or "not said",
    "Available from": lambda one: day_words(one.available_from) if one.available_from else "not said",
    "References": lambda one: one.references or "none asked",
    "Other services to you": lambda one: one.other_services or "none named",
    "Safeguards": lambda one: one.safeguards or ("none named" if one.other_services else "none needed"),
}
