"""The register of service commitments and system requirements."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from assay_web.records.commitments import Commitment, Sort, Source
from assay_web.workspace.register_forms import DayField, IdsField, LineForm, LongField
from assay_web.workspace.registers import Register


class CommitmentForm(LineForm):
    """A line of the register."""

    HEADINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "text": ("promise", "commitment", "requirement"),
        "reference": ("document", "section"),
        "dated": ("date", "effective date"),
    }

    sort = forms.ChoiceField(
        label="What it is", choices=Sort.choices, widget=forms.RadioSelect, initial=Sort.COMMITMENT
    )
    source = forms.ChoiceField(label="Where it is written", choices=Source.choices)
    reference = forms.CharField(
        label="Which one",
        required=False,
        max_length=200,
        help_text="Such as: master agreement with Fjord Retail, section 7.",
    )
    dated = DayField(label="Dated", help_text="The day of the contract or notice.")
    text = LongField(label="What is promised", help_text="In the words that the customer was given.")
    criteria = IdsField(
        among="criteria", label="Criteria that it bears on", help_text="Ids with commas, such as A1.2, CC7.4."
    )
    controls = IdsField(
        among="controls", label="Controls that keep it", help_text="Ids with commas, such as AVL-06."
    )


COMMITMENTS = Register(
    model=Commitment,
    form=CommitmentForm,
    name="commitments",
    one="commitment",
    many="commitments",
    title="text",
    columns=("source", "reference", "dated", "criteria", "controls"),
    dek="What customers were promised and what the system must do for it. An auditor reads the controls against these words.",
    empty="Begin with what the contracts say of uptime, support, secrecy and deletion. An owner or the compliance lead adds it.",
    end="Retire it",
    headings={"sort": "kind"},
    filters={
        "promised": lambda one: getattr(one, "sort", "") == Sort.COMMITMENT,
        "required of the system": lambda one: getattr(one, "sort", "") == Sort.REQUIREMENT,
        "kept by no control": lambda one: not getattr(one, "controls", ()),
    },
)
