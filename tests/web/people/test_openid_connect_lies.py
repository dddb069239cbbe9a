"""Must hold 4: what a lying identity provider, or somebody between it and us, can say: all of it refused, for the reason it should be, with nobody signed in and no act left.

Every lie is told to a provider and a person that would otherwise come in, as the first test shows, so that none is refused for something else.
"""

from __future__ import annotations

import base64
import json
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from assay.demo.github_standin.server import serve
from tests.fakes.identity_provider import (
    CLIENT_ID,
    JSON,
    Claims,
    IdentityProvider,
    Reply,
    ec_public,
    rsa_key,
    rsa_public,
    signed,
    text,
)
from tests.web.homes import served
from tests.web.people.conftest import START as EPOCH
from tests.web.people.conftest import Clock, browser, is_signed_in
from tests.web.people.provider import BACK, come_back, go, ledger_size, said_on, set_up, sign_in

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client


NOW = int(EPOCH)
OTHER = "https://accounts.other.example"
SENTENCES = {
    "The identity provider gave no answer that could be used, so nobody was signed in; try again, or use another way.",
    "The identity provider did not sign you in, so begin once more.",
    "This sign-in was not begun in this browser or has grown old, so begin once more.",
}
"""All that a person is told, whatever the lie."""
CALLED = "/.well-known/openid-configuration"


@dataclass
class Play:
    """One attempt: the provider that will lie, the browser it is told to, and the clock."""

    provider: IdentityProvider
    client: Client
    clock: Clock

    def sign_in(self) -> HttpResponse:
        gone = go(self.client)
        if not gone.headers["Location"].startswith(f"{self.provider.origin}/"):
            return gone
        return come_back(self.client, self.provider.answer_to(gone.headers["Location"]))


Tell = Callable[[Play], Any]


@dataclass(frozen=True)
class Lie:
    """What is said, what believing it would mean, and the check that finds it. `tell` may end the attempt itself; else it goes on as usual."""

    what: str
    why: str
    check: str
    tell: Tell


def says(**claims: Any) -> Tell:
    """The token says this; None leaves a claim out."""
    return lambda play: play.provider.claims.update(claims)


def writes(**header: Any) -> Tell:
    """The token's header holds this."""
    return lambda play: play.provider.header.update(header)


def describes(**said: Any) -> Tell:
    """The provider's description says this."""
    return lambda play: play.provider.description.update(said)


def brings(**said: Any) -> Tell:
    """The browser comes back with this."""
    return lambda play: play.provider.brings.update(said)


def replies(path: str, reply: Callable[[], Reply]) -> Tell:
    return lambda play: play.provider.replies.update({path: reply()})


def tokens(token: Callable[[Claims], str]) -> Tell:
    """The token is this, made from what it should say."""

    def tell(play: Play) -> None:
        play.provider.token = token

    return tell


def keys(*keys: Any) -> Tell:
    def tell(play: Play) -> None:
        play.provider.keys = list(keys)

    return tell


def _payload(claims: Claims) -> bytes:
    return json.dumps(claims).encode()


def _public_pem() -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = rsa_key("main").public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _has_profile(token: Claims, **profile: Any) -> Tell:
    """The token leaves out what `token` says, and the profile holds what `profile` says."""

    def tell(play: Play) -> None:
        play.provider.description = {"userinfo_endpoint": f"{play.provider.origin}/profile"}
        play.provider.claims, play.provider.profile = token, profile

    return tell


_THIN: Claims = {"email_verified": None}
"""As of providers that tell whether an address is verified in the profile alone."""


def _swapped(claims: Claims) -> str:
    """A true token with another payload between its header and its signature."""
    header, _, signature = signed({"alg": "RS256", "kid": "main"}, _payload(claims), "main").split(".")
    return ".".join((header, text(_payload({**claims, "email": "olga@northwind.example"})), signature))


