"""The only HTTP client: public addresses or none, no redirects, bounded answers, patient retries, and no token away from its own host.

It stands on httpcore, the engine of httpx, whose public network backend lets the address be checked and connected to in one step.
"""

from __future__ import annotations

import random
import ssl
import threading
import time
import typing
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import certifi
import httpcore

from assay.outbound.addresses import (
    NO_ALLOWANCE,
    Allowance,
    RefusedAddressError,
    Resolve,
    addresses_to_try,
    resolve_by_system,
)
from assay.outbound.answers import (
    AnswerTimeoutError,
    AnswerTooLargeError,
    ConnectionFailedError,
    HttpError,
    MalformedAnswerError,
    Response,
    ThrottledError,
    parse_json,
    read_json,
    take_in,
)
from assay.outbound.links import RefusedUrlError, Url, follow, next_link, parse_url
from assay.outbound.patience import Patience, Restraint, is_throttled, told_wait
from assay.outbound.secret import Secret

__all__ = [
    "NO_ALLOWANCE",
    "Allowance",
    "AnswerTimeoutError",
    "AnswerTooLargeError",
    "Attempt",
    "Clock",
    "ConnectionFailedError",
    "Http",
    "HttpError",
    "Limits",
    "MalformedAnswerError",
    "Patience",
    "RefusedAddressError",
    "RefusedUrlError",
    "Response",
    "Secret",
    "ThrottledError",
    "Transport",
    "Url",
    "follow",
    "next_link",
    "parse_json",
    "parse_url",
    "read_json",
]

_REFUSED_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "host", "content-length", "transfer-encoding"}
)
_REPEATABLE = frozenset({"GET", "HEAD"})
_TRANSIENT = frozenset({500, 502, 503, 504})


