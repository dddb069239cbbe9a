"""The stand-in on a loopback port, with connections kept open as GitHub keeps them."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@contextmanager
def serve(app: WSGIApplication) -> Iterator[str]:
    """Serve a WSGI application on a free port of 127.0.0.1 and give its URL, without a slash at its end."""
    server = _Server(("127.0.0.1", 0), _handler(app))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is no event."""


def _handler(app: WSGIApplication) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._run()

        def do_POST(self) -> None:
            self._run()

        def _run(self) -> None:
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            environ = {
                "REQUEST_METHOD": self.command,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_HOST": self.headers["Host"],
                "HTTP_AUTHORIZATION": self.headers.get("Authorization", ""),
                "wsgi.input": io.BytesIO(body),
            }
            parts = app(environ, self._start)
            self.wfile.write(b"".join(parts))
            self.wfile.flush()

        def _start(self, status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
            self.send_response_only(int(status[:3]))
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            return self.wfile.write

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 — the base class names it so
            """Say nothing."""

    return Handler