def _twice(claims: Claims) -> str:
    """One claim twice in the payload: readers differ in which they take."""
    payload = _payload(claims)[:-1] + b',"email":"olga@northwind.example"}'
    return signed({"alg": "RS256", "kid": "main"}, payload, "main")


def _detached(claims: Claims) -> str:
    header = {"alg": "RS256", "kid": "main", "b64": False, "crit": ["b64"]}
    return signed(header, _payload(claims), "main")


def _answers_again(play: Play) -> HttpResponse:
    """Somebody who saw the address that a person came back with opens it in the same browser once more."""
    brought = play.provider.answer_to(go(play.client).headers["Location"])
    play.provider.claims = {"sub": ""}
    come_back(play.client, brought)
    play.provider.claims = {}
    return come_back(play.client, brought)


def _answers_twice_at_once(play: Play) -> HttpResponse:
    """Two answers to one state arrive together: the second still finds it in the session that the first has not written back yet."""
    address = go(play.client).headers["Location"]
    kept = play.client.session["openid_begun"]
    play.provider.claims = {"sub": ""}
    come_back(play.client, play.provider.answer_to(address))
    play.provider.claims = {}
    session = play.client.session
    session["openid_begun"] = kept
    session.save()
    return come_back(play.client, play.provider.answer_to(address))


def _answers_in_another_browser(play: Play) -> HttpResponse:
    """An attacker has a victim's browser finish what the attacker's began."""
    brought = play.provider.answer_to(go(browser()).headers["Location"])
    go(play.client)
    return come_back(play.client, brought)


def _swaps_the_code(play: Play) -> HttpResponse:
    """A code stolen from another sign-in is given the state of one's own: nonce and verifier belong to the other."""
    stolen = play.provider.answer_to(go(browser()).headers["Location"])
    own = play.provider.answer_to(go(play.client).headers["Location"])
    return come_back(play.client, {**own, "code": stolen["code"]})


def _redeems_again(play: Play) -> HttpResponse:
    """A code that was used is given the state of a new sign-in."""
    used = play.provider.answer_to(go(browser()).headers["Location"])
    play.provider._codes.pop(used["code"])
    own = play.provider.answer_to(go(play.client).headers["Location"])
    return come_back(play.client, {**own, "code": used["code"]})


def _replays_the_nonce(play: Play) -> HttpResponse:
    """The token of an earlier sign-in of the same browser is given out for a later one."""
    first = play.provider.answer_to(go(play.client).headers["Location"])
    earlier = play.provider._codes[first["code"]]["nonce"]
    play.provider.claims = {"nonce": earlier}
    return play.sign_in()


def _comes_late(play: Play) -> HttpResponse:
    brought = play.provider.answer_to(go(play.client).headers["Location"])
    play.clock.forward(601)
    return come_back(play.client, brought)


def _comes_after_another_provider_was_set_up(play: Play) -> HttpResponse:
    """What one provider began, another one's settings must not finish."""
    from assay_web.records.openid import Provider

    brought = play.provider.answer_to(go(play.client).headers["Location"])
    Provider.objects.update(client_id="another-client")
    try:
        return come_back(play.client, brought)
    finally:
        Provider.objects.update(client_id=CLIENT_ID)


def _drops_its_session(play: Play) -> HttpResponse:
    brought = play.provider.answer_to(go(play.client).headers["Location"])
    play.client.cookies.clear()
    return come_back(play.client, brought)


def _is_slow(path: str) -> Tell:
    return replies(path, lambda: Reply(after=threading.Event()))


def _redirects(path: str, to: str) -> Tell:
    return replies(path, lambda: Reply(302, b"", {"Content-Type": JSON, "Location": to}))


def _is_large(path: str) -> Tell:
    return replies(path, lambda: Reply(body=b'{"a":"' + b"a" * 300_000 + b'"}'))


def _is_a_page(path: str) -> Tell:
    return replies(path, lambda: Reply(body=b"<html>", headers={"Content-Type": "text/html"}))


