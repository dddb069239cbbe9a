"""Hostile answers end in a named error, within bounds of memory and time, and quote nothing of what was sent."""

from __future__ import annotations

import gzip
import itertools
import ssl
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from http_loopback import answer, client, scripted, serving

from assay.evidence.gaps import Reason
from assay.outbound.http import (
    AnswerTimeoutError,
    AnswerTooLargeError,
    Attempt,
    Clock,
    ConnectionFailedError,
    HttpError,
    Limits,
    MalformedAnswerError,
    Patience,
    Secret,
    parse_json,
    read_json,
)

ONCE = Patience(attempts=1, attempts_after_timeout=1)


def ask(server_answer: object, **settings: object) -> object:
    with serving(server_answer) as server, client(server, patience=ONCE, **settings) as http:  # type: ignore[arg-type]
        return read_json(http.request("GET", server.origin + "/"))


NOT_JSON = {
    "HTML": answer(body=b"<!doctype html><p>Sign in</p>", content_type="text/html"),
    "HTML called JSON": answer(body=b"<!doctype html><p>Sign in</p>"),
    "empty": answer(body=b""),
    "no content type": answer(body=b"{}", content_type=""),
    "text": answer(body=b"{}", content_type="text/plain"),
    "cut off": answer(body=b'{"a": [1, 2'),
    "two values": answer(body=b"{} {}"),
    "byte-order mark": answer(body=b"\xef\xbb\xbf{}"),
    "UTF-16": answer(body='{"a": 1}'.encode("utf-16")),
    "Latin-1": answer(body=b'{"a": "\xe9"}'),
    "overlong UTF-8": answer(body=b'{"a": "\xc0\xaf"}'),
    "NaN": answer(body=b'{"a": NaN}'),
    "Infinity": answer(body=b'{"a": -Infinity}'),
    "duplicate keys": answer(body=b'{"a": 1, "a": 2}'),
    "duplicate keys below": answer(body=b'[{"b": {"a": 1, "a": 1}}]'),
    "lone surrogate": answer(body=b'{"a": "\\ud800"}'),
    "lone surrogate in a key": answer(body=b'{"\\uDC00": 1}'),
    "10^400": answer(body=b'{"a": 1' + b"0" * 400 + b"}"),
    "400 digits of a fraction": answer(body=b'{"a": 0.' + b"1" * 400 + b"}"),
    "depth 65": answer(body=b"[" * 65 + b"]" * 65),
    "depth 10,000": answer(body=b"[" * 10_000 + b"]" * 10_000),
    "depth 10,000 of objects": answer(body=b'{"a":' * 10_000 + b"1" + b"}" * 10_000),
    "single quotes": answer(body=b"{'a': 1}"),
    "raw control character": answer(body=b'{"a": "\x00"}'),
    "Brotli": answer(body=b"\x0b\x01\x80{}\x03", content_encoding="br"),
    "deflate": answer(body=zlib.compress(b"{}"), content_encoding="deflate"),
    "gzip that is none": answer(body=b"{}", content_encoding="gzip"),
    "gzip cut off": answer(body=gzip.compress(b'{"a": 1}')[:-4], content_encoding="gzip"),
    "two gzip members": answer(body=gzip.compress(b"{}") + gzip.compress(b"{}"), content_encoding="gzip"),
    "gzip twice": answer(body=gzip.compress(gzip.compress(b"{}")), content_encoding="gzip"),
}


@pytest.mark.parametrize("kind", NOT_JSON)
def test_what_is_not_json_is_malformed(kind: str) -> None:
    with pytest.raises(MalformedAnswerError) as raised:
        ask(NOT_JSON[kind])
    assert raised.value.reason is Reason.MALFORMED


def test_what_is_json_is_read_as_evidence_may_hold_it() -> None:
    assert ask(answer(body=b"[" * 64 + b"]" * 64)) is not None
    assert parse_json(
        b'{"a": 1.50, "b": 9007199254740993, "c": -9007199254740991, "d": "\\ud83d\\ude00", "e": "\\\\ud800"}'
    ) == {
        "a": "1.50",
        "b": "9007199254740993",
        "c": -9007199254740991,
        "d": "😀",
        "e": "\\ud800",
    }
    assert ask(answer(body=gzip.compress(b'{"a": 1}'), content_encoding="gzip")) == {"a": 1}


BROKEN = {
    "reset": None,
    "nothing": b"",
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "half a head": b"HTTP/1.1 200 OK\r\ncontent-type: appl",
    "half a body": answer(body=b"{", content_length="100"),
    "two lengths": b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
    "negative length": b"HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}",
    "broken chunk": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}",
    "endless head": [b"HTTP/1.1 200 OK\r\n", *(b"x-%d: y\r\n" % number for number in range(40_000))],
    "one endless header": [b"HTTP/1.1 200 OK\r\nx: ", *itertools.repeat(b"y" * 1000, 300)],
    "status 99": b"HTTP/1.1 99 No\r\n\r\n",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_connection_is_a_failed_call(kind: str) -> None:
    with pytest.raises(ConnectionFailedError) as raised:
        ask(BROKEN[kind])
    assert raised.value.reason is Reason.FAILED


def test_5xx_is_given_back_after_the_last_try() -> None:
    with serving(answer("500 Internal Server Error")) as server, client(server) as http:
        response = http.request("GET", server.origin + "/")
    assert (response.status, response.attempts) == (500, 5)


def test_a_string_of_100_mb_is_not_read() -> None:
    length = str(100 * 2**20 + 12)
    head = answer(body=b"", content_length=length) + b'{"a": "'
    with serving(itertools.chain([head], scripted(lambda _: b"x" * 2**20, 100))) as server:  # type: ignore[arg-type]
        tracemalloc.start()
        with client(server, patience=ONCE) as http, pytest.raises(AnswerTooLargeError):
            http.request("GET", server.origin + "/")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert server.bytes_sent < 40 * 2**20
    assert peak < 64 * 2**20


