"""What exports call the columns of the shipped file tables, and the words that they use in them. Only ever a suggestion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one column: its usual headings, and for a closed set of values the words that mean each.

    `blank_is_unknown`: an empty cell does not say “none”, the export just did not tell. `to_the_end`: a day without a time counts to its end.
    `lower`: case means nothing.
    """

    headings: tuple[str, ...] = ()
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    blank_is_unknown: bool = False
    to_the_end: bool = False
    lower: bool = False


_Table: TypeAlias = dict[str, Known]

TRUE = ("true", "yes", "y", "1", "on", "enabled", "active", "x")
FALSE = ("false", "no", "n", "0", "off", "disabled", "inactive", "none")

_EMAIL = Known(
    (
        "email",
        "email address",
        "e-mail",
        "work email",
        "work email address",
        "company email",
        "user email",
        "mail",
        "employee email",
    ),
    lower=True,
)
_LEVELS = (
    ("critical", ("critical", "sev1", "sev 1", "p1", "urgent", "blocker")),
    ("high", ("high", "sev2", "sev 2", "p2", "major", "important")),
    ("medium", ("medium", "moderate", "sev3", "sev 3", "p3", "normal")),
    ("low", ("low", "minor", "sev4", "sev 4", "p4")),
)
_DECIDED = (
    (
        "open",
        (
            "open",
            "new",
            "to do",
            "todo",
            "in progress",
            "pending",
            "waiting",
            "waiting for approval",
            "submitted",
            "in review",
        ),
    ),
    ("approved", ("approved", "accepted", "authorized", "authorised", "scheduled")),
    ("done", ("done", "closed", "resolved", "completed", "complete", "implemented", "fulfilled", "finished")),
    (
        "rejected",
        ("rejected", "declined", "denied", "cancelled", "canceled", "withdrawn", "won't do", "failed"),
    ),
)

