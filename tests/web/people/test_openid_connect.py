"""Signing in by OpenID Connect: who comes in, as whom, with which second factor, and what ends it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from assay.demo.github_standin.server import serve
from tests.fakes.identity_provider import IdentityProvider, rsa_public
from tests.web.people.conftest import Clock, Person, browser, give_password, is_signed_in, signed_in
from tests.web.people.provider import (
    BACK,
    ORIGIN,
    START,
    acts,
    come_back,
    go,
    ledger_size,
    said_on,
    set_up,
    sign_in,
)

if TYPE_CHECKING:
    from django.test import Client


People = dict[str, Person]


@pytest.fixture(scope="module")
def _served() -> Iterator[IdentityProvider]:
    provider = IdentityProvider(lambda: 0.0)
    with serve(provider) as provider.origin:
        yield provider


@pytest.fixture
def provider(_served: IdentityProvider, people: People, clock: Clock) -> IdentityProvider:
    """The provider, honest, set up by Olga; Will and Ada are known there."""
    _served.honest()
    _served.now = lambda: clock.at
    set_up(_served, people["olga"].account)
    return _served


def _is(provider: IdentityProvider, name: str) -> None:
    provider.person = {"sub": f"{name}-at-the-provider", "email": f"{name}@northwind.example"}


@pytest.mark.parametrize(("algorithm", "key"), [("RS256", "main"), ("PS256", "second"), ("ES256", "curve")])
def test_who_the_provider_vouches_for_comes_in(
    provider: IdentityProvider, people: People, algorithm: str, key: str
) -> None:
    """Will needs no second factor here, and is where he wanted to go."""
    provider.algorithm, provider.key = algorithm, key
    _is(provider, "will")
    client = browser()
    answer = sign_in(client, provider, next="/own/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/own/")
    assert is_signed_in(client)


def test_what_is_asked_of_the_provider(provider: IdentityProvider, people: People) -> None:
    asked = {
        name: value for name, (value,) in parse_qs(urlsplit(go(browser()).headers["Location"]).query).items()
    }
    drawn = {name: asked.pop(name) for name in ("state", "nonce", "code_challenge")}
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", one) for one in drawn.values())
    assert len(set(drawn.values())) == 3
    assert asked == {
        "response_type": "code",
        "response_mode": "query",
        "client_id": "assay-at-northwind",
        "redirect_uri": ORIGIN + BACK,
        "scope": "openid email",
        "code_challenge_method": "S256",
    }


def test_a_provider_that_takes_the_secret_in_the_form_alone_gets_it_there(
    provider: IdentityProvider, people: People
) -> None:
    provider.description = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    _is(provider, "will")
    client = browser()
    sign_in(client, provider)
    assert is_signed_in(client)
    (asked,) = [one for one in provider.asked if one[0] == "/token"]
    assert asked[1] == ""


def test_the_own_second_factor_is_still_asked_for(provider: IdentityProvider, people: People) -> None:
    client = browser()
    _is(provider, "ada")
    answer = sign_in(client, provider)
    assert answer.headers["Location"] == "/sign-in/code/"
    assert not is_signed_in(client)
    people["ada"].clock.forward(30)
    client.post("/sign-in/code/", {"code": people["ada"].code()})
    assert is_signed_in(client)


def test_who_has_no_second_factor_yet_sets_one_up_first(provider: IdentityProvider, people: People) -> None:
    client = browser()
    _is(provider, "rosa")
    sign_in(client, provider)
    assert client.get("/controls/").headers["Location"] == "/account/second-factor/"


def test_the_second_factor_of_the_provider_counts_where_the_owner_says_so(
    provider: IdentityProvider, people: People
) -> None:
    set_up(provider, people["olga"].account, factor_counts=True)
    for name in ("ada", "rosa"):
        client = browser()
        _is(provider, name)
        sign_in(client, provider)
        assert client.get("/controls/").status_code == 200


def test_a_password_alone_at_the_provider_never_counts_as_a_second_factor(
    provider: IdentityProvider, people: People
) -> None:
    """The provider itself says that it asked for nothing but a password (RFC 8176)."""
    set_up(provider, people["olga"].account, factor_counts=True)
    provider.claims = {"amr": ["pwd"]}
    _is(provider, "ada")
    assert sign_in(browser(), provider).headers["Location"] == "/sign-in/code/"


def test_taking_the_providers_second_factor_back_ends_such_sessions(
    provider: IdentityProvider, people: People
) -> None:
    set_up(provider, people["olga"].account, factor_counts=True)
    client = browser()
    _is(provider, "rosa")
    sign_in(client, provider)
    set_up(provider, people["olga"].account, secret=None, factor_counts=False)
    assert not is_signed_in(client)


def test_the_first_sign_in_links_by_one_act_and_later_ones_by_none(
    provider: IdentityProvider, people: People
) -> None:
    _is(provider, "will")
    before = acts()
    sign_in(browser(), provider)
    assert acts()[len(before) :] == [("account.linked", people["will"].account.actor)]
    size = ledger_size()
    provider.claims = {
        "email": "will.example@northwind.example"
    }  # renamed at the provider: still the same person
    client = browser()
    sign_in(client, provider)
    assert is_signed_in(client)
    assert ledger_size() == size


def test_an_address_given_to_somebody_else_opens_nothing_of_the_first_one(
    provider: IdentityProvider, people: People
) -> None:
    _is(provider, "will")
    sign_in(browser(), provider)
    provider.claims = {"sub": "another-will"}
    client = browser()
    assert sign_in(client, provider).headers["Location"] == "/sign-in/"
    assert not is_signed_in(client)


def test_nobody_is_made_and_nobody_can_be_told_apart(provider: IdentityProvider, people: People) -> None:
    """Unknown, invited, disabled and past the end: one sentence, no act, nobody signed in."""
    from datetime import timedelta

    from django.utils import timezone

    from assay_web.records.accounts import Account, Role
    from assay_web.services.accounts import disable, invite, make_account

    olga = people["olga"].account
    invite(by=olga, name="Ina", email="ina@northwind.example", role=Role.READER)
    for name in ("dis", "exp"):
        make_account(
            by="host",
            name=name,
            email=f"{name}@northwind.example",
            role=Role.READER,
            password="a long enough one",
        )
    disable(by=olga, account=Account.objects.get(email="dis@northwind.example"))
    Account.objects.filter(email="exp@northwind.example").update(ends=timezone.now() - timedelta(days=1))
    accounts, size = Account.objects.count(), ledger_size()
    said = set()
    for name in ("nobody", "ina", "dis", "exp"):
        client = browser()
        _is(provider, name)
        assert sign_in(client, provider).headers["Location"] == "/sign-in/"
        said.add(said_on(client))
        assert not is_signed_in(client)
    assert said == {
        "The identity provider knows you, but that opens no account here; ask whoever runs Assay at your company for one."
    }
    assert (Account.objects.count(), ledger_size()) == (accounts, size)


def test_a_linked_account_that_is_disabled_stays_out(provider: IdentityProvider, people: People) -> None:
    from assay_web.services.accounts import disable

    _is(provider, "will")
    inside = browser()
    sign_in(inside, provider)
    disable(by=people["olga"].account, account=people["will"].account)
    assert not is_signed_in(inside)
    client = browser()
    sign_in(client, provider)
    assert not is_signed_in(client)


def test_unlinking_ones_own_account_ends_the_other_sessions(
    provider: IdentityProvider, people: People
) -> None:
    _is(provider, "will")
    here, there = browser(), browser()
    for client in (here, there):
        sign_in(client, provider)
    size = len(acts())
    assert here.post("/account/provider/unlink/").headers["Location"] == "/account/"
    assert acts()[size:] == [("account.unlinked", people["will"].account.actor)]
    assert is_signed_in(here)
    assert not is_signed_in(there)
    size = ledger_size()
    assert here.post("/account/provider/unlink/").headers["Location"] == "/account/"  # once is enough
    assert ledger_size() == size


def test_the_owner_unlinks_somebody_and_their_sessions_end(
    provider: IdentityProvider, people: People
) -> None:
    _is(provider, "will")
    client = browser()
    sign_in(client, provider)
    will = people["will"].account
    owner = signed_in(people["olga"])
    page = owner.get(f"/accounts/{will.pk}/").content.decode()
    assert "Unlink from the identity provider" in page
    size = len(acts())
    owner.post(f"/accounts/{will.pk}/", {"deed": "unlink"})
    assert acts()[size:] == [("account.unlinked", people["olga"].account.actor)]
    assert not is_signed_in(client)
    assert "Unlink from the identity provider" not in owner.get(f"/accounts/{will.pk}/").content.decode()


def test_a_lead_does_not_unlink_an_owner(provider: IdentityProvider, people: People) -> None:
    _is(provider, "olga")
    sign_in(browser(), provider)
    size = ledger_size()
    signed_in(people["ada"]).post(f"/accounts/{people['olga'].account.pk}/", {"deed": "unlink"})
    assert ledger_size() == size


def test_the_list_of_sessions_says_how_each_was_signed_in(provider: IdentityProvider, people: People) -> None:
    _is(provider, "ada")
    client = browser()
    sign_in(client, provider)
    people["ada"].clock.forward(30)
    client.post("/sign-in/code/", {"code": people["ada"].code()})
    assert "identity provider, code" in client.get("/account/").content.decode()
    assert "password, code" in signed_in(people["ada"]).get("/account/").content.decode()


def test_a_sign_in_that_waits_for_its_code_ends_with_the_account_as_it_was(
    provider: IdentityProvider, people: People
) -> None:
    from assay_web.records.accounts import Role
    from assay_web.services.accounts import change_role

    _is(provider, "ben")
    client = browser()
    sign_in(client, provider)
    change_role(by=people["olga"].account, account=people["ben"].account, role=Role.READER)
    answer = client.post("/sign-in/code/", {"code": people["ben"].code()})
    assert answer.headers["Location"] == "/sign-in/"
    assert not is_signed_in(client)


def test_keys_that_were_renewed_are_asked_for_once(provider: IdentityProvider, people: People) -> None:
    """The provider signs by a key that was not there before."""
    _is(provider, "will")
    sign_in(browser(), provider)
    provider.keys, provider.key = [rsa_public("newer")], "newer"
    client = browser()
    sign_in(client, provider)
    assert is_signed_in(client)
    assert (provider.times_asked("/keys"), provider.times_asked("/.well-known/openid-configuration")) == (
        2,
        1,
    )


def test_made_up_names_of_keys_do_not_make_us_ask_again_and_again(
    provider: IdentityProvider, people: People, clock: Clock
) -> None:
    _is(provider, "will")
    sign_in(browser(), provider)
    provider.header = {"kid": "made-up"}
    for _ in range(3):
        sign_in(browser(), provider)
    assert provider.times_asked("/keys") == 2
    clock.forward(61)
    sign_in(browser(), provider)
    assert provider.times_asked("/keys") == 3


def test_no_provider_no_way_in(people: People) -> None:
    for path in (START, BACK):
        assert browser().get(path).status_code == 404
    assert "provider" not in browser().get("/sign-in/").content.decode()


def test_a_provider_that_is_switched_off_lets_nobody_in(provider: IdentityProvider, people: People) -> None:
    _is(provider, "will")
    begun = browser()
    gone = go(begun)
    set_up(provider, people["olga"].account, secret=None, enabled=False)
    assert come_back(begun, provider.answer_to(gone.headers["Location"])).status_code == 404
    assert go(browser()).status_code == 404


def test_the_button_is_on_the_page_with_where_one_wanted_to_go(
    provider: IdentityProvider, people: People
) -> None:
    page = browser().get("/sign-in/?next=/controls/").content.decode()
    assert '<a class="btn" href="/sign-in/provider/?next=%2Fcontrols%2F">Sign in with Northwind</a>' in page


@pytest.mark.parametrize(
    "where", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_off_the_site_afterwards(
    provider: IdentityProvider, people: People, where: str
) -> None:
    _is(provider, "will")
    assert sign_in(browser(), provider, next=where).headers["Location"] == "/"


def test_another_site_begins_no_sign_in(provider: IdentityProvider, people: People) -> None:
    answer = browser().get(START, headers={"sec-fetch-site": "cross-site"})
    assert answer.headers["Location"] == "/sign-in/"
    assert provider.asked == []


def test_going_there_is_limited(provider: IdentityProvider, people: People) -> None:
    client: Client = browser()
    assert [client.get(START).status_code for _ in range(30)] == [302] * 30
    assert client.get(START).status_code == 429


def test_what_does_not_work_is_limited_more(provider: IdentityProvider, people: People) -> None:
    client: Client = browser()
    assert [client.get(BACK).status_code for _ in range(10)] == [302] * 10
    assert client.get(BACK).status_code == 429


def test_an_office_behind_one_address_signs_in_within_a_minute(
    provider: IdentityProvider, people: People
) -> None:
    _is(provider, "will")
    for _ in range(12):
        client = browser()
        sign_in(client, provider)
        assert is_signed_in(client)


def test_who_is_signed_in_is_not_signed_in_as_another(provider: IdentityProvider, people: People) -> None:
    client = browser()
    gone = go(client)
    give_password(client, people["will"])
    assert is_signed_in(client)
    _is(provider, "rosa")
    assert come_back(client, provider.answer_to(gone.headers["Location"])).headers["Location"] == "/"
    assert "will@northwind.example" in client.get("/account/").content.decode()


def test_who_is_erased_is_known_by_nobody_any_more(provider: IdentityProvider, people: People) -> None:
    from assay_web.home import current_home
    from assay_web.records.openid import ProviderLink
    from assay_web.restoring import end_accounts

    _is(provider, "will")
    client = browser()
    sign_in(client, provider)
    with current_home().database.transaction() as transaction:
        end_accounts(transaction, ["will@northwind.example"])
    assert not ProviderLink.objects.exists()
    assert not is_signed_in(client)
    again = browser()
    sign_in(again, provider)
    assert not is_signed_in(again)
