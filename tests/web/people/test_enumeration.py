"""Nobody learns at the door who has an account here: one answer, and one computed hash, for everyone who is not let in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.web.people.conftest import PASSWORD, Person, browser, challenge_of, give_password

People = dict[str, Person]


@pytest.fixture
def hashed(quick: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is hashed, one entry a computation, by whichever way it is asked for."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    done: list[str] = []
    real = MD5PasswordHasher.encode

    def counting(self: object, password: str, salt: str) -> str:
        done.append(password)
        return str(real(self, password, salt))  # type: ignore[arg-type]

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    return done


def _nobodies(people: People) -> Iterator[tuple[str, str, str]]:
    """Give each kind of who is not let in: in words, an address and a password."""
    from django.utils import timezone

    from assay_web.records.accounts import Account, Role, State
    from assay_web.services.accounts import disable, invite

    owner = people["olga"].account
    yield "unknown", "nobody@northwind.example", PASSWORD
    yield "a wrong password", people["will"].email, "a wrong pass phrase"
    yield "a wrong password of one with a second factor", people["ada"].email, "a wrong pass phrase"
    invite(by=owner, name="Ines Example", email="ines@northwind.example", role=Role.READER)
    yield "invited", "ines@northwind.example", PASSWORD
    disable(by=owner, account=people["ben"].account)
    yield "disabled, with the right password", people["ben"].email, PASSWORD
    yield "disabled, with a wrong one", people["ben"].email, "a wrong pass phrase"
    Account.objects.filter(pk=people["rosa"].account.pk).update(ends=timezone.now() - timedelta(days=1))
    yield "expired, with the right password", people["rosa"].email, PASSWORD
    yield "in other capitals", people["will"].email.upper(), "a wrong pass phrase"
    assert people["ben"].now().state == State.DISABLED


def _text(page: str, address: str) -> str:
    """Give a page without what differs by itself: the form's token and the address that was typed."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
    return page.replace(address, "ADDRESS")


def test_everyone_who_is_not_let_in_gets_one_answer_for_one_hash(people: People, hashed: list[str]) -> None:
    from django.core.cache import cache

    seen = {}
    for words, address, password in _nobodies(people):
        cache.clear()
        hashed.clear()
        answer = browser().post("/sign-in/", {"login": address, "password": password})
        seen[words] = (answer.status_code, len(hashed), _text(answer.content.decode(), address))
    assert len(seen) == 8
    assert {status for status, *_ in seen.values()} == {200}
    assert {words: count for words, (_, count, _) in seen.items()} == dict.fromkeys(seen, 1)
    assert len({text for *_, text in seen.values()}) == 1


def test_who_is_let_in_costs_one_hash_too(people: People, hashed: list[str]) -> None:
    hashed.clear()
    assert give_password(browser(), people["ada"]).headers["Location"] == "/sign-in/code/"
    assert len(hashed) == 1


def test_too_many_tries_are_answered_alike_for_an_address_without_an_account(people: People) -> None:
    from django.core.cache import cache

    pages = set()
    for address in (people["ada"].email, "nobody@northwind.example"):
        cache.clear()
        for _ in range(6):
            answer = browser().post("/sign-in/", {"login": address, "password": "a wrong pass phrase"})
        pages.add((answer.status_code, answer.content.decode()))
    ((status, _),) = pages
    assert status == 429


def test_the_right_password_of_a_disabled_account_is_counted_as_a_wrong_one(people: People) -> None:
    from assay_web.services.accounts import disable

    disable(by=people["olga"].account, account=people["ben"].account)
    answers = [give_password(browser(), people["ben"]).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_a_challenge_for_a_passkey_names_nobody(people: People) -> None:
    """It lists no credential and asks for no address, so there is nothing to try out."""
    client = browser()
    assert challenge_of(client)
    options = client.get("/sign-in/passkey/", headers={"x-requested-with": "XMLHttpRequest"}).json()
    asked = options["request_options"]["publicKey"]
    assert set(asked) == {"challenge", "rpId", "userVerification", "allowCredentials"}
    assert (asked["allowCredentials"], asked["userVerification"]) == ([], "required")


def test_a_link_that_is_unknown_used_or_old_is_the_same_page_as_any_other_that_is_not_there(
    people: People,
) -> None:
    from django.utils import timezone

    from assay_web.records.accounts import OneTimeLink
    from assay_web.services.accounts import recover, recovery_link

    used = recovery_link(by="host", account=people["ada"].account)
    recover(used.token, password="another long pass phrase")
    old = recovery_link(by="host", account=people["ada"].account)
    OneTimeLink.objects.filter(used__isnull=True).update(expires=timezone.now() - timedelta(seconds=1))
    client = browser()
    pages = {
        (answer.status_code, answer.content.decode())
        for answer in map(client.get, (used.path, old.path, "/link/nothing/", "/nowhere/", "/link/%00/"))
    }
    ((status, _),) = pages
    assert status == 404


def test_signing_up_is_not_offered_and_no_address_of_allauths_own_is_there(home: object) -> None:
    for address in ("/signup/", "/accounts/signup/", "/password/reset/", "/sign-in/reset/", "/email/"):
        assert browser().get(address).status_code in {302, 404}
        assert "password" not in browser().get(address).content.decode().lower()
