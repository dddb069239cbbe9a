"""Ways around the second factor, each tried by someone who knows Ada's or Ben's password and holds an account of their own. None leads in."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.web.people.conftest import (
    PASSWORD,
    Person,
    browser,
    challenge_of,
    challenge_on,
    confirm,
    is_signed_in,
    pending,
    signed_in,
)
from tests.web.people.passkey import PRESENT, Passkey

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

People = dict[str, Person]


@dataclass
class World:
    """Olga and her passkey; Ada is attacked, Ben attacks. `client` has given Ada's password and stands before the second step."""

    people: People
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = pending(self.ada)

    @property
    def ada(self) -> Person:
        return self.people["ada"]

    @property
    def ben(self) -> Person:
        return self.people["ben"]

    @property
    def olga(self) -> Person:
        return self.people["olga"]

    def code(self, text: str, **more: str) -> HttpResponse:
        return self.client.post("/sign-in/code/", {"code": text, **more})

    def credential(self, text: str) -> HttpResponse:
        return self.client.post("/sign-in/code/", {"credential": text})

    def at_olgas_step(self) -> str:
        """Stand before Olga's second step instead; gives the challenge of it."""
        self.client = pending(self.olga)
        return challenge_on(self.client.get("/sign-in/code/"))

    def alone(self, text: str) -> None:
        self.client.post("/sign-in/passkey/", {"credential": text})

    def fresh(self) -> str:
        """Open a browser that stands before a sign-in by passkey alone; gives its challenge."""
        self.client = browser()
        return challenge_of(self.client)


Attempt = Callable[[World], object]


def _used_code(world: World) -> str:
    code = world.ada.code()
    assert pending(world.ada).post("/sign-in/code/", {"code": code}).status_code == 302
    return code


def _used_recovery_code(world: World) -> None:
    code = world.ada.codes[3]
    assert is_signed_in_by(world, code)
    world.client = pending(world.ada)
    world.code(code)


def is_signed_in_by(world: World, code: str) -> bool:
    client = pending(world.ada)
    client.post("/sign-in/code/", {"code": code})
    return is_signed_in(client)


def _replayed_later(world: World) -> None:
    code = _used_code(world)
    world.ada.clock.forward(29)
    world.code(code)


def _replayed_in_another_process(world: World) -> None:
    from django.core.cache import cache

    code = _used_code(world)
    cache.clear()
    world.code(code)


def _earlier_than_used(world: World) -> None:
    _used_code(world)
    world.code(world.ada.code(-1))


def _replayed_assertion(world: World) -> None:
    passkey = world.olga.passkey
    assert passkey is not None
    said = passkey.assertion(world.at_olgas_step(), user=world.olga.account.pk)
    assert world.credential(said).status_code == 302
    assert is_signed_in(world.client)
    world.at_olgas_step()
    world.credential(said)


def _other_sessions_challenge(world: World) -> None:
    other = challenge_on(pending(world.olga).get("/sign-in/code/"))
    world.at_olgas_step()
    world.credential(_olgas(world).assertion(other, user=world.olga.account.pk))


def _olgas(world: World) -> Passkey:
    assert world.olga.passkey is not None
    return world.olga.passkey


def _bens(world: World) -> Passkey:
    assert world.ben.passkey is not None
    return world.ben.passkey


def _fixed_session(world: World) -> None:
    """The attacker plants a session in Olga's browser, waits until she signed in with it, and uses it."""
    from django.conf import settings

    planted = browser()
    planted.get("/sign-in/")
    planted.post("/sign-in/", {"login": "nobody@northwind.example", "password": "x"})
    challenge = challenge_of(planted)
    key = planted.cookies[settings.SESSION_COOKIE_NAME].value
    planted.post(
        "/sign-in/passkey/", {"credential": _olgas(world).assertion(challenge, user=world.olga.account.pk)}
    )
    assert is_signed_in(planted)
    world.client = browser()
    world.client.cookies[settings.SESSION_COOKIE_NAME] = key


