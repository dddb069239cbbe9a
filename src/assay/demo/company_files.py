"""The files that Northwind Metrics exports from its HR system, trackers and device manager, one for each table of the source `file`.

Their dates stand still, a few days around `northwind.DAY_ONE`. Wrong on purpose: a leaver active in the error tracker and a contractor past
the end of the contract in the warehouse, an account opened without an approved ticket, a worker without a device and one without disk
encryption, two overdue trainings, a late background check, a change approved by the one who asked, a critical finding past its limit.
"""

from collections.abc import Mapping
from importlib.resources import files

FILES: Mapping[str, str] = {
    "hr_person": "hr_people.csv",
    "account": "accounts.csv",
    "device": "devices.csv",
    "ticket": "tickets.csv",
    "training_record": "training.csv",
    "incident": "incidents.csv",
    "change": "changes.csv",
    "vulnerability": "vulnerabilities.csv",
    "background_check": "background_checks.csv",
}


def file_of(table: str) -> bytes:
    """The bytes of the file for a table, UTF-8 with a header line. KeyError for a table that has none."""
    return (files("assay.demo") / "files" / FILES[table]).read_bytes()