class Transport(typing.Protocol):
    """What a sender needs: one request, one answer. `Http` is one."""

    def request(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Ask once and give the answer, or raise HttpError, RefusedUrlError or RefusedAddressError."""
        ...


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as the client sees it: epoch seconds, a steady clock for spans, and waiting."""

    wall: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one answer: bytes before and after decompression, and seconds from connecting to the last byte."""

    bytes: int = 16 * 2**20
    seconds: float = 60.0
    connect_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request that was sent: what a call log may hold of it. `error` is the name of the error, `status` 0 where no answer came."""

    started: float
    took_ms: int
    status: int
    bytes: int
    request_id: str | None
    date: str | None
    error: str | None


class Http:
    """One client for one source. Safe to share between threads; `close()` ends its connections.

    `credentials` maps an origin, written `https://host` or `https://host:port`, to what gives the Authorization header's value for it.
    No caller can set that header for another one.
    """

    def __init__(
        self,
        *,
        credentials: Mapping[str, Callable[[], Secret]] | None = None,
        allowance: Allowance = NO_ALLOWANCE,
        limits: Limits | None = None,
        patience: Patience | None = None,
        clock: Clock | None = None,
        resolve: Resolve = resolve_by_system,
        throttled: Callable[[Response], bool] | None = None,
        jitter: Callable[[], float] = random.random,
        tls: ssl.SSLContext | None = None,
        connections: int = 8,
        agent: str = "assay",
    ) -> None:
        self.allowance = allowance
        self._limits = limits or Limits()
        self._clock = clock or Clock()
        self.restraint = Restraint(patience or Patience(), self._clock.steady, self._clock.sleep)
        self._credentials = {
            parse_url(origin, allowance).origin: give for origin, give in (credentials or {}).items()
        }
        self._throttled = throttled or (lambda response: is_throttled(response.status, response.headers))
        self._jitter = jitter
        self._agent = agent
        self._network = _CheckedNetwork(resolve, allowance, self._clock.steady)
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls or ssl.create_default_context(cafile=certifi.where()),
            max_connections=connections,
            keepalive_expiry=15.0,
            network_backend=self._network,
        )

    def close(self) -> None:
        """End the connections that are kept open."""
        self._pool.close()

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        *,
        on_attempt: Callable[[Attempt], None] | None = None,
    ) -> Response:
        """Ask, waiting and asking again where that helps, and give the last answer, whatever its status.

        1. The URL is read; the headers that carry credentials are this client's alone.
        2. Every try waits until the host may be asked; none follows a redirect.
        3. An answer that asks to wait holds back every thread of this client. GET and HEAD are tried again after 5xx and broken
           connections; other methods only when the host refused them for being too many.

        Raises RefusedUrlError, RefusedAddressError, or an HttpError; ThrottledError when patience is over.
        """
        target = parse_url(url, self.allowance)
        plain = _checked_headers(headers or {})
        tries = 0
        while True:
            tries += 1
            self.restraint.before_call(target.origin, retry=tries > 1)
            outcome = self._try(method, target, plain, body, on_attempt)
            wait = self._wait_after(outcome, method, tries)
            if wait is None or not self.restraint.may_retry() or not self.restraint.hold(target.origin, wait):
                return self._settle(outcome, target, tries)

    def _wait_after(self, outcome: Response | HttpError, method: str, tries: int) -> float | None:
        """Give the seconds to wait before the next try, or None where another would not help."""
        patience = self.restraint.patience
        if isinstance(outcome, HttpError):
            most = (
                patience.attempts_after_timeout
                if isinstance(outcome, AnswerTimeoutError)
                else patience.attempts
            )
            helps = isinstance(outcome, ConnectionFailedError | AnswerTimeoutError) and method in _REPEATABLE
            return patience.guess(tries, self._jitter()) if helps and tries < most else None
        throttled = self._throttled(outcome)
        transient = outcome.status in _TRANSIENT and method in _REPEATABLE
        if not (throttled or transient) or tries >= patience.attempts:
            return None
        told = told_wait(outcome.headers, self._clock.wall())
        if told is not None:
            return told
        return (patience.guess_throttled if throttled else patience.guess)(tries, self._jitter())

    def _settle(self, outcome: Response | HttpError, target: Url, tries: int) -> Response:
        if isinstance(outcome, HttpError):
            raise outcome
        if self._throttled(outcome):
            raise ThrottledError(
                f"“{target.host}” asks for fewer calls and our patience is over. Run again later."
            )
        if outcome.headers.get("x-ratelimit-remaining", "").strip() == "0":
            wait = told_wait(outcome.headers, self._clock.wall())
            self.restraint.hold(target.origin, wait or 0.0)
        return Response(outcome.status, outcome.headers, outcome.body, tries, outcome.took_ms)

    def _try(
        self,
        method: str,
        target: Url,
        headers: Mapping[str, str],
        body: bytes,
        on_attempt: Callable[[Attempt], None] | None,
    ) -> Response | HttpError:
        started, begun = self._clock.wall(), self._clock.steady()
        outcome: Response | HttpError
        try:
            with self._network.deadline(begun + self._limits.seconds):
                outcome = self._send(method, target, headers, body, begun)
        except HttpError as error:
            outcome = error
        if on_attempt is not None:
            on_attempt(_attempt(outcome, started, self._clock.steady() - begun))
        return outcome

    def _send(
        self, method: str, target: Url, headers: Mapping[str, str], body: bytes, begun: float
    ) -> Response:
        url = httpcore.URL(
            scheme=target.scheme.encode(),
            host=target.host.encode(),
            port=target.port,
            target=target.target.encode(),
        )
        timeout = dict.fromkeys(("connect", "read", "write", "pool"), self._limits.seconds)
        timeout["connect"] = self._limits.connect_seconds
        try:
            sent = self._all_headers(target, headers, body)
            with self._pool.stream(
                method, url, headers=sent, content=body or None, extensions={"timeout": timeout}
            ) as answer:
                received = _join(answer.headers)
                whole = take_in(
                    answer.iter_stream(),
                    received.get("content-encoding", "").strip().lower(),
                    self._limits.bytes,
                )
                took = int((self._clock.steady() - begun) * 1000)
                return Response(answer.status, received, whole, 1, took)
        except httpcore.TimeoutException:
            raise AnswerTimeoutError(
                f"“{target.host}” did not answer whole within {self._limits.seconds:g} seconds."
            ) from None
        except (httpcore.RemoteProtocolError, httpcore.NetworkError, OSError) as error:
            raise ConnectionFailedError(
                f"The connection to “{target.host}” failed ({_plain(error)})."
            ) from None
        except httpcore.LocalProtocolError:
            raise RefusedUrlError(
                "A header of the request holds characters that no header may hold."
            ) from None

    def _all_headers(self, target: Url, headers: Mapping[str, str], body: bytes) -> list[tuple[str, str]]:
        sent = {
            "Host": target.authority,
            "User-Agent": self._agent,
            "Accept-Encoding": "gzip",
            **headers,
        }
        if body:
            sent["Content-Length"] = str(len(body))
        give = self._credentials.get(target.origin)
        if give is not None:
            sent["Authorization"] = give().reveal()
        return list(sent.items())