def _fixed_pending_session(world: World) -> None:
    from django.conf import settings

    victim = pending(world.ada)
    key = victim.cookies[settings.SESSION_COOKIE_NAME].value
    victim.post("/sign-in/code/", {"code": world.ada.code()})
    assert is_signed_in(victim)
    world.client = browser()
    world.client.cookies[settings.SESSION_COOKIE_NAME] = key


def _cookie(change: Callable[[str], str]) -> Attempt:
    def tampered(world: World) -> None:
        from django.conf import settings

        key = signed_in(world.ada).cookies[settings.SESSION_COOKIE_NAME].value
        world.client = browser()
        world.client.cookies[settings.SESSION_COOKIE_NAME] = change(key)

    return tampered


def _cookie_of_another_home(world: World) -> None:
    """The same key under the cookie of another home on this machine."""
    from django.conf import settings

    key = signed_in(world.ada).cookies[settings.SESSION_COOKIE_NAME].value
    world.client = browser()
    world.client.cookies["assay-00000000-session"] = key


def _key_from_the_database(world: World) -> None:
    """What the database keeps of a session, sent as its cookie."""
    from django.conf import settings
    from django.contrib.sessions.models import Session

    signed_in(world.ada)
    world.client = browser()
    for kept in Session.objects.all():
        world.client.cookies[settings.SESSION_COOKIE_NAME] = kept.session_key
        assert not is_signed_in(world.client)


def _session_written_by_hand(world: World) -> None:
    """A row put into the database by someone without the master key."""
    from datetime import timedelta

    from django.conf import settings
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from assay_web.services.sessions import kept_as

    content = {
        "_auth_user_id": world.ada.account.pk,
        "_auth_user_backend": "allauth.account.auth_backends.AuthenticationBackend",
        "_auth_user_hash": world.ada.account.get_session_auth_hash(),
    }
    world.client = browser()
    for text in (json.dumps(content), base64.b64encode(json.dumps(content).encode()).decode(), "00" * 40, ""):
        Session.objects.update_or_create(
            session_key=kept_as("k" * 32),
            defaults={"session_data": text, "expire_date": timezone.now() + timedelta(days=1)},
        )
        world.client.cookies[settings.SESSION_COOKIE_NAME] = "k" * 32
        assert not is_signed_in(world.client)


def _each_page(world: World) -> None:
    """Every page of the matrix that takes no id, before the second step."""
    for address in (
        "/",
        "/accounts/",
        "/account/",
        "/account/recovery-codes/",
        "/account/app/",
        "/scope/",
        "/jobs/",
    ):
        answer = world.client.get(address)
        assert answer.headers["Location"].startswith("/sign-in/"), address


def _each_change(world: World) -> None:
    new = "another long pass phrase"
    for address, sent in {
        "/account/app/": {"code": "123456"},
        "/account/passkeys/add/": {"credential": "{}"},
        "/account/recovery-codes/new/": {},
        "/account/app/remove/": {},
        "/account/password/": {"oldpassword": PASSWORD, "password1": new, "password2": new},
        "/confirm/": {"password": PASSWORD},
        "/confirm/code/": {"code": world.ada.code()},
        "/account/end-sessions/": {},
        "/accounts/": {"name": "x", "email": "x@x.example", "role": "owner"},
    }.items():
        assert world.client.post(address, sent).status_code == 403, address


def _methods(world: World) -> None:
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "POSTX"):
        sent = f"code={world.ada.code()}"
        answer = world.client.generic(method, "/sign-in/code/", sent, "application/x-www-form-urlencoded")
        assert answer.status_code == 405
    world.client.head("/sign-in/code/?code=" + world.ada.code())


def _old(world: World) -> None:
    world.ada.clock.forward(15 * 60 + 1)
    world.code(world.ada.code())


def _after_new_password(world: World) -> None:
    from assay_web.services.accounts import renew_password

    renew_password(by="host", account=world.ada.account, password="another long pass phrase")
    world.code(world.ada.code())


