"""Vendors: tiers by a table written by hand, when a review is due, what a report speaks for, names, and the order of leaving."""

from __future__ import annotations

from datetime import date

import pytest

from assay.audit.vendor_assurance import Assurance, ReportKind
from assay.audit.vendor_exit import ExitStep, before, left
from assay.audit.vendor_names import name_key
from assay.audit.vendor_tier import LOW_DATA, MEDIUM_DATA, Access, review_due, tier_of
from assay.catalogue import load_setup
from assay.catalogue.questionnaires import Tier, load_questionnaires
from assay.content_tree import Content

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("data", "access", "needed", "tier"),
    [
        ([], Access.NONE, False, Tier.LOW),
        (["public-information"], Access.NONE, False, Tier.LOW),
        (["contact-details"], Access.NONE, False, Tier.MEDIUM),
        (["system-logs", "public-information"], Access.NONE, False, Tier.MEDIUM),
        ([], Access.SEES, False, Tier.MEDIUM),
        ([], Access.CHANGES, False, Tier.HIGH),
        ([], Access.NONE, True, Tier.HIGH),
        (["customer-content"], Access.NONE, False, Tier.HIGH),
        (["contact-details", "secrets"], Access.NONE, False, Tier.HIGH),
        (["health-information"], Access.SEES, False, Tier.HIGH),
        (["a-kind-of-their-own"], Access.NONE, False, Tier.HIGH),
    ],
)
def test_the_tier_comes_from_data_access_and_need(
    data: list[str], access: Access, needed: bool, tier: Tier
) -> None:
    found = tier_of(data, access, needed=needed)
    assert found.tier is tier
    assert found.because


def test_every_reason_for_a_tier_is_said() -> None:
    assert tier_of(["secrets", "backups"], Access.CHANGES, needed=True).because == (
        "Our promises rest on its controls: it is a subservice organization.",
        "It can change or stop production.",
        "It holds backups, secrets.",
    )


def test_the_method_names_only_kinds_of_data_that_there_are() -> None:
    assert set(load_setup(Content.shipped()).data_kinds) >= MEDIUM_DATA | LOW_DATA


def test_a_review_is_due_a_cadence_after_the_last_and_at_once_where_there_was_none() -> None:
    assert review_due(date(2026, 1, 31), 365, TODAY) == date(2027, 1, 31)
    assert review_due(None, 365, TODAY) == TODAY


@pytest.mark.parametrize(
    ("report", "says", "gap"),
    [
        (
            Assurance(ReportKind.SOC2_TYPE_2, date(2026, 1, 1), date(2026, 11, 24)),
            "Covers up to 24 Nov 2026.",
            0,
        ),
        (
            Assurance(ReportKind.SOC2_TYPE_2, date(2026, 4, 1), date(2026, 9, 30)),
            "Covers up to 30 Sep 2026. Nothing speaks for the 55 days since.",
            55,
        ),
        (
            Assurance(ReportKind.SOC2_TYPE_2, date(2026, 4, 1), date(2026, 9, 30), date(2026, 11, 23)),
            "Covers up to 30 Sep 2026, then a letter of the vendor’s management up to 23 Nov 2026, which no auditor examined. Nothing speaks for the day since.",
            1,
        ),
        (
            Assurance(ReportKind.SOC2_TYPE_1, None, date(2026, 11, 24)),
            "Speaks for 24 Nov 2026 alone.",
            0,
        ),
        (Assurance(ReportKind.ISO27001, date(2025, 1, 1), date(2027, 12, 31)), "Valid until 31 Dec 2027.", 0),
        (
            Assurance(ReportKind.ISO27001, date(2023, 11, 1), date(2026, 11, 14)),
            "Valid until 14 Nov 2026, which was 10 days ago.",
            10,
        ),
    ],
)
def test_a_report_says_what_it_speaks_for_and_what_nothing_speaks_for(
    report: Assurance, says: str, gap: int
) -> None:
    assert report.says(TODAY) == says
    assert report.gap_days(TODAY) == gap


def test_what_to_ask_for_next() -> None:
    old = Assurance(ReportKind.SOC2_TYPE_2, date(2024, 7, 1), date(2025, 6, 30), date(2026, 6, 30))
    assert old.remarks(TODAY) == (
        "Its period ended more than a year ago; ask for the newer report.",
        "The bridge letter spans more than about three months, which auditors seldom rest on.",
    )
    recent = Assurance(ReportKind.SOC2_TYPE_2, date(2026, 4, 1), date(2026, 9, 30))
    assert recent.remarks(TODAY) == ("Ask for a bridge letter, or for the newer report.",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Stripe, Inc.", "stripe"),
        ("AWS", "Amazon Web Services"),
        ("Hetzner Online GmbH", "hetzner online"),
        ("Société X", "Societe X S.A.S."),
        ("fly.io", "Fly.io"),
    ],
)
def test_usual_spellings_name_one_vendor(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_other_vendors_have_other_names() -> None:
    names = ["Google Cloud", "Google Workspace", "Okta", "Co", "Microsoft Azure", "月光"]
    assert len({name_key(one) for one in names}) == len(names)


def test_data_is_asked_for_once_access_has_ended() -> None:
    assert before(ExitStep.DATA, {}) is ExitStep.ACCESS
    assert before(ExitStep.DATA, {"access": {}}) is None
    assert left({"access": {}, "contract": {}}) == (ExitStep.DATA, ExitStep.SUBPROCESSORS)


def test_each_tier_has_one_questionnaire_and_the_low_one_is_short() -> None:
    found = load_questionnaires(Content.shipped())
    by_tier = {tier: one for one in found.values() for tier in one.tiers}
    assert set(by_tier) == set(Tier)
    assert len(by_tier[Tier.LOW].questions) <= 8 < len(by_tier[Tier.HIGH].questions)
