"""Northwind Metrics, twenty people, on a Monday in November: the inputs of a readiness report as a real company would have them."""

from __future__ import annotations

from functools import cache
from typing import Any

from assay.audit import (
    CheckFacts,
    Evaluation,
    EvidenceFacts,
    GapFacts,
    PopulationFacts,
    ReadinessInputs,
    Seal,
    SourceFacts,
    TableFacts,
    from_content,
)
from assay.catalogue import Catalogue, Scope, System, Tailoring, Trait, load_catalogue, tailor
from assay.content_tree import Content

PROD, DATA = "111122223333", "444455556666"
NOW, YESTERDAY, START = "2026-11-23T06:12:48Z", "2026-11-22T06:11:02Z", "2026-09-01T08:00:00Z"

SCOPE = Scope(
    company="Northwind Metrics",
    sells="Usage analytics for software companies, as a service",
    system=System.SAAS,
    people=20,
    zone="Europe/Berlin",
    traits=frozenset({Trait.DEVELOPS_SOFTWARE, Trait.REMOTE_ONLY, Trait.USES_CLOUD}),
)


@cache
def tailored() -> tuple[Catalogue, Tailoring]:
    catalogue = load_catalogue(Content.shipped())
    return catalogue, tailor(catalogue, SCOPE)


_TABLES = {
    "aws_iam_principal": "aws",
    "aws_iam_access_key": "aws",
    "aws_iam_account_summary": "aws",
    "aws_iam_credential_report": "aws",
    "aws_s3_bucket": "aws",
    "aws_ec2_security_group_rule": "aws",
    "aws_rds_instance": "aws",
    "aws_cloudtrail": "aws",
    "aws_kms_key": "aws",
    "aws_guardduty_detector": "aws",
    "aws_ebs_volume": "aws",
    "github_org": "github",
    "github_repo": "github",
    "github_branch_protection": "github",
    "github_pull_request": "github",
    "github_secret_scanning_alert": "github",
    "hr_person": "file",
    "account": "file",
    "device": "file",
    "training_record": "file",
}
_PERSONAL = {"hr_person", "account", "training_record"}


def tables() -> tuple[TableFacts, ...]:
    return tuple(TableFacts(name, source, personal=name in _PERSONAL) for name, source in _TABLES.items())


def _check(
    id_: str, title: str, of: str, severity: str, table: str, console: str = "", *more: str, hides: str = ""
) -> CheckFacts:
    return CheckFacts(
        id=id_,
        title=title,
        controls=tuple(of.split()),
        severity=severity,
        items=(table,),
        reads={one: frozenset({"key", "mfa_active", "encryption", "rotation"}) for one in (table, *more)},
        does_not_show=hides,
        remedy={"console": console, "cli": "aws … --example", "terraform": "resource …"} if console else {},
    )


