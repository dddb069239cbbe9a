"""The owner's page for signing in by an identity provider: what is kept, what is refused, what a try says, and that the secret is nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import pytest

from assay.demo.github_standin.server import serve
from assay.outbound.addresses import Allowance, addresses_to_try
from assay.outbound.http import Http, RefusedAddressError
from tests.fakes.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider
from tests.web.people.conftest import Clock, Person, browser, is_signed_in, signed_in
from tests.web.people.provider import ORIGIN, acts, go, ledger_size, set_up, sign_in

if TYPE_CHECKING:
    from django.test import Client


People = dict[str, Person]
PAGE = "/identity-provider/"


@pytest.fixture(scope="module")
def _served() -> Iterator[IdentityProvider]:
    provider = IdentityProvider(lambda: 0.0)
    with serve(provider) as provider.origin:
        yield provider


@pytest.fixture
def provider(_served: IdentityProvider, clock: Clock) -> IdentityProvider:
    _served.honest()
    _served.now = lambda: clock.at
    return _served


@pytest.fixture
def owner(people: People) -> Client:
    return signed_in(people["olga"])


def _given(provider: IdentityProvider, **otherwise: str) -> dict[str, str]:
    given = {
        "version": "0",
        "label": "Northwind",
        "issuer": provider.origin,
        "client_id": CLIENT_ID,
        "secret": CLIENT_SECRET,
        "domains": "northwind.example, Northwind.TEST",
        "inside": "on",
        "enabled": "on",
        **otherwise,
    }
    return {name: value for name, value in given.items() if value}


def test_what_the_owner_says_is_kept_by_acts_and_people_sign_in(
    provider: IdentityProvider, people: People, owner: Client
) -> None:
    assert ORIGIN + "/sign-in/provider/back/" in owner.get(PAGE).content.decode()
    before = len(acts())
    assert owner.post(PAGE, _given(provider)).headers["Location"] == PAGE
    olga = people["olga"].account.actor
    assert acts()[before:] == [("provider.added", olga), ("provider.secret_set", olga)]
    page = owner.get(PAGE).content.decode()
    assert (
        "People can sign in with Northwind, as long as their address is in northwind.example or northwind.test."
        in page
    )
    provider.person = {"sub": "will", "email": "will@northwind.example"}
    client = browser()
    sign_in(client, provider)
    assert is_signed_in(client)


def test_the_secret_is_shown_never_again_and_stands_in_no_act_and_no_row(
    provider: IdentityProvider, people: People, owner: Client
) -> None:
    from assay.evidence.ledger import Envelope
    from assay_web.home import current_home

    owner.post(PAGE, _given(provider))
    wrong = owner.post(PAGE, _given(provider, version="1", issuer="not an address"))
    for page in (wrong, owner.get(PAGE), owner.post(PAGE, {"deed": "try"}), owner.get("/activity/")):
        assert page.status_code == 200
        assert CLIENT_SECRET not in page.content.decode()
    home = current_home()
    entries = [Envelope.decode(one) for one in home.ledger.envelopes(0, home.ledger.size())]
    assert CLIENT_SECRET not in str([home.evidence.body(one.body) for one in entries])
    assert CLIENT_SECRET.encode() not in (home.path / "assay.db").read_bytes()


def test_an_empty_secret_keeps_the_one_that_is_there_for_its_issuer_alone(
    provider: IdentityProvider, people: People, owner: Client
) -> None:
    """Or a secret could be sent to whoever is named next."""
    owner.post(PAGE, _given(provider))
    owner.post(PAGE, _given(provider, version="1", secret="", label="Northwind Metrics"))
    assert "Sign in with Northwind Metrics" in browser().get("/sign-in/").content.decode()
    moved = _given(provider, version="2", secret="", issuer="https://accounts.other.example", inside="")
    assert "Give the client secret" in owner.post(PAGE, moved).content.decode()
    assert owner.get(PAGE).content.decode().count("accounts.other.example") == 0


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("issuer", "http://accounts.northwind.example", "is not https"),
        (
            "issuer",
            "https://accounts.northwind.example/.well-known/openid-configuration",
            "The issuer is the address before",
        ),
        ("issuer", "https://accounts.northwind.example/?tenant=1", "without a query"),
        ("issuer", "https://0x0a000005/", "The host of the URL"),
        ("issuer", "https://ada:secret@accounts.northwind.example", "The URL is not plain"),
        ("domains", "northwind", "is no domain"),
        ("domains", "ada@northwind.example", "is no domain"),
        ("domains", "northwınd.example", "is no domain"),
        ("domains", "*", "is no domain"),
        ("domains", " ".join(f"d{one}.example" for one in range(21)), "20 domains are the most"),
        ("client_id", "two words", "Copy it once more"),
        ("secret", "two words", "Copy it once more"),
        ("label", "", "This field is required"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    provider: IdentityProvider, people: People, owner: Client, field: str, value: str, says: str
) -> None:
    size = ledger_size()
    page = owner.post(PAGE, _given(provider, **{field: value}))
    assert page.status_code == 200
    assert says in page.content.decode()
    assert ledger_size() == size


def test_a_provider_on_this_machine_is_refused_unless_the_owner_says_that_it_is_inside(
    provider: IdentityProvider, people: People, owner: Client
) -> None:
    page = owner.post(PAGE, _given(provider, inside="")).content.decode()
    assert "is not https" in page


def test_a_public_name_that_leads_into_the_network_is_not_asked(
    provider: IdentityProvider, people: People, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the name service says: the address decides."""
    from assay_web.openid import provider as asked

    monkeypatch.setattr(asked, "Http", partial(Http, resolve=lambda host, port: ["10.0.0.5"]))
    owner.post(PAGE, _given(provider, issuer="https://accounts.northwind.example", inside=""))
    page = owner.post(PAGE, {"deed": "try"}).content.decode()
    assert "leads to an address that is not public, so nothing was sent" in page


