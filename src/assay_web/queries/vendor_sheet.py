"""The sheet for the system description: subservice organizations with method and expected controls, and what reports expect of us, mapped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assay.documents.cells import Cell
from assay_web.queries.vendors import see
from assay_web.records.vendors import ExpectedControl, Vendor, VendorReport

SUBSERVICE_HEADS = (
    "id",
    "subservice organization",
    "services",
    "method",
    "why",
    "controls expected of it",
    "report",
    "speaks up to",
    "last reviewed",
)
EXPECTED_HEADS = ("id", "vendor", "report", "expected of us", "our controls", "not relevant because")


@dataclass(frozen=True, slots=True)
class Expectation:
    """A user control that a vendor's report expects, with the vendor and the report."""

    vendor: Vendor
    report: VendorReport
    control: ExpectedControl


@dataclass(frozen=True, slots=True)
class Sheet:
    """Subservice organizations in force, and every user control that reports of vendors expect."""

    organizations: tuple[Vendor, ...]
    expected: tuple[Expectation, ...]

    @property
    def unmapped(self) -> int:
        return sum(one.control.is_open for one in self.expected)


def sheet() -> Sheet:
    """Give the sheet as the register stands; plain vendors count for what their reports expect, too."""
    held = [one for one in Vendor.objects.filter(ended__isnull=True).order_by("name", "pk") if one.is_used]
    see(held)
    expected = tuple(
        Expectation(vendor, report, control)
        for vendor in held
        for report in vendor.reports.all()
        if report.ended is None
        for control in report.expected.all()
        if control.ended is None
    )
    return Sheet(tuple(one for one in held if one.is_subservice), expected)


def subservice_rows(found: Sheet) -> Iterator[tuple[Cell, ...]]:
    """Give the organizations as rows under SUBSERVICE_HEADS."""
    for one in found.organizations:
        seen = one.seen
        yield (
            str(one),
            one.name,
            one.does,
            "carve-out" if one.bond == "carve_out" else "inclusive",
            one.why_bond,
            one.expected_controls,
            "" if seen.report is None else seen.report.name,
            "" if seen.assurance is None else seen.assurance.speaks_until.isoformat(),
            "" if seen.last is None else seen.last.on.isoformat(),
        )


def expected_rows(found: Sheet) -> Iterator[tuple[Cell, ...]]:
    """Give what is expected of us as rows under EXPECTED_HEADS."""
    for one in found.expected:
        yield (
            str(one.control),
            one.vendor.name,
            one.report.name,
            one.control.text,
            ", ".join(one.control.controls),
            one.control.not_relevant,
        )
