"""People come from the evidence: accounts are matched by address and log-in, leavers who can still sign in stand out, and names are for those who may see them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assay.collectors.files import load_headings, propose, read_sheet
from assay.home import Surroundings, open_home
from assay.home.collect_source import collect_from
from assay.home.judging import basis_of, judge
from assay.home.personal import personal
from assay.home.sources import Source, connect_source
from assay.tables import load_tables

if TYPE_CHECKING:
    from django.test import Client

PEOPLE = """email,kind,title,started,ended
ada@northwind.example,employee,Lead,2024-01-05,
ben@northwind.example,contractor,Engineer,2024-03-05,
lyle@northwind.example,employee,Engineer,2022-10-03,2026-10-31
"""
ACCOUNTS = """system,user,email,kind,role,admin,mfa,state
crm,ada,ada@northwind.example,person,sales,no,yes,active
crm,lyle,lyle@northwind.example,person,sales,no,yes,active
mail,lyle,lyle@northwind.example,person,user,no,yes,disabled
crm,calendar-sync,robot@elsewhere.example,service,api,no,no,active
"""


@pytest.fixture
def lists(home: Path, tmp_path: Path) -> None:
    """Two lists, collected and judged: who works here, and who has an account."""
    opened = open_home(home, Surroundings.real())
    for table, text in (("hr_person", PEOPLE), ("account", ACCOUNTS)):
        file = tmp_path / f"{table}.csv"
        file.write_text(text)
        spec = load_tables(opened.content)[table]
        mapping = propose(
            spec, read_sheet(file.read_bytes()), load_headings(opened.content)
        ).mapping.to_json()
        at = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        exported = {"at": at, "by": "ada", "query": None, "rows": None, "system": "HR"}
        source = Source(
            table.replace("_", "-"), "file", {"exported": exported, "mapping": mapping, "path": str(file)}
        )
        connect_source(opened, source, {}, "ada")
        collect_from(opened, source, asked_by="ada")
    with personal(opened) as people:
        judge(opened, basis_of(opened, opened.now()), people.sealer)
    opened.close()


def test_accounts_are_matched_and_leavers_who_can_still_sign_in_stand_out(
    lists: None, signed_in: Callable[[str], Client]
) -> None:
    from assay_web.queries.standing import standing
    from assay_web.queries.workers import register

    found = standing()
    assert found is not None
    people = register(found)
    assert [
        (one.email, one.has_left, [account.system for account in one.accounts]) for one in people.workers
    ] == [
        ("ada@northwind.example", False, ["crm"]),
        ("ben@northwind.example", False, []),
        ("lyle@northwind.example", True, ["crm", "mail"]),
    ]
    assert [(one.system, one.name) for one in people.workers[2].left_over] == [("crm", "lyle")]
    assert [(one.system, one.name) for one in people.unmatched] == [("crm", "calendar-sync")]
    page = signed_in("engineer").get("/people/?kind=left-over").content.decode()
    assert ("lyle@northwind.example" in page, "ada@northwind.example" in page) == (True, False)


@pytest.mark.parametrize("role", ["reader", "auditor", "worker"])
def test_who_may_not_see_people_finds_no_name_on_any_page(
    lists: None, signed_in: Callable[[str], Client], role: str
) -> None:
    """The canary is a leaver's address, which stands in lists, in a check's items and in exports."""
    client, canary = signed_in(role), b"lyle@northwind.example"
    addresses = (
        "/",
        "/people/",
        "/people/?export=csv",
        "/checks/",
        "/checks/file.account.leaver/",
        "/checks/file.account.leaver/?export=json",
        "/search/?q=lyle",
        "/drift/",
        "/gaps/",
        "/evidence/",
        "/activity/",
        "/sources/",
    )
    assert [one for one in addresses if canary in client.get(one).content] == []
    assert canary in signed_in("lead").get("/people/").content


def test_an_empty_register_says_what_to_do_first(signed_in: Callable[[str], Client]) -> None:
    page = signed_in("owner").get("/people/").content.decode()
    assert "connect an export of your HR system" in page
