"""No `next` leads off this site, on any page that takes one: tests/web/people/redirects.txt holds what is tried."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

import pytest

from tests.web.people.conftest import (
    PASSWORD,
    Person,
    browser,
    challenge_of,
    confirm,
    pending,
    signed_in,
)

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

People = dict[str, Person]
HERE = "http://localhost:8321"
FILE = Path(__file__).with_name("redirects.txt")


def strings() -> list[str]:
    lines = [line for line in FILE.read_text().splitlines() if line and not line.startswith("# ")]
    return [ast.literal_eval('"' + line.replace('"', '\\"') + '"') for line in lines]


def leads_off(answer: HttpResponse) -> bool:
    """Tell whether a browser would leave, reading the address as browsers do: they drop tabs and newlines and take a backslash for a slash."""
    assert answer.status_code < 500
    if answer.status_code not in {301, 302, 303, 307, 308}:
        return False
    there = answer.headers["Location"]
    assert "\r" not in there
    assert "\n" not in there
    read = (
        "".join(c for c in there if c not in "\t\r\n").strip("".join(map(chr, range(33)))).replace("\\", "/")
    )
    if read.startswith("//"):
        return True
    parts = urlsplit(urljoin(HERE + "/sign-in/", read))
    return (parts.scheme, parts.netloc) != ("http", "localhost:8321")


def test_there_are_at_least_two_hundred_and_each_is_another() -> None:
    assert len(set(strings())) == len(strings())
    assert len(strings()) >= 200


def _uncounted() -> None:
    from django.core.cache import cache

    cache.clear()  # limits are not what this is about


def _signing_in(people: People) -> Callable[[str], list[HttpResponse]]:
    """Olga, with a password and a passkey, signs in again and again, in the query and in the body."""
    will, olga = people["will"], people["olga"]
    assert olga.passkey is not None

    def ask(there: str) -> list[HttpResponse]:
        query = f"?next={quote(there)}"
        _uncounted()
        given = {"login": will.email, "password": PASSWORD}
        answers = [
            browser().post("/sign-in/" + query, given),
            browser().post("/sign-in/", {**given, "next": there}),
        ]
        client = browser()
        challenge = challenge_of(client)
        said = olga.passkey.assertion(challenge, user=olga.account.pk)
        answers.append(client.post("/sign-in/passkey/" + query, {"credential": said}))
        assert answers[-1].headers["Location"] != "/sign-in/"  # it did sign in
        return answers

    return ask


def _second_step(people: People) -> Callable[[str], list[HttpResponse]]:
    ada = people["ada"]

    def ask(there: str) -> list[HttpResponse]:
        _uncounted()
        client = browser()
        client.post(f"/sign-in/?next={quote(there)}", {"login": ada.email, "password": PASSWORD})
        ada.clock.forward(30)
        answer = client.post("/sign-in/code/", {"code": ada.code(), "next": there})
        assert answer.status_code == 302
        return [answer]

    return ask


def _signed_in_already(people: People) -> Callable[[str], list[HttpResponse]]:
    client = signed_in(people["olga"])
    ada = pending(people["ada"])

    def ask(there: str) -> list[HttpResponse]:
        query = f"?next={quote(there)}"
        _uncounted()
        return [
            client.get("/sign-in/" + query),
            client.get("/sign-in/code/" + query),
            client.get("/sign-in/passkey/" + query),
            client.get("/confirm/" + query),
            client.get("/account/password/set/" + query),
            ada.get("/sign-in/" + query),
        ]

    return ask


def _confirming(people: People) -> Callable[[str], list[HttpResponse]]:
    client = signed_in(people["olga"])
    olga = people["olga"]

    def ask(there: str) -> list[HttpResponse]:
        query = f"?next={quote(there)}"
        _uncounted()
        olga.clock.forward(30)
        answers = [
            client.post("/confirm/" + query, {"password": PASSWORD}),
            client.post("/confirm/code/", {"code": olga.code(), "next": there}),
        ]
        assert [one.status_code for one in answers] == [302, 302]
        return answers

    return ask


def _changing(people: People) -> Callable[[str], list[HttpResponse]]:
    client = signed_in(people["olga"])
    confirm(client)
    key = people["olga"].account.authenticator_set.get(type="webauthn").pk

    def ask(there: str) -> list[HttpResponse]:
        _uncounted()
        return [
            client.post(f"/account/passkeys/{key}/?next={quote(there)}", {"name": "Laptop", "next": there})
        ]

    return ask


def _signing_out(people: People) -> Callable[[str], list[HttpResponse]]:
    def ask(there: str) -> list[HttpResponse]:
        client: Client = browser()
        client.force_login(people["will"].account)
        return [client.post(f"/sign-out/?next={quote(there)}", {"next": there})]

    return ask


PAGES = [_signing_in, _second_step, _signed_in_already, _confirming, _changing, _signing_out]


Page = Callable[[People], Callable[[str], "list[HttpResponse]"]]
_NAMED = {one.__name__.strip("_").replace("_", " "): one for one in PAGES}


def _left(page: Page, people: People, tried: list[str]) -> list[str]:
    ask = page(people)
    return [there for there in tried if any(leads_off(answer) for answer in ask(there))]


@pytest.mark.parametrize("page", _NAMED)
def test_no_next_leads_off_this_site(people: People, page: str) -> None:
    """Each page takes every sixth string, another sixth than the other pages: together they take all."""
    assert _left(_NAMED[page], people, strings()[list(_NAMED).index(page) :: len(_NAMED)]) == []


@pytest.mark.soak
@pytest.mark.parametrize("page", _NAMED)
def test_no_next_leads_off_this_site_from_any_page(people: People, page: str) -> None:
    assert _left(_NAMED[page], people, strings()) == []


def test_signing_in_follows_none_of_them(people: People) -> None:
    """All of them at the page that takes `next` most: half in the query, half in the form."""
    will = people["will"]
    given = {"login": will.email, "password": PASSWORD}
    left = []
    for at, there in enumerate(strings()):
        _uncounted()
        query, body = (f"?next={quote(there)}", given) if at % 2 else ("", {**given, "next": there})
        answer = browser().post("/sign-in/" + query, body)
        assert answer.status_code == 302
        left += [there] if leads_off(answer) else []
    assert left == []


def test_a_next_of_this_site_is_followed(people: People) -> None:
    for ask in (_signing_in(people), _second_step(people)):
        for answer in ask("/coverage/?week=3"):
            assert answer.headers["Location"] == "/coverage/?week=3"


def test_an_address_that_leads_off_is_known_as_such() -> None:
    from django.http import HttpResponse

    def there(location: str) -> HttpResponse:
        return HttpResponse(status=302, headers={"Location": location})

    for location in (
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "/\t/evil.example",
        "http://localhost:8322/",
    ):
        assert leads_off(there(location))
    assert not leads_off(there("/coverage/?next=//evil.example"))
