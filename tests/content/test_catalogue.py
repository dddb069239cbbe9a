"""The shipped catalogue as one corpus: its counts, its edges, and the words it may not use."""

import re
from collections import Counter
from types import MappingProxyType

import pytest

from assay.catalogue import Cadence, Category, Kind, Type, load_catalogue
from assay.content_tree import Content

SHIPPED = Content.shipped()
CATALOGUE = load_catalogue(SHIPPED)
FOLDERS = ("frameworks/", "controls/", "mappings/", "parameters/", "families/")
TEXTS = MappingProxyType(
    {path: SHIPPED[path].decode() for folder in FOLDERS for path in SHIPPED.paths(folder, ".yaml")}
)

# The points of focus of each criterion, as docs on the 2022 revision count them.
POINTS = """
CC1.1 5 CC1.2 4 CC1.3 6 CC1.4 7 CC1.5 6 CC2.1 9 CC2.2 13 CC2.3 12 CC3.1 16 CC3.2 9 CC3.3 5 CC3.4 6 CC4.1 8 CC4.2 3 CC5.1 6 CC5.2 4 CC5.3 6
CC6.1 13 CC6.2 3 CC6.3 4 CC6.4 4 CC6.5 1 CC6.6 4 CC6.7 4 CC6.8 5 CC7.1 5 CC7.2 4 CC7.3 7 CC7.4 14 CC7.5 6 CC8.1 18 CC9.1 2 CC9.2 13
A1.1 3 A1.2 11 A1.3 2 C1.1 3 C1.2 2 PI1.1 3 PI1.2 3 PI1.3 5 PI1.4 4 PI1.5 4
P1.1 7 P2.1 6 P3.1 4 P3.2 2 P4.1 1 P4.2 2 P4.3 3 P5.1 5 P5.2 4 P6.1 4 P6.2 1 P6.3 1 P6.4 3 P6.5 2 P6.6 2 P6.7 3 P7.1 2 P8.1 6
"""

# Every parameter that the checks and the example documents name, each with the default they give.
DEFAULTS = {
    "access_key_max_age_days": 90, "access_keys_per_user_max": 1, "access_ticket_type": "access", "admin_max_people": 4,
    "admin_min_people": 2, "alert_high_hours": 24, "approved_account_ids": (), "approved_admin_principals": (),
    "approved_bypass_actors": (), "approved_oauth_apps": (), "approved_shared_accounts": (), "background_check_grace_days": 0,
    "backup_max_age_hours": 26, "certificate_notice_days": 30, "confidential_log_groups": (),
    "confidential_tag": "data-class:confidential", "cross_region_tag": "recovery:cross-region", "database_backup_days": 7,
    "device_grace_days": 7, "device_report_max_days": 30, "dormant_days": 90, "eks_log_types": ("api", "audit", "authenticator"),
    "eks_public_cidrs": (), "github_base_permission_max": "read", "instance_max_age_days": 180, "kms_rotation_max_days": 365,
    "leaked_secret_replace_hours": 24, "leaver_access_end_hours": 24, "log_retention_days": 365, "organization_id": "",
    "password_history": 24, "password_max_age_days": 0, "password_min_characters": 14, "password_require_digit": False,
    "password_require_lower": False, "password_require_symbol": False, "password_require_upper": False,
    "production_environments": ("production",), "production_tag": "environment:production", "public_approved_tag": "public:approved",
    "public_ports": ("80", "443"), "public_prefix_min_v4": 24, "public_prefix_min_v6": 56,
    "rds_log_types": ("audit", "error", "postgresql", "upgrade"), "recovery_tag": "backup:required", "required_approvals": 1,
    "retention_max_days": 365, "retention_tag": "retention", "root_unused_days": 90, "rotation_exempt_tag": "rotation:manual",
    "secret_max_age_days": 90, "secret_unused_days": 90, "session_idle_minutes": 60, "strong_factors": ("webauthn", "signed_nonce"),
    "tls_min_version": "1.2", "trail_delivery_max_hours": 24, "training_interval_days": 365, "training_joiner_days": 30,
    "unused_credential_days": 45, "vulnerability_critical_days": 7, "vulnerability_high_days": 30, "vulnerability_medium_days": 90,
    "zones_min": 2,
}  # fmt: skip
EXAMPLES = """
access_review_days access_review_removal_days authority_notice_hours breach_log_days breach_report_hours customer_notice_hours
customer_session_idle_minutes customer_update_days exception_max_days incident_action_max_days incident_contacts_check_days
incident_evidence_retention_days incident_exercise_days incident_log_review_days incident_report_minutes incident_review_days
incident_triage_minutes mover_access_change_days phishing_exercise_days privileged_log_review_days production_session_max_hours
root_use_explained_hours session_max_hours sev1_containment_minutes sev1_response_minutes sev1_update_minutes sev2_response_minutes
sev2_update_hours sev3_response_hours sev4_response_days training_pass_percent
"""


