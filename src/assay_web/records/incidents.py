"""What happened, from detection to lessons; that nothing happened, said by a person; and rehearsals of what could happen."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from assay_web.records.continuity import RecoveryObjective
from assay_web.records.registers import Line
from assay_web.records.tasks import Task


class IncidentSort(models.TextChoices):
    """Whether it did harm, or could have."""

    INCIDENT = "incident", "Incident"
    NEAR_MISS = "near_miss", "Near miss: it could have done harm and did not"


class Severity(models.IntegerChoices):
    """How bad an incident is, as the response plan defines it; 1 is worst."""

    ONE = 1, "Severity 1: customer data or the whole service is at stake"
    TWO = 2, "Severity 2: it may turn out to be severity 1"
    THREE = 3, "Severity 3: an attack that was stopped"
    FOUR = 4, "Severity 4: a weakness without an attack"


class Notice(models.TextChoices):
    """Whether somebody outside is to be told."""

    OPEN = "", "Not decided yet"
    NEEDED = "needed", "Needed"
    NOT_NEEDED = "not_needed", "Not needed"


TIMES = ("occurred", "detected", "triaged", "begun", "contained", "resolved")
"""The instants of an incident, in the order in which they commonly come."""


class Incident(Line):
    """One incident or near miss. Times are instants; who recorded each is in its history. The reporter is told by name to those who may see people."""

    PREFIX = "I"
    END = "closed"
    SAYS = (
        "title",
        "sort",
        "severity",
        *TIMES,
        "happened",
        "systems",
        "data_touched",
        "customers",
        "reporter",
        "customer_notice",
        "customer_affected",
        "customers_told",
        "authority_notice",
        "authority_aware",
        "authority_told",
        "notice_why",
        "cause",
        "lessons",
        "reviewed",
        "controls",
    )
    PERSON = ("reporter",)

    title = models.CharField(max_length=200)
    sort = models.CharField(max_length=9, choices=IncidentSort.choices, default=IncidentSort.INCIDENT)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices, null=True)
    occurred = models.DateTimeField(null=True)
    detected = models.DateTimeField()
    triaged = models.DateTimeField(null=True)
    begun = models.DateTimeField(null=True)
    contained = models.DateTimeField(null=True)
    resolved = models.DateTimeField(null=True)
    happened = models.TextField(max_length=4_000, blank=True)
    systems = models.CharField(max_length=400, blank=True)
    data_touched = models.CharField(max_length=400, blank=True)
    customers = models.CharField(max_length=400, blank=True)
    reporter = models.CharField(max_length=200, blank=True)
    customer_notice = models.CharField(max_length=10, choices=Notice.choices, blank=True)
    customer_affected = models.DateTimeField(null=True)
    customers_told = models.DateTimeField(null=True)
    authority_notice = models.CharField(max_length=10, choices=Notice.choices, blank=True)
    authority_aware = models.DateTimeField(null=True)
    authority_told = models.DateTimeField(null=True)
    notice_why = models.TextField(max_length=2_000, blank=True)
    cause = models.TextField(max_length=4_000, blank=True)
    lessons = models.TextField(max_length=4_000, blank=True)
    reviewed = models.DateTimeField(null=True)
    controls = models.JSONField(default=list)

    class Meta(Line.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.CheckConstraint(condition=Q(sort__in=IncidentSort.values), name="incident_sort_known"),
            models.CheckConstraint(
                condition=Q(severity__isnull=True) | Q(severity__in=Severity.values),
                name="incident_severity_known",
            ),
        ]


class NilStatement(Line):
    """Somebody states that the log holds no incident of a period: the question asked of the log, its answer, and what the log was compared with."""

    PREFIX = "N"
    END = "withdrawn"
    SAYS = ("first", "last", "query", "count", "compared")

    first = models.DateField()
    last = models.DateField()
    query = models.TextField(max_length=1_000)
    count = models.PositiveIntegerField(default=0)
    compared = models.TextField(max_length=1_000)

    class Meta(Line.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="nil_period_forward"),
            models.CheckConstraint(condition=Q(count=0), name="nil_is_nil"),
        ]


class ExerciseKind(models.TextChoices):
    """What was rehearsed."""

    TABLETOP = "tabletop", "Tabletop: an incident talked through"
    RESTORE = "restore", "Restore: a backup brought back"
    FAILOVER = "failover", "Failover: the service moved"


class Outcome(models.TextChoices):
    """How what happened compares with what was expected."""

    AS_EXPECTED = "as_expected", "As expected"
    PARTLY = "partly", "Partly as expected"
    NOT = "not", "Not as expected"


class Exercise(Line):
    """A rehearsal. Who took part is counted and told by role. Restores and failovers measure hours, to be compared with a system's objectives."""

    PREFIX = "E"
    END = "withdrawn"
    SAYS = (
        "kind",
        "title",
        "held",
        "scenario",
        "people",
        "roles",
        "expected",
        "happened",
        "outcome",
        "lessons",
        "system",
        "recovered_hours",
        "lost_hours",
        "controls",
    )

    kind = models.CharField(max_length=8, choices=ExerciseKind.choices)
    title = models.CharField(max_length=200)
    held = models.DateField()
    scenario = models.TextField(max_length=4_000)
    people = models.PositiveSmallIntegerField()
    roles = models.CharField(max_length=400, blank=True)
    expected = models.TextField(max_length=4_000)
    happened = models.TextField(max_length=4_000)
    outcome = models.CharField(max_length=11, choices=Outcome.choices)
    lessons = models.TextField(max_length=4_000, blank=True)
    system = models.ForeignKey(RecoveryObjective, null=True, on_delete=models.PROTECT, related_name="+")
    recovered_hours = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    lost_hours = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    controls = models.JSONField(default=list)
    evidence = models.BigIntegerField(null=True)

    class Meta(Line.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Line.Meta.constraints,
            models.CheckConstraint(condition=Q(kind__in=ExerciseKind.values), name="exercise_kind_known"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="exercise_outcome_known"),
        ]


class LineTask(models.Model):
    """A task that came from a line of a register: an action out of an incident, an exercise or a risk."""

    register = models.CharField(max_length=24)
    line = models.BigIntegerField()
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="+")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["register", "line"], name="task_of_line")
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.line}: {self.task_id}"
