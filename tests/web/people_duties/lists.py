"""Real lists of people and accounts as sources, collected and judged by the verbs of the domain, on the home that is served."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.collectors.files import load_headings, propose, read_sheet
from assay.tables import load_tables
from tests.web.homes import serve_instead, served

if TYPE_CHECKING:
    from assay_web.queries.standing import Standing

PEOPLE = """email,kind,title,department,manager_email,started,ended
will@northwind.example,employee,Designer,Product,ada@northwind.example,2024-01-05,
ben@northwind.example,employee,Engineer,Engineering,ada@northwind.example,2024-03-05,
ada@northwind.example,employee,Lead,Engineering,,2023-01-05,
lyle@northwind.example,contractor,Canary-Lyle-Title,Engineering,ada@northwind.example,2022-10-03,2026-11-20
"""
ACCOUNTS = """system,user,email,kind,role,admin,mfa,state
crm,will,will@northwind.example,person,sales,no,yes,active
crm,canary-ben-login,ben@northwind.example,person,sales,no,yes,active
crm,lyle,lyle@northwind.example,person,sales,no,yes,active
mail,lyle,lyle@northwind.example,person,user,no,yes,disabled
crm,calendar-sync,robot@elsewhere.example,service,api,no,no,active
crm,b.okafor,b.okafor@elsewhere.example,person,sales,no,no,active
"""
TRAINING = """email,course,topic,assigned,completed
ben@northwind.example,Security basics,security,2026-10-01,2026-10-05
"""


@cache
def _home_with_people() -> Path:
    """Make the home that others are copied from: workers, accounts and courses, collected and judged once."""
    with served(Path(tempfile.mkdtemp(prefix="assay-web-people-"))) as path:
        look(hr_person=PEOPLE, account=ACCOUNTS, training_record=TRAINING)
    return path


def served_copy(folder: Path) -> Path:
    """Serve a copy."""
    path = folder / "home"
    shutil.copytree(_home_with_people(), path)
    serve_instead(path)
    return path


def look(**texts: str) -> Standing:
    """Look again: the lists of these tables read like that now."""
    from assay.home.collect_source import collect_from
    from assay_web.home import current_home

    home = current_home()
    for table, text in texts.items():
        source = _source(home, table, text)
        _connect(home, source)
        collect_from(home, source, asked_by="schedule")
    return judge_again()


def judge_again() -> Standing:
    """Judge what was collected; gives where the company stands."""
    from assay.home.judging import basis_of, judge, present
    from assay.home.personal import personal
    from assay_web.home import current_home
    from assay_web.queries.standing import standing

    home = current_home()
    with personal(home) as people:
        judge(home, basis_of(home, present(home)), people.sealer)
    found = standing()
    assert found is not None
    return found


def _connect(home: Any, source: Any) -> None:
    from django.db import transaction

    from assay.home.sources import connect_source

    with transaction.atomic():
        connect_source(home, source, {}, "ada")


def _source(home: Any, table: str, text: str) -> Any:
    from assay.home.sources import Source

    folder = Path(tempfile.mkdtemp(prefix="assay-web-list-"))
    file = folder / f"{table}.csv"
    file.write_text(text)
    spec = load_tables(home.content)[table]
    mapping = propose(
        spec, read_sheet(file.read_bytes()), load_headings(home.content), "Europe/Berlin"
    ).mapping.to_json()
    at = (datetime.now(UTC) - timedelta(seconds=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    exported = {"at": at, "by": "ada", "query": None, "rows": None, "system": "HR"}
    return Source(
        table.replace("_", "-"), "file", {"exported": exported, "mapping": mapping, "path": str(file)}
    )
