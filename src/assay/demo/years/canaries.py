"""The canaries for erasure: one made-up person who stands in every place where a person can, each time under words found nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from assay.demo.years.company import email

CANARY_PERSON = "ottilie-quandt"
CANARY_EMAIL = email(CANARY_PERSON)


@dataclass(frozen=True, slots=True)
class Canary:
    """One place: a `table` and its key's or column's `text`, or without a table a field of manual evidence."""

    where: str
    table: str | None
    text: str


CANARIES = (
    Canary("list of workers", "hr_person", "NW-0777"),
    Canary("list of accounts", "account", "oquandt-desk-4711"),
    Canary("list of devices", "device", "NW-LT-0777"),
    Canary("training", "training_record", CANARY_EMAIL),
    Canary("background checks", "background_check", CANARY_EMAIL),
    Canary("tickets", "ticket", "for Ottilie Quandt"),
    Canary("incident", "incident", "OQ-1147"),
    Canary("GitHub login", "github_org_member", "otti-quandt-gh"),
    Canary("IAM user name with e-mail", "aws_iam_principal", "ottilie.quandt.iam@northwind-metrics.example"),
    Canary("text of manual evidence", None, "OQ-note-2203"),
    Canary("attachment", None, "OQ-file-3391"),
    Canary("captured by", None, "OQ-9"),
)