KNOWN: dict[str, _Table] = {
    "hr_person": {
        "email": _EMAIL,
        "worker_id": Known(
            (
                "worker id",
                "employee id",
                "employee number",
                "employee #",
                "personnel number",
                "staff id",
                "id",
            )
        ),
        "kind": Known(
            (
                "kind",
                "type",
                "employment type",
                "worker type",
                "employee type",
                "contract type",
                "employment status type",
            ),
            (
                (
                    "employee",
                    (
                        "employee",
                        "full-time",
                        "full time",
                        "part-time",
                        "part time",
                        "permanent",
                        "regular",
                        "fte",
                        "salaried",
                        "intern",
                        "working student",
                    ),
                ),
                (
                    "contractor",
                    (
                        "contractor",
                        "freelancer",
                        "freelance",
                        "consultant",
                        "temporary",
                        "temp",
                        "external",
                        "agency",
                        "contingent",
                        "1099",
                    ),
                ),
                ("adviser", ("adviser", "advisor", "board member", "director", "volunteer")),
            ),
            blank_is_unknown=True,
        ),
        "state": Known(
            ("state", "status", "employment status", "employee status", "worker status"),
            (
                ("active", ("active", "employed", "current", "hired", "onboarding", "probation")),
                ("leave", ("leave", "on leave", "parental leave", "sick leave", "sabbatical", "suspended")),
                (
                    "left",
                    (
                        "left",
                        "terminated",
                        "inactive",
                        "former",
                        "offboarded",
                        "resigned",
                        "ex-employee",
                        "separated",
                        "deactivated",
                    ),
                ),
            ),
            blank_is_unknown=True,
        ),
        "title": Known(("title", "job title", "position", "role")),
        "department": Known(("department", "team", "division", "business unit")),
        "manager_email": Known(
            ("manager email", "manager e-mail", "supervisor email", "reports to email", "manager's email"),
            lower=True,
        ),
        "started": Known(
            (
                "started",
                "start date",
                "start",
                "hire date",
                "date of hire",
                "hired on",
                "joined",
                "joining date",
                "employment start",
                "original hire date",
            ),
            blank_is_unknown=True,
        ),
        "ended": Known(
            (
                "ended",
                "end date",
                "end",
                "termination date",
                "terminated on",
                "last day",
                "last working day",
                "leaving date",
                "left on",
                "separation date",
                "employment end",
            ),
            to_the_end=True,
        ),
        "contract_end": Known(
            ("contract end", "contract end date", "contract until", "contract expiry"), to_the_end=True
        ),
        "github_login": Known(
            ("github login", "github", "github username", "github user", "github handle"), lower=True
        ),
        "aws_user_name": Known(("aws user name", "aws user", "aws username", "iam user")),
    },
    "account": {
        "system": Known(("system", "application", "app", "service", "tool", "platform")),
        "user": Known(
            (
                "user",
                "username",
                "user name",
                "login",
                "log-in",
                "account",
                "account name",
                "user id",
                "userid",
            ),
            lower=True,
        ),
        "email": _EMAIL,
        "kind": Known(
            ("kind", "account type", "user type", "type"),
            (
                ("person", ("person", "user", "human", "member", "individual", "personal", "standard")),
                (
                    "service",
                    ("service", "service account", "bot", "machine", "api", "integration", "robot", "system"),
                ),
                ("shared", ("shared", "shared account", "group", "team", "generic", "functional")),
            ),
            blank_is_unknown=True,
        ),
        "role": Known(
            ("role", "roles", "profile", "permission", "permission set", "access level", "license role")
        ),
        "admin": Known(
            (
                "admin",
                "is admin",
                "administrator",
                "super admin",
                "superuser",
                "is superuser",
                "role",
                "access level",
                "profile",
            ),
            (
                (
                    "true",
                    (
                        "admin",
                        "administrator",
                        "owner",
                        "super admin",
                        "superadmin",
                        "superuser",
                        "root",
                        "system administrator",
                        "org owner",
                        "account owner",
                        "global administrator",
                        *TRUE,
                    ),
                ),
                (
                    "false",
                    (
                        "member",
                        "user",
                        "viewer",
                        "reader",
                        "read-only",
                        "read only",
                        "editor",
                        "standard",
                        "standard user",
                        "guest",
                        "agent",
                        "analyst",
                        "contributor",
                        *FALSE,
                    ),
                ),
            ),
            blank_is_unknown=True,
        ),
        "mfa": Known(
            (
                "mfa",
                "mfa enabled",
                "2fa",
                "2fa enabled",
                "2-step verification",
                "two-factor",
                "two factor",
                "two-factor authentication",
                "mfa status",
                "2sv enrolled",
                "multi-factor",
                "has mfa",
            ),
            (
                (
                    "true",
                    (
                        "enrolled",
                        "enforced",
                        "totp",
                        "webauthn",
                        "passkey",
                        "security key",
                        "authenticator app",
                        "app",
                        *TRUE,
                    ),
                ),
                ("false", ("not enrolled", "not enforced", "not configured", "missing", *FALSE)),
            ),
            blank_is_unknown=True,
        ),
        "state": Known(
            ("state", "status", "account status", "user status", "active", "is active", "enabled"),
            (
                ("active", ("active", "enabled", "true", "yes", "1", "ok", "staged")),
                (
                    "disabled",
                    (
                        "disabled",
                        "inactive",
                        "suspended",
                        "deactivated",
                        "deleted",
                        "locked",
                        "archived",
                        "false",
                        "no",
                        "0",
                        "blocked",
                        "revoked",
                    ),
                ),
                ("invited", ("invited", "pending", "provisioned", "not yet signed in")),
            ),
            blank_is_unknown=True,
        ),
        "created": Known(
            (
                "created",
                "created at",
                "created on",
                "creation date",
                "date created",
                "added",
                "date added",
                "member since",
                "provisioned at",
            ),
            blank_is_unknown=True,
        ),
        "last_login": Known(
            (
                "last login",
                "last log-in",
                "last sign in",
                "last sign-in",
                "last seen",
                "last active",
                "last activity",
                "last login at",
                "last used",
                "last access",
                "last login time",
            ),
            blank_is_unknown=True,
        ),
    },
    "device": {
        "device": Known(
            (
                "device",
                "serial number",
                "serial",
                "serial no",
                "device id",
                "asset tag",
                "hardware serial",
                "device name",
                "hostname",
                "computer name",
            )
        ),
        "owner_email": Known(
            (
                "owner email",
                "user email",
                "assigned user email",
                "primary user email",
                "email",
                "email address",
                "assigned to",
                "assigned user",
                "primary user",
                "owner",
                "user",
            ),
            lower=True,
        ),
        "model": Known(("model", "hardware model", "device model")),
        "platform": Known(("platform", "os", "operating system", "os name", "os type")),
        "os_version": Known(("os version", "operating system version", "version")),
        "state": Known(
            ("state", "status", "device status", "lifecycle", "asset status"),
            (
                (
                    "in_use",
                    ("in use", "in_use", "active", "assigned", "deployed", "enrolled", "online", "managed"),
                ),
                (
                    "in_stock",
                    ("in stock", "in_stock", "stock", "spare", "available", "unassigned", "storage"),
                ),
                ("lost", ("lost", "stolen", "missing", "lost or stolen")),
                (
                    "retired",
                    (
                        "retired",
                        "disposed",
                        "decommissioned",
                        "sold",
                        "wiped",
                        "recycled",
                        "inactive",
                        "unenrolled",
                        "archived",
                    ),
                ),
            ),
            blank_is_unknown=True,
        ),
        "encrypted": Known(
            (
                "encrypted",
                "encryption",
                "disk encryption",
                "disk encrypted",
                "is encrypted",
                "filevault",
                "filevault enabled",
                "filevault status",
                "bitlocker",
                "bitlocker status",
                "encryption status",
                "storage encrypted",
            ),
            (
                (
                    "true",
                    (
                        "encrypted",
                        "fully encrypted",
                        "filevault",
                        "bitlocker",
                        "luks",
                        "protection on",
                        *TRUE,
                    ),
                ),
                (
                    "false",
                    ("not encrypted", "unencrypted", "decrypted", "protection off", "not enabled", *FALSE),
                ),
            ),
            blank_is_unknown=True,
        ),
        "screen_lock": Known(
            (
                "screen lock",
                "screenlock",
                "screen lock enabled",
                "passcode",
                "passcode present",
                "screen saver lock",
            ),
            blank_is_unknown=True,
        ),
        "managed": Known(
            ("managed", "is managed", "mdm", "supervised", "under management"), blank_is_unknown=True
        ),
        "enrolled": Known(("enrolled", "enrolled at", "enrollment date", "enrolment date", "date enrolled")),
        "last_report": Known(
            (
                "last report",
                "last check-in",
                "last checkin",
                "last check in",
                "last seen",
                "last contact",
                "last sync",
                "last inventory",
                "last inventory update",
            ),
            blank_is_unknown=True,
        ),
    },
    "ticket": {
        "ticket": Known(
            (
                "ticket",
                "key",
                "issue key",
                "ticket id",
                "ticket number",
                "number",
                "request id",
                "id",
                "reference",
            )
        ),
        "kind": Known(("kind", "type", "issue type", "request type", "category", "ticket type"), lower=True),
        "title": Known(("title", "summary", "subject", "short description")),
        "state": Known(("state", "status"), _DECIDED, blank_is_unknown=True),
        "system": Known(("system", "application", "app", "affected system", "tool")),
        "for_email": Known(
            ("for email", "for", "requested for", "beneficiary", "user email", "on behalf of", "access for"),
            lower=True,
        ),
        "for_account": Known(("for account", "account", "username", "login", "github login"), lower=True),
        "requested_by": Known(
            (
                "requested by",
                "requester",
                "reporter",
                "requester email",
                "reporter email",
                "opened by",
                "created by",
            ),
            lower=True,
        ),
        "approved_by": Known(
            ("approved by", "approver", "approver email", "approvers", "authorised by", "authorized by"),
            lower=True,
        ),
        "opened": Known(
            ("opened", "opened at", "created", "created at", "created on", "date created", "requested at"),
            blank_is_unknown=True,
        ),
        "approved": Known(("approved", "approved at", "approved on", "approval date", "date approved")),
        "closed": Known(
            ("closed", "closed at", "resolved", "resolved at", "completed at", "resolution date"),
            to_the_end=True,
        ),
    },
    "vulnerability": {
        "vulnerability": Known(
            (
                "vulnerability",
                "vulnerability id",
                "finding id",
                "finding",
                "issue id",
                "id",
                "key",
                "number",
                "reference",
            )
        ),
        "scanner": Known(("scanner", "source", "tool", "found by", "detected by")),
        "title": Known(("title", "name", "summary", "vulnerability name", "cve", "description")),
        "severity": Known(
            ("severity", "risk", "priority", "rating", "severity level"),
            (*_LEVELS, ("info", ("info", "informational", "information", "none", "negligible"))),
            blank_is_unknown=True,
        ),
        "asset": Known(
            ("asset", "host", "resource", "target", "component", "package", "image", "affected asset")
        ),
        "state": Known(
            ("state", "status"),
            (
                (
                    "open",
                    (
                        "open",
                        "new",
                        "active",
                        "reopened",
                        "in progress",
                        "triaged",
                        "confirmed",
                        "unresolved",
                    ),
                ),
                ("fixed", ("fixed", "resolved", "closed", "remediated", "patched", "done", "mitigated")),
                (
                    "dismissed",
                    (
                        "dismissed",
                        "false positive",
                        "ignored",
                        "suppressed",
                        "won't fix",
                        "not applicable",
                        "duplicate",
                    ),
                ),
                ("accepted", ("accepted", "risk accepted", "accepted risk")),
            ),
            blank_is_unknown=True,
        ),
        "opened": Known(
            (
                "opened",
                "first found",
                "first seen",
                "first detected",
                "detected",
                "detected at",
                "discovered",
                "found",
                "found on",
                "created",
                "created at",
                "date found",
            ),
            blank_is_unknown=True,
        ),
        "closed": Known(
            (
                "closed",
                "fixed",
                "fixed at",
                "fixed on",
                "resolved",
                "resolved at",
                "remediated",
                "closed at",
                "date fixed",
                "dismissed at",
            ),
            to_the_end=True,
        ),
        "reason": Known(("reason", "dismissal reason", "justification", "comment")),
    },
    "incident": {
        "incident": Known(("incident", "incident id", "incident number", "number", "id", "key", "reference")),
        "title": Known(("title", "summary", "name", "short description")),
        "severity": Known(("severity", "priority", "impact", "sev"), _LEVELS, blank_is_unknown=True),
        "state": Known(
            ("state", "status"),
            (
                (
                    "open",
                    (
                        "open",
                        "new",
                        "investigating",
                        "identified",
                        "monitoring",
                        "in progress",
                        "triage",
                        "active",
                    ),
                ),
                ("resolved", ("resolved", "mitigated", "contained", "recovered", "fixed")),
                (
                    "closed",
                    ("closed", "done", "completed", "reviewed", "post-mortem done", "postmortem done"),
                ),
            ),
            blank_is_unknown=True,
        ),
        "customers_affected": Known(
            (
                "customers affected",
                "customer impact",
                "customer data affected",
                "customer facing",
                "data breach",
            ),
            blank_is_unknown=True,
        ),
        "detected": Known(
            (
                "detected",
                "detected at",
                "started",
                "started at",
                "opened",
                "opened at",
                "created",
                "created at",
                "date detected",
                "occurred",
            ),
            blank_is_unknown=True,
        ),
        "reported": Known(
            (
                "reported",
                "reported at",
                "declared",
                "declared at",
                "acknowledged",
                "acknowledged at",
                "escalated at",
            )
        ),
        "contained": Known(("contained", "contained at", "mitigated", "mitigated at")),
        "resolved": Known(
            ("resolved", "resolved at", "recovered", "recovered at", "fixed at"), to_the_end=True
        ),
        "reviewed": Known(
            (
                "reviewed",
                "reviewed at",
                "post-mortem",
                "postmortem",
                "postmortem date",
                "review date",
                "closed",
                "closed at",
                "lessons learned",
            ),
            to_the_end=True,
        ),
    },
    "change": {
        "change": Known(("change", "change id", "change number", "number", "key", "id", "rfc", "reference")),
        "title": Known(("title", "summary", "short description", "name")),
        "kind": Known(
            ("kind", "type", "change type", "category"),
            (
                ("normal", ("normal", "major", "minor", "planned", "regular")),
                ("standard", ("standard", "routine", "pre-approved", "preapproved")),
                ("emergency", ("emergency", "urgent", "hotfix", "expedited", "unplanned")),
            ),
            blank_is_unknown=True,
        ),
        "state": Known(("state", "status"), _DECIDED, blank_is_unknown=True),
        "system": Known(("system", "application", "service", "component", "affected system")),
        "requested_by": Known(
            ("requested by", "requester", "reporter", "author", "change owner", "owner", "created by"),
            lower=True,
        ),
        "approved_by": Known(
            ("approved by", "approver", "approvers", "authorised by", "authorized by", "cab approver"),
            lower=True,
        ),
        "opened": Known(
            ("opened", "opened at", "created", "created at", "requested at", "date raised"),
            blank_is_unknown=True,
        ),
        "approved": Known(("approved", "approved at", "approved on", "approval date", "date approved")),
        "carried_out": Known(
            (
                "carried out",
                "implemented",
                "implemented at",
                "deployed",
                "deployed at",
                "actual start",
                "start date",
                "released at",
                "completed at",
                "done at",
            )
        ),
        "commit": Known(("commit", "commit sha", "sha", "revision", "git commit"), lower=True),
        "pull_request": Known(("pull request", "pr", "pull request url", "merge request", "pr number")),
        "deployment": Known(("deployment", "deployment id", "deploy id", "release", "release id", "build")),
    },
    "training_record": {
        "email": _EMAIL,
        "course": Known(
            ("course", "course name", "training", "training name", "module", "title", "lesson", "program")
        ),
        "topic": Known(
            ("topic", "category", "subject", "type"),
            (
                (
                    "security",
                    (
                        "security",
                        "security awareness",
                        "information security",
                        "cybersecurity",
                        "cyber security",
                        "infosec",
                        "phishing",
                        "awareness",
                    ),
                ),
                ("privacy", ("privacy", "data protection", "gdpr", "hipaa", "data privacy")),
                ("other", ("other", "onboarding", "compliance", "ethics", "code of conduct", "safety")),
            ),
            blank_is_unknown=True,
        ),
        "assigned": Known(
            (
                "assigned",
                "assigned at",
                "assigned on",
                "date assigned",
                "enrolled",
                "assignment date",
                "due from",
            )
        ),
        "completed": Known(
            (
                "completed",
                "completed at",
                "completed on",
                "completion date",
                "date completed",
                "finished",
                "finished on",
            )
        ),
    },
    "background_check": {
        "email": _EMAIL,
        "completed": Known(
            (
                "completed",
                "completed at",
                "completed on",
                "completion date",
                "date completed",
                "check date",
                "date",
            )
        ),
    },
}

ABOUT = {"ticket": ("for_email", "requested_by"), "change": ("requested_by",)}
"""Whom a record of several people is about, and so under whose key it is sealed: the first of these columns with something in it."""


def known(table: str, column: str) -> Known:
    """Give what is known of a column; for a table of the user's own only its name."""
    return KNOWN.get(table, {}).get(column, Known((column.replace("_", " "),)))