def test_the_criteria_and_their_points_are_all_there():
    pairs = POINTS.split()
    expected = dict(zip(pairs[::2], map(int, pairs[1::2]), strict=True))
    assert {key: len(one.points) for key, one in CATALOGUE.criteria.items()} == expected
    assert (len(CATALOGUE.criteria), len(CATALOGUE.points)) == (61, 330)
    assert [point.id for point in CATALOGUE.points] == [
        f"{key}.{n}" for key, count in expected.items() for n in range(1, count + 1)
    ]


def test_each_category_has_its_criteria():
    assert Counter(one.category for one in CATALOGUE.criteria.values()) == {
        Category.SECURITY: 33,
        Category.AVAILABILITY: 3,
        Category.CONFIDENTIALITY: 2,
        Category.PROCESSING_INTEGRITY: 5,
        Category.PRIVACY: 18,
    }
    assert all(one.id.startswith("CC") == one.common for one in CATALOGUE.criteria.values())


def test_no_two_points_or_criteria_share_a_gist_but_where_the_framework_repeats_itself():
    gists = Counter(
        [point.gist for point in CATALOGUE.points] + [one.title for one in CATALOGUE.criteria.values()]
    )
    assert [gist for gist, count in gists.items() if count > 1] == ["Misuse by a third party is remedied"]


def test_there_are_157_controls_and_every_kind_has_some():
    assert len(CATALOGUE.controls) >= 157
    assert {one.kind for one in CATALOGUE.controls.values()} == set(Kind)
    assert len({one.statement for one in CATALOGUE.controls.values()}) == len(CATALOGUE.controls)


def test_every_control_has_one_owner_from_a_short_list_of_roles():
    assert {one.owner for one in CATALOGUE.controls.values()} == {
        "Chief executive",
        "Chief technology officer",
        "Engineering manager",
        "Finance",
        "IT",
        "Legal",
        "People",
        "Platform",
        "Product",
        "Security lead",
        "Support",
        "System owner",
    }


def test_a_control_per_event_says_its_population_and_a_periodic_one_its_due_dates():
    for one in CATALOGUE.controls.values():
        if one.kind is Kind.PER_EVENT and one.id not in (
            "INC-06",
            "CHG-07",
            "CHG-08",
        ):  # told by the population of another control
            assert one.type2.startswith("Population: "), one.id
        if one.kind is Kind.PERIODIC:
            assert one.cadence not in (None, Cadence.CONTINUOUS)


def test_the_crosswalks_hold_ids_of_their_frameworks_alone():
    forms = {
        "iso27001-2022": r"A\.[5-8]\.[1-9][0-9]?|(?:[4-9]|10)\.[1-9](?:\.[1-9])?",
        "hipaa": r"164\.[345][0-9]{2}(?:\([A-Za-z0-9]+\))*",
        "nist-csf-2": r"(?:GV|ID|PR|DE|RS|RC)\.[A-Z]{2}-[0-9]{2}",
    }
    assert set(CATALOGUE.mappings) == {"soc2", *forms}
    for name, form in forms.items():
        assert [one for one in CATALOGUE.mappings[name].criteria if not re.fullmatch(form, one)] == []
    assert CATALOGUE.crosswalk("IAM-08") == {
        "hipaa": ("164.308(a)(3)(ii)(C)",),
        "iso27001-2022": ("A.5.18", "A.6.5"),
        "nist-csf-2": ("PR.AA-01",),
    }


