"""Notices: the alarm after 26 hours, the sign of life, the weekly digest and the chat; each once, secrets sealed, only one's own to each."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.web.planning.conftest import Acts, SignIn

HOOK = "https://chat.example/hooks/T0PS3CRET"
ALIVE = "https://ping.example/1f3c-S3CRET"
SETTINGS = {
    "mail_alarm": "on",
    "mail_digest": "on",
    "digest_day": "0",
    "webhook_url": HOOK,
    "webhook": "on",
    "dead_man_url": ALIVE,
    "dead_man": "on",
    "deed": "save",
}
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@dataclass
class Outside:
    """What the world outside got: requests and mails; `refuses` lets the next request fail."""

    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    mails: list[tuple[str, str, str]] = field(default_factory=list)
    refuses: bool = False

    def request(self, method: str, url: str, headers: dict[str, str], body: bytes) -> Any:
        from assay.outbound.http import Response

        self.asked.append((method, url, headers, body))
        return Response(503 if self.refuses else 200, {}, b"", 1, 1)

    def close(self) -> None:
        pass


@pytest.fixture
def outside(company: Path, monkeypatch: pytest.MonkeyPatch) -> Outside:
    from assay_web.jobs import telling

    found = Outside()
    monkeypatch.setattr(telling, "new_client", lambda: found)
    monkeypatch.setattr(telling, "mail_is_set_up", lambda: True)
    monkeypatch.setattr(
        telling, "send_mail", lambda to, subject, text: found.mails.append((to, subject, text))
    )
    return found


@pytest.fixture
def switched_on(company: Path, sign_in: SignIn) -> Iterator[None]:
    from assay_web.records.notices import Notices, Told

    if not Notices.objects.exists():
        assert sign_in("lead").post("/notices/", SETTINGS).status_code == 200
    yield
    Told.objects.all().delete()


def _tell(now: datetime) -> list[str]:
    from assay_web.jobs.telling import tell_all
    from assay_web.records.jobs import Job, JobKind

    return tell_all(Job(kind=JobKind.TELL, asked_by="schedule"), lambda *_: None, now)


def _connect() -> None:
    from assay.home.sources import Source, connect_source, sources
    from assay_web.home import current_home

    if not sources(current_home()):
        connect_source(current_home(), Source("aws-main", "aws", {"profile": "p"}), {}, "ada")


def test_secrets_are_sealed_and_in_no_act_and_on_no_page(
    company: Path, sign_in: SignIn, acts_of: Acts
) -> None:
    from assay_web.records.notices import SealedSecret
    from assay_web.services.notices import DEAD_MAN, KEY, WEBHOOK, secret_of

    client = sign_in("lead")
    pages: list[str] = []
    acts = acts_of(lambda: pages.append(client.post("/notices/", SETTINGS).content.decode()))
    assert [one["act"] for one in acts] == ["notices.added"]
    key = secret_of(KEY)
    assert (secret_of(WEBHOOK), secret_of(DEAD_MAN)) == (HOOK, ALIVE)
    assert key is not None
    assert key in pages[0]  # shown this once
    kept = " ".join(SealedSecret.objects.values_list("sealed", flat=True))
    later = client.get("/notices/").content.decode()
    for secret in ("T0PS3CRET", "1f3c-S3CRET", key):
        assert secret not in str(acts)
        assert secret not in later
        assert secret not in kept


def test_addresses_that_are_not_https_are_refused_beside_their_field(company: Path, sign_in: SignIn) -> None:
    for address in ("http://chat.example/x", "ftp://a.example", "https://user:word@chat.example/"):
        page = sign_in("lead").post("/notices/", {**SETTINGS, "webhook_url": address, "version": "1"})
        assert page.status_code == 200
        assert 'class="err"' in page.content.decode()


def test_while_collecting_goes_well_the_dead_man_is_asked_once_an_hour(
    switched_on: None, outside: Outside
) -> None:
    _connect()
    now = datetime.now(UTC)
    assert _tell(now) == _tell(now) == []
    assert [(method, url) for method, url, *_ in outside.asked] == [("GET", ALIVE)]
    _tell(now + timedelta(hours=1))
    assert len(outside.asked) == 2


def test_after_26_hours_the_lead_is_told_once_a_day_and_the_dead_man_hears_nothing(
    switched_on: None, outside: Outside
) -> None:
    _connect()
    late = datetime.now(UTC) + timedelta(hours=27)
    _tell(late)
    _tell(late + timedelta(minutes=1))
    alarms = [one for one in outside.mails if "26 hours" in one[1]]
    assert sorted(to for to, *_ in alarms) == ["lead@northwind.example", "owner@northwind.example"]
    assert "aws-main: never complete" in alarms[0][2]
    assert [url for _, url, *_ in outside.asked].count(ALIVE) == 0
    assert sum(b"26 hours" in body for *_, body in outside.asked) == 1


def test_what_the_chat_gets_is_signed(switched_on: None, outside: Outside) -> None:
    from assay_web.jobs.telling import post
    from assay_web.services.notices import KEY, secret_of

    post("Grüße")
    ((method, url, headers, body),) = outside.asked
    assert (method, url, json.loads(body)) == ("POST", HOOK, {"text": "Grüße"})
    key = secret_of(KEY)
    assert key is not None
    signed = hmac.new(
        key.encode(), headers["Assay-Timestamp"].encode() + b"." + body, hashlib.sha256
    ).hexdigest()
    assert headers["Assay-Signature"] == f"v1={signed}"


def test_a_try_that_did_not_work_is_said_and_made_again(switched_on: None, outside: Outside) -> None:
    _connect()
    now = datetime.now(UTC)
    outside.refuses = True
    assert _tell(now) == ["sign of life: The address answered 503. Check that it is still the right one."]
    outside.refuses = False
    assert _tell(now) == []
    assert len(outside.asked) == 2


def test_the_digest_gives_everyone_only_theirs_and_can_be_stopped(
    switched_on: None, outside: Outside, sign_in: SignIn
) -> None:
    from assay_web.records.accounts import Account
    from assay_web.services.tasks import Wanted, make_tasks

    by = Account.objects.get(role="lead")
    for role, word in (("engineer", "Encrypt the backups"), ("reader", "Read the minutes")):
        owner = Account.objects.get(role=role)
        make_tasks([Wanted(what=word, owner=owner, due=(MONDAY - timedelta(days=2)).date())], by=by)
    sign_in("reader").post("/notices/mine/", {"digest": "no"})
    _tell(MONDAY)
    _tell(MONDAY + timedelta(hours=1))
    digests = {to: text for to, subject, text in outside.mails if "your week" in subject}
    assert len([one for one in outside.mails if "your week" in one[1]]) == len(digests)
    assert "Encrypt the backups" in digests["engineer@northwind.example"]
    assert "Read the minutes" not in digests["engineer@northwind.example"]
    assert "reader@northwind.example" not in digests
    assert "auditor@northwind.example" not in digests
    assert "Signs of a classic mistake" in digests["lead@northwind.example"]
    assert all("Encrypt the backups" not in body.decode() for *_, body in outside.asked)


@pytest.mark.parametrize("now", [MONDAY - timedelta(hours=4), MONDAY + timedelta(days=1)])
def test_no_digest_before_seven_or_on_another_day(switched_on: None, outside: Outside, now: datetime) -> None:
    _tell(now)
    assert [one for one in outside.mails if "your week" in one[1]] == []


def test_a_test_is_a_job_that_tells_who_asked(switched_on: None, outside: Outside, sign_in: SignIn) -> None:
    from assay_web.jobs.telling import tell_all
    from assay_web.records.jobs import Job

    answer = sign_in("owner").post("/notices/", {"deed": "test"})
    job = Job.objects.get(kind="tell")
    assert answer.headers["Location"] == f"/jobs/{job.pk}/"
    assert tell_all(job, lambda *_: None) == []
    assert [to for to, *_ in outside.mails] == ["owner@northwind.example"]
    assert [url for _, url, *_ in outside.asked] == [HOOK, ALIVE]


def test_the_schedule_asks_once_an_hour(
    switched_on: None, company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from assay_web.jobs.schedule import ask_for_what_is_due
    from assay_web.records.jobs import Job

    monkeypatch.setattr(settings, "SCHEDULED", True)
    Job.objects.all().delete()
    for _ in range(3):
        ask_for_what_is_due(datetime(2026, 11, 30, 2, 10, tzinfo=UTC))
    assert list(Job.objects.filter(kind="tell").values_list("slot", flat=True)) == ["tell 2026-11-30 02"]


MAIL_URLS: list[tuple[str, Callable[[Any], bool]]] = [
    ("smtps://ada:p%40ss@mail.example", lambda one: (one.host, one.port, one.user, one.password) == ("mail.example", 465, "ada", "p@ss")),
    ("smtp://mail.example:2525", lambda one: (one.port, one.security.value, one.user) == (2525, "starttls", None)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fits"), MAIL_URLS)
def test_the_mail_server_comes_from_the_environment(
    text: str, fits: Callable[[Any], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay_web.environment import read_mail_server

    monkeypatch.setenv("ASSAY_MAIL_URL", text)
    monkeypatch.setenv("ASSAY_MAIL_FROM", "assay@northwind.example")
    found = read_mail_server()
    assert found is not None
    assert fits(found[0])


@pytest.mark.parametrize("text", ["http://mail.example", "smtps://", "smtp://mail.example:many"])
def test_what_is_no_mail_server_fails_at_the_start(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from assay_web.environment import BadSettingError, read_mail_server

    monkeypatch.setenv("ASSAY_MAIL_URL", text)
    monkeypatch.setenv("ASSAY_MAIL_FROM", "assay@northwind.example")
    with pytest.raises(BadSettingError):
        read_mail_server()


def test_a_subject_is_one_line_and_an_address_is_one(company: Path) -> None:
    from assay.publish.mailbox import MailError
    from assay_web.mails import message

    made = message("assay@northwind.example", "ada@northwind.example", "One\r\nBcc: eve@x.example", "Text\n")
    assert made["Subject"] == "One Bcc: eve@x.example"
    assert made["Bcc"] is None
    with pytest.raises(MailError):
        message("assay@northwind.example", "ada@northwind.example, eve@x.example", "One", "Text")


def test_another_master_key_seals_the_secrets_anew(switched_on: None, company: Path) -> None:
    """Last in this file: the home has another key from here on."""
    from assay.home import Surroundings, open_home
    from assay.home.rotating import rotate_master_key
    from assay_web.services.notices import WEBHOOK, secret_of

    home = open_home(company, Surroundings.real())
    rotated = rotate_master_key(home, "ada", "a test")
    home.close()
    assert rotated.unopened == ()
    assert secret_of(WEBHOOK) == HOOK
