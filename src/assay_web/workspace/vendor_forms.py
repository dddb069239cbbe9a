"""What is typed of a vendor and of its reports, by hand or out of a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from assay.audit.vendor_assurance import ReportKind
from assay.audit.vendor_tier import Access
from assay.catalogue import load_setup
from assay_web.home import current_home
from assay_web.records.vendors import ACCESSES, KINDS, TIERS, Bond, Opinion, Stage, Vendor
from assay_web.workspace.register_forms import DayField, LineForm, LongField, PersonField


class WordsField(forms.ChoiceField):
    """A choice that a file may say in other words, too."""

    def __init__(self, *, also: Mapping[str, str], **more: Any) -> None:
        self.also = also
        super().__init__(**more)

    def to_python(self, value: Any) -> str:
        given = super().to_python(value)
        return self.also.get(given.strip().casefold(), given)


class DataKindsField(forms.MultipleChoiceField):
    """Kinds of data, as the start of the programme names them, by id, title or a usual word; read anew with each form."""

    def __init__(self, **more: Any) -> None:
        super().__init__(choices=_kinds, widget=forms.CheckboxSelectMultiple, **more)

    def to_python(self, value: Any) -> list[str]:
        given = super().to_python(value)
        return list(dict.fromkeys(_KIND_WORDS.get(one.strip().casefold(), one) for one in given))


def _kinds() -> list[tuple[str, str]]:
    return [(one.id, one.title) for one in load_setup(current_home().content).data_kinds.values()]


_STAGES = {
    **dict.fromkeys(("active", "approved", "current", "managed", "in use", "live"), Stage.IN_USE.value),
    **dict.fromkeys(
        ("prospective", "prospect", "preassessment", "pending", "under review", "evaluating"),
        Stage.CONSIDERED.value,
    ),
}
_ACCESSES = {
    **dict.fromkeys(("no", "false", "n", "n/a", "none"), Access.NONE.value),
    **dict.fromkeys(("yes", "true", "y", "read", "read only", "read-only", "view"), Access.SEES.value),
    **dict.fromkeys(("admin", "administrator", "write", "full"), Access.CHANGES.value),
}
"""Words of other tools. A plain yes says that it reaches production, not that it changes it."""
_BONDS = {
    **dict.fromkeys(("no", "vendor", "false", "n"), Bond.VENDOR.value),
    **dict.fromkeys(("yes", "subservice", "subservice organization", "true", "y"), Bond.CARVE_OUT.value),
}
_KIND_WORDS = {
    **dict.fromkeys(("customer data", "customer content", "client data"), "customer-content"),
    **dict.fromkeys(("pii", "personal data", "contact details", "contacts"), "contact-details"),
    **dict.fromkeys(("source code", "code"), "source-code"),
    **dict.fromkeys(("phi", "health data"), "health-information"),
    **dict.fromkeys(("cardholder data", "card data", "payment cards", "payment card data"), "payment-cards"),
    **dict.fromkeys(("credentials", "secrets", "keys"), "secrets"),
    **dict.fromkeys(("employee data", "hr data", "worker records"), "worker-records"),
    **dict.fromkeys(("financial data", "financial records"), "financial-records"),
    **dict.fromkeys(("logs", "system logs"), "system-logs"),
    **dict.fromkeys(("public", "public data"), "public-information"),
}


class VendorForm(LineForm):
    """A line of the register. HEADINGS holds what exports of Vanta, Drata, Secureframe and plain sheets call their columns."""

    HEADINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "name": ("vendor name", "vendorname", "company", "company name", "supplier"),
        "does": (
            "services provided", "servicesprovided", "description", "service", "services", "purpose", "used for",
            "use case", "category", "vendor category", "vendorcategory", "type",
        ),
        "website": ("url", "vendor website", "vendorwebsite", "website url", "websiteurl", "vendor url", "domain"),
        "owner": ("security owner", "vendor owner", "internal owner", "business owner", "responsible", "owner email"),
        "contact_email": (
            "contact email", "primary contact email", "vendor contact email", "account manager email", "accountmanageremail",
        ),
        "contact_name": ("contact name", "primary contact name", "primary contact", "vendor contact", "account manager", "account manager name", "accountmanagername"),
        "stage": ("status", "vendor status", "lifecycle stage"),
        "data_kinds": ("data stored", "datastored", "data types", "data held", "data", "types of data", "data classification"),
        "access": ("production access", "access", "environment access", "has production access"),
        "bond": ("subservice organization", "subservice", "relation"),
        "contract_date": ("contract start", "contract start date", "contract signed", "contractstartdate"),
        "renewal": ("renewal date", "contract renewal date", "contractrenewaldate", "contract end", "contract end date", "expiration date"),
        "notice_days": ("notice period", "notice period (days)", "cancellation notice"),
        "agreements": ("contract", "dpa", "agreement"),
        "subprocessors": ("subprocessor list", "sub-processors"),
    }  # fmt: skip

    name = forms.CharField(label="Vendor", max_length=200)
    does = forms.CharField(
        label="What it does for us", max_length=400, help_text="Such as: hosts the product; pays salaries."
    )
    website = forms.CharField(label="Website", required=False, max_length=300)
    owner = PersonField(label="Owner", help_text="Who here looks after it.")
    contact_email = forms.EmailField(
        label="Contact’s e-mail address",
        required=False,
        max_length=254,
        help_text="Whom to ask there for a report. Only those who may see people see it.",
    )
    contact_name = forms.CharField(label="Contact", required=False, max_length=120)
    stage = WordsField(label="State", choices=Stage.choices, initial=Stage.IN_USE, also=_STAGES)
    data_kinds = DataKindsField(label="Data of ours that it holds", required=False)
    access = WordsField(
        also=_ACCESSES,
        label="Access to production",
        choices=ACCESSES,
        initial=Access.NONE.value,
        widget=forms.RadioSelect,
    )
    set_tier = forms.ChoiceField(
        label="Another tier than the method gives",
        choices=[("", "As the method gives it"), *TIERS],
        required=False,
        help_text="The method reads data, access and what it is to the system. Its page shows both.",
    )
    why_tier = forms.CharField(label="Why another tier", required=False, max_length=400)
    bond = WordsField(
        also=_BONDS,
        label="What it is to the system",
        choices=Bond.choices,
        initial=Bond.VENDOR,
        widget=forms.RadioSelect,
        help_text="A subservice organization where its controls are needed, together with ours, to keep what customers were promised. Carve-out, the usual method, leaves its controls out of our report.",
    )
    why_bond = forms.CharField(label="Why it is that", required=False, max_length=400)
    expected_controls = LongField(
        label="Controls that we expect of it",
        required=False,
        rows=3,
        help_text="For a subservice organization, one a line, such as: guards its data centres; patches the database engine.",
    )
    contract_date = DayField(label="Contract dated", required=False)
    renewal = DayField(label="Renews or ends on", required=False)
    notice_days = forms.IntegerField(label="Notice, in days", required=False, min_value=0, max_value=3_650)
    agreements = LongField(
        label="Agreements",
        required=False,
        rows=2,
        max_length=2_000,
        help_text="Contract, data processing agreement, terms: which, and where each is kept.",
    )
    subprocessors = LongField(
        label="Its subprocessors",
        required=False,
        rows=3,
        help_text="The companies that it passes our data to, one a line.",
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("set_tier") and not given.get("why_tier"):
            self.add_error("why_tier", "Say why another tier than the method gives is right.")
        if not given.get("set_tier"):
            given["why_tier"] = ""
        if given.get("bond") in (Bond.CARVE_OUT, Bond.INCLUSIVE) and not given.get("why_bond"):
            self.add_error("why_bond", "Say which promises rest on its controls.")
        return given


class VendorField(forms.ModelChoiceField[Vendor]):
    """One of the vendors on the register; a file names it by its name."""

    def __init__(self, **more: Any) -> None:
        held = Vendor.objects.filter(ended__isnull=True).prefetch_related(None).order_by("name", "pk")
        super().__init__(queryset=held, empty_label=None, **more)

    def label_from_instance(self, obj: Vendor) -> str:
        return obj.name


class ReportForm(LineForm):
    """A report that a vendor handed over, as its reader writes it down."""

    HEADINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "kind": ("type", "report type"),
        "issuer": ("auditor", "audit firm", "certifier", "issued by"),
        "starts": ("period start", "from", "valid from"),
        "ends": ("period end", "to", "valid until", "expires", "report date"),
        "below": ("subservice organizations", "subservice organisations"),
    }

    vendor = VendorField(label="Vendor")
    kind = forms.ChoiceField(label="What it is", choices=KINDS)
    title = forms.CharField(
        label="Its own title",
        required=False,
        max_length=200,
        help_text="For another report, or where a company has several.",
    )
    issuer = forms.CharField(
        label="Who issued it",
        max_length=200,
        help_text="The audit firm, or the body that issued the certificate.",
    )
    starts = DayField(
        label="First day",
        required=False,
        help_text="Of its period, or of validity. Empty for what speaks for one day.",
    )
    ends = DayField(
        label="Last day", help_text="Of its period, or of validity; for a Type I report its date."
    )
    opinion = forms.ChoiceField(label="Opinion, as the report says", choices=Opinion.choices)
    opinion_says = forms.CharField(label="What it is qualified for", required=False, max_length=400)
    bridge_until = DayField(
        label="Bridge letter up to",
        required=False,
        help_text="A letter of its management, not of the auditor.",
    )
    bridge_says = forms.CharField(
        label="What the letter says",
        required=False,
        max_length=400,
        help_text="Such as: no material changes since the report.",
    )
    below = LongField(
        label="Subservice organizations in it",
        required=False,
        rows=3,
        help_text="One a line, each with carve-out or inclusive.",
    )
    none_excepted = forms.BooleanField(label="It notes no exceptions", required=False)
    none_expected = forms.BooleanField(label="It expects nothing of its customers", required=False)
    kept_at = forms.CharField(
        label="Where it is kept until its review",
        required=False,
        max_length=300,
        help_text="The file itself is attached to the review, whose evidence it is.",
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        starts, ends, bridge = given.get("starts"), given.get("ends"), given.get("bridge_until")
        kind = given.get("kind")
        if kind and starts is None and not ReportKind(kind).is_dated and kind in _PERIODS:
            self.add_error("starts", "Give the first day of its period.")
        if starts and ends and starts > ends:
            self.add_error("ends", "The last day lies before the first. Swap them.")
        if bridge and ends and bridge <= ends:
            self.add_error(
                "bridge_until", "A bridge letter speaks for days after the report. Give a later day."
            )
        if given.get("opinion") in (Opinion.QUALIFIED, Opinion.ADVERSE) and not given.get("opinion_says"):
            self.add_error("opinion_says", "Say what it is qualified for, as the report does.")
        return given


_PERIODS = (ReportKind.SOC2_TYPE_2.value, ReportKind.SOC1_TYPE_2.value, ReportKind.SOC3.value)
