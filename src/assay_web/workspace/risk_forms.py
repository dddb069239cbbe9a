"""What is typed of a risk and of an assessment, with the words of the method beside each number."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from assay.catalogue.risks import Step
from assay_web.queries.risks import method
from assay_web.records.commitments import Commitment
from assay_web.records.risks import RiskCategory, TreatmentChoice
from assay_web.workspace.register_forms import DayField, IdsField, LineForm, LongField, PersonField

_COMMITMENT = re.compile(r"\AC-([0-9]{1,9})\Z")


def _choices(steps: tuple[Step, ...]) -> list[tuple[str, str]]:
    return [
        ("", "not rated yet"),
        *((str(one.number), f"{one.number} {one.name}: {one.says}") for one in steps),
    ]


def _likelihoods() -> list[tuple[str, str]]:
    return _choices(method().likelihood)


def _impacts() -> list[tuple[str, str]]:
    return _choices(method().impact)


def _coerced(text: str) -> int:
    return int(text)


class StepField(forms.TypedChoiceField):
    """A step of a scale; None where it is not rated yet."""

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, coerce=_coerced, empty_value=None, **more)


class CommitmentsField(forms.CharField):
    """Commitments by their ids, with commas between them; gives a tuple."""

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, max_length=200, **more)

    def clean(self, value: Any) -> Any:
        typed = [one for one in re.split(r"[;|,\s]+", super().clean(value)) if one]
        ids = tuple(dict.fromkeys(one.upper() for one in typed))
        numbers = {one: int(found[1]) for one in ids if (found := _COMMITMENT.fullmatch(one))}
        known = set(Commitment.objects.filter(pk__in=numbers.values()).values_list("pk", flat=True))
        for one in ids:
            if numbers.get(one) not in known:
                raise ValidationError(
                    f"There is no commitment “{one}”. The register of commitments gives the ids."
                )
        return ids


class RiskForm(LineForm):
    """A line of the register of risks."""

    HEADINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "what": ("risk", "title", "description"),
        "hits": ("asset", "affected"),
        "likelihood": ("probability", "inherent likelihood"),
        "impact": ("severity", "inherent impact"),
        "plan": ("mitigation", "treatment plan"),
    }

    what = forms.CharField(label="What could happen", max_length=200)
    cause = LongField(label="Because of what", required=False, max_length=2_000, rows=3)
    hits = forms.CharField(label="Whom or what it hits", required=False, max_length=400)
    category = forms.ChoiceField(label="Category", choices=RiskCategory.choices)
    owner = PersonField(label="Owner")
    likelihood = StepField(label="Likelihood before treatment", choices=_likelihoods)
    impact = StepField(label="Impact before treatment", choices=_impacts)
    treatment = forms.ChoiceField(
        label="Treatment",
        required=False,
        choices=[("", "not decided yet"), *TreatmentChoice.choices],
    )
    plan = LongField(
        label="How",
        required=False,
        max_length=2_000,
        rows=3,
        help_text="What is done, or why it is accepted.",
    )
    due = DayField(label="Done by", required=False)
    controls = IdsField(
        among="controls",
        label="Controls that it rests on",
        help_text="Ids with commas, such as IAM-03, LOG-03.",
    )
    residual_likelihood = StepField(label="Likelihood after treatment", choices=_likelihoods)
    residual_impact = StepField(label="Impact after treatment", choices=_impacts)
    commitments = CommitmentsField(
        label="Commitments that it threatens", help_text="Ids with commas, such as C-1."
    )


class AssessmentForm(LineForm):
    """What an assessment says beside the register: whom it heard, and the two questions that are always asked."""

    title = forms.CharField(label="Name", max_length=200, help_text="Such as: Risk assessment 2026.")
    first = DayField(label="It speaks for the days from")
    last = DayField(label="to, both included")
    people = forms.IntegerField(label="How many took part", required=False, min_value=1, max_value=999)
    roles = forms.CharField(
        label="In which roles",
        required=False,
        max_length=400,
        help_text="Roles, not names: two engineers, the owner.",
    )
    fraud = LongField(label="Fraud", required=False, rows=5)
    change_said = LongField(label="Change", required=False, rows=5)
    remarks = LongField(label="Anything else", required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for field, question in zip(("fraud", "change_said"), method().questions, strict=True):
            self.fields[field].help_text = " ".join((question.asks, "Think of:", *question.prompts))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        first, last = given.get("first"), given.get("last")
        if first and last and first > last:
            self.add_error("last", "The last day lies before the first.")
        return given