LIES = (
    # From whom the token is
    Lie("another issuer", "any provider's token would open our accounts", "issuer of the token", says(iss=OTHER)),
    Lie("the issuer with a slash more", "a look-alike tenant", "issuer of the token", lambda play: play.provider.claims.update(iss=play.provider.origin + "/")),
    Lie("no issuer", "nobody answers for it", "issuer of the token", says(iss=None)),
    Lie("an answer of another provider", "mix-up: a code is sent to the wrong one (RFC 9207)", "issuer of the answer", brings(iss=OTHER)),
    Lie("an answer that names nobody though the provider always does", "the name was cut off on the way", "issuer of the answer", brings(iss=None)),
    Lie("two issuers of the answer", "readers differ in which they take", "parameter iss", brings(iss=[OTHER, OTHER])),
    # The signature and its key
    Lie("no signature: alg none", "anybody writes tokens", "algorithm", tokens(lambda said: signed({"alg": "none", "kid": "main"}, _payload(said), "main") + "AA")),
    Lie("no signature, and none named", "anybody writes tokens", "token form", tokens(lambda said: signed({"alg": "none", "kid": "main"}, _payload(said), "main"))),
    Lie("alg None in capitals", "a list of what is refused would miss it", "algorithm", writes(alg="NONE")),
    Lie("HS256 with the public key as its secret", "whoever reads the public key writes tokens", "algorithm", tokens(lambda said: signed({"alg": "HS256", "kid": "main"}, _payload(said), _public_pem()))),
    Lie("HS256 with our client secret", "the provider's other clients are not told apart from it", "algorithm", tokens(lambda said: signed({"alg": "HS256", "kid": "main"}, _payload(said), "a-client:secret/with+signs"))),
    Lie("RS1, by SHA-1", "signatures that can be made to fit", "algorithm", writes(alg="RS1")),
    Lie("a key nobody knows", "a key of the attacker's", "key of this name", writes(kid="nobody-s")),
    Lie("no name of a key", "any key would do", "key name", writes(kid=None)),
    Lie("a name of a key that is a number", "what is compared must be text", "key name", writes(kid=7)),
    Lie("signed by another key than is named", "a key for one thing is used for another", "signature", writes(kid="second")),
    Lie("RSA named, a curve's key behind the name", "the key decides how it is read", "kind of key", writes(kid="curve")),
    Lie("two keys of one name", "it is open which one answers", "key of this name", keys(rsa_public("main"), rsa_public("second") | {"kid": "main"})),
    Lie("a key that is for encrypting", "a key for one thing is used for another", "kind of key", keys(rsa_public("main") | {"use": "enc"})),
    Lie("a key for another algorithm", "a key for one thing is used for another", "kind of key", keys(rsa_public("main", alg="PS256"))),
    Lie("a key both sides would hold", "a secret among public keys", "kind of key", keys({"kty": "oct", "kid": "main", "k": text(b"secret" * 8)})),
    Lie("a short key", "1,024 bits are broken by who pays for it", "strength of key", lambda play: (keys(rsa_public("short"))(play), setattr(play.provider, "key", "short"))),
    Lie("a key that is no number", "whatever reads it falls over", "form of key", keys(rsa_public("main") | {"n": 5})),
    Lie("a key of a million bits", "one signature would keep us busy for minutes", "form of key", keys(rsa_public("main") | {"n": "A" * 170_000})),
    Lie("a point that is not on its curve", "a key that cannot be", "form of key", lambda play: (keys(ec_public("curve") | {"x": text(b"1" * 32)})(play), setattr(play.provider, "key", "curve"), setattr(play.provider, "algorithm", "ES256"))),
    Lie("no key at all", "nothing to check by is not checked", "list of keys", keys()),
    Lie("another payload under a true signature", "who can see a token rewrites it", "signature", tokens(_swapped)),
    Lie("a claim twice", "readers differ in which they take", "claims", tokens(_twice)),
    Lie("a payload that is a list", "whatever reads it falls over", "claims", tokens(lambda said: signed({"alg": "RS256", "kid": "main"}, b"[1]", "main"))),
    Lie("a token in four parts", "encrypted, or two of them", "token form", tokens(lambda said: signed({"alg": "RS256", "kid": "main"}, _payload(said), "main") + ".AA")),
    Lie("an oversized token", "memory", "token answer", says(filler="a" * 20_000)),
    # What the header asks for
    Lie("crit that nobody knows", "what must be understood is passed over", "token header", writes(crit=["exp"], exp=1)),
    Lie("b64=false", "what was signed is not what is read", "token header", tokens(_detached)),
    Lie("a key in the header", "the token brings its own key", "token header", lambda play: play.provider.header.update(jwk=rsa_public("main"))),
    Lie("an address of keys in the header", "the token brings its own keys, and we ask where it likes", "token header", writes(jku="https://keys.other.example/")),
    Lie("a certificate in the header", "the token brings its own key", "token header", writes(x5c=["AAAA"])),
    Lie("an address of a certificate", "we ask where it likes", "token header", writes(x5u="https://keys.other.example/")),
    Lie("a token inside the token", "the outer one's checks would be the inner one's", "token header", writes(cty="JWT")),
    Lie("a token for something else", "an access token or a log-out is no sign-in", "token type", writes(typ="logout+jwt")),
    # For whom
    Lie("made for another client", "another site's tokens would open our accounts", "audience", says(aud="another-client")),
    Lie("made for nobody", "anybody's", "audience", says(aud=None)),
    Lie("made for a client whose name begins with ours", "part of a name is no name", "audience", says(aud=CLIENT_ID + "-2")),
    Lie("made for several, by nobody", "another client of the provider asked for it", "authorized party", says(aud=[CLIENT_ID, "another-client"])),
    Lie("made for several, by another", "another client asked for it", "authorized party", says(aud=[CLIENT_ID, "another-client"], azp="another-client")),
    Lie("made for us, by another", "another client asked for it", "authorized party", says(azp="another-client")),
    Lie("an audience that is an object", "a name among its keys is no audience", "audience", says(aud={CLIENT_ID: True})),
    # When
    Lie("expired", "old tokens work on", "expiry", says(exp=NOW - 61)),
    Lie("no expiry", "it works for ever", "claim exp", says(exp=None)),
    Lie("an expiry in words", "compared as text it is always later", "claim exp", says(exp=str(NOW + 300))),
    Lie("an expiry that is true", "true counts as one", "claim exp", says(exp=True)),
    Lie("an expiry beyond all numbers", "whatever reads it falls over", "claim exp", says(exp=10**30)),
    Lie("not yet valid", "it was made for later", "not yet valid", says(nbf=NOW + 61)),
    Lie("made in the future", "a clock that cannot be trusted", "when the token was made", says(iat=NOW + 61)),
    Lie("made before the sign-in began", "an old token is given out again", "when the token was made", says(iat=NOW - 61)),
    Lie("no instant of its making", "its age cannot be told", "claim iat", says(iat=None)),
    # Of which sign-in
    Lie("no nonce", "any token of the person would do", "nonce", says(nonce=None)),
    Lie("another nonce", "the token of another sign-in", "nonce", says(nonce="A" * 43)),
    Lie("a nonce that is a list", "what is compared must be text", "nonce", says(nonce=["A" * 43])),
    Lie("the nonce of an earlier sign-in", "an old token is given out again", "nonce", _replays_the_nonce),
    Lie("another state", "an answer that we did not ask for", "state", brings(state="A" * 43)),
    Lie("no state", "an answer that we did not ask for", "state", brings(state=None)),
    Lie("two states", "readers differ in which they take", "parameter state", brings(state=["A" * 43, "B" * 43])),
    Lie("a state that was answered", "the address is opened a second time", "state", _answers_again),
    Lie("two answers to one state at once", "the address is opened twice", "state", _answers_twice_at_once),
    Lie("a state of another browser", "a victim is signed in as the attacker", "state", _answers_in_another_browser),
    Lie("a state without its session", "an answer that we did not ask for", "state", _drops_its_session),
    Lie("a state that has grown old", "an answer that lay around", "age of the state", _comes_late),
    Lie("an answer to settings that have changed", "another provider's answer is taken for this one's", "provider of the state", _comes_after_another_provider_was_set_up),
    Lie("a code of another sign-in", "a stolen code is used", "token answer", _swaps_the_code),
    Lie("a code that was used", "a code that lay around is used", "token answer", _redeems_again),
    Lie("no code", "nothing to give back", "parameter code", brings(code=None)),
    Lie("a huge code", "memory", "parameter code", brings(code="a" * 5_000)),
    Lie("a code and an error", "what was refused is not taken", "error of the provider", brings(error="access_denied")),
    # Who
    Lie("no subject", "everybody is the same person", "subject", says(sub=None)),
    Lie("an empty subject", "everybody is the same person", "subject", says(sub="")),
    Lie("a subject that is a number", "7 and “7” would be one person, or two", "subject", says(sub=7)),
    Lie("a huge subject", "memory", "subject", says(sub="a" * 256)),
    Lie("a subject with a blank behind it", "two names that look alike", "subject", says(sub="ada ")),
    Lie("a subject with a letter from elsewhere", "two names that look alike", "subject", says(sub="аda")),
    Lie("an address that was not verified", "whoever writes an address into a profile is that person", "verified address", says(email_verified=False)),
    Lie("an address verified in words", "the text “false” is as true", "verified address", says(email_verified="true")),
    Lie("an address verified by one", "what is no truth value is none", "verified address", says(email_verified=1)),
    Lie("an address of which nothing is said", "what is not said is not so", "verified address", says(email_verified=None)),
    Lie("Microsoft's own claim from somebody else", "a claim means what its maker says, and no other", "verified address", says(email_verified=None, xms_edov=True)),
    Lie("no address", "nobody", "address", says(email=None)),
    Lie("an address that is a list", "two addresses, one of them verified", "address", says(email=["ada@northwind.example"])),
    Lie("another domain", "whoever has an account anywhere", "domain of the address", says(email="ada@other.example")),
    Lie("a domain that ends like ours", "part of a name is no name", "domain of the address", says(email="ada@evilnorthwind.example")),
    Lie("a domain below ours", "not what the owner entered", "domain of the address", says(email="ada@guests.northwind.example")),
    Lie("our domain before another", "what stands before the last @ is a name", "address", says(email="ada@northwind.example@other.example")),
    Lie("a look-alike in capitals", "NORTHWlND with a small L", "domain of the address", says(email="ada@NORTHWlND.example")),
    Lie("a look-alike in Unicode", "ı without its dot becomes I, and i", "address", says(email="ada@northwınd.example")),
    Lie("the Kelvin sign in a name", "made small it is a k", "address", says(email="\u212aada@northwind.example")),
    Lie("a full stop of another script", "it is taken for a dot in names of hosts", "address", says(email="ada@northwind。example")),
    Lie("a blank in the address", "two addresses in one", "address", says(email="ada@northwind.example ")),
    # Who, by the profile
    Lie("the profile of somebody else", "whose token it was is forgotten", "subject of the profile", _has_profile(_THIN, sub="olga-at-the-provider", email="olga@northwind.example")),
    Lie("a profile of nobody", "whose token it was is forgotten", "subject of the profile", _has_profile(_THIN, sub=None)),
    Lie("a profile with another address", "one says the address, the other that it is verified", "address of the profile", _has_profile(_THIN, email="olga@northwind.example")),
    Lie("a profile that verified nothing", "whoever writes an address into a profile is that person", "verified address", _has_profile(_THIN, email_verified=False)),
    Lie("a profile verified in words", "the text “false” is as true", "verified address", _has_profile(_THIN, email_verified="true")),
    Lie("a profile that says what the token denied", "the weaker word would win", "verified address", _has_profile({"email_verified": False}, email_verified=True)),
    Lie("a profile in another domain", "whoever has an account anywhere", "domain of the address", _has_profile({**_THIN, "email": None}, email="ada@other.example")),
    Lie("a profile elsewhere", "what opens the profile follows to another host", "the profile", lambda play: (_has_profile(_THIN)(play), _redirects("/profile", "https://10.0.0.5/")(play))),
    Lie("a place for the profile without encryption", "what opens it goes out in clear", "RefusedUrlError", describes(userinfo_endpoint="http://profile.other.example/")),
    Lie("what opens the profile holds a line break", "a header of the attacker's", "token answer", replies("/token", lambda: Reply(body=b'{"id_token":"a.b.c","token_type":"Bearer","access_token":"a\\r\\nHost: b"}'))),
    # What the provider says of itself
    Lie("a description of another issuer", "one provider speaks for another", "issuer of the description", describes(issuer=OTHER)),
    Lie("tokens from another host, unencrypted", "the secret and the code go out in clear", "RefusedUrlError", describes(token_endpoint="http://tokens.other.example/")),
    Lie("tokens from another host in our own network", "we are sent to what only we can reach", "token_endpoint", describes(token_endpoint="https://10.0.0.5/token")),
    Lie("keys from a cloud's metadata service", "we are sent to what only we can reach", "RefusedUrlError", describes(jwks_uri="http://169.254.169.254/keys")),
    Lie("keys from a file", "we are sent to what only we can reach", "RefusedUrlError", describes(jwks_uri="file:///etc/passwd")),
    Lie("people sent to a script", "the button runs something", "RefusedUrlError", describes(authorization_endpoint="javascript:alert(1)")),
    Lie("no place for tokens", "whatever reads it falls over", "token_endpoint", describes(token_endpoint=None)),
    Lie("no way to check a code", "a stolen code can be used", "code_challenge_methods_supported", describes(code_challenge_methods_supported=["plain"])),
    Lie("signing by a shared secret alone", "anybody who holds it writes tokens", "id_token_signing_alg_values_supported", describes(id_token_signing_alg_values_supported=["HS256", "none"])),
    Lie("a description elsewhere", "we are led to another host", "its description", _redirects(CALLED, "https://10.0.0.5/")),
    Lie("a description that is a page", "not JSON", "MalformedAnswerError", _is_a_page(CALLED)),
    Lie("a description that is a list", "whatever reads it falls over", "its description", replies(CALLED, lambda: Reply(body=b"[]"))),
    Lie("an oversized description", "memory", "AnswerTooLargeError", _is_large(CALLED)),
    Lie("a description that does not come", "every page waits", "AnswerTimeoutError", _is_slow(CALLED)),
    # What it answers
    Lie("keys on a private host", "we are led to what only we can reach", "its keys", _redirects("/keys", "https://10.0.0.5/keys")),
    Lie("oversized keys", "memory", "AnswerTooLargeError", _is_large("/keys")),
    Lie("more keys than anybody has", "memory", "list of keys", keys(*({"kid": str(one)} for one in range(51)))),
    Lie("keys that are a page", "not JSON", "MalformedAnswerError", _is_a_page("/keys")),
    Lie("keys that do not come", "every page waits", "AnswerTimeoutError", _is_slow("/keys")),
    Lie("tokens elsewhere", "the secret and the code follow to another host", "token answer", _redirects("/token", "https://10.0.0.5/token")),
    Lie("an oversized token answer", "memory", "AnswerTooLargeError", _is_large("/token")),
    Lie("a token answer that is a page", "not JSON", "MalformedAnswerError", _is_a_page("/token")),
    Lie("a token answer cut off", "not JSON", "MalformedAnswerError", replies("/token", lambda: Reply(body=b'{"id_token":"'))),
    Lie("a token answer without a token", "nothing was said", "token answer", replies("/token", lambda: Reply(body=b'{"access_token":"a","token_type":"Bearer"}'))),
    Lie("a token answer of another kind", "a token that must be shown otherwise", "token answer", replies("/token", lambda: Reply(body=b'{"id_token":"a.b.c","token_type":"mac"}'))),
    Lie("a token that is an object", "whatever reads it falls over", "token answer", replies("/token", lambda: Reply(body=b'{"id_token":{},"token_type":"Bearer"}'))),
    Lie("a token under an error's status", "what was refused is not taken", "token answer", lambda play: play.provider.replies.update({"/token": _error_with_token(play)})),
    Lie("a token answer that does not come", "every page waits", "AnswerTimeoutError", _is_slow("/token")),
    Lie("too many calls, come again in an hour", "the page would wait as long", "ThrottledError", replies("/token", lambda: Reply(429, b"{}", {"Content-Type": JSON, "Retry-After": "3600"}))),
)  # fmt: skip