CHECKS = (
    _check(
        "aws.iam.root_mfa",
        "The root user has MFA, or has no sign-in credentials at all",
        "IAM-04 IAM-05",
        "high",
        "aws_iam_account_summary",
    ),
    _check(
        "aws.iam.user_mfa_console",
        "Console users have a second step at sign-in",
        "IAM-04",
        "high",
        "aws_iam_principal",
        "IAM > Users > the user > Security credentials > Assign MFA device",
        hides="Who holds the device.",
    ),
    _check(
        "aws.iam.key_age",
        "Access keys are no older than the company allows",
        "IAM-12",
        "medium",
        "aws_iam_access_key",
        "IAM > Users > the user > Security credentials > create a new key, move its workload, deactivate the old one",
    ),
    _check(
        "aws.iam.admin_few",
        "Only named administrators hold full rights",
        "IAM-06 IAM-11",
        "high",
        "aws_iam_principal",
    ),
    _check(
        "aws.s3.public",
        "No bucket is open to the public",
        "NET-09 DAT-01",
        "high",
        "aws_s3_bucket",
        "S3 > the bucket > Permissions > Block public access > block all",
    ),
    _check("aws.s3.encrypted", "Every bucket encrypts what it keeps", "DAT-01", "medium", "aws_s3_bucket"),
    _check(
        "aws.ec2.sg_ssh",
        "No administrative port is open to the world",
        "NET-01 NET-04",
        "high",
        "aws_ec2_security_group_rule",
        "EC2 > Security groups > the group > Inbound rules > narrow the source",
    ),
    _check(
        "aws.rds.backup",
        "Databases are backed up every day",
        "AVL-01 AVL-02 DAT-05",
        "high",
        "aws_rds_instance",
        "RDS > Databases > the database > Modify > Backup retention period",
    ),
    _check("aws.rds.encrypted", "Databases are encrypted at rest", "DAT-01", "high", "aws_rds_instance"),
    _check(
        "aws.cloudtrail.on",
        "A trail records every region and checks its own files",
        "LOG-01 LOG-02 LOG-03",
        "high",
        "aws_cloudtrail",
    ),
    _check(
        "aws.kms.rotation",
        "Keys that encrypt customer data are rotated",
        "DAT-03",
        "medium",
        "aws_kms_key",
        "KMS > the key > Key rotation > Edit",
    ),
    _check(
        "aws.guardduty.on",
        "Threat detection watches every region in use",
        "LOG-04 MON-01 VUL-01",
        "medium",
        "aws_guardduty_detector",
    ),
    _check("aws.ebs.encrypted", "Volumes are encrypted at rest", "DAT-01", "medium", "aws_ebs_volume"),
    _check(
        "github.org.mfa",
        "The organization asks every member for a second step",
        "IAM-04 IAM-03",
        "high",
        "github_org",
    ),
    _check(
        "github.repo.protected",
        "The default branch takes changes by review only",
        "CHG-02 CHG-03 CHG-04",
        "high",
        "github_branch_protection",
        "Repository > Settings > Rules > Rulesets > New ruleset",
    ),
    _check(
        "github.pr.approved",
        "Merged changes were approved by somebody else than their author",
        "CHG-02 CHG-03",
        "high",
        "github_pull_request",
    ),
    _check(
        "github.secrets.scanned",
        "Repositories are scanned for secrets",
        "IAM-13",
        "medium",
        "github_secret_scanning_alert",
    ),
    _check(
        "cross.leaver",
        "Leavers hold no active account",
        "IAM-08",
        "high",
        "account",
        "Deactivate the account in the system that the list names",
        "hr_person",
    ),
    _check(
        "cross.training",
        "Security training is not overdue",
        "HRS-04",
        "medium",
        "training_record",
        "",
        "hr_person",
    ),
    _check(
        "cross.device",
        "Every worker's device encrypts its disk and locks its screen",
        "END-01 END-02",
        "medium",
        "device",
    ),
)


def _set(conforms: int, *notes: dict[str, Any], not_applicable: int = 0) -> dict[str, Any]:
    counts = {"CONFORMS": conforms, "NOT_APPLICABLE": not_applicable}
    for conclusion in ("DEVIATES", "UNKNOWN"):
        counts[conclusion] = sum(note["conclusion"] == conclusion for note in notes)
    return {"counts": counts, "notes": list(notes)}


def _note(conclusion: str, item: str | None, reason: str, table: str = "", **saw: Any) -> dict[str, Any]:
    return {
        "conclusion": conclusion,
        "item": item,
        "table": table,
        "reason": reason,
        "saw": saw,
        "changes_at": None,
    }


def _person(conclusion: str, digest: str, reason: str, table: str) -> dict[str, Any]:
    return {
        "conclusion": conclusion,
        "commitment": digest * 32,
        "table": table,
        "reason": reason,
        "saw": {},
        "changes_at": None,
    }


_USER = f"arn:aws:iam::{PROD}:user/"
_BUCKET = "arn:aws:s3:::northwind-"
_RULE = f"arn:aws:ec2:eu-central-1:{PROD}:security-group-rule/"
_DB = f"arn:aws:rds:eu-central-1:{PROD}:db:"
_KEY = f"arn:aws:kms:eu-central-1:{DATA}:key/"