@pytest.mark.parametrize("layers", [1, 2])
def test_a_gzip_bomb_is_not_unpacked(layers: int) -> None:
    compressor = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    bomb = b"".join([*(compressor.compress(bytes(2**20)) for _ in range(200)), compressor.flush()])
    if layers == 2:
        bomb = bomb + bomb
    with serving(answer(body=bomb, content_encoding="gzip")) as server:
        tracemalloc.start()
        with (
            client(server, patience=ONCE, limits=Limits(bytes=2**20)) as http,
            pytest.raises(AnswerTooLargeError),
        ):
            http.request("GET", server.origin + "/")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 8 * 2**20


@pytest.mark.parametrize(("seconds_a_read", "whole"), [(0, True), (1, False)])
def test_a_slow_drip_ends_at_the_deadline(seconds_a_read: int, whole: bool) -> None:
    # Every look at the clock finds so many seconds gone; 8 MB take at least 125 reads, and an answer has 60 seconds.
    seconds = itertools.count(step=seconds_a_read)
    clock = Clock(wall=lambda: 0.0, steady=lambda: float(next(seconds)), sleep=lambda _: None)
    dripping = [answer(body=b"", content_length="8000000"), *itertools.repeat(b" " * 1000, 8000)]
    with serving(dripping) as server, client(server, clock=clock, patience=ONCE) as http:
        if whole:
            assert len(http.request("GET", server.origin + "/").body) == 8_000_000
            return
        with pytest.raises(AnswerTimeoutError) as raised:
            http.request("GET", server.origin + "/")
    assert raised.value.reason is Reason.TIMEOUT


def test_a_slow_drip_of_headers_ends_at_the_deadline_too() -> None:
    seconds = itertools.count()
    clock = Clock(wall=lambda: 0.0, steady=lambda: float(next(seconds)), sleep=lambda _: None)
    dripping = [b"HTTP/1.1 200 OK\r\nx: ", *itertools.repeat(b"y", 2000)]
    with (
        serving(dripping) as server,
        client(server, clock=clock, patience=ONCE) as http,
        pytest.raises(HttpError),
    ):
        http.request("GET", server.origin + "/")


def test_an_answer_that_never_comes_is_asked_for_twice_at_most() -> None:
    seconds = itertools.count(step=31)
    clock = Clock(wall=lambda: 0.0, steady=lambda: float(next(seconds)), sleep=lambda _: None)
    with serving([b""]) as server, client(server, clock=clock) as http, pytest.raises(HttpError):
        http.request("GET", server.origin + "/")
    assert http.restraint.retries <= 4


def test_errors_name_the_host_and_never_headers_tokens_or_answers() -> None:
    for broken in (
        None,
        b"canary-in-answer\r\n\r\n",
        answer(body=b"canary-in-answer", content_encoding="gzip"),
    ):
        with serving(broken) as server:
            credentials = {server.origin: lambda: Secret("Bearer canary-token")}
            with (
                client(server, patience=ONCE, credentials=credentials) as http,
                pytest.raises(HttpError) as raised,
            ):
                http.request("GET", server.origin + "/?q=canary-in-query", {"X-Note": "canary-in-header"})
        assert "canary" not in str(raised.value)
        assert raised.value.__cause__ is None
        assert raised.value.__suppress_context__ or raised.value.__context__ is None


def test_every_try_is_reported_for_the_call_log() -> None:
    tries: list[Attempt] = []
    date = "Tue, 24 Nov 2026 04:00:00 GMT"
    with (
        serving(
            answer("502 Bad Gateway"), None, answer(body=b"[]", date=date, x_github_request_id="A:1")
        ) as server,
        client(server) as http,
    ):
        http.request("GET", server.origin + "/", on_attempt=tries.append)
    assert [(attempt.status, attempt.error) for attempt in tries] == [
        (502, None),
        (0, "ConnectionFailed"),
        (200, None),
    ]
    assert (tries[2].request_id, tries[2].date, tries[2].bytes) == ("A:1", date, 2)


def test_a_response_shows_neither_headers_nor_body() -> None:
    with serving(answer(body=b'"canary"', x_note="canary")) as server, client(server) as http:
        assert "canary" not in repr(http.request("GET", server.origin + "/"))


def _certificate(name: str, folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(
            subject,
            subject,
            key.public_key(),
            x509.random_serial_number(),
            today - timedelta(1),
            today + timedelta(1),
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    both = folder / f"{name}.pem"
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    both.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*form))
    return both


@pytest.mark.parametrize(
    ("served_for", "trusted", "accepted"),
    [("own", "own", True), ("own", "other", False), ("other", "other", False)],
)
def test_the_certificate_is_checked_against_the_name_that_was_asked(
    served_for: str, trusted: str, accepted: bool, tmp_path: Path
) -> None:
    files = {
        "own": _certificate("own.example.com", tmp_path),
        "other": _certificate("other.example.com", tmp_path),
    }
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(files[served_for])
    trust = ssl.create_default_context(cafile=str(files[trusted]))
    with serving(answer(), tls=served) as server:
        with client(server, patience=ONCE, tls=trust, resolve=lambda host, port: ["127.0.0.1"]) as http:
            url = f"https://own.example.com:{server.port}/"
            if accepted:
                assert http.request("GET", url).status == 200
            else:
                with pytest.raises(ConnectionFailedError, match="certificate"):
                    http.request("GET", url)
        assert len(server.requests) == accepted
