"""The witness over a real socket on loopback."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from witness_world import CHLOE, NOW, ORIGIN, Given, Log, entries, witness_in

from assay.publish import Witness, WitnessServer, send_checkpoint

HONEST = Log(entries(40))


class Loopback:
    """A transport by http.client."""

    def request(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Given:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=10)
        try:
            connection.request(method, parts.path, body, dict(headers))
            answer = connection.getresponse()
            return Given(
                answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
            )
        finally:
            connection.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Witness]]:
    witness = witness_in(tmp_path)
    server = WitnessServer(("127.0.0.1", 0), witness)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", witness
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_log_is_cosigned_over_http(served: tuple[str, Witness]) -> None:
    url, witness = served

    for size in (7, 20):
        assert send_checkpoint(Loopback(), url, HONEST.note(size), CHLOE.key, HONEST.prove).at == NOW
    seen = witness.state.latest(ORIGIN)
    assert seen is not None
    assert seen.size == 20


def test_a_client_that_breaks_off_leaves_nothing_behind(served: tuple[str, Witness]) -> None:
    url, witness = served
    host, port = urlsplit(url).hostname, urlsplit(url).port

    with socket.create_connection((host, port), timeout=10) as half:
        half.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nold 0\n")
        half.shutdown(socket.SHUT_WR)
        assert half.recv(100).startswith(b"HTTP/1.0 400")

    assert witness.state.latest(ORIGIN) is None
    assert send_checkpoint(Loopback(), url, HONEST.note(7), CHLOE.key, HONEST.prove).at == NOW