def _sets_now() -> dict[str, Any]:
    return {
        "aws.iam.root_mfa": _set(2),
        "aws.iam.user_mfa_console": _set(
            11,
            _note(
                "DEVIATES",
                f"{_USER}jonah.marsh",
                "Signs in with a password alone.",
                "aws_iam_principal",
                saw_mfa=False,
                saw_password=True,
            ),
            _note(
                "DEVIATES",
                f"{_USER}lyle.okoro",
                "Signs in with a password alone.",
                "aws_iam_principal",
                saw_mfa=False,
                saw_password=True,
            ),
            not_applicable=4,
        ),
        "aws.iam.key_age": _set(
            17,
            _note(
                "DEVIATES",
                f"{_USER}billing-export/AKIAEXAMPLE1",
                "131 days old.",
                "aws_iam_access_key",
                saw_created="2026-07-15T09:00:00Z",
            ),
            _note(
                "DEVIATES",
                f"{_USER}billing-export/AKIAEXAMPLE2",
                "94 days old.",
                "aws_iam_access_key",
                saw_created="2026-08-21T09:00:00Z",
            ),
        ),
        "aws.iam.admin_few": _set(31),
        "aws.s3.public": _set(
            22,
            _note(
                "DEVIATES",
                f"{_BUCKET}press-kit",
                "Its policy lets everyone read.",
                "aws_s3_bucket",
                saw_policy_public=True,
            ),
        ),
        "aws.s3.encrypted": _set(23),
        "aws.ec2.sg_ssh": _set(
            40,
            _note(
                "DEVIATES",
                f"{_RULE}sgr-0a1b2c3d",
                "Port 22 is open to 0.0.0.0/0.",
                "aws_ec2_security_group_rule",
                saw_cidr="0.0.0.0/0",
                saw_port=22,
            ),
        ),
        "aws.rds.backup": _set(
            3,
            _note("DEVIATES", f"{_DB}reporting", "Backups are kept 0 days.", "aws_rds_instance", saw_days=0),
        ),
        "aws.rds.encrypted": _set(4),
        "aws.cloudtrail.on": _set(2),
        "aws.kms.rotation": _set(
            5,
            *(
                _note("UNKNOWN", f"{_KEY}{name}", "denied", "aws_kms_key")
                for name in ("0b7c-ledger", "5e21-exports")
            ),
        ),
        "aws.guardduty.on": _set(4),
        "aws.ebs.encrypted": _set(18),
        "github.org.mfa": _set(1),
        "github.repo.protected": _set(
            8,
            _note(
                "DEVIATES",
                "northwind/ingest",
                "Pushes to main need no review.",
                "github_branch_protection",
                saw_reviews=0,
            ),
        ),
        "github.pr.approved": _set(
            211,
            _note(
                "DEVIATES",
                "northwind/ingest#482",
                "Merged by its author without approval.",
                "github_pull_request",
                saw_approvals=0,
            ),
        ),
        "github.secrets.scanned": _set(
            0, _note("UNKNOWN", None, "unavailable", "github_secret_scanning_alert")
        ),
        "cross.leaver": _set(2, _person("DEVIATES", "ab", "Active 19 days after the last day.", "account")),
        "cross.training": _set(
            18,
            _person("DEVIATES", "cd", "Overdue.", "training_record"),
            _person("DEVIATES", "ef", "Overdue.", "training_record"),
        ),
    }


def _sets_yesterday() -> dict[str, Any]:
    sets = _sets_now()
    sets["aws.iam.user_mfa_console"] = _set(
        12,
        _note(
            "DEVIATES",
            f"{_USER}lyle.okoro",
            "Signs in with a password alone.",
            "aws_iam_principal",
            saw_mfa=False,
        ),
        not_applicable=4,
    )
    sets["aws.kms.rotation"] = _set(7)
    sets["aws.s3.encrypted"] = _set(
        22,
        _note(
            "DEVIATES", f"{_BUCKET}logs", "No encryption by default.", "aws_s3_bucket", saw_encryption=None
        ),
    )
    sets["github.pr.approved"] = _set(209)
    sets["cross.training"] = _set(
        17, *(_person("DEVIATES", two, "Overdue.", "training_record") for two in ("cd", "ef", "01"))
    )
    return sets


