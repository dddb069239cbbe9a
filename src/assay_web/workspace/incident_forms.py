"""What is typed of incidents, exercises and recovery objectives."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from assay_web.queries.incidents import MOMENTS
from assay_web.records.continuity import RecoveryObjective, Tier
from assay_web.records.incidents import ExerciseKind, IncidentSort, Notice, Outcome, Severity
from assay_web.workspace.register_forms import DayField, IdsField, LineForm, LongField, PersonField

_HUNDREDTH = Decimal("0.01")


class MomentField(forms.DateTimeField):
    """An instant, typed in the company's zone; gives it in UTC."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            error_messages={"invalid": "Write a time such as 2026-03-31 14:05."},
            **more,
        )

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return found.astimezone(UTC) if isinstance(found, datetime) else found


class HoursField(forms.DecimalField):
    """Hours, to a hundredth."""

    def __init__(self, **more: Any) -> None:
        super().__init__(min_value=0, max_value=99_999, decimal_places=2, **more)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return found.quantize(_HUNDREDTH) if isinstance(found, Decimal) else found


class CountField(forms.TypedChoiceField):
    """One of a few numbers with words; None where none is chosen."""

    def __init__(self, **more: Any) -> None:
        super().__init__(coerce=int, empty_value=None, **more)


class SystemField(forms.ModelChoiceField[RecoveryObjective]):
    """One of the systems with recovery objectives."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            queryset=RecoveryObjective.objects.none(),
            required=False,
            empty_label="none in particular",
            **more,
        )

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        self.queryset = _systems()
        return super().get_bound_field(form, field_name)

    def clean(self, value: Any) -> RecoveryObjective | None:
        self.queryset = _systems()
        found = super().clean(value)
        return found if isinstance(found, RecoveryObjective) else None

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.system)


def _systems() -> Any:
    return RecoveryObjective.objects.filter(ended=None).order_by("tier", "system")


class IncidentForm(LineForm):
    """A line of the incident log."""

    HEADINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "title": ("incident", "summary", "name"),
        "detected": ("detected at", "opened", "created", "reported"),
        "resolved": ("resolved at", "closed"),
        "happened": ("description",),
        "cause": ("root cause",),
    }

    title = forms.CharField(label="What it is called", max_length=200, help_text="Without names of people.")
    sort = forms.ChoiceField(label="What it is", choices=IncidentSort.choices, initial=IncidentSort.INCIDENT)
    severity = CountField(
        label="Severity", required=False, choices=[("", "not judged yet"), *Severity.choices]
    )
    detected = MomentField(label="Detected")
    occurred = MomentField(label="Began", required=False, help_text="As far as it is known.")
    triaged = MomentField(label="Recorded and judged", required=False)
    begun = MomentField(label="Work on it began", required=False)
    contained = MomentField(label="Contained", required=False)
    resolved = MomentField(label="Resolved", required=False)
    happened = LongField(label="What happened", required=False, help_text="Without names of people.")
    systems = forms.CharField(label="Systems that it touched", required=False, max_length=400)
    data_touched = forms.CharField(
        label="Data that it touched",
        required=False,
        max_length=400,
        help_text="Kinds and amounts; “none” where it is known.",
    )
    customers = forms.CharField(
        label="Customers that it touched",
        required=False,
        max_length=400,
        help_text="Which or how many; “none” where it is known.",
    )
    reporter = forms.CharField(
        label="Who reported it",
        required=False,
        max_length=200,
        help_text="Shown only to those who may see people.",
    )
    customer_notice = forms.ChoiceField(
        label="Are customers to be told", required=False, choices=Notice.choices
    )
    customer_affected = MomentField(
        label="Known that customers are affected",
        required=False,
        help_text="The time limit of the notice begins here.",
    )
    customers_told = MomentField(label="Customers told", required=False)
    authority_notice = forms.ChoiceField(
        label="Is an authority to be told", required=False, choices=Notice.choices
    )
    authority_aware = MomentField(
        label="Known that an authority is to be told",
        required=False,
        help_text="The time limit of the notice begins here.",
    )
    authority_told = MomentField(label="Authority told", required=False)
    notice_why = LongField(label="Why a notice is or is not needed", required=False, max_length=2_000, rows=3)
    cause = LongField(label="Cause", required=False)
    lessons = LongField(label="Lessons", required=False)
    reviewed = MomentField(label="Reviewed", required=False)
    controls = IdsField(
        among="controls", label="Controls that did not work", help_text="Ids with commas, such as LOG-03."
    )


class TimeForm(forms.Form):
    """One instant of an incident."""

    which = forms.ChoiceField(label="What was", choices=list(MOMENTS.items()), initial="triaged")
    at = MomentField(label="When")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"at": timezone.localtime()})


class NilForm(forms.Form):
    """That a period had no incident."""

    first = DayField(label="From")
    last = DayField(label="to, both included")
    compared = LongField(
        label="What the log was compared with",
        max_length=1_000,
        rows=3,
        help_text="Such as: alerts of the on-call tool, mails to security@, support tickets.",
    )


class ExerciseForm(LineForm):
    """A line of the register of exercises."""

    HEADINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "title": ("exercise", "name"),
        "held": ("date",),
        "people": ("participants",),
    }

    kind = forms.ChoiceField(label="What was rehearsed", choices=ExerciseKind.choices)
    title = forms.CharField(label="What it is called", max_length=200)
    held = DayField(label="Held on")
    scenario = LongField(label="Scenario")
    people = forms.IntegerField(label="How many took part", min_value=1, max_value=9_999)
    roles = forms.CharField(
        label="In which roles",
        required=False,
        max_length=400,
        help_text="Roles, not names: on-call engineer, support, the owner.",
    )
    expected = LongField(label="What was expected")
    happened = LongField(label="What happened")
    outcome = forms.ChoiceField(label="Result", choices=Outcome.choices)
    lessons = LongField(label="Lessons", required=False)
    system = SystemField(
        label="System",
        help_text="For a restore or failover: the system whose objectives it is compared with.",
    )
    recovered_hours = HoursField(label="Hours until it was back", required=False)
    lost_hours = HoursField(label="Hours of data lost", required=False)
    controls = IdsField(among="controls", label="Further controls that it bears on")

    def clean_held(self) -> Any:
        held = self.cleaned_data["held"]
        if held > timezone.localdate():
            raise forms.ValidationError("This day has not come yet. Record an exercise once it was held.")
        return held


class RecoveryForm(LineForm):
    """A system with its recovery objectives."""

    HEADINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "system": ("service", "name"),
        "rto_hours": ("rto",),
        "rpo_hours": ("rpo",),
    }

    system = forms.CharField(label="System", max_length=120)
    tier = CountField(label="In which order it comes back", choices=Tier.choices)
    rto_hours = HoursField(label="Hours until it is back, at most", help_text="The recovery time objective.")
    rpo_hours = HoursField(
        label="Hours of data that may be lost, at most", help_text="The recovery point objective."
    )
    dependencies = forms.CharField(label="What it needs first", required=False, max_length=400)
    owner = PersonField(label="Owner")
    note = LongField(label="How it is brought back", required=False, max_length=2_000)


class ActionForm(forms.Form):
    """An action out of a line."""

    what = forms.CharField(label="What is to be done", max_length=300)
    owner = PersonField(label="Who does it")
    due = DayField(label="Done by", required=False)
