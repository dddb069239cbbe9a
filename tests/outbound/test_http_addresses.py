"""Nothing but the public internet is connected to, however its address is spelled; asserted where sockets connect."""

from __future__ import annotations

import socket
import ssl

import pytest
from http_loopback import answer, client, serving

from assay.outbound.http import Allowance, Http, RefusedAddressError, RefusedUrlError, Secret, parse_url

ADDRESSES = [
    "0.0.0.0",
    "0.0.0.1",
    "0.255.255.255",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.0.0.53",
    "127.1.2.3",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "169.254.255.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[::2]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:169.254.169.254]",
    "[::ffff:10.0.0.1]",
    "[::ffff:8.8.8.8]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b::808:808]",
    "[64:ff9b:1::a00:1]",
    "[100::1]",
    "[2001::1]",
    "[2001:0:7f00:1::]",
    "[2001:10::1]",
    "[2001:20::1]",
    "[2001:db8::1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2002:808:808::1]",
    "[3fff::1]",
    "[2600::5efe:7f00:1]",
    "[2600::200:5efe:a00:1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fd12:3456:789a::1]",
    "[fdff:ffff::1]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fe80::1%eth0]",
    "[febf::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[ff0e::1]",
    "[4000::1]",
    "[5f00::1]",
    "[::ffff:0:127.0.0.1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000::0001]",
    "[::ffff:0x7f.1]",
    "[::1",
]

SPELLINGS = [
    "2130706433",
    "3232235521",
    "2852039166",
    "017700000001",
    "0x7f000001",
    "0x7F000001",
    "0xA9FEA9FE",
    "0",
    "00",
    "0x0",
    "1",
    "127.1",
    "127.0.1",
    "0177.0.0.1",
    "0177.0.0.01",
    "0177.1",
    "0x7f.1",
    "0x7f.0.0.1",
    "0x7f.0x0.0x0.0x1",
    "127.0.0.0x1",
    "127.0.0.01",
    "127.000.000.001",
    "10.1",
    "192.168.1",
    "169.254.43518",
    "0251.0376.0251.0376",
    "0xa9.0xfe.0xa9.0xfe",
    "127.0.0.1.",
    "169.254.169.254.",
    "1.2.3",
    "256.256.256.256",
    "1.2.3.4.5",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "metadata",
    "instance-data",
    "api",
    "a..b",
    ".example.com",
    "-a.example.com",
    "a-.example.com",
    "①②⑦.0.0.1",
    "１２７.0.0.1",
    "127。0。0。1",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "exämple.com",
    "ⅼocalhost",
    "xn--",
    "%6c%6f%63%61%6c%68%6f%73%74",
    "127.0.0.1%2f",
    "127.0.0.1%00.example.com",
    "api.github.com%00",
    "api.github.com\\@127.0.0.1",
    "api.github.com@127.0.0.1",
    "ben:pw@127.0.0.1",
    "@127.0.0.1",
    "127.0.0.1#@api.github.com",
    "api.github.com:80@127.0.0.1",
    "[api.github.com]",
    "[127.0.0.1]",
    "[::1].example.com",
    "example.com:0",
    "example.com:65536",
    "example.com:99999999999",
    "example.com:-1",
    "example.com:+443",
    "example.com:１",
]

WHOLE = [
    "http://api.github.com/",
    "http://127.0.0.1/",
    "ftp://api.github.com/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:70/_",
    "unix:///var/run/docker.sock",
    "data:application/json,{}",
    "jar:https://api.github.com!/",
    "https:api.github.com",
    "https:/api.github.com",
    "https:///api.github.com",
    "https:\\\\127.0.0.1/",
    "//127.0.0.1/",
    "127.0.0.1",
    "",
    "https://",
    "https://api.github.com/\r\nHost: 127.0.0.1",
    "https://api.github.com/ HTTP/1.1",
    "https://api.git\thub.com/",
    " https://127.0.0.1/",
    "https://127.0.0.1 /",
    "https://api.github.com/a/../b",
    "https://api.github.com/a/%2e%2e/b",
    "https://api.github.com/a/%252e%252e/b",
    "https://api.github.com/a/..%2fb",
    "https://api.github.com/#fragment",
    "https://api.github.com/" + "a" * 8_000,
    "https://" + "a." * 130 + "com/",
    "HTTPS://127.0.0.1/",
]
TLS = ssl.create_default_context()
URLS = [f"https://{host}/" for host in ADDRESSES + SPELLINGS] + WHOLE


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


def as_glibc_reads(host: str, port: int) -> list[str]:
    """Resolve as careless resolvers do: numbers in any spelling become addresses, every name is loopback."""
    try:
        return [socket.inet_ntoa(socket.inet_aton(host))]
    except OSError:
        return [host] if ":" in host or host[0].isdigit() else ["127.0.0.1"]