def _sets_at_start() -> dict[str, Any]:
    sets = {id_: one for id_, one in _sets_yesterday().items() if id_.startswith("aws.")}
    sets["aws.cloudtrail.on"] = _set(
        0,
        *(
            _note(
                "DEVIATES",
                f"arn:aws:cloudtrail:{region}:{PROD}:trail/main",
                "One region only.",
                "aws_cloudtrail",
            )
            for region in ("eu-central-1", "us-east-1")
        ),
    )
    sets["aws.guardduty.on"] = _set(0, _note("DEVIATES", "detector", "Off.", "aws_guardduty_detector"))
    return sets


_KEYS = {
    "aws_iam_principal": frozenset({f"{_USER}jonah.marsh", f"{_USER}lyle.okoro"}),
    "aws_kms_key": frozenset({f"{_KEY}0b7c-ledger", f"{_KEY}5e21-exports"}),
    "aws_s3_bucket": frozenset({f"{_BUCKET}logs", f"{_BUCKET}press-kit"}),
}


def _gap(table: str, reason: str, account: str | None = None, **more: Any) -> dict[str, Any]:
    gap = dict.fromkeys(
        ("account", "at", "call", "columns", "detail", "key", "parent", "reason", "region", "table")
    )
    return gap | {"table": table, "reason": reason, "account": account} | more


GAPS = (
    GapFacts(
        _gap(
            "aws_kms_key",
            "denied",
            DATA,
            key=f"{_KEY}0b7c-ledger",
            columns=["rotation"],
            call="kms.get_key_rotation_status",
            region="eu-central-1",
            at=NOW,
        ),
        NOW,
        YESTERDAY,
    ),
    GapFacts(
        _gap(
            "aws_kms_key",
            "denied",
            DATA,
            key=f"{_KEY}5e21-exports",
            columns=["rotation"],
            call="kms.get_key_rotation_status",
            region="eu-central-1",
            at=NOW,
        ),
        NOW,
        YESTERDAY,
    ),
    GapFacts(
        _gap(
            "github_secret_scanning_alert",
            "unavailable",
            "northwind",
            call="GET /orgs/{org}/secret-scanning/alerts",
            at=NOW,
        ),
        START,
        None,
    ),
)


def _evidence(
    index: int, control: str, shows: str, observed: str, by: str = "Ada Lindqvist", days: int | None = None
) -> EvidenceFacts:
    body = {
        "control": control,
        "shows": shows,
        "observed": f"{observed}T10:00:00Z",
        "by": by,
        "captured_by": by,
        "file_name": f"{control.lower()}.pdf",
        "covers": None,
        "recurs": {"every_days": days, "expires": None} if days else None,
        "note": None,
        "attachment": "00" * 32,
        "bytes": 48_213,
        "how": {"method": "document", "system": None, "query": None, "count": None},
    }
    return EvidenceFacts(body, f"{observed}T16:20:00Z", index)


EVIDENCE = (
    _evidence(14, "GOV-02", "Organisation chart of 14 August with reporting lines", "2026-08-14"),
    _evidence(15, "GOV-03", "Letter that names Ada as security lead, signed by both founders", "2026-08-14"),
    _evidence(
        41, "IAM-07", "Access review of the third quarter with the lists it used and 3 removals", "2026-10-02"
    ),
    _evidence(43, "MON-04", "Report of the penetration test by Blue Harbour, August 2025", "2025-08-20"),
    _evidence(
        57, "HRS-01", "Background checks of the five joiners of this year: fact and date", "2026-10-20"
    ),
    _evidence(
        58, "RSK-01", "Risk register with owners and treatment, reviewed by the founders", "2026-10-21"
    ),
    _evidence(
        60, "POL-01", "Information security policy, version 2, approved by both founders", "2026-10-28"
    ),
    _evidence(61, "INC-01", "Incident response plan, version 1, approved", "2026-10-28"),
    _evidence(
        66,
        "CHG-02",
        "Walk-through of one change from ticket to release, by Ben",
        "2026-11-10",
        "Ben Achterberg",
    ),
)

