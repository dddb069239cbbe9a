"""Must hold 6: an address that a user names leads to no private network in any spelling, nor once its name answers otherwise."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable

import pytest

from assay.outbound.addresses import Allowance, addresses_to_try, is_public
from assay.outbound.http import Clock, Http, RefusedAddressError, RefusedUrlError

INWARD = [
    "127.0.0.1", "127.0.0.2", "127.255.255.254", "10.0.0.5", "10.255.255.255", "172.16.0.1", "172.20.10.3", "172.31.255.254", "192.168.0.1",
    "192.168.255.254", "169.254.169.254", "169.254.170.2", "169.254.0.1", "100.64.0.1", "100.100.100.200", "100.127.255.254", "168.63.129.16",
    "192.0.0.192", "192.0.0.8", "0.0.0.0", "0.1.2.3", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.88.99.1",
]  # fmt: skip
"""One of each kind: loopback, private, link-local, metadata, carrier-grade NAT, this network, multicast, reserved, benchmarks, relays."""


def _carried(address: str) -> list[str]:
    """Give the IPv6 addresses that carry an IPv4 address: mapped, compatible, translated, NAT64 (well-known and local), 6to4, Teredo, ISATAP."""
    v4 = int(ipaddress.IPv4Address(address))
    high, low = v4 >> 16, v4 & 0xFFFF
    return [
        f"::ffff:{address}", f"::ffff:{high:x}:{low:x}", f"0:0:0:0:0:ffff:{high:x}:{low:x}", f"::{address}", f"::ffff:0:{high:x}:{low:x}",
        f"64:ff9b::{address}", f"64:ff9b::{high:x}:{low:x}", f"64:ff9b:1::{high:x}:{low:x}", f"2002:{high:x}:{low:x}::1",
        f"2001:0:{high:x}:{low:x}::1", f"2001::{high ^ 0xFFFF:x}:{low ^ 0xFFFF:x}", f"2600::5efe:{high:x}:{low:x}", f"2600::200:5efe:{high:x}:{low:x}",
    ]  # fmt: skip


OWN_V6 = [
    "::", "::1", "0:0:0:0:0:0:0:1", "0000:0000:0000:0000:0000:0000:0000:0001", "::0001", "fe80::1", "fe80::a00:1", "febf::1", "fe80::1%eth0", "fe80::1%1",
    "::1%lo", "2600::1%eth0", "fec0::1", "fc00::1", "fd00::1", "fd00:ec2::254", "fd20:ce::254", "fdff:ffff::1", "ff02::1", "ff05::2", "ff0e::1",
    "100::1", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "3fff::1", "5f00::1", "4000::1", "8000::1",
]  # fmt: skip
ANSWERS = INWARD + [one for address in INWARD[:16] for one in _carried(address)] + OWN_V6


def _numbers(address: str) -> list[str]:
    """Give what resolvers in C read as an IPv4 address: decimal, octal and hexadecimal, whole, short and in parts, with leading zeros and a full stop."""
    a, b, c, d = (int(part) for part in address.split("."))
    v4 = int(ipaddress.IPv4Address(address))
    return [
        str(v4), f"{v4:#x}", f"0X{v4:X}", f"0{v4:o}", f"{a}.{b << 16 | c << 8 | d}", f"{a}.{b}.{c << 8 | d}", f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
        f"{a:#x}.{b:#x}.{c:#x}.{d:#x}", f"{a}.{b}.{c}.{d:#x}", f"{a:03}.{b:03}.{c:03}.{d:03}", f"0{a:o}.{b}.{c}.{d}", f"{a:#x}.{b << 16 | c << 8 | d}",
        f"{address}.", f"{address}..", f"{a}..{b}.{c}.{d}", f"{v4}.", f"00000{a:o}.{b}.{c}.{d}", f"{a}.{b}.{c}.{d}.0",
    ]  # fmt: skip


def _disguised(host: str) -> list[str]:
    """Give a host behind what careless readers of URLs take for something else."""
    encoded = "".join(f"%{ord(one):02x}" for one in host)
    wide = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in host)
    return [
        f"ben@{host}", f"ben:pw@{host}", f"api.github.com@{host}", f"api.github.com:443@{host}", f"@{host}", f"{host}#@api.github.com",
        f"{host}?@api.github.com:x@", f"{host}\\@api.github.com", f"api.github.com\\@{host}", f"{host}%00.api.github.com", f"{host}%2fapi.github.com",
        f"{host}%23.api.github.com", encoded, encoded.replace("%", "%25"), wide, host.replace(".", "。"), host.replace(".", "．"), host.replace(".", "｡"),
        host.replace(".", "%2e"), f"{host}\u200b", f"\ufeff{host}", f"{host}\u00ad", f"{host}\t", f"{host}\r\nHost: x", f"{host} ", f" {host}", f"[{host}]",
        f"[::ffff:{host}%25x]", f"{host}:443:80", f"{host}:०",
    ]  # fmt: skip


NAMES = [
    "localhost", "LOCALHOST", "LocalHost", "localhost.", "localhost..", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "ｌｏｃａｌｈｏｓｔ", "ⅼocalhost", "loca\u00adlhost", "localhost%2e", "localhost%00",
    "ip6-localhost", "ip6-loopback", "broadcasthost", "metadata", "instance-data", "host", "db", "①②⑦.⓪.⓪.①", "１２７.0.0.1", "١٢٧.٠.٠.١", "१२७.०.०.१",
    "127。0。0。1", "0", "00", "0x", "0x0", "1", "127.1", "127.0.1", "1.2.3", "256.256.256.256", "[::1]x", "[::1", "::1", "[]", "[:::1]", "[::1].example.com",
    "[0:0:0:0:0:0:0:1]", "[::ffff:7f.0.0.1]", "[::ffff:0x7f.0.0.1]", "[::FFFF:127.0.0.1]", "[FE80::1]", "[v1.127]", "",
]  # fmt: skip
HOSTS = [
    *(f"[{one}]" if ":" in one else one for one in ANSWERS),
    *(f"[{one.replace('%', '%25')}]" for one in OWN_V6 if "%" in one),
    *(
        one
        for address in ("127.0.0.1", "169.254.169.254", "10.0.0.5", "192.168.0.1")
        for one in _numbers(address)
    ),
    *(one for host in ("127.0.0.1", "169.254.169.254") for one in _disguised(host)),
    *NAMES,
]
TLS = ssl.create_default_context()
PUBLIC = "140.82.112.5"


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


def careless(host: str, port: int) -> list[str]:
    """Resolve as the most careless resolver would: numbers in every spelling are addresses, every other name is this machine."""
    try:
        return [socket.inet_ntoa(socket.inet_aton(host.rstrip(".")))]
    except OSError:
        return [host] if ":" in host else ["127.0.0.1"]


def test_there_are_at_least_120_spellings_of_each_kind() -> None:
    assert len(set(HOSTS)) >= 400
    assert len(set(ANSWERS)) >= 240


def test_no_spelling_of_an_inward_address_is_connected_to(connections: list[object]) -> None:
    passed = []
    for host in sorted(set(HOSTS)):
        for allowance in (Allowance(), Allowance.loopback(4000)):
            try:
                Http(resolve=careless, tls=TLS, allowance=allowance).request("POST", f"https://{host}/hook")
            except (RefusedUrlError, RefusedAddressError):
                continue
            except Exception as error:
                passed.append((host, repr(error)))
    assert passed == []
    assert connections == []


def test_no_name_that_answers_with_an_inward_address_is_connected_to(connections: list[object]) -> None:
    for answer in ANSWERS:
        assert not is_public(answer), answer
        http = Http(resolve=lambda host, port, answer=answer: [answer], tls=TLS)  # type: ignore[misc]
        with pytest.raises(RefusedAddressError, match="is not public, so nothing was sent"):
            http.request("POST", "https://chat.example.com/hook")
    assert connections == []


INSIDE = {"10.0.0.5", "10.255.255.255", "172.16.0.1", "172.20.10.3", "172.31.255.254", "192.168.0.1", "192.168.255.254", "fc00::1", "fd00::1", "fdff:ffff::1"}  # fmt: skip


def test_what_is_allowed_inside_is_the_own_network_and_nothing_else() -> None:
    reached = set()
    for answer in ANSWERS:
        try:
            reached |= set(addresses_to_try("sso.example.com", 443, lambda *_: [answer], Allowance.inside()))  # noqa: B023 - called at once
        except RefusedAddressError:
            continue
    assert reached == INSIDE


@pytest.mark.parametrize("second", ["127.0.0.1", "169.254.169.254", "10.0.0.5", "::1", "::ffff:10.0.0.5", "64:ff9b::a9fe:a9fe", "fd00:ec2::254"])  # fmt: skip
def test_a_name_that_answers_otherwise_the_second_time_is_connected_at_the_checked_address(
    second: str, connections: list[object]
) -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return [PUBLIC] if len(asked) == 1 else [second]

    http = Http(resolve=rebinding, tls=TLS)
    with pytest.raises(Exception, match=r"chat\.example\.com"):
        http.request("POST", "https://chat.example.com/hook")
    assert (asked, connections) == (["chat.example.com"], [(PUBLIC, 443)])
    with pytest.raises(RefusedAddressError):
        http.request("POST", "https://chat.example.com/hook")
    assert connections == [(PUBLIC, 443)]


def test_a_try_made_again_resolves_and_checks_again(connections: list[object]) -> None:
    """A GET is repeated after a broken connection: its second answer is checked as the first was."""
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    http = Http(resolve=lambda host, port: next(answers), tls=TLS, clock=_no_waiting())
    with pytest.raises(RefusedAddressError):
        http.request("GET", "https://ping.example.com/1")
    assert connections == [(PUBLIC, 443)]


def _no_waiting() -> Clock:
    """Give a clock that waiting moves at once."""
    at = [0.0]

    def sleep(seconds: float) -> None:
        at[0] += seconds

    return Clock(wall=lambda: at[0], steady=lambda: at[0], sleep=sleep)


@pytest.mark.parametrize("mix", [lambda inward: [inward, PUBLIC], lambda inward: [PUBLIC, inward]])
def test_a_name_with_both_kinds_of_answers_reaches_only_the_public_one(
    mix: Callable[[str], list[str]], connections: list[object]
) -> None:
    for inward in INWARD:
        with pytest.raises(Exception, match=r"chat\.example\.com"):
            Http(resolve=lambda *_, inward=inward: mix(inward), tls=TLS).request("POST", "https://chat.example.com/")  # type: ignore[misc]  # fmt: skip
    assert set(connections) == {(PUBLIC, 443)}
