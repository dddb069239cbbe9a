"""Must hold 6: what a user may name for Assay to ask — the chat's webhook, the dead-man address, an identity provider — leads nowhere inward."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assay.errors import AssayError
from assay.outbound.http import RefusedAddressError

if TYPE_CHECKING:
    from django.test import Client

PUBLIC = "140.82.112.5"
NAMED = [
    "http://chat.example.com/", "https://127.0.0.1.", "https://2130706433/", "https://0x7f000001/", "https://017700000001/", "https://127.1/", "https://0177.0.0.1/",
    "https://localhost/", "https://localhost./", "https://ben@10.0.0.5/", "https://api.github.com@10.0.0.5/", "https://api.github.com\\@10.0.0.5/", "https://%31%32%37.0.0.1/",
    "https://①②⑦.0.0.1/", "https://127。0。0。1/", "https://[fe80::1%25eth0]/", "https://[::1", "https://[0:0:0:0:0:0:0:1]/", "https://[::ffff:127.0.0.1.]/", "file:///etc/passwd",
    "gopher://10.0.0.5/", "//10.0.0.5/", "10.0.0.5", "https://metadata/", "https://chat.example.com/#x", "https://chat.example.com/../x", "https://chat.example.com:0/",
]  # fmt: skip
"""Refused as they are written."""
LEADING = [
    "https://127.0.0.1/", "https://10.0.0.5/", "https://169.254.169.254/latest/", "https://100.64.0.1/", "https://192.168.1.1/", "https://172.16.0.1/", "https://0.0.0.0/",
    "https://224.0.0.1/", "https://240.0.0.1/", "https://168.63.129.16/", "https://[::1]/", "https://[fe80::1]/", "https://[fd00:ec2::254]/", "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::1]/", "https://[2001:0:7f00:1::]/", "https://[ff02::1]/",
]  # fmt: skip
"""Written as addresses are, and refused once they are to be connected to."""


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every address that any socket of this process is asked to connect to."""
    seen: list[object] = []

    class Watched(socket.socket):
        def connect(self, address: object, /) -> None:
            seen.append(address)
            raise ConnectionRefusedError

        connect_ex = connect  # type: ignore[assignment]

    monkeypatch.setattr(socket, "socket", Watched)
    return seen


def _answering(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Let the operating system's resolver give these addresses one after another for names, the last one for ever; gives the names it was asked."""
    asked: list[str] = []

    def found(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        address = host  # what is an address already is no question to any name server
        if answers and host[-1].isalpha():
            asked.append(host)
            address = answers[min(len(asked), len(answers)) - 1]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    return asked


@pytest.mark.parametrize("name", ["webhook_url", "dead_man_url"])
def test_the_form_of_the_notices_refuses_other_spellings(
    name: str, home: Path, signed_in: Callable[[str], Client]
) -> None:
    from assay_web.records.notices import SealedSecret

    lead = signed_in("lead")
    for url in NAMED:
        sent = {name: url, "digest_day": "0", "version": "0", "deed": "save"}
        assert 'aria-invalid="true"' in lead.post("/notices/", sent).content.decode(), url
    assert not SealedSecret.objects.exists()


def test_what_the_notices_send_goes_to_no_inward_address(
    home: Path, connections: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay_web.jobs.telling import new_client

    _answering(monkeypatch)
    for method in ("POST", "GET"):
        for url in NAMED + LEADING:
            with pytest.raises(
                AssayError, match=r"not public|not plain|not https|unusual|plain dotted|climbs|port"
            ):
                new_client().request(method, url, {}, b"")
    assert connections == []


def test_a_webhook_whose_name_answers_otherwise_the_second_time_is_sent_to_the_checked_address(
    home: Path, connections: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay_web.jobs.telling import new_client

    asked = _answering(monkeypatch, PUBLIC, "169.254.169.254")
    with pytest.raises(AssayError, match=r"chat\.example\.com"):
        new_client().request("POST", "https://chat.example.com/hook", {}, b"{}")
    assert (asked, connections) == (["chat.example.com"], [(PUBLIC, 443)])
    with pytest.raises(RefusedAddressError):
        new_client().request("POST", "https://chat.example.com/hook", {}, b"{}")
    assert connections == [(PUBLIC, 443)]


def test_an_issuer_is_refused_in_other_spellings_and_reaches_nothing_inward(
    home: Path, connections: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay.outbound.http import Secret
    from assay_web.openid.provider import Client, checked_issuer, discover

    _answering(monkeypatch)
    for url in NAMED:
        with pytest.raises(AssayError):
            checked_issuer(url, inside=False)
    for url in LEADING:
        with pytest.raises(AssayError, match="not public"):
            discover(Client(checked_issuer(url.rstrip("/"), inside=False), "assay", Secret("s")))
    assert connections == []


def test_an_issuer_whose_name_answers_otherwise_the_second_time_is_asked_at_the_checked_address(
    home: Path, connections: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay.outbound.http import Secret
    from assay_web.openid.provider import Client, discover

    _answering(monkeypatch, PUBLIC, "10.0.0.5")
    client = Client("https://accounts.example.com", "assay", Secret("s"))
    for _ in range(2):
        with pytest.raises(AssayError):
            discover(client)
    assert connections == [(PUBLIC, 443)]
