"""What a company plans of its audit: the plan and the budget, the firms that it compares, the one it chose, its request for proposal.

All but the firms are one line each: the plan, the budget, the choice of a firm.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from assay.audit.plan import Route
from assay_web.records.registers import Line

ONLY = 1
"""The number of the one line, where there is one alone."""
ROUTES = [
    (Route.TYPE_1_THEN_2.value, "Type I, then Type II"),
    (Route.TYPE_1.value, "Type I alone"),
    (Route.TYPE_2.value, "Straight to Type II"),
]


class Plan(Line):
    """Which reports, from when on, and the company's own lengths; None where the usual range stands. Without `begins` preparation begins today."""

    PREFIX = "PL"
    SAYS = (
        "route",
        "begins",
        "preparation_months",
        "choosing_weeks",
        "audit_weeks",
        "period_months",
        "review_weeks",
    )

    route = models.CharField(max_length=16, choices=ROUTES, default=Route.TYPE_1_THEN_2.value)
    begins = models.DateField(null=True)
    preparation_months = models.PositiveSmallIntegerField(null=True)
    choosing_weeks = models.PositiveSmallIntegerField(null=True)
    audit_weeks = models.PositiveSmallIntegerField(null=True)
    period_months = models.PositiveSmallIntegerField(null=True)
    review_weeks = models.PositiveSmallIntegerField(null=True)

    class Meta(Line.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.CheckConstraint(condition=Q(id=ONLY), name="plan_is_one"),
            models.CheckConstraint(
                condition=Q(route__in=[value for value, _ in ROUTES]), name="plan_route_known"
            ),
        ]


class Budget(Line):
    """What the company gave for its budget, in whole units of one currency; each pair is the least and the most, None where it is not known."""

    PREFIX = "BU"
    SAYS = (
        "currency",
        "fee_least",
        "fee_most",
        "hours_least",
        "hours_most",
        "hourly_least",
        "hourly_most",
        "tools_least",
        "tools_most",
        "testing_least",
        "testing_most",
    )

    currency = models.CharField(max_length=3, default="USD")
    fee_least = models.PositiveIntegerField(null=True)
    fee_most = models.PositiveIntegerField(null=True)
    hours_least = models.PositiveIntegerField(null=True)
    hours_most = models.PositiveIntegerField(null=True)
    hourly_least = models.PositiveIntegerField(null=True)
    hourly_most = models.PositiveIntegerField(null=True)
    tools_least = models.PositiveIntegerField(null=True)
    tools_most = models.PositiveIntegerField(null=True)
    testing_least = models.PositiveIntegerField(null=True)
    testing_most = models.PositiveIntegerField(null=True)

    class Meta(Line.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.CheckConstraint(condition=Q(id=ONLY), name="budget_is_one"),
        ]


class PeerReview(models.TextChoices):
    """The result of a firm's peer review (the AICPA's three), or why there is none."""

    UNKNOWN = "unknown", "Not looked up yet"
    CLEAN = "pass", "Pass"
    DEFICIENCIES = "deficiencies", "Pass with deficiencies"
    FAIL = "fail", "Fail"
    NONE = "none", "None yet"


class Known(models.TextChoices):
    """An answer that may not be known yet."""

    UNKNOWN = "unknown", "Not looked up yet"
    YES = "yes", "Yes"
    NO = "no", "No"


class Firm(Line):
    """A CPA firm as the company compares it. `scores` are the company's own, 0 to 5 by criterion; a contact is a person.

    What a firm offered and what the company thinks of it stays out of acts: the auditor, one of these firms, reads the ledger.
    """

    PREFIX = "F"
    SAYS = (
        "name",
        "licence_state",
        "licence_number",
        "licence_seen",
        "enrolled",
        "peer_review",
        "peer_review_dated",
        "cloud",
        "stack",
        "size_like_ours",
        "currency",
        "price_least",
        "price_most",
        "leaves_out",
        "timeline",
        "available_from",
        "references",
        "other_services",
        "safeguards",
        "contact_email",
        "contact_name",
        "notes",
    )
    PERSON = ("contact_email", "contact_name")
    UNTOLD = (
        "currency",
        "price_least",
        "price_most",
        "leaves_out",
        "timeline",
        "available_from",
        "references",
        "notes",
    )

    name = models.CharField(max_length=200)
    licence_state = models.CharField(max_length=60, blank=True)
    licence_number = models.CharField(max_length=60, blank=True)
    licence_seen = models.DateField(null=True)
    enrolled = models.CharField(max_length=8, choices=Known.choices, default=Known.UNKNOWN)
    peer_review = models.CharField(max_length=12, choices=PeerReview.choices, default=PeerReview.UNKNOWN)
    peer_review_dated = models.DateField(null=True)
    cloud = models.CharField(max_length=300, blank=True)
    stack = models.CharField(max_length=300, blank=True)
    size_like_ours = models.CharField(max_length=8, choices=Known.choices, default=Known.UNKNOWN)
    currency = models.CharField(max_length=3, default="USD")
    price_least = models.PositiveIntegerField(null=True)
    price_most = models.PositiveIntegerField(null=True)
    leaves_out = models.CharField(max_length=400, blank=True)
    timeline = models.CharField(max_length=300, blank=True)
    available_from = models.DateField(null=True)
    references = models.CharField(max_length=400, blank=True)
    other_services = models.CharField(max_length=400, blank=True)
    safeguards = models.CharField(max_length=400, blank=True)
    contact_email = models.EmailField(max_length=254, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    notes = models.TextField(max_length=2_000, blank=True)
    scores = models.JSONField(default=dict)

    class Meta(Line.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.CheckConstraint(
                condition=Q(peer_review__in=PeerReview.values), name="firm_peer_review_known"
            ),
            models.CheckConstraint(condition=Q(enrolled__in=Known.values), name="firm_enrolment_known"),
            models.CheckConstraint(condition=Q(size_like_ours__in=Known.values), name="firm_size_known"),
        ]


class Comparison(Line):
    """How much each criterion counts for the company, 0 to 5, and whether firms stand by name or by the company's own sum."""

    PREFIX = "CO"
    SAYS = ("weights", "order")

    weights = models.JSONField(default=dict)
    order = models.CharField(
        max_length=8, choices=[("name", "By name"), ("sum", "By your own sum")], default="name"
    )

    class Meta(Line.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.CheckConstraint(condition=Q(id=ONLY), name="comparison_is_one"),
        ]


class Auditor(Line):
    """The firm that the company chose, and why."""

    PREFIX = "AU"
    SAYS = ("firm", "why")

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=1_000)

    class Meta(Line.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.CheckConstraint(condition=Q(id=ONLY), name="auditor_is_one"),
        ]


class Proposal(Line):
    """What a request for proposal says that the home does not hold."""

    PREFIX = "RP"
    SAYS = (
        "reply_by",
        "legal_name",
        "customers",
        "locations",
        "hosting",
        "history",
        "questions",
        "contact_email",
        "contact_name",
    )
    PERSON = ("contact_email", "contact_name")

    reply_by = models.DateField(null=True)
    legal_name = models.CharField(max_length=200, blank=True)
    customers = models.CharField(max_length=400, blank=True)
    locations = models.CharField(max_length=400, blank=True)
    hosting = models.CharField(max_length=400, blank=True)
    history = models.CharField(max_length=400, blank=True)
    questions = models.TextField(max_length=4_000, blank=True)
    contact_email = models.EmailField(max_length=254, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)

    class Meta(Line.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.CheckConstraint(condition=Q(id=ONLY), name="proposal_is_one"),
        ]
