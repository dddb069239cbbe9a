"""What a vendor's report speaks for, and for how long nothing speaks: periods, bridge letters and validity, in days.

A SOC report speaks for its period, a Type I report for one day, a certificate while it is valid; a letter of the vendor's management bridges some days
more and is no audit. audit-practice.md, B6 and B7.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assay.wording import counted

BRIDGE_USUAL_DAYS = 92
"""About three months: what a bridge letter usually covers at most."""
STALE_DAYS = 366
"""A report whose period ended longer ago is old for its readers."""


class ReportKind(StrEnum):
    """What was handed over."""

    SOC2_TYPE_2 = "soc2_type2"
    SOC2_TYPE_1 = "soc2_type1"
    SOC1_TYPE_2 = "soc1_type2"
    SOC1_TYPE_1 = "soc1_type1"
    SOC3 = "soc3"
    ISO27001 = "iso27001"
    OTHER = "other"

    @property
    def is_dated(self) -> bool:
        """True for what speaks for one day alone."""
        return self in (ReportKind.SOC2_TYPE_1, ReportKind.SOC1_TYPE_1)

    @property
    def is_validity(self) -> bool:
        """True for what is valid until a day, which may be still to come."""
        return self is ReportKind.ISO27001


@dataclass(frozen=True, slots=True)
class Assurance:
    """A report: its kind, the first and last day for which it speaks, both included, and the last day that a bridge letter speaks for."""

    kind: ReportKind
    start: date | None
    end: date
    bridge_until: date | None = None

    @property
    def speaks_until(self) -> date:
        """The last day for which the report, or the letter after it, speaks."""
        return max(self.end, self.bridge_until or self.end)

    def gap_days(self, today: date) -> int:
        """Give how many days up to `today` nothing speaks for."""
        return max(0, (today - self.speaks_until).days)

    def says(self, today: date) -> str:
        """Say up to when it speaks, and what lies between that and `today`."""
        gap = self.gap_days(today)
        if self.kind.is_validity:
            until = f"Valid until {_day(self.end)}"
            return f"{until}." if not gap else f"{until}, which was {counted(gap, 'day')} ago."
        spoken = (
            f"Speaks for {_day(self.end)} alone" if self.kind.is_dated else f"Covers up to {_day(self.end)}"
        )
        if self.bridge_until is not None and self.bridge_until > self.end:
            spoken += f", then a letter of the vendor’s management up to {_day(self.bridge_until)}, which no auditor examined"
        return f"{spoken}. {_gap(gap)}" if gap else f"{spoken}."

    def remarks(self, today: date) -> tuple[str, ...]:
        """Give what its reader should ask for next."""
        said = []
        if not self.kind.is_validity and (today - self.end).days > STALE_DAYS:
            said.append("Its period ended more than a year ago; ask for the newer report.")
        elif not self.kind.is_validity and self.gap_days(today) > 0 and self.bridge_until is None:
            said.append("Ask for a bridge letter, or for the newer report.")
        if self.bridge_until is not None and (self.bridge_until - self.end).days > BRIDGE_USUAL_DAYS:
            said.append(
                "The bridge letter spans more than about three months, which auditors seldom rest on."
            )
        return tuple(said)


def _gap(days: int) -> str:
    return (
        f"Nothing speaks for the {counted(days, 'day')} since."
        if days > 1
        else "Nothing speaks for the day since."
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
