"""What could happen, what is done about it, and the yearly assessment that looks at all of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from assay.audit.risk import Rated, Rating, Treatment, rating
from assay_web.records.accounts import Account
from assay_web.records.registers import Line


class RiskCategory(models.TextChoices):
    """What a risk is about; the words of the catalogue."""

    SECURITY = "security", "Security"
    AVAILABILITY = "availability", "Availability"
    CONFIDENTIALITY = "confidentiality", "Confidentiality"
    PROCESSING = "processing", "Processing"
    PRIVACY = "privacy", "Privacy"
    VENDOR = "vendor", "Vendors"
    PEOPLE = "people", "People"
    FRAUD = "fraud", "Fraud"
    CHANGE = "change", "Change"
    LEGAL = "legal", "Law and contracts"


class TreatmentChoice(models.TextChoices):
    """What is done about a risk."""

    MITIGATE = "mitigate", "Mitigate: controls make it less likely or less bad"
    TRANSFER = "transfer", "Transfer: insurance or a contract carries it"
    AVOID = "avoid", "Avoid: what causes it is stopped"
    ACCEPT = "accept", "Accept: the company lives with it"


class Risk(Line):
    """A risk of the register. `origin` is the starting risk that it came from; a rating that nobody gave yet is null.

    An acceptance holds what it was given for: `accepted_as` is the rating then, so that a risk rated anew is no longer accepted.
    """

    PREFIX = "R"
    END = "closed"
    SAYS = (
        "what",
        "cause",
        "hits",
        "category",
        "owner",
        "likelihood",
        "impact",
        "treatment",
        "plan",
        "due",
        "controls",
        "residual_likelihood",
        "residual_impact",
        "commitments",
        "origin",
    )

    what = models.CharField(max_length=200)
    cause = models.TextField(max_length=2_000, blank=True)
    hits = models.CharField(max_length=400, blank=True)
    category = models.CharField(max_length=16, choices=RiskCategory.choices)
    owner = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    likelihood = models.PositiveSmallIntegerField(null=True)
    impact = models.PositiveSmallIntegerField(null=True)
    treatment = models.CharField(max_length=8, choices=TreatmentChoice.choices, blank=True)
    plan = models.TextField(max_length=2_000, blank=True)
    due = models.DateField(null=True)
    controls = models.JSONField(default=list)
    residual_likelihood = models.PositiveSmallIntegerField(null=True)
    residual_impact = models.PositiveSmallIntegerField(null=True)
    commitments = models.JSONField(default=list)
    origin = models.CharField(max_length=60, blank=True)
    accepted = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_as = models.JSONField(default=list)
    accepted_until = models.DateField(null=True)
    accepted_alone = models.BooleanField(default=False)

    class Meta(Line.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.CheckConstraint(condition=Q(category__in=RiskCategory.values), name="risk_category_known"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (1, 5)}),
                    name=f"risk_{name}_in_scale",
                )
                for name in ("likelihood", "impact", "residual_likelihood", "residual_impact")
            ),
        ]

    @property
    def inherent(self) -> Rating | None:
        return rating(self.likelihood, self.impact)

    @property
    def residual(self) -> Rating | None:
        return rating(self.residual_likelihood, self.residual_impact)

    @property
    def rated(self) -> Rated:
        """The risk as the method sees it; an acceptance of another rating is none."""
        found = self.residual
        holds = found is not None and self.accepted_as == [found.likelihood, found.impact]
        return Rated(
            str(self),
            self.inherent,
            found,
            Treatment(self.treatment) if self.treatment else None,
            tuple(self.controls),
            self.owner_id is not None,
            self.accepted_until if holds else None,
        )


class AssessmentState(models.TextChoices):
    """How far an assessment is. Approved ones are frozen."""

    BEGUN = "begun", "Being worked through"
    PREPARED = "prepared", "Waiting for approval"
    APPROVED = "approved", "Approved"


class Assessment(Line):
    """A risk assessment. Its approval freezes it: `lines` are the risks as they stood, `root` the root (RFC 6962) over them. `alone` as in acceptances."""

    PREFIX = "RA"
    END = "approved"
    SAYS = ("title", "first", "last", "people", "roles", "fraud", "change_said", "remarks")

    title = models.CharField(max_length=200)
    first = models.DateField()
    last = models.DateField()
    people = models.PositiveSmallIntegerField(null=True)
    roles = models.CharField(max_length=400, blank=True)
    fraud = models.TextField(max_length=4_000, blank=True)
    change_said = models.TextField(max_length=4_000, blank=True)
    remarks = models.TextField(max_length=4_000, blank=True)
    state = models.CharField(max_length=8, choices=AssessmentState.choices, default=AssessmentState.BEGUN)
    prepared_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    prepared = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    alone = models.BooleanField(default=False)
    makes_up = models.CharField(max_length=400, blank=True)
    lines = models.JSONField(default=list)
    root = models.CharField(max_length=64, blank=True)
    evidence = models.BigIntegerField(null=True)

    class Meta(Line.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state__in=AssessmentState.values), name="assessment_state_known"
            ),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="assessment_period_forward"),
            models.CheckConstraint(
                condition=~Q(state=AssessmentState.APPROVED)
                | (Q(approved_by__isnull=False) & Q(ended__isnull=False) & ~Q(root="")),
                name="assessment_approved_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state=AssessmentState.APPROVED)
                | ~Q(approved_by=F("prepared_by"))
                | Q(alone=True),
                name="assessment_approved_by_another",
            ),
        ]
