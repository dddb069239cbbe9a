"""Sources are connected by the domain's verbs: one entry with who did it, credentials sealed and never said, files read in a process apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.evidence.hostile_files import CLASSES

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.accounts import Account

ROLE = "arn:aws:iam::111122223333:role/AssayReadOnly"
TOKEN = "github_pat_CANARY0123456789"
PEOPLE = b"Employee ID,Work Email,Start Date,Type\n1,ada@northwind.example,2024-01-05,Employee\n2,ben@northwind.example,2024-03-05,Contractor\n"
LIST = {
    "table": "hr_person",
    "system": "The HR system",
    "exported_at": "2026-11-02T10:00",
    "query": "all",
    "rows": "2",
}


def _entries(start: int) -> list[dict[str, Any]]:
    from assay_web.home import current_home

    ledger = current_home().ledger
    return [ledger.body(one) for one in ledger.entries(start)]


def _size() -> int:
    from assay_web.home import current_home

    return current_home().ledger.size()


def _sent(client: Client, content: bytes, **changed: str) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return client.post(
        "/sources/list/", {**LIST, **changed, "file": SimpleUploadedFile("people.csv", content)}
    )


def test_an_account_is_connected_by_a_role_and_the_external_id_of_its_template(
    signed_in: Callable[[str], Client], cast: dict[str, Account]
) -> None:
    from assay.home.sources import credentials
    from assay_web.home import current_home

    client, before = signed_in("engineer"), _size()
    template = client.post(
        "/sources/aws/role/", {"form": "cloudformation", "name": "aws-main"}
    ).content.decode()
    assert (
        client.post("/sources/aws/", {"name": "aws-main", "role_arn": ROLE}).headers["Location"]
        == "/sources/"
    )
    (entry,) = _entries(before)
    assert (entry["act"], entry["by"]) == ("source.connected", cast["engineer"].actor)
    assert entry["details"]["settings"] == {"role_arn": ROLE}
    kept = credentials(current_home(), "aws-main")["external_id"]
    assert kept in template
    assert kept not in str(entry)


def test_a_token_is_sealed_and_nobody_can_read_it_again(
    signed_in: Callable[[str], Client], home: Path
) -> None:
    client, before = signed_in("lead"), _size()
    given = {"name": "github", "organization": "northwind", "token": TOKEN}
    assert client.post("/sources/github/", given).status_code == 302
    (entry,) = _entries(before)
    assert entry["details"]["settings"]["organization"] == "northwind"
    pages = b"".join(client.get(one).content for one in ("/sources/", "/sources/github/", "/activity/", "/"))
    stored = b"".join(one.read_bytes() for one in home.rglob("*") if one.is_file())
    assert TOKEN.encode() not in pages + stored


@pytest.mark.parametrize(
    ("address", "given", "says"),
    [
        ("aws", {"name": "aws-main", "role_arn": "nope"}, "is no role's ARN"),
        ("aws", {"name": "AWS main", "role_arn": ROLE}, "Use lower-case letters, digits and hyphens"),
        (
            "github",
            {"name": "github", "organization": "a b", "token": TOKEN},
            "Write the name as it stands in the address",
        ),
        ("github", {"name": "github", "organization": "acme", "token": "two words"}, "This is no token"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_connected(
    signed_in: Callable[[str], Client], address: str, given: dict[str, str], says: str
) -> None:
    before = _size()
    page = signed_in("lead").post(f"/sources/{address}/", given).content.decode().replace("&#x27;", "'")
    assert says in page
    assert _size() == before
    assert TOKEN not in page  # what was typed stays, but for a secret


def test_a_name_that_is_taken_is_replaced_only_when_it_is_said(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("lead")
    client.post("/sources/aws/", {"name": "aws-main", "role_arn": ROLE})
    before = _size()
    again = {"name": "aws-main", "role_arn": f"{ROLE}Two"}
    assert "is connected already" in client.post("/sources/aws/", again).content.decode()
    assert _size() == before
    assert client.post("/sources/aws/", {**again, "replace": "on"}).status_code == 302
    assert _size() == before + 1


def test_a_list_is_shown_before_it_is_connected_and_collected_as_it_was_shown(
    signed_in: Callable[[str], Client], cast: dict[str, Account], home: Path
) -> None:
    from assay.home.collect_source import collect_from
    from assay.home.sources import source
    from assay_web.home import current_home

    client, before = signed_in("engineer"), _size()
    page = _sent(client, PEOPLE).content.decode()
    assert ("Work Email" in page, _size()) == (True, before)
    kept = re.search(r'name="kept" value="([^"]+)"', page)
    assert kept is not None
    assert client.post("/sources/list/confirm/", {"kept": kept[1]}).headers["Location"] == "/sources/"
    (entry,) = _entries(before)
    assert (entry["act"], entry["by"]) == ("source.connected", cast["engineer"].actor)
    path = Path(entry["details"]["settings"]["path"])
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (PEOPLE, 0o600)
    collected = current_home().ledger.body(
        current_home().ledger.entry(
            collect_from(current_home(), source(current_home(), "hr-person"), asked_by="host")
        )
    )
    assert [(one["table"], one["size"]) for one in collected["populations"]] == [("hr_person", 2)]


def test_a_confirmation_that_was_altered_is_no_page(signed_in: Callable[[str], Client]) -> None:
    client, before = signed_in("engineer"), _size()
    kept = re.search(r'name="kept" value="([^"]+)"', _sent(client, PEOPLE).content.decode())
    assert kept is not None
    for altered in (kept[1][:-1] + "A", kept[1][1:], "", "a:b:c"):
        assert client.post("/sources/list/confirm/", {"kept": altered}).status_code in {404}
    assert _size() == before


def test_no_list_is_read_in_the_web_process_whatever_it_holds(
    signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading is made to raise in this process; the one apart still answers: with a proposal, or with a sentence, for every hostile class."""

    def never(*_: object, **__: object) -> None:
        raise AssertionError("read in the web process")

    monkeypatch.setattr("assay_web.reading_apart.read_sheet", never)
    client, before = signed_in("engineer"), _size()
    for kind in ("zip bomb", "xml bomb", "macro document", "formula", "serialised object"):
        answer = _sent(client, CLASSES[kind])
        assert answer.status_code == 200, kind
        assert b"This field is required" not in answer.content
    assert _size() == before


def test_disconnecting_asks_first_and_keeps_the_evidence(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("lead")
    client.post("/sources/aws/", {"name": "aws-main", "role_arn": ROLE})
    before = _size()
    assert "Its evidence stays" in client.get("/sources/aws-main/disconnect/").content.decode()
    assert _size() == before
    client.post("/sources/aws-main/disconnect/")
    assert [one["act"] for one in _entries(before)] == ["source.disconnected"]
    assert "aws-main" not in client.get("/sources/").content.decode()
