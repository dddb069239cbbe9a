"""A scope stands, or says in a sentence each what keeps it from standing."""

from dataclasses import replace

import pytest

from assay.catalogue import (
    CarveOut,
    CatalogueError,
    Category,
    Scope,
    ScopeError,
    System,
    Trait,
    load_catalogue,
    tailor,
    validate_scope,
)
from assay.content_tree import Content

CATALOGUE = load_catalogue(Content.shipped())
AWS = CarveOut(
    "Amazon Web Services",
    "runs the machines",
    shares=("CC6.4",),
    expected=("Guards at each site",),
    monitoring=("PHY-01",),
)
SCOPE = Scope(
    company="Acme Ltd",
    sells="Invoicing for small shops.",
    system=System.SAAS,
    people=20,
    zone="Europe/Paris",
    traits=frozenset(
        {Trait.USES_CLOUD, Trait.USES_SSO, Trait.DEVELOPS_SOFTWARE, Trait.CUSTOMERS_SIGN_IN, Trait.HAS_OFFICE}
    ),
    carve_outs=(AWS,),
)
REMOTE = replace(SCOPE, traits=SCOPE.traits - {Trait.HAS_OFFICE} | {Trait.REMOTE_ONLY})
WITH_AVAILABILITY = SCOPE.categories | {Category.AVAILABILITY}


def sentences(scope: Scope = SCOPE, **changes: object) -> list[str]:
    return list(validate_scope(CATALOGUE, replace(scope, **changes)))


def test_a_scope_that_stands_gives_no_sentence():
    assert sentences() == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"company": " "}, "The company has no name; give it."),
        ({"sells": ""}, "The scope does not say what the company sells; say it in a sentence."),
        (
            {"people": 0},
            "A company of 0 people cannot be examined; count everybody who works for it, contractors included.",
        ),
        (
            {"zone": "Paris"},
            "'Paris' is no time zone that Assay knows; give its IANA name, such as Europe/Paris.",
        ),
        (
            {"zone": "../etc"},
            "'../etc' is no time zone that Assay knows; give its IANA name, such as Europe/Paris.",
        ),
        (
            {"categories": frozenset({Category.AVAILABILITY})},
            "Security is missing from the categories; it is in every scope, so add it.",
        ),
        (
            {"traits": SCOPE.traits | {Trait.REMOTE_ONLY}},
            "The scope says that there is an office and that there is none; keep one of has_office and remote_only.",
        ),
        (
            {"traits": SCOPE.traits | {Trait.HANDLES_PHI}},
            "Health information is personal data; state handles_personal_data as well.",
        ),
        (
            {"categories": SCOPE.categories | {Category.PRIVACY}},
            "Privacy is in scope and no personal data is; state handles_personal_data, or leave Privacy out.",
        ),
    ],
)
def test_what_the_company_says_of_itself_is_checked(changes, sentence):
    assert sentences(**changes) == [sentence]


def test_the_system_runs_somewhere():
    assert sentences(carve_outs=(), traits=frozenset({Trait.HAS_OFFICE})) == [
        "The scope does not say where the system runs; state uses_cloud, own_data_centre or both."
    ]


@pytest.mark.parametrize("criterion", [one.id for one in CATALOGUE.criteria.values() if one.common])
def test_a_common_criterion_is_never_switched_off(criterion):
    found = sentences(carve_outs=(), not_relevant={criterion: "We have no such thing here."})
    assert found == [
        f"{criterion} is a common criterion and cannot be called not relevant; keep its controls, or carve it out to a stated provider "
        "with a control of ours that monitors it."
    ]


@pytest.mark.parametrize(
    ("criterion", "reason", "sentence"),
    [
        ("A1.9", "No such criterion here.", "A1.9 is called not relevant and is no criterion; mend its id."),
        (
            "C1.1",
            "We keep nothing confidential.",
            "C1.1 is called not relevant, but Confidentiality is not in scope; remove the entry.",
        ),
        (
            "A1.3",
            "No.",
            "A1.3 is called not relevant without a reason; say in a sentence why it does not bear on the system.",
        ),
    ],
)
def test_not_relevant_needs_a_criterion_in_scope_and_a_reason(criterion, reason, sentence):
    assert sentences(categories=WITH_AVAILABILITY, not_relevant={criterion: reason}) == [sentence]