POPULATIONS = (
    PopulationFacts("aws_iam_principal", PROD, "", 48, "9f3c41d0a71e" + "0" * 52),
    PopulationFacts("aws_iam_access_key", PROD, "", 19, "c4e190b7d2aa" + "0" * 52),
    PopulationFacts("aws_s3_bucket", PROD, "", 17, "11d07fe2c9b4" + "0" * 52),
    PopulationFacts("aws_s3_bucket", DATA, "", 6, "27aa019be7f1" + "0" * 52),
    PopulationFacts("aws_rds_instance", PROD, "eu-central-1", 4, "83f1ccd0e294" + "0" * 52),
    PopulationFacts("aws_kms_key", DATA, "eu-central-1", 7, "5b0e77a1f3c8" + "0" * 52),
    PopulationFacts("github_pull_request", "northwind", "", 212, "e0917b44aa20" + "0" * 52),
    PopulationFacts("hr_person", "people", "", 20, "701c55d9be6f" + "0" * 52),
)

SOURCES = (
    SourceFacts(
        "aws", "aws", "AWS", NOW, complete=False, places={PROD: "northwind-prod", DATA: "northwind-data"}
    ),
    SourceFacts(
        "code", "github", "GitHub", "2026-11-23T06:08:31Z", complete=False, places={"northwind": "northwind"}
    ),
    SourceFacts(
        "people",
        "file",
        "Staff list",
        "2026-11-02T09:15:00Z",
        complete=True,
        places={"people": "Staff list of 2 November"},
    ),
)


def catalogue_facts() -> dict[str, Any]:
    catalogue, tailoring = tailored()
    return {
        "company": from_content.company(SCOPE),
        "criteria": from_content.criterion_facts(catalogue, tailoring),
        "controls": from_content.control_facts(catalogue, tailoring),
        "families": from_content.family_facts(catalogue),
    }


def inputs(**changes: Any) -> ReadinessInputs:
    observed = {
        ("aws_iam_principal", f"{_USER}jonah.marsh"): (
            {"mfa_active": True, "password_enabled": True},
            {"mfa_active": False, "password_enabled": True},
        ),
        ("aws_s3_bucket", f"{_BUCKET}logs"): (
            {"encryption": None, "region": "eu-central-1"},
            {"encryption": "aws:kms", "region": "eu-central-1"},
        ),
    }
    given: dict[str, Any] = {
        **catalogue_facts(),
        "tables": tables(),
        "checks": CHECKS,
        "now": Evaluation(NOW, _sets_now(), ("2026-08-25T06:12:48Z", NOW), _KEYS),
        "before": Evaluation(YESTERDAY, _sets_yesterday(), None, _KEYS),
        "start": Evaluation(START, _sets_at_start()),
        "gaps": GAPS,
        "evidence": EVIDENCE,
        "populations": POPULATIONS,
        "sources": SOURCES,
        "observed": observed,
        "actions": {"kms.get_key_rotation_status": "kms:GetKeyRotationStatus"},
        "seal": Seal(
            4812,
            "9f3c41d0a71e" + "0" * 52,
            "assay/northwind",
            (("Harrow & Pike LLP", "2026-11-23T06:14:05Z"),),
            "assay verify northwind-2026-11-23.zip --key assay/northwind+7c1d…",
        ),
    }
    return ReadinessInputs(**(given | changes))


def nothing_connected() -> ReadinessInputs:
    """The same company on its first morning."""
    return ReadinessInputs(**catalogue_facts(), tables=tables(), checks=CHECKS, now=Evaluation(START, {}))
