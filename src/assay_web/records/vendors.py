"""Vendors: what each is to us, the reports that it handed over with what they except and expect, our reviews, and what is no vendor after all."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from assay.audit.vendor_assurance import ReportKind
from assay.audit.vendor_tier import Access
from assay.catalogue.questionnaires import Tier
from assay_web.records.accounts import Account
from assay_web.records.registers import Line


class Stage(models.TextChoices):
    """Whether we use it yet."""

    CONSIDERED = "considered", "Considered"
    IN_USE = "in_use", "In use"


class Bond(models.TextChoices):
    """What a vendor is to the system, and by which method the description treats it."""

    VENDOR = "vendor", "Plain vendor"
    CARVE_OUT = "carve_out", "Subservice organization, carve-out"
    INCLUSIVE = "inclusive", "Subservice organization, inclusive"


ACCESSES = [
    (Access.NONE.value, "None"),
    (Access.SEES.value, "Can read production"),
    (Access.CHANGES.value, "Can change or stop production"),
]
TIERS = [(Tier.HIGH.value, "High"), (Tier.MEDIUM.value, "Medium"), (Tier.LOW.value, "Low")]
KINDS = [
    (ReportKind.SOC2_TYPE_2.value, "SOC 2 Type II"),
    (ReportKind.SOC2_TYPE_1.value, "SOC 2 Type I"),
    (ReportKind.SOC1_TYPE_2.value, "SOC 1 Type II"),
    (ReportKind.SOC1_TYPE_1.value, "SOC 1 Type I"),
    (ReportKind.SOC3.value, "SOC 3"),
    (ReportKind.ISO27001.value, "ISO/IEC 27001 certificate"),
    (ReportKind.OTHER.value, "Other report"),
]


class Opinion(models.TextChoices):
    """The opinion as the report says it."""

    UNQUALIFIED = "unqualified", "Unqualified"
    QUALIFIED = "qualified", "Qualified"
    ADVERSE = "adverse", "Adverse"
    DISCLAIMER = "disclaimer", "Disclaimer of opinion"
    NONE = "none", "It gives no opinion"


class Bearing(models.TextChoices):
    """What an exception means for us."""

    NO = "no", "Does not bear on us"
    MITIGATED = "mitigated", "Bears on us, and something of ours makes up for it"
    OPEN = "open", "Bears on us, and something is to be done"


class Conclusion(models.TextChoices):
    """What a review came to."""

    KEEP = "keep", "Keep it"
    CONDITIONS = "conditions", "Keep it, with conditions"
    REPLACE = "replace", "Replace it"


class VendorManager(models.Manager["Vendor"]):
    """Vendors with what their pages show of them, in a fixed number of queries."""

    def get_queryset(self) -> models.QuerySet[Vendor]:
        return super().get_queryset().prefetch_related("reviews__by", "reports")


class ReportManager(models.Manager["VendorReport"]):
    """Reports with what they except and expect, in a fixed number of queries."""

    def get_queryset(self) -> models.QuerySet[VendorReport]:
        return super().get_queryset().prefetch_related("exceptions", "expected")


class Vendor(Line):
    """A company that does something for us. `shown_by` are the things by which sources show it; `leaving` is when off-boarding began, `steps` what was done of it.

    `seen` is set by queries, for pages: its tier, reviews and what is missing.
    """

    PREFIX = "V"
    SAYS = (
        "name",
        "does",
        "website",
        "owner",
        "contact_email",
        "contact_name",
        "stage",
        "data_kinds",
        "access",
        "set_tier",
        "why_tier",
        "bond",
        "why_bond",
        "expected_controls",
        "contract_date",
        "renewal",
        "notice_days",
        "agreements",
        "subprocessors",
    )
    PERSON = ("contact_email", "contact_name")

    objects = VendorManager()
    seen: Any

    name = models.CharField(max_length=200)
    does = models.CharField(max_length=400)
    website = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    contact_email = models.CharField(max_length=254, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.IN_USE)
    data_kinds = models.JSONField(default=list)
    access = models.CharField(max_length=8, choices=ACCESSES, default=Access.NONE.value)
    set_tier = models.CharField(max_length=8, choices=TIERS, blank=True)
    why_tier = models.CharField(max_length=400, blank=True)
    bond = models.CharField(max_length=12, choices=Bond.choices, default=Bond.VENDOR)
    why_bond = models.CharField(max_length=400, blank=True)
    expected_controls = models.TextField(max_length=4_000, blank=True)
    contract_date = models.DateField(null=True)
    renewal = models.DateField(null=True)
    notice_days = models.PositiveSmallIntegerField(null=True)
    agreements = models.TextField(max_length=2_000, blank=True)
    subprocessors = models.TextField(max_length=4_000, blank=True)
    shown_by = models.JSONField(default=list)
    leaving = models.DateTimeField(null=True)
    why_leaving = models.CharField(max_length=400, blank=True)
    steps = models.JSONField(default=dict)

    class Meta(Line.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="vendor_stage_known"),
            models.CheckConstraint(condition=Q(bond__in=Bond.values), name="vendor_bond_known"),
            models.CheckConstraint(
                condition=Q(set_tier="") | (Q(set_tier__in=[one for one, _ in TIERS]) & ~Q(why_tier="")),
                name="vendor_own_tier_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(bond=Bond.VENDOR) | ~Q(why_bond=""), name="vendor_subservice_with_reason"
            ),
        ]

    @property
    def is_subservice(self) -> bool:
        return self.bond != Bond.VENDOR

    @property
    def stands(self) -> str:
        """Its state in words."""
        if self.ended is not None:
            return "ended"
        return "being off-boarded" if self.leaving is not None else self.get_stage_display().lower()

    @property
    def is_used(self) -> bool:
        """True for what holds our data or reaches us: in use, or on its way out."""
        return self.ended is None and (self.stage == Stage.IN_USE or self.leaving is not None)


class VendorReport(Line):
    """A report that a vendor handed over, as its reader wrote it down. `ends` is the last day of its period, its date, or the last day of validity."""

    PREFIX = "VR"
    END = "set_aside"
    SAYS = (
        "vendor",
        "kind",
        "title",
        "issuer",
        "starts",
        "ends",
        "opinion",
        "opinion_says",
        "bridge_until",
        "bridge_says",
        "below",
        "none_excepted",
        "none_expected",
        "kept_at",
    )

    objects = ReportManager()

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=12, choices=KINDS)
    title = models.CharField(max_length=200, blank=True)
    issuer = models.CharField(max_length=200)
    starts = models.DateField(null=True)
    ends = models.DateField()
    opinion = models.CharField(max_length=12, choices=Opinion.choices)
    opinion_says = models.CharField(max_length=400, blank=True)
    bridge_until = models.DateField(null=True)
    bridge_says = models.CharField(max_length=400, blank=True)
    below = models.TextField(max_length=4_000, blank=True)
    none_excepted = models.BooleanField(default=False)
    none_expected = models.BooleanField(default=False)
    kept_at = models.CharField(max_length=300, blank=True)

    class Meta(Line.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.CheckConstraint(condition=Q(opinion__in=Opinion.values), name="report_opinion_known"),
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(starts__lte=models.F("ends")),
                name="report_period_forward",
            ),
        ]

    @classmethod
    def register(cls) -> str:
        return "vendor_report"

    @property
    def name(self) -> str:
        """What it goes by: its kind, or its own title."""
        return self.title or self.get_kind_display()


class VendorException(Line):
    """An exception noted in a report, and what it means for us; `bearing` is empty until it was judged."""

    PREFIX = "VX"
    SAYS = ("report", "text", "bearing", "judgement")

    report = models.ForeignKey(VendorReport, on_delete=models.PROTECT, related_name="exceptions")
    text = models.TextField(max_length=2_000)
    bearing = models.CharField(max_length=12, choices=Bearing.choices, blank=True)
    judgement = models.TextField(max_length=2_000, blank=True)

    class Meta(Line.Meta):
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.CheckConstraint(
                condition=Q(bearing="") | (Q(bearing__in=Bearing.values) & ~Q(judgement="")),
                name="exception_judged_with_words",
            ),
        ]

    @classmethod
    def register(cls) -> str:
        return "vendor_exception"

    @property
    def is_open(self) -> bool:
        return not self.bearing


class ExpectedControl(Line):
    """A complementary user-entity control: what a report expects its customers to do, mapped to controls of ours or said not to be relevant."""

    PREFIX = "VC"
    SAYS = ("report", "text", "controls", "not_relevant")

    report = models.ForeignKey(VendorReport, on_delete=models.PROTECT, related_name="expected")
    text = models.TextField(max_length=2_000)
    controls = models.JSONField(default=list)
    not_relevant = models.CharField(max_length=400, blank=True)

    class Meta(Line.Meta):
        ordering: ClassVar[list[str]] = ["pk"]

    @classmethod
    def register(cls) -> str:
        return "expected_control"

    @property
    def is_open(self) -> bool:
        return not self.controls and not self.not_relevant


class VendorReview(models.Model):
    """A signed review of a vendor. Never changed: the next one stands beside it. `entry` is its act, `evidence` what it added for a control of ours."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="reviews")
    report = models.ForeignKey(VendorReport, null=True, on_delete=models.PROTECT, related_name="reviews")
    on = models.DateField()
    starts = models.DateField()
    ends = models.DateField()
    tier = models.CharField(max_length=8, choices=TIERS)
    questionnaire = models.CharField(max_length=80)
    answers = models.JSONField()
    conclusion = models.CharField(max_length=12, choices=Conclusion.choices)
    says = models.TextField(max_length=4_000)
    conditions = models.JSONField(default=list)
    tasks = models.JSONField(default=list)
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    control = models.CharField(max_length=12, blank=True)
    evidence = models.BigIntegerField(null=True)
    entry = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-on", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(conclusion__in=Conclusion.values), name="vendor_review_concluded"
            ),
            models.CheckConstraint(condition=Q(starts__lte=models.F("ends")), name="vendor_review_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.vendor} {self.on}"


class NotVendor(Line):
    """Something that sources show and that is no vendor, because. Taking the end of it back is asking again."""

    PREFIX = "NV"
    END = "asked_again"
    SAYS = ("key", "name", "why")

    key = models.CharField(max_length=300)
    name = models.CharField(max_length=200)
    why = models.CharField(max_length=400)

    class Meta(Line.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.UniqueConstraint(
                fields=["key"], condition=Q(ended__isnull=True), name="not_vendor_said_once"
            ),
        ]

    @classmethod
    def register(cls) -> str:
        return "not_vendor"