def _after_disabling(world: World) -> None:
    from assay_web.services.accounts import disable

    disable(by=world.olga.account, account=world.ada.account)
    world.code(world.ada.code())


def _right_code_in_a_body_of_json(world: World) -> None:
    world.client.post("/sign-in/code/", {"code": world.ada.code()}, content_type="application/json")


def _override(world: World) -> None:
    for header in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        world.client.get("/account/", headers={header: "POST"})
        world.client.post("/sign-in/code/", {"_method": "GET", "code": ""}, headers={header: "GET"})


def _headers(world: World) -> None:
    basic = base64.b64encode(f"{world.ada.email}:{PASSWORD}".encode()).decode()
    for name, value in {
        "Authorization": f"Basic {basic}",
        "Remote-User": world.ada.email,
        "X-Remote-User": world.ada.email,
        "X-Forwarded-User": world.ada.email,
        "X-Original-URL": "/accounts/",
        "X-Rewrite-URL": "/accounts/",
        "X-Session-Token": "x",
    }.items():
        assert world.client.get("/account/", headers={name: value}).status_code == 302


def _trusted_browser(world: World) -> None:
    from django.core.signing import Signer

    world.client.cookies["mfa_trusted"] = Signer(key="a guess").sign_object([["x", 9_999_999_999]])
    world.client.get("/sign-in/code/")


def _second_password_instead(world: World) -> None:
    for address in ("/sign-in/", "/sign-in/code/"):
        world.client.post(address, {"login": world.ada.email, "password": PASSWORD})


def _unread_credentials(world: World) -> None:
    """Whatever is sent in a credential's place is an answer to a person, not an error of ours."""
    challenge = world.at_olgas_step()
    said = json.loads(_olgas(world).assertion(challenge, user=world.olga.account.pk))
    response = said["response"]
    for text in (
        "",
        "null",
        "[]",
        "{}",
        "0",
        '"x"',
        "{",
        "[[[[",
        json.dumps({**said, "response": None}),
        json.dumps({**said, "response": []}),
        json.dumps({**said, "rawId": 5, "id": 5}),
        json.dumps({**said, "response": {**response, "clientDataJSON": "e30"}}),
        json.dumps({**said, "response": {**response, "clientDataJSON": "!!!"}}),
        json.dumps({**said, "response": {**response, "authenticatorData": ""}}),
        json.dumps({**said, "response": {**response, "signature": "AA"}}),
        json.dumps({**said, "response": {**response, "userHandle": {"a": 1}}}),
        "\x00",
    ):
        world.client = browser()
        challenge_of(world.client)
        assert world.client.post("/sign-in/passkey/", {"credential": text}).headers["Location"] == "/sign-in/"
        assert not is_signed_in(world.client)
        from django.core.cache import cache

        cache.clear()


