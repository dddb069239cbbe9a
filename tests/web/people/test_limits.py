"""Every way of giving a credential can be tried a few times, then waits: the same page, 429, for each of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.people.conftest import PASSWORD, Person, browser, confirm, pending, signed_in
from tests.web.people.passkey import Passkey

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

People = dict[str, Person]
Try = Callable[[People], Callable[[], "HttpResponse"]]


def _one_account(people: People) -> Callable[[], HttpResponse]:
    """Each try from another place."""
    numbers = itertools.count(1)
    given = {"login": people["ada"].email, "password": "a wrong pass phrase"}
    return lambda: browser(REMOTE_ADDR=f"198.51.100.{next(numbers)}").post("/sign-in/", given)


def _one_place(people: People) -> Callable[[], HttpResponse]:
    """Each try at another account."""
    numbers = itertools.count(1)
    return lambda: browser().post(
        "/sign-in/", {"login": f"someone{next(numbers)}@northwind.example", "password": "a wrong pass phrase"}
    )


def _one_network(people: People) -> Callable[[], HttpResponse]:
    """Each try at another account, from another address of one IPv6 network."""
    numbers = itertools.count(1)

    def ask() -> HttpResponse:
        at = next(numbers)
        client = browser(REMOTE_ADDR=f"2001:db8:1:2::{at:x}")
        return client.post(
            "/sign-in/", {"login": f"s{at}@northwind.example", "password": "a wrong pass phrase"}
        )

    return ask


def _second_step(people: People) -> Callable[[], HttpResponse]:
    """Each try after the password was given anew, from another place."""
    numbers = itertools.count(1)

    def ask() -> HttpResponse:
        client = pending(people["ada"])
        client.defaults["REMOTE_ADDR"] = f"198.51.100.{next(numbers)}"
        return client.post("/sign-in/code/", {"code": "000000"})

    return ask


def _second_step_by_passkey(people: People) -> Callable[[], HttpResponse]:
    client = pending(people["olga"])
    said = Passkey().assertion("AAAA", user=None)
    return lambda: client.post("/sign-in/code/", {"credential": said})


def _passkey_alone(people: People) -> Callable[[], HttpResponse]:
    client = browser()
    return lambda: client.post("/sign-in/passkey/", {"credential": "{}"})


def _guessed_link(people: People) -> Callable[[], HttpResponse]:
    client = browser()
    return lambda: client.get("/link/" + "t" * 43 + "/")


def _link_form(people: People) -> Callable[[], HttpResponse]:
    from assay_web.services.accounts import recovery_link

    path = recovery_link(by="host", account=people["ada"].account).path
    client = browser()
    return lambda: client.post(path, {"password": "short"})


def _confirm_by_password(people: People) -> Callable[[], HttpResponse]:
    client = signed_in(people["ada"])
    return lambda: client.post("/confirm/", {"password": "a wrong pass phrase"})


def _confirm_by_code(people: People) -> Callable[[], HttpResponse]:
    client = signed_in(people["ada"])
    return lambda: client.post("/confirm/code/", {"code": "000000"})


def _confirm_by_passkey(people: People) -> Callable[[], HttpResponse]:
    client = signed_in(people["olga"])
    said = Passkey().assertion("AAAA", user=None)
    return lambda: client.post("/confirm/passkey/", {"credential": said})


def _new_password(people: People) -> Callable[[], HttpResponse]:
    client = signed_in(people["ada"])
    new = "another long pass phrase"
    given = {"oldpassword": "a wrong pass phrase", "password1": new, "password2": new}
    return lambda: client.post("/account/password/", given)


def _add_app(people: People) -> Callable[[], HttpResponse]:
    client = signed_in(people["rosa"])
    confirm(client)
    client.get("/account/app/")
    return lambda: client.post("/account/app/", {"code": "000000"})


TRIES: dict[str, tuple[Try, int]] = {
    "one account from many places": (_one_account, 5),
    "many accounts from one place": (_one_place, 10),
    "many accounts from one network": (_one_network, 10),
    "the second step": (_second_step, 5),
    "the second step by passkey": (_second_step_by_passkey, 5),
    "a passkey alone": (_passkey_alone, 10),
    "a link that is guessed": (_guessed_link, 30),
    "the form of a link": (_link_form, 10),
    "confirming by password": (_confirm_by_password, 5),
    "confirming by code": (_confirm_by_code, 5),
    "confirming by passkey": (_confirm_by_passkey, 5),
    "a new password": (_new_password, 10),
    "adding an app": (_add_app, 5),
}
"""Each way, and how often it can be tried before it waits."""


@pytest.mark.parametrize("way", TRIES)
def test_each_way_is_limited_and_goes_on_after_five_minutes(people: People, way: str) -> None:
    begin, most = TRIES[way]
    ask = begin(people)
    answers = [ask().status_code for _ in range(most)]
    assert 429 not in answers
    refused = ask()
    assert refused.status_code == 429
    assert "Too many tries" in refused.content.decode()
    assert refused.headers["Retry-After"] == "300"
    people["ada"].clock.forward(301)
    assert ask().status_code != 429


def test_the_right_code_is_refused_too_while_there_are_too_many_wrong_ones(people: People) -> None:
    client = pending(people["ada"])
    for _ in range(5):
        client.post("/sign-in/code/", {"code": "000000"})
    assert client.post("/sign-in/code/", {"code": people["ada"].code()}).status_code == 429


def test_a_code_that_was_used_frees_no_more_tries(people: People) -> None:
    """Who saw a code cannot send it between guesses to have the count forgotten."""
    ada = people["ada"]
    code = ada.code()
    assert pending(ada).post("/sign-in/code/", {"code": code}).status_code == 302
    client = pending(ada)
    answers = [client.post("/sign-in/code/", {"code": one}).status_code for one in ["000000", code] * 3]
    assert answers == [200] * 5 + [429]


def test_many_other_tries_do_not_push_out_the_count_of_one(people: People) -> None:
    from django.core.cache import cache

    given = {"login": people["ada"].email, "password": "a wrong pass phrase"}
    for at in range(5):
        browser(REMOTE_ADDR=f"198.51.100.{at}").post("/sign-in/", given)
    for at in range(2_000):
        cache.set(f"another-count-{at}", [1.0], 300)
    assert browser(REMOTE_ADDR="198.51.100.77").post("/sign-in/", given).status_code == 429


# Whose tries they are


@pytest.fixture
def proxies() -> Iterator[Callable[[int], None]]:
    """Let so many proxies stand before the workspace."""
    from django.test import override_settings

    changed: list[Any] = []

    def set_count(count: int) -> None:
        changed.append(override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=count))
        changed[-1].enable()

    yield set_count
    for one in changed:
        one.disable()


def _address_of(headers: dict[str, str], remote: str) -> str:
    from allauth.account.adapter import get_adapter
    from django.test import RequestFactory

    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)
    return str(get_adapter().get_client_ip(request))


@pytest.mark.parametrize(
    ("count", "forwarded", "remote", "whose"),
    [
        (0, "203.0.113.9", "198.51.100.1", "198.51.100.1"),
        (0, None, "198.51.100.1", "198.51.100.1"),
        (1, "203.0.113.9", "127.0.0.1", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "127.0.0.1", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "127.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1", "127.0.0.1"),
        (1, None, "127.0.0.1", "127.0.0.1"),
    ],
)
def test_the_clients_address_is_what_the_trusted_proxies_say_and_nothing_else(
    home: object, proxies: Callable[[int], None], count: int, forwarded: str | None, remote: str, whose: str
) -> None:
    proxies(count)
    headers = {"x-real-ip": "6.6.6.6", "forwarded": "for=6.6.6.6", "client-ip": "6.6.6.6"}
    if forwarded is not None:
        headers["x-forwarded-for"] = forwarded
    assert _address_of(headers, remote) == whose


def test_without_a_proxy_another_address_in_a_header_frees_no_more_tries(people: People) -> None:
    answers = []
    for at in range(11):
        client: Client = browser()
        given = {"login": f"s{at}@northwind.example", "password": "a wrong pass phrase"}
        answers.append(
            client.post("/sign-in/", given, headers={"x-forwarded-for": f"203.0.113.{at}"}).status_code
        )
    assert answers == [200] * 10 + [429]


def test_signing_in_rightly_is_not_counted_against_anyone(people: People) -> None:
    for _ in range(12):
        client = browser()
        answer = client.post("/sign-in/", {"login": people["will"].email, "password": PASSWORD})
        assert answer.status_code == 302
