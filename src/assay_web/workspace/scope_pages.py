"""The pages of the guided start, one question page each: what they ask, and what of the scope comes out of them.

The same pages change a scope later. A page keeps what was typed as the browser sent it, whether it stands or not; only the summary needs all to stand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, cast
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from assay.catalogue import (
    Asked,
    Boundary,
    Category,
    Part,
    Place,
    Relation,
    Scope,
    Setup,
    Supplier,
    System,
    Thing,
    Trait,
    WorkersFrom,
    load_setup,
)
from assay_web.home import current_home
from assay_web.queries.found import Found, found_parts
from assay_web.queries.scoping import scope_in_force

Typed = Mapping[str, list[str]]
MOST_FOUND = 200
MOST_LINES = 200
LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class Worded:
    """A choice with a line that explains it."""

    words: str
    hint: str = ""

    def __str__(self) -> str:
        return self.words


_YES_NO = (("yes", "Yes"), ("no", "No"))


class Page(forms.Form):
    """A page of the start. `typed` is a draft, in whatever state."""

    slug: ClassVar[str]
    title: ClassVar[str]
    says: ClassVar[str] = ""
    place: ClassVar[Place]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = "Fill this in; a scope cannot stand without it."

    @classmethod
    def setup(cls) -> Setup:
        return load_setup(current_home().content)

    @classmethod
    def of_scope(cls, scope: Scope) -> dict[str, list[str]]:
        """Give what one would have typed here to get this scope."""
        raise NotImplementedError

    def _choose(self, name: str, label: str, choices: Any, *, hint: str = "", required: bool = True) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label,
            choices=choices,
            help_text=hint,
            required=required,
            widget=forms.RadioSelect,
            error_messages={"required": "Choose one of these."},
        )

    def _ask(self, name: str, question: str, hint: str) -> None:
        self._choose(name, question, _YES_NO, hint=hint)


class CompanyPage(Page):
    slug, title, place = "company", "The company", Place.SETUP_COMPANY
    says = "Who is examined, and what it sells. These words stand at the head of every report."

    company = forms.CharField(
        label="Name of the company", max_length=200, help_text="As it stands in contracts."
    )
    sells = forms.CharField(
        label="What it sells",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One sentence, such as: a product analytics service for online shops, sold by subscription.",
    )
    people = forms.IntegerField(
        label="How many people work for it",
        min_value=1,
        max_value=1_000_000,
        help_text="Everybody with work to do for it, contractors included.",
    )
    zone = forms.CharField(
        label="Time zone",
        max_length=60,
        initial="UTC",
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
        help_text="The zone by which days count, such as Europe/Berlin or America/New_York.",
    )

    def clean_zone(self) -> str:
        zone = str(self.cleaned_data["zone"])
        found = {one.casefold(): one for one in zones()}.get(zone.casefold())
        if found is None:
            raise ValidationError(
                f"“{zone}” is no time zone. Write continent and city, such as Europe/Berlin."
            )
        return found

    @classmethod
    def of_scope(cls, scope: Scope) -> dict[str, list[str]]:
        return {
            "company": [scope.company],
            "sells": [scope.sells],
            "people": [str(scope.people)],
            "zone": [scope.zone],
        }


class SystemPage(Page):
    slug, title, place = "system", "What kind of system it is", Place.SETUP_SYSTEMS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.setup().systems.values()
        choices = [(one.system.value, Worded(one.title, f"{one.says} {one.example}.")) for one in kinds]
        self._choose("system", "What do customers buy?", choices)

    @classmethod
    def of_scope(cls, scope: Scope) -> dict[str, list[str]]:
        return {"system": [scope.system.value]}


class CategoriesPage(Page):
    slug, title, place = "categories", "Which categories", Place.SETUP_CATEGORIES
    says = "Security is in every report. Each other category is one question. Where you waver, say no: it can be added later, with what it costs shown first."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in self.setup().categories.values():
            self._ask(one.category.value, one.ask, f"{one.category.label}. {one.adds} {one.wait}")

    @classmethod
    def of_scope(cls, scope: Scope) -> dict[str, list[str]]:
        return {
            one.value: [_yes(one in scope.categories)] for one in Category if one is not Category.SECURITY
        }


_RUNNING = (
    Trait.USES_CLOUD,
    Trait.OWN_DATA_CENTRE,
    Trait.DEVELOPS_SOFTWARE,
    Trait.CUSTOMERS_SIGN_IN,
    Trait.SINGLE_TENANT,
    Trait.USES_SSO,
)


class RunningPage(Page):
    slug, title, place = "running", "How it is built and run", Place.SETUP_SYSTEMS
    says = "Each answer says which controls make sense for you, and which would be work for nothing."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in _RUNNING:
            asked = self.setup().traits[one]
            self._ask(one.value, asked.ask, f"If yes: {asked.changes}")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if {given.get("uses_cloud"), given.get("own_data_centre")} == {"no"}:
            self.add_error(
                "own_data_centre",
                "The product runs somewhere: say yes to this or to the question on hosting companies.",
            )
        return given

    @classmethod
    def of_scope(cls, scope: Scope) -> dict[str, list[str]]:
        return {one.value: [_yes(one in scope.traits)] for one in _RUNNING}


_DECIDED = (("", "Not decided"), ("in", "In scope"), ("out", "Out"))


class PartsPage(Page):
    """Parts that sources showed are decided one by one; what no source shows is written, one a line."""

    slug, title, place = "parts", "What is part of it", Place.SCOPE
    says = "Name what customers' data passes through. It can be left empty now: once a source is connected, what it finds is listed here to be decided."

    production = forms.CharField(
        label="What the product runs on",
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Accounts, projects, repositories, databases, interfaces: one a line.",
    )
    tools = forms.CharField(
        label="Internal tools that reach production data",
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Such as an administration page, a warehouse of figures, a support desk: one a line.",
    )
    access = forms.CharField(
        label="Where access is given and taken away",
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Such as an identity provider or a password store: one a line.",
    )
    outside = forms.CharField(
        label="What is no part of it, and why",
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line, the reason after a colon, such as: Marketing site: holds no customer data.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found, self.kept = _to_decide()
        for one in self.found:
            name = found_name(one.key)
            self.fields[name] = forms.ChoiceField(label=one.name, choices=_DECIDED, required=False)
            self.fields[f"{name}-why"] = forms.CharField(
                label=f"Why {one.name} is out", required=False, max_length=300
            )

    @property
    def decisions(self) -> Iterator[tuple[Found, Any, Any]]:
        """Give each part that a source showed with its two fields."""
        for one in self.found:
            name = found_name(one.key)
            yield one, self[name], self[f"{name}-why"]

    @property
    def written(self) -> Iterator[Any]:
        return (self[name] for name in ("production", "tools", "access", "outside"))

    def clean_outside(self) -> str:
        for line in _lines(self.cleaned_data["outside"]):
            if len(line.partition(":")[2].split()) < 2:
                raise ValidationError(f"“{line}” gives no reason. Write one after a colon, in a few words.")
        return str(self.cleaned_data["outside"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in ("production", "tools", "access", "outside"):
            lines = _lines(given.get(name) or "")
            if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
                self.add_error(
                    name, f"Write at most {MOST_LINES} lines of at most {LONGEST_LINE} characters each."
                )
        for one in self.found:
            name = found_name(one.key)
            if given.get(name) == "out" and len((given.get(f"{name}-why") or "").split()) < 2:
                self.add_error(f"{name}-why", "Say in a few words why it is out.")
        return given

    @classmethod
    def of_scope(cls, scope: Scope) -> dict[str, list[str]]:
        things = scope.boundary.things if scope.boundary else ()
        typed = {
            "production": [_joined(one.name for one in things if _is(one, Part.PRODUCTION))],
            "tools": [_joined(one.name for one in things if _is(one, Part.TOOL))],
            "access": [_joined(one.name for one in things if _is(one, Part.ACCESS))],
            "outside": [
                _joined(f"{one.name}: {one.why}" for one in things if not one.inside and not one.key)
            ],
        }
        for one in things:
            if one.key:
                name = found_name(one.key)
                typed |= {name: ["in" if one.inside else "out"], f"{name}-why": [one.why]}
        return typed

    def things(self) -> tuple[Thing, ...]:
        given = self.cleaned_data
        written = [
            Thing(part, line, True)
            for name, part in (("production", Part.PRODUCTION), ("tools", Part.TOOL), ("access", Part.ACCESS))
            for line in _lines(given[name])
        ]
        outside = [
            Thing(Part.PRODUCTION, name.strip(), False, why.strip())
            for name, _, why in (line.partition(":") for line in _lines(given["outside"]))
        ]
        decided = [
            Thing(
                one.part, one.name, choice == "in", given[f"{name}-why"] if choice == "out" else "", one.key
            )
            for one in self.found
            for name in [found_name(one.key)]
            if (choice := given[name])
        ]
        return (*decided, *self.kept, *written, *outside)


class DataPage(Page):
    slug, title, place = "data", "Which data it holds", Place.SETUP_DATA
    says = "Tick what the product, or anybody who works on it, comes to hold."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.setup().data_kinds.values()
        self.fields["kinds"] = forms.MultipleChoiceField(
            label="Kinds of data",
            choices=[(one.id, Worded(one.title, f"{one.says} {one.example}.")) for one in kinds],
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": "Tick at least one kind; a product that holds nothing has nothing to protect."
            },
        )
        asked = self.setup().traits[Trait.TRANSFERS_PERSONAL_DATA]
        self._ask(Trait.TRANSFERS_PERSONAL_DATA.value, asked.ask, f"If yes: {asked.changes}")

    @classmethod
    def of_scope(cls, scope: Scope) -> dict[str, list[str]]:
        kinds = list(scope.boundary.data_kinds) if scope.boundary else []
        return {
            "kinds": kinds,
            "transfers_personal_data": [_yes(Trait.TRANSFERS_PERSONAL_DATA in scope.traits)],
        }

    def traits(self) -> set[Trait]:
        kinds = self.setup().data_kinds
        return {trait for one in self.cleaned_data["kinds"] for trait in kinds[one].states}


class VendorsPage(Page):
    """`find` narrows the suggestions; what is ticked stays ticked, found or not."""

    slug, title, place = "vendors", "Which vendors it rests on", Place.SETUP_VENDORS
    says = "Companies that run part of the product, hold its data or can reach it. What each usually is can be changed later, vendor by vendor."

    find = forms.CharField(label="Find a vendor", required=False, max_length=80)

    def __init__(self, *args: Any, typed: Typed = MappingProxyType({}), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = self.setup().vendors
        wanted = " ".join(typed.get("find", [""])).casefold().split()
        chosen = set(typed.get("vendors", []))
        everything = "all" in typed
        shown = [
            one
            for one in every.values()
            if one.name in chosen
            or (wanted and all(word in f"{one.name} {one.used_for}".casefold() for word in wanted))
            or (not wanted and (everything or one.name in _COMMON))
        ]
        self.hidden_count = len(every) - len(shown)
        self.sought = " ".join(wanted)
        self.found_none = bool(wanted) and all(one.name in chosen for one in shown)
        self.fields["vendors"] = forms.MultipleChoiceField(
            label="Suggestions",
            required=False,
            choices=[(one.name, Worded(one.name, one.used_for)) for one in shown],
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["own"] = forms.CharField(
            label="Others",
            required=False,
            max_length=8_000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="One a line, what it is used for after a colon, such as: Hosting Co-op: servers for backups.",
        )

    @classmethod
    def of_scope(cls, scope: Scope) -> dict[str, list[str]]:
        named = scope.boundary.vendors if scope.boundary else ()
        known = cls.setup().vendors
        return {
            "vendors": [one.name for one in named if one.name in known],
            "own": [
                _joined(
                    f"{one.name}: {one.used_for}" if one.used_for else one.name
                    for one in named
                    if one.name not in known
                )
            ],
        }

    def vendors(self) -> tuple[Supplier, ...]:
        known = self.setup().vendors
        chosen = [known[one] for one in self.cleaned_data["vendors"]]
        own = [line.partition(":") for line in _lines(self.cleaned_data["own"])]
        return (
            *(Supplier(one.name, one.used_for, one.usually, one.data_kinds) for one in chosen),
            *(Supplier(name.strip(), used_for.strip(), Relation.VENDOR) for name, _, used_for in own),
        )


_COMMON = frozenset(
    (
        "Amazon Web Services",
        "Google Cloud",
        "Microsoft Azure",
        "GitHub",
        "GitLab.com",
        "Google Workspace",
        "Microsoft 365",
        "Okta",
        "Slack",
        "Stripe",
        "Cloudflare",
        "Datadog",
        "Sentry",
        "Zendesk",
        "HubSpot",
        "Jira",
        "Notion",
        "1Password",
    )
)


class PeoplePage(Page):
    slug, title, place = "people", "Who works for it", Place.SETUP_PEOPLE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.setup().traits
        contractors = asked[Trait.HAS_CONTRACTORS]
        self._ask(Trait.HAS_CONTRACTORS.value, contractors.ask, f"If yes: {contractors.changes}")
        places = [
            ("has_office", Worded("We have an office", asked[Trait.HAS_OFFICE].changes)),
            ("remote_only", Worded("Everybody works remotely", asked[Trait.REMOTE_ONLY].changes)),
            ("neither", Worded("Neither quite", "Such as a shared space that you rent by the desk.")),
        ]
        self._choose("office", "Where do people work?", places)
        lists = [
            (
                WorkersFrom.FILE.value,
                Worded("A spreadsheet that we upload", "Name, kind, first and last day are enough."),
            ),
            (WorkersFrom.PERSONNEL_SYSTEM.value, Worded("An export of our personnel or payroll system")),
            (
                WorkersFrom.IDENTITY_PROVIDER.value,
                Worded("The directory in which people have their accounts"),
            ),
            (WorkersFrom.UNDECIDED.value, Worded("Not decided yet")),
        ]
        self._choose(
            "workers",
            "Where will the list of workers come from?",
            lists,
            hint="Joining and leaving are tested against it, so somebody must keep it.",
        )

    @classmethod
    def of_scope(cls, scope: Scope) -> dict[str, list[str]]:
        office = next(
            (one.value for one in (Trait.HAS_OFFICE, Trait.REMOTE_ONLY) if one in scope.traits), "neither"
        )
        return {
            "has_contractors": [_yes(Trait.HAS_CONTRACTORS in scope.traits)],
            "office": [office],
            "workers": [scope.boundary.workers_from.value] if scope.boundary else [],
        }


class TargetPage(Page):
    slug, title, place = "target", "What customers asked for, and by when", Place.SETUP_TARGET

    target = forms.DateField(
        label="When the report must be there",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The day that a customer named, or that you want. Leave it empty where there is none.",
        error_messages={"invalid": "Write a day such as 2027-05-01."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reports = [
            (Asked.TYPE_1.value, Worded("Type I", "The controls are there, as of one date.")),
            (Asked.TYPE_2.value, Worded("Type II", "They operated over a period, which has to pass first.")),
            (
                Asked.UNSURE.value,
                Worded("Not said, or either", "Type I first is usual; its Type II starts the day after."),
            ),
        ]
        self._choose("asked", "Which report did customers ask for?", reports)

    @classmethod
    def of_scope(cls, scope: Scope) -> dict[str, list[str]]:
        boundary = scope.boundary or Boundary()
        return {
            "target": [] if boundary.target is None else [str(boundary.target)],
            "asked": [boundary.asked.value],
        }


PAGES: tuple[type[Page], ...] = (
    CompanyPage,
    SystemPage,
    CategoriesPage,
    RunningPage,
    PartsPage,
    DataPage,
    VendorsPage,
    PeoplePage,
    TargetPage,
)
BY_SLUG = {one.slug: one for one in PAGES}


@cache
def zones() -> tuple[str, ...]:
    """Give the names of all time zones in order; finding them reads a folder."""
    return tuple(sorted(available_timezones()))


def typed_of(data: QueryDict, page: type[Page]) -> dict[str, list[str]]:
    """Give what a browser sent for a page, and nothing else of the request."""
    form = page_form(page, {name: data.getlist(name) for name in data})
    return {name: data.getlist(name) for name in data if name in form.fields or name == "all"}


def page_form(page: type[Page], typed: Typed | None, *, bound: bool = False) -> Page:
    """Give a page's form with what was typed before: `bound` to say what is wrong with it, otherwise as it was left."""
    more: dict[str, Any] = {"typed": typed or {}} if page is VendorsPage else {}
    if bound:
        return page(_query(typed or {}), **more)
    form = page(**more)
    if typed:
        form.initial = {name: _initial(form, name, values) for name, values in typed.items()}
    return form