ATTEMPTS: dict[str, Attempt] = {
    "every page, asked directly": _each_page,
    "every change of credentials, sent directly": _each_change,
    "a forged next": lambda w: w.client.get("/sign-in/code/?next=/accounts/"),
    "a forged next, sent": lambda w: w.client.post("/sign-in/code/?next=/accounts/", {"next": "/accounts/"}),
    "no code": lambda w: w.client.post("/sign-in/code/", {}),
    "an empty code": lambda w: w.code(""),
    "zeros": lambda w: w.code("000000"),
    "a guess": lambda w: w.code("482913"),
    "the right code in other digits": lambda w: w.code("".join(chr(0xFF10 + int(c)) for c in w.ada.code())),
    "two codes at once": lambda w: w.client.post("/sign-in/code/", {"code": [w.ada.code(), "000000"]}),
    "the right code with more after it": lambda w: w.code(w.ada.code() + "0"),
    "a code of two steps ago": lambda w: w.code(w.ada.code(-2)),
    "a code of two steps ahead": lambda w: w.code(w.ada.code(2)),
    "a code that was used": lambda w: w.code(_used_code(w)),
    "a code that was used, half a minute later": _replayed_later,
    "a code that was used, where no cache remembers it": _replayed_in_another_process,
    "a code before the one that was used": _earlier_than_used,
    "a recovery code that was used": _used_recovery_code,
    "a code of another account": lambda w: w.code(w.ben.code()),
    "a recovery code of another account": lambda w: w.code(w.ben.codes[0]),
    "another account named beside its own code": lambda w: w.code(
        w.ben.code(), user=w.ben.account.pk, account=w.ben.account.pk, login=w.ben.email
    ),
    "the right code after a quarter of an hour": _old,
    "the right code after a new password": _after_new_password,
    "the right code after the account was disabled": _after_disabling,
    "the right code as JSON": _right_code_in_a_body_of_json,
    "the right code by other methods": _methods,
    "headers that name another method": _override,
    "headers that name a user or an address": _headers,
    "the cookie of a trusted browser": _trusted_browser,
    "the password instead of a code": _second_password_instead,
    "a passkey of another account": lambda w: w.credential(
        _bens(w).assertion(w.at_olgas_step(), user=w.olga.account.pk)
    ),
    "a passkey that was never added": lambda w: w.credential(
        Passkey().assertion(w.at_olgas_step(), user=w.olga.account.pk)
    ),
    "the passkey's own id with another key": lambda w: w.credential(
        Passkey(id=_olgas(w).id).assertion(w.at_olgas_step(), user=w.olga.account.pk)
    ),
    "a passkey used on another site": lambda w: w.credential(
        _olgas(w).assertion(w.at_olgas_step(), user=w.olga.account.pk, origin="https://evil.example")
    ),
    "a passkey used on another port": lambda w: w.credential(
        _olgas(w).assertion(w.at_olgas_step(), user=w.olga.account.pk, origin="http://localhost:8322")
    ),
    "a passkey used on a name below": lambda w: w.credential(
        _olgas(w).assertion(w.at_olgas_step(), user=w.olga.account.pk, origin="http://a.localhost:8321")
    ),
    "a passkey for another site's name": lambda w: w.credential(
        _olgas(w).assertion(w.at_olgas_step(), user=w.olga.account.pk, site="evil.example")
    ),
    "a passkey in a frame of another site": lambda w: w.credential(
        _olgas(w).assertion(w.at_olgas_step(), user=w.olga.account.pk, framed=True)
    ),
    "a passkey that did not verify the person": lambda w: w.credential(
        _olgas(w).assertion(w.at_olgas_step(), user=w.olga.account.pk, flags=PRESENT)
    ),
    "a passkey without anybody there": lambda w: w.credential(
        _olgas(w).assertion(w.at_olgas_step(), user=w.olga.account.pk, flags=0)
    ),
    "a passkey that answered another kind of question": lambda w: w.credential(
        _olgas(w).assertion(w.at_olgas_step(), user=w.olga.account.pk, kind="webauthn.create")
    ),
    "a passkey with a spoilt signature": lambda w: w.credential(
        _olgas(w).assertion(w.at_olgas_step(), user=w.olga.account.pk, spoilt=True)
    ),
    "a passkey's answer to another challenge": lambda w: (
        w.at_olgas_step(),
        w.credential(_olgas(w).assertion("AAAA", user=w.olga.account.pk)),
    ),
    "a passkey's answer to another session's challenge": _other_sessions_challenge,
    "a registration in an assertion's place": lambda w: w.credential(
        _olgas(w).registration(w.at_olgas_step())
    ),
    "alone, a passkey under another account's handle": lambda w: w.alone(
        _bens(w).assertion(w.fresh(), user=w.olga.account.pk)
    ),
    "alone, a passkey without a handle": lambda w: w.alone(_olgas(w).assertion(w.fresh(), user=None)),
    "alone, a passkey that did not verify the person": lambda w: w.alone(
        _olgas(w).assertion(w.fresh(), user=w.olga.account.pk, flags=PRESENT)
    ),
    "alone, a passkey used on another site": lambda w: w.alone(
        _olgas(w).assertion(w.fresh(), user=w.olga.account.pk, origin="https://evil.example")
    ),
    "alone, without asking for a challenge first": lambda w: (
        setattr(w, "client", browser()),
        w.alone(_olgas(w).assertion("", user=w.olga.account.pk)),
    ),
    "credentials that cannot be read": _unread_credentials,
    "a session planted before signing in by passkey": _fixed_session,
    "a session planted before the second step": _fixed_pending_session,
    "a session key with one character changed": _cookie(
        lambda key: ("b" if key[0] == "a" else "a") + key[1:]
    ),
    "a session key cut short": _cookie(lambda key: key[:-1]),
    "a session key of nothing": _cookie(lambda key: ""),
    "a session key of great length": _cookie(lambda key: key * 60),
    "a session key in capitals": _cookie(lambda key: key.upper()),
    "the cookie of another home": _cookie_of_another_home,
    "what the database keeps of a session": _key_from_the_database,
    "a session written into the database": _session_written_by_hand,
    "a link that was guessed": lambda w: w.client.get(
        "/link/" + base64.urlsafe_b64encode(os.urandom(32)).decode()
    ),
}


