"""A small HTTP server for a witness, with bounded threads and patience. TLS is the reverse proxy's part."""

from __future__ import annotations

import logging
import socketserver
import threading
from socket import socket
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from assay.publish.witness import Witness
from assay.publish.witness_app import witness_app

MOST_CONNECTIONS = 32
PATIENCE_SECONDS = 30
_log = logging.getLogger(__name__)


class WitnessServer(socketserver.ThreadingMixIn, WSGIServer):
    """Serves one witness; a connection beyond `MOST_CONNECTIONS` at once is closed unanswered."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], witness: Witness) -> None:
        self._places = threading.BoundedSemaphore(MOST_CONNECTIONS)
        super().__init__(address, _Handler)
        self.set_app(witness_app(witness))

    def process_request(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:
        """Give the connection a thread, if one is free."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:
        """Serve the connection and free its place."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:
        """Note a broken connection without a traceback."""
        _log.info("A connection from %s broke.", client_address[0])


class _Handler(WSGIRequestHandler):
    timeout = PATIENCE_SECONDS

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class names it so)
        _log.info(format, *args)