def _error_with_token(play: Play) -> Reply:
    said = {"id_token": play.provider.id_token("A" * 43), "token_type": "Bearer"}
    return Reply(500, json.dumps(said).encode())


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IdentityProvider]:
    """One home for every lie, since none of them may leave anything: Olga, who set the provider up, and Ada, who is known there and needs no second factor here."""
    provider = IdentityProvider(lambda: EPOCH)
    with served(tmp_path_factory.mktemp("lies")), serve(provider) as provider.origin:
        from assay_web.records.accounts import Role
        from assay_web.services.accounts import make_account

        made = [
            make_account(
                by="host",
                name=name,
                email=f"{name}@northwind.example",
                role=role,
                needs_second_factor=False,
            )
            for name, role in (("olga", Role.OWNER), ("ada", Role.LEAD))
        ]
        set_up(provider, made[0])
        yield provider


@pytest.fixture
def play(world: IdentityProvider, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Play:
    from django.core.cache import cache

    from assay.outbound.http import Limits
    from assay_web.openid import provider as asked

    cache.clear()
    world.honest()
    world.now = lambda: clock.at
    monkeypatch.setattr(asked, "LIMITS", Limits(bytes=256 * 1024, seconds=asked.LIMITS.seconds))
    return Play(world, browser(), clock)


@pytest.mark.parametrize("lie", LIES, ids=[one.what for one in LIES])
def test_no_lie_is_believed(
    play: Play, lie: Lie, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay.outbound.http import Limits
    from assay_web.openid import provider as asked
    from assay_web.records.openid import ProviderLink

    size = ledger_size()
    if lie.check == "AnswerTimeoutError":
        monkeypatch.setattr(asked, "LIMITS", Limits(bytes=256 * 1024, seconds=0.3))
    with caplog.at_level(logging.WARNING):
        ended = lie.tell(play)
        answer = ended if hasattr(ended, "status_code") else play.sign_in()
    for reply in play.provider.replies.values():
        if reply.after is not None:
            reply.after.set()
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/")
    assert caplog.messages[-1] == f"Signing in by the identity provider was refused: {lie.check}."
    assert not is_signed_in(play.client)
    assert (ledger_size(), ProviderLink.objects.count()) == (size, 0)
    said = said_on(play.client)
    assert said in SENTENCES
    for secret in ("ada", "northwind.example", "other.example", "a-client", "eyJ"):
        assert secret not in " ".join(caplog.messages) + said


def test_there_are_at_least_thirty_lies_of_different_kinds() -> None:
    assert len({lie.what for lie in LIES}) == len(LIES) >= 30
    assert len({lie.check for lie in LIES}) >= 30


def test_the_same_person_comes_in_where_nobody_lies(play: Play) -> None:
    """Last, since it links: everything above was refused for its lie and nothing else."""
    assert play.sign_in().headers["Location"] == "/"
    assert is_signed_in(play.client)


def test_an_address_that_the_profile_verifies_is_taken(play: Play) -> None:
    _has_profile(_THIN)(play)
    play.sign_in()
    assert is_signed_in(play.client)
    assert play.provider.times_asked("/profile") == 1


def test_the_profile_is_not_asked_for_where_the_token_says_all(play: Play) -> None:
    _has_profile({})(play)
    play.sign_in()
    assert is_signed_in(play.client)
    assert play.provider.times_asked("/profile") == 0


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ({"xms_edov": True}, True),
        ({"xms_edov": "1"}, True),
        ({"xms_edov": False}, False),
        ({"xms_edov": "true"}, False),
        ({"xms_edov": True, "email_verified": False}, False),
        ({}, False),
    ],
)
def test_microsofts_own_claim_is_taken_from_microsoft(said: Claims, taken: bool) -> None:
    """Entra ID sends no email_verified; xms_edov comes as true or as the text 1."""
    from assay_web.openid.id_token import Expected, identity_of
    from assay_web.openid.refusing import ProviderError

    issuer = "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001/v2.0"
    expected = Expected(issuer, CLIENT_ID, "n", EPOCH, frozenset({"northwind.example"}))
    claims = {"sub": "ada", "email": "ada@northwind.example", **said}
    try:
        found = identity_of(claims, expected).email
    except ProviderError as error:
        found = error.check
    assert found == ("ada@northwind.example" if taken else "verified address")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"hd": "northwind.example"}, "ada@northwind.example"),
        ({"hd": "other.example"}, "hosted domain"),
        ({}, "hosted domain"),
    ],
)
def test_a_private_account_at_google_under_an_address_at_work_is_not_of_the_company(
    said: Claims, found: str
) -> None:
    """Whoever left keeps such an account, with the address verified when they still had it."""
    from assay_web.openid.id_token import Expected, identity_of
    from assay_web.openid.refusing import ProviderError

    expected = Expected(
        "https://accounts.google.com", CLIENT_ID, "n", EPOCH, frozenset({"northwind.example"})
    )
    claims = {"sub": "ada", "email": "ada@northwind.example", "email_verified": True, **said}
    try:
        known = identity_of(claims, expected).email
    except ProviderError as error:
        known = error.check
    assert known == found