@pytest.mark.parametrize("address", ["10.1.2.3", "172.16.0.1", "192.168.1.1", "fd12:3456::1"])
def test_inside_reaches_what_companies_number_their_networks_with(address: str) -> None:
    found = addresses_to_try("sso.northwind.example", 443, lambda host, port: [address], Allowance.inside())
    assert found == [address]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "::1",
        "169.254.169.254",
        "168.63.129.16",
        "100.100.100.200",
        "fd00:ec2::254",
        "fd20:ce::254",
        "fe80::1",
        "fd12::1%eth0",
        "0.0.0.0",
        "::ffff:10.0.0.1",
    ],
)
def test_inside_never_reaches_this_machine_or_a_clouds_metadata(address: str) -> None:
    with pytest.raises(RefusedAddressError):
        addresses_to_try("sso.northwind.example", 443, lambda host, port: [address], Allowance.inside())


def test_a_try_says_that_it_works_or_what_is_wrong(
    provider: IdentityProvider, people: People, owner: Client
) -> None:
    owner.post(PAGE, _given(provider))
    size = ledger_size()
    assert (
        "The provider answers as it should, and signs with 3 keys."
        in owner.post(PAGE, {"deed": "try"}).content.decode()
    )
    provider.description = {"issuer": "https://accounts.other.example"}
    page = owner.post(PAGE, {"deed": "try"}).content.decode()
    assert (
        "The try did not work. The provider calls itself by another issuer than the one that was entered."
        in page
    )
    assert ledger_size() == size


def test_two_owners_at_once_see_both_versions(
    provider: IdentityProvider, people: People, owner: Client
) -> None:
    owner.post(PAGE, _given(provider))
    set_up(provider, people["olga"].account, label="Theirs")
    owner = signed_in(people["olga"])
    page = owner.post(PAGE, _given(provider, version="1", label="Ours")).content.decode()
    assert "Theirs stands; yours is still in the form" in page
    assert 'value="Ours"' in page


def test_only_a_new_name_leaves_everyone_signed_in(provider: IdentityProvider, people: People) -> None:
    olga = people["olga"].account
    set_up(provider, olga)
    provider.person = {"sub": "will", "email": "will@northwind.example"}
    client = browser()
    sign_in(client, provider)
    set_up(provider, olga, secret=None, label="Another")
    assert is_signed_in(client)
    set_up(provider, olga, secret=None, domains=["other.example"])
    assert not is_signed_in(client)


def test_another_issuer_ends_the_links(provider: IdentityProvider, people: People) -> None:
    """Another provider calls other people by the same names."""
    from assay_web.records.openid import ProviderLink

    set_up(provider, people["olga"].account)
    provider.person = {"sub": "will", "email": "will@northwind.example"}
    sign_in(browser(), provider)
    set_up(
        provider,
        people["olga"].account,
        secret="another",
        issuer="https://accounts.other.example",
        inside=False,
    )
    assert not ProviderLink.objects.exists()


def test_the_owner_who_changes_it_stays_signed_in(
    provider: IdentityProvider, people: People, owner: Client
) -> None:
    set_up(provider, people["olga"].account)
    provider.person = {"sub": "olga", "email": "olga@northwind.example"}
    sign_in(browser(), provider)
    owner = signed_in(people["olga"])
    owner.post(PAGE, _given(provider, version="1", domains="northwind.example"))
    owner.post(PAGE, _given(provider, version="2", factor_counts="on"))
    assert is_signed_in(owner)


def test_the_button_goes_to_the_provider_that_is_kept(
    provider: IdentityProvider, people: People, owner: Client
) -> None:
    owner.post(PAGE, _given(provider))
    assert go(browser()).headers["Location"].startswith(f"{provider.origin}/authorize?response_type=code&")