def test_a_category_cannot_be_emptied_criterion_by_criterion():
    reasons = dict.fromkeys(["A1.1", "A1.2", "A1.3"], "The provider does all of it.")
    assert sentences(categories=WITH_AVAILABILITY, not_relevant=reasons) == [
        "Every criterion of Availability is called not relevant; leave the category out."
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"provider": ""}, "A carve-out names no provider; state which one carries it."),
        (
            {"services": ""},
            "The carve-out of Amazon Web Services does not say what it does for the system; say it in a sentence.",
        ),
        (
            {"monitoring": ()},
            "No control of ours monitors Amazon Web Services; name one of PHY-01, VEN-03, VEN-05.",
        ),
        (
            {"monitoring": ("IAM-04",)},
            "IAM-04 does not monitor a provider such as Amazon Web Services; name one of PHY-01, VEN-03, VEN-05.",
        ),
        (
            {"monitoring": ("PHY-99",)},
            "The carve-out of Amazon Web Services is monitored by PHY-99, which is no control; mend its id.",
        ),
        (
            {"expected": ()},
            "The scope rests CC6.4 on Amazon Web Services and names no control expected of it; name one.",
        ),
        (
            {"shares": ("CC6.9",)},
            "The carve-out of Amazon Web Services names CC6.9, which is no criterion; mend its id.",
        ),
        (
            {"shares": ("A1.2",)},
            "The carve-out of Amazon Web Services names A1.2, but Availability is not in scope; remove it.",
        ),
        (
            {"shares": (), "criteria": ("CC6.1",)},
            "CC6.1 rests with the company itself; Amazon Web Services can share it, but not carry it whole.",
        ),
        (
            {"shares": (), "criteria": ("CC6.4",)},
            "CC6.4 cannot rest whole with Amazon Web Services: A company with premises of its own restricts access to them itself; "
            "the provider shares the criterion.",
        ),
    ],
)
def test_a_carve_out_needs_a_provider_its_controls_and_ours_over_it(change, sentence):
    assert sentences(carve_outs=(replace(AWS, **change),)) == [sentence]


def test_a_provider_is_carved_out_once():
    assert sentences(carve_outs=(AWS, AWS)) == [
        "Amazon Web Services is carved out twice; put what it does into one entry."
    ]


def test_a_criterion_rests_whole_or_is_shared():
    both = replace(AWS, criteria=("CC6.4",))
    assert sentences(REMOTE, carve_outs=(both,)) == [
        "CC6.4 rests whole with Amazon Web Services and is shared with it; keep one of the two."
    ]


def test_a_criterion_is_carved_out_or_not_relevant():
    found = sentences(
        categories=WITH_AVAILABILITY,
        carve_outs=(replace(AWS, shares=("A1.2",)),),
        not_relevant={"A1.2": "The provider does all of it."},
    )
    assert found == [
        "A1.2 is both carved out to Amazon Web Services and called not relevant; keep one of the two."
    ]


def test_a_whole_criterion_rests_with_a_provider_where_nothing_of_it_is_ours():
    assert sentences(REMOTE, carve_outs=(replace(AWS, shares=(), criteria=("CC6.4",)),)) == []


def test_tailoring_a_scope_that_does_not_stand_gives_every_sentence():
    with pytest.raises(ScopeError) as refusal:
        tailor(CATALOGUE, replace(SCOPE, company="", people=0))
    assert str(refusal.value).startswith("The company has no name; give it. A company of 0 people")


def test_a_scope_survives_its_act():
    scope = replace(
        SCOPE,
        categories=WITH_AVAILABILITY,
        carve_outs=(AWS, CarveOut("Stripe", "takes payments", monitoring=("VEN-03",))),
        not_relevant={"A1.3": "The provider does all of it."},
    )
    written = scope.to_object()
    assert Scope.from_object(written).to_object() == written
    assert written["categories"] == ["security", "availability"]
    assert written["traits"] == [
        "uses_cloud",
        "uses_sso",
        "develops_software",
        "customers_sign_in",
        "has_office",
    ]
    assert written["carve_outs"][1] == {
        "provider": "Stripe",
        "services": "takes payments",
        "criteria": [],
        "shares": [],
        "expected": [],
        "monitoring": ["VEN-03"],
    }


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("people", "twenty", "scope: people must be a whole number, and is 'twenty'."),
        (
            "system",
            "toaster",
            "scope: system is 'toaster', which is none of: api, data_processing, managed_service, paas, saas.",
        ),
        ("traits", ["uses_fax"], "scope: traits is 'uses_fax', which is none of: "),
        ("employees", 3, "scope: employees is no field of such a file; remove it or mend its name."),
        ("carve_outs", [{"provider": "AWS"}], "scope: carve_outs[1].services is missing; add it."),
        ("not_relevant", {"A1.3": 7}, "scope: not_relevant.A1.3 must be a text that is not empty, and is 7."),
    ],
)
def test_a_scope_as_written_is_refused_by_field(field, value, sentence):
    with pytest.raises(CatalogueError) as refusal:
        Scope.from_object(SCOPE.to_object() | {field: value})
    assert str(refusal.value).startswith(sentence)
