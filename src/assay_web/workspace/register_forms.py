"""What is typed of a register's line, by hand or out of a file: the same rules for both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from assay.catalogue import load_catalogue
from assay_web.exports import restored
from assay_web.home import current_home
from assay_web.queries.accounts import active_accounts
from assay_web.records.accounts import Account
from assay_web.records.registers import Line

_SEPARATORS = re.compile(r"[;|,\s]+")
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%B %d, %Y", "%b %d, %Y")
_YES = {"yes", "true", "y", "1", "x"}


class DayField(forms.DateField):
    """A day, typed or picked."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": "Write a day such as 2026-03-31."},
            **more,
        )


class LongField(forms.CharField):
    """Several sentences."""

    def __init__(self, *, rows: int = 4, max_length: int = 4_000, **more: Any) -> None:
        super().__init__(max_length=max_length, widget=forms.Textarea(attrs={"rows": rows}), **more)


class IdsField(forms.CharField):
    """Ids of criteria or controls of the catalogue, with commas between them; gives a tuple."""

    def __init__(self, *, among: str, **more: Any) -> None:
        self.among = among
        super().__init__(required=False, max_length=400, **more)

    def clean(self, value: Any) -> Any:
        among: Mapping[str, object] = getattr(load_catalogue(current_home().content), self.among)
        typed = super().clean(value)
        found = tuple(dict.fromkeys(one.upper() for one in _SEPARATORS.split(typed) if one))
        for one in found:
            if one not in among:
                what = {"criteria": "criterion", "controls": "control"}[self.among]
                raise ValidationError(f"There is no {what} “{one}”. The search finds them by their words.")
        return found


class PersonField(forms.ModelChoiceField[Account]):
    """One of the accounts that are active; a file names it by its name or address."""

    def __init__(self, **more: Any) -> None:
        super().__init__(queryset=Account.objects.none(), required=False, empty_label="nobody yet", **more)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        self.queryset = active_accounts()
        return super().get_bound_field(form, field_name)

    def clean(self, value: Any) -> Account | None:
        self.queryset = active_accounts()
        found = super().clean(value)
        return found if isinstance(found, Account) else None

    def found(self, text: str) -> str:
        """Give the key of whom a file's cell means; the text itself where it means nobody."""
        wanted = text.strip().casefold()
        people: QuerySet[Account] = active_accounts()
        return next(
            (str(one.pk) for one in people if wanted in {one.name.casefold(), one.email.casefold()}), text
        )


class LineForm(forms.Form):
    """A line of a register. A form names its fields after the model's SAYS; HEADINGS adds the headings that files give them."""

    HEADINGS: ClassVar[dict[str, tuple[str, ...]]] = {}

    def says(self) -> dict[str, Any]:
        """Give what a valid form says."""
        return {name: self.cleaned_data[name] for name in self.fields}


class EndForm(forms.Form):
    """Why a line ends, or why its end is taken back."""

    why = forms.CharField(label="Why", max_length=400)


def typed_of(line: Line, form: type[LineForm]) -> dict[str, Any]:
    """Give what one would type to get this line."""
    return {name: _typed(getattr(line, name), form.base_fields[name]) for name in form.base_fields}


def _typed(value: Any, field: forms.Field) -> Any:
    match value:
        case list() if not isinstance(field, forms.MultipleChoiceField):
            return ", ".join(map(str, value))
        case Account():
            return value.pk
        case None:
            return ""
        case _:
            return value


def typed_of_row(cells: Mapping[str, str], form: type[LineForm]) -> dict[str, Any]:
    """Give what one would type for a row of a file: words of choices become the choices, days of usual forms ISO days, names accounts."""
    return {
        name: _from_cell(restored(cells.get(name, "")), form.base_fields[name]) for name in form.base_fields
    }


def _from_cell(text: str, field: forms.Field) -> Any:
    match field:
        case forms.MultipleChoiceField():
            return [_chosen(one, field) for one in re.split(r"[;|,]", text) if one.strip()]
        case PersonField():
            return field.found(text) if text else ""
        case forms.ChoiceField():
            return _chosen(text, field) if text else (field.initial or "")
        case forms.DateField():
            return _iso(text)
        case forms.BooleanField():
            return text.strip().casefold() in _YES
        case _:
            return text


def _chosen(text: str, field: forms.ChoiceField) -> str:
    wanted = text.strip().casefold()
    choices = cast("Iterable[tuple[Any, Any]]", field.choices)
    pairs = [(str(value), str(words)) for value, words in choices]
    return next((value for value, words in pairs if wanted in {value.casefold(), words.casefold()}), text)


def _iso(text: str) -> str:
    for form in _DAYS:
        try:
            return str(_day(text.strip().removesuffix("T00:00:00"), form))
        except ValueError:
            continue
    return text


def _day(text: str, form: str) -> date:
    return datetime.strptime(text, form).date()  # noqa: DTZ007 — a day has no zone