def test_there_are_at_least_twenty_five() -> None:
    assert len(ATTEMPTS) >= 25


def _answer_was_replayed(world: World) -> None:
    _replayed_assertion(world)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_no_way_leads_around_the_second_factor(people: People, attempt: str) -> None:
    world = World(people)
    ATTEMPTS[attempt](world)
    assert not is_signed_in(world.client)
    for address in ("/", "/accounts/", "/account/recovery-codes/"):
        assert world.client.get(address).headers["Location"].startswith("/sign-in/")


def test_an_answer_of_a_passkey_signs_in_once(people: People) -> None:
    world = World(people)
    _answer_was_replayed(world)
    assert not is_signed_in(world.client)


# What does lead in: without these, the refusals above would prove nothing


def test_the_apps_code_leads_in(people: People) -> None:
    world = World(people)
    assert world.code(world.ada.code()).headers["Location"] == "/"
    assert is_signed_in(world.client)


@pytest.mark.parametrize("steps", [-1, 1])
def test_the_code_of_a_clock_that_is_one_step_off_leads_in(people: People, steps: int) -> None:
    world = World(people)
    world.code(world.ada.code(steps))
    assert is_signed_in(world.client)


def test_a_recovery_code_leads_in_once_however_it_is_spaced(people: People) -> None:
    world = World(people)
    world.code(f" {world.ada.codes[0][:4]} {world.ada.codes[0][4:]}")
    assert is_signed_in(world.client)


def test_a_passkey_leads_in_after_the_password_and_alone(people: People) -> None:
    world = World(people)
    world.credential(_olgas(world).assertion(world.at_olgas_step(), user=world.olga.account.pk))
    assert is_signed_in(world.client)
    world.alone(_olgas(world).assertion(world.fresh(), user=world.olga.account.pk))
    assert is_signed_in(world.client)


# Taking a factor away, or adding one's own, from a session that was left open


REMOVALS = ("/account/app/remove/", "/account/passkeys/{passkey}/remove/", "/account/recovery-codes/new/")


@pytest.mark.parametrize("address", REMOVALS)
def test_a_factor_changes_only_after_one_confirmed_who_one_is(people: People, address: str) -> None:
    ben = people["ben"]
    client = signed_in(ben)
    key = ben.account.authenticator_set.get(type="webauthn").pk
    before = list(ben.account.authenticator_set.values_list("pk", "data").order_by("pk"))
    answer = client.post(address.format(passkey=key))
    assert answer.headers["Location"].startswith("/confirm/?next=")
    now = [(pk, {k: v for k, v in data.items() if k != "used_step"}) for pk, data in _factors(ben)]
    assert now == [(pk, {k: v for k, v in data.items() if k != "used_step"}) for pk, data in before]
    ben.clock.forward(601)
    confirm(client)
    ben.clock.forward(601)
    assert client.post(address.format(passkey=key)).headers["Location"].startswith("/confirm/?next=")