def test_within_the_small_tolerance_clocks_may_differ(play: Play) -> None:
    play.provider.claims = {"exp": NOW - 59, "iat": NOW - 59, "nbf": NOW + 60}
    play.sign_in()
    assert is_signed_in(play.client)


def test_what_comes_back_never_stays_in_the_address_or_a_cache(play: Play) -> None:
    """The code and the state are in the address of one request, which is answered by another address and kept by nobody."""
    answer = sign_in(play.client, play.provider)
    assert BACK not in answer.headers["Location"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_secrets_of_the_flow_are_in_no_log_and_no_row(play: Play, caplog: pytest.LogCaptureFixture) -> None:
    from django.db import connection

    with caplog.at_level(logging.DEBUG):
        gone = go(play.client)
        brought = play.provider.answer_to(gone.headers["Location"])
        nonce = play.provider._codes[brought["code"]]["nonce"]
        come_back(play.client, brought)
    assert is_signed_in(play.client)
    with connection.cursor() as cursor:
        cursor.execute("select session_data from django_session")
        rows = str(cursor.fetchall())
        cursor.execute("select sealed from records_sealedsecret")
        rows += str(cursor.fetchall())
    secrets = (
        brought["code"],
        brought["state"],
        nonce,
        "a-client:secret",
        base64.b64encode(b"a-client").decode(),
    )
    for secret in secrets:
        assert secret not in caplog.text
        assert secret not in rows
