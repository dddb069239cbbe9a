"""No password, key of an app, recovery code, link or session key is in the database in clear, in the ledger, in a log or on a page of an error."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.people.conftest import (
    PASSWORD,
    Person,
    browser,
    challenge_on,
    confirm,
    is_signed_in,
    pending,
    secret_on,
    signed_in,
)
from tests.web.people.passkey import Passkey

if TYPE_CHECKING:
    from django.test import Client

People = dict[str, Person]
WRONG = "a wrong pass phrase 4711"


@pytest.fixture
def log(home: Path) -> Iterator[io.StringIO]:
    """What is logged, from DEBUG on, through the filters of the shipped settings."""
    from django.conf import settings

    from assay_web.people.log_lines import WithoutTokens

    (named,) = settings.LOGGING["handlers"]["stderr"]["filters"]
    assert settings.LOGGING["filters"][named]["()"].endswith("log_lines.WithoutTokens")
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(WithoutTokens())
    root, levels = logging.getLogger(), {}
    root.addHandler(handler)
    for name in ("", "django", "django.request", "django.security", "fido2", "allauth"):
        levels[name] = logging.getLogger(name).level
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def _session_key(client: Client) -> str:
    from django.conf import settings

    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def _everything_done(people: People) -> tuple[list[str], list[str]]:
    """Go through every flow with a secret in it, rightly and wrongly; gives the secrets and the pages of errors."""
    from assay_web.services import accounts as verbs

    ada, rosa, olga = people["ada"], people["rosa"], people["olga"]
    errors = []
    clients = [signed_in(ada), signed_in(rosa), pending(ada)]
    confirm(clients[1])
    half_added = secret_on(clients[1].get("/account/app/"))
    challenge_on(clients[1].get("/account/passkeys/add/"))
    clients[1].post("/account/app/", {"code": "000000"})
    ada.clock.forward(601)
    clients[1].post("/account/app/", {"code": "135790"})  # put aside until who it is was confirmed
    links = [verbs.recovery_link(by="host", account=olga.account) for _ in range(2)]
    for path in (links[1].path, links[0].path):  # the first one works no more
        answer = browser().post(path, {"password": "short"})
        errors.append(answer.content.decode())
    strict = browser(enforce_csrf_checks=True)
    errors.append(strict.post(links[1].path, {"password": PASSWORD}).content.decode())
    errors.append(browser().get(links[1].path, headers={"host": "evil.example"}).content.decode())
    for _ in range(6):
        answer = browser().post("/sign-in/", {"login": rosa.email, "password": WRONG})
        errors.append(answer.content.decode())
    errors.append(clients[2].post("/sign-in/code/", {"code": "99999999"}).content.decode())
    said = Passkey().assertion("AAAA", user=None)
    errors.append(clients[2].post("/sign-in/code/", {"credential": said}).content.decode())
    secrets = [
        PASSWORD,
        WRONG,
        ada.secret,
        olga.secret,
        half_added,
        *ada.codes,
        *(one.token for one in links),
    ]
    return [*secrets, *map(_session_key, clients)], errors


def test_no_secret_is_where_it_should_not_be(people: People, home: Path, log: io.StringIO) -> None:
    from django.db import connection

    secrets, errors = _everything_done(people)
    assert len(secrets) == len(set(secrets)) == 20
    connection.close()
    kept = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    assert b"northwind.example" in kept  # what is looked through is what was written
    assert "/link/…" in log.getvalue()
    for secret in secrets:
        assert secret.encode() not in kept
        assert secret not in log.getvalue()
        assert all(secret not in page.replace(f"/link/{secret}/", "") for page in errors)


def test_a_failure_on_a_links_page_logs_no_token(
    people: People, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the link still works, and with a traceback."""
    from assay_web.services import accounts as verbs

    secret = verbs.recovery_link(by="host", account=people["ada"].account)

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("Something broke.")

    monkeypatch.setattr("assay_web.people.links._used", broken)
    client = browser(raise_request_exception=False)
    answer = client.post(secret.path, {"password": "another long pass phrase"})
    assert answer.status_code == 500
    assert "Something broke." in log.getvalue()
    assert "Internal Server Error: /link/…/" in log.getvalue()
    for words in (log.getvalue(), answer.content.decode()):
        assert secret.token not in words
        assert "another long pass phrase" not in words


def test_what_is_kept_of_a_second_factor_opens_with_the_master_key_of_this_home_alone(people: People) -> None:
    from assay.home.keys import KeyProblemError
    from assay_web.home import current_home

    ada = people["ada"].account
    kept = {one.type: one.data for one in ada.authenticator_set.all()}
    assert set(kept) == {"totp", "recovery_codes"}
    assert len(bytes.fromhex(kept["totp"]["secret"])) > 32
    assert len(bytes.fromhex(kept["recovery_codes"]["seed"])) > 40
    (current_home().path / "keys" / "master.key").write_text("5" * 64)
    factor = ada.authenticator_set.get(type="totp")
    with pytest.raises(KeyProblemError, match="does not open with this master key"):
        factor.wrap().validate_code("000000")


def test_second_factors_outlive_another_master_key(people: People, home: Path) -> None:
    """The key is rotated from the command line while the home is served. Sessions end; nobody is locked out."""
    from django.db import connection

    from assay.home import Surroundings, open_home
    from assay.home.rotating import rotate_master_key

    ada = people["ada"]
    before = signed_in(ada)
    connection.close()
    opened = open_home(home, Surroundings.real())
    rotate_master_key(opened, "ada", "An administrator left.")
    opened.close()
    assert not is_signed_in(before)
    ada.clock.forward(30)
    for code in (ada.code(), ada.codes[0]):
        client = pending(ada)
        client.post("/sign-in/code/", {"code": code})
        assert is_signed_in(client)


def test_recovery_codes_are_shown_once(people: People) -> None:
    ada = people["ada"]
    client = signed_in(ada)
    confirm(client)
    first, second = (client.get("/account/recovery-codes/").content.decode() for _ in range(2))
    spaced = [f"{code[:4]} {code[4:]}" for code in ada.codes]
    assert all(code in first for code in spaced)
    assert not any(code in second for code in [*spaced, *ada.codes])
    assert "10 codes of 10 are left" in second
