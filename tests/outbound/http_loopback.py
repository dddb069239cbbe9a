"""A loopback server that answers with scripted bytes, and a clock whose waiting takes no time."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator

from assay.outbound.http import Allowance, Clock, Http

Answer = bytes | Iterable[bytes] | None
"""Bytes sent at once, chunks sent one by one, or None: the connection is reset."""


def answer(status: str = "200 OK", body: bytes = b"{}", **headers: str) -> bytes:
    """Write an HTTP/1.1 answer; header names are given with underscores."""
    given = {"content-type": "application/json", "content-length": str(len(body)), "connection": "close"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


class LoopbackServer:
    """Answers each connection's one request with the next scripted answer, the last one for ever; remembers what it was sent."""

    def __init__(self, answers: Iterable[Answer], tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self._answers = list(answers)
        self.requests: list[bytes] = []
        self.bytes_sent = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(10)
                if self._tls is None:
                    self._answer(connection)
                else:
                    with self._tls.wrap_socket(connection, server_side=True) as secured:
                        self._answer(secured)

    def _answer(self, connection: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            part = connection.recv(65536)
            if not part:
                return
            request += part
        self.requests.append(request)
        given = self._answers[min(len(self.requests), len(self._answers)) - 1]
        if given is None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            return
        for chunk in [given] if isinstance(given, bytes) else given:
            connection.sendall(chunk)
            self.bytes_sent += len(chunk)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


@contextlib.contextmanager
def serving(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[LoopbackServer]:
    server = LoopbackServer(answers, tls)
    try:
        yield server
    finally:
        server.close()


class FakeTime:
    """Steady and wall clock in one; sleeping moves it, and is remembered."""

    def __init__(self, wall: float = 1_795_500_000.0) -> None:
        self.now = 0.0
        self.wall = wall
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @property
    def clock(self) -> Clock:
        return Clock(wall=lambda: self.wall + self.now, steady=lambda: self.now, sleep=self.sleep)


@contextlib.contextmanager
def client(server: LoopbackServer, time: FakeTime | None = None, **settings: object) -> Iterator[Http]:
    settings.setdefault("clock", (time or FakeTime()).clock)
    settings.setdefault("allowance", Allowance.loopback(server.port))
    http = Http(jitter=lambda: 0.0, **settings)  # type: ignore[arg-type]
    try:
        yield http
    finally:
        http.close()


def scripted(make: Callable[[int], bytes], count: int) -> Iterator[bytes]:
    """Chunks made one by one, so that a large answer is never held whole."""
    return (make(number) for number in range(count))
