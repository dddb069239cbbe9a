"""Whatever changes who someone is ends every other session of theirs by its next request, and keeps the one at hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
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
    sessions_on,
    signed_in,
)
from tests.web.people.passkey import Passkey

if TYPE_CHECKING:
    from django.test import Client

People = dict[str, Person]


def _password(client: Client, person: Person) -> None:
    new = "another long pass phrase"
    given = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/account/password/", given).status_code == 302


def _remove_app(client: Client, person: Person) -> None:
    confirm(client)
    assert client.post("/account/app/remove/").status_code == 302


def _remove_passkey(client: Client, person: Person) -> None:
    confirm(client)
    key = person.account.authenticator_set.get(type="webauthn").pk
    assert client.post(f"/account/passkeys/{key}/remove/").status_code == 302


def _add_passkey(client: Client, person: Person) -> None:
    confirm(client)
    challenge = challenge_on(client.get("/account/passkeys/add/"))
    sent = {"name": "Phone", "credential": Passkey().registration(challenge)}
    assert client.post("/account/passkeys/add/", sent).status_code == 302
    assert person.account.authenticator_set.filter(type="webauthn").count() == 2


def _new_codes(client: Client, person: Person) -> None:
    confirm(client)
    assert client.post("/account/recovery-codes/new/").status_code == 302


def _end_others(client: Client, person: Person) -> None:
    assert client.post("/account/end-sessions/").status_code == 302


BY_ONESELF: dict[str, Callable[[Client, Person], None]] = {
    "a new password": _password,
    "the app removed": _remove_app,
    "a passkey removed": _remove_passkey,
    "a passkey added": _add_passkey,
    "new recovery codes": _new_codes,
    "signing out everywhere else": _end_others,
}


@pytest.mark.parametrize("change", BY_ONESELF)
def test_what_one_changes_ends_the_other_sessions_and_keeps_this_one(people: People, change: str) -> None:
    ben = people["ben"]
    here, there = signed_in(ben), signed_in(ben)
    waiting = pending(ben)
    BY_ONESELF[change](here, ben)
    assert is_signed_in(here)
    assert not is_signed_in(there)
    ben.clock.forward(30)
    waiting.post("/sign-in/code/", {"code": ben.code()})
    assert not is_signed_in(waiting)


def test_adding_the_first_app_ends_the_sessions_that_had_none(people: People) -> None:
    rosa = people["rosa"]
    here, there = signed_in(rosa), signed_in(rosa)
    confirm(here)
    rosa.secret = secret_on(here.get("/account/app/"))
    assert here.post("/account/app/", {"code": rosa.code()}).headers["Location"] == "/account/recovery-codes/"
    assert here.get("/account/").status_code == 200
    assert not is_signed_in(there)


def _disable(person: Person, owner: Account) -> None:
    from assay_web.services.accounts import disable

    disable(by=owner, account=person.account)


def _change_role(person: Person, owner: Account) -> None:
    from assay_web.records.accounts import Role
    from assay_web.services.accounts import change_role

    change_role(by=owner, account=person.account, role=Role.READER)


def _disable_and_enable(person: Person, owner: Account) -> None:
    from assay_web.services.accounts import enable

    _disable(person, owner)
    enable(by=owner, account=person.account)


def _renew_password(person: Person, owner: Account) -> None:
    from assay_web.services.accounts import renew_password

    renew_password(by="host", account=person.account, password="given by the host now")


def _recover(person: Person, owner: Account) -> None:
    from assay_web.services.accounts import recover, recovery_link

    recover(recovery_link(by=owner, account=person.account).token, password="chosen at the link")


def _run_out(person: Person, owner: Account) -> None:
    from django.utils import timezone

    from assay_web.records.accounts import Account

    Account.objects.filter(pk=person.account.pk).update(ends=timezone.now() - timedelta(seconds=1))


if TYPE_CHECKING:
    from assay_web.records.accounts import Account

BY_OTHERS: dict[str, Callable[[Person, Account], None]] = {
    "disabled": _disable,
    "another role": _change_role,
    "disabled and enabled": _disable_and_enable,
    "password renewed by the host": _renew_password,
    "recovered by a link": _recover,
    "past its end": _run_out,
}


@pytest.mark.parametrize("change", BY_OTHERS)
def test_what_others_change_ends_every_session_and_every_half_sign_in(people: People, change: str) -> None:
    ben = people["ben"]
    here, waiting = signed_in(ben), pending(ben)
    BY_OTHERS[change](ben, people["olga"].account)
    assert not is_signed_in(here)
    ben.clock.forward(30)
    answer = waiting.post("/sign-in/code/", {"code": ben.code()})
    assert answer.headers["Location"] == "/sign-in/"
    assert waiting.get("/sign-in/").status_code == 200  # no circle between the two steps
    assert not is_signed_in(waiting)


def test_sessions_are_listed_and_one_of_them_ends_by_itself(people: People) -> None:
    ben = people["ben"]
    here = signed_in(ben)
    there, third = signed_in(ben), signed_in(ben)
    page = here.get("/account/")
    assert page.content.decode().count("127.0.0.1") == 3
    assert page.content.decode().count("this one") == 1
    newest, _ = sessions_on(page)
    here.post("/account/end-sessions/", {"session": newest})
    assert (is_signed_in(here), is_signed_in(there), is_signed_in(third)) == (True, True, False)


def test_nobody_ends_the_session_of_another(people: People) -> None:
    ben, ben_too, will = signed_in(people["ben"]), signed_in(people["ben"]), signed_in(people["will"])
    (of_ben,) = sessions_on(ben.get("/account/"))
    will.post("/account/end-sessions/", {"session": of_ben})
    assert is_signed_in(ben_too)


def test_a_password_change_writes_nothing_else_of_the_account(people: People) -> None:
    """Ben's request was read before the lead took his role away; saving his password does not give it back."""
    from assay_web.records.accounts import Account, Role
    from assay_web.services.accounts import renew_password

    read_before = people["ben"].now()
    Account.objects.filter(pk=read_before.pk).update(role=Role.READER)
    renew_password(by=read_before, account=read_before, password="another long pass phrase")
    assert people["ben"].now().role == Role.READER


def test_signing_out_ends_the_session_for_good(people: People) -> None:
    from django.conf import settings

    client = signed_in(people["will"])
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/sign-out/")
    again = browser()
    again.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not is_signed_in(again)
