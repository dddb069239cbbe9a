"""People who sign in: accounts with second factors, their codes at a clock that stands still, and browsers that know a password."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.homes import HOST
from tests.web.people.passkey import Passkey

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from assay_web.records.accounts import Account

PASSWORD = "a long enough pass phrase"
START = 1_900_000_000.0


@dataclass
class Clock:
    """The time that second factors and limits go by; it goes on when told to."""

    at: float = START

    def forward(self, seconds: float) -> None:
        self.at += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(time, "time", lambda: made.at)
    return made


@pytest.fixture
def quick(home: Path) -> Iterator[None]:
    """Hash passwords and write quickly: neither the hash nor surviving a power cut is what these tests are about."""
    from django.db import connection
    from django.test import override_settings

    with connection.cursor() as cursor:
        cursor.execute("pragma synchronous = off")

    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@dataclass
class Person:
    """An account with what its holder holds."""

    account: Account
    clock: Clock
    secret: str = ""
    codes: list[str] = field(default_factory=list)
    passkey: Passkey | None = None

    @property
    def email(self) -> str:
        return self.account.email

    def code(self, steps: int = 0) -> str:
        """Give what the app shows now, or some steps away (RFC 6238)."""
        counter = struct.pack(">Q", int(self.clock.at) // 30 + steps)
        digest = hmac.new(base64.b32decode(self.secret), counter, hashlib.sha1).digest()
        at = digest[-1] & 15
        return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"

    def now(self) -> Account:
        """Give the account as it is in the database now."""
        return type(self.account).objects.get(pk=self.account.pk)


@pytest.fixture
def people(quick: None, clock: Clock) -> dict[str, Person]:
    """Olga (owner: app, passkey, codes), Ada (lead: app, codes), Ben (engineer: app, passkey, codes), Rosa (reader: no factor yet), Will (worker: needs none)."""
    return {
        "olga": _person("olga", "owner", clock, app=True, passkey=True),
        "ada": _person("ada", "lead", clock, app=True),
        "ben": _person("ben", "engineer", clock, app=True, passkey=True),
        "rosa": _person("rosa", "reader", clock),
        "will": _person("will", "worker", clock, needed=False),
    }


def _person(
    name: str, role: str, clock: Clock, *, app: bool = False, passkey: bool = False, needed: bool = True
) -> Person:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP
    from allauth.mfa.webauthn.internal.auth import WebAuthn

    from assay_web.records.accounts import Role
    from assay_web.services.accounts import make_account

    account = make_account(
        by="host",
        name=f"{name.title()} Example",
        email=f"{name}@northwind.example",
        role=Role(role),
        password=PASSWORD,
        needs_second_factor=needed,
    )
    made = Person(account, clock)
    if app:
        made.secret = base64.b32encode(hashlib.sha1(name.encode()).digest()).decode()
        TOTP.activate(account, made.secret)
        made.codes = RecoveryCodes.activate(account).generate_codes()
    if passkey:
        made.passkey = Passkey()
        WebAuthn.add(account, "Laptop", json.loads(made.passkey.registration("AAAA")))
    return made


def browser(**more: Any) -> Client:
    """Open a browser that nobody signed in with."""
    from django.test import Client

    return Client(headers={"host": HOST}, **more)


def give_password(client: Client, person: Person, password: str = PASSWORD) -> HttpResponse:
    return client.post("/sign-in/", {"login": person.email, "password": password})


def pending(person: Person) -> Client:
    """Open a browser in which someone knows the password, and stands before the second step."""
    client = browser()
    answer = give_password(client, person)
    assert answer.headers["Location"] == "/sign-in/code/"
    return client


def signed_in(person: Person) -> Client:
    """Open a browser in which the person signed in by password and, where there is one, the app."""
    client = browser()
    answer = give_password(client, person)
    if answer.headers["Location"] == "/sign-in/code/":
        person.clock.forward(30)
        answer = client.post("/sign-in/code/", {"code": person.code()})
    assert answer.status_code == 302, answer.content.decode()
    return client


def confirm(client: Client, password: str = PASSWORD) -> None:
    """Say one's password once more, as changes of credentials ask."""
    assert client.post("/confirm/", {"password": password}).status_code == 302


def is_signed_in(client: Client) -> bool:
    """Tell whether a browser gets past the door: to a page of its own, or to where it sets up a second factor."""
    answer = client.get("/account/")
    return answer.status_code == 200 or answer.headers.get("Location") == "/account/second-factor/"


def challenge_of(client: Client) -> str:
    """Give the challenge of a sign-in by passkey alone."""
    answer = client.get("/sign-in/passkey/", headers={"x-requested-with": "XMLHttpRequest"})
    return str(answer.json()["request_options"]["publicKey"]["challenge"])


def challenge_on(answer: HttpResponse) -> str:
    """Give the challenge on a page that asks for a passkey."""
    text = answer.content.decode().partition('id="passkey-options" type="application/json">')[2]
    (options,) = json.loads(text.partition("</script>")[0]).values()
    return str(options["publicKey"]["challenge"])


def secret_on(answer: HttpResponse) -> str:
    """Give the key that a page offers to an authenticator app."""
    return answer.content.decode().partition('<span class="copy">')[2].partition("</span>")[0]


def sessions_on(answer: HttpResponse) -> list[str]:
    """Give the ids of the sessions that one's account page lets one end, newest first."""
    return re.findall(r'name="session" value="(\d+)"', answer.content.decode())
