"""The register of commitments: each deed one act by its actor, nobody overwrites the unseen, files in and out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from assay.evidence.canonical import encode
from assay.evidence.merkle import root_of_data

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.accounts import Account

SignedIn = Callable[[str], "Client"]
Entries = list[tuple[str, dict[str, Any]]]
UPTIME = {
    "sort": "commitment",
    "source": "sla",
    "reference": "Standard terms, section 4",
    "dated": "2026-03-31",
    "text": "The service is available 99.9 % of each month.",
    "criteria": "a1.2, CC7.4",
    "controls": "AVL-06",
}
SAID = {
    "sort": "commitment",
    "source": "sla",
    "reference": "Standard terms, section 4",
    "dated": "2026-03-31",
    "text": "The service is available 99.9 % of each month.",
    "criteria": ["A1.2", "CC7.4"],
    "controls": ["AVL-06"],
}


@pytest.fixture
def added(signed_in: SignedIn) -> str:
    """The address of a commitment that the owner added."""
    assert signed_in("owner").post("/commitments/add/", UPTIME).status_code == 302
    from assay_web.records.commitments import Commitment

    return f"/commitments/{Commitment.objects.get().pk}/"


def acts(entries: Entries) -> list[dict[str, Any]]:
    assert all(kind == "act" for kind, _ in entries)
    return [body for _, body in entries]


def test_whoever_reads_sees_it_and_only_who_sets_the_scope_changes_it(
    signed_in: SignedIn, added: str
) -> None:
    page = signed_in("auditor").get("/commitments/").content.decode()
    assert "The service is available 99.9 % of each month." in page
    assert 'href="/criteria/CC7.4/"' in page
    shown = signed_in("auditor").get(added).content.decode()
    assert "Added by Olga Example" in shown
    assert f"{added}change/" not in shown
    assert signed_in("engineer").post(f"{added}change/", {**UPTIME, "version": "1"}).status_code == 403
    assert signed_in("reader").get("/commitments/import/").status_code == 403
    assert signed_in("owner").get("/commitments/999/").status_code == 404
    assert signed_in("worker").get("/commitments/export/csv/").status_code == 403


def test_adding_changing_and_retiring_are_an_act_each(
    signed_in: SignedIn,
    cast: dict[str, Account],
    ledger_size: Callable[[], int],
    ledger_since: Callable[[int], Entries],
) -> None:
    before = ledger_size()
    signed_in("owner").post("/commitments/add/", UPTIME)
    from assay_web.records.commitments import Commitment

    made = Commitment.objects.get()
    lead, address = signed_in("lead"), f"/commitments/{made.pk}/"
    lead.post(f"{address}change/", {**UPTIME, "text": "Available 99.5 %.", "version": "1"})
    lead.post(f"{address}end/", {"why": "The contract ended.", "version": "2"})
    owner, second = f"account:{cast['owner'].id}", f"account:{cast['lead'].id}"
    id_ = f"C-{made.pk}"
    assert [(one["act"], one["by"], one["details"]) for one in acts(ledger_since(before))] == [
        ("commitment.added", owner, {"commitment": id_, "says": SAID, "version": 1}),
        (
            "commitment.changed",
            second,
            {"commitment": id_, "says": {**SAID, "text": "Available 99.5 %."}, "version": 2},
        ),
        ("commitment.retired", second, {"commitment": id_, "version": 3, "why": "The contract ended."}),
    ]
    assert "The contract ended." in lead.get("/commitments/").content.decode()


def test_what_cannot_stand_is_said_beside_its_field_and_is_no_act(
    signed_in: SignedIn, ledger_size: Callable[[], int]
) -> None:
    before = ledger_size()
    page = (
        signed_in("owner")
        .post("/commitments/add/", {**UPTIME, "dated": "soon", "criteria": "CC99.9"})
        .content.decode()
    )
    assert "Write a day such as 2026-03-31." in page
    assert "There is no criterion “CC99.9”." in page
    assert 'value="soon"' in page
    assert ledger_size() == before


def test_two_who_change_one_line_see_both_versions_and_lose_nothing(
    signed_in: SignedIn, added: str, ledger_size: Callable[[], int]
) -> None:
    signed_in("lead").post(f"{added}change/", {**UPTIME, "text": "Theirs.", "version": "1"})
    before, owner = ledger_size(), signed_in("owner")
    page = owner.post(f"{added}change/", {**UPTIME, "text": "Mine.", "version": "1"}).content.decode()
    assert "was changed since you opened it. Both versions are below; nothing of yours is lost." in page
    assert "<td>Theirs.</td><td>Mine.</td>" in page
    assert 'name="version" value="2"' in page
    assert ledger_size() == before
    owner.post(f"{added}change/", {**UPTIME, "text": "Mine.", "version": "2"})
    assert "Mine." in owner.get("/commitments/").content.decode()
    late = owner.post(f"{added}end/", {"why": "Gone.", "version": "1"}).content.decode()
    assert "was changed since you opened it." in late


def test_exports_hold_every_line_and_no_formula(signed_in: SignedIn, added: str) -> None:
    owner = signed_in("owner")
    owner.post(
        "/commitments/add/", {**UPTIME, "text": '=HYPERLINK("x")', "reference": "@ref", "dated": "2026-04-01"}
    )
    read = signed_in("reader")
    rows = list(csv.reader(io.StringIO(read.get("/commitments/export/csv/").content.decode("utf-8-sig"))))
    assert rows[0][:6] == ["id", "kind", "source", "reference", "dated", "text"]
    assert rows[1][3:6] == ["'@ref", "2026-04-01", '\'=HYPERLINK("x")']
    assert rows[2][1:3] == ["Service commitment", "Service level agreement"]
    sheet = load_workbook(io.BytesIO(read.get("/commitments/export/xlsx/").content)).active
    assert sheet is not None
    assert sheet["F2"].value == '\'=HYPERLINK("x")'
    assert sheet["F2"].data_type == "s"
    assert json.loads(read.get("/commitments/export/json/").content)[1]["criteria"] == "A1.2, CC7.4"
    assert read.get("/commitments/export/pdf/").status_code == 404


def upload(text: str, name: str = "promises.csv") -> dict[str, Any]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return {"deed": "read", "file": SimpleUploadedFile(name, text.encode())}


COLUMNS = {"column-source": "0", "column-dated": "1", "column-text": "2", "column-criteria": "3"}


def test_an_import_is_previewed_by_mapped_columns_and_is_one_act_over_the_root_of_its_rows(
    signed_in: SignedIn,
    cast: dict[str, Account],
    ledger_size: Callable[[], int],
    ledger_since: Callable[[int], Entries],
) -> None:
    before, lead = ledger_size(), signed_in("lead")
    file = "Where;When;Promise;TSC\nContract;31.03.2026;We answer in a day.;CC2.3\nDPA;2026-05-01;We delete in 30 days.;\n"
    assert lead.post("/commitments/import/", upload(file)).headers["Location"] == "/commitments/import/"
    assert "2 of 2 rows cannot be added as they are." in lead.get("/commitments/import/").content.decode()
    shown = lead.post("/commitments/import/", {"deed": "preview", **COLUMNS}).content.decode()
    assert "2 rows would be added." in shown
    assert ledger_size() == before
    assert (
        lead.post("/commitments/import/", {"deed": "import", **COLUMNS}).headers["Location"]
        == "/commitments/"
    )
    (act,) = acts(ledger_since(before))
    empty = {"controls": [], "reference": "", "sort": "commitment"}
    rows = [
        {
            "criteria": ["CC2.3"],
            "dated": "2026-03-31",
            "source": "contract",
            "text": "We answer in a day.",
            **empty,
        },
        {"criteria": [], "dated": "2026-05-01", "source": "dpa", "text": "We delete in 30 days.", **empty},
    ]
    assert (act["act"], act["by"]) == ("commitments.imported", f"account:{cast['lead'].id}")
    assert act["details"]["rows"] == 2
    assert act["details"]["root"] == root_of_data(map(encode, rows)).hex()
    assert "We delete in 30 days." in lead.get("/commitments/").content.decode()


def test_one_bad_row_keeps_all_out(signed_in: SignedIn, ledger_size: Callable[[], int]) -> None:
    before, lead = ledger_size(), signed_in("lead")
    lead.post(
        "/commitments/import/", upload("Source,Dated,Text,Criteria\nsla,2026-01-01,Good.,\nsla,never,Bad.,\n")
    )
    page = lead.post("/commitments/import/", {"deed": "import", **COLUMNS}).content.decode()
    assert "1 of 2 rows cannot be added as they are." in page
    assert "Dated: Write a day such as 2026-03-31." in page
    assert ledger_size() == before
    assert lead.post("/commitments/import/", {"deed": "stop"}).headers["Location"] == "/commitments/"
    assert "Read the file" in lead.get("/commitments/import/").content.decode()


def test_a_file_that_is_none_is_refused_with_a_sentence(signed_in: SignedIn) -> None:
    lead = signed_in("lead")
    assert "quotation mark is open" in lead.post("/commitments/import/", upload('a,b\n"x,1')).content.decode()
    large = upload("a,b\n" + "x,y\n" * 1_100_000)
    assert "larger than 4 MB" in lead.post("/commitments/import/", large).content.decode()
