"""What is typed of a commitment, by hand or out of a file: the same rules for both."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from assay.catalogue import load_catalogue
from assay_web.home import current_home
from assay_web.records.commitments import Commitment, Sort, Source
from assay_web.services.commitments import Promise


class CommitmentForm(forms.Form):
    """A line of the register."""

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
    dated = forms.DateField(
        label="Dated",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The day of the contract or notice.",
        error_messages={"invalid": "Write a day such as 2026-03-31."},
    )
    text = forms.CharField(
        label="What is promised",
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="In the words that the customer was given.",
    )
    criteria = forms.CharField(
        label="Criteria that it bears on",
        required=False,
        max_length=400,
        help_text="Ids with commas, such as A1.2, CC7.4.",
    )
    controls = forms.CharField(
        label="Controls that keep it",
        required=False,
        max_length=400,
        help_text="Ids with commas, such as AVL-06.",
    )

    def clean_criteria(self) -> tuple[str, ...]:
        return _known(
            "criterion", self.cleaned_data["criteria"], load_catalogue(current_home().content).criteria
        )

    def clean_controls(self) -> tuple[str, ...]:
        return _known(
            "control", self.cleaned_data["controls"], load_catalogue(current_home().content).controls
        )

    def promise(self) -> Promise:
        """Give what a valid form says."""
        given = self.cleaned_data
        return Promise(**{name: given[name] for name in Promise.__dataclass_fields__})


class RetireForm(forms.Form):
    why = forms.CharField(
        label="Why it holds no more", max_length=400, help_text="Such as: the contract ended on 31 March."
    )


def typed_of(commitment: Commitment) -> dict[str, Any]:
    """Give what one would type to get this line."""
    return {
        "sort": commitment.sort,
        "source": commitment.source,
        "reference": commitment.reference,
        "dated": commitment.dated,
        "text": commitment.text,
        "criteria": ", ".join(commitment.criteria),
        "controls": ", ".join(commitment.controls),
    }


def typed_of_row(cells: Mapping[str, str]) -> dict[str, str]:
    """Give what one would type for a row of a file: words of the choices become the choices, days of usual forms become ISO days."""
    return {
        **cells,
        "sort": _chosen(cells.get("sort", ""), Sort)
        or (Sort.COMMITMENT if not cells.get("sort") else cells["sort"]),
        "source": _chosen(cells.get("source", ""), Source) or cells.get("source", ""),
        "dated": _iso(cells.get("dated", "")),
        "criteria": re.sub(r"[;|\s]+", ", ", cells.get("criteria", "").replace(",", " ").strip()),
        "controls": re.sub(r"[;|\s]+", ", ", cells.get("controls", "").replace(",", " ").strip()),
    }


def _known(what: str, text: str, among: Mapping[str, object]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(one.strip().upper() for one in text.split(",") if one.strip()))
    for one in found:
        if one not in among:
            raise ValidationError(f"There is no {what} “{one}”. The search finds them by their words.")
    return found


def _chosen(text: str, among: type[Sort] | type[Source]) -> str:
    wanted = text.strip().casefold()
    return next((one.value for one in among if wanted in {one.value, str(one.label).casefold()}), "")


def _iso(text: str) -> str:
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y"):
        try:
            return str(_day(text.strip(), form))
        except ValueError:
            continue
    return text


def _day(text: str, form: str) -> date:
    return datetime.strptime(text, form).date()  # noqa: DTZ007 — a day has no zone