def _initial(form: forms.Form, name: str, values: list[str]) -> Any:
    if isinstance(form.fields.get(name), forms.MultipleChoiceField):
        return values
    return values[-1] if values else ""


def _query(typed: Typed) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, values in typed.items():
        query.setlist(name, list(values))
    return query


def scope_of(forms_: Mapping[str, Page], before: Scope | None) -> Scope:
    """Give the scope that valid pages say. What no page asks (carve-outs, criteria called not relevant) stays as it was."""
    given = {slug: form.cleaned_data for slug, form in forms_.items()}
    parts, data = cast(PartsPage, forms_["parts"]), cast(DataPage, forms_["data"])
    vendors = cast(VendorsPage, forms_["vendors"])
    yes = {name for answers in given.values() for name, answer in answers.items() if answer == "yes"}
    traits = {one for one in Trait if one.value in yes or one.value == given["people"]["office"]}
    return Scope(
        company=given["company"]["company"],
        sells=given["company"]["sells"],
        system=System(given["system"]["system"]),
        people=given["company"]["people"],
        zone=given["company"]["zone"],
        categories=frozenset({Category.SECURITY, *(one for one in Category if one.value in yes)}),
        traits=frozenset(traits | data.traits()),
        carve_outs=before.carve_outs if before else (),
        not_relevant=before.not_relevant if before else MappingProxyType({}),
        boundary=Boundary(
            data_kinds=tuple(given["data"]["kinds"]),
            things=parts.things(),
            vendors=vendors.vendors(),
            workers_from=WorkersFrom(given["people"]["workers"]),
            asked=Asked(given["target"]["asked"]),
            target=given["target"]["target"],
        ),
    )


def _to_decide() -> tuple[tuple[Found, ...], tuple[Thing, ...]]:
    """Give the parts that the page asks of, and those decided before that it does not and that stay.

    What was decided and no source shows any more is asked of too. Where there are too many, what is not decided comes first.
    """
    setting = scope_in_force()
    boundary = Scope.from_object(setting.value).boundary if setting else None
    decided = {one.key: one for one in (boundary.things if boundary else ()) if one.key}
    found = found_parts()
    shown = {one.key for one in found}
    gone = [Found(one.part, one.key, one.name, "") for one in decided.values() if one.key not in shown]
    every = [*gone, *found]
    if len(every) > MOST_FOUND:
        every.sort(key=lambda one: one.key in decided)
    asked = sorted(every[:MOST_FOUND], key=lambda one: list(Part).index(one.part))
    keys = {one.key for one in asked}
    return tuple(asked), tuple(one for key, one in decided.items() if key not in keys)


def found_name(key: str) -> str:
    """Name the field of a part that a source showed."""
    return f"found-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def _is(thing: Thing, part: Part) -> bool:
    return thing.inside and thing.part is part and not thing.key


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _joined(lines: Iterator[str]) -> str:
    return "\n".join(lines)
