"""Reports of vendors: what they speak for is said plainly, exceptions are judged, what they expect is mapped, and a report is read only then."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.web.vendors.conftest import signed

if TYPE_CHECKING:
    from django.test import Client

SignedIn = Callable[[str], "Client"]
Entries = list[tuple[str, dict[str, Any]]]


def report(vendor: Any, **more: str) -> dict[str, str]:
    from django.utils import timezone

    ended = timezone.localdate() - timedelta(days=40)
    return {
        "vendor": str(vendor.pk),
        "kind": "soc2_type2",
        "issuer": "Harrow & Pike",
        "starts": (ended - timedelta(days=180)).isoformat(),
        "ends": ended.isoformat(),
        "opinion": "unqualified",
        **more,
    }


def added(client: Client, vendor: Any, **more: str) -> Any:
    from assay_web.records.vendors import VendorReport

    answer = client.post("/vendor_reports/add/", report(vendor, **more))
    assert answer.status_code == 302, answer.content.decode()
    return VendorReport.objects.latest("pk")


def test_days_for_which_nothing_speaks_are_said(signed_in: SignedIn, vendor: Callable[..., Any]) -> None:
    made, engineer = vendor(), signed_in("engineer")
    added(engineer, made)
    page = signed_in("auditor").get(f"/vendors/{made.pk}/").content.decode()
    assert "Nothing speaks for the 40 days since." in page
    assert "Ask for a bridge letter, or for the newer report." in page
    lowered = page.casefold()
    assert not any(word in lowered for word in ("certified", "compliant"))


def test_a_report_that_cannot_be_is_refused_beside_its_fields(
    signed_in: SignedIn, vendor: Callable[..., Any], ledger_size: Callable[[], int]
) -> None:
    made, engineer = vendor(), signed_in("engineer")
    before = ledger_size()
    wrong = {"starts": "", "opinion": "qualified"}
    page = engineer.post("/vendor_reports/add/", report(made, **wrong)).content.decode()
    assert "Give the first day of its period." in page
    assert "Say what it is qualified for, as the report does." in page
    assert ledger_size() == before


def test_exceptions_and_expected_controls_are_judged_one_act_each_and_only_then_is_the_report_read(
    signed_in: SignedIn,
    vendor: Callable[..., Any],
    ledger_size: Callable[[], int],
    ledger_since: Callable[[int], Entries],
) -> None:
    made, engineer = vendor(), signed_in("engineer")
    found = added(engineer, made)
    base, before = f"/vendor_reports/{found.pk}/points", ledger_size()
    engineer.post(f"{base}/exceptions/", {"lines": "One of 25 leavers kept access for 9 days."})
    engineer.post(
        f"{base}/expected/",
        {"lines": "Customers review their own accounts.\nCustomers encrypt with own keys.\n"},
    )
    refused = engineer.post(
        f"/vendors/{made.pk}/review/", signed("high", report=str(found.pk))
    ).content.decode()
    assert "1 exception of its report is not judged." in refused
    assert "2 user controls that its report expects are not mapped." in refused
    engineer.post(
        f"{base}/exceptions/1/",
        {
            "text": "One of 25 leavers kept access for 9 days.",
            "bearing": "no",
            "judgement": "Its staff cannot reach our data.",
            "version": "1",
        },
    )
    engineer.post(
        f"{base}/expected/1/",
        {
            "text": "Customers review their own accounts.",
            "controls": "iam-07",
            "not_relevant": "",
            "version": "1",
        },
    )
    engineer.post(
        f"{base}/expected/2/",
        {
            "text": "Customers encrypt with own keys.",
            "controls": "",
            "not_relevant": "Its keys are used.",
            "version": "1",
        },
    )
    assert [body["act"] for _, body in ledger_since(before)] == [
        "vendor_exceptions.imported",
        "expected_controls.imported",
        "vendor_exception.changed",
        "expected_control.changed",
        "expected_control.changed",
    ]
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("report.html", b"<script>canary()</script>")
    engineer.post(f"/vendors/{made.pk}/review/", {**signed("high", report=str(found.pk)), "file": file})
    signed_review = made.reviews.get()
    kept = engineer.get(f"/evidence/{signed_review.evidence}/file/")
    assert kept.content == b"<script>canary()</script>"
    assert kept.headers["Content-Type"] == "application/octet-stream"
    page = signed_in("auditor").get("/vendors/subservice/").content.decode()
    assert 'href="/controls/IAM-07/"' in page
    assert "Not relevant, because Its keys are used." in page
    rows = list(
        csv.reader(
            io.StringIO(
                signed_in("auditor")
                .get("/vendors/subservice/?export=csv&of=expected")
                .content.decode("utf-8-sig")
            )
        )
    )
    assert [row[3:] for row in rows[1:]] == [
        ["Customers review their own accounts.", "IAM-07", ""],
        ["Customers encrypt with own keys.", "", "Its keys are used."],
    ]


def test_a_control_that_there_is_not_maps_nothing(signed_in: SignedIn, vendor: Callable[..., Any]) -> None:
    made, engineer = vendor(), signed_in("engineer")
    found = added(engineer, made)
    base = f"/vendor_reports/{found.pk}/points"
    engineer.post(f"{base}/expected/", {"lines": "Customers review their own accounts."})
    page = engineer.post(
        f"{base}/expected/1/", {"text": "x", "controls": "XYZ-1", "version": "1"}
    ).content.decode()
    assert "There is no control “XYZ-1”." in page
    assert found.expected.get().is_open
    other = added(engineer, made)
    swapped = engineer.post(f"/vendor_reports/{other.pk}/points/expected/1/", {"text": "x", "version": "1"})
    assert swapped.status_code == 404


def test_two_who_judge_one_exception_lose_nothing(signed_in: SignedIn, vendor: Callable[..., Any]) -> None:
    made, engineer = vendor(), signed_in("engineer")
    found = added(engineer, made)
    base = f"/vendor_reports/{found.pk}/points/exceptions/"
    engineer.post(base, {"lines": "A late review."})
    judged = {"text": "A late review.", "bearing": "no", "version": "1"}
    signed_in("lead").post(f"{base}1/", {**judged, "judgement": "Theirs."})
    page = engineer.post(f"{base}1/", {**judged, "judgement": "Mine."}).content.decode()
    assert "was changed since you opened it" in page
    assert "Theirs." in page
    assert "Mine." in page