def _checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    for name in headers:
        if name.lower() in _REFUSED_HEADERS:
            raise RefusedUrlError(
                f"The header {name} is set by the client alone; give a credential to the client instead."
            )
    return dict(headers)


def _join(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name_bytes, value_bytes in headers:
        name, value = name_bytes.decode("latin-1").lower(), value_bytes.decode("latin-1")
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _attempt(outcome: Response | HttpError, started: float, took: float) -> Attempt:
    took_ms = int(took * 1000)
    if isinstance(outcome, HttpError):
        return Attempt(started, took_ms, 0, 0, None, None, type(outcome).__name__.removesuffix("Error"))
    headers = outcome.headers
    request_id = headers.get("x-github-request-id") or headers.get("x-request-id")
    return Attempt(started, took_ms, outcome.status, len(outcome.body), request_id, headers.get("date"), None)


def _plain(error: Exception) -> str:
    """Name what broke, without any text that the other side could have put there."""
    if isinstance(error, ssl.SSLError) or "SSL" in str(error) or "certificate" in str(error).lower():
        return "its certificate or encryption is not accepted"
    match error:
        case httpcore.ConnectError():
            return "could not connect"
        case httpcore.RemoteProtocolError():
            return "it did not speak HTTP"
        case OSError() if not isinstance(error, ConnectionError):
            return "its name has no address"
        case _:
            return "it broke"


class _CheckedNetwork(httpcore.NetworkBackend):
    """Resolves once, checks, and connects to the checked address; TLS keeps the name. Every read and write ends at the deadline."""

    def __init__(self, resolve: Resolve, allowance: Allowance, steady: Callable[[], float]) -> None:
        self._resolve = resolve
        self._allowance = allowance
        self._steady = steady
        self._real = httpcore.SyncBackend()
        self._local = threading.local()

    @contextmanager
    def deadline(self, instant: float) -> typing.Iterator[None]:
        """Let every wait of this thread end at `instant` of the steady clock."""
        self._local.instant = instant
        try:
            yield
        finally:
            self._local.instant = None

    def left(self, timeout: float | None) -> float | None:
        """Give the part of a timeout that ends before this thread's deadline; raises ReadTimeout when that has come."""
        instant = getattr(self._local, "instant", None)
        if instant is None:
            return timeout
        remaining = instant - self._steady()
        if remaining <= 0:
            raise httpcore.ReadTimeout
        return float(remaining if timeout is None else min(timeout, remaining))

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError()
        for address in addresses_to_try(host, port, self._resolve, self._allowance):
            try:
                stream = self._real.connect_tcp(
                    address, port, self.left(timeout), local_address, socket_options
                )
                return _CheckedStream(stream, self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        raise RefusedAddressError("Assay connects to no socket of this machine.")

    def sleep(self, seconds: float) -> None:
        raise NotImplementedError("httpcore's own retries are off.")


class _CheckedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, network: _CheckedNetwork) -> None:
        self._stream = stream
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._network.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._network.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._network.left(timeout))
        return _CheckedStream(secured, self._network)

    def get_extra_info(self, info: str) -> typing.Any:
        return self._stream.get_extra_info(info)