def test_there_are_at_least_120_spellings() -> None:
    assert len(set(URLS)) == len(URLS) >= 120


@pytest.mark.parametrize("url", URLS)
def test_a_spelling_is_refused_and_no_socket_connects(url: str, connections: list[object]) -> None:
    http = Http(resolve=as_glibc_reads, tls=TLS)
    with pytest.raises((RefusedUrlError, RefusedAddressError)):
        http.request("GET", url)
    assert connections == []


def test_a_public_address_is_connected_to(connections: list[object]) -> None:
    http = Http(resolve=lambda host, port: ["140.82.112.5"])
    with pytest.raises(Exception, match=r"api\.github\.com"):
        http.request("POST", "https://api.github.com/")
    assert connections == [("140.82.112.5", 443)]


def test_a_name_with_mixed_addresses_reaches_only_the_public_ones(connections: list[object]) -> None:
    http = Http(resolve=lambda host, port: ["10.0.0.1", "140.82.112.5", "::1", "2606:50c0:8000::153"])
    with pytest.raises(Exception, match=r"api\.github\.com"):
        http.request("POST", "https://api.github.com/")
    assert connections == [("140.82.112.5", 443), ("2606:50c0:8000::153", 443, 0, 0)]


def test_a_rebinding_name_is_resolved_once_and_the_checked_address_is_the_one_connected_to(
    connections: list[object],
) -> None:
    answers = iter([["140.82.112.5"], ["127.0.0.1"], ["169.254.169.254"]])
    http = Http(resolve=lambda host, port: next(answers))
    with pytest.raises(Exception, match=r"rebind\.example\.com"):
        http.request("POST", "https://rebind.example.com/")
    with pytest.raises(RefusedAddressError):
        http.request("POST", "https://rebind.example.com/")
    assert connections == [("140.82.112.5", 443)]


def test_an_allowance_covers_one_loopback_port_and_nothing_else(connections: list[object]) -> None:
    http = Http(allowance=Allowance.loopback(4000), resolve=lambda host, port: [host])
    for url in (
        "http://127.0.0.1:4001/",
        "https://127.0.0.1/",
        "http://127.0.0.2:4000/",
        "http://10.0.0.1:4000/",
    ):
        with pytest.raises((RefusedUrlError, RefusedAddressError)):
            http.request("GET", url)
    assert connections == []


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with (
        serving(answer()) as inside,
        serving(answer("302 Found", location=inside.origin + "/secret")) as server,
    ):
        with client(server, allowance=Allowance.loopback(server.port, inside.port)) as http:
            response = http.request("GET", server.origin + "/")
        assert response.status == 302
        assert inside.requests == []


def test_the_credential_goes_to_its_own_origin_alone() -> None:
    with serving(answer()) as own, serving(answer()) as other:
        credentials = {own.origin: lambda: Secret("Bearer ghs_canary")}
        with client(own, credentials=credentials, allowance=Allowance.loopback(own.port, other.port)) as http:
            http.request("GET", own.origin + "/")
            http.request("GET", other.origin + "/")
            with pytest.raises(RefusedUrlError, match="Authorization"):
                http.request("GET", other.origin + "/", {"Authorization": "Bearer ghs_canary"})
        assert b"Authorization: Bearer ghs_canary" in own.requests[0]
        assert len(other.requests) == 1
        assert b"ghs_canary" not in other.requests[0]
        assert b"uthorization" not in other.requests[0]


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret("ghp_canary")
    shown = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret:>12}",
        f"{[secret]}",
        f"{secret} {secret!r}",
    ]
    assert not any("canary" in text for text in shown)
    assert f"{secret}" == "‹secret›"
    assert secret.reveal() == "ghp_canary"


def test_an_unsendable_token_is_not_quoted_in_the_error() -> None:
    with serving(answer()) as server:
        credentials = {server.origin: lambda: Secret("Bearer canary\nX: y")}
        with client(server, credentials=credentials) as http, pytest.raises(RefusedUrlError) as raised:
            http.request("GET", server.origin + "/")
        assert "canary" not in str(raised.value)
        assert raised.value.__suppress_context__
        assert server.requests == []


def test_a_url_has_one_spelling() -> None:
    url = parse_url("https://API.GitHub.com:443/orgs/acme?page=2")
    assert str(url) == "https://api.github.com/orgs/acme?page=2"
    assert url.origin == ("https", "api.github.com", 443)
    assert str(parse_url("https://[2606:50c0:8000::153]:8443")) == "https://[2606:50c0:8000::153]:8443/"
