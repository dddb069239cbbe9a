"""Workers entered by hand, whose accounts are whose, courses with their proofs, and the checklists of joiners, movers and leavers.

Who works here is what the evidence says; these rows hold what no source can. A worker is named by the e-mail address, in lower case.
"""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from assay_web.records.accounts import Account


def new_people_id() -> str:
    """Draw the id of a course, a proof or a checklist."""
    return secrets.token_hex(6)


class WorkerKind(models.TextChoices):
    """What a worker is to the company."""

    EMPLOYEE = "employee", "Employee"
    CONTRACTOR = "contractor", "Contractor"
    ADVISER = "adviser", "Adviser"


class HandWorker(models.Model):
    """A worker whom no HR list names. The evidence is the list that is made of all of them; `version` goes up with every change."""

    email = models.EmailField(max_length=254, unique=True)
    kind = models.CharField(max_length=12, choices=WorkerKind.choices)
    title = models.CharField(max_length=120, blank=True)
    department = models.CharField(max_length=120, blank=True)
    manager = models.EmailField(max_length=254, blank=True)
    started = models.DateField()
    ended = models.DateField(null=True)
    github_login = models.CharField(max_length=64, blank=True)
    aws_user_name = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["email"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(kind__in=WorkerKind.values), name="worker_kind_known"),
        ]

    def __str__(self) -> str:
        return self.email


class MatchKind(models.TextChoices):
    """What a person said that an account is."""

    PERSON = "person", "A worker’s own"
    SERVICE = "service", "A service account"
    SHARED = "shared", "A shared account"


class AccountMatch(models.Model):
    """What an account of a system is, as a person said: whose own, or for whom it is answered. Undone by deleting it, which is an act."""

    system = models.CharField(max_length=120)
    name = models.CharField(max_length=254)
    kind = models.CharField(max_length=8, choices=MatchKind.choices)
    email = models.EmailField(max_length=254)
    reason = models.CharField(max_length=400, blank=True)
    made = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    entry = models.BigIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["system", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["system", "name"], name="account_matched_once"),
            models.CheckConstraint(condition=Q(kind__in=MatchKind.values), name="match_kind_known"),
            models.CheckConstraint(condition=~Q(email=""), name="match_has_a_worker"),
            models.CheckConstraint(
                condition=Q(kind=MatchKind.PERSON) | ~Q(reason=""), name="match_of_nobody_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system}: {self.name}"


class Course(models.Model):
    """A course that workers take: who has to, from which day, and whether again at the company's interval.

    `everyone`, or the `groups` (`department:Engineering`, `kind:contractor`), or those of `CourseWorker`.
    """

    id = models.CharField(primary_key=True, max_length=12, default=new_people_id, editable=False)
    title = models.CharField(max_length=120)
    where = models.CharField(max_length=400)
    controls = models.JSONField(default=list)
    everyone = models.BooleanField(default=False)
    groups = models.JSONField(default=list)
    repeats = models.BooleanField(default=True)
    begins = models.DateField()
    made = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    entry = models.BigIntegerField(default=0)
    retired = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class CourseWorker(models.Model):
    """One worker who was given a course by name, and on which day."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="workers")
    email = models.EmailField(max_length=254)
    assigned = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["course", "email"], name="course_given_once"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.email}"


class CourseProof(models.Model):
    """That a worker finished a course on a day: who says so, in which words, with which file. Taken back, it stays with the reason."""

    id = models.CharField(primary_key=True, max_length=12, default=new_people_id, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="proofs")
    email = models.EmailField(max_length=254)
    finished = models.DateField()
    said = models.CharField(max_length=400)
    attachment = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    bytes = models.BigIntegerField(default=0)
    made = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    entry = models.BigIntegerField(default=0)
    taken_back = models.DateTimeField(null=True)
    why_taken_back = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["email", "finished"], name="proof_by_worker"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(taken_back__isnull=True) | ~Q(why_taken_back=""), name="proof_back_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} on {self.finished}"


class ChecklistKind(models.TextChoices):
    """What happened to the worker."""

    JOINER = "joiner", "Joiner"
    MOVER = "mover", "Mover"
    LEAVER = "leaver", "Leaver"


class ChecklistState(models.TextChoices):
    """How far a checklist is."""

    OPEN = "open", "Open"
    DONE = "done", "Complete"
    DROPPED = "dropped", "Dropped"


class Checklist(models.Model):
    """The steps for one worker who joins, moves or leaves on `day`. `found` says that the list of workers showed it, not a person.

    `since` is the ledger entry of its start: only later looks close its steps. `evidence` are the entries of the evidence that came of it.
    """

    id = models.CharField(primary_key=True, max_length=12, default=new_people_id, editable=False)
    kind = models.CharField(max_length=8, choices=ChecklistKind.choices)
    email = models.EmailField(max_length=254)
    day = models.DateField()
    found = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=ChecklistState.choices, default=ChecklistState.OPEN)
    made = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=64)
    since = models.BigIntegerField(default=0)
    ended = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=64, blank=True)
    ended_entry = models.BigIntegerField(null=True)
    why_dropped = models.CharField(max_length=400, blank=True)
    evidence = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(kind__in=ChecklistKind.values), name="checklist_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=ChecklistState.values), name="checklist_state_known"
            ),
            models.UniqueConstraint(fields=["kind", "email", "day"], name="checklist_once"),
            models.CheckConstraint(
                condition=~Q(state=ChecklistState.DROPPED) | ~Q(why_dropped=""),
                name="checklist_dropped_with_reason",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "day"], name="checklist_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.day}"


class ChecklistStep(models.Model):
    """One step, in the words of the content when the checklist was started, and what showed it: a look, or a person with a note.

    `shown_by` names what of the sources can show it, nothing where only a person can. `conclusion` and `says` are what the look of ledger
    entry `look` showed. `done` is when it was shown or said, `done_on` the day on which, as that person says, it was done.
    """

    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=60)
    place = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=300)
    controls = models.JSONField(default=list)
    shown_by = models.CharField(max_length=40, blank=True)
    due = models.DateTimeField(null=True)
    is_done = models.BooleanField(default=False)
    conclusion = models.CharField(max_length=16, blank=True)
    says = models.CharField(max_length=400, blank=True)
    look = models.BigIntegerField(null=True)
    done = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=64, blank=True)
    done_on = models.DateField(null=True)
    note = models.CharField(max_length=400, blank=True)
    entry = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["checklist", "place"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["checklist", "step"], name="step_once"),
        ]

    def __str__(self) -> str:
        return self.what
