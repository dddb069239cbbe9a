"""What no API can tell of Northwind Metrics: exported lists, connected as files, and evidence that Ada adds by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

from assay.collectors.files import load_headings, propose, read_sheet
from assay.evidence.canonical import instant_text
from assay.evidence.manual import Attachment, How, ManualEvidence, Method
from assay.home import Home
from assay.home.manual import add_evidence
from assay.home.sources import Source, connect_source
from assay.tables import load_tables

LISTS = {
    "hr_people.csv": ("hr_person", "the HR system"),
    "accounts.csv": ("account", "the support desk and the metrics product"),
    "devices.csv": ("device", "the device manager"),
    "tickets.csv": ("ticket", "the ticket system"),
    "vulnerabilities.csv": ("vulnerability", "the penetration test's tracker"),
    "incidents.csv": ("incident", "the incident log"),
    "changes.csv": ("change", "the ticket system"),
    "training.csv": ("training_record", "the training platform"),
    "background_checks.csv": ("background_check", "the HR system"),
}

EVIDENCE = (
    (
        "GOV-03",
        "The chief executive appointed Ada Lindqvist as security lead in writing, with duties and authority.",
        Method.DOCUMENT,
        40,
    ),
    ("GOV-02", "The organisation chart of 1 October shows every reporting line.", Method.DOCUMENT, 46),
    (
        "GOV-01",
        "Minutes of the board's September meeting: security and the results of controls were discussed, two follow-ups set.",
        Method.DOCUMENT,
        55,
    ),
    (
        "INC-01",
        "The incident response plan with roles, contacts and severities was approved by the chief technology officer.",
        Method.DOCUMENT,
        70,
    ),
    (
        "RSK-02",
        "The risk register was reviewed line by line; each risk has an owner, a treatment and a due date.",
        Method.RECORD,
        30,
    ),
    ("VEN-03", "AWS's SOC 2 report was read; no exception bears on our services.", Method.RECORD, 25),
)


def connect_lists(home: Home, folder: Path, by: str) -> None:
    """Connect every exported list as a file source; the files are copied to `folder`, as if Ada had saved them there."""
    folder.mkdir(parents=True, exist_ok=True)
    specs, headings = load_tables(home.content), load_headings(home.content)
    for name, (table, system) in LISTS.items():
        content = (resources.files("assay.demo") / "files" / name).read_bytes()
        path = folder / name
        path.write_bytes(content)
        mapping = propose(specs[table], read_sheet(content), headings, "Europe/Berlin").mapping
        exported = {
            "at": instant_text(home.now() - timedelta(hours=1)),
            "by": by,
            "query": None,
            "rows": None,
            "system": system,
        }
        settings = {"exported": exported, "mapping": mapping.to_json(), "path": str(path.resolve())}
        connect_source(home, Source(table.replace("_", "-"), "file", settings), {}, by)


def add_by_hand(home: Home, now: datetime, by: str) -> None:
    """Add the evidence of EVIDENCE, each observed as many days ago as it says."""
    for control, shows, method, days in EVIDENCE:
        observed = now - timedelta(days=days)
        content = f"Northwind Metrics\n\n{shows}\n".encode()
        attachment = Attachment(home.evidence.put_object(content), f"{control}.txt", len(content))
        evidence = ManualEvidence(
            by=by,
            control=control,
            shows=shows,
            observed=observed,
            captured_by=by,
            how=How(method, "the shared drive"),
            attachment=attachment,
        )
        add_evidence(home, evidence)