def _factors(person: Person) -> list[tuple[int, dict[str, object]]]:
    return list(person.account.authenticator_set.values_list("pk", "data").order_by("pk"))


def test_the_last_factor_stays_where_one_is_needed_and_the_page_says_why(people: People) -> None:
    ada = people["ada"]
    client = signed_in(ada)
    confirm(client)
    assert "It is your only second factor" in client.get("/account/app/remove/").content.decode()
    client.post("/account/app/remove/")
    assert ada.account.authenticator_set.filter(type="totp").exists()


def test_the_last_passkey_stays_where_one_is_needed_and_the_page_says_why(people: People) -> None:
    ben = people["ben"]
    client = signed_in(ben)
    confirm(client)
    assert client.post("/account/app/remove/").status_code == 302
    key = ben.account.authenticator_set.get(type="webauthn").pk
    confirm(client)
    for answer in (
        client.get(f"/account/passkeys/{key}/remove/"),
        client.post(f"/account/passkeys/{key}/remove/"),
    ):
        assert "This is your only second factor" in answer.content.decode()
    assert ben.account.authenticator_set.filter(type="webauthn").exists()


def test_a_passkey_of_another_account_is_not_there(people: People) -> None:
    client = signed_in(people["ben"])
    confirm(client)
    key = people["olga"].account.authenticator_set.get(type="webauthn").pk
    for address in (f"/account/passkeys/{key}/", f"/account/passkeys/{key}/remove/"):
        assert client.post(address, {"name": "mine"}).status_code == 404
    assert people["olga"].account.authenticator_set.get(pk=key).wrap().name == "Laptop"


def test_an_app_is_added_with_the_key_of_the_session_alone(people: People) -> None:
    """The key that a form names counts for nothing; nor does one that another session was shown."""
    rosa = people["rosa"]
    here, there = signed_in(rosa), signed_in(rosa)
    confirm(here)
    confirm(there)
    from tests.web.people.conftest import secret_on

    here.get("/account/app/")
    for chosen in ("JBSWY3DPEHPK3PXP", secret_on(there.get("/account/app/"))):
        rosa.secret = chosen
        answer = here.post("/account/app/", {"code": rosa.code(), "secret": chosen})
        assert answer.status_code == 200
    assert not rosa.account.authenticator_set.exists()


def test_the_code_that_added_an_app_signs_nobody_in(people: People) -> None:
    rosa = people["rosa"]
    from tests.web.people.conftest import secret_on

    client = signed_in(rosa)
    confirm(client)
    rosa.secret = secret_on(client.get("/account/app/"))
    assert client.post("/account/app/", {"code": rosa.code()}).status_code == 302
    other = pending(rosa)
    other.post("/sign-in/code/", {"code": rosa.code()})
    assert not is_signed_in(other)


@pytest.mark.parametrize(
    ("flags", "origin"), [(PRESENT, "http://localhost:8321"), (PRESENT | 4, "https://evil.example")]
)
def test_a_passkey_is_added_only_verified_and_from_here(people: People, flags: int, origin: str) -> None:
    rosa = people["rosa"]
    client = signed_in(rosa)
    confirm(client)
    challenge = challenge_on(client.get("/account/passkeys/add/"))
    sent = {"name": "x", "credential": Passkey().registration(challenge, flags=flags, origin=origin)}
    answer = client.post("/account/passkeys/add/", sent)
    assert "could not be added" in answer.content.decode()
    assert not rosa.account.authenticator_set.exists()


def test_recovery_codes_alone_are_no_second_factor(people: People) -> None:
    from allauth.mfa.models import Authenticator

    ada = people["ada"]
    client = signed_in(ada)
    Authenticator.objects.filter(user=ada.account, type="totp").delete()
    assert client.get("/accounts/").headers["Location"] == "/account/second-factor/"
