"""Manual evidence from a form to the ledger and back: what was sent is kept byte for byte, and a browser never runs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.evidence.hostile_files import CLASSES, hostile_files

if TYPE_CHECKING:
    from django.test import Client

    from assay_web.records.accounts import Account

GIVEN = {
    "shows": "The board met.",
    "method": "record",
    "note": "In the big room.",
    "observed": "2026-11-02T10:00",
}


@pytest.fixture(autouse=True)
def _judged_later(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Judging is asked for; here nobody does it."""
    monkeypatch.setattr("assay_web.services.evidence.conclude_soon", lambda *, by: None)


def _size() -> int:
    from assay_web.home import current_home

    return current_home().ledger.size()


def _add(client: Client, **changed: Any) -> Any:
    return client.post("/controls/GOV-03/evidence/", {**GIVEN, **changed})


def test_adding_leaves_one_entry_with_who_added_it(
    signed_in: Callable[[str], Client], cast: dict[str, Account]
) -> None:
    from assay_web.home import current_home

    before = _size()
    answer = _add(signed_in("engineer"))
    assert answer.headers["Location"] == f"/evidence/{before}/"
    assert _size() == before + 1
    ledger = current_home().ledger
    body = ledger.body(ledger.entry(before))
    assert (body["by"], body["captured_by"], body["shows"], body["observed"]) == (
        cast["engineer"].actor,
        cast["engineer"].actor,
        "The board met.",
        "2026-11-02T09:00:00Z",  # ten o'clock in Berlin
    )


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"shows": ""}, "This field is required."),
        ({"note": ""}, "Attach a file or write a note; without either there is nothing to show."),
        ({"method": "document"}, "Attach the file: the document is the evidence."),
        (
            {"method": "screenshot_of_a_list", "system": "AWS"},
            "A picture of a list needs the query or filter that made the list",
        ),
        ({"observed": "2031-01-01T10:00"}, "which is still to come"),
        ({"covers_from": "2026-10-01"}, "Give both days, or neither."),
        (
            {"covers_from": "2026-10-01", "covers_to": "2026-12-31"},
            "it cannot speak for days up to 2026-12-31",
        ),
        ({"every_days": "2000"}, "Ensure this value is less than or equal to 1096."),
        ({"method": "guess"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    signed_in: Callable[[str], Client], changed: dict[str, str], says: str
) -> None:
    before = _size()
    page = _add(signed_in("lead"), **changed).content.decode()
    assert says in page.replace("&#x27;", "'")
    assert _size() == before
    if "note" not in changed:
        assert "In the big room." in page


def test_two_hundred_hostile_files_are_kept_byte_for_byte_and_served_inert(
    signed_in: Callable[[str], Client],
) -> None:
    """Names that no file can have are refused with a sentence; all the others come back as they were sent, as something to keep and not to open."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, kept, classes = signed_in("engineer"), 0, set()
    for kind, name, content in hostile_files():
        before = _size()
        file = SimpleUploadedFile("x", content)
        file._name = name  # as a client sends it, which Django does not clean until it reads it
        answer = _add(client, method="document", file=file)
        if answer.status_code == 200:
            assert _size() == before, (kind, name)
            continue
        served = client.get(f"/evidence/{before}/file/")
        assert served.content == content, (kind, name)
        assert served.headers["Content-Type"] == "application/octet-stream"
        assert served.headers["X-Content-Type-Options"] == "nosniff"
        assert served.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert served.headers["Content-Disposition"].startswith("attachment")
        assert "\n" not in served.headers["Content-Disposition"]
        page = client.get(f"/evidence/{before}/").content
        assert b"<img src=x" not in page
        kept += 1
        classes.add(kind)
    assert classes == set(CLASSES) - {"nothing"}  # an empty file shows nothing, and the page says so
    assert kept >= 150


def test_nothing_of_a_file_is_read_in_the_web_process(
    signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No parser of any kind is called while a file is kept or served: they are made to raise."""
    import csv
    import zipfile

    import openpyxl

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a file was parsed")

    for owner, name in ((zipfile, "ZipFile"), (openpyxl, "load_workbook"), (csv, "reader")):
        monkeypatch.setattr(owner, name, never)
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, before = signed_in("engineer"), _size()
    _add(client, method="document", file=SimpleUploadedFile("a.xlsx", CLASSES["zip bomb"]))
    assert client.get(f"/evidence/{before}/file/").content == CLASSES["zip bomb"]


def test_a_file_larger_than_what_is_kept_is_refused(
    signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    monkeypatch.setattr("assay_web.services.evidence.LARGEST", 1024 * 1024)
    before = _size()
    page = _add(
        signed_in("lead"), file=SimpleUploadedFile("big.bin", bytes(2 * 1024 * 1024))
    ).content.decode()
    assert "big.bin has 2 MB; 1 MB are the most." in page
    assert _size() == before


def test_an_export_of_the_register_holds_no_formula(signed_in: Callable[[str], Client], home: Path) -> None:
    client = signed_in("lead")
    _add(client, shows='=HYPERLINK("http://evil.example","x")')
    exported = client.get("/evidence/?export=csv").content.decode("utf-8-sig")
    assert '"\'=HYPERLINK(""http://evil.example"",""x"")"' in exported
