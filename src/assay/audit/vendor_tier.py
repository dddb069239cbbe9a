"""The tier of a vendor by the data that it holds, its access to production and whether our promises rest on it; and when its next review is due.

A stated method, so that two people give one vendor the same tier; who thinks otherwise says why, and both are shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from assay.catalogue.questionnaires import Tier


class Access(StrEnum):
    """What a vendor can do in production: nothing, read it, or change or stop it."""

    NONE = "none"
    SEES = "sees"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class Tiered:
    """A tier, and the sentences that gave it."""

    tier: Tier
    because: tuple[str, ...]


MEDIUM_DATA = frozenset(
    {
        "billing-records",
        "contact-details",
        "location",
        "source-code",
        "support-conversations",
        "system-logs",
        "usage-records",
        "worker-records",
    }
)
LOW_DATA = frozenset({"public-information"})
"""Kinds of data by their ids in `setup/data_kinds.yaml`; every other kind, one that this page does not know included, makes a vendor high."""

METHOD = (
    "High: it is a subservice organization, it can change or stop production, or it holds what customers put in, what they sign in with, secrets, copies, "
    "payment, financial, health or other data that harms people or customers when it leaks.",
    "Medium: otherwise, where it can read production, or holds contact details, conversations, usage, billing, logs, source code, places or records of workers.",
    "Low: it holds nothing but public information, and reaches nothing.",
    "A kind of data that the method does not know counts as high.",
)


def tier_of(data_kinds: Collection[str], access: Access, *, needed: bool) -> Tiered:
    """Give the tier of a vendor that holds these kinds of data. `needed`: it is a subservice organization, so our promises rest on its controls."""
    for tier, reasons in (
        (Tier.HIGH, tuple(_high(data_kinds, access, needed))),
        (Tier.MEDIUM, tuple(_medium(data_kinds, access))),
    ):
        if reasons:
            return Tiered(tier, reasons)
    return Tiered(Tier.LOW, ("It holds no data but public information, and reaches nothing in production.",))


def _high(data_kinds: Collection[str], access: Access, needed: bool) -> Iterator[str]:
    if needed:
        yield "Our promises rest on its controls: it is a subservice organization."
    if access is Access.CHANGES:
        yield "It can change or stop production."
    if held := sorted(set(data_kinds) - MEDIUM_DATA - LOW_DATA):
        yield f"It holds {_listed(held)}."


def _medium(data_kinds: Collection[str], access: Access) -> Iterator[str]:
    if access is Access.SEES:
        yield "It can read production."
    if held := sorted(MEDIUM_DATA.intersection(data_kinds)):
        yield f"It holds {_listed(held)}."


def _listed(kinds: list[str]) -> str:
    return ", ".join(one.replace("-", " ") for one in kinds)


def review_due(last: date | None, days: int, since: date) -> date:
    """Give the day by which a vendor in use is to be reviewed: `days` after the last review, or at once, `since` it was entered, where there was none."""
    return since if last is None else last + timedelta(days=days)
