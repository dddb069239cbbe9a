"""The permission matrix: what each principal gets at every address, by every method, as tests/web/permission_matrix.txt says by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from assay_web.records.accounts import Account

FILE = Path(__file__).with_name("permission_matrix.txt")
ADVISER = Path(__file__).with_name("permission_matrix_adviser.txt")
"""What an adviser gets otherwise than a reader: method, address, word."""
PRINCIPALS = [
    "anonymous",
    "owner",
    "lead",
    "engineer",
    "reader",
    "worker",
    "auditor",
    "disabled",
    "invited",
    "expired",
    "unenrolled",
    "elsewhere",
]
NUMBER = "0" * 11 + "1"
"""The id of the one task, and of the one acceptance."""
EVIDENCE = 2
"""The ledger's index of the one piece of evidence in the first home."""
OTHER = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")


@dataclass(frozen=True)
class Row:
    """One line: a method at an address, and what each principal gets."""

    method: str
    address: str
    gets: dict[str, str]


def rows() -> list[Row]:
    adviser = {(method, address): word for method, address, word in _lines(ADVISER)}
    found = [
        Row(method, address, dict(zip(PRINCIPALS, gets, strict=True)))
        for method, address, *gets in _lines(FILE)
    ]
    for row in found:
        row.gets["adviser"] = adviser.pop((row.method, row.address), row.gets["reader"])
    assert adviser == {}, "the adviser's file has rows that the matrix has not"
    return found


def _lines(file: Path) -> list[list[str]]:
    return [line.split() for line in file.read_text().splitlines() if line and not line.startswith("#")]


def test_the_columns_are_the_principals() -> None:
    heading = next(line for line in FILE.read_text().splitlines() if "anonymous" in line)
    assert heading.lstrip("# ").split() == PRINCIPALS


def test_every_address_has_a_row_for_reading_and_for_writing(home: Path) -> None:
    """An address that nobody reviewed fails here, whatever its view does."""
    from django.urls import get_resolver, resolve

    routes = {str(pattern.pattern) for pattern in get_resolver().url_patterns}
    routes = {one for one in routes if not one.startswith("api/")}  # test_api_permission_matrix.py
    for method in ("GET", "POST"):
        addresses = [row.address for row in rows() if row.method == method]
        assert len(set(addresses)) == len(addresses)
        assert {resolve(_filled(one, "x", "x")).route for one in addresses} == routes


@pytest.mark.parametrize("principal", [*PRINCIPALS, "adviser"])
def test_each_principal_gets_what_the_matrix_says(
    home: Path, cast: dict[str, Account], principal: str
) -> None:
    """Every address by every method. What is sent gets a session of its own, so that no answer rests on another; reading shares one."""
    from assay_web.records.jobs import Job, JobKind

    job = Job.objects.create(kind=JobKind.JUDGE, asked_by="host").pk
    _task_and_acceptance(cast)
    _things_of_people(cast)
    _review(cast)
    reading = _client(principal, cast)
    wrong = []
    for row, method, wanted in _asked(principal):
        client = _client(principal, cast) if method == "POST" else reading
        got = _word(client.generic(method, _filled(row.address, cast["reader"].pk, job)))
        wrong += [] if got == wanted else [f"{method} {row.address}: {got}, not {wanted}"]
    assert "\n".join(wrong) == ""


def _task_and_acceptance(cast: dict[str, Account]) -> None:
    """Make the task and the acceptance of the matrix's addresses."""
    from django.utils import timezone

    from assay_web.records.acceptances import Acceptance
    from assay_web.records.tasks import Task

    Task.objects.create(pk=NUMBER, what="Encrypt the disk", source="hand")
    Acceptance.objects.create(
        pk=NUMBER, source="control", about="GOV-03", until=timezone.localdate(), asked_by=cast["lead"]
    )


