"""Tokens and Apps: narrowed, renewed in time, refused with a sentence, and shown nowhere."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from github_world import SPECS, collect_world, standing

from assay.collectors.github_auth import AppAccess, GithubAuthError, read_key, sign_jwt, token_access
from assay.collectors.github_plan import permissions_of
from assay.demo.github_standin import ASSAY_APP, GithubStandin, number_of, small_company
from assay.evidence.gaps import Reason
from assay.outbound.http import Allowance, Secret

KEY = rsa.generate_private_key(65537, 2048)
OTHER_KEY = rsa.generate_private_key(65537, 2048)
APP, INSTALLATION = str(number_of("app", ASSAY_APP)), str(number_of("installation", ASSAY_APP))


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = KEY) -> Secret:
    form = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return Secret(key.private_bytes(*form).decode())


def access(standin: GithubStandin, url: str, **changed: object) -> AppAccess:
    standin.app_keys[APP] = KEY.public_key()
    given = {
        "app_id": APP,
        "installation_id": INSTALLATION,
        "private_key": pem(),
        "permissions": permissions_of(SPECS.values()),
        "root": url,
        "allowance": Allowance.loopback(int(url.rpartition(":")[2])),
        "wall": lambda: standin.clock().timestamp(),
    }
    return AppAccess(**{**given, **changed})  # type: ignore[arg-type]


def test_an_app_collects_what_a_token_collects() -> None:
    with standing(small_company()) as (standin, url):
        by_token = collect_world(standin, url)
        by_app = collect_world(standin, url, credential=access(standin, url))
    assert by_app.populations.keys() == by_token.populations.keys()
    for table, seen in by_app.populations.items():
        assert seen.records == by_token.populations[table].records


def test_the_installation_token_is_narrowed_to_the_tables_of_the_run() -> None:
    few = {name: SPECS[name] for name in ("github_repo", "github_team")}
    with standing(small_company()) as (standin, url):
        app = access(standin, url, permissions=permissions_of(few.values()))
        seen = collect_world(
            standin, url, credential=app, tables=("github_repo", "github_team", "github_deployment")
        )
        [minted] = [held for token, held in standin.tokens.items() if token.startswith("ghs_")]
    assert minted == {"administration": "read", "members": "read", "metadata": "read"}
    assert seen.gaps("github_deployment")[0].reason is Reason.DENIED


def test_a_token_is_made_anew_before_it_ends() -> None:
    world = small_company()
    with standing(world) as (standin, url):
        app = access(standin, url)
        first = app()
        world.now += timedelta(minutes=54)
        assert app() == first
        world.now += timedelta(minutes=2)
        assert app() != first


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"private_key": pem(OTHER_KEY)}, "key or this machine's clock"),
        ({"installation_id": "1"}, "no such installation"),
        ({"permissions": {"contents": "write"}}, "not granted all permissions"),
        ({"app_id": "2"}, "key or this machine's clock"),
    ],
)
def test_a_refusal_says_what_to_do(changed: dict[str, object], sentence: str) -> None:
    with standing(small_company()) as (standin, url):
        app = access(standin, url, **changed)
        with pytest.raises(GithubAuthError, match=sentence):
            app()
        gaps = collect_world(standin, url, credential=app, tables=("github_team",)).gaps("github_team")
    assert [(gap.reason, gap.detail) for gap in gaps] == [(Reason.DENIED, "NoToken")]


def test_a_clock_that_is_wrong_is_refused() -> None:
    with standing(small_company()) as (standin, url):
        late = access(standin, url, wall=lambda: standin.clock().timestamp() - 3_600)
        with pytest.raises(GithubAuthError, match="clock"):
            late()


def test_the_signed_token_is_a_json_web_token_of_nine_minutes() -> None:
    header, claims, signature = sign_jwt(KEY, "77", 1_795_500_000).reveal().split(".")
    read = [json.loads(base64.urlsafe_b64decode(part + "==")) for part in (header, claims)]
    assert read[0] == {"alg": "RS256", "typ": "JWT"}
    assert read[1] == {"iat": 1_795_499_940, "exp": 1_795_500_480, "iss": "77"}
    assert len(base64.urlsafe_b64decode(signature + "==")) == 256


def test_keys_and_tokens_that_are_none_are_refused_without_being_quoted() -> None:
    for bad in (Secret("canary"), pem(ec.generate_private_key(ec.SECP256R1())), Secret("")):
        with pytest.raises(GithubAuthError) as raised:
            read_key(bad)
        assert "canary" not in str(raised.value)
    for text in ("", "  ", "canary token", "canary\nX", "canary\u00e9"):
        with pytest.raises(GithubAuthError) as raised:
            token_access(Secret(text))
        assert "canary" not in str(raised.value)
    assert token_access(Secret(" github_pat_1\n"))().reveal() == "Bearer github_pat_1"
    with pytest.raises(GithubAuthError, match="not the number"):
        AppAccess("seven", "1", pem(), {})


def test_an_access_shows_neither_key_nor_token() -> None:
    with standing(small_company()) as (standin, url):
        app = access(standin, url)
        token = app().reveal().removeprefix("Bearer ")
        assert token not in repr(app)
        assert "PRIVATE KEY" not in repr(app)