def test_a_control_names_neither_criteria_nor_parameters():
    for path, text in TEXTS.items():
        if path.startswith("controls/"):
            assert not re.search(r"\b(?:CC|A|C|PI|P)[1-9]\.[1-9]\b", text), path
            assert not any(re.search(rf"\b{name}\b", text) for name in CATALOGUE.parameters), path


def test_every_parameter_that_checks_and_documents_name_is_there():
    assert set(DEFAULTS) | set(EXAMPLES.split()) | {"lambda_ended_runtimes"} <= set(CATALOGUE.parameters)
    assert {name: CATALOGUE.parameters[name].default for name in DEFAULTS} == DEFAULTS


def test_a_number_has_its_unit_in_its_name():
    others = {"bits", "keys", "passwords", "zones", "approvals"}
    for one in CATALOGUE.parameters.values():
        if one.type is Type.INTEGER:
            assert one.unit in others or one.name.endswith(f"_{one.unit}") or f"_{one.unit}_" in one.name, (
                one.name
            )
    assert {one.unit for one in CATALOGUE.parameters.values() if one.type is Type.INTEGER} >= {
        "days",
        "hours",
        "minutes",
        "percent",
    }


def test_limits_that_follow_from_each_other_do_so_by_default():
    value = {name: one.default for name, one in CATALOGUE.parameters.items()}
    assert value["admin_min_people"] <= value["admin_max_people"]
    assert (
        value["vulnerability_critical_days"]
        < value["vulnerability_high_days"]
        < value["vulnerability_medium_days"]
    )
    assert (
        value["incident_triage_minutes"]
        <= value["sev1_response_minutes"]
        <= value["sev1_containment_minutes"]
        <= 60
    )
    assert value["sev1_response_minutes"] < value["sev2_response_minutes"]
    assert CATALOGUE.parameters["sev1_containment_minutes"].maximum == 60


def test_the_cadences_that_a_parameter_governs_are_these():
    governed = {
        one: parameter.name for one in CATALOGUE.controls if (parameter := CATALOGUE.cadence_parameter(one))
    }
    assert governed == {
        "HRS-04": "training_interval_days",
        "HRS-09": "phishing_exercise_days",
        "IAM-07": "access_review_days",
        "INC-04": "incident_exercise_days",
        "LOG-05": "privileged_log_review_days",
    }
    for one in governed:
        assert "set interval" in CATALOGUE.controls[one].statement


def test_a_statement_that_speaks_of_a_set_value_has_a_parameter_that_gives_it():
    spoken = {one.id for one in CATALOGUE.controls.values() if re.search(r"\bset (?:hours|days|minutes|interval|number|age|version|grace|limit)\b", one.statement)}  # fmt: skip
    assert {one for one in spoken if not CATALOGUE.parameters_stated_by(one)} == set()


def test_the_six_families_say_what_no_source_can_show():
    assert [one.title for one in CATALOGUE.families.values()] == [
        "Multi-factor authentication",
        "Least privilege",
        "Encryption at rest and in transit",
        "Logging and monitoring",
        "Vulnerabilities and patching",
        "Configuration management",
    ]
    assert all(len(one.not_shown) >= 3 and len(one.controls) >= 4 for one in CATALOGUE.families.values())


@pytest.mark.parametrize(
    "word",
    "appropriate adequate properly regularly timely promptly periodically ensure ensures should certified compliant TODO".split(),  # noqa: SIM905
)
def test_rules_hold_no_word_that_hides_a_decision_or_claims_a_conclusion(word):
    rules = [one.statement for one in CATALOGUE.controls.values()]
    rules += [
        text
        for one in CATALOGUE.controls.values()
        for text in (one.type1, one.type2, one.recommended.otherwise)
    ]
    rules += [text for one in CATALOGUE.parameters.values() for text in (one.says, one.reason)]
    rules += [text for one in CATALOGUE.families.values() for text in (one.says, *one.not_shown)]
    assert [rule for rule in rules if re.search(rf"\b{word}\b", rule, re.IGNORECASE)] == []