def _things_of_people(cast: dict[str, Account]) -> None:
    """Make the course and the checklist of the matrix's addresses. No worker is on a list here, so their pages are not there."""
    from django.utils import timezone

    from assay_web.records.people import Checklist, Course

    today = timezone.localdate()
    Course.objects.create(
        pk=NUMBER, title="Security basics", where="At home", everyone=True, begins=today, made_by=cast["lead"]
    )
    Checklist.objects.create(
        pk=NUMBER, kind="joiner", email="will@northwind.example", day=today, made_by="host"
    )


def _review(cast: dict[str, Account]) -> None:
    """Make the access review of the matrix's addresses: its one line is the worker's to review."""
    from django.utils import timezone

    from assay_web.records.reviews import Review, ReviewLine, ReviewSystem

    days = {"access_review_removal_days": 7, "access_review_days": 90, "dormant_days": 90}
    review = Review.objects.create(
        pk=NUMBER, name="Access", due=timezone.localdate(), parameters=days, started_by=cast["lead"]
    )
    system = ReviewSystem.objects.create(
        review=review, number=1, source="crm", table="account", title="CRM", reviewer=cast["worker"]
    )
    record = (
        '{"account":"ada","kind":"","person":"","right":"sales","system":"crm","used":null,"used_seen":false}'
    )
    ReviewLine.objects.create(
        review=review,
        system=system,
        number=1,
        body={"record": record, "salt": "0" * 32},
        commitment="0" * 64,
        evidence="0" * 64,
        reviewer=cast["worker"],
    )


def _asked(principal: str) -> Iterator[tuple[Row, str, str]]:
    """What no page takes is asked before what is sent, which may end the session that reads."""
    everything = sorted(rows(), key=lambda row: row.method)
    for row in everything:
        if row.method == "GET":
            yield row, "HEAD", row.gets[principal]
            yield from ((row, method, "405") for method in OTHER)
        yield row, row.method, row.gets[principal]


def _filled(address: str, account: str, job: str) -> str:
    return address.format(
        checklist=NUMBER,
        course=NUMBER,
        person=NUMBER,
        proof=NUMBER,
        review=NUMBER,
        acceptance=NUMBER,
        account=account,
        evidence=EVIDENCE,
        job=job,
        task=NUMBER,
        token="t" * 43,
    )


def _client(principal: str, cast: dict[str, Account]) -> Client:
    from django.test import Client

    from tests.web.homes import HOST

    client = Client(headers={"host": HOST})
    if principal == "anonymous":
        return client
    if principal == "elsewhere":  # a session that another home gave: nothing here knows its key
        from django.conf import settings

        client.cookies[settings.SESSION_COOKIE_NAME] = "k" * 32
        return client
    _account(principal, cast).refresh_from_db()  # an earlier request may have ended its sessions
    client.force_login(_account(principal, cast))
    _changed(principal, cast)
    return client


def _account(principal: str, cast: dict[str, Account]) -> Account:
    return cast[
        {"disabled": "lead", "invited": "lead", "expired": "auditor", "unenrolled": "owner"}.get(
            principal, principal
        )
    ]


def _changed(principal: str, cast: dict[str, Account]) -> None:
    """Make of an account that is signed in what the principal's name says."""
    from datetime import timedelta

    from django.utils import timezone

    from assay_web.records.accounts import Account, State

    accounts = Account.objects.filter(pk=_account(principal, cast).pk)
    match principal:
        case "disabled":
            accounts.update(state=State.DISABLED)
        case "invited":
            accounts.update(state=State.INVITED)
        case "expired":
            accounts.update(ends=timezone.now() - timedelta(minutes=1))
        case "unenrolled":
            accounts.update(needs_second_factor=True)


def _word(answer: HttpResponse) -> str:
    match answer.status_code:
        case 200:
            return "ok"
        case 403:
            return "no"
        case 302:
            there = answer.headers["Location"]
            return (
                "in"
                if there.startswith("/sign-in/?next=") or there == "/sign-in/"
                else "2f"
                if there == "/account/second-factor/"
                else "go"
            )
        case status:
            return str(status)
