"""Help and the first run as shipped: what must be answered, the figures that it gives, and the words that no such text may use."""

import re

import pytest

from assay.catalogue import Category, Place, Relation, Trait, load_help, load_setup
from assay.content_tree import Content

SHIPPED = Content.shipped()
HELP = load_help(SHIPPED)
SETUP = load_setup(SHIPPED)
TEXTS = {
    path: SHIPPED[path].decode()
    for folder in ("interview/", "help/", "setup/")
    for path in SHIPPED.paths(folder, ".yaml")
}


@pytest.mark.parametrize(
    ("topic", "says"),
    [
        ("is-it-law", "No. It is a voluntary"),
        ("cost", "$15,000 to $60,000"),
        ("renewal", "every year"),
        ("start-up", "Yes."),
        ("type-one-or-two", "as of one day"),
        ("soc2-or-iso27001", "Ask your customers"),
        ("soc-1-2-3", "SOC 3"),
        ("who-may-issue", "Only an independent, licensed CPA firm"),
        ("opinion", "Qualified means"),
        ("exceptions", "did not follow the control"),
        ("how-long", "3 to 12 months of observation, commonly 6 to 12"),
        ("which-categories", "Security is in every report"),
        ("carve-out", "Inclusive"),
        ("cuec", "your customer must do"),
        ("bridge-letter", "you, not the auditor"),
        ("what-is-evidence", "not for the time at which it was uploaded"),
        ("population-and-sample", "the complete list"),
        ("unknown", "never counts as conforming"),
        ("assay-does", "the auditor concludes"),
        ("penetration-test", "The criteria do not name one"),
        ("one-or-two-people", "never hides it"),
        ("classic-mistakes", "without a readiness assessment"),
        ("what-the-auditor-sees", "repaired ones too"),
        ("personal-data-in-evidence", "destroys the key"),
        ("what-an-answer-is-worth", "the weakest kind of evidence"),
    ],
)
def test_what_a_first_timer_asks_is_answered(topic, says):
    assert says in " ".join(HELP.topics[topic].answer.split())


def test_the_figures_are_those_of_the_plan():
    figures = {one.of: one.amount for topic in HELP.topics.values() for one in topic.figures}
    assert figures == {
        "audit fee": "$15,000 to $60,000 a report",
        "usual age limit": "12 months",
        "Type I preparation": "2 to 4 months",
        "Type I audit": "4 to 8 weeks",
        "Type II preparation": "3 to 6 months",
        "Type II observation": "3 to 12 months, commonly 6 to 12",
        "Type II review": "4 to 8 weeks",
        "usual length": "up to about 3 months",
    }


def test_every_place_has_help_and_every_topic_is_reachable():
    assert all(HELP.beside(place) for place in Place)
    assert HELP.beside(Place.HOME)[0].id == "is-it-law"


def test_each_category_but_security_has_a_topic_and_a_question_of_its_own():
    for one in Category:
        if one is not Category.SECURITY:
            assert Place.SETUP_CATEGORIES in HELP.topics[f"category-{one.replace('_', '-')}"].beside
            assert SETUP.categories[one].ask.startswith(("Do you", "Do customers", "Would"))


def test_each_trait_is_asked_as_a_question_that_yes_or_no_answers():
    for trait, one in SETUP.traits.items():
        assert re.match(r"(?:Do|Does|Is|Are)\b", one.ask), trait
    assert SETUP.data_kinds["health-information"].states == (
        Trait.HANDLES_PERSONAL_DATA,
        Trait.HANDLES_PHI,
    )
    assert SETUP.data_kinds["worker-records"].states == ()


def test_about_60_or_more_vendors_are_suggested_some_as_subservice_organizations():
    assert len(SETUP.vendors) >= 60
    usual = {name: one.usually for name, one in SETUP.vendors.items()}
    assert usual["Amazon Web Services"] is Relation.SUBSERVICE
    assert usual["Mailchimp"] is Relation.VENDOR
    assert all(one.data_kinds for one in SETUP.vendors.values())


def test_nothing_is_claimed_of_a_vendor():
    claims = r"\b(?:reports?|SOC|ISO|secure|best|leading|trusted|reliable|safe)\b"
    found = {one.name for one in SETUP.vendors.values() if re.search(claims, one.used_for + one.because)}
    assert found == {"Snyk", "HackerOne"}  # the reports that they handle, not reports on them


@pytest.mark.parametrize(
    "word",
    "appropriate adequate properly regularly timely promptly periodically ensure ensures should certified compliant guarantee guarantees pass fail failed TODO".split(),  # noqa: SIM905
)
def test_no_text_hides_a_decision_or_claims_a_conclusion(word):
    allowed = {("fail", "interview/automated-tests.yaml"), ("failed", "interview/failed-jobs.yaml")}
    found = {(word, path) for path, text in TEXTS.items() if re.search(rf"\b{word}\b", text, re.IGNORECASE)}
    assert found - allowed == set()
