"""Vendors as pages show them: the tier and what gave it, the last review and when the next is due, what their reports speak for, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from assay.audit.vendor_assurance import Assurance, ReportKind
from assay.audit.vendor_names import name_key
from assay.audit.vendor_tier import Access, Tiered, review_due, tier_of
from assay.catalogue import Scope, load_setup
from assay.catalogue.questionnaires import Tier
from assay.wording import counted
from assay_web.home import current_home
from assay_web.queries.parameters import in_force
from assay_web.queries.scoping import scope_in_force
from assay_web.records.vendors import Conclusion, Vendor, VendorReport, VendorReview

DAYS_OF = {
    Tier.HIGH: "vendor_review_days_high",
    Tier.MEDIUM: "vendor_review_days_medium",
    Tier.LOW: "vendor_review_days_low",
}
"""The parameter that says how often a vendor of a tier is reviewed."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What pages say of a vendor: by the method and as set, reviews, the report that speaks longest, and what is missing, a sentence each.

    `due` is None for what is not reviewed any more or not yet in use.
    """

    tiered: Tiered
    tier: Tier
    days: int
    last: VendorReview | None
    due: date | None
    report: VendorReport | None
    missing: tuple[str, ...]
    today: date

    @property
    def is_overdue(self) -> bool:
        return self.due is not None and (self.last is None or self.due < self.today)

    @property
    def assurance(self) -> Assurance | None:
        return None if self.report is None else assurance_of(self.report)

    @property
    def report_says(self) -> str:
        """Say up to when the report speaks."""
        found = self.assurance
        return "" if found is None else found.says(self.today)


def see(vendors: Iterable[Vendor]) -> None:
    """Set `seen` on each vendor, with one look at parameters and scope for all."""
    values, today = in_force(), timezone.localdate()
    days = {tier: int(values[name]) for tier, name in DAYS_OF.items()}
    named = _in_scope()
    for one in vendors:
        one.seen = _seen(one, days, today, named)


def _seen(vendor: Vendor, days: Mapping[Tier, int], today: date, named: frozenset[str] | None) -> Seen:
    tiered = tiered_of(vendor)
    tier = Tier(vendor.set_tier) if vendor.set_tier else tiered.tier
    last = next(iter(vendor.reviews.all()), None)
    due = None
    if vendor.is_used and vendor.leaving is None:
        entered = timezone.localdate(vendor.changed) if last is None else today
        due = review_due(None if last is None else last.on, days[tier], entered)
    report = newest_report(vendor)
    missing = tuple(_missing(vendor, tier, last, due, report, today, named)) if vendor.ended is None else ()
    return Seen(tiered, tier, days[tier], last, due, report, missing, today)


def tiered_of(vendor: Vendor) -> Tiered:
    """Give the tier of a vendor by the method, whatever a person set."""
    return tier_of(vendor.data_kinds, Access(vendor.access), needed=vendor.is_subservice)


def assurance_of(report: VendorReport) -> Assurance:
    """Give a report as the domain reads it."""
    return Assurance(ReportKind(report.kind), report.starts, report.ends, report.bridge_until)


def newest_report(vendor: Vendor) -> VendorReport | None:
    """Give the report that speaks the longest; those set aside do not count."""
    held = [one for one in vendor.reports.all() if one.ended is None]
    return max(held, key=lambda one: (assurance_of(one).speaks_until, one.pk), default=None)


def open_points(report: VendorReport) -> tuple[str, ...]:
    """Say what of a report is not judged yet."""
    excepted = [one for one in report.exceptions.all() if one.ended is None]
    expected = [one for one in report.expected.all() if one.ended is None]
    said = []
    if not excepted and not report.none_excepted:
        said.append("It is not written down whether the report notes exceptions.")
    if left := sum(one.is_open for one in excepted):
        said.append(f"{counted(left, 'exception')} of its report {'is' if left == 1 else 'are'} not judged.")
    if not expected and not report.none_expected:
        said.append("It is not written down what the report expects of its customers.")
    if left := sum(one.is_open for one in expected):
        said.append(
            f"{counted(left, 'user control')} that its report expects {'is' if left == 1 else 'are'} not mapped."
        )
    return tuple(said)


def _missing(
    vendor: Vendor,
    tier: Tier,
    last: VendorReview | None,
    due: date | None,
    report: VendorReport | None,
    today: date,
    named: frozenset[str] | None,
) -> Iterator[str]:
    if vendor.owner_id is None:
        yield "Nobody here owns it."
    if due is not None and last is None:
        yield "It was never reviewed."
    elif due is not None and due < today:
        yield f"Its review is overdue since {_day(due)}."
    if last is not None and last.conclusion == Conclusion.REPLACE and vendor.leaving is None:
        yield "The last review says to replace it, and no off-boarding has begun."
    if tier is Tier.HIGH and report is None:
        yield "No assurance report is on record."
    if report is not None:
        yield from open_points(report)
        yield from assurance_of(report).remarks(today)
    if vendor.is_subservice and not vendor.expected_controls.strip():
        yield "The controls expected of it are not written down."
    if vendor.renewal is not None and vendor.leaving is None:
        yield from _renewal(vendor, today)
    if (
        named is not None
        and vendor.is_used
        and vendor.access != Access.NONE
        and name_key(vendor.name) not in named
    ):
        yield "It reaches production, and the scope does not name it."


def _renewal(vendor: Vendor, today: date) -> Iterator[str]:
    if vendor.renewal is None:
        return
    if vendor.renewal < today:
        yield f"Its renewal date, {_day(vendor.renewal)}, has passed."
    elif vendor.notice_days and (vendor.renewal - today).days <= vendor.notice_days:
        yield f"It renews on {_day(vendor.renewal)}, and the notice of {counted(vendor.notice_days, 'day')} can no longer be kept."


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _in_scope() -> frozenset[str] | None:
    """Give the vendors that the scope names, by the keys of their names; None where there is no scope."""
    setting = scope_in_force()
    if setting is None:
        return None
    return frozenset(map(name_key, scope_names(Scope.from_object(setting.value))))


def scope_names(scope: Scope) -> tuple[str, ...]:
    """Give the names of the vendors that a scope states, as vendors or as carved out."""
    stated = scope.boundary.vendors if scope.boundary is not None else ()
    return tuple(dict.fromkeys([*(one.name for one in stated), *(one.provider for one in scope.carve_outs)]))


@dataclass(frozen=True, slots=True)
class Ignored:
    """A vendor of the scope without a review in force: why, and where that is mended."""

    name: str
    why: str
    address: str


def vendors_ignored() -> list[Ignored]:
    """Give the vendors of the scope that have no review in force: not on the register, never reviewed, or overdue. None without a scope."""
    setting = scope_in_force()
    if setting is None:
        return []
    held = {name_key(one.name): one for one in Vendor.objects.filter(ended__isnull=True)}
    see(held.values())
    found = [
        _ignored(name, held.get(name_key(name))) for name in scope_names(Scope.from_object(setting.value))
    ]
    return [one for one in found if one is not None]


def _ignored(name: str, vendor: Vendor | None) -> Ignored | None:
    if vendor is None:
        return Ignored(name, "The scope names it, and the register does not.", reverse("vendors_found"))
    address = reverse("vendors_line", args=[vendor.pk])
    if vendor.seen.last is None:
        return Ignored(name, "It was never reviewed.", address)
    if vendor.seen.is_overdue:
        return Ignored(name, f"Its review is overdue since {_day(vendor.seen.due)}.", address)
    return None


def kinds_in_words(ids: Sequence[str]) -> str:
    """Give kinds of data by their titles."""
    kinds = load_setup(current_home().content).data_kinds
    return ", ".join(kinds[one].title if one in kinds else one for one in ids)


__all__ = [
    "DAYS_OF",
    "Ignored",
    "Seen",
    "assurance_of",
    "kinds_in_words",
    "newest_report",
    "open_points",
    "scope_names",
    "see",
    "tiered_of",
    "vendors_ignored",
]
